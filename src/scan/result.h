/* src/scan/result.h - polygons of a contour and points of a plane, as they are stored and exported. */
#ifndef BD_SCAN_RESULT_H
#define BD_SCAN_RESULT_H

#include <stddef.h>

struct bd_polyline {
    size_t n_vertex;
    double *x, *y; /* [n_vertex], owned: mass_gev and coupling in the usual plane */
    int closed; /* 1: a loop of exclusion edges (the last vertex joins the first); 0: it ends at the border of the
                   scanned plane */
    int hole;   /* 1: the inside is not excluded */
};

#define BD_METHOD_SIZE 64

struct bd_contour {
    char experiment[32];
    char benchmark[128]; /* in another plane also what is fixed: "alp mass=0.5" */
    char plane[64];      /* "mass_gev,coupling" */
    char x_name[32], y_name[32];
    char kind[32];               /* "observed", "expected", "expected-2sigma", ..., "projection" */
    char method[BD_METHOD_SIZE]; /* "cls", "cls,nuisance=none", "table", "union" */
    double cl, pot;
    double x_min, x_max, y_min, y_max; /* the plane that was scanned; 0: not known */
    size_t n_polyline;
    struct bd_polyline *polyline; /* owned */
};

void bd_contour_free(struct bd_contour *contour); /* frees the polylines; accepts NULL */

#endif
