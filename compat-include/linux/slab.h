/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_COMPAT_LINUX_SLAB_H
#define VFIO_CCW_COMPAT_LINUX_SLAB_H

#include_next <linux/slab.h>

#ifndef kzalloc_obj
#define kzalloc_obj(p) kzalloc(sizeof(p), GFP_KERNEL)
#endif

#endif
