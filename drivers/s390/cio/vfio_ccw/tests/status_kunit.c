// SPDX-License-Identifier: GPL-2.0-only
/*
 * Status that is not taken accumulates as it does in a subchannel: SA22-7832,
 * Chapter 16. Expected values come from there, word for word.
 */
#include <kunit/test.h>

#include "../status.h"

#define START		SCSW0_FC_START
#define HALT		SCSW0_FC_HALT
#define CLEAR		SCSW0_FC_CLEAR
#define PRI		(SCSW0_SC_PRIMARY | SCSW0_SC_PEND)
#define SEC		(SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define INTER		(SCSW0_SC_INTER | SCSW0_SC_PEND)
#define ALERT		(SCSW0_SC_ALERT | SCSW0_SC_PEND)
#define ENDED		(PRI | SEC)
#define CC1		0x01000000u
#define CC3		0x03000000u
#define ATTN		0x80000000u
#define CE		SCSW2_DEV_CE
#define DE		SCSW2_DEV_DE
#define UC		SCSW2_DEV_UC
#define PCI		SCSW2_SCH_PCI
#define PROG		SCSW2_SCH_PROG

struct words {
	u32 scsw0, cpa, scsw2, erw, ecw;
};

/* @first, not taken, and then @second; @both is what TEST SUBCHANNEL shows */
struct merge_row {
	const char *name;
	struct words first, second, both;
	bool final;	/* whether @second ends the functions */
};

static const struct merge_row merge_rows[] = {
	{ "device_end_does_not_hide_channel_end",
	  { START | PRI | SCSW0_AC_DEVACT, 0x1010, CE | 5 },
	  { START | SEC, 0, DE },
	  { START | ENDED, 0x1010, CE | DE | 5 }, true },
	{ "channel_end_with_incorrect_length_stays",
	  { START | PRI | SCSW0_AC_DEVACT, 0x1010, CE | SCSW2_SCH_IL | 0x77 },
	  { START | SEC, 0x99, DE | 3 },
	  { START | ENDED, 0x1010, CE | DE | SCSW2_SCH_IL | 0x77 }, true },
	{ "pci_then_the_end_has_the_ends_address",
	  { START | INTER | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT, 0x1008, PCI },
	  { START | ENDED, 0x2010, CE | DE | 9 },
	  { START | ENDED | SCSW0_SC_INTER, 0x2010, CE | DE | PCI | 9 }, true },
	{ "two_pcis_have_the_later_address",
	  { START | INTER | SCSW0_AC_SCHACT, 0x1008, PCI },
	  { START | INTER | SCSW0_AC_SCHACT, 0x1020, PCI },
	  { START | INTER | SCSW0_AC_SCHACT, 0x1020, PCI }, false },
	{ "attention_keeps_the_end_that_is_pending",
	  { START | ENDED, 0x1010, CE | DE | 5 },
	  { ALERT, 0, ATTN },
	  { START | ENDED | SCSW0_SC_ALERT, 0x1010, ATTN | CE | DE | 5 }, false },
	{ "attention_during_a_program_keeps_its_pci",
	  { START | INTER | SCSW0_AC_SCHACT, 0x1008, PCI },
	  { ALERT, 0, ATTN },
	  { START | INTER | SCSW0_AC_SCHACT | SCSW0_SC_ALERT, 0x1008, ATTN | PCI }, false },
	{ "end_upon_attention_has_both",
	  { ALERT, 0, ATTN },
	  { START | ENDED, 0x1010, CE | DE | 5 },
	  { START | ENDED | SCSW0_SC_ALERT, 0x1010, ATTN | CE | DE | 5 }, true },
	{ "attention_twice_is_attention",
	  { ALERT, 0, ATTN }, { ALERT, 0, ATTN }, { ALERT, 0, ATTN }, false },
	{ "clear_discards_what_was_before",
	  { START | ENDED, 0x1010, CE | DE | 5 },
	  { CLEAR | SCSW0_SC_PEND, 0, 0 },
	  { CLEAR | SCSW0_SC_PEND, 0, 0 }, true },
	{ "halt_after_channel_end_has_both",
	  { START | PRI | SCSW0_AC_DEVACT, 0x1010, CE | 5 },
	  { START | HALT | SEC, 0, DE },
	  { START | HALT | ENDED, 0x1010, CE | DE | 5 }, true },
	{ "deferred_condition_code_upon_attention",
	  { ALERT, 0, ATTN },
	  { START | CC1 | ALERT | PRI | SEC, 0, 0 },
	  { START | CC1 | ALERT | PRI | SEC, 0, ATTN }, true },
	{ "attention_upon_deferred_condition_code",
	  { START | CC3 | ALERT | PRI | SEC, 0, 0 },
	  { ALERT, 0, ATTN },
	  { START | CC3 | ALERT | PRI | SEC, 0, ATTN }, false },
	{ "sense_stays_with_its_unit_check",
	  { START | SCSW0_L | SCSW0_E | SCSW0_SC_ALERT | ENDED, 0x1010, CE | DE | UC | 5,
	    ERW_CONS | 0x00200000u, 0xdeadbeef },
	  { ALERT, 0, ATTN },
	  { START | SCSW0_L | SCSW0_E | SCSW0_SC_ALERT | ENDED, 0x1010, ATTN | CE | DE | UC | 5,
	    ERW_CONS | 0x00200000u, 0xdeadbeef }, false },
	{ "sense_comes_with_the_secondary_status",
	  { START | PRI | SCSW0_AC_DEVACT, 0x1010, CE | 5 },
	  { START | SCSW0_L | SCSW0_E | SCSW0_SC_ALERT | SEC, 0, DE | UC,
	    ERW_CONS | 0x00200000u, 0xdeadbeef },
	  { START | SCSW0_L | SCSW0_E | SCSW0_SC_ALERT | ENDED, 0x1010, CE | DE | UC | 5,
	    ERW_CONS | 0x00200000u, 0xdeadbeef }, true },
	{ "unsolicited_unit_check_brings_its_sense",
	  { START | ENDED, 0x1010, CE | DE | 5 },
	  { SCSW0_L | SCSW0_E | ALERT, 0, UC, ERW_CONS | 0x00200000u, 0xdeadbeef },
	  { START | SCSW0_L | SCSW0_E | SCSW0_SC_ALERT | ENDED, 0x1010, CE | DE | UC | 5,
	    ERW_CONS | 0x00200000u, 0xdeadbeef }, false },
	{ "path_not_operational_is_remembered",
	  { START | PRI | SCSW0_N | SCSW0_AC_DEVACT, 0x1010, CE | 5 },
	  { START | SEC, 0, DE },
	  { START | SCSW0_N | ENDED, 0x1010, CE | DE | 5 }, true },
	{ "key_and_format_are_the_programs",
	  { ALERT, 0, ATTN },
	  { 0x30000000u | SCSW0_F | SCSW0_P | START | ENDED, 0x1010, CE | DE },
	  { 0x30000000u | SCSW0_F | SCSW0_P | START | ENDED | SCSW0_SC_ALERT, 0x1010,
	    ATTN | CE | DE }, true },
	{ "suspension_is_not_the_end",
	  { START | INTER | SCSW0_AC_SCHACT, 0x1008, PCI },
	  { SCSW0_S | START | INTER | SCSW0_AC_SUSP, 0x1020, 0 },
	  { SCSW0_S | START | INTER | SCSW0_AC_SUSP, 0x1020, PCI }, false },
};

static void to_irb(u32 *irb, const struct words *words)
{
	memset(irb, 0, IRB_WORDS * sizeof(*irb));
	irb[IRB_SCSW0] = words->scsw0;
	irb[IRB_CPA] = words->cpa;
	irb[IRB_SCSW2] = words->scsw2;
	irb[IRB_ERW] = words->erw;
	irb[IRB_ECW] = words->ecw;
}

static void expect_words(struct kunit *test, const u32 *irb, const struct words *words)
{
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], words->scsw0);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], words->cpa);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], words->scsw2);
	KUNIT_EXPECT_EQ(test, irb[IRB_ERW], words->erw);
	KUNIT_EXPECT_EQ(test, irb[IRB_ECW], words->ecw);
}

static struct vccw_status *new_status(struct kunit *test, u32 fctl)
{
	struct vccw_status *status = kunit_kzalloc(test, sizeof(*status), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, status);
	vccw_status_reset(status);
	if (fctl & START)
		vccw_status_accepted(status, START);
	if (fctl & HALT)
		vccw_status_accepted(status, HALT);
	if (fctl & CLEAR)
		vccw_status_accepted(status, CLEAR);
	return status;
}

KUNIT_ARRAY_PARAM_DESC(merge, merge_rows, name);

static void status_accumulates(struct kunit *test)
{
	const struct merge_row *row = test->param_value;
	u32 asked = (row->first.scsw0 | row->second.scsw0) & SCSW0_FC, irb[IRB_WORDS];
	struct vccw_status *status = new_status(test, asked);

	to_irb(irb, &row->first);
	vccw_status_add(status, irb);
	/* what ended the first function would have allowed no second one */
	if (!(status->control & SCSW0_FC))
		status->control = asked;
	to_irb(irb, &row->second);
	KUNIT_EXPECT_EQ(test, vccw_status_add(status, irb), row->final);
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	expect_words(test, irb, &row->both);
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
}

/* taken one by one, they are as the hardware gave them */
static void status_taken_in_time_is_untouched(struct kunit *test)
{
	const struct merge_row *row = test->param_value;
	u32 asked = (row->first.scsw0 | row->second.scsw0) & SCSW0_FC, irb[IRB_WORDS];
	struct vccw_status *status = new_status(test, asked);

	to_irb(irb, &row->first);
	vccw_status_add(status, irb);
	vccw_status_take(status, irb);
	expect_words(test, irb, &row->first);
	status->control = asked;
	to_irb(irb, &row->second);
	vccw_status_add(status, irb);
	vccw_status_take(status, irb);
	expect_words(test, irb, &row->second);
	KUNIT_EXPECT_EQ(test, status->merged, 0ull);
}

/* the read of the region failed: the same status again, with what came since */
static void status_untaken_is_not_lost(struct kunit *test)
{
	const struct merge_row *row = test->param_value;
	u32 asked = (row->first.scsw0 | row->second.scsw0) & SCSW0_FC;
	struct vccw_status *status = new_status(test, asked);
	u32 irb[IRB_WORDS], taken[IRB_WORDS];

	to_irb(irb, &row->first);
	vccw_status_add(status, irb);
	vccw_status_take(status, taken);
	vccw_status_untake(status, taken);
	vccw_status_take(status, taken);
	expect_words(test, taken, &row->first);

	status->control = asked;
	to_irb(irb, &row->second);
	vccw_status_add(status, irb);
	vccw_status_untake(status, taken);
	vccw_status_take(status, irb);
	expect_words(test, irb, &row->both);
}

static void status_shows_the_function_while_nothing_is_pending(struct kunit *test)
{
	struct vccw_status *status = new_status(test, 0);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
	vccw_status_accepted(status, START);
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], START | SCSW0_AC_START_PEND);
	vccw_status_accepted(status, HALT);
	vccw_status_peek(status, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0],
			START | HALT | SCSW0_AC_START_PEND | SCSW0_AC_HALT_PEND);
	vccw_status_accepted(status, CLEAR);
	vccw_status_peek(status, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], CLEAR | SCSW0_AC_CLEAR_PEND);
}

static void status_clear_accepted_discards_pending_status(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	to_irb(irb, &(struct words){ START | ENDED, 0x1010, CE | DE });
	vccw_status_add(status, irb);
	vccw_status_accepted(status, CLEAR);
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], CLEAR | SCSW0_AC_CLEAR_PEND);
}

static void status_refuses_unless_only_intermediate(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_FALSE(test, vccw_status_refuses(status));
	to_irb(irb, &(struct words){ START | INTER | SCSW0_AC_SCHACT, 0x1008, PCI });
	vccw_status_add(status, irb);
	KUNIT_EXPECT_FALSE(test, vccw_status_refuses(status));
	to_irb(irb, &(struct words){ START | ENDED, 0x1010, CE | DE });
	vccw_status_add(status, irb);
	KUNIT_EXPECT_TRUE(test, vccw_status_refuses(status));
	vccw_status_take(status, irb);
	KUNIT_EXPECT_FALSE(test, vccw_status_refuses(status));
	to_irb(irb, &(struct words){ ALERT, 0, ATTN });
	vccw_status_add(status, irb);
	KUNIT_EXPECT_TRUE(test, vccw_status_refuses(status));
}

struct final_row {
	const char *name;
	u32 scsw0;
	bool solicited, final;
};

static const struct final_row final_rows[] = {
	{ "channel_end_and_device_end", START | ENDED, true, true },
	{ "channel_end_alone", START | PRI | SCSW0_AC_DEVACT, true, false },
	{ "device_end_alone", START | SEC, true, true },
	{ "primary_with_subchannel_active", START | PRI | SCSW0_AC_SCHACT, true, false },
	{ "primary_that_ends_it", START | PRI, true, true },
	{ "pci", START | INTER | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT, true, false },
	/* a machine that loses what is active is no reason to take back its memory */
	{ "intermediate_alone", START | INTER, true, false },
	{ "suspended", START | INTER | SCSW0_AC_SUSP, true, false },
	{ "resume_pending", START | INTER | SCSW0_AC_SUSP | SCSW0_AC_RESUME_PEND, true, false },
	{ "attention", ALERT, false, false },
	{ "attention_while_active", START | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT | ALERT,
	  false, false },
	{ "deferred_cc1", START | CC1 | ALERT, true, true },
	{ "deferred_cc3", START | CC3 | ALERT | PRI | SEC, true, true },
	{ "alert_with_primary", START | ALERT | PRI, true, true },
	{ "halted", START | HALT | PRI | SEC, true, true },
	/* the status takes what is pending with it */
	{ "halt_pending", START | HALT | PRI | SCSW0_AC_HALT_PEND, true, true },
	{ "halted_while_suspended", START | HALT | INTER | SCSW0_AC_SUSP, true, true },
	{ "cleared", CLEAR | SCSW0_SC_PEND, true, true },
};

KUNIT_ARRAY_PARAM_DESC(final, final_rows, name);

static void status_is_final_when_nothing_goes_on(struct kunit *test)
{
	const struct final_row *row = test->param_value;
	u32 irb[IRB_WORDS] = { row->scsw0 };

	KUNIT_EXPECT_EQ(test, vccw_status_is_solicited(irb), row->solicited);
	KUNIT_EXPECT_EQ(test, vccw_status_is_final(irb), row->final);
}

static void status_check_is_a_program_check(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	vccw_status_check(status, 0x30000000u | ORB1_F | ORB1_P | ORB1_LPM | ORB1_H, PROG, 0x1008);
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	expect_words(test, irb, &(struct words){ 0x30000000u | SCSW0_F | SCSW0_P | START |
						 SCSW0_SC_ALERT | ENDED, 0x1008, PROG });
	vccw_status_peek(status, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
}

static void status_loss_ends_a_start_with_condition_code_3(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_TRUE(test, vccw_status_lose(status));
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & SCSW0_CC, CC3);
	KUNIT_EXPECT_TRUE(test, irb[IRB_SCSW0] & START);
	KUNIT_EXPECT_TRUE(test, irb[IRB_SCSW0] & SCSW0_SC_PEND);
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
	KUNIT_EXPECT_FALSE(test, vccw_status_lose(status));
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
}

static void status_loss_keeps_unread_status(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	to_irb(irb, &(struct words){ START | ENDED, 0x1010, CE | DE | 5 });
	KUNIT_EXPECT_TRUE(test, vccw_status_add(status, irb));
	KUNIT_EXPECT_FALSE(test, vccw_status_lose(status));
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	expect_words(test, irb, &(struct words){ START | ENDED, 0x1010, CE | DE | 5 });
}

/* an operating system repeats what ended with an interface-control check */
static void status_abort_invites_to_try_again(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_TRUE(test, vccw_status_abort(status));
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x00020000u);
	KUNIT_EXPECT_FALSE(test, vccw_status_abort(status));
}

static void status_abort_ends_a_clear_with_a_clear(struct kunit *test)
{
	struct vccw_status *status = new_status(test, CLEAR);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_TRUE(test, vccw_status_abort(status));
	vccw_status_take(status, irb);
	expect_words(test, irb, &(struct words){ CLEAR | SCSW0_SC_PEND });
}

/* the host cleared the guest's program: the guest asked for no clear */
static void status_of_the_hosts_own_clear_is_not_shown(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	to_irb(irb, &(struct words){ CLEAR | SCSW0_SC_PEND });
	KUNIT_EXPECT_TRUE(test, vccw_status_add(status, irb));
	KUNIT_EXPECT_TRUE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & SCSW0_FC, START);
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
}

static void status_of_the_hosts_clear_without_a_program_is_nothing(struct kunit *test)
{
	struct vccw_status *status = new_status(test, 0);
	u32 irb[IRB_WORDS];

	to_irb(irb, &(struct words){ CLEAR | SCSW0_SC_PEND });
	KUNIT_EXPECT_TRUE(test, vccw_status_add(status, irb));
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
}

static void status_reset_is_power_on(struct kunit *test)
{
	struct vccw_status *status = new_status(test, START);
	u32 irb[IRB_WORDS];

	to_irb(irb, &(struct words){ START | INTER | SCSW0_AC_SCHACT, 0x1008, PCI });
	vccw_status_add(status, irb);
	vccw_status_reset(status);
	KUNIT_EXPECT_FALSE(test, vccw_status_refuses(status));
	KUNIT_EXPECT_FALSE(test, vccw_status_take(status, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
}

static struct kunit_case status_cases[] = {
	KUNIT_CASE_PARAM(status_accumulates, merge_gen_params),
	KUNIT_CASE_PARAM(status_taken_in_time_is_untouched, merge_gen_params),
	KUNIT_CASE_PARAM(status_untaken_is_not_lost, merge_gen_params),
	KUNIT_CASE_PARAM(status_is_final_when_nothing_goes_on, final_gen_params),
	KUNIT_CASE(status_shows_the_function_while_nothing_is_pending),
	KUNIT_CASE(status_clear_accepted_discards_pending_status),
	KUNIT_CASE(status_refuses_unless_only_intermediate),
	KUNIT_CASE(status_check_is_a_program_check),
	KUNIT_CASE(status_loss_ends_a_start_with_condition_code_3),
	KUNIT_CASE(status_loss_keeps_unread_status),
	KUNIT_CASE(status_abort_invites_to_try_again),
	KUNIT_CASE(status_abort_ends_a_clear_with_a_clear),
	KUNIT_CASE(status_of_the_hosts_own_clear_is_not_shown),
	KUNIT_CASE(status_of_the_hosts_clear_without_a_program_is_nothing),
	KUNIT_CASE(status_reset_is_power_on),
	{}
};

static struct kunit_suite status_suite = {
	.name = "vfio_ccw_status",
	.test_cases = status_cases,
};

kunit_test_suite(status_suite);
