// SPDX-License-Identifier: GPL-2.0-only
/* One mediated device: opening it, its regions, its interrupts. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "libccw.h"

static const size_t region_size[NR_REGIONS] = {
	[REGION_IO]	= sizeof(struct ccw_io),
	[REGION_CMD]	= sizeof(struct ccw_cmd),
	[REGION_SCHIB]	= sizeof(struct ccw_schib),
	[REGION_CRW]	= sizeof(struct ccw_crw),
};

static int sysfs_path(char *path, size_t size, const char *uuid,
		      const char *name)
{
	int n = snprintf(path, size, "/sys/bus/mdev/devices/%s%s", uuid, name);

	return n > 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

static int group_open(struct ccw_dev *dev)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[PATH_MAX], link[PATH_MAX];
	ssize_t n;
	int rc = sysfs_path(path, sizeof(path), dev->uuid, "/iommu_group");

	if (rc)
		return rc;
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -errno;
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", basename(link));
	dev->group = open(path, O_RDWR | O_CLOEXEC);
	if (dev->group < 0)
		return -errno;
	if (ioctl(dev->group, VFIO_GROUP_GET_STATUS, &status))
		return -errno;
	return status.flags & VFIO_GROUP_FLAGS_VIABLE ? 0 : -ENXIO;
}

static int type1_open(struct ccw_dev *dev)
{
	struct ccw_iommu *iommu = dev->iommu;
	int rc = group_open(dev);

	if (rc)
		return rc;
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &iommu->fd))
		return -errno;
	if (!iommu->set &&
	    ioctl(iommu->fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;
	iommu->set = true;
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->uuid);
	return dev->fd < 0 ? -errno : 0;
}

/* the device's file, whether it is there or not */
static int cdev_path(char *path, size_t size, const char *uuid)
{
	struct dirent *de;
	int rc = sysfs_path(path, size, uuid, "/vfio-dev");
	DIR *dir;

	if (rc)
		return rc;
	dir = opendir(path);
	if (!dir)
		return -errno;
	rc = -ENOENT;
	while ((de = readdir(dir))) {
		if (strncmp(de->d_name, "vfio", 4))
			continue;
		snprintf(path, size, "/dev/vfio/devices/%.64s", de->d_name);
		rc = 0;
	}
	closedir(dir);
	return rc;
}

bool ccw_dev_has_node(const char *uuid)
{
	char path[PATH_MAX];

	/* a device that is not a character device at all is another fault than that */
	return cdev_path(path, sizeof(path), uuid) || !access(path, F_OK);
}

static int cdev_open(struct ccw_dev *dev)
{
	char path[PATH_MAX];
	int rc = cdev_path(path, sizeof(path), dev->uuid);

	if (rc)
		return rc;
	dev->fd = open(path, O_RDWR | O_CLOEXEC);
	return dev->fd < 0 ? -errno : 0;
}

static int iommufd_open(struct ccw_dev *dev)
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind), .iommufd = dev->iommu->fd,
	};
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach), .pt_id = dev->iommu->ioas,
	};
	int rc = cdev_open(dev);

	if (rc)
		return rc;
	if (ioctl(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind) ||
	    ioctl(dev->fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		return -errno;
	return 0;
}

static int open_irqs(struct ccw_dev *dev)
{
	int i, rc;

	for (i = 0; i < NR_IRQS; i++) {
		dev->irq[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (dev->irq[i] < 0)
			return -errno;
		rc = _ccw_set_eventfd(dev, i, dev->irq[i]);
		if (rc)
			return rc;
	}
	return 0;
}

int _ccw_dev_open(struct ccw_dev *dev, struct ccw_iommu *iommu,
		  const char *uuid)
{
	int rc;

	*dev = (struct ccw_dev){
		.iommu = iommu, .group = -1, .fd = -1, .irq = { -1, -1, -1 },
	};
	snprintf(dev->uuid, sizeof(dev->uuid), "%s", uuid);
	rc = _ccw_busid(dev->uuid, dev->busid);
	if (!rc)
		rc = iommu->mode == IOMMU_IOMMUFD ? iommufd_open(dev) :
						    type1_open(dev);
	if (!rc)
		rc = open_irqs(dev);
	if (rc)
		ccw_dev_close(dev);
	return rc;
}

void ccw_dev_close(struct ccw_dev *dev)
{
	int i;

	if (dev->fd >= 0)
		close(dev->fd);
	if (dev->group >= 0)
		close(dev->group);
	for (i = 0; i < NR_IRQS; i++) {
		if (dev->irq[i] >= 0)
			close(dev->irq[i]);
		dev->irq[i] = -1;
	}
	dev->fd = dev->group = -1;
}

int _ccw_set_irqs(struct ccw_dev *dev, u32 flags, u32 index, u32 start,
		  u32 count, const void *data, size_t size)
{
	struct vfio_irq_set *set = alloca(sizeof(*set) + size);

	*set = (struct vfio_irq_set){
		.argsz = sizeof(*set) + size,
		.flags = flags,
		.index = index,
		.start = start,
		.count = count,
	};
	if (size)
		memcpy(set->data, data, size);
	return ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, set) ? -errno : 0;
}

int _ccw_set_eventfd(struct ccw_dev *dev, u32 index, int fd)
{
	return _ccw_set_irqs(dev, VFIO_IRQ_SET_DATA_EVENTFD |
			     VFIO_IRQ_SET_ACTION_TRIGGER, index, 0, 1, &fd,
			     sizeof(fd));
}

int _ccw_wait_irq(struct ccw_dev *dev, u32 index, int timeout_ms)
{
	struct pollfd pfd = { .fd = dev->irq[index], .events = POLLIN };
	u64 count;
	int n;

	/* the usual case costs one call: the interrupt came within the write */
	if (read(dev->irq[index], &count, sizeof(count)) == sizeof(count))
		return 0;
	do {
		n = poll(&pfd, 1, timeout_ms);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	if (read(dev->irq[index], &count, sizeof(count)) != sizeof(count))
		return -errno;
	return 0;
}

static int exact(ssize_t n, size_t size)
{
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

int _ccw_read_region(struct ccw_dev *dev, u32 index, void *buf)
{
	size_t size = region_size[index];

	return exact(pread(dev->fd, buf, size, REGION_OFFSET(index)), size);
}

int _ccw_write_region(struct ccw_dev *dev, u32 index, const void *buf)
{
	size_t size = region_size[index];

	return exact(pwrite(dev->fd, buf, size, REGION_OFFSET(index)), size);
}

int _ccw_start(struct ccw_dev *dev, const struct ccw_orb *orb)
{
	dev->io.orb = *orb;
	dev->io.scsw = (struct ccw_scsw){ .flags = FCTL_START };
	return _ccw_write_region(dev, REGION_IO, &dev->io);
}

int _ccw_status(struct ccw_dev *dev, struct ccw_irb *irb, int timeout_ms)
{
	int rc = _ccw_wait_irq(dev, IRQ_IO, timeout_ms);

	if (!rc)
		rc = _ccw_read_region(dev, REGION_IO, &dev->io);
	if (!rc)
		*irb = dev->io.irb;
	return rc;
}

void ccw_accumulate(struct ccw_irb *irb, const struct ccw_irb *more)
{
	struct ccw_scsw old = irb->scsw;

	*irb = *more;
	irb->scsw.flags |= old.flags & STCTL_MASK;
	irb->scsw.dstat |= old.dstat;
	irb->scsw.cstat |= old.cstat;
	if (old.flags & STCTL_PRIM && !(more->scsw.flags & STCTL_PRIM)) {
		irb->scsw.cpa = old.cpa;
		irb->scsw.count = old.count;
	}
}

bool ccw_ends_start(const struct ccw_scsw *scsw)
{
	/* what goes on is shown, too, to who looks and finds no status */
	if (!(scsw->flags & STCTL_PEND))
		return false;
	if (scsw->flags & (FCTL_HALT | FCTL_CLEAR))
		return true;
	if (!(scsw->flags & FCTL_START))
		return false;		/* unsolicited */
	if (scsw->flags & SCSW_CC)
		return true;
	return scsw->flags & STCTL_PRIM &&
	       !(scsw->flags & (ACTL_SCH | ACTL_DEV | ACTL_START));
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int _ccw_final_status(struct ccw_dev *dev, struct ccw_irb *irb, int timeout_ms)
{
	long end = now_ms() + timeout_ms;
	struct ccw_irb more;
	int rc;

	memset(irb, 0, sizeof(*irb));
	do {
		long left = end - now_ms();

		rc = _ccw_status(dev, &more, left > 0 ? left : 0);
		if (rc)
			return rc;
		ccw_accumulate(irb, &more);
	} while (!ccw_ends_start(&more.scsw));
	return 0;
}

int _ccw_run(struct ccw_dev *dev, const struct ccw_orb *orb,
	     struct ccw_irb *irb)
{
	int rc = _ccw_start(dev, orb);

	return rc ? rc : _ccw_final_status(dev, irb, CCW_TIMEOUT_MS);
}

int _ccw_resume(struct ccw_dev *dev)
{
	dev->io.scsw = (struct ccw_scsw){ .flags = FCTL_START | ACTL_RESUME | ACTL_SUSP };
	return _ccw_write_region(dev, REGION_IO, &dev->io);
}

int _ccw_async(struct ccw_dev *dev, u32 command)
{
	struct ccw_cmd cmd = { .command = command };

	return _ccw_write_region(dev, REGION_CMD, &cmd);
}

int _ccw_reset(struct ccw_dev *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

int ccw_drain(struct ccw_dev *dev)
{
	struct ccw_irb irb;
	int n = 0;

	while (!_ccw_status(dev, &irb, 0))
		n++;
	return n;
}

int ccw_eventfd_id(int fd)
{
	char path[64], line[128];
	int id = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "eventfd-id: %d", &id) == 1)
			break;
	fclose(f);
	return id;
}
