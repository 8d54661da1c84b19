# SPDX-License-Identifier: GPL-2.0-only
# What the kernel's headers lack, found out by looking at them: the headers of a
# distribution's kernel tell more than its version.

# NEED: the macro that says so; in: a header; word: what newer ones have
probe-need = $(if $(shell grep -w -s $(strip $3) $(srctree)/$(strip $2)),,-D$(strip $1))

compat-flags := \
	$(call probe-need, NEED_VFIO_GET_REGION_INFO_CAPS, include/linux/vfio.h, get_region_info_caps) \
	$(call probe-need, NEED_MACHINE_IS_KVM, arch/s390/include/asm/machine.h, machine_is_kvm)
