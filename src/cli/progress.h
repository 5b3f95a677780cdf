/* src/cli/progress.h - how far a long run is, on stderr, and only if that is a terminal. */
#ifndef BD_CLI_PROGRESS_H
#define BD_CLI_PROGRESS_H

#include <stddef.h>

struct bd_progress {
    const char *what; /* borrowed: "kernels" */
    int shown;        /* 0: stderr is not a terminal */
    size_t done_at_start;
    double start_s, last_s; /* monotonic clock */
};

/* done_at_start: work found finished (--resume), which says nothing about the speed. */
void bd_progress_init(struct bd_progress *progress, const char *what, size_t done_at_start);

/* Redraw at most five times a second, and when done reaches total. One thread at a time. */
void bd_progress_update(struct bd_progress *progress, size_t done, size_t total);

/* Clear the line, so that messages and results start on an empty one. */
void bd_progress_end(struct bd_progress *progress);

/* "kernels 12/36 (33%), 1m05s left"; without a time before anything is done. */
void bd_progress_text(const char *what, size_t done, size_t total, size_t done_at_start, double elapsed_s,
                      char *text, size_t size);

#endif
