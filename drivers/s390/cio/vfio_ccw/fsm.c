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

/* status of errors: a unit check, or a check of the channel */
#define FSM_PROGRAM_CHECKS	(SCSW2_SCH_PROG | SCSW2_SCH_PROT)
#define FSM_CHANNEL_CHECKS	(SCSW2_SCH_CHECKS & ~FSM_PROGRAM_CHECKS)
#define FSM_CHECKS		(SCSW2_DEV_UC | SCSW2_SCH_CHECKS)

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

/* the hardware is done with the program, if there is one */
static void fsm_program_end(struct vccw_device *dev)
{
	if (unlikely(!dev->program))
		return;
	dev->program = false;
	dev->paused = false;
	dev->ended = false;
	vccw_program_release(dev);
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
	fsm_program_end(dev);
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

/*
 * The channel stops at the suspended CCW and fetches it again when it is resumed:
 * SA22-7832, Chapter 15, "Suspension of Channel-Program Execution". So it may find
 * another one there by then.
 */
static int fsm_resume(struct vccw_device *dev)
{
	bool own = dev->paused;
	__be64 ccw;
	int ret;

	if (!(own ? vccw_status_started(&dev->status) : vccw_status_resumable(&dev->status)))
		return -EBUSY;
	if (unlikely(dev->ended)) {
		ret = dev->io->start(dev->sch, &dev->host.orb);
		if (ret)
			return ret;
	} else {
		ccw = cp_lead_on(&dev->cp, dev->suspended_at, &dev->host);
		ret = dev->io->resume(dev->sch);
		if (ret) {
			cp_lead_back(&dev->cp, dev->suspended_at, ccw);
			return ret;
		}
	}
	swap(dev->cp, dev->spare);
	cp_forget(&dev->spare);
	dev->paused = false;
	dev->ended = false;
	if (own) {
		dev->stats.followed++;
		return 0;
	}
	vccw_status_resumed(&dev->status);
	dev->stats.resumes++;
	return 0;
}

/* nobody but us knows that the program pauses: to the user it runs */
static void fsm_pause(struct vccw_device *dev)
{
	dev->irb[IRB_SCSW0] &= ~SCSW0_AC_SUSP;
	dev->irb[IRB_SCSW0] |= SCSW0_AC_SCHACT | SCSW0_AC_DEVACT;
	dev->paused = true;
	queue_delayed_work(vccw_wq, &dev->follow, 0);
}

/* the program has ended on the hardware, but that is not where the guest's ends */
static bool fsm_goes_on(struct vccw_device *dev)
{
	if (dev->state != VCCW_STATE_BUSY || !dev->program)
		return false;
	if (!vccw_status_started(&dev->status) || !vccw_status_is_final(dev->irb) ||
	    (dev->irb[IRB_SCSW0] & (SCSW0_CC | SCSW0_FC)) != SCSW0_FC_START ||
	    !cp_goes_on(&dev->cp, dev->irb))
		return false;
	dev->irb[IRB_SCSW0] = SCSW0_FC_START | SCSW0_SC_INTER | SCSW0_SC_PEND;
	dev->ended = true;
	fsm_pause(dev);
	vccw_status_hide(&dev->status, dev->irb);
	return true;
}

/*
 * The hardware says where it is suspended. It does so also if the guest does not
 * want to know (ORB.U), or did not ask for it; then nothing else is said.
 */
static bool fsm_suspended(struct vccw_device *dev)
{
	u32 pure = SCSW0_SC_INTER | SCSW0_SC_PEND, gpa;

	if (!dev->program || !(dev->irb[IRB_SCSW0] & SCSW0_SC_INTER))
		return false;
	dev->suspended_at = dev->irb[IRB_CPA];
	if (!cp_suspended(&dev->cp, dev->suspended_at, &gpa))
		return false;
	cp_forget_end(&dev->cp);
	if (cp_pauses(&dev->cp, dev->suspended_at))
		fsm_pause(dev);
	else if (!(dev->cp.orb.flags & ORB1_U))
		return false;
	if ((dev->irb[IRB_SCSW0] & SCSW0_SC) != pure ||
	    (dev->irb[IRB_SCSW2] & (SCSW2_DSTAT | SCSW2_CSTAT)))
		return false;
	vccw_status_hide(&dev->status, dev->irb);
	return true;
}

static void fsm_count_checks(struct vccw_device *dev)
{
	u32 checks = dev->irb[IRB_SCSW2];

	dev->stats.unit_checks += !!(checks & SCSW2_DEV_UC);
	dev->stats.program_checks += !!(checks & FSM_PROGRAM_CHECKS);
	dev->stats.channel_checks += !!(checks & FSM_CHANNEL_CHECKS);
}

static int fsm_status(struct vccw_device *dev)
{
	u32 host_cpa = dev->irb[IRB_CPA];
	bool final;

	dev->stats.interrupts++;
	if (unlikely(dev->irb[IRB_SCSW0] & SCSW0_AC_SUSP) && fsm_suspended(dev))
		return 1;
	if (unlikely(dev->irb[IRB_SCSW2] & FSM_CHECKS) ||
	    (dev->program && cp_end_changed(&dev->cp))) {
		if (fsm_goes_on(dev))
			return 1;
		fsm_count_checks(dev);
	}
	if (unlikely(!vccw_status_is_solicited(dev->irb)))
		dev->stats.unsolicited++;
	cp_status(dev->program ? &dev->cp : &no_program, dev->irb);
	final = vccw_status_add(&dev->status, dev->irb);
	trace_vfio_ccw_status(dev, host_cpa, final);
	if (likely(dev->status.pending))
		vccw_irq_signal(dev, VFIO_CCW_IO_IRQ_INDEX);
	if (!final)
		return 1;
	fsm_program_end(dev);
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
	fsm_program_end(dev);
	if (vccw_status_abort(&dev->status))
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
