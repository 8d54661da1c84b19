// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transport mode: the commands. A TCCB names no storage; it is what the channel
 * sends to the control unit, and it is copied, in one piece wherever the guest's
 * pieces lie. What is in it is for the channel and the control unit to judge.
 */
#include "program.h"

/* bytes of guest memory that do not cross a frame */
static bool cp_copy(struct cp *cp, u64 gpa, u8 *to, u32 len)
{
	const u8 *page = cp->ops->peek(cp->mem, gpa / CP_FRAME);

	if (!page)
		return cp_read(cp, gpa, to, len);
	memcpy(to, page + gpa % CP_FRAME, len);
	return true;
}

/* the pieces that one run of TIDAWs names, up to a TTIC; %NULL if one is bad */
static u8 *cp_tccb_run(struct cp *cp, u32 nr, u8 *to, u8 *end, struct cp_quad *last)
{
	const struct cp_quad *quad = cp->quad;
	u32 len;

	for (; nr; nr--, quad++) {
		*last = *quad;
		if (quad->head == CP_POISON_IDAW)
			return NULL;
		if (quad->head & TIDAW_TTIC)
			return to;
		len = min_t(u64, quad->head & TIDAW_COUNT, end - to);
		if (!cp_copy(cp, quad->addr, to, len))
			return NULL;
		to += len;
	}
	return to;
}

static bool cp_tccb_listed(struct cp *cp, u64 list, u8 *to, u32 len)
{
	struct cp_quad last = { .head = 0 };
	u8 *end = to + len;
	u64 left = len;
	u32 nr;

	do {
		nr = cp_tidal_read(cp, list, &left, CP_OUT, last.head & TIDAW_TTIC);
		to = cp_tccb_run(cp, nr, to, end, &last);
		list = last.addr;
	} while (to && to < end && (last.head & TIDAW_TTIC));
	return to == end;
}

/**
 * cp_tccb_read() - the guest's TCCB, as it is to be sent
 * @cp: the translator, room for TIDAWs allocated
 * @gpa: its address, or that of its TIDAL
 * @tida: it has one
 * @to: where to copy it
 * @len: its bytes
 *
 * Context: may sleep.
 * Return: whether all of it could be read from where it may lie.
 */
bool cp_tccb_read(struct cp *cp, u64 gpa, bool tida, u8 *to, u32 len)
{
	if (tida)
		return cp_tccb_listed(cp, gpa, to, len);
	if (gpa % sizeof(__be64) || gpa % CP_FRAME + len > CP_FRAME)
		return false;
	return cp_copy(cp, gpa, to, len);
}
