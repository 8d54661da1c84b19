// SPDX-License-Identifier: GPL-2.0-only
/* VFIO migration: a device's state, and the file through which it goes. */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "libccw.h"

struct feature_mig_state {
	struct vfio_device_feature head;
	struct vfio_device_feature_mig_state mig;
} __attribute__((aligned(8)));

static int mig_ioctl(struct ccw_dev *dev, u32 flags, struct feature_mig_state *f)
{
	f->head = (struct vfio_device_feature){
		.argsz = sizeof(*f),
		.flags = flags | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE,
	};
	return ioctl(dev->fd, VFIO_DEVICE_FEATURE, f) ? -errno : 0;
}

int _ccw_mig_set(struct ccw_dev *dev, u32 state, int *fd)
{
	struct feature_mig_state f = { .mig.device_state = state, .mig.data_fd = -1 };
	int rc = mig_ioctl(dev, VFIO_DEVICE_FEATURE_SET, &f);

	if (fd)
		*fd = rc ? -1 : f.mig.data_fd;
	else if (!rc && f.mig.data_fd >= 0)
		close(f.mig.data_fd);
	return rc;
}

int _ccw_mig_get(struct ccw_dev *dev)
{
	struct feature_mig_state f = {};
	int rc = mig_ioctl(dev, VFIO_DEVICE_FEATURE_GET, &f);

	return rc ? rc : (int)f.mig.device_state;
}

ssize_t _ccw_save(struct ccw_dev *dev, void *buf)
{
	size_t size = 0;
	ssize_t n;
	int fd, rc;

	rc = _ccw_mig_set(dev, VFIO_DEVICE_STATE_STOP_COPY, &fd);
	if (rc)
		return rc;
	do {
		n = read(fd, (char *)buf + size, CCW_STATE_MAX - size);
		size += n > 0 ? n : 0;
	} while (n > 0);
	rc = n < 0 ? -errno : 0;
	close(fd);
	if (!rc)
		rc = _ccw_mig_set(dev, VFIO_DEVICE_STATE_STOP, NULL);
	return rc ? rc : (ssize_t)size;
}

int _ccw_load(struct ccw_dev *dev, const void *buf, size_t size)
{
	int fd, rc;

	rc = _ccw_mig_set(dev, VFIO_DEVICE_STATE_RESUMING, &fd);
	if (rc)
		return rc;
	if (write(fd, buf, size) != (ssize_t)size)
		rc = -errno;
	close(fd);
	return rc ? rc : _ccw_mig_set(dev, VFIO_DEVICE_STATE_STOP, NULL);
}
