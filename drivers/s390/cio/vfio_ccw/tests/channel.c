// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words: a check is a program or a protection check, as its bit in word 2 of
 * the SCSW; ESCAPE is what must never happen: the host program used memory
 * that it was not given.
 */
#include <linux/kernel.h>
#include "channel.h"

#define OK		0u
#define PROG		SCSW2_SCH_PROG
#define PROT		SCSW2_SCH_PROT
#define ESCAPE		1u

#define FIRST		0
#define COMMAND		1
#define DATA		2

#define BEYOND		(1ull << 56)	/* no storage is so large */
#define MAX_CCWS	400000u

static bool fmt1(const struct channel *ch)
{
	return ch->orb.flags & ORB1_F;
}

static u64 limit(u32 orb_flags)
{
	return orb_flags & ORB1_F ? 1ull << 31 : 1ull << 24;
}

static u32 block_size(u32 orb_flags)
{
	return (orb_flags & ORB1_H) && !(orb_flags & ORB1_T) ? 4096 : 2048;
}

static u32 idaw_size(u32 orb_flags)
{
	return orb_flags & ORB1_H ? 8 : 4;
}

u8 chan_direction(u8 cmd)
{
	if (cmd & 1)
		return CHAN_OUT;	/* write, control */
	if ((cmd & 3) == 2)
		return CHAN_IN;		/* read */
	return (cmd & 0x0f) == 0x0c ? CHAN_BACK : CHAN_IN;	/* sense is x4 */
}

static u32 escape(struct channel *ch, const char *what, u64 addr)
{
	fm_error(ch->fm, "host program %s %llx", what, (unsigned long long)addr);
	return ESCAPE;
}

/* fetch a CCW or an IDAW */
static u32 fetch(struct channel *ch, u64 addr, u32 size, u64 *word)
{
	struct fm_page *page;
	const u8 *p;

	if (ch->cp) {
		if (addr >= BEYOND)
			return PROG;
		p = fm_arena(ch->fm, addr, size);
		if (!p)
			return escape(ch, "fetches from", addr);
		*word = fm_load(p, size);
		return OK;
	}
	page = fm_page(ch->fm, addr >> FM_SHIFT);
	if (page->props & FM_HOLE)
		return PROG;
	p = page->orig;
	if (ch->fm->live)
		p = ch->planning ? fm_host_view(page) : fm_guest_view(page);
	*word = fm_load(p + addr % FM_FRAME, size);
	return OK;
}

/* data at an address, up to the end of its frame at most */
static u32 access(struct channel *ch, u64 addr, bool store, u8 **p)
{
	struct fm_page *page;

	if (!ch->cp) {
		page = fm_page(ch->fm, addr >> FM_SHIFT);
		if (page->props & FM_HOLE)
			return PROG;
		if (store && (page->props & FM_RO))
			return PROT;
		*p = (store ? fm_guest_bytes(page) : fm_guest_view(page)) + addr % FM_FRAME;
		return OK;
	}
	if (addr >= BEYOND)
		return PROG;
	page = fm_page_of_hpa(ch->fm, addr);
	if (!page || !(page->given & (store ? FM_WRITE : FM_READ)))
		return escape(ch, store ? "stores to" : "takes data from", addr);
	*p = (store ? fm_host_bytes(page) : fm_host_view(page)) + addr % FM_FRAME;
	return OK;
}

u32 chan_fetch(struct channel *ch, u64 addr, u32 size, u64 *word)
{
	return fetch(ch, addr, size, word);
}

u32 chan_access(struct channel *ch, u64 addr, bool store, u8 **p)
{
	return access(ch, addr, store, p);
}

static void unpack(struct channel *ch, u64 word)
{
	ch->cmd = word >> 56;
	if (fmt1(ch)) {
		ch->flags = word >> 48;
		ch->count = (word >> 32) & 0xffff;
		ch->data = (u32)word;
	} else {
		ch->data = (word >> 32) & 0xffffff;
		ch->flags = word >> 24;
		ch->count = word & 0xffff;
	}
	ch->residual = ch->count;
	ch->first_idaw = true;
	ch->idaw_valid = false;
	ch->idaw_at = ch->data;
	ch->midaw = 0;
	ch->midaw_left = 0;
}

static bool is_tic(const struct channel *ch)
{
	return fmt1(ch) ? ch->cmd == 0x08 : (ch->cmd & 0x0f) == 0x08;
}

static u32 validate(const struct channel *ch, int context)
{
	u8 bad = 0;

	if (!(ch->orb.flags & ORB1_D))
		bad |= CCW_FLAG_MIDA;
	if (ch->flags & CCW_FLAG_MIDA)
		bad |= CCW_FLAG_IDA | CCW_FLAG_SKIP;
	if (!(ch->orb.flags & ORB1_S) || context == DATA)
		bad |= CCW_FLAG_S;
	if (ch->flags & bad)
		return PROG;
	if (context != DATA &&
	    ((ch->cmd & 0x0f) == 0 || (ch->cmd & 0x0f) == 0x08))
		return PROG;
	if (!ch->count && (!fmt1(ch) || context == DATA || (ch->flags & CCW_FLAG_CD)))
		return PROG;
	return OK;
}

static void present(struct channel *ch, u32 stctl, u32 actl, u8 dstat, u32 cstat, u64 cpa,
		    u32 count)
{
	u32 *irb, i;

	if (ch->nr_irbs++ >= CHAN_IRBS)
		return;
	irb = ch->irb[ch->nr_irbs - 1];
	memset(irb, 0, sizeof(ch->irb[0]));
	irb[0] = (ch->orb.flags & SCSW0_ECHO) | SCSW0_L | SCSW0_FC_START |
		 stctl | actl | SCSW0_SC_PEND;
	irb[IRB_CPA] = cpa & 0x7fffffff;
	irb[IRB_SCSW2] = (u32)dstat << 24 | cstat | count;
	irb[IRB_ESW] = 0x00800000;
	if (cstat) {
		/* hardware tells where it was */
		irb[IRB_ERW] |= ERW_SCAVF | ERW_FSAVF | ERW_FSAF;
		irb[IRB_SCA] = irb[IRB_CPA];
		irb[IRB_FSA] = ch->fault >> 32;
		irb[IRB_FSA + 1] = (u32)ch->fault;
	}
	if (dstat & DEV_UC) {
		irb[IRB_ERW] |= ERW_CONS | 0x00200000;
		for (i = IRB_ECW; i < IRB_ECW + 8; i++)
			irb[i] = 0x5e45e000 + i;
	}
}

static void finish(struct channel *ch, u8 dstat, u32 cstat, u64 cpa, u32 count, bool split)
{
	u32 alert = cstat || (dstat & (DEV_UC | DEV_UX)) ? SCSW0_SC_ALERT : 0;

	if (split && (dstat & DEV_CE) && (dstat & DEV_DE)) {
		present(ch, SCSW0_SC_PRIMARY | (cstat ? SCSW0_SC_ALERT : 0), SCSW0_AC_DEVACT,
			DEV_CE, cstat, cpa, count);
		dstat &= ~DEV_CE;
		alert = dstat & (DEV_UC | DEV_UX) ? SCSW0_SC_ALERT : 0;
		present(ch, SCSW0_SC_SECOND | alert, 0, dstat, 0, cpa, 0);
		return;
	}
	present(ch, SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | alert, 0, dstat, cstat, cpa, count);
}

/*
 * Bring the CCW at an address into control, through at most one TIC. On a
 * check, check_at is the CCW that the CPA has to follow.
 */
static u32 take(struct channel *ch, u64 addr, int context)
{
	bool tic = false;
	u64 word = 0;
	u32 check;

	for (;;) {
		if (!tic)
			ch->check_at = addr;
		if (addr % 8 || (!ch->cp && addr >= limit(ch->orb.flags)))
			return PROG;
		if (ch->cp && addr != ch->entry &&
		    (addr < ch->cp->slot_hpa ||
		     addr >= ch->cp->slot_hpa + 8ull * ch->cp->nr_slots))
			return escape(ch, "runs on to", addr);
		if (ch->fetched++ > MAX_CCWS)
			return escape(ch, "is endless at", addr);
		check = fetch(ch, addr, 8, &word);
		if (check)
			return check;
		ch->check_at = addr;
		unpack(ch, word);
		if (!is_tic(ch))
			break;
		if (tic || context == FIRST)
			return PROG;
		if (fmt1(ch) && (ch->flags || ch->count || (ch->data & 0x80000000u)))
			return PROG;
		tic = true;
		addr = ch->data;
	}
	ch->at = addr;
	check = validate(ch, context);
	if (check)
		return check;
	if (ch->flags & CCW_FLAG_S) {
		ch->suspend = true;
		return OK;
	}
	if (ch->flags & CCW_FLAG_PCI)
		present(ch, SCSW0_SC_INTER, SCSW0_AC_SCHACT | SCSW0_AC_DEVACT, 0,
			SCSW2_SCH_PCI, ch->at + 8, 0);
	return OK;
}

/* the next IDAW, and what it has to be */
static u32 next_idaw(struct channel *ch)
{
	u32 size = idaw_size(ch->orb.flags), block = block_size(ch->orb.flags), check;

	if (ch->first_idaw && ch->idaw_at % size)
		return PROG;
	if (ch->idaw_at + size > limit(ch->orb.flags))
		return PROG;
	ch->fault = ch->idaw_at;
	check = fetch(ch, ch->idaw_at, size, &ch->idaw);
	if (check)
		return check;
	if (size == 4 && (ch->idaw & 0x80000000u))
		return PROG;
	if (!ch->first_idaw &&
	    ch->idaw % block != (ch->dir == CHAN_BACK ? block - 1 : 0))
		return PROG;
	ch->first_idaw = false;
	ch->idaw_valid = true;
	ch->idaw_at += size;
	return OK;
}

/* does the MIDAW in control leave storage alone? */
static bool skips(const struct channel *ch)
{
	return (ch->midaw & MIDAW_SKIP) && ch->dir != CHAN_OUT;
}

/* the next MIDAW, and what it has to be */
static u32 next_midaw(struct channel *ch)
{
	u32 room, check;
	u64 head = 0;

	if (ch->first_idaw ? ch->idaw_at % 16 : !(ch->idaw_at % 4096))
		return PROG;
	if (ch->midaw & MIDAW_LAST || ch->idaw_at + 16 > limit(ch->orb.flags))
		return PROG;
	ch->fault = ch->idaw_at;
	check = fetch(ch, ch->idaw_at, 8, &head);
	if (!check)
		check = fetch(ch, ch->idaw_at + 8, 8, &ch->idaw);
	if (check)
		return check;
	if (head >> 24 || head & (MIDAW_FLAGS ^ MIDAW_LAST ^ MIDAW_SKIP))
		return PROG;
	ch->midaw = (u32)head;
	ch->midaw_left = head & MIDAW_COUNT;
	if (!ch->midaw_left || ch->midaw_left > ch->residual)
		return PROG;
	room = ch->dir == CHAN_BACK ? (u32)(ch->idaw % 4096) + 1 : 4096 - (u32)(ch->idaw % 4096);
	if (!skips(ch) && ch->midaw_left > room)
		return PROG;
	ch->first_idaw = false;
	ch->idaw_at += 16;
	return OK;
}

/* the same as place(), by MIDAWs; no place if storage is left alone */
static u32 place_by_midaw(struct channel *ch, u32 *n, u8 **p)
{
	u32 check = ch->midaw_left ? OK : next_midaw(ch);

	*p = NULL;
	if (check)
		return check;
	if (*n > ch->midaw_left)
		*n = ch->midaw_left;
	if (!skips(ch)) {
		ch->fault = ch->idaw;
		check = access(ch, ch->idaw, ch->dir != CHAN_OUT, p);
		if (check)
			return check;
		ch->idaw += ch->dir == CHAN_BACK ? -(u64)*n : *n;
	}
	ch->midaw_left -= *n;
	return OK;
}

/* where the next bytes go or come from, and how many lie there */
static u32 place(struct channel *ch, u32 *n, u8 **p)
{
	u32 block = block_size(ch->orb.flags), room, check;
	bool store = ch->dir != CHAN_OUT;
	bool ida = ch->flags & CCW_FLAG_IDA;
	u64 addr;

	if (ida && !ch->idaw_valid) {
		check = next_idaw(ch);
		if (check)
			return check;
	}
	addr = ida ? ch->idaw : ch->data;
	ch->fault = addr;
	/* downwards past zero is seen as beyond the end */
	if (!ida && addr >= limit(ch->orb.flags))
		return PROG;
	check = access(ch, addr, store, p);
	if (check)
		return check;
	if (!ida)
		block = FM_FRAME;
	room = ch->dir == CHAN_BACK ? (u32)(addr % block) + 1 : block - (u32)(addr % block);
	if (*n > room)
		*n = room;
	if (ida && *n == room)
		ch->idaw_valid = false;
	if (ch->dir == CHAN_BACK) {
		ch->idaw -= *n;
		ch->data -= ida ? 0 : *n;
	} else {
		ch->idaw += *n;
		ch->data += ida ? 0 : *n;
	}
	return OK;
}

static u8 device_byte(const struct channel *ch, u32 i)
{
	u32 x = ch->nr_calls * 0x01000193u + i * 0x9e3779b1u;

	if (i / 8 < ch->step->nr_give)
		return (u8)(ch->step->give[i / 8] >> (56 - i % 8 * 8));
	return (u8)(x >> 24 ^ x >> 11);
}

static u32 move(struct channel *ch, u32 *n, u32 done, struct chan_call *call)
{
	u32 hash = call->hash, check, i;
	u8 *p = NULL;

	if (*n > ch->residual)
		*n = ch->residual;
	if (ch->dir != CHAN_OUT && (ch->flags & CCW_FLAG_SKIP))
		return OK;
	if (ch->flags & CCW_FLAG_MIDA)
		check = place_by_midaw(ch, n, &p);
	else
		check = place(ch, n, &p);
	if (check || !p)
		return check;
	if (ch->dir == CHAN_OUT) {
		for (i = 0; i < *n; i++)
			hash = (hash ^ p[i]) * 0x01000193u;
		call->hash = hash;
		return OK;
	}
	for (i = 0; i < *n; i++)
		p[ch->dir == CHAN_IN ? (s32)i : -(s32)i] = device_byte(ch, done + i);
	return OK;
}

/*
 * Data of one command, over all CCWs of its data chain. had_more: the device's
 * record is longer than the program's counts.
 */
static u32 transfer(struct channel *ch, u32 want, struct chan_call *call, bool *had_more)
{
	u32 cap = want == CHAN_ALL ? ch->max_bytes : want, n, check;
	u32 pending = OK;
	u64 last;

	*had_more = false;
	for (;;) {
		if (!ch->residual && (ch->flags & CCW_FLAG_CD) && !pending &&
		    (ch->eager || call->bytes < cap)) {
			last = ch->at;
			pending = take(ch, last + 8, DATA);
			if (pending) {
				/* the new CCW is in control, bad as it is */
				ch->residual = 0;
				ch->flags = 0;
			}
		}
		if (pending && (pending == ESCAPE || call->bytes < cap || ch->eager))
			return pending;
		if (call->bytes >= cap)
			return OK;
		if (!ch->residual)
			break;
		n = cap - call->bytes;
		check = move(ch, &n, call->bytes, call);
		if (check) {
			ch->check_at = ch->at;
			return check;
		}
		call->bytes += n;
		ch->residual -= n;
		/* the list and the count end together */
		if ((ch->flags & CCW_FLAG_MIDA) && !ch->residual && !(ch->midaw & MIDAW_LAST)) {
			ch->check_at = ch->at;
			return PROG;
		}
	}
	*had_more = want != CHAN_ALL;
	return OK;
}

/* a processor of the guest's works on as the program runs */
static void guest_stores(struct channel *ch, const struct chan_step *step)
{
	struct fm_page *page;
	const u64 *put;
	u8 *bytes;

	for (put = step->put; put < step->put + 2 * step->nr_put; put += 2) {
		page = fm_page(ch->fm, put[0] >> FM_SHIFT);
		bytes = ch->cp ? fm_host_bytes(page) : fm_guest_bytes(page);
		fm_store(bytes + put[0] % FM_FRAME, put[1], sizeof(put[1]));
	}
}

/* one command; true: go on with the CCW at *next */
static bool command(struct channel *ch, u64 *next)
{
	static const struct chan_step all = { .bytes = CHAN_ALL };
	const struct chan_step *step = ch->nr_calls < ch->nr_steps ?
				       &ch->script[ch->nr_calls] : &all;
	struct chan_call call = { .cmd = ch->cmd, .hash = 0x811c9dc5u };
	u8 dstat = step->dstat ? step->dstat : DEV_CE | DEV_DE;
	bool had_more = false, il;
	u32 check = OK;

	if (ch->quiet) {
		ch->quiet--;
		ch->in_chain++;
		*next = ch->at + 8;
		if ((ch->flags & (CCW_FLAG_SKIP | CCW_FLAG_CC)) == (CCW_FLAG_SKIP | CCW_FLAG_CC))
			return true;
		escape(ch, "repeats what is no skipped read at", ch->at);
		return false;
	}
	ch->step = step;
	ch->rejected = step->chained && !ch->in_chain;
	ch->in_chain++;
	if (ch->rejected) {
		finish(ch, DEV_CE | DEV_DE | DEV_UC, 0, ch->at + 8, ch->count, false);
		ch->irb[(ch->nr_irbs - 1) % CHAN_IRBS][IRB_ECW] = 0x80000000u;
		return false;
	}
	guest_stores(ch, step);
	if (ch->nr_calls >= ch->max_calls)
		dstat = DEV_CE | DEV_DE | DEV_UC;
	ch->dir = chan_direction(ch->cmd);
	call.immediate = step->immediate || ch->cmd == CCW_CMD_NOP;
	if (!call.immediate)
		check = transfer(ch, step->bytes, &call, &had_more);
	ch->hash_before = ch->calls_hash;
	ch->calls_hash = (ch->calls_hash ^ call.hash ^ call.bytes ^ call.cmd << 16) * 0x01000193u;
	if (ch->nr_calls < CHAN_CALLS)
		ch->call[ch->nr_calls] = call;
	ch->nr_calls++;
	if (check) {
		finish(ch, dstat, check, ch->check_at + 8, ch->residual, step->split);
		return false;
	}
	if (call.immediate)
		il = fmt1(ch) && !(ch->orb.flags & ORB1_L) && ch->count &&
		     ((ch->flags & CCW_FLAG_CD) || !(ch->flags & CCW_FLAG_SLI));
	else
		il = (ch->residual || had_more || (ch->flags & CCW_FLAG_CD)) &&
		     ((ch->flags & CCW_FLAG_CD) || !(ch->flags & CCW_FLAG_SLI));
	if (il || (ch->flags & CCW_FLAG_CD) || !(ch->flags & CCW_FLAG_CC) ||
	    (dstat | DEV_SM) != (DEV_CE | DEV_DE | DEV_SM)) {
		finish(ch, dstat, il ? SCSW2_SCH_IL : 0, ch->at + 8, ch->residual, step->split);
		return false;
	}
	*next = ch->at + (dstat & DEV_SM ? 16 : 8);
	return true;
}

static void go(struct channel *ch, u64 next, int context)
{
	u32 check;

	ch->suspend = false;
	ch->suspended = false;
	ch->rejected = false;
	ch->in_chain = 0;
	do {
		check = take(ch, next, context);
		if (check) {
			finish(ch, 0, check, ch->check_at + 8, 0, false);
			return;
		}
		if (ch->suspend) {
			ch->suspended = true;
			if (!(ch->orb.flags & ORB1_U))
				present(ch, SCSW0_SC_INTER, SCSW0_AC_SUSP, 0, 0, ch->at + 8, 0);
			return;
		}
		context = COMMAND;
	} while (command(ch, &next));
}

void chan_run(struct channel *ch)
{
	ch->nr_calls = 0;
	ch->calls_hash = 0;
	ch->nr_irbs = 0;
	ch->fetched = 0;
	ch->fault = 0;
	ch->entry = 0;
	ch->suspend = false;
	ch->suspended = false;
	ch->rejected = false;
	memset(ch->call, 0, sizeof(ch->call));
	if (ch->orb.flags & ORB1_B)
		chan_run_transport(ch);
	else
		go(ch, ch->orb.cpa, FIRST);
}

void chan_go_on(struct channel *ch, u32 cpa, u32 quiet)
{
	ch->quiet = quiet;
	go(ch, cpa, FIRST);
}

void chan_forget_call(struct channel *ch)
{
	ch->nr_calls--;
	ch->calls_hash = ch->hash_before;
}

void chan_resume(struct channel *ch, const struct cp *cp)
{
	if (cp) {
		ch->entry = ch->at;
		ch->cp = cp;
	}
	go(ch, ch->at, COMMAND);
}

/* what a program can reach */

#define AS_FIRST	0x01
#define AS_COMMAND	0x02
#define AS_IN		0x04
#define AS_BACK		0x08
#define AS_OUT		0x10
#define AFTER_TIC	0x20	/* the state's CCW is the target of a TIC */

/* a CCW that was reached, and how; the upper byte: as the target of a TIC */
struct reached {
	u32 addr;
	u32 slot;
	u32 as;
};

struct todo {
	u32 addr;
	u32 as;
};

struct chan_reach {
	struct fake_mem *fm;
	const struct cp_orb *orb;
	struct channel ch;	/* for its decoding only */
	u32 nr;
	u32 nr_todo;
	bool overflow;
	bool mixed;
	bool torn;
	bool protected;
	struct reached ccw[CHAN_REACH_MAX];
	struct todo todo[4 * CHAN_REACH_MAX];
	u32 hash[4 * CHAN_REACH_MAX];	/* index + 1 */
};

struct chan_reach *chan_reach_create(void)
{
	return kvzalloc(sizeof(struct chan_reach), GFP_KERNEL);
}

void chan_reach_destroy(struct chan_reach *r)
{
	kvfree(r);
}

static u32 slot_of(const struct chan_reach *r, u32 addr)
{
	u32 h = (addr >> 3) * 0x9e3779b1u >> 7;

	for (;; h++) {
		u32 slot = h % ARRAY_SIZE(r->hash);

		if (!r->hash[slot] || r->ccw[r->hash[slot] - 1].addr == addr)
			return slot;
	}
}

/* a CCW that is known is queued again for what is new about it */
static void visit(struct chan_reach *r, u64 addr, u32 as)
{
	struct reached *ccw;
	u32 slot;

	if (addr % 8 || addr >= limit(r->orb->flags))
		return;
	slot = slot_of(r, (u32)addr);
	if (!r->hash[slot]) {
		if (r->nr >= CHAN_REACH_MAX) {
			r->overflow = true;
			return;
		}
		r->ccw[r->nr] = (struct reached){ .addr = (u32)addr, .slot = slot };
		r->hash[slot] = ++r->nr;
	}
	ccw = &r->ccw[r->hash[slot] - 1];
	if (as & AFTER_TIC)
		as = (as & ~AFTER_TIC) << 8;
	as &= ~ccw->as;
	if (!as)
		return;
	ccw->as |= as;
	if (r->nr_todo >= ARRAY_SIZE(r->todo))
		r->overflow = true;
	else
		r->todo[r->nr_todo++] = (struct todo){ (u32)addr, as };
}

static void may(struct chan_reach *r, u64 addr, u32 what)
{
	fm_page(r->fm, addr >> FM_SHIFT)->may |= what;
}

/* is storage of one MIDAW or block right in one of the ways only in which it is reached? */
static void reach_storage(struct chan_reach *r, u64 addr, u8 dir, u32 all_dirs)
{
	bool read_only = fm_page(r->fm, addr >> FM_SHIFT)->props & FM_RO;

	may(r, addr, dir == CHAN_OUT ? FM_READ : FM_READ | FM_WRITE);
	if (dir != CHAN_OUT && read_only)
		r->protected = true;
	if (all_dirs != (1u << dir) && (all_dirs & 1u << CHAN_BACK || read_only))
		r->mixed = true;
}

static void reach_midal(struct chan_reach *r, u8 dir, u32 all_dirs)
{
	struct channel *ch = &r->ch;
	u32 check;

	ch->dir = dir;
	ch->first_idaw = true;
	ch->idaw_at = ch->data;
	ch->midaw = 0;
	ch->residual = ch->count;
	/* no list goes up and down */
	if (all_dirs & 1u << CHAN_BACK && all_dirs != 1u << CHAN_BACK)
		r->mixed = true;
	while (ch->residual) {
		if (!(ch->idaw_at % 16) && ch->idaw_at + 16 <= limit(r->orb->flags))
			may(r, ch->idaw_at, FM_FETCH);
		check = next_midaw(ch);
		/* to skip more than a page is right for input alone */
		if (ch->midaw & MIDAW_SKIP && ch->idaw % 4096 + ch->midaw_left > 4096 &&
		    all_dirs & 1u << CHAN_OUT && all_dirs != 1u << CHAN_OUT)
			r->mixed = true;
		if (check)
			return;
		if (!skips(ch))
			reach_storage(r, ch->idaw, dir, all_dirs);
		ch->residual -= ch->midaw_left;
	}
}

static void reach_data(struct chan_reach *r, u8 dir, u32 all_dirs)
{
	struct channel *ch = &r->ch;
	u32 left = ch->count, n, block;
	bool ida = ch->flags & CCW_FLAG_IDA;
	u64 addr;

	if (dir != CHAN_OUT && (ch->flags & CCW_FLAG_SKIP))
		return;
	if (ch->flags & CCW_FLAG_MIDA) {
		reach_midal(r, dir, all_dirs);
		return;
	}
	ch->dir = dir;
	ch->first_idaw = true;
	ch->idaw_at = ch->data;
	addr = ch->data;
	while (left) {
		block = FM_FRAME;
		if (ida) {
			if (ch->idaw_at + idaw_size(r->orb->flags) <= limit(r->orb->flags) &&
			    !(ch->first_idaw && ch->idaw_at % idaw_size(r->orb->flags)))
				may(r, ch->idaw_at, FM_FETCH);
			if (next_idaw(ch))
				return;
			addr = ch->idaw;
			block = block_size(r->orb->flags);
		} else if (addr >= limit(r->orb->flags)) {
			return;
		}
		reach_storage(r, addr, dir, all_dirs);
		n = dir == CHAN_BACK ? (u32)(addr % block) + 1 : block - (u32)(addr % block);
		if (n > left)
			n = left;
		left -= n;
		addr += dir == CHAN_BACK ? -(u64)n : n;
	}
}

/* directions of a CCW in those of its contexts in which it is no program check */
static u32 valid_directions(const struct channel *ch, u32 as)
{
	u32 dirs = 0;

	/* a suspended CCW is run as a command when it is resumed */
	if ((as & (AS_FIRST | AS_COMMAND)) && !validate(ch, COMMAND))
		dirs |= 1u << chan_direction(ch->cmd);
	if (validate(ch, DATA))
		return dirs;
	return dirs | (as & AS_IN ? 1u << CHAN_IN : 0) | (as & AS_BACK ? 1u << CHAN_BACK : 0) |
	       (as & AS_OUT ? 1u << CHAN_OUT : 0);
}

static void reach_ccw(struct chan_reach *r, u32 addr, u32 as)
{
	struct channel *ch = &r->ch;
	u32 direct = as & 0xff, by_tic = as >> 8, i, dirs, data, all;
	u32 seen = r->ccw[r->hash[slot_of(r, addr)] - 1].as;
	u64 word;

	may(r, addr, FM_FETCH);
	if (fetch(ch, addr, 8, &word))
		return;
	unpack(ch, word);
	if (is_tic(ch)) {
		direct &= ~AS_FIRST;
		if (!direct || (fmt1(ch) && (ch->flags || ch->count || ch->data >> 31)))
			return;
		visit(r, ch->data, direct | AFTER_TIC);
		return;
	}
	as = direct | by_tic;
	seen = (seen & 0xff) | seen >> 8;
	dirs = valid_directions(ch, as);
	all = valid_directions(ch, seen);
	/* a check for one of its contexts, fine but for its data in another */
	if (all && (((seen & (AS_FIRST | AS_COMMAND)) && validate(ch, COMMAND)) ||
		    ((seen & (AS_IN | AS_BACK | AS_OUT)) && validate(ch, DATA))))
		r->torn = true;
	/* a no-operation moves nothing, unless it is in a data chain, too */
	data = dirs;
	if (ch->cmd == CCW_CMD_NOP)
		data = seen & (AS_IN | AS_BACK | AS_OUT) ? all : 0;
	for (i = CHAN_OUT; i <= CHAN_BACK; i++) {
		if (data & 1u << i)
			reach_data(r, (u8)i, all);
		if (!(dirs & 1u << i))
			continue;
		if (ch->flags & CCW_FLAG_CD)
			visit(r, (u64)addr + 8, i == CHAN_IN ? AS_IN :
			      i == CHAN_BACK ? AS_BACK : AS_OUT);
	}
	if (dirs && !(ch->flags & CCW_FLAG_CD) && (ch->flags & CCW_FLAG_CC)) {
		visit(r, (u64)addr + 8, AS_COMMAND);
		visit(r, (u64)addr + 16, AS_COMMAND);
	}
}

bool chan_reach(struct chan_reach *r, struct fake_mem *fm, const struct cp_orb *orb,
		bool resumed)
{
	struct todo t;
	u32 i;

	for (i = 0; i < r->nr; i++)
		r->hash[r->ccw[i].slot] = 0;
	r->nr = 0;
	r->nr_todo = 0;
	r->fm = fm;
	r->orb = orb;
	memset(&r->ch, 0, sizeof(r->ch));
	r->ch.fm = fm;
	r->ch.orb = *orb;
	r->ch.planning = true;
	r->overflow = false;
	r->mixed = false;
	r->torn = false;
	r->protected = false;
	if (orb->flags & ORB1_B) {
		r->mixed = chan_reach_transport(&r->ch);
		return true;
	}
	visit(r, orb->cpa, resumed ? AS_COMMAND : AS_FIRST);
	while (r->nr_todo && !r->overflow) {
		t = r->todo[--r->nr_todo];
		reach_ccw(r, t.addr, t.as);
	}
	return !r->overflow;
}

bool chan_reach_mixed(const struct chan_reach *r)
{
	return r->mixed || (r->torn && r->protected);
}

u32 chan_reach_nr(const struct chan_reach *r)
{
	return r->nr;
}
