// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way to bring a subchannel to rest: close, reset, dma_unmap, migration
 * and shutdown come here.
 *
 * Cancel, halt and clear are tried in turn, and the interrupt handler says
 * when something happened. It ends after a few seconds whatever the device
 * does; a subchannel that does not come to rest is disabled. cio counts the
 * halts that got no answer; that answers to halts may go on for ever is seen to
 * here.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

/* how long to wait for an interrupt until the next thing is tried */
#define QUIESCE_WAIT	(HZ / 2)

/* from here on it is cleared, whatever else is tried: a halt is not always the end */
#define QUIESCE_PATIENCE	4

/* the longest that all takes */
#define QUIESCE_LIMIT	(5 * HZ)

/*
 * Return: 0, or why the subchannel is not at rest. The state is QUIESCING, GONE
 * or CLOSED, and only QUIESCING asks for more to be done.
 */
static int quiesce(struct vccw_device *dev)
{
	unsigned long limit = jiffies + QUIESCE_LIMIT;
	int retries = 255, tries = 0;
	int ret = 0;

	lockdep_assert_held(&dev->io_lock);
	lockdep_assert_held(&dev->sch->lock);

	if (vccw_fsm_event(dev, VCCW_EVENT_QUIESCE))
		return 0;
	while (dev->state == VCCW_STATE_QUIESCING) {
		reinit_completion(&dev->rest);
		ret = dev->io->rest(dev->sch, &retries);
		if (ret != -EBUSY || time_after(jiffies, limit))
			break;
		if (++tries > QUIESCE_PATIENCE)
			dev->io->clear(dev->sch);
		spin_unlock_irq(&dev->sch->lock);
		wait_for_completion_timeout(&dev->rest, QUIESCE_WAIT);
		spin_lock_irq(&dev->sch->lock);
	}
	trace_vfio_ccw_quiesce(dev, tries, ret);
	dev->stats.quiesces++;
	if (ret)
		dev->stats.quiesce_failures++;
	if (ret == -ENODEV || ret == -EACCES)
		vccw_fsm_event(dev, VCCW_EVENT_LOST);
	else if (ret)
		VCCW_DBF(0, dev->sch, "does not come to rest: %d", ret);
	return ret;
}

/* whoever lets go of what he asked for is not told how it ends, nor what came meanwhile */
static void quiesce_close(struct vccw_device *dev)
{
	vccw_status_reset(&dev->status);
	quiesce(dev);
	vccw_fsm_event(dev, VCCW_EVENT_CLOSE);
	vccw_status_reset(&dev->status);
	vccw_crw_reset(&dev->crws);
}

void vccw_quiesce_stop(struct vccw_device *dev)
{
	guard(spinlock_irq)(&dev->sch->lock);
	quiesce_close(dev);
}

static void quiesce_pause(struct vccw_device *dev)
{
	if (!quiesce(dev)) {
		vccw_fsm_event(dev, VCCW_EVENT_RESTED);
		return;
	}
	/* it is stuck: only disabling it makes sure that memory is left alone */
	if (vccw_status_abort(&dev->status))
		vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
	vccw_fsm_event(dev, VCCW_EVENT_CLOSE);
	if (dev->state == VCCW_STATE_CLOSED && vccw_fsm_event(dev, VCCW_EVENT_OPEN))
		vccw_parent_lost(dev);
}

void vccw_quiesce_pause(struct vccw_device *dev)
{
	guard(spinlock_irq)(&dev->sch->lock);
	quiesce_pause(dev);
}

int vccw_quiesce_freeze(struct vccw_device *dev)
{
	guard(spinlock_irq)(&dev->sch->lock);
	if (vccw_status_suspended(&dev->status))
		return -EBUSY;
	quiesce_pause(dev);
	return vccw_fsm_event(dev, VCCW_EVENT_FREEZE);
}

int vccw_quiesce_reset(struct vccw_device *dev)
{
	unsigned int i;

	guard(spinlock_irq)(&dev->sch->lock);
	quiesce_close(dev);
	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++)
		if (i != VFIO_CCW_REQ_IRQ_INDEX)
			vccw_irq_drain(dev, i);
	dev->stats.resets++;
	return vccw_fsm_event(dev, VCCW_EVENT_OPEN);
}
