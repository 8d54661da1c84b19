// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channel instructions, and the one place where condition codes become errnos.
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/string.h>

#include <asm/css_chars.h>
#include <asm/isc.h>
#include <asm/machine.h>

#include "chp.h"
#include "cio.h"
#include "css.h"
#include "ioasm.h"
#include "orb.h"

#include "cp/cp.h"
#include "io.h"
#include "vccw_trace.h"

static bool transport;
module_param(transport, bool, 0444);
MODULE_PARM_DESC(transport, "Start transport-mode programs (fcx), which no machine has run yet");

/* the intparm by which cio finds the subchannel of an interrupt; it is below 2 GiB */
static u32 io_intparm(struct subchannel *sch)
{
	return (u32)virt_to_phys(sch);
}

static void io_update_paths(struct subchannel *sch)
{
	sch->lpm = sch->schib.pmcw.pam & sch->opm;
}

static int io_update_schib(struct subchannel *sch)
{
	int ret = cio_update_schib(sch);

	if (!ret)
		io_update_paths(sch);
	return ret;
}

/* cc 3 of START SUBCHANNEL: has it lost all paths, or those asked for? */
static int io_not_operational(struct subchannel *sch)
{
	if (io_update_schib(sch))
		return -ENODEV;
	return sch->lpm ? -EACCES : -ENODEV;
}

/* SA22-7832, Chapter 14, "I/O Instructions" */
static int io_errno(int cc)
{
	switch (cc) {
	case 0:			/* the function was initiated */
		return 0;
	case 1:			/* status pending */
	case 2:			/* busy */
		return -EBUSY;
	case 3:			/* not operational */
		return -ENODEV;
	default:		/* the instruction ended in a program interruption */
		return -EIO;
	}
}

/* @orb: its words, %NULL if the instruction has none */
static __always_inline int io_done(struct subchannel *sch, enum vfio_ccw_io_instruction which,
				   const u32 *orb, int cc)
{
	trace_vfio_ccw_instruction(sch, which, orb, cc);
	return likely(!cc) ? 0 : io_errno(cc);
}

/* Nothing is assumed about what the subchannel's last driver left behind. */
static int io_enable(struct subchannel *sch)
{
	int ret;

	ret = cio_update_schib(sch);
	if (ret)
		return ret;
	memset(&sch->config, 0, sizeof(sch->config));
	sch->config.csense = 1;
	sch->isc = VFIO_CCW_ISC;
	sch->opm = chp_get_sch_opm(sch);
	io_update_paths(sch);
	return cio_enable_subchannel(sch, io_intparm(sch));
}

static int io_disable(struct subchannel *sch)
{
	return cio_disable_subchannel(sch);
}

static int io_start(struct subchannel *sch, const struct cp_orb *host)
{
	u8 lpm = (host->flags & ORB1_LPM) >> ORB1_LPM_SHIFT;
	union orb orb = {};
	u32 *word = (u32 *)&orb;
	int ret;

	lpm &= sch->lpm;
	if (!lpm)
		return io_not_operational(sch);
	word[0] = io_intparm(sch);
	word[1] = (host->flags & ~ORB1_LPM) | lpm << ORB1_LPM_SHIFT;
	word[2] = host->cpa;
	ret = io_done(sch, VFIO_CCW_IO_SSCH, word, ssch(sch->schid, &orb));
	return likely(ret != -ENODEV) ? ret : io_not_operational(sch);
}

static int io_halt(struct subchannel *sch)
{
	return io_done(sch, VFIO_CCW_IO_HSCH, NULL, hsch(sch->schid));
}

static int io_clear(struct subchannel *sch)
{
	return io_done(sch, VFIO_CCW_IO_CSCH, NULL, csch(sch->schid));
}

/* cio has a name for each condition code of RESUME SUBCHANNEL */
static int io_resume_cc(int err)
{
	switch (err) {
	case 0:
		return 0;
	case -EBUSY:		/* status pending */
		return 1;
	case -EINVAL:		/* there is nothing to be resumed */
		return 2;
	default:
		return 3;
	}
}

static int io_resume(struct subchannel *sch)
{
	return io_done(sch, VFIO_CCW_IO_RSCH, NULL, io_resume_cc(cio_resume(sch)));
}

static int io_rest(struct subchannel *sch, int *retries)
{
	u32 scsw0;
	int ret;

	ret = io_update_schib(sch);
	if (ret)
		return ret;
	if (!sch->schib.pmcw.ena)
		return 0;
	scsw0 = *(u32 *)&sch->schib.scsw;
	if (scsw0 & SCSW0_SC_PEND)
		return -EBUSY;	/* TEST SUBCHANNEL is for the interrupt handler */
	if (!(scsw0 & (SCSW0_FC | SCSW0_AC)))
		return 0;
	return cio_cancel_halt_clear(sch, retries);
}

/*
 * The channel subsystem does not say whether it has the MIDAW facility. It came
 * with System z9, so that a kernel made for the z10 meets none without; but QEMU,
 * whose machines all call themselves KVM, ends a START SUBCHANNEL for MIDAWs with an
 * operand exception.
 */
u32 vfio_ccw_io_have(void)
{
	u32 have = 0;

	if (IS_ENABLED(CONFIG_HAVE_MARCH_Z10_FEATURES) && !machine_is_kvm())
		have |= CP_HAVE_MIDAW;
	if (transport && css_general_characteristics.fcx)
		have |= CP_HAVE_TRANSPORT;
	return have;
}

const struct vfio_ccw_io_ops vfio_ccw_io_ops = {
	.enable = io_enable,
	.disable = io_disable,
	.update_schib = io_update_schib,
	.start = io_start,
	.halt = io_halt,
	.clear = io_clear,
	.resume = io_resume,
	.rest = io_rest,
};
