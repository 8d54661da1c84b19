// SPDX-License-Identifier: GPL-2.0-only
/*
 * The status that a user has not taken yet.
 *
 * A subchannel keeps its status until TEST SUBCHANNEL takes it, and adds to it
 * meanwhile. The host takes it at once, so the adding happens here. Words and
 * masks only: user space runs this file, too.
 *
 * Where two IRBs come together, SA22-7832, Chapter 16, decides: each field
 * belongs to the kind of status that makes it valid. The CCW address and the
 * count come with the primary status, the ESW and ECW with the concurrent sense.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#include "status.h"

/* word 2: interface-control check; not one that cp/ would ever see */
#define SCSW2_SCH_IFCC	0x00020000u

#define SCSW0_ENDED	(SCSW0_SC_ALERT | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)

void vccw_status_reset(struct vccw_status *status)
{
	status->pending = false;
	status->again = false;
	status->control = 0;
	status->epoch++;
}

bool vccw_status_refuses(const struct vccw_status *status)
{
	u32 sc = status->irb[IRB_SCSW0] & SCSW0_SC;

	return status->pending && sc != (SCSW0_SC_INTER | SCSW0_SC_PEND);
}

void vccw_status_accepted(struct vccw_status *status, u32 fctl)
{
	status->epoch++;
	switch (fctl) {
	case SCSW0_FC_START:
		status->control = SCSW0_FC_START | SCSW0_AC_START_PEND;
		break;
	case SCSW0_FC_HALT:
		status->control |= SCSW0_FC_HALT | SCSW0_AC_HALT_PEND;
		break;
	case SCSW0_FC_CLEAR:
		status->control = SCSW0_FC_CLEAR | SCSW0_AC_CLEAR_PEND;
		status->again |= status->pending;
		status->pending = false;
		break;
	}
}

bool vccw_status_suspended(const struct vccw_status *status)
{
	u32 functions = SCSW0_FC | SCSW0_AC_RESUME_PEND | SCSW0_AC_SUSP;

	return (status->control & functions) == (SCSW0_FC_START | SCSW0_AC_SUSP);
}

/* SA22-7832, Chapter 14, "RESUME SUBCHANNEL" */
bool vccw_status_resumable(const struct vccw_status *status)
{
	return !status->pending && vccw_status_suspended(status);
}

bool vccw_status_started(const struct vccw_status *status)
{
	return (status->control & SCSW0_FC) == SCSW0_FC_START;
}

void vccw_status_resumed(struct vccw_status *status)
{
	status->epoch++;
	status->control |= SCSW0_AC_RESUME_PEND;
}

static bool is_intermediate(const u32 *irb)
{
	return (irb[IRB_SCSW0] & SCSW0_SC) == (SCSW0_SC_INTER | SCSW0_SC_PEND);
}

/* the one thing that intermediate status may end is a halt of what is suspended */
static bool is_halted_suspension(const u32 *irb)
{
	return is_intermediate(irb) && (irb[IRB_SCSW0] & SCSW0_AC_SUSP) &&
	       (irb[IRB_SCSW0] & SCSW0_FC_HALT);
}

/*
 * What TEST SUBCHANNEL, having stored @irb, leaves of the activity control:
 * SA22-7832, Chapter 14, "TEST SUBCHANNEL".
 */
static u32 left_active(const u32 *irb)
{
	u32 scsw0 = irb[IRB_SCSW0];

	if (is_halted_suspension(irb))
		return 0;
	return scsw0 & (is_intermediate(irb) ? SCSW0_AC : SCSW0_AC_SCHACT | SCSW0_AC_DEVACT);
}

/*
 * Intermediate status ends nothing, whatever is shown as active with it: Hercules
 * shows nothing with initial status, and works on the program's memory.
 */
bool vccw_status_is_final(const u32 *irb)
{
	/* a deferred condition code ends the function whatever else is shown */
	if (irb[IRB_SCSW0] & SCSW0_CC)
		return true;
	if (is_intermediate(irb) && !is_halted_suspension(irb))
		return false;
	return vccw_status_is_solicited(irb) && !left_active(irb);
}

static bool has_sense(const u32 *irb)
{
	return irb[IRB_ERW] & ERW_CONS;
}

/* @irb, which is older, and @status, which is newer, as one */
static void status_merge(struct vccw_status *status, u32 *old)
{
	u32 *new = status->irb;
	bool solicited = vccw_status_is_solicited(new);
	u32 scsw0 = 0;

	/* a clear function discards what was before it */
	if (new[IRB_SCSW0] & SCSW0_FC_CLEAR)
		return;

	if (solicited)
		scsw0 = new[IRB_SCSW0] & (SCSW0_ECHO | SCSW0_FC | SCSW0_AC);
	else
		scsw0 = old[IRB_SCSW0] & (SCSW0_ECHO | SCSW0_FC | SCSW0_AC);
	scsw0 |= (new[IRB_SCSW0] | old[IRB_SCSW0]) & (SCSW0_SC | SCSW0_N | SCSW0_Z);
	scsw0 |= (new[IRB_SCSW0] & SCSW0_CC) ?: (old[IRB_SCSW0] & SCSW0_CC);

	if (!(new[IRB_SCSW0] & SCSW0_SC_PRIMARY) &&
	    (!solicited || (old[IRB_SCSW0] & SCSW0_SC_PRIMARY))) {
		new[IRB_CPA] = old[IRB_CPA];
		new[IRB_SCSW2] &= ~SCSW2_COUNT;
		new[IRB_SCSW2] |= old[IRB_SCSW2] & SCSW2_COUNT;
	}
	new[IRB_SCSW2] |= old[IRB_SCSW2] & (SCSW2_DSTAT | SCSW2_CSTAT);

	if (!has_sense(new) && (has_sense(old) || !solicited)) {
		memcpy(&new[IRB_ESW], &old[IRB_ESW], (IRB_WORDS - IRB_ESW) * sizeof(*new));
		scsw0 |= old[IRB_SCSW0] & (SCSW0_L | SCSW0_E);
	} else {
		scsw0 |= new[IRB_SCSW0] & (SCSW0_L | SCSW0_E);
	}
	new[IRB_SCSW0] = scsw0;
	status->merged++;
}

static void status_publish(struct vccw_status *status, const u32 *irb)
{
	u32 old[IRB_WORDS];

	if (likely(!status->pending)) {
		memcpy(status->irb, irb, sizeof(status->irb));
		status->pending = true;
		return;
	}
	status->again = true;
	memcpy(old, status->irb, sizeof(old));
	memcpy(status->irb, irb, sizeof(status->irb));
	status_merge(status, old);
}

/* an IRB of our own that ends @fctl */
static void status_end(struct vccw_status *status, u32 scsw0, u32 cpa, u32 scsw2)
{
	u32 irb[IRB_WORDS] = {};

	irb[IRB_SCSW0] = scsw0;
	irb[IRB_CPA] = cpa;
	irb[IRB_SCSW2] = scsw2;
	status->control = 0;
	status_publish(status, irb);
}

bool vccw_status_add(struct vccw_status *status, u32 *irb)
{
	u32 asked = status->control & SCSW0_FC;
	u32 extra = irb[IRB_SCSW0] & (SCSW0_FC_HALT | SCSW0_FC_CLEAR) & ~asked;

	if (unlikely(!vccw_status_is_final(irb))) {
		/* unsolicited status says nothing about the functions */
		if (vccw_status_is_solicited(irb))
			status->control = asked | left_active(irb);
		irb[IRB_SCSW0] &= ~extra;
		status_publish(status, irb);
		return false;
	}
	if (unlikely(extra)) {
		if (asked)
			vccw_status_abort(status);
		return true;
	}
	status->control = 0;
	status_publish(status, irb);
	return true;
}

void vccw_status_hide(struct vccw_status *status, const u32 *irb)
{
	status->control = (status->control & SCSW0_FC) | left_active(irb);
}

void vccw_status_check(struct vccw_status *status, u32 orb1, u32 cstat, u32 cpa)
{
	status_end(status, (orb1 & SCSW0_ECHO) | SCSW0_FC_START | SCSW0_ENDED, cpa, cstat);
}

bool vccw_status_abort(struct vccw_status *status)
{
	u32 asked = status->control & SCSW0_FC;

	if (!asked)
		return false;
	if (asked & (SCSW0_FC_HALT | SCSW0_FC_CLEAR))
		status_end(status, asked | SCSW0_SC_PEND, 0, 0);
	else
		status_end(status, asked | SCSW0_ENDED, 0, SCSW2_SCH_IFCC);
	status->killed++;
	return true;
}

bool vccw_status_lose(struct vccw_status *status)
{
	u32 asked = status->control & SCSW0_FC;

	if (!asked)
		return false;
	/* the code tells how a start function went, and nothing of the others */
	if (asked & SCSW0_FC_START)
		status_end(status, SCSW0_CC | asked | SCSW0_ENDED, 0, 0);
	else
		status_end(status, asked | SCSW0_SC_PEND, 0, 0);
	return true;
}

static __always_inline void status_copy(const struct vccw_status *status, u32 *irb)
{
	if (likely(status->pending)) {
		memcpy(irb, status->irb, sizeof(status->irb));
		return;
	}
	memset(irb, 0, sizeof(status->irb));
	irb[IRB_SCSW0] = status->control;
}

void vccw_status_peek(const struct vccw_status *status, u32 *irb)
{
	status_copy(status, irb);
}

bool vccw_status_take(struct vccw_status *status, u32 *irb)
{
	bool taken = status->pending;

	status_copy(status, irb);
	status->pending = false;
	return taken;
}

void vccw_status_untake(struct vccw_status *status, const u32 *irb)
{
	u32 old[IRB_WORDS];

	if (status->control & SCSW0_FC_CLEAR)
		return;
	if (!status->pending) {
		status_publish(status, irb);
		return;
	}
	memcpy(old, irb, sizeof(old));
	status_merge(status, old);
}
