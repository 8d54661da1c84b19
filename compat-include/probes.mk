# SPDX-License-Identifier: GPL-2.0-only
# What the kernel's headers lack, found out by looking at them: the headers of a
# distribution's kernel tell more than its version.

# NEED: the macro that says so; in: a header; pattern: what newer ones have
probe-need = $(if $(shell grep -s $(strip $3) $(strip $2)),,-D$(strip $1))

probe-linux := $(srctree)/include/linux
probe-cio := $(src)/drivers/s390/cio

compat-flags := \
	$(call probe-need, NEED_VFIO_GET_REGION_INFO_CAPS, $(probe-linux)/vfio.h, '\<get_region_info_caps\>') \
	$(call probe-need, NEED_VFIO_IOMMUFD, $(probe-linux)/vfio.h, '\<bind_iommufd\>') \
	$(call probe-need, NEED_VFIO_MIG_DATA_SIZE, $(probe-linux)/vfio.h, '\<migration_get_data_size\>') \
	$(call probe-need, NEED_EVENTFD_SIGNAL_ONCE, $(probe-linux)/eventfd.h, 'signal_mask.*ctx. __poll_t') \
	$(call probe-need, NEED_SUBCHANNEL_LOCK, $(probe-cio)/cio.h, 'spinlock_t lock;') \
	$(call probe-need, NEED_MACHINE_IS_KVM, $(srctree)/arch/s390/include/asm/machine.h, '\<machine_is_kvm\>')
