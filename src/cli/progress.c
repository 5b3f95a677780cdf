#include "src/cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_S 0.2

static double now_s(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void bd_progress_text(const char *what, size_t done, size_t total, size_t done_at_start, double elapsed_s,
                      char *text, size_t size)
{
    const int percent = total > 0 ? (int)(100 * done / total) : 100;
    const int n = snprintf(text, size, "%s %zu/%zu (%d%%)", what, done, total, percent);
    if (n < 0 || (size_t)n >= size || done <= done_at_start || done >= total)
        return;
    const double left_s = elapsed_s * (double)(total - done) / (double)(done - done_at_start);
    const unsigned long left = (unsigned long)(left_s + 0.5);
    if (left >= 3600)
        (void)snprintf(text + n, size - (size_t)n, ", %luh%02lum left", left / 3600, left / 60 % 60);
    else if (left >= 60)
        (void)snprintf(text + n, size - (size_t)n, ", %lum%02lus left", left / 60, left % 60);
    else
        (void)snprintf(text + n, size - (size_t)n, ", %lus left", left);
}

void bd_progress_init(struct bd_progress *progress, const char *what, size_t done_at_start)
{
    const double now = now_s();
    *progress = (struct bd_progress){what, isatty(STDERR_FILENO), done_at_start, now, now};
}

void bd_progress_update(struct bd_progress *progress, size_t done, size_t total)
{
    const double now = now_s();
    if (!progress->shown || (now - progress->last_s < REDRAW_S && done < total))
        return;
    char text[160];
    bd_progress_text(progress->what, done, total, progress->done_at_start, now - progress->start_s, text,
                     sizeof text);
    (void)fprintf(stderr, "\r%s\033[K", text); /* to the end of the line: the last text may have been longer */
    (void)fflush(stderr);
    progress->last_s = now;
}

void bd_progress_end(struct bd_progress *progress)
{
    if (!progress->shown)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
}
