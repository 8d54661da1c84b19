// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place where the tracepoints are made.
 */
#include "vfio_ccw.h"

#define CREATE_TRACE_POINTS
#include "vccw_trace.h"
