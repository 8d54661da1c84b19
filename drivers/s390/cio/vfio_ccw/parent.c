// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subchannel's side: the css_driver, and the parent of the mediated device.
 *
 * cio calls sch_event from its one work queue, which serves all subchannels of
 * the host. To unregister a mediated device is to wait for its user. So this is
 * done on a work item of the parent, and cio is asked to unregister the
 * subchannel only when the user has left; remove has nothing to wait for then.
 * It waits only if an administrator unbinds the driver, in his own process.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <asm/isc.h>
#include <asm/irq.h>

#include "chp.h"
#include "vfio_ccw.h"

/* how long shutdown waits for a request to leave */
#define SHUTDOWN_WAIT	(2 * HZ)

/* how long until a device is offered again if there was no memory for that */
#define OFFER_WAIT	HZ

static struct vccw_parent *to_vccw_parent(struct subchannel *sch)
{
	return dev_get_drvdata(&sch->dev);
}

/* --- the device below -------------------------------------------------------- */

int vccw_parent_attach(struct vccw_parent *parent, struct vccw_device *dev)
{
	guard(mutex)(&parent->device_lock);
	guard(spinlock_irq)(&parent->sch->lock);
	if (parent->lost)
		return -ENODEV;
	if (parent->device)
		return -EUSERS;
	parent->device = dev;
	return 0;
}

void vccw_parent_detach(struct vccw_parent *parent)
{
	guard(mutex)(&parent->device_lock);
	guard(spinlock_irq)(&parent->sch->lock);
	parent->device = NULL;
}

/* --- loss and return ----------------------------------------------------------- */

/*
 * Is the subchannel there, and does it lead to the device that it led to before?
 * A device that left and came back in between took what was started with it: the
 * subchannel is not enabled any more.
 */
static int parent_check(struct vccw_parent *parent)
{
	struct vccw_device *dev = parent->device;
	int ret = parent->io->update_schib(parent->sch);

	if (ret)
		return ret;
	if (parent->sch->schib.pmcw.dev != parent->devno)
		return -EACCES;
	/* whoever brought it to rest found nothing there */
	if (dev && dev->state == VCCW_STATE_GONE)
		return -EACCES;
	if (dev && dev->state != VCCW_STATE_CLOSED && !parent->sch->schib.pmcw.ena)
		return -EACCES;
	return 0;
}

static int parent_mdev_register(struct vccw_parent *parent)
{
	/* it may have been registered before: a kobject knows its name for ever */
	memset(&parent->type, 0, sizeof(parent->type));
	parent->type.sysfs_name = "io";
	parent->type.pretty_name = "I/O subchannel (Non-QDIO)";
	parent->types[0] = &parent->type;
	return mdev_register_parent(&parent->mdev_parent, &parent->sch->dev, &vccw_mdev_driver,
				    parent->types, 1);
}

/*
 * The device's user is gone. Is there a device again? If not, cio unregisters the
 * subchannel, and registers a new one when there is.
 */
static bool parent_returns(struct vccw_parent *parent)
{
	struct subchannel *sch = parent->sch;

	guard(spinlock_irq)(&sch->lock);
	if (!parent->lost || parent->in_transit || parent->unregistering)
		return false;
	if (parent->io->update_schib(sch) || sch->schib.pmcw.qf) {
		parent->unregistering = true;
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
		return false;
	}
	parent->devno = sch->schib.pmcw.dev;
	parent->lost = false;
	return true;
}

/* with sch->lock held */
static void parent_queue_work(struct vccw_parent *parent, unsigned long delay)
{
	if (!parent->in_transit)
		queue_delayed_work(vccw_parent_wq, &parent->work, delay);
}

static void parent_work(struct work_struct *work)
{
	struct vccw_parent *parent = container_of(to_delayed_work(work), struct vccw_parent, work);
	bool lost;

	scoped_guard(spinlock_irq, &parent->sch->lock)
		lost = parent->lost;
	if (lost && parent->registered) {
		mdev_unregister_parent(&parent->mdev_parent);
		parent->registered = false;
	}
	if (!parent_returns(parent))
		return;
	parent->registered = !parent_mdev_register(parent);
	VCCW_DBF(2, parent->sch, "returned, registered %d", parent->registered);
	if (parent->registered)
		return;
	guard(spinlock_irq)(&parent->sch->lock);
	parent->lost = true;
	parent_queue_work(parent, OFFER_WAIT);
}

static void parent_lose(struct vccw_parent *parent)
{
	if (!parent->lost)
		VCCW_DBF(2, parent->sch, "lost");
	parent->lost = true;
	if (parent->device)
		vccw_fsm_event(parent->device, VCCW_EVENT_LOST);
}

void vccw_parent_lost(struct vccw_device *dev)
{
	struct vccw_parent *parent = to_vccw_parent(dev->sch);

	lockdep_assert_held(&dev->sch->lock);
	parent_lose(parent);
	parent_queue_work(parent, 0);
}

static int parent_sch_event(struct subchannel *sch, int process)
{
	struct vccw_parent *parent;

	guard(spinlock_irqsave)(&sch->lock);
	parent = to_vccw_parent(sch);
	if (!parent || !device_is_registered(&sch->dev))
		return 0;
	/* a new subchannel of the same number comes after this one */
	if (parent->unregistering || work_pending(&sch->todo_work))
		return -EAGAIN;
	if (parent_check(parent))
		parent_lose(parent);
	if (parent->lost)
		parent_queue_work(parent, 0);
	return 0;
}

/* --- paths ------------------------------------------------------------------------ */

/* cio calls it with sch->lock held */
static int parent_chp_event(struct subchannel *sch, struct chp_link *link, int event)
{
	struct vccw_parent *parent = to_vccw_parent(sch);
	int mask = chp_ssd_get_mask(&sch->ssd_info, link);

	if (!parent || !mask)
		return 0;
	VCCW_DBF(2, sch, "paths %02x event %d", mask, event);
	return vccw_paths_event(sch, parent->io, parent->device, mask, event);
}

/* --- interrupts --------------------------------------------------------------------- */

/* cio calls it with sch->lock held, after TEST SUBCHANNEL */
static void parent_irq(struct subchannel *sch)
{
	struct vccw_parent *parent = to_vccw_parent(sch);
	struct vccw_device *dev = parent ? parent->device : NULL;

	inc_irq_stat(IRQIO_CIO);
	if (unlikely(!dev))
		return;
	static_assert(sizeof(struct irb) <= sizeof(dev->irb));
	memcpy(dev->irb, this_cpu_ptr(&cio_irb), sizeof(struct irb));
	vccw_fsm_event(dev, VCCW_EVENT_INTERRUPT);
}

/* --- coming and going ---------------------------------------------------------------- */

static void parent_set_drvdata(struct subchannel *sch, struct vccw_parent *parent)
{
	guard(spinlock_irq)(&sch->lock);
	dev_set_drvdata(&sch->dev, parent);
}

static int parent_probe(struct subchannel *sch)
{
	struct vccw_parent *parent;
	int ret;

	if (sch->schib.pmcw.qf) {
		dev_warn(&sch->dev, "QDIO devices are not supported\n");
		return -ENODEV;
	}
	parent = kzalloc_obj(*parent);
	if (!parent)
		return -ENOMEM;
	parent->sch = sch;
	parent->io = &vfio_ccw_io_ops;
	parent->devno = sch->schib.pmcw.dev;
	parent->in_transit = true;
	mutex_init(&parent->device_lock);
	INIT_DELAYED_WORK(&parent->work, parent_work);
	parent_set_drvdata(sch, parent);

	ret = parent_mdev_register(parent);
	if (ret) {
		parent_set_drvdata(sch, NULL);
		kfree(parent);
		return ret;
	}
	parent->registered = true;
	VCCW_DBF(4, sch, "probed");
	guard(spinlock_irq)(&sch->lock);
	parent->in_transit = false;
	if (parent->lost)
		parent_queue_work(parent, 0);
	return 0;
}

static void parent_remove(struct subchannel *sch)
{
	struct vccw_parent *parent = to_vccw_parent(sch);

	scoped_guard(spinlock_irq, &sch->lock)
		parent->in_transit = true;
	cancel_delayed_work_sync(&parent->work);
	if (parent->registered)
		mdev_unregister_parent(&parent->mdev_parent);
	parent_set_drvdata(sch, NULL);
	VCCW_DBF(4, sch, "removed");
	mutex_destroy(&parent->device_lock);
	kfree(parent);
}

/* whoever holds io_lock for long waits for memory of a user who is gone */
static bool parent_shutdown_lock(struct mutex *lock)
{
	unsigned long limit = jiffies + SHUTDOWN_WAIT;

	while (!mutex_trylock(lock)) {
		if (time_after(jiffies, limit))
			return false;
		msleep(20);
	}
	return true;
}

static void parent_shutdown(struct subchannel *sch)
{
	struct vccw_parent *parent = to_vccw_parent(sch);
	struct vccw_device *dev;
	bool locked;

	scoped_guard(spinlock_irq, &sch->lock)
		parent->in_transit = true;
	guard(mutex)(&parent->device_lock);
	dev = parent->device;
	if (!dev)
		return;
	locked = parent_shutdown_lock(&dev->io_lock);
	if (locked)
		vccw_quiesce_stop(dev);
	/* whatever comes from a user from now on finds no subchannel */
	scoped_guard(spinlock_irq, &sch->lock)
		vccw_fsm_event(dev, VCCW_EVENT_LOST);
	if (locked)
		mutex_unlock(&dev->io_lock);
}

static struct css_device_id parent_ids[] = {
	{ .match_flags = 0x1, .type = SUBCHANNEL_TYPE_IO },
	{ }
};
MODULE_DEVICE_TABLE(css, parent_ids);

static struct css_driver parent_driver = {
	.drv = {
		.name = "vfio_ccw",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.subchannel_type = parent_ids,
	.irq = parent_irq,
	.probe = parent_probe,
	.remove = parent_remove,
	.shutdown = parent_shutdown,
	.sch_event = parent_sch_event,
	.chp_event = parent_chp_event,
};

int vccw_parent_register(void)
{
	int ret;

	isc_register(VFIO_CCW_ISC);
	ret = css_driver_register(&parent_driver);
	if (ret)
		isc_unregister(VFIO_CCW_ISC);
	return ret;
}

void vccw_parent_unregister(void)
{
	css_driver_unregister(&parent_driver);
	isc_unregister(VFIO_CCW_ISC);
}
