// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing a subchannel to rest ends, whatever the device does, and leaves
 * nothing behind.
 */
#include <linux/jiffies.h>

#include "fake_css.h"

/* a bit more than quiesce.c takes for the worst of all devices */
#define LONGEST		(8 * HZ)

#define ENDED		(SCSW0_FC_START | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define CLEARED		(SCSW0_FC_CLEAR | SCSW0_SC_PEND)

enum how { STOP, PAUSE, RESET };

/* how long it took */
static unsigned long do_quiesce(struct fake_css *css, enum how how, int *ret)
{
	unsigned long start = jiffies, took;

	scoped_guard(mutex, &css->dev.io_lock) {
		switch (how) {
		case STOP:
			vccw_quiesce_stop(&css->dev);
			break;
		case PAUSE:
			vccw_quiesce_pause(&css->dev);
			break;
		case RESET:
			*ret = vccw_quiesce_reset(&css->dev);
			break;
		}
	}
	took = jiffies - start;
	KUNIT_EXPECT_LT(css->test, took, (unsigned long)LONGEST);
	KUNIT_EXPECT_FALSE(css->test, css->dev.program);
	KUNIT_EXPECT_FALSE(css->test, css->dev.cp.valid);
	return took;
}

static void quiesce_stop_of_an_idle_device(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long took;

	fake_goto(css, VCCW_STATE_IDLE);
	took = do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_LT(test, took, (unsigned long)HZ);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, css->dev.stats.quiesces, 1ull);
	KUNIT_EXPECT_EQ(test, css->dev.stats.quiesce_failures, 0ull);
}

static void quiesce_stop_of_a_closed_device(struct kunit *test)
{
	struct fake_css *css = test->priv;

	do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
}

static void quiesce_stop_of_a_lost_device(struct kunit *test)
{
	struct fake_css *css = test->priv;
	int ret = 0;

	fake_goto(css, VCCW_STATE_GONE);
	do_quiesce(css, STOP, NULL);
	do_quiesce(css, PAUSE, NULL);
	do_quiesce(css, RESET, &ret);
	KUNIT_EXPECT_EQ(test, ret, -ENODEV);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_GONE);
}

/* halted, cleared, and each time an interrupt */
static void quiesce_stop_of_a_busy_device(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long took;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, 0);
	css->rest_irq_us = 2000;
	css->irq_scsw0 = CLEARED;
	took = do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_LT(test, took, (unsigned long)HZ / 2);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest rest rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_FALSE(test, css->dev.status.pending);
	/* nobody is told how it ended, and nobody else ended it */
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 0ull);
}

static void quiesce_stop_of_a_device_that_never_answers(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long took;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_answer(css, FAKE_REST, -EBUSY);
	took = do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_GE(test, took, (unsigned long)HZ);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, css->dev.stats.quiesce_failures, 1ull);
}

/* interrupts alone are no progress */
static void quiesce_stop_of_a_device_that_never_comes_to_rest(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_answer(css, FAKE_REST, -EBUSY);
	css->rest_irq_us = 20000;
	css->irq_scsw0 = SCSW0_SC_ALERT | SCSW0_SC_PEND;
	do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, css->dev.stats.quiesce_failures, 1ull);
}

/* each halt is answered, and none ends it */
static void quiesce_clears_a_device_that_goes_on_after_halts(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	while (css->nr[FAKE_REST] < 5)
		fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, 0);
	css->rest_irq_us = 2000;
	css->irq_scsw0 = SCSW0_FC_START | SCSW0_FC_HALT | SCSW0_AC_SCHACT | SCSW0_SC_PEND;
	do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest rest rest rest rest clear rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, css->dev.stats.quiesce_failures, 0ull);
}

static void quiesce_gives_up_when_nothing_is_left_to_be_tried(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long took;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_answer(css, FAKE_REST, -EIO);
	took = do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_LT(test, took, (unsigned long)HZ);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
}

struct loss_row {
	const char *name;
	int answer;
};

static const struct loss_row loss_rows[] = {
	{ "no_subchannel", -ENODEV },
	{ "no_device", -EACCES },
};

KUNIT_ARRAY_PARAM_DESC(loss, loss_rows, name);

static void quiesce_finds_that_the_device_is_lost(struct kunit *test)
{
	const struct loss_row *row = test->param_value;
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, row->answer);
	css->rest_irq_us = 1000;
	css->irq_scsw0 = SCSW0_SC_ALERT | SCSW0_SC_PEND;
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_GONE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, (u32)css->dev.status.irb[0] & SCSW0_CC, SCSW0_CC);
}

/* lost while it is being waited for: no need to wait on */
static void quiesce_ends_when_the_device_is_lost(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long took;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_answer(css, FAKE_REST, -EBUSY);
	css->rest_irq_us = 5000;
	css->irq_event = VCCW_EVENT_LOST;
	took = do_quiesce(css, STOP, NULL);
	KUNIT_EXPECT_LT(test, took, (unsigned long)HZ / 2);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_GONE);
}

static void quiesce_pause_of_a_busy_device(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 1ull);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

/* it ended by itself before it could be halted: its own status, and only that */
static void quiesce_pause_that_comes_too_late(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, 0);
	css->rest_irq_us = 1000;
	css->irq_scsw0 = ENDED;
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], ENDED | SCSW0_F | SCSW0_P);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 0ull);
}

static void quiesce_pause_of_an_idle_device_says_nothing(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_IDLE);
	fake_set_triggers(css);
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
}

static void quiesce_pause_of_a_stuck_device(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EIO);
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable enable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 1ull);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_TRUE(test, vccw_status_is_final(irb));
}

static void quiesce_pause_of_a_device_that_cannot_be_enabled_again(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_answer(css, FAKE_REST, -EIO);
	fake_answer(css, FAKE_ENABLE, -EBUSY);
	do_quiesce(css, PAUSE, NULL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_GONE);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX), 1u);
}

static void quiesce_reset_is_power_on(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];
	int ret;

	fake_goto(css, VCCW_STATE_BUSY);
	fake_set_triggers(css);
	fake_interrupt(css, SCSW0_FC_START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND,
		       css->orb.cpa + 8, SCSW2_SCH_PCI);
	scoped_guard(spinlock_irq, &css->sch.lock) {
		vccw_crw_add(&css->dev.crws, 0x1234);
		vccw_irq_signal(&css->dev, VFIO_CCW_CRW_IRQ_INDEX);
		vccw_irq_signal(&css->dev, VFIO_CCW_REQ_IRQ_INDEX);
	}
	do_quiesce(css, RESET, &ret);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest disable enable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], 0u);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 0ull);
	KUNIT_EXPECT_EQ(test, vccw_crw_peek(&css->dev.crws), 0u);
	/* signals of before are gone, but for the request to leave */
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[VFIO_CCW_IO_IRQ_INDEX].count), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[VFIO_CCW_CRW_IRQ_INDEX].count), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[VFIO_CCW_REQ_IRQ_INDEX].count), 1);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

static void quiesce_reset_that_cannot_enable(struct kunit *test)
{
	struct fake_css *css = test->priv;
	int ret;

	fake_goto(css, VCCW_STATE_IDLE);
	fake_answer(css, FAKE_ENABLE, -EBUSY);
	do_quiesce(css, RESET, &ret);
	KUNIT_EXPECT_EQ(test, ret, -EBUSY);
	KUNIT_EXPECT_NE(test, css->dev.state, VCCW_STATE_GONE);
	/* the next one works */
	fake_no_answers(css);
	do_quiesce(css, RESET, &ret);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
}

/* two resets at once used to unregister the device of other drivers */
static void quiesce_reset_after_reset(struct kunit *test)
{
	struct fake_css *css = test->priv;
	int ret, i;

	fake_goto(css, VCCW_STATE_IDLE);
	for (i = 0; i < 100; i++) {
		KUNIT_ASSERT_EQ(test, fake_start(css, FAKE_CPA), 0);
		do_quiesce(css, RESET, &ret);
		KUNIT_ASSERT_EQ(test, ret, 0);
		KUNIT_ASSERT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
		css->log[0] = 0;
	}
}

static struct kunit_case quiesce_cases[] = {
	KUNIT_CASE(quiesce_stop_of_an_idle_device),
	KUNIT_CASE(quiesce_stop_of_a_closed_device),
	KUNIT_CASE(quiesce_stop_of_a_lost_device),
	KUNIT_CASE(quiesce_stop_of_a_busy_device),
	KUNIT_CASE_SLOW(quiesce_stop_of_a_device_that_never_answers),
	KUNIT_CASE_SLOW(quiesce_stop_of_a_device_that_never_comes_to_rest),
	KUNIT_CASE(quiesce_clears_a_device_that_goes_on_after_halts),
	KUNIT_CASE(quiesce_gives_up_when_nothing_is_left_to_be_tried),
	KUNIT_CASE_PARAM(quiesce_finds_that_the_device_is_lost, loss_gen_params),
	KUNIT_CASE(quiesce_ends_when_the_device_is_lost),
	KUNIT_CASE(quiesce_pause_of_a_busy_device),
	KUNIT_CASE(quiesce_pause_that_comes_too_late),
	KUNIT_CASE(quiesce_pause_of_an_idle_device_says_nothing),
	KUNIT_CASE(quiesce_pause_of_a_stuck_device),
	KUNIT_CASE(quiesce_pause_of_a_device_that_cannot_be_enabled_again),
	KUNIT_CASE(quiesce_reset_is_power_on),
	KUNIT_CASE(quiesce_reset_that_cannot_enable),
	KUNIT_CASE(quiesce_reset_after_reset),
	{}
};

static struct kunit_suite quiesce_suite = {
	.name = "vfio_ccw_quiesce",
	.init = fake_css_init,
	.exit = fake_css_exit,
	.test_cases = quiesce_cases,
};

kunit_test_suite(quiesce_suite);
