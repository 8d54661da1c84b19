// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channel paths that go and come. Which of them a start may use is decided in io.c,
 * by sch->lpm, for each start anew.
 */
#include <linux/lockdep.h>

#include "chp.h"
#include "vccw_trace.h"
#include "vfio_ccw.h"

/* SA22-7832, "Channel-Report Word": a report for each channel path of @mask */
static void paths_report(struct vccw_device *dev, u8 mask, u32 crw)
{
	int i;

	if (!dev || dev->state == VCCW_STATE_CLOSED || dev->state == VCCW_STATE_GONE)
		return;
	for (i = 0; i < 8; i++)
		if (mask & (0x80 >> i))
			vccw_crw_add(&dev->crws, VCCW_CRW_CPATH | crw |
				     dev->sch->schib.pmcw.chpid[i]);
	vccw_irq_signal(dev, VFIO_CCW_CRW_IRQ_INDEX);
}

/*
 * Does what is in progress need the paths of @mask? Once it has reached the device it is
 * the last path used; as long as it is pending it may take any.
 */
static bool paths_are_needed(const struct subchannel *sch, u8 mask)
{
	u32 scsw0 = *(const u32 *)&sch->schib.scsw;
	u32 at_device = SCSW0_AC_SCHACT | SCSW0_AC_DEVACT | SCSW0_AC_SUSP;

	if (!sch->lpm)
		return scsw0 & SCSW0_AC;
	return (scsw0 & at_device) && sch->schib.pmcw.lpum == mask;
}

static int paths_off(struct subchannel *sch, const struct vfio_ccw_io_ops *io,
		     struct vccw_device *dev, u8 mask)
{
	if (io->update_schib(sch))
		return -ENODEV;
	paths_report(dev, mask, VCCW_CRW_PERRN);
	if (dev && paths_are_needed(sch, mask))
		vccw_fsm_event(dev, VCCW_EVENT_KILL);
	return 0;
}

static int paths_on(struct subchannel *sch, const struct vfio_ccw_io_ops *io,
		    struct vccw_device *dev, u8 mask)
{
	if (io->update_schib(sch))
		return -ENODEV;
	paths_report(dev, mask, VCCW_CRW_INIT);
	return 0;
}

int vccw_paths_event(struct subchannel *sch, const struct vfio_ccw_io_ops *io,
		     struct vccw_device *dev, u8 mask, int event)
{
	lockdep_assert_held(&sch->lock);
	trace_vfio_ccw_paths(sch, mask, event);
	switch (event) {
	case CHP_VARY_OFF:
		sch->opm &= ~mask;
		fallthrough;
	case CHP_OFFLINE:
		return paths_off(sch, io, dev, mask);
	case CHP_VARY_ON:
		sch->opm |= mask;
		fallthrough;
	case CHP_ONLINE:
		return paths_on(sch, io, dev, mask);
	default:
		/* the security of a fibre channel endpoint, which no report is about */
		return 0;
	}
}
