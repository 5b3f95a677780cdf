/* beamdump: finds the command, runs it, and turns its status into an exit code:
 * 0 done, 1 the run failed, 2 wrong usage. */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "src/cli/command.h"
#include "src/cli/suggest.h"
#include "src/core/version.h"

#define BD_COMMAND(name) &command_##name,
static const struct bd_command *const commands[] = {
#include "src/cli/commands.def"
};
#undef BD_COMMAND

#define N_COMMAND (sizeof commands / sizeof commands[0])

static void print_version(void)
{
    char libraries[160];
    (void)printf("beamdump %s (commit %s)\n", bd_version_program(), bd_version_commit());
    (void)printf("built with %s\n", bd_version_compiler());
    (void)printf("running with %s\n", bd_version_libraries(libraries, sizeof libraries));
}

static void print_commands(FILE *stream)
{
    (void)fputs("Usage: beamdump COMMAND [OPTION...]\n\n"
                "Expected events and exclusion contours of feebly interacting particles at proton beam dumps.\n\n",
                stream);
    for (size_t i = 0; i < N_COMMAND; i++)
        (void)fprintf(stream, "  %-14s%s\n", commands[i]->name, commands[i]->summary);
    (void)fputs("\n  help COMMAND  options and examples of a command, also: beamdump COMMAND --help\n"
                "  --version     version, commit, compiler and libraries\n\n"
                "Exit codes: 0 done, 1 the run failed, 2 wrong usage.\n",
                stream);
}

static void print_command(const struct bd_command *command)
{
    (void)printf("Usage: beamdump %s", command->name);
    bd_options_print_usage(command->options, stdout);
    (void)printf("\n\nbeamdump %s: %s.\n", command->name, command->summary);
    if (command->description != NULL)
        (void)printf("%s\n", command->description);
    (void)fputs("\nOptions:\n", stdout);
    bd_options_print(command->options, stdout);
    (void)fputs("\nExamples:\n", stdout);
    for (const char *const *example = command->examples; *example != NULL; example++)
        (void)printf("  %s\n", *example);
}

static enum bd_status find_command(const char *name, const struct bd_command **command, struct bd_error *err)
{
    const char *known[N_COMMAND];
    char hint[160];
    for (size_t i = 0; i < N_COMMAND; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            *command = commands[i];
            return BD_OK;
        }
        known[i] = commands[i]->name;
    }
    return bd_fail(err, BD_USAGE, "there is no command '%.60s'.%s", name,
                   bd_suggest(name, known, N_COMMAND, hint, sizeof hint));
}

static int asks_for_help(int argc, char *const *argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return 1;
    return 0;
}

static enum bd_status run_command(const struct bd_command *command, int argc, char *const *argv,
                                  struct bd_error *err)
{
    if (asks_for_help(argc, argv)) {
        print_command(command);
        return BD_OK;
    }
    struct bd_options *options = NULL;
    enum bd_status status = bd_options_parse(command->options, argc, argv, &options, err);
    if (status == BD_OK)
        status = command->run(options, err);
    bd_options_free(options);
    return status;
}

/* Everything before the exit code; command stays NULL if none was found. */
static enum bd_status run(int argc, char **argv, const struct bd_command **command, struct bd_error *err)
{
    if (argc < 2) {
        print_commands(stderr);
        return bd_fail(err, BD_USAGE, "a command is missing");
    }
    const int help = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
    } else if (asks_for_help(1, argv + 1) || (help && argc == 2)) {
        print_commands(stdout);
    } else if (help) {
        BD_TRY(find_command(argv[2], command, err));
        print_command(*command);
    } else if (argv[1][0] == '-') {
        return bd_fail(err, BD_USAGE,
                       "there is no option %.60s before the command; known are --help and --version", argv[1]);
    } else {
        BD_TRY(find_command(argv[1], command, err));
        return run_command(*command, argc - 2, argv + 2, err);
    }
    return BD_OK;
}

int main(int argc, char **argv)
{
    (void)gsl_set_error_handler_off();
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error with a message, not a silent end */
    struct bd_error err = {BD_OK, ""};
    const struct bd_command *command = NULL;
    enum bd_status status = run(argc, argv, &command, &err);
    if (status == BD_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = bd_fail(&err, BD_IO, "stdout: %s", strerror(errno));
    if (status == BD_OK)
        return 0;
    const char *space = command != NULL ? " " : "", *name = command != NULL ? command->name : "";
    (void)fprintf(stderr, "beamdump%s%s: %s\n", space, name, err.message);
    if (status == BD_USAGE)
        (void)fprintf(stderr, "See: beamdump%s%s --help\n", space, name);
    return status == BD_USAGE ? 2 : 1;
}
