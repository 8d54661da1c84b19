// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generated channel programs against the reference channel. A string of bytes
 * decides everything: what memory is like, the ORB, CCWs by a grammar, damage
 * done to them, what the device does, which allocation fails. So the same code
 * is a target for libFuzzer, a loop over a seed, and a replay of a corpus.
 *
 *	fuzz [-s SEED] [-n RUNS] [-v] [CORPUS]
 *
 * CORPUS is a file with one input a line, in hexadecimal digits. The RUNS programs
 * of the seed are one test, those of the corpus another.
 */
#include <time.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include "tests/cp_check.h"

#define MAX_CALLS	24u
#define MAX_BYTES	0x4000u
#define MAX_CCWS	64
#define MAX_SEGS	5

struct input {
	const u8 *p;
	size_t left;
};

static struct cp_check *ck;
static bool verbose;
static struct {
	u64 runs, at_once, excused, limited, failed, calls, ccws, checks;
	u64 resumed, followed, unfollowed;
} seen;

static u32 byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static u32 half(struct input *in)
{
	u32 high = byte(in);

	return high << 8 | byte(in);
}

static u32 word(struct input *in)
{
	u32 high = half(in);

	return high << 16 | half(in);
}

/* true in n of 256 cases; never if there is no input left */
static bool chance(struct input *in, u32 n)
{
	return 255 - byte(in) < n;
}

#define PICK(in, a) ((a)[byte(in) % ARRAY_SIZE(a)])

/* where programs, IDALs and data lie: few places, so that they meet */
static const u32 ccw_places[] = {
	0x1000, 0x1008, 0x1ff0, 0x2000, 0x2ff8, 0x3000, 0x3100, 0x4000,
	0xffffe8, 0xfff000, 0x7fffffe0, 0x7ffff000,
};

static const u32 data_places[] = {
	0x10000, 0x11000, 0x12000, 0x13000, 0x14000, 0x18000, 0x3000, 0x4000,
	0x0, 0xffe000, 0xfff000, 0x1000000, 0x7fffe000, 0x7ffff000, 0x5000, 0x80010000,
	0x10000, 0x11000, 0x12000, 0x13000, 0x14000, 0x15000, 0x18000, 0x19000,
	0x1000, 0x1000, 0x2000, 0x13000, 0x14000, 0x15000, 0x20000, 0x21000,
};

static const u32 offsets[] = {
	0, 0, 0, 1, 8, 0x100, 0x7ff, 0x7ff, 0x800, 0x801, 0xffe, 0xfff, 0xfff, 0xff8,
};

static const u16 counts[] = {
	1, 1, 2, 5, 8, 8, 16, 32, 0x100, 0x7ff, 0x800, 0x801, 0xfff, 0x1000, 0x1001, 0x1800,
	0x2000, 0x2345, 0x3000, 0xffff, 0, 4, 8, 8, 1, 6, 12, 64, 128, 0, 2, 4,
};

static const u8 codes[] = {
	0x01, 0x01, 0x02, 0x02, 0x02, 0x03, 0x04, 0x06, 0x07, 0x0c, 0x0c, 0x31, 0x31, 0xe4,
	0x05, 0x1a, 0x8c, 0x47, 0x63, 0x01, 0x02, 0x04, 0x06, 0x07, 0x0c, 0x31, 0x0a, 0x0d,
	0x01, 0x02, 0x03, 0x0e, 0x14, 0x0c, 0x31, 0x31, 0x92, 0x11, 0x1f, 0xfd, 0x00, 0x18,
};

static const u32 props[] = {
	FM_HOLE, FM_RO, FM_LOW, FM_LOW, FM_LOW, 0, FM_MISS, FM_MISS, FM_NOPEEK,
	FM_LOW | FM_RO, FM_MISS | FM_LOW,
	FM_MISS | FM_RO, FM_RO | FM_NOPEEK, 0,
};

struct plan {
	u32 orb;
	u32 gpa[MAX_CCWS];	/* of CCWs */
	u32 nr;
	u32 idal;		/* next free place for IDALs */
	u32 words;		/* written to IDALs, a MIDAW is two */
};

static u32 data_address(struct input *in)
{
	return PICK(in, data_places) + PICK(in, offsets);
}

static void put_ccw(struct plan *plan, u32 gpa, u8 cmd, u8 flags, u16 count, u32 addr)
{
	u64 ccw = plan->orb & ORB1_F ?
		  (u64)cmd << 56 | (u64)flags << 48 | (u64)count << 32 | addr :
		  (u64)cmd << 56 | (u64)(addr & 0xffffff) << 32 | (u64)flags << 24 | count;

	fm_put(ck->fm, gpa, ccw, 8);
}

/* an IDAL that is right for a count, unless chance wants it otherwise */
static u32 put_idal(struct input *in, struct plan *plan, u32 count, bool back)
{
	u32 size = plan->orb & ORB1_H ? 8 : 4, at = plan->idal, i, n;
	u32 block = (plan->orb & (ORB1_H | ORB1_T)) == ORB1_H ? 4096 : 2048;
	u64 idaw;

	n = 1 + (count + block - 1) / block;
	if (n > 8)
		n = 8;
	for (i = 0; i < n; i++) {
		idaw = data_address(in);
		if (i)
			idaw = back ? idaw | (block - 1) : idaw & ~(u64)(block - 1);
		if (chance(in, 3))
			idaw ^= 1ull << (byte(in) % (size * 8));
		fm_put(ck->fm, plan->idal, idaw, size);
		plan->idal += size;
	}
	plan->words += n;
	/* the next list begins somewhere else, and may be at the end of its page */
	if (chance(in, 16))
		plan->idal = 0x5ff8;
	if (chance(in, 3))
		return at + 1 + byte(in) % 7;
	plan->idal = (plan->idal + 7) & ~7u;
	return at;
}

/* what an entry of a MIDAL or TIDAL takes of what is left */
static u32 some_of(struct input *in, u32 how, u32 left, u32 room)
{
	u32 take = how & 3 ? 1 + half(in) % left : left;

	return take > room && how != 0xff ? room : take;
}

static void put_entry(struct input *in, struct plan *plan, u64 head, u64 addr)
{
	if (chance(in, 3))
		head ^= 1ull << byte(in) % 64;
	fm_put(ck->fm, plan->idal, head, 8);
	fm_put(ck->fm, plan->idal + 8, addr, 8);
	plan->idal += 16;
	plan->words += 2;
}

/* where the guest says that its list is; the next one may be at the end of a page */
static u32 list_at(struct input *in, struct plan *plan, u32 at)
{
	if (chance(in, 16))
		plan->idal = 0x5fe0;
	return at + (chance(in, 3) ? byte(in) % 16 : 0);
}

/* a MIDAL that is right for a count, unless chance wants it otherwise */
static u32 put_midal(struct input *in, struct plan *plan, u32 count, bool back)
{
	u32 at = (plan->idal + 15) & ~15u, n, take, how, room;
	u64 head, addr;

	plan->idal = at;
	for (n = 0; count && n < 12; n++) {
		how = byte(in);
		addr = data_address(in);
		room = back ? (u32)(addr % FM_FRAME) + 1 : FM_FRAME - (u32)(addr % FM_FRAME);
		take = some_of(in, how, count, room);
		count -= take > count ? count : take;
		head = take | (count && how != 0xfe ? 0 : MIDAW_LAST) |
		       ((how & 0x3c) == 0x3c ? MIDAW_SKIP : 0);
		put_entry(in, plan, head, addr);
	}
	return list_at(in, plan, at);
}

/* a TIDAL that is right for a count, unless chance wants it otherwise */
static u32 put_tidal(struct input *in, struct plan *plan, u32 count)
{
	u32 at = (plan->idal + 15) & ~15u, n, take, how, room, next;
	u64 head, addr;

	plan->idal = at;
	for (n = 0; count && n < 12; n++) {
		how = byte(in);
		if ((how & 0x1c) == 0x1c) {
			next = chance(in, 64) ? at : plan->idal + 16 * (1 + byte(in) % 4);
			fm_put(ck->fm, plan->idal, TIDAW_TTIC, 8);
			fm_put(ck->fm, plan->idal + 8, next, 8);
			plan->words += (next - plan->idal) / 8;
			plan->idal = next;
		}
		addr = data_address(in);
		room = FM_FRAME - (u32)(addr % FM_FRAME);
		take = some_of(in, how, count, room);
		count -= take > count ? count : take;
		head = take | (count && how != 0xfe ? 0 : TIDAW_LAST) |
		       ((how & 0xe0) == 0xe0 ? TIDAW_SKIP : 0) |
		       ((how & 0xe0) == 0xc0 ? TIDAW_CBC | TIDAW_DATA_INT : 0);
		put_entry(in, plan, head, addr);
	}
	return list_at(in, plan, at);
}

/* a TCW in the place of the first CCW; the TCCB and the TSB lie anywhere */
static void put_tcw(struct input *in, struct plan *plan)
{
	u32 how = byte(in), gpa = plan->gpa[0] & ~63u, i;
	u32 w0 = 0, w1 = byte(in) % 64 << TCW1_TCCBL_SHIFT, count[2];
	u64 word[8] = { 0 };

	plan->gpa[0] = gpa | (chance(in, 3) ? 1u << byte(in) % 31 : 0);
	plan->nr = 0;
	for (i = 0; i < 2; i++) {
		count[i] = chance(in, 32) ? half(in) * 4 : PICK(in, counts);
		if (how & (1 << i))
			word[1 + i] = put_tidal(in, plan, count[i]);
		else
			word[1 + i] = data_address(in);
	}
	w0 |= (how & 1 ? TCW0_OUTPUT_TIDA : 0) | (how & 2 ? TCW0_INPUT_TIDA : 0);
	w1 |= (how & 0x0c) == 0x0c ? TCW1_R | TCW1_W : how & 4 ? TCW1_R : how & 8 ? TCW1_W : 0;
	word[3] = chance(in, 16) ? data_address(in) : PICK(in, data_places) + 64 * (byte(in) % 64);
	word[4] = PICK(in, data_places) + 8 * (byte(in) % 64);
	if ((how & 0x70) == 0x70) {
		w0 |= TCW0_TCCB_TIDA;
		word[4] = put_tidal(in, plan, 20 + 4 * (w1 >> TCW1_TCCBL_SHIFT & 63));
	}
	word[0] = (u64)w0 << 32 | w1;
	word[5] = (u64)count[0] << 32 | count[1];
	i = byte(in);
	/* counts stay small enough for the test */
	if (i < 8 && i != 5)
		word[i] ^= 1ull << byte(in) % 64;
	for (i = 0; i < 8; i++)
		fm_put(ck->fm, gpa + 8 * i, word[i], 8);
}

static void put_transfer(struct input *in, struct plan *plan, u32 gpa, bool last)
{
	u8 cmd = chance(in, 6) ? byte(in) : PICK(in, codes);
	u32 how = byte(in), addr;
	u16 count = chance(in, 16) ? half(in) : PICK(in, counts);
	u8 flags = 0;

	if (how & 0x81)
		flags |= CCW_FLAG_SLI;
	if (!count && (!(plan->orb & ORB1_F) || !chance(in, 64)))
		count = 8;
	if (!last || (how & 2))
		flags |= (how & 0x1c) < 0x14 ? CCW_FLAG_CC : CCW_FLAG_CD;
	if (how & 0x20 && how & 0x40)
		flags |= CCW_FLAG_IDA;
	if (chance(in, 20))
		flags |= CCW_FLAG_SKIP;
	if (chance(in, 16))
		flags |= CCW_FLAG_PCI;
	if (chance(in, plan->orb & ORB1_S ? 12 : 2))
		flags |= CCW_FLAG_S;
	if (chance(in, plan->orb & ORB1_D ? 100 : 2))
		flags |= CCW_FLAG_MIDA;
	if (flags & CCW_FLAG_MIDA && plan->orb & ORB1_D && !chance(in, 4))
		flags &= ~(CCW_FLAG_IDA | CCW_FLAG_SKIP);
	if (flags & CCW_FLAG_MIDA && plan->orb & ORB1_D)
		addr = put_midal(in, plan, count, (cmd & 0xf) == 0xc);
	else if (flags & CCW_FLAG_IDA)
		addr = put_idal(in, plan, count, (cmd & 0xf) == 0xc);
	else
		addr = data_address(in);
	put_ccw(plan, gpa, cmd, flags, count, addr);
}

static u32 tic_target(struct input *in, const struct plan *plan)
{
	u32 to = plan->gpa[byte(in) % plan->nr];

	if (chance(in, 16))
		to += 8;
	if (chance(in, 6))
		to ^= 1u << byte(in) % 32;
	return to;
}

/* places of all CCWs first, so that TICs know where they may go */
static void place_segments(struct input *in, struct plan *plan)
{
	u32 segs = 1 + byte(in) % MAX_SEGS, n, gpa;

	while (segs--) {
		gpa = PICK(in, ccw_places);
		/* out of reach of format 0, mostly */
		if (!(plan->orb & ORB1_F) && gpa > 0xffffff && !chance(in, 16))
			gpa = 0x1000 + 0x100 * (byte(in) % 32);
		n = 1 + byte(in) % 10;
		if (chance(in, 4))
			n = 40;
		while (n-- && plan->nr < MAX_CCWS) {
			plan->gpa[plan->nr++] = gpa;
			gpa += 8;
		}
	}
}

static void put_program(struct input *in, struct plan *plan)
{
	u32 i, what;
	bool last;

	for (i = 0; i < plan->nr; i++) {
		last = i + 1 == plan->nr || plan->gpa[i + 1] != plan->gpa[i] + 8;
		what = byte(in);
		if (what >= 0xfc)
			fm_put(ck->fm, plan->gpa[i], (u64)word(in) << 32 | word(in), 8);
		else if (i && (what >= 0xe0 || (last && what >= 0x90)))
			put_ccw(plan, plan->gpa[i], chance(in, 8) ? byte(in) << 4 | 8 : 8,
				chance(in, 8) ? byte(in) : 0, chance(in, 8) ? half(in) : 0,
				tic_target(in, plan));
		else
			put_transfer(in, plan, plan->gpa[i], last);
	}
}

static void damage(struct input *in, const struct plan *plan)
{
	u32 n = byte(in) % 16, gpa;

	/* mostly none */
	for (n = n > 12 ? n - 12 : 0; n; n--) {
		gpa = plan->gpa[byte(in) % plan->nr] + byte(in) % 8;
		fm_put(ck->fm, gpa, fm_get(ck->fm, gpa, 1) ^ 1u << byte(in) % 8, 1);
	}
}

#define GIVEN	16

/* records that are programs, or pieces of them */
static void fill_records(struct input *in, const struct plan *plan, struct chan_step *step,
			 u32 nr_steps, u64 *given)
{
	u32 i;

	for (i = 0; i < GIVEN; i++)
		given[i] = fm_get(ck->fm, plan->gpa[byte(in) % plan->nr], 8);
	for (i = 0; i < nr_steps; i++) {
		if (!chance(in, 96))
			continue;
		step[i].give = given + byte(in) % GIVEN;
		step[i].nr_give = (u32)(given + GIVEN - step[i].give);
	}
}

static void clear_frames(u32 from, u32 nr)
{
	struct fm_page *page;

	while (nr--) {
		page = fm_page(ck->fm, from++);
		if (!(page->props & FM_HOLE))
			memset(page->orig, 0, FM_FRAME);
	}
}

static u32 set_up_memory(struct input *in)
{
	static const u32 frames[] = {
		0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x18, 0x19, 0x0,
		0xffe, 0xfff, 0x1000, 0x7fffe, 0x7ffff,
	};
	u32 mode = byte(in), n = byte(in) % 6;

	fm_reset(ck->fm);
	ck->fm->no_peek = mode & 1;
	ck->fm->no_lookup = (mode & 6) == 6;
	ck->fm->use_ready = mode & 8;
	ck->fm->all_low = mode & 16;
	while (n--) {
		u32 gfn = PICK(in, frames);

		fm_area(ck->fm, gfn, 1 + byte(in) % 3, PICK(in, props));
	}
	/* what the program does not name is zero, or garbage */
	if (!(mode & 32)) {
		clear_frames(1, 6);
		clear_frames(0xfff, 1);
		clear_frames(0x7ffff, 1);
	}
	return mode;
}

static u32 orb_flags(struct input *in)
{
	u32 how = byte(in), flags = 0xff00;

	if (!(how & 1) || (how & 2))
		flags |= ORB1_F;
	if (how & 4)
		flags |= ORB1_H;
	if ((how & 0x18) == 0x18)
		flags |= ORB1_T;
	if (how & 0x20)
		flags |= ORB1_L;
	if ((how & 0xc0) == 0xc0)
		flags |= ORB1_S;
	how = byte(in);
	if ((how & 0xf0) == 0xf0)
		return 0x1000ff00u | ORB1_B;
	return flags | (how & 0xf0u) << 24 | (how & 1 ? ORB1_P : 0) | (how & 2 ? ORB1_I : 0) |
	       (how & 4 ? ORB1_A : 0) | (how & 8 ? ORB1_U : 0);
}

static u32 script(struct input *in, struct chan_step *step, u32 max)
{
	static const u8 ends[] = { 0, 0, 0, 0, 0, SCSW2_DEV_SM >> 24 };
	u32 n = byte(in) % (max + 1), i, how;

	for (i = 0; i < n; i++) {
		how = byte(in);
		step[i] = (struct chan_step){ .bytes = CHAN_ALL };
		if ((how & 3) == 3)
			step[i].bytes = how & 4 ? PICK(in, counts) : half(in);
		step[i].dstat = PICK(in, ends);
		if (step[i].dstat)
			step[i].dstat |= DEV_CE | DEV_DE;
		if ((how & 0x78) == 0x78)
			step[i].dstat |= DEV_CE | DEV_DE | (how & 0x80 ? DEV_UC : DEV_UX);
		step[i].immediate = (how & 0x70) == 0x10;
		step[i].split = (how & 0x70) == 0x20;
		step[i].chained = (how & 0x70) == 0x40;
	}
	return n;
}

static void count(void)
{
	u32 last = ck->guest.nr_irbs;

	seen.calls += ck->guest.nr_calls;
	seen.ccws += ck->cp.counts.ccws;
	seen.excused += ck->excused;
	seen.limited += ck->cp.counts.limited;
	seen.followed += ck->followed;
	seen.unfollowed += ck->unfollowed;
	if (last && last <= CHAN_IRBS &&
	    ck->guest.irb[last - 1][IRB_SCSW2] & (SCSW2_SCH_PROG | SCSW2_SCH_PROT))
		seen.checks++;
}

static void dump(const struct plan *plan, const struct chan_step *step, u32 nr_steps)
{
	u32 i;

	printf("ORB %08x %08x; peek %d lookup %d table %d low %d\n", ck->orb.flags, ck->orb.cpa,
	       !ck->fm->no_peek, !ck->fm->no_lookup, ck->fm->use_ready, ck->fm->all_low);
	for (i = 0; i < ck->fm->nr_areas; i++)
		printf("frames %llx+%llx: %s%s%s%s%s\n", (unsigned long long)ck->fm->area[i].gfn,
		       (unsigned long long)ck->fm->area[i].nr,
		       ck->fm->area[i].props & FM_HOLE ? "hole " : "",
		       ck->fm->area[i].props & FM_RO ? "read-only " : "",
		       ck->fm->area[i].props & FM_LOW ? "low " : "",
		       ck->fm->area[i].props & FM_MISS ? "not ready " : "",
		       ck->fm->area[i].props & FM_NOPEEK ? "no peek" : "");
	for (i = 0; i < plan->nr; i++)
		printf("%8x: %016llx\n", plan->gpa[i],
		       (unsigned long long)fm_get(ck->fm, plan->gpa[i], 8));
	for (i = 0; ck->orb.flags & ORB1_B && i < 64; i += 8)
		printf("TCW + %2u: %016llx\n", i,
		       (unsigned long long)fm_get(ck->fm, ck->orb.cpa + i, 8));
	for (i = 0x5000; plan->words && i < 0x5000 + 8 * plan->words; i += 8)
		printf("%8x: %016llx\n", i, (unsigned long long)fm_get(ck->fm, i, 8));
	for (i = 0; i < nr_steps; i++)
		printf("device: %x bytes, %02x%s%s\n", step[i].bytes, step[i].dstat,
		       step[i].immediate ? " immediate" : "", step[i].split ? " split" : "");
	if (ck->rc || ck->res.cstat)
		return;
	for (i = 0; i < ck->cp.nr_slots; i++)
		printf("slot %3u %8x %016llx for %x\n", i, ck->cp.slot_hpa + 8 * i,
		       (unsigned long long)cp_check_slot(ck, i), cp_check_guest_ccw(ck, i));
}

static void restart(void)
{
	cp_check_restart(ck);
	if (shim_live)
		fm_error(ck->fm, "%ld allocations were not freed", shim_live);
}

/* what a guest does to a suspended program: it takes the flag away, and more */
static void change(struct input *in, const struct plan *plan, u32 gpa)
{
	u32 flags = gpa + (plan->orb & ORB1_F ? 1 : 4), n = byte(in) % 16;

	if (!chance(in, 24))
		fm_change(ck->fm, flags, fm_get(ck->fm, flags, 1) & ~(u64)CCW_FLAG_S, 1);
	for (n = n > 10 ? n - 10 : 0; n; n--) {
		gpa = chance(in, 128) ? gpa + byte(in) % 8 :
		      plan->gpa[byte(in) % plan->nr] + byte(in) % 8;
		fm_change(ck->fm, gpa, fm_get(ck->fm, gpa, 1) ^ 1u << byte(in) % 8, 1);
	}
	if (chance(in, 24))
		fm_change(ck->fm, gpa & ~7u, fm_get(ck->fm, plan->gpa[byte(in) % plan->nr], 8), 8);
}

static void resume(struct input *in, const struct plan *plan)
{
	u32 gpa, i;

	for (i = 0; i < 4 && !ck->fm->nr_errors && cp_check_suspended(ck, &gpa); i++) {
		change(in, plan, gpa);
		if (chance(in, 8))
			ck->fm->fail_in = 1 + byte(in) % 4;
		ck->fm->failed = false;
		cp_check_retranslate(ck);
		ck->fm->fail_in = 0;
		if (ck->fm->failed)
			cp_check_retranslate(ck);
		if (ck->rc)
			fm_error(ck->fm, "cp_retranslate() returned %d", ck->rc);
		/* where a bound is exceeded the runs need not be alike */
		if (ck->rc || ck->fm->nr_errors || ck->spare.counts.limited)
			return;
		cp_check_resume(ck);
		seen.resumed++;
	}
}

/* false: ck->fm->error says what is wrong */
static bool one(const u8 *p, size_t size)
{
	struct input in = { p, size };
	struct chan_step step[8];
	struct plan plan = { .idal = 0x5000 };
	u64 given[GIVEN];
	struct cp_orb orb;
	u32 nr_steps, fail, mode;

	seen.runs++;
	mode = set_up_memory(&in);
	plan.orb = orb_flags(&in);
	if (mode & 128 && !(plan.orb & ORB1_B))
		plan.orb |= ORB1_D;
	fail = byte(&in);
	nr_steps = script(&in, step, ARRAY_SIZE(step));
	place_segments(&in, &plan);
	if (plan.orb & ORB1_B) {
		put_tcw(&in, &plan);
	} else {
		put_program(&in, &plan);
		damage(&in, &plan);
		fill_records(&in, &plan, step, nr_steps, given);
	}
	orb = (struct cp_orb){ .intparm = 1, .flags = plan.orb, .cpa = plan.gpa[0] };
	if (fail >= 0xf8) {
		/* start from nothing, or there is nothing to fail */
		if (fail & 1)
			restart();
		if (fail & 2)
			ck->fm->fail_in = 1 + byte(&in) % 8;
		ck->fm->fail_on = fail & 4;
		if (!(fail & 2))
			shim_fail_in = 1 + byte(&in) % 8;
	}
	cp_check_translate(ck, &orb);
	if (ck->fm->failed || (fail >= 0xf8 && !(fail & 2) && !shim_fail_in)) {
		seen.failed++;
		ck->fm->fail_in = 0;
		if (!ck->rc && !(fail & 2))
			fm_error(ck->fm, "a failed allocation was not noticed");
		/* a page may be done without that matters with status modifier alone */
		if (!ck->rc && !ck->fm->nr_errors && !ck->cp.counts.limited)
			cp_check_run(ck, NULL, 0, MAX_CALLS, MAX_BYTES, true);
		cp_check_translate(ck, &orb);
	}
	ck->fm->fail_in = 0;
	shim_fail_in = 0;
	if (ck->rc)
		fm_error(ck->fm, "cp_translate() returned %d", ck->rc);
	if (!ck->rc && !ck->fm->nr_errors && !ck->cp.counts.limited) {
		seen.at_once += !!ck->res.cstat;
		cp_check_run(ck, step, nr_steps, MAX_CALLS, MAX_BYTES, mode & 64);
		resume(&in, &plan);
		count();
	}
	if (verbose)
		dump(&plan, step, nr_steps);
	cp_forget(&ck->cp);
	if (seen.runs % 512 == 0)
		restart();
	return !ck->fm->nr_errors;
}

static bool begin(void)
{
	if (!ck)
		ck = cp_check_create();
	return ck;
}

#ifdef LIBFUZZER

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (!begin() || one(data, size))
		return 0;
	fprintf(stderr, "%s\n", ck->fm->error);
	abort();
}

#else

#define MAX_INPUT	1024

static u64 random_state;

static u64 random_word(void)
{
	u64 x = random_state += 0x9e3779b97f4a7c15ull;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static void print_input(const u8 *p, size_t n)
{
	while (n--)
		printf("%02x", *p++);
	printf("\n");
}

/* run number @n of a seed, whatever ran before it */
static size_t random_input(u64 seed, u64 n, u8 *buf)
{
	size_t size, i;
	u64 x;

	random_state = (seed + 1) * 0xd1342543de82ef95ull + n * 0x2545f4914f6cdd1dull;
	size = 64 + random_word() % (MAX_INPUT - 64);
	for (i = 0; i + 8 <= MAX_INPUT; i += 8) {
		x = random_word();
		memcpy(buf + i, &x, 8);
	}
	return size;
}

static size_t parse_line(const char *line, u8 *buf)
{
	unsigned int b;
	size_t n = 0;

	while (n < MAX_INPUT && sscanf(line, "%2x", &b) == 1) {
		buf[n++] = (u8)b;
		line += 2;
	}
	return n;
}

static bool replay(const char *path, u64 *runs)
{
	char line[2 * MAX_INPUT + 2];
	u8 buf[MAX_INPUT];
	FILE *f = fopen(path, "r");
	u64 before = *runs;
	u32 failed = 0;
	size_t n;

	if (!f) {
		perror(path);
		return false;
	}
	while (fgets(line, sizeof(line), f)) {
		n = parse_line(line, buf);
		if (!n)
			continue;
		++*runs;
		if (one(buf, n))
			continue;
		failed++;
		printf("not ok %s, line %llu: %s\n", path, (unsigned long long)*runs,
		       ck->fm->error);
	}
	fclose(f);
	if (*runs == before)
		printf("not ok %s: no program in it\n", path);
	return *runs > before && !failed;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	u64 seed = 1, runs = 0, from = 0, i, replayed = 0;
	u32 passed = 0, failed = 0, wrong = 0, max_wrong = 5;
	u8 buf[MAX_INPUT];
	double start = now();
	size_t n;

	if (!begin())
		return 2;
	for (argc--, argv++; argc; argc--, argv++) {
		if (!strcmp(*argv, "-v"))
			verbose = true;
		else if (!strcmp(*argv, "-s") && argc > 1)
			seed = strtoull((argc--, *++argv), NULL, 0);
		else if (!strcmp(*argv, "-n") && argc > 1)
			runs = strtoull((argc--, *++argv), NULL, 0);
		else if (!strcmp(*argv, "-f") && argc > 1)
			from = strtoull((argc--, *++argv), NULL, 0);
		else if (replay(*argv, &replayed))
			passed++;
		else
			failed++;
	}
	for (i = from; i < from + runs && wrong < max_wrong; i++) {
		n = random_input(seed, i, buf);
		if (one(buf, n))
			continue;
		wrong++;
		printf("not ok seed %llu run %llu: %s\n", (unsigned long long)seed,
		       (unsigned long long)i, ck->fm->error);
		print_input(buf, n);
	}
	if (runs) {
		passed += !wrong;
		failed += !!wrong;
	}
	printf("%llu programs (%llu of the corpus) from seed %llu in %.1f s: %.0f a second\n",
	       (unsigned long long)seen.runs, (unsigned long long)replayed,
	       (unsigned long long)seed, now() - start, seen.runs / (now() - start));
	printf("%.1f CCWs, %.1f commands a program; %llu bad at once, %llu ended in a check\n",
	       (double)seen.ccws / seen.runs, (double)seen.calls / seen.runs,
	       (unsigned long long)seen.at_once, (unsigned long long)seen.checks);
	printf("%llu resumed; %llu changed themselves and were followed, %llu were not\n",
	       (unsigned long long)seen.resumed, (unsigned long long)seen.followed,
	       (unsigned long long)seen.unfollowed);
	printf("%llu failures injected, %llu beyond a bound, %llu with no one right program\n",
	       (unsigned long long)seen.failed,
	       (unsigned long long)seen.limited,
	       (unsigned long long)seen.excused);
	cp_check_destroy(ck);
	printf("fuzz: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}

#endif
