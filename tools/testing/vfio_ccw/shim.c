// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel does for the translator, done by the C library. */
#include <linux/slab.h>

long shim_live;
long shim_fail_in;

void *shim_alloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	if (shim_fail_in && !--shim_fail_in)
		return NULL;
	p = malloc(bytes);
	if (!p)
		return NULL;
	/* what the kernel does not clear must not be relied on */
	memset(p, 0xa5, bytes);
	shim_live++;
	return p;
}

void shim_free(const void *p)
{
	if (p)
		shim_live--;
	free((void *)p);
}
