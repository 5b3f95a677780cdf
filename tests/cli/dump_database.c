/* tests/cli/dump_database.c FILE: the canonical text of a database on stdout, for scripts that compare two. */
#include <stdio.h>

#include "db/database.h"
#include "db/dump.h"

int main(int argc, char **argv)
{
    struct bd_error err;
    struct bd_database *db = NULL;
    if (argc != 2)
        return 2;
    enum bd_status status = bd_database_open(argv[1], BD_DATABASE_READ, &db, &err);
    if (status == BD_OK)
        status = bd_database_check(db, &err);
    if (status == BD_OK)
        status = bd_dump_write(db, stdout, &err);
    if (status != BD_OK)
        (void)fprintf(stderr, "dump_database: %s\n", err.message);
    bd_database_close(db);
    return status != BD_OK;
}
