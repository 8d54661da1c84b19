// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory that vfio is about to unmap.
 *
 * vfio may hold locks while it waits for an unmap which it also takes, in the
 * other order, when pages are given back: type1's lock of its device list and
 * the one of its mappings. So that is done on a work item, without any of vfio's
 * locks.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

/* how long vfio waits for an unmap: two may have to come to rest before it */
#define UNMAP_WAIT	(15 * HZ)

static void unmap_range(struct vccw_device *dev, const struct vccw_range *range)
{
	guard(mutex)(&dev->io_lock);
	if (vccw_iotlb_in_use(dev->iotlb, range->first, range->last))
		vccw_quiesce_pause(dev);
	vccw_iotlb_unmap(dev->iotlb, range->first, range->last);
}

static void unmap_work(struct work_struct *work)
{
	struct vccw_device *dev = container_of(work, struct vccw_device, unmap.work);
	struct vccw_unmap *unmap = &dev->unmap;
	struct vccw_range range[VCCW_UNMAPS];
	u32 nr, i;
	u64 asked;

	scoped_guard(spinlock, &unmap->lock) {
		memcpy(range, unmap->range, sizeof(range));
		nr = unmap->nr;
		unmap->nr = 0;
		asked = unmap->asked;
	}
	for (i = 0; i < nr; i++)
		unmap_range(dev, &range[i]);
	scoped_guard(spinlock, &unmap->lock) {
		unmap->done = asked;
		if (unmap->asked == asked)
			vccw_iotlb_give_way(dev->iotlb, false);
	}
	wake_up_all(&unmap->wait);
}

/*
 * Ranges stay apart, since a program between two of them is nobody's business.
 * Only if more wait than there is room for, the last one has to cover them.
 */
static u64 unmap_ask(struct vccw_device *dev, u64 first, u64 last)
{
	struct vccw_unmap *unmap = &dev->unmap;

	guard(spinlock)(&unmap->lock);
	if (unmap->nr < VCCW_UNMAPS) {
		unmap->range[unmap->nr++] = (struct vccw_range) { first, last };
	} else {
		struct vccw_range *range = &unmap->range[VCCW_UNMAPS - 1];

		range->first = min(range->first, first);
		range->last = max(range->last, last);
	}
	vccw_iotlb_give_way(dev->iotlb, true);
	return ++unmap->asked;
}

static bool unmap_is_done(struct vccw_unmap *unmap, u64 nr)
{
	guard(spinlock)(&unmap->lock);
	return unmap->done >= nr;
}

/*
 * The wait has an end: two unmaps in one container can block each other within
 * type1 if one of them waits for somebody who gives pages back. Whoever stops
 * waiting lets the other one go on; vfio asks again for what is still pinned.
 */
void vccw_unmap(struct vccw_device *dev, u64 iova, u64 length)
{
	struct vccw_unmap *unmap = &dev->unmap;
	u64 last, nr;
	bool done;

	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;
	nr = unmap_ask(dev, iova, last);
	queue_work(vccw_wq, &unmap->work);
	done = wait_event_timeout(unmap->wait, unmap_is_done(unmap, nr), UNMAP_WAIT);
	trace_vfio_ccw_unmap(dev, iova, last, done);
	if (!done)
		VCCW_DBF(0, dev->sch, "unmap of %llx+%llx takes long", iova, length);
}

void vccw_unmap_init(struct vccw_device *dev)
{
	struct vccw_unmap *unmap = &dev->unmap;

	spin_lock_init(&unmap->lock);
	init_waitqueue_head(&unmap->wait);
	INIT_WORK(&unmap->work, unmap_work);
}

void vccw_unmap_exit(struct vccw_device *dev)
{
	cancel_work_sync(&dev->unmap.work);
}
