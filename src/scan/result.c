#include "src/scan/result.h"

#include <stdlib.h>

void bd_contour_free(struct bd_contour *contour)
{
    for (size_t i = 0; contour != NULL && i < contour->n_polyline; i++) {
        free(contour->polyline[i].x);
        free(contour->polyline[i].y);
    }
    if (contour == NULL)
        return;
    free(contour->polyline);
    contour->polyline = NULL;
    contour->n_polyline = 0;
}
