/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#include <linux/compiler.h>

#define min_t(t, a, b) ({ t __a = (a); t __b = (b); __a < __b ? __a : __b; })
/* as strict as the kernel's: both sides of one type */
#define min(a, b) ({						\
	__typeof__(a) __a = (a);				\
	__typeof__(b) __b = (b);				\
	(void)(&__a == &__b);					\
	__a < __b ? __a : __b; })
#define max(a, b) ({						\
	__typeof__(a) __a = (a);				\
	__typeof__(b) __b = (b);				\
	(void)(&__a == &__b);					\
	__a > __b ? __a : __b; })
#define swap(a, b) do { __typeof__(a) __t = (a); (a) = (b); (b) = __t; } while (0)

#endif
