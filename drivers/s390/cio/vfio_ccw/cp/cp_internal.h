/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the translator takes from outside its directory. The user-space
 * build puts headers of its own in the place of these.
 */
#ifndef VFIO_CCW_CP_INTERNAL_H
#define VFIO_CCW_CP_INTERNAL_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>		/* ARRAY_SIZE */
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/slab.h>		/* kvmalloc_array, kvfree */
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#endif
