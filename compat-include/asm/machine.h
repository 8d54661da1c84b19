/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_COMPAT_ASM_MACHINE_H
#define VFIO_CCW_COMPAT_ASM_MACHINE_H

#ifndef NEED_MACHINE_IS_KVM

#include_next <asm/machine.h>

#else

#include <asm/setup.h>

#define machine_is_kvm() (!!MACHINE_IS_KVM)

#endif

#endif
