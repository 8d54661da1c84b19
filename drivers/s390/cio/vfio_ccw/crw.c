// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channel reports for the user: a bounded queue. Its owner serialises.
 */
#include <linux/types.h>

#include "crw.h"

static u32 crw_place(const struct vccw_crws *crws, u32 i)
{
	return (crws->first + i) % VCCW_CRW_MAX;
}

void vccw_crw_reset(struct vccw_crws *crws)
{
	crws->nr = 0;
	crws->epoch++;
}

void vccw_crw_add(struct vccw_crws *crws, u32 crw)
{
	if (crws->nr == VCCW_CRW_MAX) {
		crws->crw[crw_place(crws, VCCW_CRW_MAX - 1)] |= VCCW_CRW_OVERFLOW;
		crws->dropped++;
		return;
	}
	crws->crw[crw_place(crws, crws->nr++)] = crw;
}

u32 vccw_crw_nth(const struct vccw_crws *crws, u32 i)
{
	return i < crws->nr ? crws->crw[crw_place(crws, i)] : 0;
}

u32 vccw_crw_peek(const struct vccw_crws *crws)
{
	return vccw_crw_nth(crws, 0);
}

u32 vccw_crw_take(struct vccw_crws *crws)
{
	u32 crw = vccw_crw_peek(crws);

	if (crws->nr) {
		crws->first++;
		crws->nr--;
	}
	return crw;
}

void vccw_crw_untake(struct vccw_crws *crws, u32 crw)
{
	if (!crw)
		return;
	if (crws->nr == VCCW_CRW_MAX) {
		/* the newest one gives way, and the one before it says so */
		crws->nr--;
		crws->dropped++;
		crws->crw[crw_place(crws, crws->nr - 1)] |= VCCW_CRW_OVERFLOW;
	}
	crws->first--;
	crws->nr++;
	crws->crw[crw_place(crws, 0)] = crw;
}
