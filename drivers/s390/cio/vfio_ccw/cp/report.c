// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the status of a host program to the guest's: no host address gets out,
 * and what the guest did not ask for (format 1, its own format-2 IDAWs) is not
 * seen ("Chapter 16, Interruption-Response Block").
 */
#include "program.h"

#define CP_31BIT	0x7fffffffu

/* the slot that a CPA points behind, CP_NO_SLOT if it is none of the program's */
static u32 cp_slot_before(const struct cp *cp, u32 cpa)
{
	u32 off = cpa - cp->slot_hpa;

	if (cpa < cp->slot_hpa || off % sizeof(__be64) || !off)
		return CP_NO_SLOT;
	off /= sizeof(__be64);
	return off <= cp->nr_slots ? off - 1 : CP_NO_SLOT;
}

/**
 * cp_seg_of() - the segment of a slot
 * @cp: the translator, of a program
 * @slot: the slot; guards belong to the segment before them
 *
 * Return: the segment.
 */
const struct cp_seg *cp_seg_of(const struct cp *cp, u32 slot)
{
	u32 low = 0, high = cp->nr_segs - 1;

	while (low < high) {
		u32 mid = (low + high + 1) / 2;

		if (cp->seg[mid].first <= slot)
			low = mid;
		else
			high = mid - 1;
	}
	return &cp->seg[low];
}

/* the guest CCW that @slot stands for; a guard's may be beyond 2 GiB */
static __always_inline u32 cp_guest_of(const struct cp *cp, u32 slot)
{
	const struct cp_seg *seg = cp_seg_of(cp, slot);

	/* what is repeated is behind the guest already */
	if (slot < seg->first)
		return cp->orb.cpa - (u32)sizeof(__be64);
	return seg->gpa + (slot - seg->first) * (u32)sizeof(__be64);
}

u32 cp_guest_ccw(const struct cp *cp, u32 slot)
{
	return cp_guest_of(cp, slot);
}

static u32 cp_guest_cpa(const struct cp *cp, u32 cpa)
{
	u32 slot = cp_slot_before(cp, cpa);

	if (slot == CP_NO_SLOT && cp->entry_hpa && cpa == cp->entry_hpa + sizeof(__be64))
		return (cp->orb.cpa + (u32)sizeof(__be64)) & CP_31BIT;
	if (slot == CP_NO_SLOT)
		return cpa == cp->slot_hpa || (cpa && cpa == cp->entry_hpa) ? cp->orb.cpa : 0;
	/* behind the last CCW below 2 GiB the address starts again */
	return (cp_guest_of(cp, slot) + (u32)sizeof(__be64)) & CP_31BIT;
}

/* the IDAL or MIDAL of the host CCW in @slot, %NULL if it has none */
static const __be64 *cp_idal_of(const struct cp *cp, u32 slot)
{
	u64 ccw = be64_to_cpu(cp->slot[slot]);

	return (ccw >> 48) & (CCW_FLAG_IDA | CCW_FLAG_MIDA) ? cp_arena_at(cp, (u32)ccw) : NULL;
}

/* did hardware stop at a page that the guest may not write? */
static bool cp_is_protection(const struct cp *cp, u32 slot)
{
	const __be64 *idaw = slot == CP_NO_SLOT ? NULL : cp_idal_of(cp, slot);

	if (!idaw)
		return false;
	/* every list ends in poison, and nothing else in it is as large a number */
	while (be64_to_cpu(*idaw) < CP_POISON_IDAW)
		idaw++;
	return be64_to_cpu(*idaw) == CP_POISON_PROT;
}

static void cp_hide_addresses(const struct cp *cp, u32 *irb)
{
	u32 sca = cp->valid && (irb[IRB_ERW] & ERW_SCAVF) ?
		  cp_guest_cpa(cp, irb[IRB_SCA]) : 0;

	/*
	 * The failing-storage address names a host page; which guest page that
	 * is nobody but the guest's owner has use for.
	 */
	irb[IRB_ERW] &= ~(ERW_FSAVF | ERW_FSAF | ERW_SCAVF);
	irb[IRB_FSA] = 0;
	irb[IRB_FSA + 1] = 0;
	irb[IRB_SCA] = sca;
	if (sca)
		irb[IRB_ERW] |= ERW_SCAVF;
}

void cp_status(const struct cp *cp, u32 *irb)
{
	u32 slot;

	cp_hide_addresses(cp, irb);
	if (!cp->valid) {
		irb[IRB_CPA] = 0;
		return;
	}
	if (unlikely(cp->orb.flags & ORB1_B)) {
		cp_tcw_status(cp, irb);
		return;
	}
	irb[IRB_SCSW0] = (irb[IRB_SCSW0] & ~SCSW0_ECHO) | (cp->orb.flags & SCSW0_ECHO);
	slot = cp_slot_before(cp, irb[IRB_CPA]);
	if ((irb[IRB_SCSW2] & SCSW2_SCH_PROG) && cp_is_protection(cp, slot))
		irb[IRB_SCSW2] ^= SCSW2_SCH_PROG | SCSW2_SCH_PROT;
	irb[IRB_CPA] = cp_guest_cpa(cp, irb[IRB_CPA]);
}

bool cp_suspended(const struct cp *cp, u32 cpa, u32 *gpa)
{
	u32 slot = cp_slot_before(cp, cpa);

	if (slot == CP_NO_SLOT || !((be64_to_cpu(cp->slot[slot]) >> 48) & CCW_FLAG_S))
		return false;
	*gpa = cp_guest_of(cp, slot);
	return true;
}

bool cp_pauses(const struct cp *cp, u32 cpa)
{
	return cp->how[cp_slot_before(cp, cpa)] & CP_PAUSE;
}

#define SENSE_COMMAND_REJECT	0x80000000u	/* byte 0 of all devices' sense data */

static bool cp_wants_chain(const struct cp *cp, const u32 *irb)
{
	return cp->nr_lead && irb[IRB_CPA] == cp->slot_hpa + sizeof(__be64) &&
	       (irb[IRB_SCSW2] & SCSW2_DEV_UC) && !(irb[IRB_SCSW2] & SCSW2_CSTAT) &&
	       (irb[IRB_ERW] & ERW_CONS) && (irb[IRB_ECW] & SENSE_COMMAND_REJECT);
}

/* nothing but the end of the last command, which could be chained from */
static bool cp_ends_well(const struct cp *cp, const u32 *irb)
{
	u32 both = SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND;

	return irb[IRB_CPA] == cp->slot_hpa + (cp->end_slot + 1) * (u32)sizeof(__be64) &&
	       (irb[IRB_SCSW0] & SCSW0_SC) == both &&
	       (irb[IRB_SCSW2] & (SCSW2_DSTAT | SCSW2_CSTAT)) == (SCSW2_DEV_CE | SCSW2_DEV_DE);
}

/* the guest CCW at which a program goes on that was appended to */
static bool cp_was_appended_to(const struct cp *cp, u32 *gpa)
{
	u64 chained = (u64)CCW_FLAG_CC << (cp->orb.flags & ORB1_F ? 48 : 24);
	u64 ccw = be64_to_cpu(READ_ONCE(*cp->end));

	if (ccw == cp->end_ccw)
		return false;
	*gpa = cp_guest_of(cp, cp->end_slot);
	if (cp_ccw_is_tic(cp->orb.flags & ORB1_F, ccw >> 56))
		return cp->end_ccw >> 56 == CCW_CMD_NOP;
	*gpa += (u32)sizeof(__be64);
	return ccw == (cp->end_ccw | chained);
}

bool cp_goes_on(struct cp *cp, const u32 *irb)
{
	u32 gpa = cp->orb.cpa;

	if (!cp_wants_chain(cp, irb)) {
		if (!cp->end || !cp_ends_well(cp, irb) || !cp_was_appended_to(cp, &gpa))
			return false;
		cp->nr_lead = 0;
	}
	cp->orb.cpa = gpa;
	cp_forget_end(cp);
	return true;
}

/* a segment begins where a TIC leads to; at the first one's beginning no program pauses */
bool cp_pauses_behind_tic(const struct cp *cp, u32 cpa)
{
	u32 slot = cp_slot_before(cp, cpa);

	return (cp->how[slot] & CP_PAUSE) && cp_seg_of(cp, slot)->first == slot;
}

void cp_forget(struct cp *cp)
{
	cp->valid = false;
}
