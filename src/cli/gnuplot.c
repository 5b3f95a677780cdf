#include "src/cli/gnuplot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/core/data.h"
#include "src/core/version.h"

#define PATH_SIZE 4096
#define SHELL_NOT_FOUND 127 /* exit code of sh for a program that is not there */

struct bd_gnuplot {
    FILE *stream;
    char path[PATH_SIZE], temporary[PATH_SIZE + 32];
};

static const char *terminal_of(const char *path)
{
    static const char *const known[] = {"svg", "png", "pdf"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(dot + 1, known[i]) == 0)
            return known[i];
    return NULL;
}

FILE *bd_gnuplot_stream(struct bd_gnuplot *gnuplot)
{
    return gnuplot->stream;
}

void bd_gnuplot_string(struct bd_gnuplot *gnuplot, const char *name, const char *value)
{
    (void)fprintf(gnuplot->stream, "%s = '", name);
    for (; *value != '\0'; value++)
        if (*value == '\'') /* would end the string; the typographic one reads better anyway */
            (void)fputs("\u2019", gnuplot->stream);
        else if (*value != '\n') /* would end the command */
            (void)fputc(*value, gnuplot->stream);
    (void)fputs("'\n", gnuplot->stream);
}

enum bd_status bd_gnuplot_open(const char *picture_path, struct bd_gnuplot **gnuplot, struct bd_error *err)
{
    const char *terminal = terminal_of(picture_path);
    if (terminal == NULL)
        return bd_fail(err, BD_USAGE, "--output: expected a file name ending in .svg, .png or .pdf, found '%s'",
                       picture_path);
    if (strlen(picture_path) >= PATH_SIZE)
        return bd_fail(err, BD_IO, "--output: the path is too long");
    char style[PATH_SIZE], program[128];
    BD_TRY(bd_data_path("plots/style.gp", style, sizeof style, err));
    struct bd_gnuplot *started = calloc(1, sizeof *started);
    if (started == NULL)
        return bd_fail(err, BD_NO_MEMORY, "gnuplot: out of memory");
    (void)snprintf(started->path, sizeof started->path, "%s", picture_path);
    (void)snprintf(started->temporary, sizeof started->temporary, "%s.%ld.tmp", picture_path, (long)getpid());
    /* Text and scripts are UTF-8 whatever the locale of the user is. The command is constant. */
    started->stream = popen("LC_ALL=C.UTF-8 exec gnuplot", "w"); /* NOLINT(cert-env33-c) */
    if (started->stream == NULL) {
        const int cause = errno;
        free(started);
        return bd_fail(err, BD_IO, "gnuplot: %s", strerror(cause));
    }
    bd_gnuplot_string(started, "terminal", terminal);
    bd_gnuplot_string(started, "output_file", started->temporary);
    bd_gnuplot_string(started, "style", style);
    (void)snprintf(program, sizeof program, "beamdump %s (%s)", bd_version_program(), bd_version_commit());
    bd_gnuplot_string(started, "program", program);
    *gnuplot = started;
    return BD_OK;
}

static enum bd_status check_end(const struct bd_gnuplot *gnuplot, int end, struct bd_error *err)
{
    if (end != -1 && WIFEXITED(end) && WEXITSTATUS(end) == SHELL_NOT_FOUND)
        return bd_fail(err, BD_IO,
                       "gnuplot is not installed; plots need it (Debian: apt-get install gnuplot-nox)");
    if (end == -1 || !WIFEXITED(end) || WEXITSTATUS(end) != 0)
        return bd_fail(err, BD_IO, "%s: gnuplot failed; its own message stands above", gnuplot->path);
    if (rename(gnuplot->temporary, gnuplot->path) != 0)
        return bd_fail(err, BD_IO, "%s: %s", gnuplot->path, strerror(errno));
    return BD_OK;
}

enum bd_status bd_gnuplot_close(struct bd_gnuplot *gnuplot, const char *script, enum bd_status status,
                                struct bd_error *err)
{
    if (gnuplot == NULL)
        return status;
    char path[PATH_SIZE];
    if (status == BD_OK)
        status = bd_data_path(script, path, sizeof path, err);
    if (status == BD_OK) {
        bd_gnuplot_string(gnuplot, "script", path);
        (void)fputs("load script\nunset output\n", gnuplot->stream);
    }
    const int end = pclose(gnuplot->stream);
    if (status == BD_OK)
        status = check_end(gnuplot, end, err);
    if (status != BD_OK)
        (void)unlink(gnuplot->temporary);
    free(gnuplot);
    return status;
}
