#include "src/cli/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* The program's only mutable global: a signal handler can reach nothing else. */
static volatile sig_atomic_t requested = 0;

static void request(int number)
{
    (void)number;
    requested = 1;
}

enum bd_status bd_interrupt_install(struct bd_error *err)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = request;
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART); /* the second signal meets the default: end */
    (void)sigemptyset(&action.sa_mask);
    if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0)
        return bd_fail(err, BD_IO, "cannot catch SIGINT and SIGTERM: %s", strerror(errno));
    return BD_OK;
}

int bd_interrupt_requested(void)
{
    return requested != 0;
}

enum bd_status bd_interrupt_report(const char *what, size_t done, size_t total, const char *database_path,
                                   struct bd_error *err)
{
    return bd_fail(
        err, BD_INTERRUPTED,
        "interrupted after %zu of %zu %s; what is finished is kept in %s: repeat the command with --resume", done,
        total, what, database_path);
}
