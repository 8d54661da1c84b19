// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the guest's CCWs and IDAWs, no further than the frame they are in.
 */
#include "program.h"

/**
 * cp_read() - a copy of guest memory
 * @cp: the translator
 * @gpa: where it is
 * @to: where to
 * @len: bytes, all of them in one frame
 *
 * What cannot be read for want of resources is not the program's fault: the counts say so.
 *
 * Context: may sleep.
 * Return: whether it could be read.
 */
bool cp_read(struct cp *cp, u64 gpa, void *to, u32 len)
{
	int ret = cp->ops->read(cp->mem, gpa, to, len);

	if (ret && !cp_is_address_error(ret))
		cp->counts.lack = ret;
	return !ret;
}

/**
 * cp_window_refill() - move a window to another piece of guest memory
 * @cp: the translator
 * @win: the window
 * @gpa: of the word wanted, aligned to 4 at least
 *
 * The guest's own page is used where it can be, otherwise a copy of as much as
 * fits the window.
 *
 * Context: may sleep.
 * Return: the word's place, or %NULL if nothing can be read there.
 */
const void *cp_window_refill(struct cp *cp, struct cp_window *win, u64 gpa)
{
	u32 in_frame = gpa % CP_FRAME;
	u64 gfn = gpa / CP_FRAME;
	const u8 *page;

	if (unlikely(cp->apart) && cp->apart->nr)
		cp_apart_fetches(cp->apart, gfn);
	page = cp->ops->peek(cp->mem, gfn);
	if (unlikely(cp->apart))
		cp_apart_fetched(cp->apart, gfn);
	if (page) {
		win->start = gpa - in_frame;
		win->len = CP_FRAME;
		win->p = page;
		return page + in_frame;
	}
	win->start = gpa;
	win->len = min_t(u32, sizeof(win->buf), CP_FRAME - in_frame);
	win->p = win->buf;
	if (cp_read(cp, gpa, win->buf, win->len))
		return win->buf;
	win->len = 0;
	return NULL;
}

/**
 * cp_quad_read() - a MIDAW or TIDAW of the guest
 * @cp: the translator
 * @win: a window for such
 * @gpa: where it is, aligned to 16
 * @quad: filled in
 *
 * Context: may sleep.
 * Return: whether there is anything to be read.
 */
bool cp_quad_read(struct cp *cp, struct cp_window *win, u64 gpa, struct cp_quad *quad)
{
	const __be64 *word = cp_window_at(cp, win, gpa);

	if (!word)
		return false;
	quad->head = be64_to_cpu(READ_ONCE(word[0]));
	quad->addr = be64_to_cpu(READ_ONCE(word[1]));
	return true;
}
