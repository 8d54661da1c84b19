// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mediated device: what vfio asks of a driver.
 */
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vfio_ccw.h"

static int device_init(struct vfio_device *vdev)
{
	struct vccw_device *dev = to_vccw_device(vdev);
	struct vccw_parent *parent = dev_get_drvdata(vdev->dev->parent);

	dev->sch = parent->sch;
	dev->io = parent->io;
	dev->have = vfio_ccw_io_have();
	dev->state = VCCW_STATE_CLOSED;
	mutex_init(&dev->io_lock);
	init_completion(&dev->rest);
	vccw_request_init(dev);
	vccw_program_init(dev);
	vccw_unmap_init(dev);
	vccw_migrate_init(dev);
	dev->iotlb = vccw_iotlb_create(vdev);
	if (!dev->iotlb)
		return -ENOMEM;
	cp_init(&dev->cp, &vccw_iotlb_mem_ops, dev->iotlb);
	cp_init(&dev->spare, &vccw_iotlb_mem_ops, dev->iotlb);
	return 0;
}

static void device_release(struct vfio_device *vdev)
{
	struct vccw_device *dev = to_vccw_device(vdev);

	vccw_unmap_exit(dev);
	vccw_iotlb_destroy(dev->iotlb);
	mutex_destroy(&dev->io_lock);
}

static int device_open(struct vfio_device *vdev)
{
	struct vccw_device *dev = to_vccw_device(vdev);
	int ret;

	guard(mutex)(&dev->io_lock);
	memset(&dev->region, 0, sizeof(dev->region));
	memset(&dev->cmd, 0, sizeof(dev->cmd));
	vccw_iotlb_open(dev->iotlb);
	scoped_guard(spinlock_irq, &dev->sch->lock)
		ret = vccw_fsm_event(dev, VCCW_EVENT_OPEN);
	if (ret)
		vccw_iotlb_close(dev->iotlb);
	return ret;
}

static void device_close(struct vfio_device *vdev)
{
	struct vccw_device *dev = to_vccw_device(vdev);

	scoped_guard(mutex, &dev->io_lock) {
		vccw_quiesce_stop(dev);
		vccw_migrate_reset(dev);
	}
	/* with the subchannel disabled nothing queues them again */
	cancel_delayed_work_sync(&dev->follow);
	cancel_delayed_work_sync(&dev->reap);
	guard(mutex)(&dev->io_lock);
	vccw_iotlb_close(dev->iotlb);
	cp_destroy(&dev->cp);
	cp_destroy(&dev->spare);
	vccw_irq_release(dev);
}

static ssize_t device_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return vccw_region_read(to_vccw_device(vdev), buf, count, ppos);
}

static ssize_t device_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	return vccw_region_write(to_vccw_device(vdev), buf, count, ppos);
}

static long device_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VCCW_NR_REGIONS;
	info.num_irqs = VFIO_CCW_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long device_get_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_CCW_NUM_IRQS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long device_set_irqs(struct vccw_device *dev, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	void *data = NULL;
	size_t size;
	int ret;

	if (copy_from_user(&set, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&set, 1, VFIO_CCW_NUM_IRQS, &size);
	if (ret)
		return ret;
	set.index = array_index_nospec(set.index, VFIO_CCW_NUM_IRQS);
	if (size) {
		data = memdup_user(arg + minsz, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = vccw_irq_set(dev, &set, data);
	kfree(data);
	return ret;
}

/* a device that cannot be used is no longer one that this could be asked of */
static long device_reset(struct vccw_device *dev)
{
	guard(mutex)(&dev->io_lock);
	vccw_migrate_reset(dev);
	return vccw_quiesce_reset(dev) ? -EINVAL : 0;
}

static long device_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vccw_device *dev = to_vccw_device(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return device_get_info((void __user *)arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return device_get_irq_info((void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return device_set_irqs(dev, (void __user *)arg);
	case VFIO_DEVICE_RESET:
		return device_reset(dev);
	default:
		return -ENOTTY;
	}
}

static int device_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
			      struct vfio_info_cap *caps)
{
	return vccw_region_info(info, caps);
}

/* nothing of the range is pinned afterwards, whatever the device does */
static void device_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vccw_unmap(to_vccw_device(vdev), iova, length);
}

static void device_request(struct vfio_device *vdev, unsigned int count)
{
	struct vccw_device *dev = to_vccw_device(vdev);

	guard(spinlock_irq)(&dev->sch->lock);
	vccw_irq_signal(dev, VFIO_CCW_REQ_IRQ_INDEX);
}

static const struct vfio_device_ops vccw_device_ops = {
	.name = "vfio_ccw",
	.init = device_init,
	.release = device_release,
	.open_device = device_open,
	.close_device = device_close,
	.read = device_read,
	.write = device_write,
	.ioctl = device_ioctl,
	.get_region_info_caps = device_region_info,
	.request = device_request,
	.dma_unmap = device_dma_unmap,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

static int device_probe(struct mdev_device *mdev)
{
	struct vccw_parent *parent = dev_get_drvdata(mdev->dev.parent);
	struct vccw_device *dev;
	int ret;

	/*
	 * The mdev core lets a type be seen before the folder for its devices is there,
	 * and puts the link to one that is made then at the top of sysfs, for ever.
	 */
	if (!READ_ONCE(mdev->type->devices_kobj))
		return -EAGAIN;
	dev = vfio_alloc_device(vccw_device, vdev, &mdev->dev, &vccw_device_ops);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	/* vfio would do it itself, and go on without one if there is no memory */
	ret = vfio_assign_device_set(&dev->vdev, dev);
	if (ret)
		goto err_put;
	ret = vccw_parent_attach(parent, dev);
	if (ret)
		goto err_put;
	dev_set_drvdata(&mdev->dev, dev);
	ret = vfio_register_emulated_iommu_dev(&dev->vdev);
	if (ret)
		goto err_detach;
	return 0;

err_detach:
	dev_set_drvdata(&mdev->dev, NULL);
	vccw_parent_detach(parent);
err_put:
	vfio_put_device(&dev->vdev);
	return ret;
}

static void device_remove(struct mdev_device *mdev)
{
	struct vccw_parent *parent = dev_get_drvdata(mdev->dev.parent);
	struct vccw_device *dev = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&dev->vdev);
	vccw_parent_detach(parent);
	vfio_put_device(&dev->vdev);
}

/*
 * The mdev core could count to one by itself (max_instances), but if it has no memory
 * for the instance it forgets to count it out again.
 */
static unsigned int device_available(struct mdev_type *type)
{
	struct vccw_parent *parent = container_of(type, struct vccw_parent, type);

	guard(mutex)(&parent->device_lock);
	return !parent->device;
}

struct mdev_driver vccw_mdev_driver = {
	.device_api = VFIO_DEVICE_API_CCW_STRING,
	.get_available = device_available,
	.driver = {
		.name = "vfio_ccw_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vccw_stats_groups,
	},
	.probe = device_probe,
	.remove = device_remove,
};
