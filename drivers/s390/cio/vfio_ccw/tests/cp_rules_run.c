// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a row of cp_rules.h is run: translated with memory that is ready, that
 * has to be pinned, that can and that cannot be read in place, that is in a
 * table, above and below 2 GiB; what it says is checked, and that the host
 * program does what the guest's would do. Then each pin and each allocation
 * fails once. A brief run is for machines that are slow.
 */
#include <linux/kernel.h>
#include "../cp/program.h"
#include "cp_rules_run.h"
#include "cp_rules.h"

#define MAX_CALLS	70000u
#define LOOP_CALLS	300u	/* where a program may loop for ever */
#define MAX_BYTES	(1u << 17)

/* what differs between the runs of a row */
struct memory_mode {
	bool no_peek;
	bool no_lookup;
	bool use_ready;
	bool no_ready_op;
	bool all_low;
	bool prefetch;		/* the guest permits it, unless that is what the row is about */
	bool large;		/* for rows that take their time, too */
};

static const struct memory_mode modes[] = {
	{ .large = true },
	{ .no_peek = true },
	{ .no_lookup = true },
	{ .no_peek = true, .no_lookup = true, .large = true },
	{ .use_ready = true },
	{ .use_ready = true, .no_peek = true, .all_low = true, .large = true },
	{ .no_lookup = true, .no_ready_op = true },
	{ .prefetch = true },
	{ .prefetch = true, .use_ready = true },
	{ .prefetch = true, .use_ready = true, .no_peek = true, .all_low = true, .large = true },
};

u32 cp_rules_nr(void)
{
	return ARRAY_SIZE(cp_rules) + ARRAY_SIZE(cp_orb_rules) + ARRAY_SIZE(cp_irb_rules) +
	       ARRAY_SIZE(cp_resume_rules);
}

static const struct cp_rule *program_row(u32 row)
{
	return row < ARRAY_SIZE(cp_rules) ? &cp_rules[row] : NULL;
}

static const struct cp_orb_rule *orb_row(u32 row)
{
	row -= ARRAY_SIZE(cp_rules);
	return row < ARRAY_SIZE(cp_orb_rules) ? &cp_orb_rules[row] : NULL;
}

static const struct cp_irb_rule *irb_row(u32 row)
{
	row -= ARRAY_SIZE(cp_rules) + ARRAY_SIZE(cp_orb_rules);
	return row < ARRAY_SIZE(cp_irb_rules) ? &cp_irb_rules[row] : NULL;
}

static const struct cp_resume_rule *resume_row(u32 row)
{
	row -= ARRAY_SIZE(cp_rules) + ARRAY_SIZE(cp_orb_rules) + ARRAY_SIZE(cp_irb_rules);
	return row < ARRAY_SIZE(cp_resume_rules) ? &cp_resume_rules[row] : NULL;
}

const char *cp_rules_name(u32 row)
{
	return program_row(row) ? program_row(row)->name :
	       orb_row(row) ? orb_row(row)->name :
	       irb_row(row) ? irb_row(row)->name : resume_row(row)->program.name;
}

const char *cp_rules_of(u32 row)
{
	return program_row(row) ? program_row(row)->rule :
	       orb_row(row) ? orb_row(row)->rule :
	       irb_row(row) ? irb_row(row)->rule : resume_row(row)->program.rule;
}

static void put_words(struct fake_mem *fm, const struct cp_rule_word *w)
{
	u32 i;

	for (; w && w->size; w++)
		for (i = 0; i < (w->times ? w->times : 1); i++)
			fm_put(fm, w->gpa + i * w->step, w->value + i * w->add, w->size);
}

static void set_up(struct cp_check *ck, const struct cp_rule *rule, bool all_low)
{
	const struct fm_area *area;

	fm_reset(ck->fm);
	ck->fm->all_low = all_low;
	for (area = rule->area; area && area->nr; area++)
		fm_area(ck->fm, area->gfn, area->nr, area->props);
	put_words(ck->fm, rule->mem);
}

static struct cp_orb orb_of(const struct cp_rule *rule)
{
	return (struct cp_orb){ .intparm = 0x00abcdef, .flags = rule->orb_flags, .cpa = rule->cpa };
}

/* the same with prefetch, if that makes no difference to the row */
static struct cp_orb prefetch_orb_of(const struct cp_rule *rule)
{
	struct cp_orb orb = orb_of(rule);

	if (!rule->follows && !rule->unfollowed && !(orb.flags & ORB1_B))
		orb.flags |= ORB1_P;
	return orb;
}

/* a slot as a row wants it: NULL, or what is wrong */
static const char *slot_differs(struct cp_check *ck, u32 slot, const struct cp_rule_host *want)
{
	u64 ccw = cp_check_slot(ck, slot), idaw;
	u8 cmd = ccw >> 56, flags = ccw >> 48;
	u16 count = ccw >> 32;
	u32 addr = (u32)ccw, i;
	struct fm_page *page;
	const u8 *p;

	if (want->kind == HOST_POISON)
		return ccw ? "is not poison" : NULL;
	if (want->kind == HOST_NONE)
		flags &= ~CCW_FLAG_IDA;
	if (cmd != want->cmd)
		return "command code";
	if (flags != want->flags)
		return "flags";
	if (count != want->count)
		return "count";
	switch (want->kind) {
	case HOST_TIC:
		if (addr % 8 || addr < ck->cp.slot_hpa ||
		    cp_check_guest_ccw(ck, (addr - ck->cp.slot_hpa) / 8) != want->idaw[0])
			return "target";
		break;
	case HOST_DIRECT:
		page = fm_page(ck->fm, want->idaw[0] >> FM_SHIFT);
		if (addr != fm_hpa(page) + want->idaw[0] % FM_FRAME)
			return "address";
		break;
	case HOST_IDAL:
		for (i = 0; i <= want->nr; i++) {
			p = fm_arena(ck->fm, addr + 8 * i, 8);
			if (!p)
				return "IDAL";
			idaw = fm_load(p, 8);
			if (idaw == CP_POISON_IDAW || idaw == CP_POISON_PROT)
				return i == want->nr || want->idaw[i] == POISONED ?
				       NULL : "an IDAW is poison";
			if (i == want->nr)
				return "IDAL does not end";
			if (want->idaw[i] == POISONED)
				return "an IDAW is not poison";
			page = fm_page(ck->fm, want->idaw[i] >> FM_SHIFT);
			if (idaw != fm_hpa(page) + want->idaw[i] % FM_FRAME)
				return "an IDAW's address";
		}
		break;
	case HOST_MIDAL:
		for (i = 0; i <= want->nr; i += 2) {
			p = fm_arena(ck->fm, addr + 8 * i, 16);
			if (!p || addr % 16)
				return "MIDAL";
			idaw = fm_load(p + 8, 8);
			if (idaw == CP_POISON_IDAW || idaw == CP_POISON_PROT)
				return i == want->nr || want->idaw[i + 1] == POISONED ?
				       NULL : "a MIDAW is poison";
			if (i == want->nr)
				return "MIDAL does not end";
			if (want->idaw[i + 1] == POISONED)
				return "a MIDAW is not poison";
			if (fm_load(p, 8) != want->idaw[i])
				return "a MIDAW's flags or count";
			page = fm_page(ck->fm, want->idaw[i + 1] >> FM_SHIFT);
			if (want->idaw[i + 1] == SKIPPED ? !fm_arena(ck->fm, idaw, FM_FRAME) :
			    idaw != fm_hpa(page) + want->idaw[i + 1] % FM_FRAME)
				return "a MIDAW's address";
		}
		break;
	default:
		if (addr && !fm_arena(ck->fm, addr, 8))
			return "address";
		if (!((ccw >> 48) & CCW_FLAG_IDA))
			break;
		for (i = 0; i < CP_LONGEST_IDAL; i++) {
			p = fm_arena(ck->fm, addr + 8 * i, 8);
			idaw = p ? fm_load(p, 8) : 1;
			if (idaw == CP_POISON_IDAW || idaw == CP_POISON_PROT)
				break;
			if (idaw && !fm_arena(ck->fm, idaw, 1))
				return "an IDAW";
		}
	}
	return NULL;
}

static void check_host(struct cp_check *ck, const struct cp_rule *rule)
{
	const struct cp_rule_host *want;
	const char *why;
	u32 slot;

	for (want = rule->host; want && want->kind; want++) {
		why = "no slot stands for it";
		/* a guard may stand for the same address as a CCW elsewhere */
		for (slot = 0; why && slot < ck->cp.nr_slots; slot++)
			if (cp_check_guest_ccw(ck, slot) == want->gpa)
				why = slot_differs(ck, slot, want);
		if (why)
			fm_error(ck->fm, "host CCW for %x: %s", want->gpa, why);
	}
}

static void check_pages(struct cp_check *ck, const struct cp_rule *rule)
{
	const struct cp_rule_page *want;
	u8 given;

	for (want = rule->page; want && want->valid; want++) {
		given = fm_page(ck->fm, want->gfn)->given;
		if (given != want->given)
			fm_error(ck->fm, "frame %llx was made ready for %s%s, not for %s%s",
				 (unsigned long long)want->gfn,
				 given & FM_READ ? "r" : "", given & FM_WRITE ? "w" : "",
				 want->given & FM_READ ? "r" : "",
				 want->given & FM_WRITE ? "w" : "");
	}
}

static void check_calls(struct cp_check *ck, const struct cp_rule *rule)
{
	const struct cp_rule_call *want = rule->call;
	const struct channel *ch = &ck->host;
	u32 i;

	if (!want)
		return;
	for (i = 0; want->valid; i++, want++) {
		if (i >= ch->nr_calls) {
			fm_error(ck->fm, "command %u (%02x) did not come", i, want->cmd);
			return;
		}
		if (ch->call[i].cmd != want->cmd || ch->call[i].bytes != want->bytes)
			fm_error(ck->fm, "command %u: %02x with %u bytes, not %02x with %u", i,
				 ch->call[i].cmd, ch->call[i].bytes, want->cmd, want->bytes);
	}
	if (ch->nr_calls != i)
		fm_error(ck->fm, "%u commands, not %u", ch->nr_calls, i);
}

static void check_end(struct cp_check *ck, const struct cp_rule *rule)
{
	const struct channel *ch = &ck->host;
	u32 want2 = (u32)rule->dstat << 24 | rule->cstat | rule->count;
	u32 irbs = rule->irbs ? rule->irbs : 1;
	const u32 *irb;

	if (ch->nr_irbs != irbs) {
		fm_error(ck->fm, "%u statuses, not %u", ch->nr_irbs, irbs);
		return;
	}
	irb = ch->irb[irbs - 1];
	if (irb[IRB_SCSW2] != want2)
		fm_error(ck->fm, "status and count %08x, not %08x", irb[IRB_SCSW2], want2);
	if (irb[IRB_CPA] != rule->end_cpa)
		fm_error(ck->fm, "CPA %x, not %x", irb[IRB_CPA], rule->end_cpa);
	if ((irb[0] & rule->word0) != rule->word0)
		fm_error(ck->fm, "SCSW word 0 %08x lacks bits of %08x", irb[0], rule->word0);
}

static void check_follows(struct cp_check *ck, const struct cp_rule *rule)
{
	if (ck->followed != rule->follows)
		fm_error(ck->fm, "translated anew %u times, not %u", ck->followed, rule->follows);
	if (ck->unfollowed != rule->unfollowed)
		fm_error(ck->fm, "a change of itself is%s seen", ck->unfollowed ? " not" : "");
}

static void check_limited(struct cp_check *ck)
{
	struct channel *ch = &ck->host;

	if (!ck->cp.counts.limited)
		fm_error(ck->fm, "the bound was not seen");
	if (ck->res.cstat) {
		if (ck->res.cstat != PROG)
			fm_error(ck->fm, "cstat %08x", ck->res.cstat);
		return;
	}
	ch->fm = ck->fm;
	ch->cp = &ck->cp;
	ch->orb = ck->res.orb;
	ch->nr_steps = 0;
	ch->max_calls = MAX_CALLS;
	ch->max_bytes = MAX_BYTES;
	ch->eager = true;
	chan_run(ch);
	if (ch->nr_irbs != 1 || !(ch->irb[0][IRB_SCSW2] & PROG))
		fm_error(ck->fm, "ends with %u statuses, %08x", ch->nr_irbs,
			 ch->irb[0][IRB_SCSW2]);
}

static bool is_large(const struct cp_rule *rule)
{
	return rule->limited || rule->ccws > 1000 || rule->cpa >= 0x100000;
}

static void check_row(struct cp_check *ck, const struct cp_rule *rule)
{
	u32 max_calls = is_large(rule) ? MAX_CALLS : LOOP_CALLS;
	u32 eager;

	if (ck->rc) {
		fm_error(ck->fm, "cp_translate() returned %d", ck->rc);
		return;
	}
	if (rule->limited) {
		check_limited(ck);
		return;
	}
	if (ck->cp.counts.limited)
		fm_error(ck->fm, "a bound was exceeded");
	if (rule->at_once) {
		if (ck->res.cstat != rule->cstat || ck->res.cpa != rule->end_cpa)
			fm_error(ck->fm, "at once: %08x at %x, not %08x at %x", ck->res.cstat,
				 ck->res.cpa, rule->cstat, rule->end_cpa);
		check_pages(ck, rule);
		cp_check_run(ck, NULL, 0, max_calls, MAX_BYTES, true);
		return;
	}
	if (ck->res.cstat) {
		fm_error(ck->fm, "cstat %08x at once", ck->res.cstat);
		return;
	}
	if (rule->host_flags &&
	    ck->res.orb.flags != (rule->host_flags | (ck->orb.flags & ORB1_P)))
		fm_error(ck->fm, "host ORB flags %08x, not %08x", ck->res.orb.flags,
			 rule->host_flags);
	if (rule->ccws && ck->cp.counts.ccws != rule->ccws)
		fm_error(ck->fm, "%u CCWs decoded, not %u", ck->cp.counts.ccws, rule->ccws);
	check_pages(ck, rule);
	for (eager = 0; eager < 2; eager++) {
		/* it is no longer that of the whole program */
		if (eager && ck->followed)
			cp_check_translate(ck, &ck->orb);
		cp_check_run(ck, rule->dev, rule->nr_dev, max_calls, MAX_BYTES, eager);
		if (!!eager == rule->lazy)
			continue;
		check_calls(ck, rule);
		check_end(ck, rule);
		check_follows(ck, rule);
	}
}

/* each failure alone, or all from one on; the next start has to work */
static void fail_in_turn(struct cp_check *ck, const struct cp_rule *rule, bool on, bool table)
{
	struct cp_orb orb = table ? prefetch_orb_of(rule) : orb_of(rule);
	u32 n;

	ck->fm->use_ready = table;
	for (n = 1; n < 40 && !ck->fm->nr_errors; n++) {
		cp_check_restart(ck);
		ck->fm->fail_in = n;
		ck->fm->fail_on = on;
		ck->fm->failed = false;
		cp_check_translate(ck, &orb);
		ck->fm->fail_in = 0;
		if (!ck->fm->failed)
			break;
		if (ck->rc > 0 || (ck->rc && ck->cp.valid) ||
		    (ck->fm->fail_busy && ck->rc != -EBUSY))
			fm_error(ck->fm, "failure %u: returned %d", n, ck->rc);
		/* then it can matter to a device with status modifier alone */
		if (!ck->rc && !rule->limited)
			cp_check_run(ck, NULL, 0, LOOP_CALLS, MAX_BYTES, true);
		cp_check_translate(ck, &orb);
		if (ck->rc)
			fm_error(ck->fm, "after failure %u: %d", n, ck->rc);
	}
	cp_check_restart(ck);
}

/* what an arena looks like that has been used: nothing in it is zero by chance */
static void use_arena(struct cp_check *ck)
{
	struct cp_orb orb = orb_of(&cp_rule_busy);

	cp_check_restart(ck);
	set_up(ck, &cp_rule_busy, false);
	cp_check_translate(ck, &orb);
	cp_forget(&ck->cp);
}

static void run_mode(struct cp_check *ck, const struct cp_rule *rule,
		     const struct memory_mode *mode)
{
	struct cp_orb orb = mode->prefetch ? prefetch_orb_of(rule) : orb_of(rule);

	set_up(ck, rule, mode->all_low);
	ck->cp.ops = mode->no_ready_op ? &fake_mem_ops_no_table : &fake_mem_ops;
	ck->spare.ops = ck->cp.ops;
	ck->fm->no_peek = mode->no_peek;
	ck->fm->no_lookup = mode->no_lookup;
	ck->fm->use_ready = mode->use_ready;
	cp_check_translate(ck, &orb);
	if (mode == modes && !ck->rc && !ck->res.cstat)
		check_host(ck, rule);
	check_row(ck, rule);
	cp_forget(&ck->cp);
}

/* with pages in a table, a program that stores elsewhere is not followed in detail */
static void check_apart(struct cp_check *ck, const struct cp_rule *rule)
{
	struct cp_orb orb = orb_of(rule);

	cp_check_restart(ck);
	set_up(ck, rule, false);
	ck->fm->use_ready = true;
	cp_check_translate(ck, &orb);
	if (ck->cp.changes)
		fm_error(ck->fm, "there is a look at what it does to itself");
}

/*
 * Brief: as it usually is, and in one of the other modes, which are that of the
 * rows in turn. Pages and arena are as the row before left them.
 */
static void run_program(struct cp_check *ck, const struct cp_rule *rule, bool brief)
{
	u32 other = 1 + (rule - cp_rules) % (ARRAY_SIZE(modes) - 1);
	struct cp_orb orb = orb_of(rule);
	u32 mode;

	if (!brief)
		use_arena(ck);
	for (mode = 0; mode < ARRAY_SIZE(modes) && !ck->fm->nr_errors; mode++) {
		if (is_large(rule) && (!modes[mode].large || (brief && mode)))
			continue;
		if (brief && mode && mode != other)
			continue;
		if (rule->appended && modes[mode].no_peek)
			continue;
		run_mode(ck, rule, &modes[mode]);
	}
	if (cp_orb_check(&orb, CP_HAVE_MIDAW | CP_HAVE_TRANSPORT))
		fm_error(ck->fm, "cp_orb_check() refuses the row's ORB");
	if (rule->apart && !ck->fm->nr_errors)
		check_apart(ck, rule);
	if (!is_large(rule) && !brief) {
		fail_in_turn(ck, rule, false, false);
		fail_in_turn(ck, rule, false, true);
		fail_in_turn(ck, rule, true, false);
		/* not now: nobody is to take it for a fault of the program */
		ck->fm->fail_busy = true;
		fail_in_turn(ck, rule, false, false);
		fail_in_turn(ck, rule, false, true);
		ck->fm->fail_busy = false;
	}
}

static void change_words(struct fake_mem *fm, const struct cp_rule_word *w)
{
	u32 i;

	for (; w && w->size; w++)
		for (i = 0; i < (w->times ? w->times : 1); i++)
			fm_change(fm, w->gpa + i * w->step, w->value + i * w->add, w->size);
}

/*
 * Go on with a suspended program; the @fail-th pin or allocation of its new
 * translation fails, which leaves it suspended.
 */
static void go_on(struct cp_check *ck, u32 fail)
{
	ck->fm->fail_in = fail;
	ck->fm->failed = false;
	cp_check_retranslate(ck);
	ck->fm->fail_in = 0;
	if (ck->fm->failed) {
		/* then it can matter to a device with status modifier alone */
		if (ck->rc && ck->rc != -ENOMEM)
			fm_error(ck->fm, "failure %u: returned %d", fail, ck->rc);
		cp_check_retranslate(ck);
	}
	if (ck->rc)
		fm_error(ck->fm, "cp_retranslate() returned %d", ck->rc);
	else
		cp_check_resume(ck);
}

static void run_stops(struct cp_check *ck, const struct cp_resume_rule *rule, u32 fail)
{
	const struct cp_stop *stop;
	u32 gpa;

	for (stop = rule->stop; stop->valid && !ck->fm->nr_errors; stop++) {
		if (!cp_check_suspended(ck, &gpa)) {
			fm_error(ck->fm, "not suspended at %x", stop->gpa);
			return;
		}
		if (gpa != stop->gpa)
			fm_error(ck->fm, "suspended at %x, not at %x", gpa, stop->gpa);
		change_words(ck->fm, stop->change);
		go_on(ck, fail);
	}
	if (ck->guest.suspended)
		fm_error(ck->fm, "suspended once more");
}

static void run_resume(struct cp_check *ck, const struct cp_resume_rule *rule)
{
	struct cp_orb orb = orb_of(&rule->program);
	u32 mode, fail;

	fm_reset(ck->fm);
	for (mode = 0; mode < 8 && !ck->fm->nr_errors; mode++) {
		/* from the fourth on with failures, from nothing */
		for (fail = mode < 4 ? 0 : 1; fail < (mode < 4 ? 1 : 12); fail++) {
			set_up(ck, &rule->program, mode & 1);
			ck->fm->no_peek = mode & 1;
			ck->fm->no_lookup = mode & 2;
			ck->fm->use_ready = mode == 2;
			cp_check_translate(ck, &orb);
			if (ck->rc || ck->res.cstat) {
				fm_error(ck->fm, "cp_translate() returned %d, %08x", ck->rc,
					 ck->res.cstat);
				return;
			}
			cp_check_run(ck, rule->program.dev, rule->program.nr_dev, MAX_CALLS,
				     MAX_BYTES, true);
			run_stops(ck, rule, fail);
			check_calls(ck, &rule->program);
			check_end(ck, &rule->program);
			check_follows(ck, &rule->program);
			cp_forget(&ck->cp);
			if (fail)
				cp_check_restart(ck);
			if (ck->fm->nr_errors)
				return;
		}
	}
}

static void run_orb(struct cp_check *ck, const struct cp_orb_rule *rule)
{
	struct cp_orb orb = { .intparm = 1, .flags = rule->flags, .cpa = rule->cpa };
	int rc = cp_orb_check(&orb, rule->have);

	fm_reset(ck->fm);
	if (rc != rule->rc)
		fm_error(ck->fm, "cp_orb_check() returned %d, not %d", rc, rule->rc);
}

static u32 irb_value(struct cp_check *ck, const struct cp_irb_word *w)
{
	u64 hpa;
	u32 slot;

	if (w->kind == IRB_PLAIN)
		return w->value;
	if (w->kind == IRB_DATA_HIGH || w->kind == IRB_DATA_LOW) {
		hpa = fm_hpa(fm_page(ck->fm, w->value >> FM_SHIFT)) + w->value % FM_FRAME;
		return w->kind == IRB_DATA_HIGH ? (u32)(hpa >> 32) : (u32)hpa;
	}
	for (slot = 0; slot < ck->cp.nr_slots; slot++)
		if (cp_check_guest_ccw(ck, slot) == w->value && cp_check_slot(ck, slot))
			return ck->cp.slot_hpa + 8 * (slot + (w->kind == IRB_BEHIND) +
						      3 * (w->kind == IRB_GUARD));
	fm_error(ck->fm, "no slot for %x", w->value);
	return 0;
}

static void run_irb(struct cp_check *ck, const struct cp_irb_rule *rule)
{
	static const struct cp_rule_word program[] = IRB_PROGRAM;
	struct cp_orb orb = { .flags = IRB_PROGRAM_ORB, .cpa = 0x1000 };
	u32 irb[IRB_WORDS] = { 0 }, want[IRB_WORDS], i;
	bool gone;

	fm_reset(ck->fm);
	put_words(ck->fm, program);
	cp_check_translate(ck, &orb);
	if (ck->rc || ck->res.cstat)
		fm_error(ck->fm, "cp_translate() returned %d, %08x", ck->rc, ck->res.cstat);
	for (i = 0; i < ARRAY_SIZE(rule->in); i++)
		if (rule->in[i].value || rule->in[i].kind)
			irb[rule->in[i].index] = irb_value(ck, &rule->in[i]);
	memcpy(want, irb, sizeof(want));
	for (i = 0; i < ARRAY_SIZE(rule->out); i++)
		if (rule->out[i].index || rule->out[i].value)
			want[rule->out[i].index] = irb_value(ck, &rule->out[i]);
	if (rule->forgotten)
		cp_forget(&ck->cp);
	cp_status(&ck->cp, irb);
	for (i = 0; i < IRB_WORDS; i++) {
		gone = rule->maybe_zero && !irb[i] && i >= IRB_ERW && i <= IRB_SCA;
		if (irb[i] != want[i] && !gone)
			fm_error(ck->fm, "IRB word %u is %08x, not %08x", i, irb[i], want[i]);
	}
	cp_forget(&ck->cp);
}

bool cp_rules_is_large(u32 row)
{
	return program_row(row) && is_large(program_row(row));
}

bool cp_rules_run(struct cp_check *ck, u32 row, bool brief)
{
	if (program_row(row))
		run_program(ck, program_row(row), brief);
	else if (orb_row(row))
		run_orb(ck, orb_row(row));
	else if (irb_row(row))
		run_irb(ck, irb_row(row));
	else
		run_resume(ck, resume_row(row));
	return !ck->fm->nr_errors;
}

bool cp_rules_translate(struct cp_check *ck, u32 row)
{
	const struct cp_rule *rule = program_row(row);
	struct cp_orb orb;

	if (!rule)
		return false;
	orb = orb_of(rule);
	set_up(ck, rule, false);
	cp_check_translate(ck, &orb);
	return true;
}
