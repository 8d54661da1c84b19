// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a device: what the actions of fsm_table.h do.
 *
 * All run with sch->lock held, START and what comes from quiesce.c with io_lock
 * held, too; INTERRUPT, KILL and LOST come from anywhere.
 */
#include <linux/lockdep.h>

#include "vccw_trace.h"
#include "vfio_ccw.h"

/* of a translator without a program, for status that belongs to none */
static const struct cp no_program;

static int fsm_none(struct vccw_device *dev)
{
	return 0;
}

static int fsm_stay(struct vccw_device *dev)
{
	return 1;
}

static int fsm_busy(struct vccw_device *dev)
{
	return -EBUSY;
}

static int fsm_off(struct vccw_device *dev)
{
	return -EIO;
}

static int fsm_gone(struct vccw_device *dev)
{
	return -ENODEV;
}

static int fsm_enable(struct vccw_device *dev)
{
	int ret = dev->io->enable(dev->sch);

	VCCW_DBF(ret ? 2 : 4, dev->sch, "enable: %d", ret);
	return ret;
}

/*
 * Take the program's memory from the hardware, whatever it does. A subchannel
 * cannot be disabled while a function is in progress, but CLEAR SUBCHANNEL ends
 * the start function there and then: SA22-7832, Chapter 14.
 */
static void fsm_take_back(struct vccw_device *dev)
{
	int ret = dev->io->disable(dev->sch);

	if (ret == -EBUSY) {
		dev->io->clear(dev->sch);
		ret = dev->io->disable(dev->sch);
	}
	VCCW_DBF(ret ? 2 : 4, dev->sch, "disable: %d", ret);
	vccw_program_end(dev);
}

static int fsm_disable(struct vccw_device *dev)
{
	fsm_take_back(dev);
	return 0;
}

/* paths that a start may use; it ends with cc 3 if there is none */
static bool fsm_has_path(struct vccw_device *dev)
{
	return dev->sch->lpm & (dev->host.orb.flags >> ORB1_LPM_SHIFT);
}

static int fsm_start(struct vccw_device *dev)
{
	int ret;

	/* the subchannel is not done with what was before, as far as the user knows */
	if (dev->status.pending || (dev->status.control & SCSW0_FC))
		return -EBUSY;
	if (unlikely(dev->host.cstat) && fsm_has_path(dev)) {
		vccw_status_check(&dev->status, dev->orb.flags, dev->host.cstat, dev->host.cpa);
		dev->stats.checks++;
		vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
		return 1;
	}
	ret = dev->io->start(dev->sch, &dev->host.orb);
	if (ret)
		return ret;
	vccw_status_accepted(&dev->status, SCSW0_FC_START);
	dev->program = true;
	dev->stats.starts++;
	return 0;
}

static int fsm_halt(struct vccw_device *dev)
{
	int ret;

	if (vccw_status_refuses(&dev->status))
		return -EBUSY;
	ret = dev->io->halt(dev->sch);
	if (ret)
		return ret;
	vccw_status_accepted(&dev->status, SCSW0_FC_HALT);
	dev->stats.halts++;
	return 1;
}

static int fsm_clear(struct vccw_device *dev)
{
	int ret = dev->io->clear(dev->sch);

	if (ret)
		return ret;
	vccw_status_accepted(&dev->status, SCSW0_FC_CLEAR);
	dev->stats.clears++;
	return 1;
}

static int fsm_status(struct vccw_device *dev)
{
	u32 host_cpa = dev->irb[IRB_CPA];
	bool final;

	dev->stats.interrupts++;
	if (unlikely(!vccw_status_is_solicited(dev->irb)))
		dev->stats.unsolicited++;
	cp_status(dev->program ? &dev->cp : &no_program, dev->irb);
	final = vccw_status_add(&dev->status, dev->irb);
	trace_vfio_ccw_status(dev, host_cpa, final);
	if (likely(dev->status.pending))
		vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
	if (!final)
		return 1;
	vccw_program_end(dev);
	return 0;
}

static int fsm_settle(struct vccw_device *dev)
{
	fsm_status(dev);
	complete(&dev->rest);
	return 1;
}

/* the host ends what the user has asked for, and says so */
static void fsm_abort(struct vccw_device *dev)
{
	vccw_program_end(dev);
	if (!vccw_status_abort(&dev->status))
		return;
	dev->stats.killed++;
	vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
}

static int fsm_kill(struct vccw_device *dev)
{
	int retries = 255;
	int ret = dev->io->rest(dev->sch, &retries);

	VCCW_DBF(2, dev->sch, "kill: %d", ret);
	if (ret)
		return 1;	/* an interrupt will tell, or the subchannel is lost */
	fsm_abort(dev);
	return 0;
}

static int fsm_rested(struct vccw_device *dev)
{
	fsm_abort(dev);
	return 0;
}

static int fsm_lose(struct vccw_device *dev)
{
	VCCW_DBF(2, dev->sch, "lost, state %d", dev->state);
	/* there may be something, only not what was there before */
	fsm_take_back(dev);
	if (vccw_status_lose(&dev->status))
		vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
	vccw_irq_signal(dev, VFIO_CCW_REQ_IRQ_INDEX);
	complete(&dev->rest);
	return 0;
}

#define FSM_CELL(state, event, act, to)					\
	[VCCW_STATE_##state][VCCW_EVENT_##event] = {			\
		.action = fsm_##act, .next = VCCW_STATE_##to },
const struct vccw_fsm_cell vccw_fsm[VCCW_NR_STATES][VCCW_NR_EVENTS] = {
	VCCW_FSM_TABLE(FSM_CELL)
};

/* a cell for each state and event, and only one (W=1 tells of two) */
#define FSM_COUNT(state, event, act, to) + 1
static_assert(VCCW_FSM_TABLE(FSM_COUNT) + 0 == VCCW_NR_STATES * VCCW_NR_EVENTS);

int vccw_fsm_event(struct vccw_device *dev, enum vccw_event event)
{
	enum vccw_state from = dev->state;
	const struct vccw_fsm_cell *cell = &vccw_fsm[from][event];
	int ret;

	lockdep_assert_held(&dev->sch->lock);
	ret = cell->action(dev);
	if (!ret)
		WRITE_ONCE(dev->state, cell->next);
	trace_vfio_ccw_event(dev, event, from, ret);
	return ret;
}
