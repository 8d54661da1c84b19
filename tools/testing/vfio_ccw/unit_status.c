// SPDX-License-Identifier: GPL-2.0-only
/*
 * How status accumulates, one row a rule: what happens to a subchannel in this
 * order, and what its user sees. S-n, T-n and B-n are the numbers of
 * Documentation/arch/s390/vfio-ccw.rst.
 */
#include <stdio.h>
#include <string.h>

#include <linux/compiler.h>
#include "status.h"

enum op {
	OP_END,
	OP_ASK,		/* the hardware accepts the user's function word[0] */
	OP_IRQ,		/* the hardware presents an IRB; is it final? */
	OP_TAKE,	/* the user takes this IRB; was status pending? */
	OP_PEEK,
	OP_UNTAKE,	/* what was taken last did not reach the user */
	OP_CHECK,	/* ORB word, subchannel status, CPA */
	OP_ABORT,	/* did anything end? */
	OP_LOSE,
	OP_RESET,
	OP_REFUSES,	/* does a function have to wait? */
	OP_MERGED,	/* word[0] times */
	OP_HIDE,	/* intermediate status that the user did not ask for */
	OP_RESUMABLE,	/* can a resume function be accepted? */
	OP_RESUMED,	/* the hardware accepts it */
};

/* words of an IRB that say something: SCSW 0..2, ERW, first ECW word */
#define STEP_WORDS	5

struct step {
	enum op op;
	bool ret;
	u32 word[STEP_WORDS];
};

struct row {
	const char *name;
	const char *rule;
	const struct step *step;
};

#define ROW(n, r, ...)	{ #n, r, (const struct step[]){ __VA_ARGS__, { OP_END } } }
#define ASK(f)		{ OP_ASK, false, { f } }
#define FINAL(...)	{ OP_IRQ, true, { __VA_ARGS__ } }
#define MORE(...)	{ OP_IRQ, false, { __VA_ARGS__ } }
#define TAKE(...)	{ OP_TAKE, true, { __VA_ARGS__ } }
#define NOTHING(...)	{ OP_TAKE, false, { __VA_ARGS__ } }
#define PEEK(...)	{ OP_PEEK, false, { __VA_ARGS__ } }
#define UNTAKE		{ OP_UNTAKE }
#define CHECK(o, s, a)	{ OP_CHECK, false, { o, s, a } }
#define ABORT(r)	{ OP_ABORT, r }
#define LOSE(r)		{ OP_LOSE, r }
#define RESET		{ OP_RESET }
#define REFUSES(r)	{ OP_REFUSES, r }
#define MERGED(n)	{ OP_MERGED, false, { n } }
#define HIDE(...)	{ OP_HIDE, false, { __VA_ARGS__ } }
#define RESUMABLE(r)	{ OP_RESUMABLE, r }
#define RESUMED		{ OP_RESUMED }

#define ST	SCSW0_FC_START
#define HA	SCSW0_FC_HALT
#define CL	SCSW0_FC_CLEAR
#define SP	SCSW0_AC_START_PEND
#define HP	SCSW0_AC_HALT_PEND
#define CP	SCSW0_AC_CLEAR_PEND
#define SA	SCSW0_AC_SCHACT
#define DA	SCSW0_AC_DEVACT
#define SU	SCSW0_AC_SUSP
#define RP	SCSW0_AC_RESUME_PEND
#define AL	SCSW0_SC_ALERT
#define IN	SCSW0_SC_INTER
#define PR	SCSW0_SC_PRIMARY
#define SE	SCSW0_SC_SECOND
#define PE	SCSW0_SC_PEND
#define ENDED	(AL | PR | SE | PE)
#define CC1	0x01000000u
#define CC3	0x03000000u
#define F1	SCSW0_F
#define KEY	0x30000000u
#define CE	SCSW2_DEV_CE
#define DE	SCSW2_DEV_DE
#define UC	SCSW2_DEV_UC
#define ATTN	0x80000000u
#define PCI	SCSW2_SCH_PCI
#define IL	SCSW2_SCH_IL
#define IFCC	0x00020000u
#define CONS	ERW_CONS
#define EL	(SCSW0_E | SCSW0_L)

static const struct row rows[] = {
	/* what is pending, and what a look at it shows */
	ROW(nothing_asked_nothing_shown, "3.4",
	    NOTHING(0), PEEK(0)),
	ROW(a_start_shows_start_pending, "3.4",
	    ASK(ST), PEEK(ST | SP), NOTHING(ST | SP)),
	ROW(a_halt_joins_a_start, "S-26",
	    ASK(ST), ASK(HA), NOTHING(ST | HA | SP | HP)),
	ROW(a_clear_replaces_all_functions, "S-26",
	    ASK(ST), ASK(HA), ASK(CL), NOTHING(CL | CP)),
	ROW(status_is_taken_once, "3.4",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE),
	    TAKE(ST | PR | SE | PE, 0x1008, CE | DE), NOTHING(0)),
	ROW(peek_leaves_status, "3.4",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE | 7),
	    PEEK(ST | PR | SE | PE, 0x1008, CE | DE | 7),
	    TAKE(ST | PR | SE | PE, 0x1008, CE | DE | 7)),
	ROW(intermediate_updates_activity, "3.4",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI),
	    TAKE(ST | SA | DA | IN | PE, 0x1010, PCI), NOTHING(ST | SA | DA)),
	ROW(nothing_is_shown_after_a_reset, "B-5",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE), RESET, NOTHING(0)),
	ROW(a_reset_forgets_functions, "B-5",
	    ASK(ST), RESET, ABORT(false), LOSE(false), NOTHING(0)),

	/* resuming */
	ROW(nothing_can_be_resumed_that_is_not_suspended, "S-33",
	    RESUMABLE(false), ASK(ST), RESUMABLE(false), MORE(ST | SA | DA | IN | PE, 0, PCI),
	    TAKE(ST | SA | DA | IN | PE, 0, PCI), RESUMABLE(false)),
	ROW(what_is_suspended_can_be_resumed_once, "S-33",
	    ASK(ST), MORE(ST | SU | IN | PE, 0x1010, 0), RESUMABLE(false),
	    TAKE(ST | SU | IN | PE, 0x1010, 0), RESUMABLE(true),
	    RESUMED, RESUMABLE(false), NOTHING(ST | SU | RP)),
	ROW(what_was_resumed_may_be_suspended_again, "S-33",
	    ASK(ST), MORE(ST | SU | IN | PE), TAKE(ST | SU | IN | PE), RESUMED,
	    MORE(ST | SU | IN | PE), RESUMABLE(false), TAKE(ST | SU | IN | PE),
	    RESUMABLE(true)),
	ROW(what_is_halted_cannot_be_resumed, "S-33 S-26",
	    ASK(ST), MORE(ST | SU | IN | PE), TAKE(ST | SU | IN | PE), ASK(HA),
	    RESUMABLE(false)),
	ROW(what_is_cleared_cannot_be_resumed, "S-33 S-26",
	    ASK(ST), MORE(ST | SU | IN | PE), TAKE(ST | SU | IN | PE), ASK(CL),
	    RESUMABLE(false)),
	ROW(a_hidden_suspension_can_be_resumed, "S-33",
	    ASK(ST), HIDE(ST | SU | IN | PE), NOTHING(ST | SU), RESUMABLE(true)),
	ROW(a_hidden_suspension_leaves_what_is_pending, "S-33",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1008, PCI), HIDE(ST | SU | IN | PE, 0x1010),
	    TAKE(ST | SA | DA | IN | PE, 0x1008, PCI), RESUMABLE(true)),
	ROW(attention_comes_before_a_resume, "S-33 S-25",
	    ASK(ST), MORE(ST | SU | IN | PE), TAKE(ST | SU | IN | PE), MORE(AL | PE, 0, ATTN),
	    RESUMABLE(false), TAKE(AL | PE, 0, ATTN), RESUMABLE(true)),
	ROW(a_resumed_program_ends, "S-33",
	    ASK(ST), MORE(ST | SU | IN | PE), TAKE(ST | SU | IN | PE), RESUMED,
	    FINAL(ST | PR | SE | PE, 0x1018, CE | DE), RESUMABLE(false),
	    TAKE(ST | PR | SE | PE, 0x1018, CE | DE), RESUMABLE(false)),

	/* finality */
	ROW(primary_alone_is_not_final, "3.4",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE)),
	ROW(secondary_ends_it, "3.4",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE), FINAL(ST | SE | PE, 0, DE)),
	ROW(a_suspended_program_is_not_finished, "S-17",
	    ASK(ST), MORE(SCSW0_S | ST | SU | IN | PE, 0x1010, 0),
	    TAKE(SCSW0_S | ST | SU | IN | PE, 0x1010, 0), NOTHING(ST | SU)),
	ROW(a_halt_ends_a_suspended_program, "S-26",
	    ASK(ST), ASK(HA), FINAL(SCSW0_S | ST | HA | SU | PE, 0, 0),
	    TAKE(SCSW0_S | ST | HA | SU | PE, 0, 0)),
	ROW(resume_pending_is_not_final, "S-17",
	    ASK(ST), MORE(SCSW0_S | ST | RP | SU | IN | PE, 0x1010, 0)),
	ROW(pci_is_not_final, "S-16",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI)),
	ROW(intermediate_status_is_not_final_whatever_is_active, "S-16",
	    ASK(ST), MORE(SCSW0_Z | ST | IN | PE, 0x1000, 0), TAKE(SCSW0_Z | ST | IN | PE, 0x1000, 0),
	    NOTHING(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE)),
	ROW(a_pending_start_is_not_final, "3.4",
	    ASK(ST), MORE(ST | SP | IN | PE, 0, 0)),
	ROW(deferred_cc_1_is_final, "S-25",
	    ASK(ST), FINAL(CC1 | ST | AL | PE, 0, 0), TAKE(CC1 | ST | AL | PE, 0, 0), NOTHING(0)),
	ROW(deferred_cc_3_is_final, "S-25",
	    ASK(ST), FINAL(CC3 | SCSW0_N | ST | AL | PE, 0, 0),
	    TAKE(CC3 | SCSW0_N | ST | AL | PE, 0, 0), NOTHING(0)),
	ROW(deferred_cc_is_final_while_active, "S-25",
	    ASK(ST), FINAL(CC3 | ST | SP | AL | PE, 0, 0)),
	ROW(unit_check_is_final, "3.4",
	    ASK(ST), FINAL(ST | ENDED, 0x1008, CE | DE | UC)),
	ROW(a_halt_function_ends_with_pending_alone, "S-26",
	    ASK(HA), FINAL(HA | PE, 0, 0), TAKE(HA | PE, 0, 0), NOTHING(0)),
	ROW(a_clear_function_ends_with_pending_alone, "S-26",
	    ASK(CL), FINAL(CL | PE, 0, 0), TAKE(CL | PE, 0, 0), NOTHING(0)),

	/* accumulation */
	ROW(device_end_keeps_the_cpa_and_count_of_channel_end, "B-3",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1010, CE | 12), FINAL(ST | SE | PE, 0xdead0, DE | 99),
	    MERGED(1), TAKE(ST | PR | SE | PE, 0x1010, CE | DE | 12), NOTHING(0)),
	ROW(secondary_alone_keeps_its_own_cpa_if_primary_was_taken, "B-3",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1010, CE | 12),
	    TAKE(ST | DA | PR | PE, 0x1010, CE | 12),
	    FINAL(ST | SE | PE, 0x1010, DE | 12), MERGED(0),
	    TAKE(ST | SE | PE, 0x1010, DE | 12), NOTHING(0)),
	ROW(primary_replaces_the_cpa_of_pci, "S-16",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI | 5),
	    FINAL(ST | PR | SE | PE, 0x1020, CE | DE | 3),
	    TAKE(ST | IN | PR | SE | PE, 0x1020, PCI | CE | DE | 3)),
	ROW(the_later_of_two_pcis_counts, "S-16",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI),
	    MORE(ST | SA | DA | IN | PE, 0x1030, PCI), TAKE(ST | SA | DA | IN | PE, 0x1030, PCI)),
	ROW(pci_primary_and_secondary_become_one, "S-16",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI),
	    MORE(ST | DA | PR | PE, 0x1020, CE | IL | 4), FINAL(ST | SE | PE, 0, DE), MERGED(2),
	    TAKE(ST | IN | PR | SE | PE, 0x1020, PCI | CE | DE | IL | 4)),
	ROW(suspended_then_ended, "S-17",
	    ASK(ST), MORE(SCSW0_S | ST | SU | IN | PE, 0x1010, 0),
	    FINAL(SCSW0_S | ST | PR | SE | PE, 0x1020, CE | DE),
	    TAKE(SCSW0_S | ST | IN | PR | SE | PE, 0x1020, CE | DE)),
	ROW(activity_is_that_of_the_latest, "3.4",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI), MORE(ST | DA | PR | PE, 0x1018, CE),
	    TAKE(ST | DA | IN | PR | PE, 0x1018, PCI | CE), NOTHING(ST | DA)),
	ROW(path_not_operational_and_zero_condition_code_accumulate, "3.4",
	    ASK(ST), MORE(SCSW0_Z | ST | SA | DA | IN | PE, 0, 0),
	    FINAL(SCSW0_N | ST | PR | SE | PE, 0x1008, CE | DE),
	    TAKE(SCSW0_Z | SCSW0_N | ST | IN | PR | SE | PE, 0x1008, CE | DE)),
	ROW(a_deferred_cc_survives_unsolicited_status, "S-25",
	    ASK(ST), FINAL(CC1 | ST | AL | PE, 0, 0), MORE(AL | PE, 0, ATTN),
	    TAKE(CC1 | ST | AL | PE, 0, ATTN)),
	ROW(a_deferred_cc_comes_upon_unsolicited_status, "S-25",
	    ASK(ST), MORE(AL | PE, 0, ATTN), FINAL(CC3 | ST | AL | PE, 0, 0),
	    TAKE(CC3 | ST | AL | PE, 0, ATTN), NOTHING(0)),

	/* sense */
	ROW(sense_of_channel_end_stays, "S-24",
	    ASK(ST), MORE(EL | ST | DA | AL | PR | PE, 0x1008, CE | UC, CONS | 24, 0xabcd),
	    FINAL(ST | SE | PE, 0, DE, 7, 8),
	    TAKE(EL | ST | AL | PR | SE | PE, 0x1008, CE | DE | UC, CONS | 24, 0xabcd)),
	ROW(sense_of_device_end_is_taken, "S-24",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE, 1, 2),
	    FINAL(EL | ST | AL | SE | PE, 0, DE | UC, CONS | 24, 0xabcd),
	    TAKE(EL | ST | AL | PR | SE | PE, 0x1008, CE | DE | UC, CONS | 24, 0xabcd)),
	ROW(without_sense_the_latest_esw_counts, "S-24",
	    ASK(ST), MORE(SCSW0_L | ST | DA | PR | PE, 0x1008, CE, 1, 2),
	    FINAL(ST | SE | PE, 0, DE, 3, 0), TAKE(ST | PR | SE | PE, 0x1008, CE | DE, 3, 0)),
	ROW(unsolicited_sense_counts_if_there_is_no_other, "S-24",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE, 1, 2),
	    MORE(EL | AL | PE, 0, UC, CONS | 4, 5),
	    TAKE(EL | ST | AL | PR | SE | PE, 0x1008, CE | DE | UC, CONS | 4, 5)),

	/* unsolicited status */
	ROW(unsolicited_status_is_not_final, "S-25",
	    ASK(ST), MORE(AL | PE, 0, ATTN), TAKE(AL | PE, 0, ATTN), NOTHING(ST | SP)),
	ROW(unsolicited_status_leaves_functions_alone, "T-17",
	    ASK(ST), MORE(AL | PE, 0, ATTN | DE), TAKE(AL | PE, 0, ATTN | DE),
	    FINAL(ST | PR | SE | PE, 0x1008, CE | DE), TAKE(ST | PR | SE | PE, 0x1008, CE | DE)),
	ROW(unsolicited_status_does_not_overwrite, "T-17",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE | 5), MORE(AL | PE, 0xdead0, ATTN | 9),
	    MERGED(1), TAKE(ST | AL | PR | SE | PE, 0x1008, ATTN | CE | DE | 5), NOTHING(0)),
	ROW(solicited_status_comes_upon_unsolicited, "T-17",
	    ASK(ST), MORE(AL | PE, 0xdead0, ATTN | 9), FINAL(ST | PR | SE | PE, 0x1008, CE | DE | 5),
	    TAKE(ST | AL | PR | SE | PE, 0x1008, ATTN | CE | DE | 5), NOTHING(0)),

	/* halt and clear */
	ROW(a_clear_discards_what_is_pending, "S-26",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE), ASK(CL), NOTHING(CL | CP),
	    FINAL(CL | PE, 0, 0), TAKE(CL | PE, 0, 0), NOTHING(0)),
	ROW(clear_status_discards_what_came_before_it, "S-26",
	    ASK(CL), MORE(AL | PE, 0, ATTN), FINAL(CL | PE, 0, 0), TAKE(CL | PE, 0, 0)),
	ROW(a_halted_start_ends_once, "S-26",
	    ASK(ST), ASK(HA), FINAL(ST | HA | PR | SE | PE, 0, CE | DE),
	    TAKE(ST | HA | PR | SE | PE, 0, CE | DE), ABORT(false), NOTHING(0)),
	ROW(nothing_pending_refuses_nothing, "3.4",
	    REFUSES(false), ASK(ST), REFUSES(false)),
	ROW(pending_status_refuses, "3.4",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0, CE | DE), REFUSES(true),
	    TAKE(ST | PR | SE | PE, 0, CE | DE), REFUSES(false)),
	ROW(intermediate_status_does_not_refuse, "S-16",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI), REFUSES(false)),
	ROW(alert_status_refuses, "T-17",
	    MORE(AL | PE, 0, ATTN), REFUSES(true)),
	ROW(intermediate_and_alert_status_refuses, "3.4",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI), MORE(AL | PE, 0, ATTN), REFUSES(true)),

	/* what the host does to the user's functions */
	ROW(a_host_halt_ends_the_start_with_a_check, "B-7",
	    ASK(ST), FINAL(ST | HA | PR | SE | PE, 0x1008, CE | DE),
	    TAKE(ST | ENDED, 0, IFCC), NOTHING(0)),
	ROW(a_host_clear_ends_the_start_with_a_check, "B-7",
	    ASK(ST), FINAL(CL | PE, 0, 0), TAKE(ST | ENDED, 0, IFCC), NOTHING(0)),
	ROW(a_host_clear_ends_the_users_halt, "B-7",
	    ASK(HA), FINAL(CL | PE, 0, 0), TAKE(HA | PE, 0, 0), NOTHING(0)),
	ROW(a_host_clear_of_nothing_is_not_shown, "B-7",
	    FINAL(CL | PE, 0, 0), NOTHING(0)),
	ROW(a_users_clear_is_not_the_hosts, "B-7",
	    ASK(ST), ASK(CL), FINAL(CL | PE, 0, 0), TAKE(CL | PE, 0, 0), NOTHING(0)),
	ROW(abort_of_nothing, "B-7", ABORT(false), NOTHING(0)),
	ROW(abort_of_a_start, "B-7",
	    ASK(ST), ABORT(true), ABORT(false), TAKE(ST | ENDED, 0, IFCC), NOTHING(0)),
	ROW(abort_of_a_halted_start, "B-7",
	    ASK(ST), ASK(HA), ABORT(true), TAKE(ST | HA | PE, 0, 0), NOTHING(0)),
	ROW(abort_of_a_clear, "B-7", ASK(CL), ABORT(true), TAKE(CL | PE, 0, 0), NOTHING(0)),
	ROW(abort_joins_intermediate_status, "B-7",
	    ASK(ST), MORE(ST | SA | DA | IN | PE, 0x1010, PCI), ABORT(true),
	    TAKE(ST | ENDED | IN, 0, PCI | IFCC), NOTHING(0)),
	ROW(abort_after_the_end_changes_nothing, "B-7",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE), ABORT(false),
	    TAKE(ST | PR | SE | PE, 0x1008, CE | DE)),
	ROW(loss_of_nothing, "B-9", LOSE(false), NOTHING(0)),
	ROW(loss_ends_a_start_with_cc_3, "B-9",
	    ASK(ST), LOSE(true), LOSE(false), TAKE(CC3 | ST | ENDED, 0, 0), NOTHING(0)),
	ROW(loss_ends_a_halted_start_with_cc_3, "B-9",
	    ASK(ST), ASK(HA), LOSE(true), TAKE(CC3 | ST | HA | ENDED, 0, 0), NOTHING(0)),
	ROW(loss_ends_a_halt_as_a_halt_ends, "B-9",
	    ASK(HA), LOSE(true), LOSE(false), TAKE(HA | PE, 0, 0), NOTHING(0)),
	ROW(loss_ends_a_clear_as_a_clear_ends, "B-9",
	    ASK(ST), ASK(CL), LOSE(true), LOSE(false), TAKE(CL | PE, 0, 0), NOTHING(0)),
	ROW(loss_after_primary_keeps_it, "B-9",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE | 4), LOSE(true), MERGED(1)),

	/* checks without hardware */
	ROW(a_check_ends_a_start, "S-2",
	    CHECK(KEY | F1 | 0xff00, SCSW2_SCH_PROG, 0x1008),
	    TAKE(KEY | F1 | ST | ENDED, 0x1008, SCSW2_SCH_PROG), NOTHING(0)),
	ROW(a_check_shows_the_orb_without_path_mask_and_l, "S-22",
	    CHECK(0xffffffff & ~0x07000000, SCSW2_SCH_PROT, 0x1008),
	    TAKE(SCSW0_ECHO | SCSW0_S | ST | ENDED, 0x1008, SCSW2_SCH_PROT)),

	/* a read that fails */
	ROW(untaken_status_is_taken_again, "T-19",
	    ASK(ST), FINAL(ST | PR | SE | PE, 0x1008, CE | DE), TAKE(ST | PR | SE | PE, 0x1008, CE | DE),
	    UNTAKE, TAKE(ST | PR | SE | PE, 0x1008, CE | DE), NOTHING(0)),
	ROW(untaken_status_is_older_than_what_came_since, "T-19",
	    ASK(ST), MORE(ST | DA | PR | PE, 0x1008, CE | 4), TAKE(ST | DA | PR | PE, 0x1008, CE | 4),
	    FINAL(ST | SE | PE, 0xdead0, DE | 9), UNTAKE,
	    TAKE(ST | PR | SE | PE, 0x1008, CE | DE | 4), NOTHING(0)),
};

static const char *const op_names[] = {
	[OP_ASK] = "ask", [OP_IRQ] = "interrupt", [OP_TAKE] = "take", [OP_PEEK] = "peek",
	[OP_UNTAKE] = "untake", [OP_CHECK] = "check", [OP_ABORT] = "abort", [OP_LOSE] = "lose",
	[OP_RESET] = "reset", [OP_REFUSES] = "refuses", [OP_MERGED] = "merged",
	[OP_HIDE] = "hide", [OP_RESUMABLE] = "resumable", [OP_RESUMED] = "resumed",
};

static void fill(u32 *irb, const u32 *word)
{
	memset(irb, 0, IRB_WORDS * sizeof(*irb));
	irb[IRB_SCSW0] = word[0];
	irb[IRB_CPA] = word[1];
	irb[IRB_SCSW2] = word[2];
	irb[IRB_ERW] = word[3];
	irb[IRB_ECW] = word[4];
}

static bool same(const char *name, u32 nr, const u32 *got, const u32 *want)
{
	u32 i;

	for (i = 0; i < IRB_WORDS; i++) {
		if (got[i] == want[i])
			continue;
		printf("not ok %s, step %u: word %u is %08x, not %08x\n", name, nr, i,
		       got[i], want[i]);
		return false;
	}
	return true;
}

static bool run_step(struct vccw_status *status, const struct step *step, u32 *taken, bool *ret)
{
	u32 irb[IRB_WORDS];

	fill(irb, step->word);
	*ret = step->ret;
	switch (step->op) {
	case OP_ASK:
		vccw_status_accepted(status, step->word[0]);
		return true;
	case OP_IRQ:
		*ret = vccw_status_add(status, irb);
		return true;
	case OP_TAKE:
		*ret = vccw_status_take(status, taken);
		return !memcmp(taken, irb, sizeof(irb));
	case OP_PEEK:
		vccw_status_peek(status, taken);
		return !memcmp(taken, irb, sizeof(irb));
	case OP_UNTAKE:
		vccw_status_untake(status, taken);
		return true;
	case OP_CHECK:
		vccw_status_check(status, step->word[0], step->word[1], step->word[2]);
		return true;
	case OP_ABORT:
		*ret = vccw_status_abort(status);
		return true;
	case OP_LOSE:
		*ret = vccw_status_lose(status);
		return true;
	case OP_RESET:
		vccw_status_reset(status);
		return true;
	case OP_REFUSES:
		*ret = vccw_status_refuses(status);
		return true;
	case OP_HIDE:
		vccw_status_hide(status, irb);
		return true;
	case OP_RESUMABLE:
		*ret = vccw_status_resumable(status);
		return true;
	case OP_RESUMED:
		vccw_status_resumed(status);
		return true;
	case OP_MERGED:
		return status->merged == step->word[0];
	default:
		return false;
	}
}

static bool run(const struct row *row)
{
	u32 taken[IRB_WORDS] = {}, want[IRB_WORDS], nr;
	struct vccw_status status;
	const struct step *step;
	bool ret;

	memset(&status, 0xa5, sizeof(status));
	status.merged = 0;
	vccw_status_reset(&status);
	for (step = row->step, nr = 1; step->op != OP_END; step++, nr++) {
		if (!run_step(&status, step, taken, &ret)) {
			fill(want, step->word);
			if (step->op == OP_MERGED || same(row->name, nr, taken, want))
				printf("not ok %s, step %u (%s)\n", row->name, nr,
				       op_names[step->op]);
			return false;
		}
		if (ret == step->ret)
			continue;
		printf("not ok %s, step %u (%s): returned %d\n", row->name, nr,
		       op_names[step->op], ret);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	u32 passed = 0, failed = 0, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (argc > 1 && !strstr(rows[i].name, argv[1]))
			continue;
		if (run(&rows[i]))
			passed++;
		else
			failed++;
	}
	printf("unit_status: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
