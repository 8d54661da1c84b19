/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The translator's allocations are counted and can be made to fail; those of
 * the tests are not.
 */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

extern long shim_live;		/* allocations not freed yet */
extern long shim_fail_in;	/* the n-th from now fails; 0: none */
void *shim_alloc(size_t n, size_t size);
void shim_free(const void *p);

#ifdef SHIM_COUNTED
#define kvmalloc_array(n, size, gfp)	shim_alloc(n, size)
#define kvmalloc(size, gfp)		shim_alloc(1, size)
#define kvfree(p)			shim_free(p)
#else
#define kvcalloc(n, size, gfp)		calloc(n, size)
#define kvzalloc(size, gfp)		calloc(1, size)
#define kvfree(p)			free((void *)(p))
#endif

#endif
