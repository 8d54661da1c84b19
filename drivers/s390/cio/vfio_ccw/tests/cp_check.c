// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include "../cp/program.h"
#include "cp_check.h"

struct cp_check *cp_check_create(void)
{
	struct cp_check *ck = kvzalloc(sizeof(*ck), GFP_KERNEL);

	if (!ck)
		return NULL;
	ck->fm = fm_create();
	ck->reach = chan_reach_create();
	if (ck->fm && ck->reach) {
		cp_init(&ck->cp, &fake_mem_ops, ck->fm);
		cp_init(&ck->spare, &fake_mem_ops, ck->fm);
	}
	return ck;
}

void cp_check_destroy(struct cp_check *ck)
{
	cp_destroy(&ck->cp);
	cp_destroy(&ck->spare);
	chan_reach_destroy(ck->reach);
	fm_destroy(ck->fm);
	kvfree(ck);
}

void cp_check_restart(struct cp_check *ck)
{
	cp_destroy(&ck->cp);
	cp_destroy(&ck->spare);
	if (ck->fm->nr_blocks)
		fm_error(ck->fm, "%u allocations were not freed", ck->fm->nr_blocks);
	cp_init(&ck->cp, &fake_mem_ops, ck->fm);
	cp_init(&ck->spare, &fake_mem_ops, ck->fm);
}

u64 cp_check_slot(const struct cp_check *ck, u32 slot)
{
	const u8 *p = fm_arena(ck->fm, ck->cp.slot_hpa + 8ull * slot, 8);

	return p ? fm_load(p, 8) : 0;
}

u32 cp_check_guest_ccw(struct cp_check *ck, u32 slot)
{
	u32 irb[IRB_WORDS] = { 0 };

	irb[0] = SCSW0_FC_START | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND;
	irb[IRB_CPA] = ck->cp.slot_hpa + 8 * slot + 8;
	cp_status(&ck->cp, irb);
	return irb[IRB_CPA] - 8;
}

static bool is_poison(u64 idaw)
{
	return idaw == CP_POISON_IDAW || idaw == CP_POISON_PROT;
}

/* an address that the host program names for data */
static bool address_ok(struct cp_check *ck, u64 addr)
{
	struct fm_page *page;

	if (!addr || is_poison(addr) || fm_arena(ck->fm, addr, 1))
		return true;
	page = fm_page_of_hpa(ck->fm, addr);
	return page && page->given;
}

static void check_idal(struct cp_check *ck, u32 slot, u32 list, u32 count)
{
	u32 block = ck->res.orb.flags & ORB1_T ? 2048 : 4096, need[2], n, i;
	bool scratch = true;
	u64 idaw = 0;
	const u8 *p;

	if (list % 8)
		fm_error(ck->fm, "slot %u: IDAL at %x", slot, list);
	p = fm_arena(ck->fm, list, 8);
	if (!p) {
		fm_error(ck->fm, "slot %u: IDAL at %x, not in the arena", slot, list);
		return;
	}
	/* as many as the count can use upwards or downwards, and poison behind them */
	idaw = fm_load(p, 8);
	need[0] = ((u32)(idaw % block) + count + block - 1) / block;
	need[1] = ((block - 1 - (u32)(idaw % block)) + count + block - 1) / block;
	n = max(need[0], need[1]);
	for (i = 0; i <= n || (scratch && i <= CP_LONGEST_IDAL); i++) {
		p = fm_arena(ck->fm, list + 8 * i, 8);
		if (!p) {
			fm_error(ck->fm, "slot %u: IDAL of %u leaves the arena at %u", slot, n, i);
			return;
		}
		idaw = fm_load(p, 8);
		if (is_poison(idaw))
			return;
		if (!address_ok(ck, idaw)) {
			fm_error(ck->fm, "slot %u: IDAW %u is %llx", slot, i,
				 (unsigned long long)idaw);
			return;
		}
		/* one list of nothing but scratch memory may serve all counts */
		scratch = scratch && fm_arena(ck->fm, idaw, 1);
	}
	fm_error(ck->fm, "slot %u: IDAL of %u does not end", slot, n);
}

static bool is_one_page(u64 addr, u32 count, bool back)
{
	return count <= (back ? addr % FM_FRAME + 1 : FM_FRAME - addr % FM_FRAME);
}

/* a MIDAW that the channel may fetch; false: no further than here */
static bool check_midaw(struct cp_check *ck, u32 slot, u32 i, u64 head, u64 addr)
{
	u32 count = head & MIDAW_COUNT;

	if (is_poison(head) || is_poison(addr))
		return false;
	/* more than a page is skipped only if the address is one that no one reads */
	if (head & (MIDAW_ZERO | (MIDAW_FLAGS ^ MIDAW_LAST ^ MIDAW_SKIP)) || !count ||
	    !address_ok(ck, addr) ||
	    (!is_one_page(addr, count, false) && !is_one_page(addr, count, true) &&
	     !(head & MIDAW_SKIP && fm_arena(ck->fm, addr, 1))))
		fm_error(ck->fm, "slot %u: MIDAW %u is %llx %llx", slot, i,
			 (unsigned long long)head, (unsigned long long)addr);
	return true;
}

static void check_midal(struct cp_check *ck, u32 slot, u32 list)
{
	const u8 *p;
	u32 i;

	if (list % 16)
		fm_error(ck->fm, "slot %u: MIDAL at %x", slot, list);
	for (i = 0; i <= FM_FRAME / 16; i++) {
		p = fm_arena(ck->fm, list + 16 * i, 16);
		if (!p) {
			fm_error(ck->fm, "slot %u: MIDAL at %x leaves the arena", slot, list);
			return;
		}
		if (!check_midaw(ck, slot, i, fm_load(p, 8), fm_load(p + 8, 8)))
			return;
		if (i && !((list + 16 * i) % FM_FRAME))
			fm_error(ck->fm, "slot %u: MIDAL at %x crosses a page", slot, list);
	}
	fm_error(ck->fm, "slot %u: MIDAL does not end", slot);
}

static void check_slot(struct cp_check *ck, u32 slot)
{
	u64 ccw = cp_check_slot(ck, slot);
	u8 cmd = ccw >> 56, flags = ccw >> 48;
	u32 count = (ccw >> 32) & 0xffff, addr = (u32)ccw;

	if (!ccw)
		return;
	if (cmd == CCW_CMD_TIC) {
		if (flags || count || addr % 8 || addr < ck->cp.slot_hpa ||
		    addr >= ck->cp.slot_hpa + 8 * ck->cp.nr_slots)
			fm_error(ck->fm, "slot %u: TIC %016llx", slot, (unsigned long long)ccw);
		return;
	}
	if ((flags & CCW_FLAG_MIDA && (!(ck->orb.flags & ORB1_D) ||
				       flags & (CCW_FLAG_IDA | CCW_FLAG_SKIP))) ||
	    addr & 0x80000000u)
		fm_error(ck->fm, "slot %u: %016llx", slot, (unsigned long long)ccw);
	if (flags & CCW_FLAG_MIDA)
		check_midal(ck, slot, addr);
	else if (flags & CCW_FLAG_IDA)
		check_idal(ck, slot, addr, count);
	else if (!address_ok(ck, addr))
		fm_error(ck->fm, "slot %u: address in %016llx", slot, (unsigned long long)ccw);
}

static void check_pages(struct cp_check *ck)
{
	u32 i;

	for (i = 0; i < ck->fm->nr_pages; i++) {
		const struct fm_page *page = fm_nth_page(ck->fm, i);

		if (page->fetched && !(page->may & FM_FETCH))
			fm_error(ck->fm, "guest frame %llx was read; no CCW or IDAW is there",
				 (unsigned long long)page->gfn);
		if (page->given & ~page->may)
			fm_error(ck->fm, "guest frame %llx was made ready for %s for nothing",
				 (unsigned long long)page->gfn,
				 page->given & ~page->may & FM_WRITE ? "writing" : "reading");
	}
}

static void check_footprint(struct cp_check *ck)
{
	size_t bytes = 0, footprint = cp_footprint(&ck->cp) + cp_footprint(&ck->spare);
	u32 i;

	for (i = 0; i < ck->fm->nr_blocks; i++)
		bytes += ck->fm->block[i].size;
	/* what comes on top of the arena is less than a struct for each slot and IDAW */
	if (footprint < bytes || footprint > 16 * bytes)
		fm_error(ck->fm, "footprint of %zu with an arena of %zu", footprint, bytes);
}

static void check_guards(struct cp_check *ck)
{
	u32 n = ck->cp.nr_slots;

	if (n < 2 || cp_check_slot(ck, n - 1) || cp_check_slot(ck, n - 2))
		fm_error(ck->fm, "no guards at the end of %u slots", n);
}

/* a list of runs: whatever hardware may come to is ours, and it ends in poison */
static void check_tidal(struct cp_check *ck, u64 list, bool ours)
{
	u64 head = 0, before, addr;
	const u8 *p;
	u32 n;

	for (n = 0; n < CP_MAX_IDAWS; n++) {
		p = list % 16 ? NULL : fm_arena(ck->fm, list, 16);
		if (!p) {
			fm_error(ck->fm, "TIDAW at %llx", (unsigned long long)list);
			return;
		}
		before = head;
		head = fm_load(p, 8);
		addr = fm_load(p + 8, 8);
		if (is_poison(head) && ours && !ck->cp.counts.poisoned && !(before & TIDAW_LAST))
			fm_error(ck->fm, "TIDAL without a last TIDAW");
		if (is_poison(head) || is_poison(addr))
			return;
		list += 16;
		if (head & TIDAW_TTIC)
			list = addr;
		else if (!address_ok(ck, addr) || !(u32)head ||
			 (!is_one_page(addr, (u32)head, false) &&
			  !(head & TIDAW_SKIP && fm_arena(ck->fm, addr, 1))))
			fm_error(ck->fm, "TIDAW is %llx %llx", (unsigned long long)head,
				 (unsigned long long)addr);
	}
	fm_error(ck->fm, "TIDAL does not end");
}

static void check_tcw(struct cp_check *ck)
{
	const u8 *p = fm_arena(ck->fm, ck->res.orb.cpa, 64 + 272);
	u32 i, count, tida;
	u64 w[8];

	if (!p || ck->res.orb.cpa % 64) {
		fm_error(ck->fm, "host ORB names a TCW at %x", ck->res.orb.cpa);
		return;
	}
	for (i = 0; i < 8; i++)
		w[i] = fm_load(p + 8 * i, 8);
	if (w[0] & 0xfffaffffff00ffffull || w[6] || w[7] || w[4] % 8 || w[4] % FM_FRAME > 0xef0 ||
	    !fm_arena(ck->fm, w[4], 272))
		fm_error(ck->fm, "TCW %016llx, TCCB at %llx", (unsigned long long)w[0],
			 (unsigned long long)w[4]);
	for (i = 1; i <= 2; i++) {
		count = i == 1 ? w[5] >> 32 : (u32)w[5];
		tida = i == 1 ? TCW0_OUTPUT_TIDA : TCW0_INPUT_TIDA;
		if (w[0] >> 32 & tida)
			check_tidal(ck, w[i], !(fm_get(ck->fm, ck->orb.cpa, 4) & tida));
		else if (!address_ok(ck, w[i]) ||
			 (w[i] && !is_poison(w[i]) && !is_one_page(w[i], count, false)))
			fm_error(ck->fm, "TCW names data at %llx", (unsigned long long)w[i]);
	}
	if (!address_ok(ck, w[3]) || (!is_poison(w[3]) && !is_one_page(w[3], TSB_SIZE, false)))
		fm_error(ck->fm, "TSB at %llx", (unsigned long long)w[3]);
}

/* all that can be said of a translation without a run */
static void check_translation(struct cp_check *ck)
{
	u32 i;

	fm_end(ck->fm);
	ck->unfollowed |= ck->cp.counts.unfollowed;
	check_pages(ck);
	/* a MIDAW or TIDAW may stand for a single byte */
	if (ck->cp.counts.limited && chan_reach_nr(ck->reach) <= 16384 &&
	    ck->cp.counts.bytes <= 16 << 20 && !(ck->orb.flags & (ORB1_B | ORB1_D)))
		fm_error(ck->fm, "%u CCWs and %llu bytes are not too many",
			 chan_reach_nr(ck->reach), (unsigned long long)ck->cp.counts.bytes);
	check_footprint(ck);
	if (ck->res.cstat)
		return;
	if (ck->orb.flags & ORB1_B) {
		check_tcw(ck);
		return;
	}
	if (ck->res.orb.cpa % 8 || ck->res.orb.cpa < ck->cp.slot_hpa ||
	    ck->res.orb.cpa >= ck->cp.slot_hpa + 8 * ck->cp.nr_slots)
		fm_error(ck->fm, "host ORB starts at %x", ck->res.orb.cpa);
	for (i = 0; i < ck->cp.nr_slots; i++)
		check_slot(ck, i);
	check_guards(ck);
}

void cp_check_translate(struct cp_check *ck, const struct cp_orb *orb)
{
	fm_begin(ck->fm);
	ck->orb = *orb;
	ck->excused = false;
	ck->unfollowed = false;
	ck->fm->live = !(orb->flags & (ORB1_P | ORB1_B));
	memset(&ck->res, 0xee, sizeof(ck->res));
	if (!chan_reach(ck->reach, ck->fm, orb, false))
		fm_error(ck->fm, "the program is too large for the test");
	ck->rc = cp_translate(&ck->cp, orb, &ck->res);
	if (!ck->rc)
		check_translation(ck);
}

/*
 * Where no one host CCW is right in all the ways in which it is reached, the
 * host program has to end there in a check, instead of doing something else.
 */
static bool excusable(struct cp_check *ck)
{
	u32 i, cstat = 0;

	for (i = 0; i < ck->host.nr_irbs && i < CHAN_IRBS; i++)
		cstat |= ck->host.irb[i][IRB_SCSW2];
	return ck->unfollowed || ck->chain_lost ||
	       (chan_reach_mixed(ck->reach) && (cstat & (SCSW2_SCH_PROG | SCSW2_SCH_PROT)));
}

static void differ(struct cp_check *ck, const char *what, u32 i, u32 guest, u32 host)
{
	if (excusable(ck))
		ck->excused = true;
	else
		fm_error(ck->fm, "%s %u: guest %08x host %08x", what, i, guest, host);
}

static void compare_irb(struct cp_check *ck, u32 n)
{
	const u32 *guest = ck->guest.irb[n];
	u32 *host = ck->host.irb[n];
	u32 i;

	cp_status(&ck->cp, host);
	for (i = 0; i <= IRB_ESW; i++)
		if (guest[i] != host[i])
			differ(ck, i == 0 ? "SCSW word 0 of status" : i == 1 ? "CPA of status" :
			       i == 2 ? "SCSW word 2 of status" : "ESW word 0 of status",
			       n, guest[i], host[i]);
	for (i = IRB_ECW; i < IRB_WORDS; i++)
		if (guest[i] != host[i])
			differ(ck, "ECW of status", n, guest[i], host[i]);
	if ((guest[IRB_ERW] ^ host[IRB_ERW]) & ~(ERW_FSAVF | ERW_SCAVF | ERW_FSAF))
		differ(ck, "ERW of status", n, guest[IRB_ERW], host[IRB_ERW]);
	/* addresses may be taken away, but not be others */
	if (host[IRB_ERW] & ERW_SCAVF ? host[IRB_SCA] != guest[IRB_SCA] : host[IRB_SCA])
		differ(ck, "secondary CCW address of status", n, guest[IRB_SCA], host[IRB_SCA]);
	if (host[IRB_ERW] & ERW_FSAVF ?
	    host[IRB_FSA] != guest[IRB_FSA] || host[IRB_FSA + 1] != guest[IRB_FSA + 1] :
	    host[IRB_FSA] || host[IRB_FSA + 1])
		differ(ck, "failing-storage address of status", n, guest[IRB_FSA + 1],
		       host[IRB_FSA + 1]);
}

static void compare_calls(struct cp_check *ck)
{
	const struct channel *guest = &ck->guest, *host = &ck->host;
	u32 i, n = min_t(u32, min(guest->nr_calls, host->nr_calls), CHAN_CALLS);

	for (i = 0; i < n; i++) {
		if (guest->call[i].cmd != host->call[i].cmd)
			differ(ck, "command", i, guest->call[i].cmd, host->call[i].cmd);
		if (guest->call[i].bytes != host->call[i].bytes)
			differ(ck, "bytes of command", i, guest->call[i].bytes,
			       host->call[i].bytes);
		if (guest->call[i].hash != host->call[i].hash)
			differ(ck, "output of command", i, guest->call[i].hash, host->call[i].hash);
	}
	if (guest->nr_calls != host->nr_calls)
		differ(ck, "commands", 0, guest->nr_calls, host->nr_calls);
	else if (guest->calls_hash != host->calls_hash)
		differ(ck, "all commands' bytes", 0, guest->calls_hash, host->calls_hash);
}

/* the first CCW is bad: the guest's run has to end before the device is called */
static void compare_synthesized(struct cp_check *ck)
{
	const u32 *irb = ck->guest.irb[0];

	if (ck->guest.nr_calls || ck->guest.nr_irbs != 1 ||
	    (irb[IRB_SCSW2] & (SCSW2_DSTAT | SCSW2_CSTAT)) != ck->res.cstat)
		fm_error(ck->fm, "cstat %08x at once; guest: %u commands, %08x",
			 ck->res.cstat, ck->guest.nr_calls, irb[IRB_SCSW2]);
	else if (irb[IRB_CPA] != ck->res.cpa)
		fm_error(ck->fm, "CPA %08x at once, not %08x", ck->res.cpa, irb[IRB_CPA]);
}

static void start(struct cp_check *ck, struct channel *ch, const struct channel *how)
{
	ch->fm = ck->fm;
	ch->script = how->script;
	ch->nr_steps = how->nr_steps;
	ch->max_calls = how->max_calls;
	ch->max_bytes = how->max_bytes;
	ch->eager = how->eager;
	chan_run(ch);
}

/* statuses since the last time; the translation has to be that of their run */
static void compare_irbs(struct cp_check *ck)
{
	u32 nr = min(ck->guest.nr_irbs, ck->host.nr_irbs);

	for (; ck->compared < min_t(u32, nr, CHAN_IRBS); ck->compared++)
		compare_irb(ck, ck->compared);
}

static void retranslate(struct cp_check *ck, u32 gpa)
{
	struct cp_orb orb = ck->orb;

	orb.cpa = gpa;
	fm_again(ck->fm);
	memset(&ck->res, 0xee, sizeof(ck->res));
	if (!chan_reach(ck->reach, ck->fm, &orb, true))
		fm_error(ck->fm, "the rest of the program is too large for the test");
	ck->rc = cp_retranslate(&ck->spare, &ck->cp, (u32)ck->host.at + 8, &ck->res);
	if (ck->rc)
		return;
	if (ck->res.cstat)
		fm_error(ck->fm, "cp_retranslate() says %08x at once", ck->res.cstat);
	swap(ck->cp, ck->spare);
	check_translation(ck);
	swap(ck->cp, ck->spare);
}

/* the CCW address of status that comes while the channel is at the CCW that leads on */
static void check_entry(struct cp_check *ck, u32 cpa, u32 gpa)
{
	u32 irb[IRB_WORDS] = { SCSW0_FC_START | SCSW0_SC_INTER | SCSW0_SC_PEND, cpa };

	cp_status(&ck->cp, irb);
	if (irb[IRB_CPA] != (gpa & 0x7fffffff))
		fm_error(ck->fm, "CPA %x where it goes on, not %x", irb[IRB_CPA], gpa);
}

static void lead_on(struct cp_check *ck)
{
	u32 cpa = (u32)ck->host.at + 8, gpa = 0;

	cp_lead_back(&ck->cp, cpa, cp_lead_on(&ck->cp, cpa, &ck->res));
	if (!cp_suspended(&ck->cp, cpa, &gpa))
		fm_error(ck->fm, "leading on cannot be undone");
	cp_lead_on(&ck->cp, cpa, &ck->res);
	swap(ck->cp, ck->spare);
	check_entry(ck, cpa, gpa + 8);
	cp_forget(&ck->spare);
	chan_resume(&ck->host, &ck->cp);
}

/* what the driver does about a program that has ended too early */
static void go_on(struct cp_check *ck)
{
	struct cp_orb orb = ck->cp.orb;
	u32 quiet = ck->cp.nr_lead;

	fm_again(ck->fm);
	memset(&ck->res, 0xee, sizeof(ck->res));
	if (!chan_reach(ck->reach, ck->fm, &orb, true))
		fm_error(ck->fm, "the rest of the program is too large for the test");
	ck->rc = cp_go_on(&ck->spare, &ck->cp, &ck->res);
	if (ck->rc || ck->res.cstat) {
		fm_error(ck->fm, "cp_go_on() returned %d, %08x", ck->rc, ck->res.cstat);
		return;
	}
	swap(ck->cp, ck->spare);
	check_translation(ck);
	cp_forget(&ck->spare);
	chan_go_on(&ck->host, ck->res.orb.cpa, quiet);
}

/* what the driver does about a pause; nobody but the device sees it */
static void go_on_behind_pause(struct cp_check *ck, u32 gpa)
{
	retranslate(ck, gpa);
	if (ck->rc)
		fm_error(ck->fm, "cp_retranslate() returned %d", ck->rc);
	else
		lead_on(ck);
}

static void follow(struct cp_check *ck)
{
	struct channel *ch = &ck->host;
	u32 gpa;

	for (; !ck->fm->nr_errors; ck->followed++) {
		if (!ch->suspended && ch->nr_irbs && ch->nr_irbs <= CHAN_IRBS &&
		    cp_goes_on(&ck->cp, ch->irb[ch->nr_irbs - 1])) {
			/* the PCI of what was rejected comes a second time, which does no harm */
			ch->nr_irbs -= ch->rejected && (ch->flags & CCW_FLAG_PCI) ? 2 : 1;
			compare_irbs(ck);
			/* nor does a no-operation that has become a TIC too late */
			if (!ch->rejected &&
			    ck->cp.orb.cpa == cp_check_guest_ccw(ck, ck->cp.end_slot))
				chan_forget_call(ch);
			go_on(ck);
			continue;
		}
		ck->chain_lost |= ch->rejected && ck->followed;
		if (!ch->suspended || !cp_suspended(&ck->cp, (u32)ch->at + 8, &gpa) ||
		    !cp_pauses(&ck->cp, (u32)ch->at + 8))
			return;
		if (!(ch->orb.flags & ORB1_U))
			ch->nr_irbs--;
		compare_irbs(ck);
		go_on_behind_pause(ck, gpa);
	}
}

/* what there is to compare since the last time */
static void compare(struct cp_check *ck)
{
	compare_calls(ck);
	if (ck->guest.nr_irbs != ck->host.nr_irbs)
		differ(ck, "statuses", 0, ck->guest.nr_irbs, ck->host.nr_irbs);
	compare_irbs(ck);
	if (ck->guest.suspended != ck->host.suspended)
		differ(ck, "suspended", 0, ck->guest.suspended, ck->host.suspended);
	if (!ck->excused && !ck->unfollowed && !ck->chain_lost)
		fm_same(ck->fm);
}

void cp_check_run(struct cp_check *ck, const struct chan_step *script, u32 nr_steps,
		  u32 max_calls, u32 max_bytes, bool eager)
{
	fm_rewind(ck->fm);
	ck->compared = 0;
	ck->followed = 0;
	ck->chain_lost = false;
	ck->guest.cp = NULL;
	ck->guest.orb = ck->orb;
	ck->guest.script = script;
	ck->guest.nr_steps = nr_steps;
	ck->guest.max_calls = max_calls;
	ck->guest.max_bytes = max_bytes;
	ck->guest.eager = eager;
	start(ck, &ck->guest, &ck->guest);
	if (ck->res.cstat) {
		compare_synthesized(ck);
		return;
	}
	ck->host.cp = &ck->cp;
	ck->host.orb = ck->res.orb;
	/* the driver hides what the guest does not want to know */
	if (ck->orb.flags & ORB1_S)
		ck->host.orb.flags |= ck->orb.flags & ORB1_U;
	start(ck, &ck->host, &ck->guest);
	follow(ck);
	compare(ck);
}

bool cp_check_suspended(struct cp_check *ck, u32 *gpa)
{
	bool known;

	if (ck->res.cstat || !ck->guest.suspended || !ck->host.suspended)
		return false;
	known = cp_suspended(&ck->cp, (u32)ck->host.at + 8, gpa);
	if (!known || *gpa != ck->guest.at)
		differ(ck, "the suspended CCW", 0, (u32)ck->guest.at, known ? *gpa : ~0u);
	return known && !ck->excused;
}

void cp_check_retranslate(struct cp_check *ck)
{
	retranslate(ck, (u32)ck->guest.at);
}

void cp_check_resume(struct cp_check *ck)
{
	chan_resume(&ck->guest, NULL);
	lead_on(ck);
	follow(ck);
	compare(ck);
}
