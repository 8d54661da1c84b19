/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_ASM_BYTEORDER_H
#define SHIM_ASM_BYTEORDER_H

#include <endian.h>
#include <linux/types.h>

#define cpu_to_be16(x)	htobe16(x)
#define cpu_to_be32(x)	htobe32(x)
#define cpu_to_be64(x)	htobe64(x)
#define be16_to_cpu(x)	be16toh(x)
#define be32_to_cpu(x)	be32toh(x)
#define be64_to_cpu(x)	be64toh(x)

static inline u16 be16_to_cpup(const __be16 *p) { return be16toh(*p); }
static inline u32 be32_to_cpup(const __be32 *p) { return be32toh(*p); }
static inline u64 be64_to_cpup(const __be64 *p) { return be64toh(*p); }

#endif
