/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_OVERFLOW_H
#define SHIM_LINUX_OVERFLOW_H

#include <linux/compiler.h>

#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)
#define array_size(a, b) ({ size_t __r; \
	__builtin_mul_overflow((size_t)(a), (size_t)(b), &__r) ? SIZE_MAX : __r; })
#define struct_size(p, m, n)	(sizeof(*(p)) + array_size(sizeof((p)->m[0]), n))

#endif
