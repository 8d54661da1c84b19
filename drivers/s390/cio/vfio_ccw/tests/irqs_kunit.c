// SPDX-License-Identifier: GPL-2.0-only
/*
 * Triggers: nobody signals what was let go, and nothing is kept too long.
 */
#include <kunit/run-in-irq-context.h>
#include <linux/kthread.h>

#include "fake_css.h"

static int set_irq(struct fake_css *css, u32 index, u32 flags, u32 count, const void *data)
{
	struct vfio_irq_set set = { .flags = flags, .index = index, .count = count };

	return vccw_irq_set(&css->dev, &set, data);
}

static int set_eventfd(struct fake_css *css, u32 index, s32 fd)
{
	return set_irq(css, index, VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD, 1, &fd);
}

static void send(struct fake_css *css, u32 index)
{
	guard(spinlock_irq)(&css->sch.lock);
	vccw_irq_signal(&css->dev, index);
}

static int refs(u32 fd)
{
	return atomic_read(&fake_eventfds[fd].refs);
}

static void irqs_without_a_trigger_nothing_happens(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 index;

	for (index = 0; index < VFIO_CCW_NUM_IRQS; index++) {
		send(css, index);
		KUNIT_EXPECT_EQ(test, set_eventfd(css, index, -1), 0);
	}
}

static void irqs_each_index_has_its_trigger(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 index;

	fake_set_triggers(css);
	for (index = 0; index < VFIO_CCW_NUM_IRQS; index++) {
		KUNIT_EXPECT_EQ(test, refs(index), 1);
		send(css, index);
		KUNIT_EXPECT_EQ(test, fake_signals(index), 1u);
	}
}

static void irqs_replaced_trigger_is_let_go(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_EXPECT_EQ(test, set_eventfd(css, 0, 3), 0);
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 0, 4), 0);
	KUNIT_EXPECT_EQ(test, refs(3), 0);
	KUNIT_EXPECT_EQ(test, refs(4), 1);
	send(css, 0);
	KUNIT_EXPECT_EQ(test, fake_signals(3), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(4), 1u);
	/* the same one again */
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 0, 4), 0);
	KUNIT_EXPECT_EQ(test, refs(4), 1);
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 0, -1), 0);
	KUNIT_EXPECT_EQ(test, refs(4), 0);
	send(css, 0);
	KUNIT_EXPECT_EQ(test, fake_signals(4), 1u);
}

static void irqs_bad_eventfds_change_nothing(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_EXPECT_EQ(test, set_eventfd(css, 1, 2), 0);
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 1, FAKE_EVENTFDS), -EBADF);
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 1, -2), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_eventfd(css, 1, S32_MIN), -EINVAL);
	KUNIT_EXPECT_EQ(test, refs(2), 1);
	send(css, 1);
	KUNIT_EXPECT_EQ(test, fake_signals(2), 1u);
}

static void irqs_none_with_count_0_disables(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 none = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE;

	fake_set_triggers(css);
	KUNIT_EXPECT_EQ(test, set_irq(css, 0, none, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(0), 0u);
	KUNIT_EXPECT_EQ(test, refs(0), 0);
	KUNIT_EXPECT_EQ(test, refs(1), 1);
}

static void irqs_none_and_bool_signal(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 none = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE;
	u32 bools = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_BOOL;
	u8 yes = 1, no = 0;

	fake_set_triggers(css);
	KUNIT_EXPECT_EQ(test, set_irq(css, 0, none, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(0), 1u);
	KUNIT_EXPECT_EQ(test, set_irq(css, 0, bools, 1, &no), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(0), 1u);
	KUNIT_EXPECT_EQ(test, set_irq(css, 0, bools, 1, &yes), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(0), 2u);
	KUNIT_EXPECT_EQ(test, fake_signals(1), 0u);
}

static void irqs_other_actions_are_refused(struct kunit *test)
{
	struct fake_css *css = test->priv;
	s32 fd = 0;

	KUNIT_EXPECT_EQ(test, set_irq(css, 0, VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_DATA_NONE,
				      1, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, set_irq(css, 0, VFIO_IRQ_SET_ACTION_UNMASK |
				      VFIO_IRQ_SET_DATA_EVENTFD, 1, &fd), -EINVAL);
	KUNIT_EXPECT_EQ(test, refs(0), 0);
}

static void irqs_drained_is_as_never_signalled(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_set_triggers(css);
	send(css, 0);
	send(css, 2);
	scoped_guard(spinlock_irq, &css->sch.lock) {
		vccw_irq_drain(&css->dev, 0);
		vccw_irq_drain(&css->dev, 1);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[0].count), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[2].count), 1);
	send(css, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_eventfds[0].count), 1);
}

/* what came before anybody could be told, as an attention just after the open */
static void irqs_new_trigger_is_told_of_what_is_there(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS] = { [IRB_SCSW0] = SCSW0_SC_ALERT | SCSW0_SC_PEND }, index;

	scoped_guard(spinlock_irq, &css->sch.lock) {
		vccw_status_add(&css->dev.status, irb);
		vccw_irq_signal(&css->dev, VFIO_CCW_IO_IRQ_INDEX);
		vccw_crw_add(&css->dev.crws, 1);
		vccw_irq_signal(&css->dev, VFIO_CCW_CRW_IRQ_INDEX);
	}
	for (index = 0; index < VFIO_CCW_NUM_IRQS; index++)
		KUNIT_EXPECT_EQ(test, set_eventfd(css, index, index), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX), 0u);
	/* whoever takes the status takes all that was signalled for it */
	KUNIT_EXPECT_TRUE(test, css->dev.status.again);
	/* once is enough, whoever hears it */
	KUNIT_EXPECT_EQ(test, set_eventfd(css, VFIO_CCW_IO_IRQ_INDEX, 5), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(5), 0u);
}

static void irqs_release_lets_all_go(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 index;

	fake_set_triggers(css);
	vccw_irq_release(&css->dev);
	for (index = 0; index < VFIO_CCW_NUM_IRQS; index++) {
		KUNIT_EXPECT_EQ(test, refs(index), 0);
		send(css, index);
		KUNIT_EXPECT_EQ(test, fake_signals(index), 0u);
	}
	vccw_irq_release(&css->dev);
}

static bool signal_all(void *arg)
{
	struct fake_css *css = arg;
	u32 index;

	guard(spinlock_irqsave)(&css->sch.lock);
	for (index = 0; index < VFIO_CCW_NUM_IRQS; index++)
		vccw_irq_signal(&css->dev, index);
	return true;
}

static int replace_all(void *arg)
{
	struct fake_css *css = arg;
	u32 round = 0;

	while (!kthread_should_stop()) {
		u32 index = round % VFIO_CCW_NUM_IRQS;

		set_eventfd(css, index, (int)(round++ % (FAKE_EVENTFDS + 1)) - 1);
		if (!(round % 64))
			vccw_irq_release(&css->dev);
		cond_resched();
	}
	return round;
}

/* signalled from a task, a softirq and an interrupt while another task replaces them */
static void irqs_signal_races_with_replacing(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct task_struct *thread;
	int rounds;

	thread = kthread_run(replace_all, css, "vfio_ccw_kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	kunit_run_irq_test(test, signal_all, 20000, css);
	rounds = kthread_stop(thread);
	KUNIT_EXPECT_GT(test, rounds, 100);
}

static struct kunit_case irqs_cases[] = {
	KUNIT_CASE(irqs_without_a_trigger_nothing_happens),
	KUNIT_CASE(irqs_each_index_has_its_trigger),
	KUNIT_CASE(irqs_replaced_trigger_is_let_go),
	KUNIT_CASE(irqs_bad_eventfds_change_nothing),
	KUNIT_CASE(irqs_none_with_count_0_disables),
	KUNIT_CASE(irqs_none_and_bool_signal),
	KUNIT_CASE(irqs_other_actions_are_refused),
	KUNIT_CASE(irqs_drained_is_as_never_signalled),
	KUNIT_CASE(irqs_new_trigger_is_told_of_what_is_there),
	KUNIT_CASE(irqs_release_lets_all_go),
	KUNIT_CASE(irqs_signal_races_with_replacing),
	{}
};

static struct kunit_suite irqs_suite = {
	.name = "vfio_ccw_irqs",
	.init = fake_css_init,
	.exit = fake_css_exit,
	.test_cases = irqs_cases,
};

kunit_test_suite(irqs_suite);
