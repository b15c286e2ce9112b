/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus_internal.h - what the files of the Prometheus format share.
 */
#ifndef REPORT_RENDER_PROMETHEUS_INTERNAL_H
#define REPORT_RENDER_PROMETHEUS_INTERNAL_H

#include "report/render/render.h"

/* Writes the exposition `samples`, whole lines, with the labels that every sample has. */
void prometheus_put(struct rendering *r, const char *samples);

#endif
