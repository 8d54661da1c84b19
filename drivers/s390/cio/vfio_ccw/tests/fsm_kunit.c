// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a device. The rows say what has to come of each event in each
 * state, whatever fsm_table.h says.
 */
#include <linux/delay.h>
#include <linux/prandom.h>

#include "fake_css.h"

#define START		SCSW0_FC_START
#define ENDED		(SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define ALERT		(SCSW0_SC_ALERT | SCSW0_SC_PEND)
#define CEDE		(SCSW2_DEV_CE | SCSW2_DEV_DE)

/**
 * struct cell_row - an event in a state
 * @state: the state
 * @event: the event; INTERRUPT has final status
 * @answer: of the hardware, to all it is asked
 * @ret: what vccw_fsm_event() returns
 * @next: the state afterwards
 * @log: the instructions
 * @program: whether the hardware owns a program afterwards
 * @io: how often the user is told of status
 * @req: how often the user is asked to leave
 */
struct cell_row {
	enum vccw_state state;
	enum vccw_event event;
	int answer;
	int ret;
	enum vccw_state next;
	const char *log;
	bool program;
	u32 io, req;
};

#define CELL(s, e, a, r, n, l, p, i, q)						\
	{ VCCW_STATE_##s, VCCW_EVENT_##e, a, r, VCCW_STATE_##n, l, p, i, q }

static const struct cell_row cells[] = {
	CELL(GONE, OPEN,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, START,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, HALT,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, CLEAR,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, RESUME,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, INTERRUPT,	0, 1, GONE, "", false, 0, 0),
	CELL(GONE, KILL,	0, 1, GONE, "", false, 0, 0),
	CELL(GONE, QUIESCE,	0, 1, GONE, "", false, 0, 0),
	CELL(GONE, RESTED,	0, 1, GONE, "", false, 0, 0),
	CELL(GONE, CLOSE,	0, 1, GONE, "", false, 0, 0),
	CELL(GONE, FREEZE,	0, -ENODEV, GONE, "", false, 0, 0),
	CELL(GONE, LOST,	0, 1, GONE, "", false, 0, 0),

	CELL(CLOSED, OPEN,	0, 0, IDLE, "enable", false, 0, 0),
	CELL(CLOSED, START,	0, -EIO, CLOSED, "", false, 0, 0),
	CELL(CLOSED, HALT,	0, -EIO, CLOSED, "", false, 0, 0),
	CELL(CLOSED, CLEAR,	0, -EIO, CLOSED, "", false, 0, 0),
	CELL(CLOSED, RESUME,	0, -EIO, CLOSED, "", false, 0, 0),
	CELL(CLOSED, INTERRUPT,	0, 1, CLOSED, "", false, 0, 0),
	CELL(CLOSED, KILL,	0, 1, CLOSED, "", false, 0, 0),
	CELL(CLOSED, QUIESCE,	0, 1, CLOSED, "", false, 0, 0),
	CELL(CLOSED, RESTED,	0, 1, CLOSED, "", false, 0, 0),
	CELL(CLOSED, CLOSE,	0, 1, CLOSED, "", false, 0, 0),
	CELL(CLOSED, FREEZE,	0, -EIO, CLOSED, "", false, 0, 0),
	CELL(CLOSED, LOST,	0, 0, GONE, "disable", false, 0, 1),

	CELL(IDLE, OPEN,	0, -EBUSY, IDLE, "", false, 0, 0),
	CELL(IDLE, START,	0, 0, BUSY, "start", true, 0, 0),
	CELL(IDLE, HALT,	0, 1, IDLE, "halt", false, 0, 0),
	CELL(IDLE, CLEAR,	0, 1, IDLE, "clear", false, 0, 0),
	CELL(IDLE, RESUME,	0, -EBUSY, IDLE, "", false, 0, 0),
	CELL(IDLE, INTERRUPT,	0, 0, IDLE, "", false, 1, 0),
	CELL(IDLE, KILL,	0, 1, IDLE, "", false, 0, 0),
	CELL(IDLE, QUIESCE,	0, 0, QUIESCING, "", false, 0, 0),
	CELL(IDLE, RESTED,	0, 1, IDLE, "", false, 0, 0),
	CELL(IDLE, CLOSE,	0, 1, IDLE, "", false, 0, 0),
	CELL(IDLE, FREEZE,	0, 0, FROZEN, "", false, 0, 0),
	CELL(IDLE, LOST,	0, 0, GONE, "disable", false, 0, 1),

	CELL(BUSY, OPEN,	0, -EBUSY, BUSY, "", true, 0, 0),
	CELL(BUSY, START,	0, -EBUSY, BUSY, "", true, 0, 0),
	CELL(BUSY, HALT,	0, 1, BUSY, "halt", true, 0, 0),
	CELL(BUSY, CLEAR,	0, 1, BUSY, "clear", true, 0, 0),
	CELL(BUSY, RESUME,	0, -EBUSY, BUSY, "", true, 0, 0),
	CELL(BUSY, INTERRUPT,	0, 0, IDLE, "", false, 1, 0),
	CELL(BUSY, KILL,	0, 0, IDLE, "rest", false, 1, 0),
	CELL(BUSY, QUIESCE,	0, 0, QUIESCING, "", true, 0, 0),
	CELL(BUSY, RESTED,	0, 1, BUSY, "", true, 0, 0),
	CELL(BUSY, CLOSE,	0, 1, BUSY, "", true, 0, 0),
	CELL(BUSY, FREEZE,	0, -EBUSY, BUSY, "", true, 0, 0),
	CELL(BUSY, LOST,	0, 0, GONE, "disable", false, 1, 1),

	CELL(QUIESCING, OPEN,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, START,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, HALT,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, CLEAR,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, RESUME,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, INTERRUPT, 0, 1, QUIESCING, "", false, 1, 0),
	CELL(QUIESCING, KILL,	0, 1, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, QUIESCE, 0, 1, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, RESTED,	0, 0, IDLE, "", false, 1, 0),
	CELL(QUIESCING, CLOSE,	0, 0, CLOSED, "disable", false, 0, 0),
	CELL(QUIESCING, FREEZE,	0, -EBUSY, QUIESCING, "", true, 0, 0),
	CELL(QUIESCING, LOST,	0, 0, GONE, "disable", false, 1, 1),

	CELL(FROZEN, OPEN,	0, 0, IDLE, "", false, 0, 0),
	CELL(FROZEN, START,	0, -EBUSY, FROZEN, "", false, 0, 0),
	CELL(FROZEN, HALT,	0, -EBUSY, FROZEN, "", false, 0, 0),
	CELL(FROZEN, CLEAR,	0, -EBUSY, FROZEN, "", false, 0, 0),
	CELL(FROZEN, RESUME,	0, -EBUSY, FROZEN, "", false, 0, 0),
	CELL(FROZEN, INTERRUPT,	0, 0, FROZEN, "", false, 0, 0),
	CELL(FROZEN, KILL,	0, 1, FROZEN, "", false, 0, 0),
	CELL(FROZEN, QUIESCE,	0, 1, FROZEN, "", false, 0, 0),
	CELL(FROZEN, RESTED,	0, 1, FROZEN, "", false, 0, 0),
	CELL(FROZEN, CLOSE,	0, 0, CLOSED, "disable", false, 0, 0),
	CELL(FROZEN, FREEZE,	0, 1, FROZEN, "", false, 0, 0),
	CELL(FROZEN, LOST,	0, 0, GONE, "disable", false, 0, 1),
};

/* what the hardware refuses leaves everything as it was */
static const struct cell_row refusals[] = {
	CELL(CLOSED, OPEN,	-ENODEV, -ENODEV, CLOSED, "enable", false, 0, 0),
	CELL(CLOSED, OPEN,	-EBUSY, -EBUSY, CLOSED, "enable", false, 0, 0),
	CELL(IDLE, START,	-EBUSY, -EBUSY, IDLE, "start", false, 0, 0),
	CELL(IDLE, START,	-ENODEV, -ENODEV, IDLE, "start", false, 0, 0),
	CELL(IDLE, START,	-EACCES, -EACCES, IDLE, "start", false, 0, 0),
	CELL(IDLE, HALT,	-EBUSY, -EBUSY, IDLE, "halt", false, 0, 0),
	CELL(IDLE, HALT,	-ENODEV, -ENODEV, IDLE, "halt", false, 0, 0),
	CELL(IDLE, CLEAR,	-ENODEV, -ENODEV, IDLE, "clear", false, 0, 0),
	CELL(BUSY, HALT,	-EBUSY, -EBUSY, BUSY, "halt", true, 0, 0),
	CELL(BUSY, CLEAR,	-ENODEV, -ENODEV, BUSY, "clear", true, 0, 0),
	CELL(BUSY, KILL,	-EBUSY, 1, BUSY, "rest", true, 0, 0),
	CELL(BUSY, KILL,	-EIO, 1, BUSY, "rest", true, 0, 0),
	CELL(BUSY, LOST,	-ENODEV, 0, GONE, "disable", false, 1, 1),
	/* it cannot be disabled while a function is in progress: a clear ends that */
	CELL(BUSY, LOST,	-EBUSY, 0, GONE, "disable clear disable", false, 1, 1),
	CELL(QUIESCING, CLOSE,	-EBUSY, 0, CLOSED, "disable clear disable", false, 0, 0),
	CELL(QUIESCING, CLOSE,	-ENODEV, 0, CLOSED, "disable", false, 0, 0),
	CELL(FROZEN, CLOSE,	-EBUSY, 0, CLOSED, "disable clear disable", false, 0, 0),
};

static void cell_desc(const struct cell_row *row, char *desc)
{
#define NAME(name)	#name,
	static const char * const state[] = { VCCW_FSM_STATES(NAME) };
	static const char * const event[] = { VCCW_FSM_EVENTS(NAME) };

	if (row->answer)
		snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_%s_refused_%d", state[row->state],
			 event[row->event], -row->answer);
	else
		snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s_%s", state[row->state],
			 event[row->event]);
}

KUNIT_ARRAY_PARAM(cell, cells, cell_desc);
KUNIT_ARRAY_PARAM(refusal, refusals, cell_desc);

static void fsm_cell(struct kunit *test)
{
	const struct cell_row *row = test->param_value;
	struct fake_css *css = test->priv;
	struct vccw_device *dev = &css->dev;
	u32 op;
	int ret;

	fake_goto(css, row->state);
	fake_set_triggers(css);
	if (row->answer)
		for (op = 0; op < FAKE_NR_OPS; op++)
			fake_answer(css, op, row->answer);
	if (row->event == VCCW_EVENT_START && row->state == VCCW_STATE_IDLE)
		ret = fake_start(css, FAKE_CPA);
	else if (row->event == VCCW_EVENT_INTERRUPT)
		ret = fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE);
	else
		ret = fake_event(css, row->event);
	KUNIT_EXPECT_EQ(test, ret, row->ret);
	KUNIT_EXPECT_EQ(test, dev->state, row->next);
	KUNIT_EXPECT_STREQ(test, fake_log(css), row->log);
	KUNIT_EXPECT_EQ(test, dev->program, row->program);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), row->io);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX), row->req);
	/* who is told of status finds some */
	if (row->io)
		KUNIT_EXPECT_TRUE(test, dev->status.pending);
	/* a program that has ended is forgotten */
	KUNIT_EXPECT_EQ(test, dev->cp.valid, row->program);
	if (row->next == VCCW_STATE_GONE || row->next == VCCW_STATE_QUIESCING)
		return;
	if (row->event == VCCW_EVENT_LOST)
		KUNIT_EXPECT_TRUE(test, completion_done(&dev->rest));
}

static void fsm_every_cell_has_a_row(struct kunit *test)
{
	u32 have[VCCW_NR_STATES][VCCW_NR_EVENTS] = {}, state, event, i;

	for (i = 0; i < ARRAY_SIZE(cells); i++)
		have[cells[i].state][cells[i].event]++;
	for (state = 0; state < VCCW_NR_STATES; state++) {
		for (event = 0; event < VCCW_NR_EVENTS; event++) {
			KUNIT_EXPECT_EQ_MSG(test, have[state][event], 1u, "state %u event %u",
					    state, event);
			KUNIT_EXPECT_NOT_NULL(test, vccw_fsm[state][event].action);
			KUNIT_EXPECT_LT(test, (u32)vccw_fsm[state][event].next,
					(u32)VCCW_NR_STATES);
		}
	}
}

static void fsm_start_waits_until_status_is_taken(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 8);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start");
}

static void fsm_unsolicited_status_ends_no_program(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, ALERT, 0, 0x80000000), 1);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_TRUE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->dev.stats.unsolicited, 1ull);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x80000000u);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE), 0);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 8);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
}

struct going_on_row {
	const char *name;
	u32 scsw0;
};

static const struct going_on_row going_on_rows[] = {
	{ "program_controlled", START | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT | SCSW0_SC_INTER |
				SCSW0_SC_PEND },
	{ "suspended", START | SCSW0_AC_SUSP | SCSW0_SC_INTER | SCSW0_SC_PEND },
	{ "resume_pending", START | SCSW0_AC_SUSP | SCSW0_AC_RESUME_PEND | SCSW0_SC_INTER |
			    SCSW0_SC_PEND },
	{ "channel_end_only", START | SCSW0_AC_DEVACT | SCSW0_SC_PRIMARY | SCSW0_SC_PEND },
	{ "initial_status", START | SCSW0_Z | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT | SCSW0_SC_INTER |
			    SCSW0_SC_PEND },
};

KUNIT_ARRAY_PARAM_DESC(going_on, going_on_rows, name);

static void fsm_program_goes_on(struct kunit *test)
{
	const struct going_on_row *row = test->param_value;
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, row->scsw0, css->orb.cpa + 8, 0), 1);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_TRUE(test, css->dev.program);
	KUNIT_EXPECT_TRUE(test, css->dev.cp.valid);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_SC_SECOND | SCSW0_SC_PEND, 0,
					     SCSW2_DEV_DE), 0);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
}

/* --- errors by kind ------------------------------------------------------------- */

struct check_row {
	const char *name;
	u32 scsw2;
	u64 unit, program, channel;
};

static const struct check_row check_rows[] = {
	{ "none", CEDE, 0, 0, 0 },
	{ "incorrect_length_and_pci", CEDE | SCSW2_SCH_IL | SCSW2_SCH_PCI, 0, 0, 0 },
	{ "unit_exception", CEDE | SCSW2_DEV_UX, 0, 0, 0 },
	{ "unit_check", CEDE | SCSW2_DEV_UC, 1, 0, 0 },
	{ "program_check", SCSW2_SCH_PROG, 0, 1, 0 },
	{ "protection_check", SCSW2_SCH_PROT, 0, 1, 0 },
	{ "channel_data_check", CEDE | 0x00080000, 0, 0, 1 },
	{ "channel_control_check", 0x00040000, 0, 0, 1 },
	{ "interface_control_check", 0x00020000, 0, 0, 1 },
	{ "chaining_check", CEDE | 0x00010000, 0, 0, 1 },
	{ "two_of_the_channel", 0x00060000, 0, 0, 1 },
	{ "all", SCSW2_DSTAT | SCSW2_CSTAT, 1, 1, 1 },
};

KUNIT_ARRAY_PARAM_DESC(check, check_rows, name);

static void expect_checks(struct fake_css *css, const struct check_row *row, u64 times)
{
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.unit_checks, times * row->unit);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.program_checks, times * row->program);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.channel_checks, times * row->channel);
	/* these are the driver's own */
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.checks, 0ull);
	KUNIT_EXPECT_EQ(css->test, css->dev.status.killed, 0ull);
}

/* of a program, and of a device that has something to say by itself */
static void fsm_checks_are_counted(struct kunit *test)
{
	const struct check_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_SC_ALERT | ENDED,
					     css->orb.cpa + 8, row->scsw2), 0);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], row->scsw2);
	expect_checks(css, row, 1);
	fake_interrupt(css, ALERT, 0, row->scsw2);
	expect_checks(css, row, 2);
}

static void fsm_deferred_condition_code_ends_the_program(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | 0x01000000 | ALERT, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & SCSW0_CC, 0x01000000u);
}

/* the guest's first CCW is bad: status without the hardware */
static void fsm_bad_first_ccw_is_answered_at_once(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	fm_put(css->fm, 0x2000, 0, 8);
	KUNIT_EXPECT_EQ(test, fake_start(css, 0x2000), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], SCSW0_F | SCSW0_P | START | ENDED | SCSW0_SC_ALERT);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], 0x2008u);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], SCSW2_SCH_PROG);
	KUNIT_EXPECT_EQ(test, css->dev.stats.checks, 1ull);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

static void fsm_bad_first_ccw_without_a_path_is_condition_code_3(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	css->sch.lpm = 0;
	fake_answer(css, FAKE_START, -ENODEV);
	fm_put(css->fm, 0x2000, 0, 8);
	KUNIT_EXPECT_EQ(test, fake_start(css, 0x2000), -ENODEV);
	KUNIT_EXPECT_FALSE(test, css->dev.status.pending);
	KUNIT_EXPECT_EQ(test, css->dev.stats.refused_path, 1ull);
}

static void fsm_halt_keeps_the_program_until_its_status(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_HALT), 1);
	KUNIT_EXPECT_TRUE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_FC_HALT | ENDED,
					     css->orb.cpa + 8, CEDE), 0);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & SCSW0_FC, START | SCSW0_FC_HALT);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 8);
}

static void fsm_halt_with_status_pending_is_refused(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_HALT), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
}

static void fsm_clear_discards_status_that_was_not_taken(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_CLEAR), 1);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	fake_interrupt(css, SCSW0_FC_CLEAR | SCSW0_SC_PEND, 0, 0);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], SCSW0_FC_CLEAR | SCSW0_SC_PEND);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0u);
}

static void fsm_loss_ends_the_start_with_condition_code_3(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_event(css, VCCW_EVENT_LOST);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & (SCSW0_CC | SCSW0_FC), SCSW0_CC | START);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -ENODEV);
}

static void fsm_killed_program_is_tried_again_by_the_guest(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_KILL), 0);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x00020000u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 1ull);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

/* it was halted by the host: what comes of that is not shown as it is */
static void fsm_killed_program_that_has_to_be_cleared(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EBUSY);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_KILL), 1);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, SCSW0_FC_CLEAR | SCSW0_SC_PEND, 0, 0), 0);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 1ull);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & SCSW0_FC, START);
	css->retries = 255;
}

/* --- suspended programs ------------------------------------------------------- */

#define SUSPENDED	(START | SCSW0_S | SCSW0_AC_SUSP | SCSW0_SC_INTER | SCSW0_SC_PEND)
#define NOP_CC		0x0360000100000000ull
#define NOP_S		0x0322000100000000ull
#define NOP_ALONE	0x0320000100000000ull

/* a program that is suspended at its second CCW, which the user knows if it wants to */
static void suspend(struct fake_css *css, u32 flags)
{
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_IDLE);
	fm_put(css->fm, FAKE_CPA, NOP_CC, 8);
	fm_put(css->fm, FAKE_CPA + 8, NOP_S, 8);
	KUNIT_ASSERT_EQ(css->test, fake_start_orb(css, FAKE_CPA, flags | ORB1_S), 0);
	fake_set_triggers(css);
	KUNIT_EXPECT_NOT_NULL(css->test, css->dev.cp.end);
	KUNIT_ASSERT_EQ(css->test, fake_interrupt(css, SUSPENDED, css->orb.cpa + 16, 0), 1);
	KUNIT_ASSERT_EQ(css->test, css->dev.state, VCCW_STATE_BUSY);
	/* nobody looks at its last CCW any more, the page of which may be given back now */
	KUNIT_EXPECT_NULL(css->test, css->dev.cp.end);
	if (flags & ORB1_U)
		return;
	KUNIT_ASSERT_TRUE(css->test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(css->test, irb[IRB_CPA], FAKE_CPA + 16);
	css->log[0] = 0;
}

static int resume(struct fake_css *css)
{
	guard(mutex)(&css->dev.io_lock);
	css->dev.cmd.command = VFIO_CCW_ASYNC_CMD_RSCH;
	return vccw_request_command(&css->dev);
}

/* as QEMU does it: the ORB of the start, and a SCSW that says what is asked for */
static int resume_by_scsw(struct fake_css *css)
{
	u32 scsw0 = START | SCSW0_AC_SUSP | SCSW0_AC_RESUME_PEND;

	guard(mutex)(&css->dev.io_lock);
	memcpy(css->dev.region.scsw_area, &scsw0, sizeof(scsw0));
	return vccw_request_start(&css->dev);
}

/* the word that the hardware finds where it fetches the suspended CCW again */
static u64 refetched(struct fake_css *css)
{
	return fm_load(fm_arena(css->fm, css->orb.cpa + 8, 8), 8);
}

static void expect_goes_on(struct fake_css *css)
{
	u64 tic = refetched(css);
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_STREQ(css->test, fake_log(css), "resume");
	KUNIT_EXPECT_EQ(css->test, tic >> 32, 0x08000000ull);
	KUNIT_EXPECT_EQ(css->test, (u32)tic, css->dev.cp.slot_hpa);
	KUNIT_EXPECT_EQ(css->test, fm_load(fm_arena(css->fm, (u32)tic, 8), 8) >> 48, 0x0324ull);
	KUNIT_EXPECT_EQ(css->test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_TRUE(css->test, css->dev.program && css->dev.cp.valid);
	KUNIT_EXPECT_FALSE(css->test, css->dev.spare.valid);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.resumes, 1ull);
	KUNIT_EXPECT_EQ(css->test, fake_interrupt(css, START | ENDED, (u32)tic + 8, CEDE), 0);
	KUNIT_EXPECT_TRUE(css->test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(css->test, irb[IRB_CPA], FAKE_CPA + 16);
	KUNIT_EXPECT_FALSE(css->test, css->dev.program || css->dev.cp.valid);
	KUNIT_EXPECT_EQ(css->test, fake_start(css, FAKE_CPA), 0);
}

static void fsm_resumed_program_is_what_is_there_now(struct kunit *test)
{
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	expect_goes_on(css);
}

static void fsm_resume_in_the_io_region(struct kunit *test)
{
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	KUNIT_EXPECT_EQ(test, resume_by_scsw(css), 0);
	expect_goes_on(css);
}

static void fsm_suspension_that_is_not_to_be_reported(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	suspend(css, ORB1_U);
	KUNIT_EXPECT_EQ(test, css->orb.flags & (ORB1_S | ORB1_U), ORB1_S);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], START | SCSW0_AC_SUSP);
	css->log[0] = 0;
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	expect_goes_on(css);
}

/* the next suspension is that of the new translation */
static void fsm_resume_with_the_flag_still_on(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS], i, at;

	suspend(css, 0);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, resume(css), 0);
		at = css->dev.cp.slot_hpa;
		KUNIT_EXPECT_EQ(test, fake_interrupt(css, SUSPENDED, at + 8, 0), 1);
		KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
		KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 16);
	}
	KUNIT_EXPECT_EQ(test, css->dev.stats.resumes, 3ull);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume resume resume");
}

/* there is nothing to go on with: the hardware finds poison, and says so */
static void fsm_resume_at_what_is_not_there_any_more(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];
	u64 tic;

	suspend(css, 0);
	/* a TIC to nowhere */
	fm_put(css->fm, FAKE_CPA + 8, 0x0800000000001004ull, 8);
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	tic = refetched(css);
	KUNIT_ASSERT_EQ(test, tic, 0x0800000000000000ull | css->dev.cp.slot_hpa);
	KUNIT_EXPECT_EQ(test, fm_load(fm_arena(css->fm, (u32)tic, 8), 8), 0ull);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | ENDED | SCSW0_SC_ALERT,
					     (u32)tic + 8, SCSW2_SCH_PROG), 0);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 16);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], SCSW2_SCH_PROG);
}

static void fsm_resume_waits_until_status_is_taken(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	suspend(css, 0);
	fake_interrupt(css, ALERT | SCSW0_AC_SUSP, 0, 0x80000000);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	/* and once is enough */
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_EQ(test, css->dev.stats.refused_busy, 2ull);
}

static void fsm_resume_of_what_is_not_suspended(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_EXPECT_EQ(test, resume(css), -EIO);
	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	fake_interrupt(css, START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND,
		       css->orb.cpa + 8, SCSW2_SCH_PCI);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.stats.resumes, 0ull);
}

static void fsm_resume_of_what_is_halted(struct kunit *test)
{
	struct fake_css *css = test->priv;

	suspend(css, 0);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_HALT), 1);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_CLEAR), 1);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "halt clear");
}

/* it stays suspended, and can be resumed or ended */
static void fsm_resume_that_the_hardware_refuses(struct kunit *test)
{
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	fake_answer(css, FAKE_RESUME, -EBUSY);
	fake_answer(css, FAKE_RESUME, -ENODEV);
	fake_answer(css, FAKE_RESUME, 0);
	KUNIT_EXPECT_EQ(test, resume(css), -EBUSY);
	KUNIT_EXPECT_EQ(test, refetched(css) >> 48, NOP_S >> 48 | CCW_FLAG_IDA);
	KUNIT_EXPECT_EQ(test, resume(css), -ENODEV);
	KUNIT_EXPECT_TRUE(test, css->dev.program && css->dev.cp.valid);
	KUNIT_EXPECT_FALSE(test, css->dev.spare.valid);
	KUNIT_EXPECT_EQ(test, css->dev.stats.resumes, 0ull);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume resume");
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	expect_goes_on(css);
}

static void fsm_resume_fails_without_memory(struct kunit *test)
{
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	css->fm->fail_in = 1;
	KUNIT_EXPECT_EQ(test, resume(css), -ENOMEM);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_TRUE(test, css->dev.program && css->dev.cp.valid);
	KUNIT_EXPECT_EQ(test, css->dev.stats.refused_resources, 1ull);
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	expect_goes_on(css);
}

/* hardware that says it is suspended, but not where */
static void fsm_resume_without_a_place(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_interrupt(css, SUSPENDED, 0, 0);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, resume(css), -EOPNOTSUPP);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
}

/* --- programs that change themselves ------------------------------------------- */

/* a program of two CCWs of which the first reads the second */
static void start_pausing(struct fake_css *css)
{
	fake_goto(css, VCCW_STATE_IDLE);
	fm_put(css->fm, FAKE_CPA, 0x0260000800001008ull, 8);
	fm_put(css->fm, FAKE_CPA + 8, 0, 8);
	KUNIT_ASSERT_EQ(css->test, fake_start_orb(css, FAKE_CPA, 0), 0);
	KUNIT_EXPECT_EQ(css->test, css->orb.flags & ORB1_S, ORB1_S);
	KUNIT_EXPECT_EQ(css->test, refetched(css) >> 48, 0x0322ull);
	fake_set_triggers(css);
	css->log[0] = 0;
}

/* it has done so; with io_lock held nothing more happens */
static void has_read(struct fake_css *css)
{
	u32 irb[IRB_WORDS];

	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	KUNIT_ASSERT_EQ(css->test, fake_interrupt(css, SUSPENDED, css->orb.cpa + 16, 0), 1);
	/* the user's program runs */
	KUNIT_EXPECT_EQ(css->test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_FALSE(css->test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(css->test, irb[IRB_SCSW0], START | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT);
}

static void pause(struct fake_css *css)
{
	start_pausing(css);
	has_read(css);
}

/* what the work item has to do; here and now, if it has not begun */
static void follow(struct fake_css *css)
{
	flush_delayed_work(&css->dev.follow);
}

static void fsm_program_that_changes_itself_is_followed(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];
	u64 tic;

	pause(css);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume");
	KUNIT_EXPECT_FALSE(test, css->dev.paused);
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 1ull);
	KUNIT_EXPECT_EQ(test, css->dev.stats.resumes, 0ull);
	tic = refetched(css);
	KUNIT_EXPECT_EQ(test, tic, 0x0800000000000000ull | css->dev.cp.slot_hpa);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_S | ENDED, (u32)tic + 8, CEDE), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], START | SCSW0_F | ENDED);
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 16);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

static void fsm_paused_program_is_not_for_the_user_to_resume(struct kunit *test)
{
	struct fake_css *css = test->priv;

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		css->dev.cmd.command = VFIO_CCW_ASYNC_CMD_RSCH;
		KUNIT_EXPECT_EQ(test, vccw_request_command(&css->dev), -EBUSY);
		KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	}
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume");
}

/* the hardware has status that nobody has seen yet: once more, when it has been seen */
static void fsm_paused_program_waits_for_status(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 i;

	fake_answer(css, FAKE_RESUME, -EBUSY);
	fake_answer(css, FAKE_RESUME, -EBUSY);
	fake_answer(css, FAKE_RESUME, 0);
	pause(css);
	for (i = 0; i < 200 && !READ_ONCE(css->dev.stats.followed); i++)
		msleep(20);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume resume resume");
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 1ull);
	KUNIT_EXPECT_TRUE(test, css->dev.program && css->dev.cp.valid);
}

/* what waits for something that does not come ends some time */
static void fsm_paused_program_that_cannot_go_on(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS], i;

	fake_answer(css, FAKE_RESUME, -EBUSY);
	pause(css);
	for (i = 0; i < 1000 && READ_ONCE(css->dev.state) == VCCW_STATE_BUSY; i++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x00020000u);
	css->log[0] = 0;
}

static void fsm_paused_program_without_memory_ends(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		css->fm->fail_in = 1;
	}
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x00020000u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
}

/* however long it takes */
static void fsm_paused_program_waits_for_an_unmap(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 i;

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		css->gives_way = true;
		css->fm->no_peek = true;
		css->fm->fail_busy = true;
		css->fm->fail_on = true;
		css->fm->fail_in = 1;
	}
	msleep(3000);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	scoped_guard(mutex, &css->dev.io_lock) {
		KUNIT_EXPECT_TRUE(test, css->dev.paused);
		css->gives_way = false;
		css->fm->fail_in = 0;
	}
	for (i = 0; i < 200 && !READ_ONCE(css->dev.stats.followed); i++)
		msleep(20);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume");
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 1ull);
}

/* halted before it could go on */
static void fsm_paused_program_that_ends(struct kunit *test)
{
	struct fake_css *css = test->priv;

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_HALT), 1);
	}
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "halt");
	KUNIT_EXPECT_TRUE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_FC_HALT | SCSW0_AC_SUSP |
					     SCSW0_SC_PEND, 0, 0), 0);
	KUNIT_EXPECT_FALSE(test, css->dev.paused);
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 0ull);
}

/* the next program has all its tries */
static void fsm_paused_program_that_ends_takes_its_tries_along(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 i;

	fake_answer(css, FAKE_RESUME, -EBUSY);
	pause(css);
	for (i = 0; i < 200 && !READ_ONCE(css->dev.follow_tries); i++)
		msleep(20);
	KUNIT_EXPECT_GT(test, css->dev.follow_tries, 0u);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | SCSW0_S | ENDED, 0, CEDE), 0);
	follow(css);
	KUNIT_EXPECT_EQ(test, css->dev.follow_tries, 0u);
	css->log[0] = 0;
}

/* status of the first command behind the pause: command reject, with sense data */
static int reject(struct fake_css *css)
{
	u32 *irb = css->dev.irb;

	guard(spinlock_irq)(&css->sch.lock);
	memset(irb, 0, sizeof(css->dev.irb));
	irb[IRB_SCSW0] = START | SCSW0_E | SCSW0_L | SCSW0_SC_ALERT | ENDED;
	irb[IRB_CPA] = css->dev.cp.slot_hpa + 8;
	irb[IRB_SCSW2] = CEDE | SCSW2_DEV_UC;
	irb[IRB_ERW] = ERW_CONS;
	irb[IRB_ECW] = 0x80000000;
	return vccw_fsm_event(&css->dev, VCCW_EVENT_INTERRUPT);
}

static void fsm_device_that_wants_the_chain_gets_it(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	pause(css);
	follow(css);
	KUNIT_EXPECT_EQ(test, reject(css), 1);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume start");
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	/* the read that brought the NOP, its data skipped, and the NOP */
	KUNIT_EXPECT_EQ(test, css->orb.cpa, css->dev.cp.slot_hpa);
	KUNIT_EXPECT_EQ(test, fm_load(fm_arena(css->fm, css->orb.cpa, 8), 8) >> 32, 0x02740008ull);
	KUNIT_EXPECT_EQ(test, fm_load(fm_arena(css->fm, css->orb.cpa + 8, 8), 8) >> 56, 0x03ull);
	/* rejected again, it is for the user to know */
	KUNIT_EXPECT_EQ(test, reject(css), 0);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE | SCSW2_DEV_UC);
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 2ull);
	KUNIT_EXPECT_EQ(test, css->dev.stats.starts, 1ull);
}

/* what it rejected is no CCW any more by the time it gets the chain */
static void fsm_device_that_wants_the_chain_of_a_bad_ccw(struct kunit *test)
{
	struct fake_css *css = test->priv;

	pause(css);
	follow(css);
	fm_put(css->fm, FAKE_CPA + 8, 0x0800000000000004ull, 8);
	KUNIT_EXPECT_EQ(test, reject(css), 1);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume start");
	KUNIT_ASSERT_EQ(test, css->orb.cpa, css->dev.cp.slot_hpa);
	KUNIT_EXPECT_EQ(test, fm_load(fm_arena(css->fm, css->orb.cpa, 8), 8) >> 32, 0x02740008ull);
	KUNIT_EXPECT_EQ(test, fm_load(fm_arena(css->fm, css->orb.cpa + 8, 8), 8), 0ull);
}

static void fsm_device_that_wants_the_chain_has_no_path(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_answer(css, FAKE_START, 0);
	fake_answer(css, FAKE_START, -EACCES);
	pause(css);
	follow(css);
	KUNIT_EXPECT_EQ(test, reject(css), 1);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume start rest");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.program || css->dev.paused || css->dev.ended);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], 0x00020000u);
}

/* two no-operations, and while they are done a third */
static void fsm_program_that_is_appended_to_goes_on(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	fm_put(css->fm, FAKE_CPA, NOP_ALONE | (u64)CCW_FLAG_CC << 48, 8);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	KUNIT_ASSERT_EQ(test, fake_start_orb(css, FAKE_CPA, 0), 0);
	fm_change(css->fm, FAKE_CPA + 16, NOP_ALONE, 8);
	fm_change(css->fm, FAKE_CPA + 8, NOP_ALONE | (u64)CCW_FLAG_CC << 48, 8);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | ENDED, css->orb.cpa + 16, CEDE), 1);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start start");
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, css->dev.stats.starts, 1ull);
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 1ull);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE), 0);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_CPA], FAKE_CPA + 24);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
}

/* it may be that it changes itself where it cannot be stopped: then it runs as it is */
static void fsm_program_that_cannot_be_followed_is_counted(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	fm_put(css->fm, FAKE_CPA, 0x0280000800001008ull, 8);
	fm_put(css->fm, FAKE_CPA + 8, 0x0000000800020000ull, 8);
	KUNIT_EXPECT_EQ(test, fake_start_orb(css, FAKE_CPA, 0), 0);
	KUNIT_EXPECT_EQ(test, css->orb.flags & ORB1_S, 0u);
	KUNIT_EXPECT_EQ(test, css->dev.stats.unfollowed, 1ull);
}

/* --- programs that were to go on and are ended instead -------------------------- */

enum ending { BY_CLEAR, BY_LOSS, BY_KILL, BY_STOP, BY_PAUSE, BY_RESET, BY_FREEZE };

/**
 * struct ending_row - how a program ends
 * @name: of the case
 * @how: who ends it
 * @log: the instructions
 * @next: the state afterwards
 * @scsw0: of the status that the user gets; 0: none
 * @scsw2: of it
 */
struct ending_row {
	const char *name;
	enum ending how;
	const char *log;
	enum vccw_state next;
	u32 scsw0, scsw2;
};

#define CLEARED	(SCSW0_FC_CLEAR | SCSW0_SC_PEND)
#define IFCC	0x00020000u

static const struct ending_row ending_rows[] = {
	{ "clear", BY_CLEAR, "clear", VCCW_STATE_IDLE, CLEARED | SCSW0_F },
	{ "loss", BY_LOSS, "disable", VCCW_STATE_GONE,
	  START | SCSW0_CC | SCSW0_SC_ALERT | ENDED },
	{ "kill", BY_KILL, "rest", VCCW_STATE_IDLE, START | SCSW0_SC_ALERT | ENDED, IFCC },
	{ "stop", BY_STOP, "rest disable", VCCW_STATE_CLOSED },
	{ "pause", BY_PAUSE, "rest", VCCW_STATE_IDLE, START | SCSW0_SC_ALERT | ENDED, IFCC },
	{ "reset", BY_RESET, "rest disable enable", VCCW_STATE_IDLE },
	{ "freeze", BY_FREEZE, "rest", VCCW_STATE_FROZEN, START | SCSW0_SC_ALERT | ENDED, IFCC },
};

KUNIT_ARRAY_PARAM_DESC(ending, ending_rows, name);

static void end_it(struct fake_css *css, enum ending how)
{
	lockdep_assert_held(&css->dev.io_lock);
	switch (how) {
	case BY_CLEAR:
		KUNIT_EXPECT_EQ(css->test, fake_event(css, VCCW_EVENT_CLEAR), 1);
		break;
	case BY_LOSS:
		KUNIT_EXPECT_EQ(css->test, fake_event(css, VCCW_EVENT_LOST), 0);
		break;
	case BY_KILL:
		KUNIT_EXPECT_EQ(css->test, fake_event(css, VCCW_EVENT_KILL), 0);
		break;
	case BY_STOP:
		vccw_quiesce_stop(&css->dev);
		break;
	case BY_PAUSE:
		vccw_quiesce_pause(&css->dev);
		break;
	case BY_RESET:
		KUNIT_EXPECT_EQ(css->test, vccw_quiesce_reset(&css->dev), 0);
		break;
	case BY_FREEZE:
		KUNIT_EXPECT_EQ(css->test, vccw_quiesce_freeze(&css->dev), 0);
		break;
	}
}

static void expect_status(struct fake_css *css, u32 scsw0, u32 scsw2)
{
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_EQ(css->test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), scsw0 ? 1u : 0u);
	KUNIT_EXPECT_EQ(css->test, fake_take(css, irb), !!scsw0);
	KUNIT_EXPECT_EQ(css->test, irb[IRB_SCSW0], scsw0);
	if (scsw0)
		KUNIT_EXPECT_EQ(css->test, irb[IRB_SCSW2], scsw2);
}

static void expect_over(struct fake_css *css)
{
	struct vccw_device *dev = &css->dev;

	KUNIT_EXPECT_FALSE(css->test, dev->program);
	KUNIT_EXPECT_FALSE(css->test, dev->paused);
	KUNIT_EXPECT_FALSE(css->test, dev->ended);
	KUNIT_EXPECT_FALSE(css->test, dev->cp.valid);
	KUNIT_EXPECT_FALSE(css->test, dev->spare.valid);
	KUNIT_EXPECT_FALSE(css->test, css->pages);
	KUNIT_EXPECT_EQ(css->test, dev->follow_tries, 0u);
}

/* its turn comes when all is over: it does nothing, to the next program neither */
static void expect_ended(struct fake_css *css, const struct ending_row *row)
{
	u64 followed = css->dev.stats.followed;

	follow(css);
	KUNIT_EXPECT_STREQ(css->test, fake_log(css), row->log);
	if (row->how == BY_CLEAR)
		KUNIT_EXPECT_EQ(css->test, fake_interrupt(css, CLEARED, 0, 0), 0);
	KUNIT_EXPECT_EQ(css->test, css->dev.state, row->next);
	expect_over(css);
	expect_status(css, row->scsw0, row->scsw2);
	if (row->next == VCCW_STATE_IDLE) {
		KUNIT_EXPECT_EQ(css->test, fake_start(css, FAKE_CPA), 0);
		follow(css);
		KUNIT_EXPECT_STREQ(css->test, fake_log(css), "start");
	}
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.followed, followed);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.resumes, 0ull);
}

static void fsm_paused_program_is_ended(struct kunit *test)
{
	const struct ending_row *row = test->param_value;
	struct fake_css *css = test->priv;

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		KUNIT_EXPECT_TRUE(test, css->dev.paused);
		end_it(css, row->how);
	}
	expect_ended(css, row);
}

/* the device has the end of it behind it already, and waits for the rest */
static void fsm_rejected_program_is_ended(struct kunit *test)
{
	const struct ending_row *row = test->param_value;
	struct fake_css *css = test->priv;

	pause(css);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume");
	scoped_guard(mutex, &css->dev.io_lock) {
		KUNIT_EXPECT_EQ(test, reject(css), 1);
		KUNIT_EXPECT_TRUE(test, css->dev.ended);
		end_it(css, row->how);
	}
	expect_ended(css, row);
}

/* it pauses when it is being brought to rest already */
static void fsm_program_pauses_too_late(struct kunit *test)
{
	struct fake_css *css = test->priv;

	start_pausing(css);
	fake_event(css, VCCW_EVENT_QUIESCE);
	KUNIT_EXPECT_EQ(test, fake_interrupt(css, SUSPENDED, css->orb.cpa + 16, 0), 1);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_TRUE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_RESTED), 0);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	expect_over(css);
	expect_status(css, START | SCSW0_SC_ALERT | ENDED, IFCC);
}

/* it comes to its end then: that is for the user to know */
static void fsm_program_is_rejected_too_late(struct kunit *test)
{
	struct fake_css *css = test->priv;

	pause(css);
	follow(css);
	fake_event(css, VCCW_EVENT_QUIESCE);
	KUNIT_EXPECT_EQ(test, reject(css), 1);
	expect_over(css);
	KUNIT_EXPECT_EQ(test, fake_event(css, VCCW_EVENT_RESTED), 0);
	follow(css);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume");
	expect_status(css, START | SCSW0_F | SCSW0_E | SCSW0_L | SCSW0_SC_ALERT | ENDED,
		      CEDE | SCSW2_DEV_UC);
}

/* --- and those that end while they are translated anew ---------------------------- */

static bool killed_meanwhile(struct fake_css *css)
{
	fake_event(css, VCCW_EVENT_KILL);
	css->ready = NULL;
	return true;
}

static bool lost_meanwhile(struct fake_css *css)
{
	fake_event(css, VCCW_EVENT_LOST);
	css->ready = NULL;
	return true;
}

static bool cleared_meanwhile(struct fake_css *css)
{
	fake_interrupt(css, SCSW0_FC_CLEAR | SCSW0_SC_PEND, 0, 0);
	css->ready = NULL;
	return true;
}

struct meanwhile_row {
	const char *name;
	bool (*what)(struct fake_css *css);
	int ret;
	const char *log;
	u32 scsw0, scsw2;
};

static const struct meanwhile_row meanwhile_rows[] = {
	{ "killed", killed_meanwhile, -EBUSY, "rest", START | SCSW0_SC_ALERT | ENDED, IFCC },
	{ "lost", lost_meanwhile, -ENODEV, "disable",
	  START | SCSW0_CC | SCSW0_SC_ALERT | ENDED, 0 },
	{ "cleared_by_the_host", cleared_meanwhile, -EBUSY, "",
	  START | SCSW0_SC_ALERT | ENDED, IFCC },
};

KUNIT_ARRAY_PARAM_DESC(meanwhile, meanwhile_rows, name);

static void expect_ended_meanwhile(struct fake_css *css, const struct meanwhile_row *row)
{
	KUNIT_EXPECT_STREQ(css->test, fake_log(css), row->log);
	expect_over(css);
	expect_status(css, row->scsw0, row->scsw2);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.followed, 0ull);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.resumes, 0ull);
}

static void fsm_paused_program_ends_meanwhile(struct kunit *test)
{
	const struct meanwhile_row *row = test->param_value;
	struct fake_css *css = test->priv;

	start_pausing(css);
	scoped_guard(mutex, &css->dev.io_lock) {
		has_read(css);
		css->ready = row->what;
	}
	follow(css);
	expect_ended_meanwhile(css, row);
}

static void fsm_resumed_program_ends_meanwhile(struct kunit *test)
{
	const struct meanwhile_row *row = test->param_value;
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fake_set_triggers(css);
	css->ready = row->what;
	KUNIT_EXPECT_EQ(test, resume(css), row->ret);
	expect_ended_meanwhile(css, row);
}

/* --- memory that does not stand still ----------------------------------------------- */

/**
 * struct moves_row - the address space moves while a program is translated
 * @name: of the case
 * @moves: so many translations one after the other
 * @translations: how many there are
 */
struct moves_row {
	const char *name;
	u32 moves;
	u32 translations;
};

static const struct moves_row moves_rows[] = {
	{ "never", 0, 1 },
	{ "once", 1, 2 },
	{ "until_the_last_one", 3, 4 },
	{ "always", 4, 4 },
};

KUNIT_ARRAY_PARAM_DESC(moves, moves_rows, name);

/* @moves of the row, counted down */
static u32 moves_left;

static bool moves(struct fake_css *css)
{
	if (!moves_left)
		return true;
	moves_left--;
	return false;
}

static bool always_moves(struct fake_css *css)
{
	return false;
}

static void expect_translations(struct fake_css *css, const struct moves_row *row)
{
	KUNIT_EXPECT_EQ(css->test, css->translations, row->translations);
	KUNIT_EXPECT_EQ(css->test, css->dev.stats.retranslated, row->translations - 1ull);
	KUNIT_EXPECT_EQ(css->test, moves_left, 0u);
	KUNIT_EXPECT_TRUE(css->test, css->pages);
	KUNIT_EXPECT_TRUE(css->test, css->dev.program && css->dev.cp.valid);
	KUNIT_EXPECT_FALSE(css->test, css->dev.spare.valid);
}

/* what is there after some tries has to do */
static void fsm_start_while_memory_moves(struct kunit *test)
{
	const struct moves_row *row = test->param_value;
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	moves_left = row->moves;
	css->ready = moves;
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start");
	expect_translations(css, row);
}

static void fsm_resume_while_memory_moves(struct kunit *test)
{
	const struct moves_row *row = test->param_value;
	struct fake_css *css = test->priv;

	suspend(css, 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	moves_left = row->moves;
	css->ready = moves;
	css->translations = 0;
	KUNIT_EXPECT_EQ(test, resume(css), 0);
	expect_translations(css, row);
	expect_goes_on(css);
}

/* a translation that failed is not tried again because of that */
static void fsm_start_fails_while_memory_moves(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	css->ready = always_moves;
	css->fm->fail_in = 1;
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -ENOMEM);
	KUNIT_EXPECT_EQ(test, css->translations, 1u);
	KUNIT_EXPECT_EQ(test, css->dev.stats.retranslated, 0ull);
	KUNIT_EXPECT_FALSE(test, css->pages || css->dev.cp.valid);
}

static void fsm_start_fails_without_memory(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	css->fm->fail_in = 1;
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -ENOMEM);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.status.pending);
	KUNIT_EXPECT_EQ(test, css->dev.stats.refused_resources, 1ull);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

/**
 * struct account - of a user's start functions
 * @works: the hardware has one, whatever the driver thinks
 * @open: one was accepted and has not ended
 * @started: how many were accepted
 * @taken: how many ended with status that the user took
 * @given_up: and without it, since it cleared them or let the device go
 */
struct account {
	bool works;
	bool open;
	u32 started, taken, given_up;
};

static void give_up(struct account *account)
{
	account->given_up += account->open;
	account->open = false;
}

static bool ends_a_start(const u32 *irb)
{
	return vccw_status_is_final(irb) && (irb[IRB_SCSW0] & START);
}

/* what came of an event; @rest is what the hardware said when asked to come to rest */
static void account_for(struct fake_css *css, struct account *account, enum vccw_event event,
			int ret, int rest)
{
	struct vccw_device *dev = &css->dev;

	switch (event) {
	case VCCW_EVENT_START:
		if (ret)
			break;
		KUNIT_ASSERT_FALSE(css->test, account->open);
		account->started++;
		account->open = true;
		account->works = true;
		break;
	case VCCW_EVENT_CLEAR:
		if (ret == 1)
			give_up(account);
		break;
	case VCCW_EVENT_KILL:
		if (!ret && !rest)
			account->works = false;
		break;
	case VCCW_EVENT_RESTED:
	case VCCW_EVENT_LOST:
		if (!ret)
			account->works = false;
		break;
	case VCCW_EVENT_CLOSE:
		if (ret)
			break;
		account->works = false;
		/* as whoever closes it does */
		vccw_status_reset(&dev->status);
		give_up(account);
		break;
	default:
		break;
	}
	if (account->open && !dev->program)
		KUNIT_ASSERT_TRUE_MSG(css->test,
				      dev->status.pending && ends_a_start(dev->status.irb),
				      "start %u has no end", account->started);
	if (!account->open && dev->status.pending)
		KUNIT_ASSERT_FALSE_MSG(css->test, ends_a_start(dev->status.irb),
				       "start %u ends twice", account->started);
}

static void account_take(struct fake_css *css, struct account *account)
{
	u32 irb[IRB_WORDS];

	if (!fake_take(css, irb) || !ends_a_start(irb))
		return;
	KUNIT_ASSERT_TRUE(css->test, account->open);
	account->open = false;
	account->taken++;
}

/* of hardware that does not make things up: what it can say about what it was asked to do */
static u32 honest(struct fake_css *css, struct account *account, u32 scsw0)
{
	u32 control = css->dev.status.control;

	if (control & SCSW0_FC_CLEAR)
		scsw0 = scsw0 == ALERT ? ALERT : SCSW0_FC_CLEAR | SCSW0_SC_PEND;
	else if (!account->works && (scsw0 & START))
		scsw0 = control & SCSW0_FC_HALT ? SCSW0_FC_HALT | SCSW0_SC_PEND : ALERT;
	if (scsw0 != ALERT && !(scsw0 & SCSW0_SC_INTER))
		account->works = false;
	return scsw0;
}

/*
 * Events at random, with hardware that answers at random. Whatever comes: the
 * hardware owns a program only where the table says so, and a state leads only to where
 * an event leads. Each accepted start ends once if there is an @account, for which the
 * hardware has to be honest.
 */
static void random_events(struct kunit *test, struct account *account)
{
	static const int answers[] = { 0, 0, 0, -EBUSY, -ENODEV, -EACCES, -EIO };
	static const u32 status[] = {
		START | ENDED, START | ENDED, ALERT, SCSW0_FC_CLEAR | SCSW0_SC_PEND,
		START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND,
		START | SCSW0_FC_HALT | ENDED, START | 0x03000000 | ALERT,
	};
	struct fake_css *css = test->priv;
	struct vccw_device *dev = &css->dev;
	u32 i, op, started = 0, irb[IRB_WORDS];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 8);
	fake_set_triggers(css);
	for (i = 0; i < 30000; i++) {
		enum vccw_event event = prandom_u32_state(&rnd) % VCCW_NR_EVENTS;
		enum vccw_state from = dev->state;
		bool program = dev->program;
		int ret;

		/* few losses, which nothing can follow: a new device then */
		if (event == VCCW_EVENT_LOST && prandom_u32_state(&rnd) % 50)
			event = VCCW_EVENT_START;
		/* and not most of the time closed, or frozen */
		if ((from == VCCW_STATE_CLOSED || from == VCCW_STATE_FROZEN) &&
		    prandom_u32_state(&rnd) % 2)
			event = VCCW_EVENT_OPEN;
		fake_no_answers(css);
		for (op = 0; op < FAKE_NR_OPS; op++)
			fake_answer(css, op,
				    answers[prandom_u32_state(&rnd) % ARRAY_SIZE(answers)]);
		css->retries = 255;
		if (event == VCCW_EVENT_START) {
			ret = fake_start(css, FAKE_CPA);
		} else if (event == VCCW_EVENT_INTERRUPT) {
			u32 scsw0 = status[prandom_u32_state(&rnd) % ARRAY_SIZE(status)];

			if (account)
				scsw0 = honest(css, account, scsw0);
			ret = fake_interrupt(css, scsw0, css->orb.cpa + 8, CEDE);
		} else {
			ret = fake_event(css, event);
		}
		KUNIT_ASSERT_TRUE_MSG(test, dev->state == from ||
				      dev->state == vccw_fsm[from][event].next, "step %u", i);
		KUNIT_ASSERT_NE(test, ret, -EAGAIN);
		if (ret < 0)
			KUNIT_ASSERT_EQ(test, dev->program, program);
		if (dev->state == VCCW_STATE_BUSY)
			KUNIT_ASSERT_TRUE(test, dev->program);
		if (dev->state != VCCW_STATE_BUSY && dev->state != VCCW_STATE_QUIESCING)
			KUNIT_ASSERT_FALSE(test, dev->program);
		KUNIT_ASSERT_EQ(test, dev->program, dev->cp.valid);
		started += !program && dev->program;
		KUNIT_ASSERT_EQ(test, dev->stats.starts, (u64)started);
		if (account)
			account_for(css, account, event, ret, css->answer[FAKE_REST][0]);
		if (prandom_u32_state(&rnd) % 3) {
			if (account)
				account_take(css, account);
			else
				fake_take(css, irb);
		}
		if (dev->state == VCCW_STATE_GONE && !(prandom_u32_state(&rnd) % 4)) {
			dev->state = VCCW_STATE_CLOSED;
			vccw_status_reset(&dev->status);
			if (account)
				give_up(account);
		}
		css->log[0] = 0;
	}
	kunit_info(test, "%u of 30000 events started a program", started);
	KUNIT_EXPECT_GT(test, started, 300u);
	css->retries = 255;
}

static void fsm_random_events_keep_the_invariants(struct kunit *test)
{
	random_events(test, NULL);
}

static void fsm_each_accepted_start_ends_once(struct kunit *test)
{
	struct account account = {};

	random_events(test, &account);
	kunit_info(test, "%u ended, %u were given up", account.taken, account.given_up);
	KUNIT_EXPECT_EQ(test, account.started,
			account.taken + account.given_up + account.open);
	KUNIT_EXPECT_GT(test, account.taken, 300u);
}

static struct kunit_case fsm_cases[] = {
	KUNIT_CASE_PARAM(fsm_cell, cell_gen_params),
	KUNIT_CASE_PARAM(fsm_cell, refusal_gen_params),
	KUNIT_CASE(fsm_every_cell_has_a_row),
	KUNIT_CASE(fsm_start_waits_until_status_is_taken),
	KUNIT_CASE(fsm_unsolicited_status_ends_no_program),
	KUNIT_CASE_PARAM(fsm_program_goes_on, going_on_gen_params),
	KUNIT_CASE_PARAM(fsm_checks_are_counted, check_gen_params),
	KUNIT_CASE(fsm_deferred_condition_code_ends_the_program),
	KUNIT_CASE(fsm_bad_first_ccw_is_answered_at_once),
	KUNIT_CASE(fsm_bad_first_ccw_without_a_path_is_condition_code_3),
	KUNIT_CASE(fsm_halt_keeps_the_program_until_its_status),
	KUNIT_CASE(fsm_halt_with_status_pending_is_refused),
	KUNIT_CASE(fsm_clear_discards_status_that_was_not_taken),
	KUNIT_CASE(fsm_loss_ends_the_start_with_condition_code_3),
	KUNIT_CASE(fsm_killed_program_is_tried_again_by_the_guest),
	KUNIT_CASE(fsm_killed_program_that_has_to_be_cleared),
	KUNIT_CASE(fsm_resumed_program_is_what_is_there_now),
	KUNIT_CASE(fsm_resume_in_the_io_region),
	KUNIT_CASE(fsm_suspension_that_is_not_to_be_reported),
	KUNIT_CASE(fsm_resume_with_the_flag_still_on),
	KUNIT_CASE(fsm_resume_at_what_is_not_there_any_more),
	KUNIT_CASE(fsm_resume_waits_until_status_is_taken),
	KUNIT_CASE(fsm_resume_of_what_is_not_suspended),
	KUNIT_CASE(fsm_resume_of_what_is_halted),
	KUNIT_CASE(fsm_resume_that_the_hardware_refuses),
	KUNIT_CASE(fsm_resume_fails_without_memory),
	KUNIT_CASE(fsm_resume_without_a_place),
	KUNIT_CASE(fsm_program_that_changes_itself_is_followed),
	KUNIT_CASE(fsm_paused_program_is_not_for_the_user_to_resume),
	KUNIT_CASE(fsm_paused_program_waits_for_status),
	KUNIT_CASE_SLOW(fsm_paused_program_that_cannot_go_on),
	KUNIT_CASE(fsm_paused_program_without_memory_ends),
	KUNIT_CASE_SLOW(fsm_paused_program_waits_for_an_unmap),
	KUNIT_CASE(fsm_paused_program_that_ends),
	KUNIT_CASE(fsm_paused_program_that_ends_takes_its_tries_along),
	KUNIT_CASE(fsm_device_that_wants_the_chain_gets_it),
	KUNIT_CASE(fsm_device_that_wants_the_chain_of_a_bad_ccw),
	KUNIT_CASE(fsm_device_that_wants_the_chain_has_no_path),
	KUNIT_CASE(fsm_program_that_is_appended_to_goes_on),
	KUNIT_CASE(fsm_program_that_cannot_be_followed_is_counted),
	KUNIT_CASE_PARAM(fsm_paused_program_is_ended, ending_gen_params),
	KUNIT_CASE_PARAM(fsm_rejected_program_is_ended, ending_gen_params),
	KUNIT_CASE(fsm_program_pauses_too_late),
	KUNIT_CASE(fsm_program_is_rejected_too_late),
	KUNIT_CASE_PARAM(fsm_paused_program_ends_meanwhile, meanwhile_gen_params),
	KUNIT_CASE_PARAM(fsm_resumed_program_ends_meanwhile, meanwhile_gen_params),
	KUNIT_CASE_PARAM(fsm_start_while_memory_moves, moves_gen_params),
	KUNIT_CASE_PARAM(fsm_resume_while_memory_moves, moves_gen_params),
	KUNIT_CASE(fsm_start_fails_while_memory_moves),
	KUNIT_CASE(fsm_start_fails_without_memory),
	KUNIT_CASE_SLOW(fsm_random_events_keep_the_invariants),
	KUNIT_CASE_SLOW(fsm_each_accepted_start_ends_once),
	{}
};

static struct kunit_suite fsm_suite = {
	.name = "vfio_ccw_fsm",
	.init = fake_css_init,
	.exit = fake_css_exit,
	.test_cases = fsm_cases,
};

kunit_test_suite(fsm_suite);
