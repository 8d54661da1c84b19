// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a guest's CCWs to host CCWs, one for one.
 *
 * Decoding starts at the ORB's CPA and follows what the channel can follow:
 * the next CCW while chaining, the one after it should the device present
 * status modifier, and the targets of TICs. Each run of consecutive CCWs makes
 * one segment. Targets wait in a list; nothing here recurses.
 *
 * A CCW means different things to a channel that comes to it by command
 * chaining and to one that comes by data chaining, which ignores its command
 * code ("Chapter 15, Data Chaining"). So each slot knows all the ways in which
 * it can be reached, and is translated for their union.
 */
#include "program.h"

#define CP_2G		0x80000000u
#define CP_16M		0x01000000u

/* data direction by the low four bits of a command code; 0: no such command */
static const u8 cp_direction[16] = {
	[0x1] = CP_OUT, [0x5] = CP_OUT, [0x9] = CP_OUT, [0xd] = CP_OUT,
	[0x3] = CP_OUT, [0x7] = CP_OUT, [0xb] = CP_OUT, [0xf] = CP_OUT,
	[0x2] = CP_IN, [0x6] = CP_IN, [0xa] = CP_IN, [0xe] = CP_IN,
	[0x4] = CP_IN,		/* sense */
	[0xc] = CP_BACK,	/* read backward */
};

/**
 * struct cp_step - a CCW at hand and what follows from it
 * @cmd: command code
 * @flags: CCW flags
 * @count: byte count
 * @addr: data, IDAL or TIC address
 * @how: ways in which the channel comes here
 * @next: ways in which it goes on to the next CCW
 * @skip: ways in which it goes on to the one after that
 */
struct cp_step {
	u8 cmd;
	u8 flags;
	u16 count;
	u32 addr;
	u8 how;
	u8 next;
	u8 skip;
};

/* a host CCW, of format 1 */
static __be64 cp_ccw(u8 cmd, u8 flags, u16 count, u32 addr)
{
	return cpu_to_be64((u64)cmd << 56 | (u64)flags << 48 | (u64)count << 32 | addr);
}

static void cp_decode(const struct cp_walk *walk, u64 word, struct cp_step *step)
{
	step->cmd = word >> 56;
	if (walk->fmt1) {
		step->flags = word >> 48;
		step->count = word >> 32;
		step->addr = word;
	} else {
		step->addr = (word >> 32) & (CP_16M - 1);
		step->flags = word >> 24;
		step->count = word;
	}
}

static bool cp_is_tic(const struct cp_walk *walk, u8 cmd)
{
	return cp_ccw_is_tic(walk->fmt1, cmd);
}

/* "Chapter 15, Transfer in Channel": what a format-1 TIC must have zero */
static bool cp_tic_is_good(const struct cp_walk *walk, const struct cp_step *step)
{
	if (step->addr % sizeof(__be64) || step->addr >= walk->limit)
		return false;
	return !walk->fmt1 || (!step->flags && !step->count);
}

/* the slot of guest CCW @gpa in segment @seg, if it is right for @how */
static u32 cp_slot_in(const struct cp *cp, const struct cp_seg *seg, u32 gpa, u8 how)
{
	u32 i = (gpa - seg->gpa) / sizeof(__be64);

	if (gpa < seg->gpa || i >= seg->nr || (how & ~cp->how[seg->first + i]))
		return CP_NO_SLOT;
	return seg->first + i;
}

/* segments looked through for a CCW in their middle */
#define CP_NEAR	16

static u32 cp_bucket(u32 gpa)
{
	return (gpa / (u32)sizeof(__be64) * 0x9e3779b1u) >> (32 - CP_HASH_BITS);
}

/*
 * An earlier translation of the CCW at @gpa. Anything may be missed but a
 * segment that begins right there, on which it depends that loops end: then
 * the CCWs are translated once more, and both translations are right.
 */
static u32 cp_find(const struct cp *cp, u32 gpa, u8 how)
{
	u32 near = cp->nr_segs > CP_NEAR ? cp->nr_segs - CP_NEAR : 0;
	u32 i, slot;

	for (i = cp->nr_segs; i-- > near;) {
		slot = cp_slot_in(cp, &cp->seg[i], gpa, how);
		if (slot != CP_NO_SLOT)
			return slot;
	}
	if (!near)
		return CP_NO_SLOT;
	for (i = cp->hash[cp_bucket(gpa)]; i != CP_NO_SLOT; i = cp->seg[i].chain) {
		if (cp->seg[i].gpa != gpa)
			continue;
		slot = cp_slot_in(cp, &cp->seg[i], gpa, how);
		if (slot != CP_NO_SLOT)
			return slot;
	}
	return CP_NO_SLOT;
}

static void cp_hash_add(struct cp *cp, u32 i)
{
	u32 *head = &cp->hash[cp_bucket(cp->seg[i].gpa)];

	cp->seg[i].chain = *head;
	*head = i;
}

/* most programs have so few segments that looking at all is quicker than hashing */
static int cp_hash_segment(struct cp *cp)
{
	u32 i;

	if (cp->nr_segs < CP_NEAR)
		return 0;
	if (cp->nr_segs > CP_NEAR) {
		cp_hash_add(cp, cp->nr_segs - 1);
		return 0;
	}
	if (!cp->hash)
		cp->hash = kvmalloc_array(1 << CP_HASH_BITS, sizeof(*cp->hash), GFP_KERNEL);
	if (!cp->hash)
		return -ENOMEM;
	memset(cp->hash, 0xff, sizeof(*cp->hash) << CP_HASH_BITS);
	for (i = 0; i < cp->nr_segs; i++)
		cp_hash_add(cp, i);
	return 0;
}

static int cp_note_tic(struct cp_walk *walk, u32 slot, u32 gpa, u8 how, u32 target)
{
	struct cp *cp = walk->cp;
	struct cp_tic *tic;
	int ret;

	if (cp->nr_tics == cp->max_tics) {
		ret = cp_grow((void **)&cp->tic, &cp->max_tics, CP_MAX_SLOTS, sizeof(*tic));
		if (ret)
			return ret;
	}
	tic = &cp->tic[cp->nr_tics++];
	tic->slot = slot;
	tic->gpa = gpa;
	tic->how = how;
	tic->spec = walk->spec;
	tic->target = target;
	return 0;
}

/* the first slot of a segment that begins at @gpa and is right for @how */
static u32 cp_start_at(const struct cp *cp, u32 gpa, u8 how)
{
	u32 i;

	if (cp->nr_segs >= CP_NEAR) {
		for (i = cp->hash[cp_bucket(gpa)]; i != CP_NO_SLOT; i = cp->seg[i].chain)
			if (cp->seg[i].gpa == gpa && !(how & ~cp->how[cp->seg[i].first]))
				return cp->seg[i].first;
		return CP_NO_SLOT;
	}
	for (i = 0; i < cp->nr_segs; i++)
		if (cp->seg[i].gpa == gpa && !(how & ~cp->how[cp->seg[i].first]))
			return cp->seg[i].first;
	return CP_NO_SLOT;
}

/* can @slot do for a CCW reached in ways @how, if a TIC leads there? */
static bool cp_can_join(const struct cp *cp, u32 slot, u8 how)
{
	return !(cp->how[slot] & (CP_TIC | CP_PAUSE)) && !(how & ~cp->how[slot]);
}

/**
 * cp_join() - let a segment go on in one that begins where it has come to
 * @walk: the translation
 * @slot: the slot at hand, behind it room for one more and the guards
 * @gpa: of the CCW at hand
 * @how: ways in which the CCW at hand is reached
 * @skip: ways in which the one behind it is reached by status modifier
 * @used: slots used, 0 if the CCW has to be translated here
 *
 * Without this a program of many TICs, each to a place before the last, would be
 * translated over and over. TICs of our own lead on, one for the CCW at hand
 * and one for its successor; the target of a TIC must not be one itself.
 *
 * Return: 0 or a negative errno for lack of memory.
 */
static int cp_join(struct cp_walk *walk, u32 slot, u32 gpa, u8 how, u8 skip, u32 *used)
{
	struct cp *cp = walk->cp;
	u32 target = cp_start_at(cp, gpa, how);
	int ret;

	*used = 0;
	if (target == CP_NO_SLOT || !cp_can_join(cp, target, how))
		return 0;
	/* behind the last CCW of a segment is a guard, whose how is that of no CCW */
	if (skip && (!cp->slot[target + 1] || !cp_can_join(cp, target + 1, skip)))
		return 0;
	if (!walk->spec && (cp->how[target] & CP_SPEC))
		walk->certain = true;
	cp->slot[slot] = 0;
	cp->slot[slot + 1] = 0;
	ret = cp_note_tic(walk, slot, gpa, how, target);
	if (!ret && skip)
		ret = cp_note_tic(walk, slot + 1, gpa + (u32)sizeof(__be64), skip, target + 1);
	*used = skip ? 2 : 1;
	return ret;
}

static bool cp_in_one_page(const struct cp_step *step, bool back)
{
	u32 in_page = step->addr % CP_FRAME;

	return step->count <= (back ? in_page + 1 : CP_FRAME - in_page);
}

static void cp_direct_stores(struct cp_walk *walk, const struct cp_step *step, bool back)
{
	u32 n = step->count;

	/* what is below zero is not stored to */
	if (back)
		n = min_t(u64, n, (u64)step->addr + 1);
	cp_change_stores(walk, back ? step->addr - n + 1 : step->addr, n);
}

/*
 * The data of a CCW: directly, if it lies in one page that is ready and has a
 * 31-bit address, otherwise through an IDAL.
 */
static int cp_data(struct cp_walk *walk, struct cp_step *step, u8 dir, u32 *low)
{
	struct cp *cp = walk->cp;
	bool write = dir & (CP_IN | CP_BACK), ida = step->flags & CCW_FLAG_IDA;
	bool back = dir & CP_BACK;
	u32 in_page = step->addr % CP_FRAME;
	u64 hpa;

	cp->counts.bytes += step->count;
	if (unlikely(walk->changes) && write && !(step->flags & (CCW_FLAG_IDA | CCW_FLAG_MIDA)))
		cp_direct_stores(walk, step, back);
	if (unlikely(step->flags & CCW_FLAG_MIDA) && (!back || dir == CP_BACK))
		return cp_midal_build(walk, step->addr, step->count, dir, low);
	if (!ida && step->addr < walk->limit && cp_in_one_page(step, back) &&
	    (!back || dir == CP_BACK)) {
		hpa = cp_hpa(walk, step->addr / CP_FRAME, write);
		if (likely(hpa < CP_2G)) {
			*low = (u32)hpa + in_page;
			return 0;
		}
	}
	step->flags = (step->flags & ~CCW_FLAG_MIDA) | CCW_FLAG_IDA;
	if (back && dir != CP_BACK) {
		/* upwards in one context, downwards in another: no list does both */
		cp->counts.poisoned++;
		*low = cp_fixed_idal(cp, CP_FIXED_POISON);
		return 0;
	}
	return cp_idal_build(walk, step->addr, step->count, ida, back, write, low);
}

/* a CCW that transfers nothing: no guest address, nothing that can be hurt */
static u32 cp_no_data(const struct cp *cp, struct cp_step *step, u8 dir)
{
	step->flags &= ~CCW_FLAG_MIDA;
	if (!step->count) {
		step->flags &= ~CCW_FLAG_IDA;
		return 0;
	}
	step->flags |= CCW_FLAG_IDA;
	return cp_fixed_idal(cp, dir & CP_BACK ? CP_FIXED_BACKWARD : CP_FIXED_FORWARD);
}

/**
 * cp_valid_ways() - the directions of data in which a CCW is no program check
 * @walk: the translation
 * @step: the CCW
 *
 * "Chapter 15, Count": zero is a check in format 0, and in format 1 with data
 * chaining from or to this CCW. "Suspension": so is the suspend flag in a data
 * chain. What is a check in one way of coming here need not be one in another.
 *
 * Return: CP_IN, CP_BACK, CP_OUT; 0 if hardware stops here whatever way it came.
 */
static u8 cp_valid_ways(const struct cp_walk *walk, const struct cp_step *step)
{
	u8 dir = 0;

	if (step->flags & walk->bad_flags)
		return 0;
	if (unlikely(step->flags & CCW_FLAG_MIDA) &&
	    (step->flags & (CCW_FLAG_IDA | CCW_FLAG_SKIP)))
		return 0;
	if ((step->how & CP_CMD) &&
	    (step->count || (walk->fmt1 && !(step->flags & CCW_FLAG_CD))))
		dir = cp_direction[step->cmd & 0xf];
	if (step->count && !(step->flags & CCW_FLAG_S))
		dir |= step->how & CP_DATA;
	return dir;
}

/* the ways of going on: data chaining has precedence over command chaining */
static void cp_chain(struct cp_step *step, u8 dir)
{
	if (step->flags & CCW_FLAG_CD) {
		step->next = dir;
	} else if (step->flags & CCW_FLAG_CC) {
		step->next = CP_CMD;
		step->skip = CP_CMD;
	}
}

/**
 * cp_one() - translate one CCW that is no TIC
 * @walk: the translation
 * @step: the CCW; its ways of going on are filled in
 * @host: the host CCW
 *
 * Return: 0 or a negative errno for lack of memory.
 */
static int cp_one(struct cp_walk *walk, struct cp_step *step, __be64 *host)
{
	u8 dir = cp_valid_ways(walk, step), xfer;
	u32 low;
	int ret;

	if (unlikely(!dir)) {
		walk->cp->counts.poisoned++;
		*host = 0;
		return 0;
	}
	cp_chain(step, dir);
	xfer = step->flags & CCW_FLAG_SKIP ? dir & CP_OUT : dir;
	if (step->cmd == CCW_CMD_NOP && step->how == CP_CMD)
		xfer = 0;
	if (xfer && step->count) {
		ret = cp_data(walk, step, xfer, &low);
		if (ret)
			return ret;
	} else {
		low = cp_no_data(walk->cp, step, dir);
	}
	*host = cp_ccw(step->cmd, step->flags, step->count, low);
	return 0;
}

/**
 * cp_tic() - note a TIC, to be written once its target is known
 * @walk: the translation
 * @step: the CCW
 * @slot: its slot
 * @after_tic: the channel can only come here from another TIC, or the ORB
 * @host: the host CCW, poison for now
 *
 * Return: 0 or a negative errno for lack of memory.
 */
static int cp_tic(struct cp_walk *walk, struct cp_step *step, u32 slot, bool after_tic,
		  __be64 *host)
{
	*host = 0;
	if (!after_tic && cp_tic_is_good(walk, step))
		return cp_note_tic(walk, slot, step->addr, step->how, CP_NO_SLOT);
	walk->cp->counts.poisoned++;
	return 0;
}

/*
 * Most CCWs of most programs: format 1, a command that reads or writes, direct
 * data in pages that are ready, command chaining or none, and nothing else.
 * A test of the word and one of each page tell.
 */
#define CP_PLAIN_FORBIDDEN	0x0097000080000000ULL	/* CD, SKIP, IDA, S, MIDA; address bit 0 */
#define CP_PLAIN_CHAINED	((u64)CCW_FLAG_CC << 48)
#define CP_PLAIN_IDA		((u64)CCW_FLAG_IDA << 48)
#define CP_PLAIN_ADDR		0xffffffffULL

/* whether a command stores to memory, as an index of &struct cp_page.gfn; or it is not plain */
#define CP_NEVER	2

static const u8 cp_plain_stores[16] = {
	[0x0] = CP_NEVER, [0x8] = CP_NEVER, [0xc] = CP_NEVER,
	[0x2] = 1, [0x6] = 1, [0xa] = 1, [0xe] = 1, [0x4] = 1,
};

static bool cp_looks_plain(u64 word)
{
	return !(word & CP_PLAIN_FORBIDDEN) && word >> 56 != CCW_CMD_NOP;
}

/* what there is to look at if nothing is ready */
static struct cp_page cp_no_page = { .gfn = { ~0ULL, ~0ULL } };
static struct cp_ready cp_nothing_ready = { .page = &cp_no_page };

/* a page that was pinned ahead */
static u64 cp_ahead_hpa(const struct cp_ahead *ahead, u64 gfn, bool write)
{
	u64 k = gfn - ahead->gfn;

	return k < ahead->nr && ahead->write >= write ? ahead->hpa[k] : CP_NO_HPA;
}

/*
 * The address in a plain host CCW, and whether it is that of an IDAL; false if not plain.
 * The pages are ready or, if @late, pinned ahead.
 */
static __always_inline bool cp_plain_data(struct cp_walk *walk, struct cp_ready *ready,
					  u64 word, bool write, bool late, u64 *low)
{
	u32 addr = word, count = (u16)(word >> 32), in_page = addr % CP_FRAME, list;
	u64 hpa;

	if (in_page + count <= CP_FRAME) {
		hpa = cp_ready_hpa(ready, addr / CP_FRAME, write);
		if (late && hpa == CP_NO_HPA)
			hpa = cp_ahead_hpa(&walk->cp->ahead, addr / CP_FRAME, write);
		*low = hpa + in_page;
		if (likely(hpa < CP_2G))
			return true;
		if (hpa == CP_NO_HPA)
			return false;
	}
	if (!cp_idal_ready(walk, addr, count, write, late, &list))
		return false;
	*low = CP_PLAIN_IDA | list;
	return true;
}

/* how many of these frames are not ready; if none the first one is where it is looked for */
static u32 cp_missing(struct cp_walk *walk, u64 gfn, u32 nr, bool write)
{
	struct cp *cp = walk->cp;

	if (unlikely(cp->apart))
		cp_apart_asks(cp->apart, gfn, nr);
	if (cp->ops->missing)
		return cp->ops->missing(cp->mem, gfn, nr, write);
	return cp_hpa(walk, gfn, write) == CP_NO_HPA;
}

/* add the frames from @addr on that are not ready; false if the run ends with them, or before */
static bool cp_ahead_add(struct cp_walk *walk, struct cp_ahead *run, u32 addr, u32 count)
{
	u64 gfn = addr / CP_FRAME, end = (addr + count - 1) / CP_FRAME + 1;
	u32 nr;

	if (run->nr && run->nr + (end - gfn) > CP_RUN)
		return false;
	if (run->nr && gfn + 1 == run->gfn + run->nr)
		gfn++;		/* the end of the data before */
	while (gfn < end) {
		nr = cp_missing(walk, gfn, end - gfn, run->write);
		if (nr && !run->nr)
			run->gfn = gfn;
		if (run->nr && (!nr || gfn != run->gfn + run->nr))
			return false;
		run->nr += nr;
		gfn += nr ?: 1;
	}
	return true;
}

/**
 * cp_pin_ahead() - pages of the plain CCW at hand, and of those behind it
 * @walk: the translation
 * @from: the CCW, in the window
 * @max: how many are in the window
 *
 * A program whose pages are not ready mostly has them in a row. What is read here
 * decides only for which pages to ask.
 *
 * Context: may sleep.
 * Return: how many pages there are now, 0 if they were ready or cannot be, or what
 * pin() said for lack of resources.
 */
static noinline int cp_pin_ahead(struct cp_walk *walk, const __be64 *from, u32 max)
{
	struct cp *cp = walk->cp;
	struct cp_ahead *run = &cp->ahead;
	u32 i, nr, count, addr;
	bool more = true;
	u8 stores;
	u64 word;
	int ret;

	run->nr = 0;
	if (walk->spec)
		return 0;
	for (i = 0; i < max && more; i++) {
		word = be64_to_cpu(READ_ONCE(from[i]));
		addr = word;
		count = (u16)(word >> 32);
		stores = cp_plain_stores[(word >> 56) & 0xf];
		if (!i)
			run->write = stores;
		if (!cp_looks_plain(word) || !count || stores != run->write ||
		    count > walk->limit - addr)
			break;
		more = cp_ahead_add(walk, run, addr, count) && run->nr &&
		       (word & CP_PLAIN_CHAINED);
	}
	nr = run->nr;
	run->nr = 0;
	if (!nr)
		return 0;
	ret = cp->ops->pin(cp->mem, run->gfn, nr, run->write, run->hpa);
	if (ret)
		return cp_is_address_error(ret) ? 0 : ret;
	cp->counts.misses += nr;
	run->nr = nr;
	if (unlikely(cp->apart) && run->write)
		cp_apart_pins(cp->apart, run->gfn, nr);
	return nr;
}

/* as cp_plain_data(), but get the pages first; 1, 0 if not plain, or an errno */
static noinline int cp_plain_miss(struct cp_walk *walk, struct cp_ready *ready,
				  const __be64 *from, u32 max, u64 word, bool write, u64 *low)
{
	int ret;

	if (cp_plain_data(walk, ready, word, write, true, low))
		return 1;
	ret = cp_pin_ahead(walk, from, max);
	if (ret <= 0)
		return ret;
	return cp_plain_data(walk, ready, word, write, true, low);
}

/**
 * cp_plain() - translate plain CCWs, as many as there are
 * @walk: the translation
 * @from: the first CCW, in the window; the channel comes to it as a command
 * @max: how many there are in the window, or how many there is room for
 * @slot: the first slot
 * @last: the last one, if it is not chained, otherwise 0
 *
 * A shortcut: it leaves to cp_one() whatever is not plain.
 *
 * Return: how many CCWs, or what pin() said for lack of resources.
 */
static int cp_plain(struct cp_walk *walk, const __be64 *from, u32 max, u32 slot, u64 *last)
{
	__be64 *to = walk->cp->slot + slot;
	struct cp_ready ready = *walk->ready;
	u64 word = 0, low, late, bytes = 0;
	bool end = false;
	int ret = 0;
	u8 stores;
	u32 n;

	ready.hits = 0;
	for (n = 0; n < max && !end; n++) {
		word = be64_to_cpu(READ_ONCE(from[n]));
		stores = cp_plain_stores[(word >> 56) & 0xf];
		if (!cp_looks_plain(word) || !(u16)(word >> 32) || stores == CP_NEVER)
			break;
		if (unlikely(!cp_plain_data(walk, &ready, word, stores, false, &low))) {
			ret = cp_plain_miss(walk, &ready, from + n, max - n, word, stores, &late);
			if (ret <= 0)
				break;
			low = late;
		}
		to[n] = cpu_to_be64((word & ~CP_PLAIN_ADDR) | low);
		bytes += (u16)(word >> 32);
		end = !(word & CP_PLAIN_CHAINED);
	}
	*last = end ? word : 0;
	walk->ready->hits += ready.hits;
	if (!n || unlikely(ret < 0))
		return min(ret, 0);
	walk->cp->counts.bytes += bytes;
	memset(walk->cp->how + slot, CP_CMD | (walk->spec ? CP_SPEC : 0), n);
	return n;
}

/*
 * A program that has to be translated anew before it comes to a CCW stops there.
 * It is a valid CCW, since a channel checks that before it looks at the flag.
 */
static void cp_pause(struct cp *cp, u32 slot, u8 how)
{
	cp->slot[slot] = cp_ccw(CCW_CMD_NOP, CCW_FLAG_S | CCW_FLAG_SLI, 1, cp->scratch_hpa);
	cp->how[slot] = CP_PAUSE | how;
	cp->counts.pauses++;
}

/* has the program to pause at the CCW at hand? */
static bool cp_must_pause(struct cp_walk *walk, const struct cp_step *step, u32 gpa, u32 slot)
{
	u32 len = 0;

	if (cp_is_tic(walk, step->cmd))
		len = 0;
	else if (step->flags & CCW_FLAG_IDA)
		len = (step->count / walk->block + 2) * (walk->ida64 ? 8 : 4);
	else if (unlikely(step->flags & CCW_FLAG_MIDA))
		len = min_t(u32, step->count * MIDAW_SIZE, CP_FRAME - step->addr % CP_FRAME);
	/* data chaining permits no suspension */
	return cp_change_pauses(walk, slot, gpa, step->addr, len, !(step->how & CP_DATA));
}

/* CCWs from @gpa on that are in the window and for which there is room */
static u32 cp_at_hand(const struct cp_walk *walk, u32 gpa, u32 slot)
{
	u32 left = walk->ccws.len - (u32)(gpa - walk->ccws.start);

	return min(left / (u32)sizeof(__be64), walk->cp->max_slots - CP_GUARDS - slot);
}

/*
 * The CCW at hand is the last one. If the program is not prefetched the guest may
 * chain from it while it runs, which can be seen if it can be read in place.
 */
static void cp_note_end(struct cp_walk *walk, const __be64 *word, u64 ccw, u32 slot)
{
	struct cp *cp = walk->cp;

	if (likely(cp->orb.flags & ORB1_P) || walk->spec || walk->ccws.p == walk->ccws.buf)
		return;
	cp->end = word;
	cp->end_ccw = ccw;
	cp->end_slot = slot;
}

/* room for one more CCW, or two TICs of our own, and the guards behind */
static int cp_reserve(struct cp *cp, u32 slot)
{
	if (likely(slot + 2 + CP_GUARDS <= cp->max_slots))
		return 0;
	return cp_arena_grow_slots(cp, slot);
}

/**
 * cp_run_of_ccws() - translate consecutive CCWs into a segment
 * @walk: the translation; its spec says whether the first CCW is speculative
 * @seg: the segment, its gpa and first set
 * @how: ways in which the first CCW is reached
 *
 * Ends where nothing is chained, at a TIC, at a CCW that cannot be read or at
 * the bound; the guards are in place then.
 *
 * Return: 0 or a negative errno for lack of memory.
 */
static int cp_run_of_ccws(struct cp_walk *walk, struct cp_seg *seg, u8 how)
{
	struct cp_step step = { .how = how };
	struct cp *cp = walk->cp;
	u32 slot = seg->first;
	u32 gpa = seg->gpa;
	u32 joined = 0;
	u64 ccw, last;
	u8 skip = 0;
	int ret, n;

	do {
		const __be64 *word;

		ret = cp_reserve(cp, slot);
		if (ret == -E2BIG) {
			cp->counts.limited = true;
			break;
		}
		if (ret)
			return ret;
		if (unlikely(cp->nr_segs) && slot != seg->first) {
			ret = cp_join(walk, slot, gpa, step.how, skip, &joined);
			if (ret)
				return ret;
			if (joined)
				break;
		}
		word = gpa < walk->limit ? cp_window_at(cp, &walk->ccws, gpa) : NULL;
		if (!word)
			break;
		/* a later segment may run into an earlier one at each CCW */
		n = step.how == CP_CMD && walk->fmt1 && !cp->nr_segs && !walk->changes &&
		    cp_looks_plain(be64_to_cpu(READ_ONCE(*word))) ?
		    cp_plain(walk, word, cp_at_hand(walk, gpa, slot), slot, &last) : 0;
		if (n < 0)
			return n;
		if (n) {
			slot += n;
			gpa += n * sizeof(*word);
			if (last)
				cp_note_end(walk, word + n - 1, last, slot - 1);
			walk->spec |= !!last;
			step.how = !last || n > 1 ? CP_CMD : skip;
			skip = last ? 0 : CP_CMD;
			continue;
		}
		ccw = be64_to_cpu(READ_ONCE(*word));
		cp_decode(walk, ccw, &step);
		step.next = 0;
		step.skip = 0;
		cp->how[slot] = cp_is_tic(walk, step.cmd) ? CP_TIC : 0;
		if (unlikely(walk->changes) && cp_must_pause(walk, &step, gpa, slot))
			cp_pause(cp, slot, 0);
		else if (unlikely(cp->how[slot]))
			ret = cp_tic(walk, &step, slot, slot == seg->first, &cp->slot[slot]);
		else
			ret = cp_one(walk, &step, &cp->slot[slot]);
		if (ret)
			return ret;
		cp->how[slot] |= step.how | (walk->spec ? CP_SPEC : 0);
		if (!step.next && cp->how[slot] == CP_CMD)
			cp_note_end(walk, word, ccw, slot);
		slot++;
		gpa += sizeof(*word);
		walk->spec |= !step.next;
		step.how = step.next | skip;
		skip = step.skip;
	} while (step.how && !cp_gave_up(cp));
	seg->nr = slot - seg->first;
	slot += joined;
	cp->slot[slot] = 0;
	cp->slot[slot + 1] = 0;
	cp->nr_slots = slot + CP_GUARDS;
	cp->counts.ccws += seg->nr;
	return 0;
}

/* poison for the CCW at which the rest of a program begins, where none can be read */
static noinline void cp_poison_segment(struct cp *cp, struct cp_seg *seg)
{
	u32 i;

	seg->gpa = cp->orb.cpa;
	seg->nr = 1;
	for (i = 0; i <= CP_GUARDS; i++)
		cp->slot[seg->first + i] = 0;
	cp->how[seg->first] = CP_CMD;
	cp->nr_slots = seg->first + 1 + CP_GUARDS;
	cp->counts.poisoned++;
}

/* a segment for the CCWs from @gpa on; its slot, or CP_NO_SLOT if none can be read */
static int cp_segment(struct cp_walk *walk, u32 gpa, u8 how, u32 *slot)
{
	struct cp *cp = walk->cp;
	struct cp_seg *seg;
	int ret;

	*slot = CP_NO_SLOT;
	if (cp->nr_segs == cp->max_segs) {
		ret = cp_grow((void **)&cp->seg, &cp->max_segs, CP_MAX_SLOTS, sizeof(*seg));
		if (ret)
			return ret;
	}
	seg = &cp->seg[cp->nr_segs];
	seg->gpa = gpa;
	seg->first = cp->nr_slots;
	ret = cp_reserve(cp, seg->first);
	if (ret == -E2BIG)
		cp->counts.limited = true;
	if (ret)
		return ret == -E2BIG ? 0 : ret;
	ret = cp_run_of_ccws(walk, seg, how);
	if (ret)
		return ret;
	if (!seg->nr && walk->rest && !cp->nr_segs)
		cp_poison_segment(cp, seg);
	if (!seg->nr) {
		cp->nr_slots = seg->first;
		return 0;
	}
	*slot = seg->first;
	cp->nr_segs++;
	return cp_hash_segment(cp);
}

/* has the program to pause at a TIC, since it leads back to what has changed? */
static bool cp_loop_pauses(struct cp_walk *walk, const struct cp_tic *tic)
{
	if (likely(!cp_change_loops(walk, tic->slot, tic->target)))
		return false;
	if (!(tic->how & CP_DATA))
		return true;
	walk->cp->counts.unfollowed = true;
	return false;
}

/*
 * A CCW at which the program pauses, and which it comes to in sequence, is reached
 * by a TIC, too. If it turns out to be a TIC itself, that is right in one of these
 * ways and a program check in the other; which way it was taken nobody knows.
 */
static bool cp_pause_is_joined(const struct cp *cp)
{
	u32 i, target;

	for (i = 0; i < cp->nr_tics; i++) {
		target = cp->tic[i].target;
		if (target != CP_NO_SLOT && (cp->how[target] & CP_PAUSE) &&
		    cp_seg_of(cp, target)->first != target)
			return true;
	}
	return false;
}

/* translate the targets of all TICs, those of their CCWs too, and write the TICs */
static int cp_tics(struct cp_walk *walk)
{
	struct cp *cp = walk->cp;
	u32 i, target;
	int ret;

	for (i = 0; i < cp->nr_tics; i++) {
		struct cp_tic tic = cp->tic[i];

		if (tic.target != CP_NO_SLOT)
			continue;
		target = cp_find(cp, tic.gpa, tic.how);
		if (target == CP_NO_SLOT) {
			walk->spec = tic.spec;
			ret = cp_segment(walk, tic.gpa, tic.how, &target);
			if (ret)
				return ret;
		} else if (!tic.spec && (cp->how[target] & CP_SPEC)) {
			walk->certain = true;
		}
		cp->tic[i].target = target;
	}
	for (i = 0; i < cp->nr_tics; i++) {
		target = cp->tic[i].target;
		if (target == CP_NO_SLOT)
			cp->counts.poisoned++;
		else if (unlikely(walk->changes) && cp_loop_pauses(walk, &cp->tic[i]))
			cp_pause(cp, cp->tic[i].slot, cp->tic[i].how);
		else
			cp->slot[cp->tic[i].slot] =
				cp_ccw(CCW_CMD_TIC, 0, 0,
				       cp->slot_hpa + target * (u32)sizeof(__be64));
	}
	if (unlikely(cp->counts.pauses) && cp_pause_is_joined(cp))
		cp->counts.unfollowed = true;
	return 0;
}

/* ORB bits that a guest may hand on to hardware */
#define CP_ORB_PASS	(ORB1_KEY | ORB1_S | ORB1_P | ORB1_I | ORB1_U | ORB1_LPM | ORB1_L | \
			 ORB1_D)

static void cp_host_orb(const struct cp_walk *walk, const struct cp_orb *orb,
			struct cp_orb *host)
{
	host->intparm = 0;
	host->flags = (orb->flags & CP_ORB_PASS) | ORB1_F | ORB1_H;
	/* where a program is suspended the status says, and it alone */
	if (orb->flags & ORB1_S)
		host->flags &= ~ORB1_U;
	if (walk->block == 2048)
		host->flags |= ORB1_T;
	/* a format-0 immediate command never indicates incorrect length */
	if (!walk->fmt1)
		host->flags |= ORB1_L;
	host->cpa = 0;
}

static void cp_walk_begin(struct cp_walk *walk, struct cp *cp, const struct cp_orb *orb)
{
	walk->cp = cp;
	walk->ready = cp->ops->ready ? cp->ops->ready(cp->mem) : NULL;
	if (!walk->ready)
		walk->ready = &cp_nothing_ready;
	walk->fmt1 = orb->flags & ORB1_F;
	walk->ida64 = orb->flags & ORB1_H;
	walk->changes = NULL;
	walk->spec = false;
	walk->certain = false;
	walk->bad_flags = (orb->flags & ORB1_D ? 0 : CCW_FLAG_MIDA) |
			  (orb->flags & ORB1_S ? 0 : CCW_FLAG_S);
	walk->block = (orb->flags & (ORB1_H | ORB1_T)) == ORB1_H ? 4096 : 2048;
	walk->limit = walk->fmt1 ? CP_2G : CP_16M;
	walk->ccws.len = 0;
	walk->ccws.start = 0;
	walk->idal.len = 0;
	walk->idal.start = 0;
	cp->ahead.nr = 0;
}

int cp_orb_check(const struct cp_orb *orb, u32 have)
{
	u32 zero = have & CP_HAVE_MIDAW ? ORB1_ZERO : ORB1_ZERO | ORB1_D;

	if ((orb->flags & ORB1_X) ||
	    ((orb->flags & ORB1_B) && !(have & CP_HAVE_TRANSPORT)))
		return -EOPNOTSUPP;
	if (orb->flags & ORB1_B)
		zero = ~(ORB1_KEY | ORB1_B | ORB1_LPM);
	if ((orb->flags & zero) || orb->cpa >= CP_2G)
		return -EINVAL;
	return 0;
}

/* how a translation begins */
enum cp_entry {
	CP_STARTED,
	CP_RESUMED,	/* at a CCW that was suspended */
	CP_BEHIND_TIC,	/* at one at which it paused, and to which a TIC had led it */
};

/*
 * Where a resumed program goes on: at the suspended CCW, or, if a TIC has taken its
 * place, at the TIC's target. False: at no CCW.
 */
static bool cp_follow_tic(struct cp_walk *walk, enum cp_entry entry, u32 *gpa)
{
	const __be64 *word = cp_window_at(walk->cp, &walk->ccws, *gpa);
	struct cp_step step;

	if (!word)
		return false;
	cp_decode(walk, be64_to_cpu(READ_ONCE(*word)), &step);
	if (!cp_is_tic(walk, step.cmd))
		return true;
	*gpa = step.addr;
	return entry != CP_BEHIND_TIC && cp_tic_is_good(walk, &step);
}

/* commands that only read, to be done once more for their effect on the device */
static void cp_put_lead(struct cp *cp, const struct cp *from)
{
	u32 i;

	for (i = 0; i < from->nr_lead; i++) {
		cp->slot[i] = from->lead[i] | cpu_to_be64(cp_fixed_idal(cp, CP_FIXED_FORWARD));
		cp->how[i] = CP_CMD;
	}
	cp->nr_slots = from->nr_lead;
}

/*
 * The commands from the first one of a chain to where it paused, if there are few
 * of them and all of them read.
 */
static void cp_note_lead(struct cp *cp, const struct cp *from, u32 pause)
{
	u32 slot = 0, steps, n = 0;
	u64 ccw;
	u8 flags;

	cp->nr_lead = 0;
	for (steps = 0; slot != pause; steps++) {
		ccw = be64_to_cpu(from->slot[slot]);
		if (steps == 2 * CP_LEAD || n == CP_LEAD)
			return;
		if (ccw >> 56 == CCW_CMD_TIC) {
			slot = ((u32)ccw - from->slot_hpa) / (u32)sizeof(__be64);
			continue;
		}
		flags = ccw >> 48;
		if (cp_direction[(ccw >> 56) & 0xf] != CP_IN || (flags & CCW_FLAG_CD) ||
		    !(flags & CCW_FLAG_CC))
			return;
		cp->lead[n++] = cp_ccw(ccw >> 56, CCW_FLAG_CC | CCW_FLAG_SLI | CCW_FLAG_SKIP |
				       CCW_FLAG_IDA, (u16)(ccw >> 32), 0);
		slot++;
	}
	cp->nr_lead = n;
}

/* the program of @orb, or what is left of it, behind what led there in @lead */
static __always_inline int cp_pass(struct cp *cp, const struct cp_orb *orb, enum cp_entry entry,
				   const struct cp *lead, struct cp_apart *apart, bool follow,
				   struct cp_result *res)
{
	u32 first, gpa = orb->cpa;
	struct cp_walk walk;
	int ret;

	memset(&cp->counts, 0, sizeof(cp->counts));
	cp->orb = *orb;
	cp->end = NULL;
	cp->valid = false;
	ret = cp_arena_begin(cp);
	if (ret)
		return ret;
	if (unlikely(lead))
		cp_put_lead(cp, lead);
	cp_walk_begin(&walk, cp, orb);
	if (unlikely(orb->flags & ORB1_B))
		return cp_tcw_translate(&walk, orb, res);
	if (!(orb->flags & ORB1_P)) {
		if (likely(!follow && walk.ready != &cp_nothing_ready))
			cp_apart_begin(cp, apart, walk.ready);
		else
			ret = cp_change_begin(&walk);
		if (ret)
			return ret;
	}
	cp_host_orb(&walk, orb, &res->orb);
	first = CP_NO_SLOT;
	walk.rest = entry;
	if (entry && !cp_follow_tic(&walk, entry, &gpa))
		gpa = walk.limit;	/* no CCW can be there */
	if (!(gpa % sizeof(__be64))) {
		ret = cp_segment(&walk, gpa, CP_CMD, &first);
		if (ret)
			return ret;
	}
	if (first == CP_NO_SLOT || !(entry || cp->slot[first])) {
		/* a TIC is also zero as long as its target is not known */
		res->cstat = SCSW2_SCH_PROG;
		res->cpa = orb->cpa + sizeof(__be64);
		return 0;
	}
	ret = cp_tics(&walk);
	if (!ret && !cp_gave_up(cp))
		ret = cp_idal_resolve(&walk);
	if (ret)
		return ret;
	if (unlikely(walk.changes) && cp->end &&
	    cp_change_ends(&walk, cp_guest_ccw(cp, cp->end_slot)))
		cp->end = NULL;
	if (unlikely(cp->counts.pauses))
		res->orb.flags = (res->orb.flags | ORB1_S) & ~ORB1_U;
	res->orb.cpa = cp->slot_hpa;	/* slots move when they become more */
	res->cstat = 0;
	res->cpa = 0;
	cp->valid = true;
	return 0;
}

/*
 * Most programs that are not prefetched store to other pages than those that they
 * are read from, which takes next to nothing to find out. Others are translated
 * again, with a look at what they do to themselves.
 */
static noinline int cp_program(struct cp *cp, const struct cp_orb *orb, enum cp_entry entry,
			       const struct cp *lead, struct cp_result *res)
{
	struct cp_apart apart;
	bool follow = false;
	int ret;

	for (;;) {
		ret = cp_pass(cp, orb, entry, lead, &apart, follow, res);
		if (unlikely(cp->counts.lack)) {
			cp->valid = false;
			ret = cp->counts.lack;
		}
		if (likely(!cp->apart) || likely(cp_apart_end(cp)) || ret)
			return ret;
		follow = true;
	}
}

int cp_translate(struct cp *cp, const struct cp_orb *orb, struct cp_result *res)
{
	cp->entry_hpa = 0;
	cp->nr_lead = 0;
	return cp_program(cp, orb, CP_STARTED, NULL, res);
}

int cp_retranslate(struct cp *cp, const struct cp *from, u32 cpa, struct cp_result *res)
{
	enum cp_entry entry = cp_pauses_behind_tic(from, cpa) ? CP_BEHIND_TIC : CP_RESUMED;
	struct cp_orb orb = from->orb;

	cp_suspended(from, cpa, &orb.cpa);
	cp->entry_hpa = cpa - (u32)sizeof(__be64);
	cp->nr_lead = 0;
	if (cp_pauses(from, cpa))
		cp_note_lead(cp, from, (cpa - from->slot_hpa) / (u32)sizeof(__be64) - 1);
	return cp_program(cp, &orb, entry, NULL, res);
}

int cp_go_on(struct cp *cp, const struct cp *from, struct cp_result *res)
{
	cp->entry_hpa = 0;
	cp->nr_lead = 0;
	return cp_program(cp, &from->orb, CP_RESUMED, from, res);
}

static __be64 *cp_before(struct cp *cp, u32 cpa)
{
	return &cp->slot[(cpa - cp->slot_hpa) / (u32)sizeof(__be64) - 1];
}

__be64 cp_lead_on(struct cp *from, u32 cpa, const struct cp_result *res)
{
	__be64 *ccw = cp_before(from, cpa), suspended = *ccw;

	WRITE_ONCE(*ccw, cp_ccw(CCW_CMD_TIC, 0, 0, res->orb.cpa));
	return suspended;
}

void cp_lead_back(struct cp *from, u32 cpa, __be64 ccw)
{
	WRITE_ONCE(*cp_before(from, cpa), ccw);
}
