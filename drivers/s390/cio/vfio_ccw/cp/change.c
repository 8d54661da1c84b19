// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that change themselves.
 *
 * A channel that may not prefetch reads a CCW or an IDAW when it comes to it
 * ("Chapter 15, Prefetch Control"). A program may then read from the device how
 * it goes on, as that of an IPL does. Here a program is read before it runs. So
 * it is noted, while it is translated, what it reads of itself and what it will
 * store. Where it comes to something that may be another by then it pauses: a CCW
 * with the suspend flag stands there, and the rest is translated when the channel
 * has stopped at it.
 *
 * What is stored is compared with what is read later, in the order in which it
 * is translated. A later store changes what was read before only if a loop leads
 * back there: then the TIC that closes the loop is where it pauses.
 *
 * All that is done only if the program stores to a frame that it is read from. The
 * table of pages that are ready tells: a frame from which CCWs or lists are read
 * is marked there, and is not found when something is to be stored to it. That
 * costs a program nothing that does not do so.
 */
#include "program.h"

#define CP_RANGES	256	/* of either kind */
#define CP_MARKS	4096	/* frames, by the lowest bits of their numbers */

/**
 * struct cp_range - a piece of guest memory
 * @first: its first byte
 * @last: its last byte
 * @slot: the highest one that it belongs to
 */
struct cp_range {
	u64 first;
	u64 last;
	u32 slot;
};

/* either what is read or what is stored; @mark has all frames, and maybe others */
struct cp_ranges {
	u64 mark[CP_MARKS / 64];
	struct cp_range range[CP_RANGES];
	u32 nr;
	bool full;	/* there were more */
};

/**
 * struct cp_changes - what a program does to itself
 * @read: its CCWs and lists
 * @stored: what it stores
 * @list: the list of the CCW at hand, nothing if its last is below its first
 * @slot: the CCW at hand
 * @from: lowest slot that stores to what was read before it
 * @to: highest slot that was read so
 */
struct cp_changes {
	struct cp_ranges read;
	struct cp_ranges stored;
	struct cp_range list;
	u32 slot;
	u32 from;
	u32 to;
};

static u64 *cp_mark_of(struct cp_ranges *set, u64 gfn, u64 *bit)
{
	*bit = 1ULL << (gfn % 64);
	return &set->mark[gfn % CP_MARKS / 64];
}

static void cp_ranges_add(struct cp_ranges *set, u64 first, u64 last, u32 slot)
{
	struct cp_range *range = set->nr ? &set->range[set->nr - 1] : NULL;
	u64 gfn, bit, *mark;

	for (gfn = first / CP_FRAME; gfn <= last / CP_FRAME; gfn++) {
		mark = cp_mark_of(set, gfn, &bit);
		*mark |= bit;
	}
	if (range && range->last + 1 == first) {
		range->last = last;
		range->slot = slot;
		return;
	}
	if (set->nr == CP_RANGES) {
		set->full = true;
		return;
	}
	set->range[set->nr++] = (struct cp_range){ first, last, slot };
}

static bool cp_ranges_meet(const struct cp_range *range, u64 first, u64 last)
{
	return range->first <= last && first <= range->last;
}

/* may [first, last] meet any of @set? most of the time its frames tell that it does not */
static bool cp_ranges_near(struct cp_ranges *set, u64 first, u64 last)
{
	u64 gfn, bit;

	for (gfn = first / CP_FRAME; gfn <= last / CP_FRAME; gfn++)
		if (*cp_mark_of(set, gfn, &bit) & bit)
			return true;
	return false;
}

/* does the program store to [first, last] before it comes there? */
static bool cp_is_changed(struct cp_walk *walk, u64 first, u64 last)
{
	struct cp_ranges *stored = &walk->changes->stored;
	u32 i;

	if (likely(!cp_ranges_near(stored, first, last)))
		return false;
	for (i = 0; i < stored->nr; i++)
		if (cp_ranges_meet(&stored->range[i], first, last))
			return true;
	walk->cp->counts.unfollowed |= stored->full;
	return false;
}

static bool cp_apart_has(const struct cp_apart *apart, u64 gfn)
{
	u32 i;

	for (i = 0; i < apart->nr; i++)
		if (apart->gfn[i] == gfn)
			return true;
	return false;
}

/**
 * cp_apart_pins() - the program will store to frames that were pinned ahead
 * @apart: what is known
 * @gfn: the first frame
 * @nr: how many
 *
 * They need not be in the table.
 */
void cp_apart_pins(struct cp_apart *apart, u64 gfn, u32 nr)
{
	u64 end = gfn + nr;

	if (apart->nr_late) {
		end = max(end, apart->late + apart->nr_late);
		gfn = min(gfn, apart->late);
	}
	apart->late = gfn;
	apart->nr_late = end - gfn;
}

/**
 * cp_apart_fetches() - the program is going to be read from one more frame
 * @apart: what is known
 * @gfn: the frame
 *
 * Whether it has stored there is known only of a frame that is in its place in the
 * table.
 */
void cp_apart_fetches(struct cp_apart *apart, u64 gfn)
{
	const struct cp_page *page = cp_apart_page(apart, gfn);

	if (cp_apart_has(apart, gfn))
		return;
	if (page->gfn[0] != gfn || page->seq == apart->ready->seq ||
	    gfn - apart->late < apart->nr_late || apart->nr == CP_APART_FRAMES)
		apart->failed = true;
	else
		apart->gfn[apart->nr++] = gfn;
}

/**
 * cp_apart_asks() - frames are to be looked for, or moved, outside of the table
 * @apart: what is known
 * @gfn: the first frame
 * @nr: how many
 */
void cp_apart_asks(struct cp_apart *apart, u64 gfn, u32 nr)
{
	u32 i;

	for (i = 0; i < apart->nr; i++)
		apart->failed |= apart->gfn[i] - gfn < nr;
}

/**
 * cp_change_stores() - the CCW at hand stores
 * @walk: the translation, which has changes
 * @first: first byte
 * @len: how many, not 0
 */
void cp_change_stores(struct cp_walk *walk, u64 first, u32 len)
{
	struct cp_changes *ch = walk->changes;
	u64 last = first + len - 1;
	u32 i;

	cp_ranges_add(&ch->stored, first, last, ch->slot);
	/* a channel may have read it already, or not */
	walk->cp->counts.unfollowed |= cp_ranges_meet(&ch->list, first, last);
	if (likely(!cp_ranges_near(&ch->read, first, last)))
		return;
	for (i = 0; i < ch->read.nr; i++) {
		if (!cp_ranges_meet(&ch->read.range[i], first, last))
			continue;
		ch->from = min(ch->from, ch->slot);
		ch->to = max(ch->to, ch->read.range[i].slot);
	}
	walk->cp->counts.unfollowed |= ch->read.full;
}

/**
 * cp_change_pauses() - the program comes to a CCW; has it to pause?
 * @walk: the translation, which has changes
 * @slot: of the CCW
 * @gpa: the CCW
 * @list: the list that it names
 * @len: bytes of the list, 0 if it names none
 * @can: the channel can be suspended here
 *
 * Return: whether it pauses; if not, the CCW at hand is this one.
 */
bool cp_change_pauses(struct cp_walk *walk, u32 slot, u32 gpa, u32 list, u32 len, bool can)
{
	struct cp_changes *ch = walk->changes;
	u64 last = (u64)gpa + sizeof(__be64) - 1;
	u64 list_last = (u64)list + len - 1;

	if (unlikely(cp_is_changed(walk, gpa, last) ||
		     (len && cp_is_changed(walk, list, list_last)))) {
		if (can)
			return true;
		walk->cp->counts.unfollowed = true;
	}
	ch->slot = slot;
	ch->list.first = len ? list : ~0ULL;
	ch->list.last = len ? list_last : 0;
	cp_ranges_add(&ch->read, gpa, last, slot);
	if (len)
		cp_ranges_add(&ch->read, list, list_last, slot);
	return false;
}

/**
 * cp_change_loops() - does a TIC lead back to what has changed since it was read?
 * @walk: the translation, complete, which has changes
 * @slot: of the TIC
 * @target: slot of its target
 *
 * Return: whether it does.
 */
bool cp_change_loops(const struct cp_walk *walk, u32 slot, u32 target)
{
	const struct cp_changes *ch = walk->changes;

	return target <= slot && slot >= ch->from && target <= ch->to;
}

/**
 * cp_change_ends() - may the program have stored to the CCW at which it ends?
 * @walk: the translation, complete, which has changes
 * @gpa: the CCW
 *
 * Return: whether it may. What is there then is not what the guest appends.
 */
bool cp_change_ends(const struct cp_walk *walk, u32 gpa)
{
	const struct cp_ranges *stored = &walk->changes->stored;
	u32 i;

	for (i = 0; i < stored->nr; i++)
		if (cp_ranges_meet(&stored->range[i], gpa, (u64)gpa + sizeof(__be64) - 1))
			return true;
	return stored->full;
}

/**
 * cp_change_begin() - nothing is read and nothing stored
 * @walk: the translation, of a program that is not prefetched
 *
 * Context: may sleep, the first time.
 * Return: 0 or -ENOMEM.
 */
int cp_change_begin(struct cp_walk *walk)
{
	struct cp *cp = walk->cp;
	struct cp_changes *ch;

	if (!cp->changes)
		cp->changes = kvmalloc(sizeof(*cp->changes), GFP_KERNEL);
	ch = cp->changes;
	if (!ch)
		return -ENOMEM;
	memset(ch->read.mark, 0, sizeof(ch->read.mark));
	ch->read.nr = 0;
	ch->read.full = false;
	memset(ch->stored.mark, 0, sizeof(ch->stored.mark));
	ch->stored.nr = 0;
	ch->stored.full = false;
	ch->list.first = ~0ULL;
	ch->list.last = 0;
	ch->slot = 0;
	ch->from = CP_NO_SLOT;
	ch->to = 0;
	walk->changes = ch;
	return 0;
}

size_t cp_change_footprint(const struct cp *cp)
{
	return READ_ONCE(cp->changes) ? sizeof(*cp->changes) : 0;
}
