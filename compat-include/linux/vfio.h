/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where vfio leaves VFIO_DEVICE_GET_REGION_INFO to the driver: drivers see ops
 * with get_region_info_caps, vfio sees ops that are made of them.
 */
#ifndef VFIO_CCW_COMPAT_LINUX_VFIO_H
#define VFIO_CCW_COMPAT_LINUX_VFIO_H

/*
 * Where vfio does not ask for migration_get_data_size there is a place for it all the
 * same, behind the last one that vfio knows, whose last parameter has this name. What
 * vfio.h includes comes first, so that nobody else's parameter is meant.
 */
#ifdef NEED_VFIO_MIG_DATA_SIZE
#include <linux/iommu.h>
#include <linux/iova_bitmap.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/workqueue.h>
#include <uapi/linux/vfio.h>
#define curr_state								\
	curr_state);								\
	int (*migration_get_data_size)(struct vfio_device *device,		\
				       unsigned long *stop_copy_length
#endif

#ifndef NEED_VFIO_GET_REGION_INFO_CAPS

#include_next <linux/vfio.h>

#else

#define vfio_device_ops vfio_device_core_ops
#include_next <linux/vfio.h>
#undef vfio_device_ops
#undef curr_state

#include <linux/slab.h>
#include <linux/uaccess.h>

/* Where vfio knows no iommufd, there are ops for it all the same, which nobody calls. */
#ifdef NEED_VFIO_IOMMUFD

struct iommufd_ctx;

#define vfio_iommufd_emulated_bind NULL
#define vfio_iommufd_emulated_unbind NULL
#define vfio_iommufd_emulated_attach_ioas NULL
#define vfio_iommufd_emulated_detach_ioas NULL
/* a pointer that this driver does not set: a device is never with iommufd */
#define iommufd_access log_ops

#define VFIO_COMPAT_IOMMUFD_OPS(to, ops)

#else

#define VFIO_COMPAT_IOMMUFD_OPS(to, ops)					\
do {										\
	WRITE_ONCE((to)->bind_iommufd, (ops)->bind_iommufd);			\
	WRITE_ONCE((to)->unbind_iommufd, (ops)->unbind_iommufd);		\
	WRITE_ONCE((to)->attach_ioas, (ops)->attach_ioas);			\
	WRITE_ONCE((to)->detach_ioas, (ops)->detach_ioas);			\
} while (0)

#endif /* NEED_VFIO_IOMMUFD */

struct vfio_device_ops {
	char *name;
	int (*init)(struct vfio_device *vdev);
	void (*release)(struct vfio_device *vdev);
	int (*bind_iommufd)(struct vfio_device *vdev, struct iommufd_ctx *ictx,
			    u32 *out_device_id);
	void (*unbind_iommufd)(struct vfio_device *vdev);
	int (*attach_ioas)(struct vfio_device *vdev, u32 *pt_id);
	void (*detach_ioas)(struct vfio_device *vdev);
	int (*open_device)(struct vfio_device *vdev);
	void (*close_device)(struct vfio_device *vdev);
	ssize_t (*read)(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos);
	ssize_t (*write)(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos);
	long (*ioctl)(struct vfio_device *vdev, unsigned int cmd, unsigned long arg);
	int (*get_region_info_caps)(struct vfio_device *vdev, struct vfio_region_info *info,
				    struct vfio_info_cap *caps);
	void (*request)(struct vfio_device *vdev, unsigned int count);
	void (*dma_unmap)(struct vfio_device *vdev, u64 iova, u64 length);
};

/* the core's ops, with the driver's behind them */
struct vfio_compat_ops {
	struct vfio_device_core_ops core;
	const struct vfio_device_ops *driver;
};

static inline long vfio_compat_region_info(struct vfio_device *vdev, void __user *arg)
{
	const struct vfio_compat_ops *ops = container_of(vdev->ops, struct vfio_compat_ops, core);
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = {};
	struct vfio_info_cap caps = {};
	long ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	ret = ops->driver->get_region_info_caps(vdev, &info, &caps);
	if (!ret && caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size;
			info.cap_offset = 0;
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			if (copy_to_user(arg + sizeof(info), caps.buf, caps.size))
				ret = -EFAULT;
			info.cap_offset = sizeof(info);
		}
	}
	if (!ret && copy_to_user(arg, &info, minsz))
		ret = -EFAULT;
	kfree(caps.buf);
	return ret;
}

static inline long vfio_compat_ioctl(struct vfio_device *vdev, unsigned int cmd,
				     unsigned long arg)
{
	const struct vfio_compat_ops *ops = container_of(vdev->ops, struct vfio_compat_ops, core);

	if (cmd == VFIO_DEVICE_GET_REGION_INFO)
		return vfio_compat_region_info(vdev, (void __user *)arg);
	return ops->driver->ioctl(vdev, cmd, arg);
}

/*
 * Other devices work with the same ops meanwhile. So there is never anything else in
 * them, once it is there, and no moment at which one is missing.
 */
static inline const struct vfio_device_core_ops *
vfio_compat_fill(struct vfio_compat_ops *compat, const struct vfio_device_ops *ops)
{
	struct vfio_device_core_ops *core = &compat->core;

	WRITE_ONCE(compat->driver, ops);
	WRITE_ONCE(core->name, ops->name);
	WRITE_ONCE(core->init, ops->init);
	WRITE_ONCE(core->release, ops->release);
	VFIO_COMPAT_IOMMUFD_OPS(core, ops);
	WRITE_ONCE(core->open_device, ops->open_device);
	WRITE_ONCE(core->close_device, ops->close_device);
	WRITE_ONCE(core->read, ops->read);
	WRITE_ONCE(core->write, ops->write);
	WRITE_ONCE(core->ioctl, vfio_compat_ioctl);
	WRITE_ONCE(core->request, ops->request);
	WRITE_ONCE(core->dma_unmap, ops->dma_unmap);
	return core;
}

/* one copy for each place that allocates devices, which has one kind of ops */
#define VFIO_COMPAT_OPS(ops)							\
({										\
	static struct vfio_compat_ops compat;					\
										\
	vfio_compat_fill(&compat, ops);						\
})

#undef vfio_alloc_device
#define vfio_alloc_device(dev_struct, member, dev, ops)				\
	container_of(_vfio_alloc_device(sizeof(struct dev_struct) +		\
					BUILD_BUG_ON_ZERO(offsetof(		\
						struct dev_struct, member)),	\
					dev, VFIO_COMPAT_OPS(ops)),		\
		     struct dev_struct, member)

#endif /* NEED_VFIO_GET_REGION_INFO_CAPS */

#endif
