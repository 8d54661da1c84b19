// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host MIDALs: one MIDAW for each of the guest's, with the same flags and count
 * and the host's address ("Chapter 15, Modified-CCW-Indirect-Data Addressing").
 *
 * A MIDAW names up to a page of data anywhere in one page. Its list lies on one
 * page, too, and ends with a MIDAW that says so when the count of the CCW does.
 * Whether the two ends meet is for the channel to find out: the host's list has
 * them where the guest's has them. What makes a MIDAW a program check by itself
 * becomes poison in its place.
 */
#include "program.h"

#define CP_MIDAW_BAD	(MIDAW_ZERO | (MIDAW_FLAGS & ~(MIDAW_LAST | MIDAW_SKIP)))

/* the skip flag counts for input alone, as that of a CCW does */
static bool cp_midaw_skips(const struct cp_quad *midaw, u8 dir)
{
	return (midaw->head & MIDAW_SKIP) && !(dir & CP_OUT);
}

static bool cp_midaw_is_good(const struct cp_quad *midaw, u8 dir, u32 left)
{
	u32 in_page = midaw->addr % CP_FRAME, count = midaw->head & MIDAW_COUNT;

	if ((midaw->head & CP_MIDAW_BAD) || !count || count > left)
		return false;
	return cp_midaw_skips(midaw, dir) ||
	       count <= (dir & CP_BACK ? in_page + 1 : CP_FRAME - in_page);
}

/**
 * cp_midal_read() - the guest's MIDAWs for one CCW
 * @cp: the translator
 * @list: where they are
 * @count: of the CCW, not 0
 * @dir: directions of the data
 *
 * Ends with the last MIDAW, when the count ends, at the end of the page, or with
 * a bad one.
 *
 * Return: how many there are.
 */
static u32 cp_midal_read(struct cp *cp, u32 list, u32 count, u8 dir)
{
	struct cp_quad *midaw = cp->quad;
	struct cp_window win = { .len = 0 };

	for (;; midaw++) {
		if (!cp_quad_read(cp, &win, list, midaw) ||
		    !cp_midaw_is_good(midaw, dir, count)) {
			midaw->head = CP_POISON_IDAW;
			break;
		}
		count -= midaw->head & MIDAW_COUNT;
		list += MIDAW_SIZE;
		if ((midaw->head & MIDAW_LAST) || !count || !(list % CP_FRAME))
			break;
	}
	return midaw - cp->quad + 1;
}

static void cp_midaw_stores(struct cp_walk *walk, const struct cp_quad *midaw, u8 dir)
{
	u32 count = midaw->head & MIDAW_COUNT;

	cp_change_stores(walk, dir & CP_BACK ? midaw->addr - count + 1 : midaw->addr, count);
}

static int cp_midal_fill(struct cp_walk *walk, __be64 *host, u32 nr, u8 dir)
{
	const struct cp_quad *midaw = walk->cp->quad;
	bool skips, write;
	int ret;

	for (; nr && midaw->head != CP_POISON_IDAW; nr--, midaw++, host += 2) {
		skips = midaw->head & MIDAW_SKIP;
		write = (dir & (CP_IN | CP_BACK)) && !skips;
		host[0] = cpu_to_be64(midaw->head);
		if (cp_midaw_skips(midaw, dir)) {
			host[1] = cpu_to_be64(walk->cp->scratch_hpa);
			continue;
		}
		if (unlikely(walk->changes) && write)
			cp_midaw_stores(walk, midaw, dir);
		ret = cp_name(walk, midaw->addr, &host[1], write);
		if (ret)
			return ret;
	}
	cp_quads_close(walk->cp, host, nr);
	return 0;
}

/**
 * cp_midal_build() - the host MIDAL for the data of one CCW
 * @walk: the translation
 * @list: address of the guest's MIDAL
 * @count: bytes, not 0
 * @dir: directions of the data: backward alone, or any of the others
 * @hpa: where the host MIDAL is
 *
 * As cp_idal_build(): a bad MIDAW is poison, a page that is not ready is noted for
 * cp_idal_resolve().
 *
 * Context: may sleep.
 * Return: 0 or a negative errno for lack of memory.
 */
int cp_midal_build(struct cp_walk *walk, u32 list, u32 count, u8 dir, u32 *hpa)
{
	struct cp *cp = walk->cp;
	__be64 *host;
	u32 nr;
	int ret;

	*hpa = cp_fixed_idal(cp, CP_FIXED_POISON);
	if (list % MIDAW_SIZE || list >= walk->limit) {
		cp->counts.poisoned++;
		return 0;
	}
	ret = cp_quads(cp);
	if (ret)
		return ret;
	nr = cp_midal_read(cp, list, count, dir);
	host = cp_arena_midal(cp, nr, hpa);
	if (!host) {
		cp->counts.poisoned++;
		return cp->counts.limited ? 0 : -ENOMEM;
	}
	cp->counts.idaws += nr;
	return cp_midal_fill(walk, host, nr, dir);
}
