/* A real file system without space, where the test may mount one (root); skipped elsewhere. */
#define _GNU_SOURCE /* unshare, umount2 */
#include "fixture.h"

#include <sched.h>
#include <sys/mount.h>

/* In a mount namespace of its own: the small file system is gone with the process. */
static int mount_small_folder(const char *folder)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("beamdump_test", folder, "tmpfs", 0, "size=512k") == 0;
}

static void full_file_system_leaves_the_earlier_tasks(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct bd_database *db;
    toy_init(&toy);
    if (!mount_small_folder(toy.folder)) {
        toy_free(&toy);
        skip();
    }
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_run_begin(db, &toy.plan, &toy.info, 0, &run, &err), err);
    toy_save(db, &run, 0);
    char ballast[96];
    (void)snprintf(ballast, sizeof ballast, "%s/ballast", toy.folder);
    FILE *file = fopen(ballast, "wb");
    assert_non_null(file);
    while (fputc('x', file) != EOF && fflush(file) == 0)
        continue;
    (void)fclose(file);
    enum bd_status status = BD_OK;
    size_t task = 1;
    for (; status == BD_OK && task < 200; task++) { /* the last room in the log is used first */
        struct bd_kernel kernels[2];
        toy_kernels(1 + task % 5, kernels);
        status = bd_kernel_store_save_task(db, &run, 1 + task % 5, kernels, &err);
    }
    assert_int_equal(status, BD_DATABASE);
    assert_non_null(strstr(err.message, "toy.db: no space left"));
    assert_int_equal(unlink(ballast), 0);
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    unsigned char done[TOY_TASKS];
    size_t n_done;
    expect_ok(bd_kernel_store_find_done(db, &run, done, &n_done, &err), err);
    assert_true(done[0]);
    toy_save(db, &run, 1 + (task - 1) % 5); /* with space again it goes on */
    bd_database_close(db);
    assert_int_equal(umount2(toy.folder, MNT_DETACH), 0);
    toy_free(&toy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_file_system_leaves_the_earlier_tasks),
    };
    return run_all_tests(tests);
}
