/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_SORT_H
#define SHIM_LINUX_SORT_H

#include <stdlib.h>
#include <linux/types.h>

typedef int (*cmp_func_t)(const void *, const void *);
typedef int (*cmp_r_func_t)(const void *, const void *, const void *);
typedef void (*swap_func_t)(void *, void *, int);
typedef void (*swap_r_func_t)(void *, void *, int, const void *);

static inline void sort(void *base, size_t num, size_t size, cmp_func_t cmp,
			swap_func_t swap_func)
{
	(void)swap_func;
	if (num)
		qsort(base, num, size, cmp);
}

/* heap sort, as the kernel's: qsort_r differs between C libraries */
static inline void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp,
			  swap_r_func_t swap_func, const void *priv)
{
	char *b = base;
	size_t i, j, k, n;

	(void)swap_func;
	for (k = num / 2, n = num; n > 1;) {
		if (k) {
			i = --k;
		} else {
			n--;
			for (j = 0; j < size; j++) {
				char t = b[j];

				b[j] = b[n * size + j];
				b[n * size + j] = t;
			}
			i = 0;
		}
		for (;;) {
			size_t c = 2 * i + 1;

			if (c >= n)
				break;
			if (c + 1 < n && cmp(b + c * size, b + (c + 1) * size, priv) < 0)
				c++;
			if (cmp(b + i * size, b + c * size, priv) >= 0)
				break;
			for (j = 0; j < size; j++) {
				char t = b[i * size + j];

				b[i * size + j] = b[c * size + j];
				b[c * size + j] = t;
			}
			i = c;
		}
	}
}

#endif
