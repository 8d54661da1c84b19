// SPDX-License-Identifier: GPL-2.0-only
#define NOTRACE
/*
 * A device with several channel paths: which of them a start takes, what its user
 * learns of those that go and come, and that another one can be tried. The driver's
 * own io.c and paths.c, with a subchannel below them that has paths.
 */
#include <asm/css_chars.h>
#include <asm/machine.h>

#include "chp.h"
#include "cio.h"
#include "css.h"
#include "ioasm.h"
#include "orb.h"

#include "fake_css.h"

static int fake_ssch(struct subchannel_id schid, union orb *orb);
static int fake_hsch(struct subchannel_id schid);
static int fake_csch(struct subchannel_id schid);
static int fake_cio_update_schib(struct subchannel *sch);
static int fake_cio_enable(struct subchannel *sch, u32 intparm);
static int fake_cio_disable(struct subchannel *sch);
static int fake_cio_resume(struct subchannel *sch);
static int fake_cio_cancel_halt_clear(struct subchannel *sch, int *retries);
static u8 fake_chp_get_sch_opm(struct subchannel *sch);

#define ssch			fake_ssch
#define hsch			fake_hsch
#define csch			fake_csch
#define cio_update_schib	fake_cio_update_schib
#define cio_enable_subchannel	fake_cio_enable
#define cio_disable_subchannel	fake_cio_disable
#define cio_resume		fake_cio_resume
#define cio_cancel_halt_clear	fake_cio_cancel_halt_clear
#define chp_get_sch_opm		fake_chp_get_sch_opm

#include "../io.c"
#include "../paths.c"

#define START	SCSW0_FC_START
#define CC3	0x03000000u
#define IFCC	0x00020000u
#define ALERT	(SCSW0_SC_ALERT | SCSW0_SC_PEND)
#define ENDED	(SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define CEDE	(SCSW2_DEV_CE | SCSW2_DEV_DE)

#define CHPID(path)	(0x40 + (path))		/* of path 0, 1, 2 */

/*
 * The subchannel: its paths, those among them that lead nowhere, what administrators
 * have varied off, and what is in progress.
 */
static struct hw {
	u8 pim;
	u8 pam;
	u8 dead;
	u8 varied_off;
	u8 pnom;
	u8 lpum;
	u8 lpm;		/* of the last START SUBCHANNEL */
	u32 starts;
	u32 clears;
	u32 scsw0;
	int resume;	/* what cio says of RESUME SUBCHANNEL */
	bool ena;
	struct schib_config config;	/* that it was enabled with */
	bool gone;
	bool busy;	/* the device is: starts stay pending */
} hw;

static int fake_ssch(struct subchannel_id schid, union orb *orb)
{
	u8 paths;

	hw.starts++;
	hw.lpm = orb->cmd.lpm;
	paths = hw.lpm & hw.pim & hw.pam & ~hw.dead;
	if (!paths) {
		hw.pnom |= hw.lpm & hw.dead;
		return 3;
	}
	if (hw.busy) {
		hw.scsw0 = START | SCSW0_AC_START_PEND;
		return 0;
	}
	hw.lpum = 1 << (fls(paths) - 1);
	hw.scsw0 = START | SCSW0_AC_SCHACT | SCSW0_AC_DEVACT;
	return 0;
}

static int fake_hsch(struct subchannel_id schid)
{
	return 0;
}

static int fake_csch(struct subchannel_id schid)
{
	hw.scsw0 = SCSW0_FC_CLEAR | SCSW0_AC_CLEAR_PEND;
	return 0;
}

static int fake_cio_update_schib(struct subchannel *sch)
{
	int i;

	if (hw.gone)
		return -ENODEV;
	memset(&sch->schib, 0, sizeof(sch->schib));
	sch->schib.pmcw.ena = hw.ena;
	sch->schib.pmcw.dnv = 1;
	sch->schib.pmcw.pim = hw.pim;
	sch->schib.pmcw.pam = hw.pam;
	sch->schib.pmcw.pom = 0xff;
	sch->schib.pmcw.pnom = hw.pnom;
	sch->schib.pmcw.lpum = hw.lpum;
	for (i = 0; i < 8; i++)
		sch->schib.pmcw.chpid[i] = hw.pim & (0x80 >> i) ? CHPID(i) : 0;
	memcpy(&sch->schib.scsw, &hw.scsw0, sizeof(hw.scsw0));
	return 0;
}

static int fake_cio_enable(struct subchannel *sch, u32 intparm)
{
	hw.ena = true;
	hw.config = sch->config;
	return 0;
}

static int fake_cio_disable(struct subchannel *sch)
{
	hw.ena = false;
	return 0;
}

static int fake_cio_resume(struct subchannel *sch)
{
	return hw.resume;
}

/* what is pending only can be canceled, for the rest there will be an interrupt */
static int fake_cio_cancel_halt_clear(struct subchannel *sch, int *retries)
{
	if (hw.scsw0 & SCSW0_AC_START_PEND) {
		hw.scsw0 = 0;
		return 0;
	}
	hw.clears++;
	return -EBUSY;
}

static u8 fake_chp_get_sch_opm(struct subchannel *sch)
{
	return ~hw.varied_off;
}

static int paths_init(struct kunit *test)
{
	struct fake_css *css;

	fake_css_init(test);
	css = test->priv;
	hw = (struct hw){ .pim = 0xe0, .pam = 0xe0 };
	css->dev.io = &vfio_ccw_io_ops;
	return 0;
}

static int start_on(struct fake_css *css, u8 lpm)
{
	css->lpm = lpm;
	return fake_start(css, FAKE_CPA);
}

static int paths_event(struct fake_css *css, u8 mask, int event)
{
	guard(spinlock_irq)(&css->sch.lock);
	return vccw_paths_event(&css->sch, css->dev.io, &css->dev, mask, event);
}

static void vary(struct fake_css *css, u8 mask, bool on)
{
	hw.varied_off = on ? hw.varied_off & ~mask : hw.varied_off | mask;
	KUNIT_EXPECT_EQ(css->test, paths_event(css, mask, on ? CHP_VARY_ON : CHP_VARY_OFF), 0);
}

static void configure(struct fake_css *css, u8 mask, bool on)
{
	hw.pam = on ? hw.pam | mask : hw.pam & ~mask;
	KUNIT_EXPECT_EQ(css->test, paths_event(css, mask, on ? CHP_ONLINE : CHP_OFFLINE), 0);
}

static u32 next_report(struct fake_css *css)
{
	guard(spinlock_irq)(&css->sch.lock);
	return vccw_crw_take(&css->dev.crws);
}

/* status that the hardware presents, and what the user finds */
static void ends(struct fake_css *css, u32 scsw0, u32 scsw2, u32 *irb)
{
	hw.scsw0 = 0;
	fake_interrupt(css, scsw0, css->dev.host.orb.cpa + 8, scsw2);
	KUNIT_EXPECT_TRUE(css->test, fake_take(css, irb));
}

/* --- which paths a start may take --------------------------------------------------- */

static const struct lpm_row {
	const char *name;
	u8 pam;
	u8 varied_off;
	u8 dead;
	u8 lpm;		/* of the user */
	int ret;
	u8 used;	/* LPM of the ORB that was started, 0: none was */
} lpm_rows[] = {
	{ "all_that_are_there", 0xe0, 0x00, 0x00, 0xff, 0, 0xe0 },
	{ "those_of_the_orb", 0xe0, 0x00, 0x00, 0x60, 0, 0x60 },
	{ "one_of_the_orb", 0xe0, 0x00, 0x00, 0x20, 0, 0x20 },
	{ "varied_off_is_masked", 0xe0, 0x80, 0x00, 0xff, 0, 0x60 },
	{ "two_varied_off_are_masked", 0xe0, 0xa0, 0x00, 0xff, 0, 0x40 },
	{ "not_available_is_masked", 0x60, 0x00, 0x00, 0xff, 0, 0x60 },
	{ "both_are_masked", 0x60, 0x40, 0x00, 0xff, 0, 0x20 },
	{ "dead_among_others", 0xe0, 0x00, 0x80, 0xff, 0, 0xe0 },
	{ "only_varied_off_asked_for", 0xe0, 0x80, 0x00, 0x80, -EACCES, 0 },
	{ "only_not_available_asked_for", 0x60, 0x00, 0x00, 0x80, -EACCES, 0 },
	{ "none_asked_for", 0xe0, 0x00, 0x00, 0x00, -EACCES, 0 },
	{ "not_installed_asked_for", 0xe0, 0x00, 0x00, 0x1f, -EACCES, 0 },
	{ "only_dead_asked_for", 0xe0, 0x00, 0x80, 0x80, -EACCES, 0x80 },
	{ "all_varied_off", 0xe0, 0xe0, 0x00, 0xff, -ENODEV, 0 },
	{ "none_available", 0x00, 0x00, 0x00, 0xff, -ENODEV, 0 },
	{ "rest_varied_off", 0x60, 0x60, 0x00, 0xff, -ENODEV, 0 },
};

KUNIT_ARRAY_PARAM_DESC(lpm, lpm_rows, name);

static void paths_of_a_start(struct kunit *test)
{
	const struct lpm_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	hw.pam = row->pam;
	hw.varied_off = row->varied_off;
	hw.dead = row->dead;
	fake_goto(css, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, start_on(css, row->lpm), row->ret);
	KUNIT_EXPECT_EQ(test, hw.lpm, row->used);
	KUNIT_EXPECT_EQ(test, hw.starts, row->used ? 1u : 0u);
	KUNIT_EXPECT_EQ(test, css->dev.state, row->ret ? VCCW_STATE_IDLE : VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, css->dev.stats.refused_path, row->ret ? 1ull : 0ull);
	if (!row->ret)
		ends(css, START | ENDED, CEDE, irb);
}

/* the device was opened before anybody varied anything */
static void paths_varied_later(struct kunit *test)
{
	const struct lpm_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_IDLE);
	hw.dead = row->dead;
	if (row->varied_off)
		vary(css, row->varied_off, false);
	if (row->pam != 0xe0)
		configure(css, 0xe0 & ~row->pam, false);
	KUNIT_EXPECT_EQ(test, start_on(css, row->lpm), row->ret);
	KUNIT_EXPECT_EQ(test, hw.lpm, row->used);
	if (!row->ret)
		ends(css, START | ENDED, CEDE, irb);

	if (row->varied_off)
		vary(css, row->varied_off, true);
	configure(css, 0xe0 & ~row->pam, true);
	hw.dead = 0;
	KUNIT_EXPECT_EQ(test, start_on(css, 0xff), 0);
	KUNIT_EXPECT_EQ(test, hw.lpm, 0xe0);
	ends(css, START | ENDED, CEDE, irb);
}

/* --- another path ------------------------------------------------------------------- */

static void paths_condition_code_3_lets_the_user_try_another(struct kunit *test)
{
	struct fake_css *css = test->priv;

	hw.dead = 0xc0;
	fake_goto(css, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, start_on(css, 0x80), -EACCES);
	KUNIT_EXPECT_EQ(test, css->sch.schib.pmcw.pnom, 0x80);
	KUNIT_EXPECT_EQ(test, start_on(css, 0x40), -EACCES);
	KUNIT_EXPECT_EQ(test, css->sch.schib.pmcw.pnom, 0xc0);
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_EQ(test, start_on(css, 0x20), 0);
	KUNIT_EXPECT_EQ(test, hw.lpum, 0x20);
}

static void paths_deferred_condition_code_3_lets_the_user_try_another(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	KUNIT_EXPECT_EQ(test, start_on(css, 0x80), 0);
	hw.pnom = 0x80;
	ends(css, CC3 | SCSW0_N | START | ALERT | ENDED, 0, irb);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0] & (CC3 | SCSW0_N), CC3 | SCSW0_N);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, css->dev.cp.valid);
	/* it is the user's to leave that path alone */
	KUNIT_EXPECT_EQ(test, start_on(css, 0x60), 0);
	KUNIT_EXPECT_EQ(test, hw.lpm, 0x60);
	KUNIT_EXPECT_EQ(test, hw.lpum, 0x40);
}

/* --- paths that go under a program --------------------------------------------------- */

static const struct going_row {
	const char *name;
	u8 lpm;		/* of the start */
	bool busy;	/* which stays pending */
	u8 off;
	bool ends;	/* the program */
} going_rows[] = {
	{ "the_one_in_use", 0xff, false, 0x80, true },
	{ "another_one", 0xff, false, 0x40, false },
	{ "the_one_in_use_of_the_orb", 0x60, false, 0x40, true },
	{ "the_first_one_is_not_in_use", 0x60, false, 0x80, false },
	{ "one_of_a_pending_start", 0xff, true, 0x80, false },
	{ "all_of_a_pending_start", 0xff, true, 0xe0, true },
	{ "all", 0xff, false, 0xe0, true },
};

KUNIT_ARRAY_PARAM_DESC(going, going_rows, name);

static void going(struct kunit *test, void (*change)(struct fake_css *, u8, bool))
{
	const struct going_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];
	int i;

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	hw.busy = row->busy;
	hw.lpum = 0x80;		/* of an earlier start */
	KUNIT_EXPECT_EQ(test, start_on(css, row->lpm), 0);
	change(css, row->off, false);
	for (i = 0; i < 3; i++)
		if (row->off & (0x80 >> i))
			KUNIT_EXPECT_EQ(test, next_report(css),
					VCCW_CRW_CPATH | VCCW_CRW_PERRN | CHPID(i));
	KUNIT_EXPECT_EQ(test, next_report(css), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, hw.clears, row->ends && !row->busy ? 1u : 0u);
	if (!row->ends) {
		KUNIT_EXPECT_TRUE(test, css->dev.program);
		ends(css, START | ENDED, CEDE, irb);
		KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
		return;
	}
	/* canceled, or cleared, upon which the user tries again */
	if (!row->busy)
		fake_interrupt(css, SCSW0_FC_CLEAR | SCSW0_SC_PEND, 0, 0);
	hw.scsw0 = 0;
	KUNIT_EXPECT_FALSE(test, css->dev.program);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], IFCC);
	KUNIT_EXPECT_EQ(test, start_on(css, 0xff), row->off == 0xe0 ? -ENODEV : 0);
	if (row->off != 0xe0)
		KUNIT_EXPECT_EQ(test, hw.lpm, 0xe0 & ~row->off);
}

static void paths_varied_off_under_a_program(struct kunit *test)
{
	going(test, vary);
}

static void paths_configured_off_under_a_program(struct kunit *test)
{
	going(test, configure);
}

/* --- who is told ----------------------------------------------------------------------- */

static void paths_that_come_are_reported(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	vary(css, 0x40, false);
	vary(css, 0x40, true);
	configure(css, 0x20, false);
	configure(css, 0x20, true);
	KUNIT_EXPECT_EQ(test, next_report(css), VCCW_CRW_CPATH | VCCW_CRW_PERRN | CHPID(1));
	KUNIT_EXPECT_EQ(test, next_report(css), VCCW_CRW_CPATH | VCCW_CRW_INIT | CHPID(1));
	KUNIT_EXPECT_EQ(test, next_report(css), VCCW_CRW_CPATH | VCCW_CRW_PERRN | CHPID(2));
	KUNIT_EXPECT_EQ(test, next_report(css), VCCW_CRW_CPATH | VCCW_CRW_INIT | CHPID(2));
	KUNIT_EXPECT_EQ(test, next_report(css), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 4u);
}

static void paths_of_a_closed_device_are_not_reported(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_set_triggers(css);
	vary(css, 0x40, false);
	configure(css, 0x20, false);
	KUNIT_EXPECT_EQ(test, next_report(css), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 0u);
	fake_goto(css, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, start_on(css, 0xff), 0);
	KUNIT_EXPECT_EQ(test, hw.lpm, 0x80);
}

static void paths_without_a_device(struct kunit *test)
{
	struct fake_css *css = test->priv;

	guard(spinlock_irq)(&css->sch.lock);
	KUNIT_EXPECT_EQ(test, vccw_paths_event(&css->sch, css->dev.io, NULL, 0x80,
					       CHP_VARY_OFF), 0);
	KUNIT_EXPECT_EQ(test, vccw_paths_event(&css->sch, css->dev.io, NULL, 0x80,
					       CHP_ONLINE), 0);
	KUNIT_EXPECT_EQ(test, css->sch.opm, 0x70);
}

/* cio looks at the subchannel then, and finds out that it is lost */
static void paths_of_a_subchannel_that_is_gone(struct kunit *test)
{
	static const int events[] = { CHP_VARY_OFF, CHP_VARY_ON, CHP_OFFLINE, CHP_ONLINE };
	struct fake_css *css = test->priv;
	int i;

	fake_goto(css, VCCW_STATE_IDLE);
	hw.gone = true;
	for (i = 0; i < ARRAY_SIZE(events); i++)
		KUNIT_EXPECT_EQ(test, paths_event(css, 0x80, events[i]), -ENODEV);
	KUNIT_EXPECT_EQ(test, next_report(css), 0u);
}

static void paths_events_that_are_no_concern(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, paths_event(css, 0x80, CHP_FCES_EVENT), 0);
	KUNIT_EXPECT_EQ(test, next_report(css), 0u);
	KUNIT_EXPECT_TRUE(test, css->dev.program);
}

/* --- condition codes of RESUME SUBCHANNEL, as cio passes them on -------------------------- */

static void paths_resume_is_refused_as_cio_says(struct kunit *test)
{
	static const int rows[][2] = {
		{ 0, 0 }, { -EBUSY, -EBUSY }, { -EINVAL, -EBUSY }, { -ENODEV, -ENODEV },
	};
	struct fake_css *css = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		hw.resume = rows[i][0];
		scoped_guard(spinlock_irq, &css->sch.lock)
			KUNIT_EXPECT_EQ(test, css->dev.io->resume(&css->sch), rows[i][1]);
	}
}

/* --- what the last driver left behind ---------------------------------------------------- */

static void paths_enabled_without_the_last_drivers_modes(struct kunit *test)
{
	static const struct schib_config ours = { .csense = 1 };
	struct fake_css *css = test->priv;

	/* multipath, measurement, and no concurrent sense */
	css->sch.config = (struct schib_config){ .mp = 1, .mme = 3, .mbfc = 1, .mbi = 17 };
	fake_goto(css, VCCW_STATE_IDLE);
	KUNIT_EXPECT_TRUE(test, hw.ena);
	KUNIT_EXPECT_MEMEQ(test, &hw.config, &ours, sizeof(ours));
}

static struct kunit_case paths_cases[] = {
	KUNIT_CASE_PARAM(paths_of_a_start, lpm_gen_params),
	KUNIT_CASE_PARAM(paths_varied_later, lpm_gen_params),
	KUNIT_CASE(paths_condition_code_3_lets_the_user_try_another),
	KUNIT_CASE(paths_deferred_condition_code_3_lets_the_user_try_another),
	KUNIT_CASE_PARAM(paths_varied_off_under_a_program, going_gen_params),
	KUNIT_CASE_PARAM(paths_configured_off_under_a_program, going_gen_params),
	KUNIT_CASE(paths_that_come_are_reported),
	KUNIT_CASE(paths_of_a_closed_device_are_not_reported),
	KUNIT_CASE(paths_without_a_device),
	KUNIT_CASE(paths_of_a_subchannel_that_is_gone),
	KUNIT_CASE(paths_events_that_are_no_concern),
	KUNIT_CASE(paths_resume_is_refused_as_cio_says),
	KUNIT_CASE(paths_enabled_without_the_last_drivers_modes),
	{}
};

static struct kunit_suite paths_suite = {
	.name = "vfio_ccw_paths",
	.init = paths_init,
	.exit = fake_css_exit,
	.test_cases = paths_cases,
};

kunit_test_suite(paths_suite);
