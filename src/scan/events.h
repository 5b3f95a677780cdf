/* src/scan/events.h - the accepted events behind a kernel, one by one, where a card takes two photons for a pi0.
 *
 * They are the vertices of the same Monte Carlo (decay/kernel.h) with their weights: in every signal region the
 * sum of the weights is the yield of its kernel, up to the quadrature of the kernel (5e-5). */
#ifndef BD_SCAN_EVENTS_H
#define BD_SCAN_EVENTS_H

#include "src/scan/plan.h"

struct bd_event {
    double z_vtx_m, pt_gev; /* of the pi0 hypothesis; z from the origin of the card's regions */
    double n_events;        /* weight: events at the card's protons with its a_trig, at unit strength and BR = 1 */
    int region;             /* index into the signal regions of the card */
};

struct bd_events {
    size_t n;
    struct bd_event *event;           /* [n], owned; in the order of the Monte Carlo */
    double n_events[BD_REGIONS_MAX];  /* of the kernels */
    double error_rel[BD_REGIONS_MAX]; /* relative, Monte Carlo */
    enum bd_flag flag[BD_REGIONS_MAX];
};

/* Events of a plan with one production, one decay and one mass, at a width [GeV]; none if the kernel is closed.
 * The caller frees. BD_BAD_INPUT: another plan, or a card without reconstruction of a pi0. */
enum bd_status bd_events_create(const struct bd_plan *plan, double width_gev, struct bd_events **events,
                                struct bd_error *err) BD_MUST_CHECK;
void bd_events_free(struct bd_events *events); /* accepts NULL */

#endif
