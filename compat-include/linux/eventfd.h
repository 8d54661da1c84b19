/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_COMPAT_LINUX_EVENTFD_H
#define VFIO_CCW_COMPAT_LINUX_EVENTFD_H

#include_next <linux/eventfd.h>

/* where the caller says by how much the counter grows */
#ifdef NEED_EVENTFD_SIGNAL_ONCE
#define eventfd_signal(ctx) eventfd_signal(ctx, 1)
#endif

#endif
