/* Runs a command several times as a whole process; prints the median of the seconds and the largest peak memory.
 *
 *   measure REPEATS COMMAND [ARGUMENT...]     ->     seconds,peak_mb
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    double seconds[64], peak_mb = 0.0;
    const int n = argc > 2 ? atoi(argv[1]) : 0;
    if (n < 1 || n > 64) {
        (void)fprintf(stderr, "usage: measure REPEATS COMMAND [ARGUMENT...]\n");
        return 2;
    }
    for (int i = 0; i < n; i++) {
        const double start = now();
        const pid_t child = fork();
        if (child == 0) {
            (void)execvp(argv[2], argv + 2);
            _exit(127);
        }
        struct rusage usage;
        int status = 1;
        if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
            (void)fprintf(stderr, "measure: %s failed\n", argv[2]);
            return 1;
        }
        seconds[i] = now() - start;
        if ((double)usage.ru_maxrss / 1024.0 > peak_mb)
            peak_mb = (double)usage.ru_maxrss / 1024.0;
    }
    qsort(seconds, (size_t)n, sizeof *seconds, compare);
    (void)printf("%.3f,%.0f\n", seconds[n / 2], peak_mb);
    return 0;
}
