// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eventfd triggers.
 *
 * A trigger changes and is signalled with sch->lock held, which the interrupt
 * handler has anyway. References are put after the lock is given back.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/lockdep.h>
#include <linux/wait.h>

#include "vfio_ccw.h"

/* out of the way of what is signalled each time */
static noinline void irq_unheard(struct vccw_device *dev, unsigned int index)
{
	dev->unheard |= BIT(index);
}

void vccw_irq_signal(struct vccw_device *dev, unsigned int index)
{
	lockdep_assert_held(&dev->sch->lock);
	/* the user is told when he lets it go on; but the host may want it back at any time */
	if (unlikely(dev->state == VCCW_STATE_FROZEN) && index != VFIO_CCW_REQ_IRQ_INDEX)
		return;
	if (likely(dev->trigger[index]))
		eventfd_signal(dev->trigger[index]);
	else
		irq_unheard(dev, index);
}

static bool irq_has_something(struct vccw_device *dev, unsigned int index)
{
	switch (index) {
	case VFIO_CCW_IO_IRQ_INDEX:
		return dev->status.pending;
	case VFIO_CCW_CRW_IRQ_INDEX:
		return dev->crws.nr;
	default:
		return false;
	}
}

void vccw_irq_remind(struct vccw_device *dev, unsigned int index)
{
	lockdep_assert_held(&dev->sch->lock);
	if (!irq_has_something(dev, index))
		return;
	/* it may be the second signal for the same status, whoever takes that takes both */
	if (index == VFIO_CCW_IO_IRQ_INDEX)
		dev->status.again = true;
	vccw_irq_signal(dev, index);
}

void vccw_irq_drain(struct vccw_device *dev, unsigned int index)
{
	wait_queue_entry_t nobody;
	u64 count;

	lockdep_assert_held(&dev->sch->lock);
	if (!dev->trigger[index])
		return;
	/*
	 * The counter can be read only together with leaving the wait queue.
	 * Leaving it without being in it is as good.
	 */
	init_waitqueue_entry(&nobody, NULL);
	INIT_LIST_HEAD(&nobody.entry);
	eventfd_ctx_remove_wait_queue(dev->trigger[index], &nobody, &count);
}

static void irq_replace(struct vccw_device *dev, unsigned int index, struct eventfd_ctx *ctx)
{
	scoped_guard(spinlock_irq, &dev->sch->lock) {
		swap(dev->trigger[index], ctx);
		if (dev->trigger[index] && (dev->unheard & BIT(index))) {
			dev->unheard &= ~BIT(index);
			vccw_irq_remind(dev, index);
		}
	}
	if (ctx)
		eventfd_ctx_put(ctx);
}

static int irq_set_eventfd(struct vccw_device *dev, unsigned int index, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	irq_replace(dev, index, ctx);
	return 0;
}

static int irq_loopback(struct vccw_device *dev, unsigned int index)
{
	guard(spinlock_irq)(&dev->sch->lock);
	vccw_irq_signal(dev, index);
	return 0;
}

int vccw_irq_set(struct vccw_device *dev, const struct vfio_irq_set *set, const void *data)
{
	u32 type = set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;

	if ((set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;
	if (!set->count) {
		if (type != VFIO_IRQ_SET_DATA_NONE)
			return -EINVAL;
		irq_replace(dev, set->index, NULL);
		return 0;
	}
	switch (type) {
	case VFIO_IRQ_SET_DATA_NONE:
		return irq_loopback(dev, set->index);
	case VFIO_IRQ_SET_DATA_BOOL:
		return *(const u8 *)data ? irq_loopback(dev, set->index) : 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return irq_set_eventfd(dev, set->index, *(const s32 *)data);
	default:
		return -EINVAL;
	}
}

void vccw_irq_release(struct vccw_device *dev)
{
	unsigned int i;

	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++)
		irq_replace(dev, i, NULL);
}
