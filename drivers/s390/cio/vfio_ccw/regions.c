// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions: a table of what there is, and the one way in.
 *
 * An offset names a region in its upper bits and a place in it in the lower
 * ones. All of it is looked at, not only what fits into some type.
 */
#include <linux/lockdep.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "vfio_ccw.h"

#define REGION_SHIFT	10
#define REGION_MASK	((1ULL << REGION_SHIFT) - 1)

/**
 * struct vccw_region - a region
 * @size: in bytes
 * @subtype: VFIO_REGION_SUBTYPE_CCW_*, 0 if it needs no name
 * @read: copy @count bytes from @off to the user; in range, @count not 0
 * @write: the other direction; %NULL if it cannot be written
 */
struct vccw_region {
	u32 size;
	u32 subtype;
	int (*read)(struct vccw_device *dev, char __user *buf, size_t off, size_t count);
	int (*write)(struct vccw_device *dev, const char __user *buf, size_t off, size_t count);
};

/* does [off, off + count) have all of [begin, end)? */
static bool covers(size_t off, size_t count, size_t begin, size_t end)
{
	return off <= begin && off + count >= end;
}

/* --- I/O ------------------------------------------------------------------ */

#define IRB_BEGIN	offsetof(struct ccw_io_region, irb_area)
#define IRB_END		offsetofend(struct ccw_io_region, irb_area)

/*
 * The whole region, as all users have it, is of a size known beforehand; the
 * kernel then need not find out which object it copies to or from.
 */
static unsigned long io_to_user(char __user *buf, const struct ccw_io_region *region,
				size_t off, size_t count)
{
	if (likely(count == sizeof(*region)))
		return copy_to_user(buf, region, sizeof(*region));
	return copy_to_user(buf, (const u8 *)region + off, count);
}

static unsigned long io_from_user(struct ccw_io_region *region, const char __user *buf,
				  size_t count)
{
	if (likely(count == sizeof(*region)))
		return copy_from_user(region, buf, sizeof(*region));
	return copy_from_user(region, buf, count);
}

/*
 * Nothing is copied from or to the user with io_lock held: his memory may make
 * us wait as long as he likes, and vfio waits for io_lock at an unmap.
 *
 * What the user wrote is read without io_lock, so that taking status never
 * waits for a translation. A user who writes at the same time may see a mix of
 * his own bytes.
 *
 * Whoever takes status has all that was signalled until then. A signal that stayed
 * would make him read once more and find nothing, and QEMU puts what it finds in the
 * place of what the guest may not have seen yet.
 */
static int io_read(struct vccw_device *dev, char __user *buf, size_t off, size_t count)
{
	struct ccw_io_region region __aligned(8);
	u32 *irb = (u32 *)region.irb_area;
	bool taken = false, again;
	u32 epoch;

	static_assert(sizeof(region.irb_area) == IRB_WORDS * sizeof(*irb));
	memcpy(&region, &dev->region, IRB_BEGIN);
	region.ret_code = dev->region.ret_code;
	scoped_guard(spinlock_irq, &dev->sch->lock) {
		epoch = dev->status.epoch;
		if (likely(covers(off, count, IRB_BEGIN, IRB_END)))
			taken = vccw_status_take(&dev->status, irb);
		else
			vccw_status_peek(&dev->status, irb);
		again = taken && dev->status.again;
		if (unlikely(again)) {
			dev->status.again = false;
			vccw_irq_drain(dev, VFIO_CCW_IO_IRQ_INDEX);
		}
	}
	if (likely(!io_to_user(buf, &region, off, count)))
		return 0;
	if (taken) {
		guard(spinlock_irq)(&dev->sch->lock);
		if (dev->status.epoch != epoch)
			return -EFAULT;
		vccw_status_untake(&dev->status, irb);
		if (again)
			vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
	}
	return -EFAULT;
}

static int io_write(struct vccw_device *dev, const char __user *buf, size_t off, size_t count)
{
	struct ccw_io_region region;
	int ret;

	if (unlikely(!covers(off, count, 0, IRB_BEGIN)))
		return -EINVAL;
	if (io_from_user(&region, buf, count))
		return -EFAULT;
	guard(mutex)(&dev->io_lock);
	memcpy(&dev->region, &region, IRB_BEGIN);
	ret = vccw_request_start(dev);
	dev->region.ret_code = ret;
	return ret;
}

/* --- halt and clear ------------------------------------------------------- */

static int cmd_read(struct vccw_device *dev, char __user *buf, size_t off, size_t count)
{
	struct ccw_cmd_region cmd;

	scoped_guard(mutex, &dev->io_lock)
		cmd = dev->cmd;
	return copy_to_user(buf, (u8 *)&cmd + off, count) ? -EFAULT : 0;
}

static int cmd_write(struct vccw_device *dev, const char __user *buf, size_t off, size_t count)
{
	struct ccw_cmd_region cmd;
	int ret;

	if (!covers(off, count, 0, sizeof(cmd.command)))
		return -EINVAL;
	if (copy_from_user(&cmd, buf, count))
		return -EFAULT;
	guard(mutex)(&dev->io_lock);
	dev->cmd.command = cmd.command;
	ret = vccw_request_command(dev);
	dev->cmd.ret_code = ret;
	return ret;
}

/* --- SCHIB ------------------------------------------------------------------ */

static int schib_fetch(struct vccw_device *dev, struct schib *schib)
{
	struct subchannel *sch = dev->sch;
	int ret;

	guard(spinlock_irq)(&sch->lock);
	if (dev->state == VCCW_STATE_GONE)
		return -ENODEV;
	ret = dev->io->update_schib(sch);
	if (ret)
		return ret;
	*schib = sch->schib;
	/* addresses of the host */
	schib->pmcw.intparm = 0;
	schib->scsw.cmd.cpa = 0;
	schib->mba = 0;
	schib->pmcw.pam &= sch->opm;
	return 0;
}

static int schib_read(struct vccw_device *dev, char __user *buf, size_t off, size_t count)
{
	struct schib schib;
	int ret;

	static_assert(sizeof(schib) == sizeof(struct ccw_schib_region));
	ret = schib_fetch(dev, &schib);
	if (ret)
		return -ENODEV;
	return copy_to_user(buf, (u8 *)&schib + off, count) ? -EFAULT : 0;
}

/* --- channel reports ---------------------------------------------------------- */

static int crw_read(struct vccw_device *dev, char __user *buf, size_t off, size_t count)
{
	struct ccw_crw_region region = {};
	bool take = count == sizeof(region);
	u32 epoch;

	scoped_guard(spinlock_irq, &dev->sch->lock) {
		epoch = dev->crws.epoch;
		region.crw = take ? vccw_crw_take(&dev->crws) : vccw_crw_peek(&dev->crws);
	}
	if (!copy_to_user(buf, (u8 *)&region + off, count))
		return 0;
	if (take) {
		guard(spinlock_irq)(&dev->sch->lock);
		if (dev->crws.epoch == epoch)
			vccw_crw_untake(&dev->crws, region.crw);
	}
	return -EFAULT;
}

/* --- the way in ------------------------------------------------------------- */

static const struct vccw_region regions[VCCW_NR_REGIONS] = {
	[VFIO_CCW_CONFIG_REGION_INDEX] = {
		.size = sizeof(struct ccw_io_region),
		.read = io_read,
		.write = io_write,
	},
	{
		.size = sizeof(struct ccw_cmd_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD,
		.read = cmd_read,
		.write = cmd_write,
	},
	{
		.size = sizeof(struct ccw_schib_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_SCHIB,
		.read = schib_read,
	},
	{
		.size = sizeof(struct ccw_crw_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_CRW,
		.read = crw_read,
	},
};

/* the region that [pos, pos + count) lies in, and where; %NULL if in none */
static const struct vccw_region *region_find(loff_t pos, size_t count, size_t *off)
{
	u64 index = (u64)pos >> REGION_SHIFT;
	const struct vccw_region *region = &regions[VFIO_CCW_CONFIG_REGION_INDEX];

	/* what most calls are about is the first one, for I/O */
	if (unlikely(index)) {
		if (index >= ARRAY_SIZE(regions))
			return NULL;
		region = &regions[array_index_nospec(index, ARRAY_SIZE(regions))];
	}
	*off = pos & REGION_MASK;
	if (*off > region->size || count > region->size - *off)
		return NULL;
	return region;
}

ssize_t vccw_region_read(struct vccw_device *dev, char __user *buf, size_t count, loff_t *ppos)
{
	const struct vccw_region *region;
	size_t off;
	int ret;

	region = region_find(*ppos, count, &off);
	if (!region)
		return -EINVAL;
	ret = count ? region->read(dev, buf, off, count) : 0;
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

ssize_t vccw_region_write(struct vccw_device *dev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	const struct vccw_region *region;
	size_t off;
	int ret;

	region = region_find(*ppos, count, &off);
	if (!region || !region->write)
		return -EINVAL;
	ret = count ? region->write(dev, buf, off, count) : 0;
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

int vccw_region_info(struct vfio_region_info *info, struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_type cap = {
		.header.id = VFIO_REGION_INFO_CAP_TYPE,
		.header.version = 1,
		.type = VFIO_REGION_TYPE_CCW,
	};
	const struct vccw_region *region;

	if (info->index >= ARRAY_SIZE(regions))
		return -EINVAL;
	region = &regions[array_index_nospec(info->index, ARRAY_SIZE(regions))];
	info->offset = (u64)info->index << REGION_SHIFT;
	info->size = region->size;
	info->flags = VFIO_REGION_INFO_FLAG_READ;
	if (region->write)
		info->flags |= VFIO_REGION_INFO_FLAG_WRITE;
	if (!region->subtype)
		return 0;
	cap.subtype = region->subtype;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap));
}
