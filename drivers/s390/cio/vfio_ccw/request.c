// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's requests: start, halt, clear, resume.
 */
#include <linux/lockdep.h>
#include <linux/string.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

/* how often a translation is repeated since the address space moved meanwhile */
#define START_TRIES	4

/* how often, in jiffies, a paused program is tried to go on */
#define FOLLOW_TRIES	100

/*
 * The pages are right for the moment at which the translation began. If the
 * address space does not come to rest, that has to do: the request was there
 * already.
 */
static int request_translate(struct vccw_device *dev)
{
	int tries, ret;

	for (tries = START_TRIES;;) {
		vccw_iotlb_begin(dev->iotlb);
		ret = cp_translate(&dev->cp, &dev->orb, &dev->host);
		if (likely(vccw_iotlb_ready(dev->iotlb)) || ret || !--tries)
			break;
		vccw_program_release(dev);
		dev->stats.retranslated++;
	}
	trace_vfio_ccw_translated(dev, ret);
	dev->stats.ccws += dev->cp.counts.ccws;
	dev->stats.idaws += dev->cp.counts.idaws;
	dev->stats.bytes += dev->cp.counts.bytes;
	/* users try again at once and for ever upon this one */
	return ret == -EAGAIN ? -EBUSY : ret;
}

/* a state in which no start is possible; nobody but us can leave IDLE for BUSY */
static int request_refusal(struct vccw_device *dev)
{
	if (likely(READ_ONCE(dev->state) == VCCW_STATE_IDLE))
		return 0;
	guard(spinlock_irq)(&dev->sch->lock);
	if (dev->state == VCCW_STATE_IDLE)
		return 0;
	return vccw_fsm_event(dev, VCCW_EVENT_START);
}

static int request_issue(struct vccw_device *dev, enum vccw_event event)
{
	guard(spinlock_irq)(&dev->sch->lock);
	return vccw_fsm_event(dev, event);
}

static int request_count(struct vccw_device *dev, int ret)
{
	switch (ret) {
	case -EBUSY:
		dev->stats.refused_busy++;
		break;
	case -ENODEV:
	case -EACCES:
		dev->stats.refused_path++;
		break;
	}
	return min(ret, 0);
}

static int request_start(struct vccw_device *dev)
{
	int ret;

	ret = request_refusal(dev);
	if (ret)
		return ret;
	ret = request_translate(dev);
	if (unlikely(ret)) {
		dev->stats.refused_resources++;
		vccw_program_release(dev);
		VCCW_DBF(2, dev->sch, "translate: %d", ret);
		return ret;
	}
	if (unlikely(dev->cp.counts.unfollowed))
		dev->stats.unfollowed++;
	ret = request_issue(dev, VCCW_EVENT_START);
	if (unlikely(ret))
		vccw_program_release(dev);
	return ret;
}

/*
 * The subchannel is suspended: nothing uses the program's memory, and its CCWs are
 * fetched again. Pages are marked for the new translation only. Status may come
 * meanwhile, even such that ends the program; the old translation is there for it.
 */
static int request_retranslate(struct vccw_device *dev)
{
	int tries, ret;

	for (tries = START_TRIES;;) {
		vccw_iotlb_begin(dev->iotlb);
		if (unlikely(dev->ended))
			ret = cp_go_on(&dev->spare, &dev->cp, &dev->host);
		else
			ret = cp_retranslate(&dev->spare, &dev->cp, dev->suspended_at,
					     &dev->host);
		if (likely(vccw_iotlb_ready(dev->iotlb)) || ret || !--tries)
			break;
		dev->stats.retranslated++;
	}
	trace_vfio_ccw_resume(dev, ret);
	dev->stats.ccws += dev->spare.counts.ccws;
	dev->stats.idaws += dev->spare.counts.idaws;
	dev->stats.bytes += dev->spare.counts.bytes;
	return ret == -EAGAIN ? -EBUSY : ret;
}

/* a resume that is refused whatever the program is now; io_lock keeps others from resuming it */
static int request_resume_refusal(struct vccw_device *dev)
{
	u32 gpa;

	guard(spinlock_irq)(&dev->sch->lock);
	if (dev->state != VCCW_STATE_BUSY)
		return vccw_fsm_event(dev, VCCW_EVENT_RESUME);
	if (!vccw_status_resumable(&dev->status))
		return -EBUSY;
	/* hardware that does not tell where it is cannot be led anywhere */
	return cp_suspended(&dev->cp, dev->suspended_at, &gpa) ? 0 : -EOPNOTSUPP;
}

/* let a suspended program go on, whoever wants it */
static int request_go_on(struct vccw_device *dev)
{
	int ret;

	ret = request_retranslate(dev);
	if (ret)
		dev->stats.refused_resources++;
	guard(spinlock_irq)(&dev->sch->lock);
	if (!ret)
		ret = vccw_fsm_event(dev, VCCW_EVENT_RESUME);
	if (ret)
		cp_forget(&dev->spare);
	/* the program ended meanwhile, and the pages of the new translation are left */
	if (!dev->program)
		vccw_program_release(dev);
	VCCW_DBF(6, dev->sch, "resume: %d", ret);
	return ret;
}

static int request_resume(struct vccw_device *dev)
{
	return request_resume_refusal(dev) ?: request_go_on(dev);
}

static bool request_is_paused(struct vccw_device *dev)
{
	guard(spinlock_irq)(&dev->sch->lock);
	return dev->state == VCCW_STATE_BUSY && dev->paused &&
	       vccw_status_started(&dev->status);
}

/*
 * A program that paused goes on, translated anew, unless it is being halted or cleared.
 * The hardware refuses while it has status that we have not seen yet, and that
 * comes; so does an unmap's end. Without memory there is nobody to be told so: the
 * program is ended.
 */
static void request_follow(struct work_struct *work)
{
	struct vccw_device *dev = container_of(to_delayed_work(work), struct vccw_device, follow);
	int ret = 0;

	guard(mutex)(&dev->io_lock);
	if (request_is_paused(dev))
		ret = request_go_on(dev);
	if (ret == -EBUSY && request_is_paused(dev) &&
	    (vccw_iotlb_gives_way(dev->iotlb) || ++dev->follow_tries < FOLLOW_TRIES)) {
		queue_delayed_work(vccw_wq, &dev->follow, 1);
		return;
	}
	dev->follow_tries = 0;
	if (!ret || !request_is_paused(dev))
		return;
	VCCW_DBF(2, dev->sch, "a program that changed itself ends: %d", ret);
	vccw_quiesce_pause(dev);
}

void vccw_request_init(struct vccw_device *dev)
{
	INIT_DELAYED_WORK(&dev->follow, request_follow);
}

int vccw_request_start(struct vccw_device *dev)
{
	u32 scsw0;
	int ret;

	lockdep_assert_held(&dev->io_lock);
	memcpy(&scsw0, dev->region.scsw_area, sizeof(scsw0));
	if (unlikely((scsw0 & SCSW0_FC) != SCSW0_FC_START))
		return scsw0 & SCSW0_FC ? -EOPNOTSUPP : -EINVAL;
	if (unlikely(scsw0 & SCSW0_AC_RESUME_PEND))
		return request_count(dev, request_resume(dev));
	static_assert(sizeof(dev->orb) == sizeof(dev->region.orb_area));
	memcpy(&dev->orb, dev->region.orb_area, sizeof(dev->orb));
	ret = cp_orb_check(&dev->orb, dev->have);
	if (unlikely(ret)) {
		dev->stats.refused_orb++;
		VCCW_DBF(2, dev->sch, "orb %08x %08x: %d", dev->orb.flags, dev->orb.cpa, ret);
		return ret;
	}
	return request_count(dev, request_start(dev));
}

int vccw_request_command(struct vccw_device *dev)
{
	int ret;

	lockdep_assert_held(&dev->io_lock);
	switch (dev->cmd.command) {
	case VFIO_CCW_ASYNC_CMD_HSCH:
		ret = request_issue(dev, VCCW_EVENT_HALT);
		break;
	case VFIO_CCW_ASYNC_CMD_CSCH:
		ret = request_issue(dev, VCCW_EVENT_CLEAR);
		break;
	case VFIO_CCW_ASYNC_CMD_RSCH:
		ret = request_resume(dev);
		break;
	default:
		return -EINVAL;
	}
	VCCW_DBF(6, dev->sch, "command %u: %d", dev->cmd.command, ret);
	return request_count(dev, ret);
}
