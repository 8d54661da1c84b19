// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration: every arc between its states, what is carried over and what is not,
 * and bytes that nobody saved.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "fail.h"
#include "fake_css.h"

#define START		SCSW0_FC_START
#define ENDED		(SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define ALERT		(SCSW0_SC_ALERT | SCSW0_SC_PEND)
#define SUSPENDED	(START | SCSW0_S | SCSW0_AC_SUSP | SCSW0_SC_INTER | SCSW0_SC_PEND)
#define CEDE		(SCSW2_DEV_CE | SCSW2_DEV_DE)
#define ATTENTION	0x80000000u
#define IFCC		0x00020000u
#define CRW(nr)		(VCCW_CRW_CPATH | VCCW_CRW_INIT | (nr))

#define NOP_CC		0x0360000100000000ull
#define NOP_S		0x0322000100000000ull
#define NOP_ALONE	0x0320000100000000ull

/* longer than a program may take to end and quiesce.c to end it */
#define LONGEST		(10 * HZ)

/* what is saved, in words */
enum { MAGIC, VERSION_SIZE, HAVE, PENDING, IRB, NR_CRWS = IRB + IRB_WORDS, CRWS };
#define WORDS		(CRWS + VCCW_CRW_MAX)
#define SIZE		(WORDS * sizeof(u32))

#define RUNNING		VFIO_DEVICE_STATE_RUNNING
#define STOP		VFIO_DEVICE_STATE_STOP
#define STOP_COPY	VFIO_DEVICE_STATE_STOP_COPY
#define RESUMING	VFIO_DEVICE_STATE_RESUMING
#define ERROR		VFIO_DEVICE_STATE_ERROR

/* two pages of a user, of which the second one is not there */
static u8 __user *user;
static u8 __user *edge;

static int migrate_init(struct kunit *test)
{
	fake_css_init(test);
	user = fake_user(test);
	edge = user + PAGE_SIZE;
	fake_goto(test->priv, VCCW_STATE_IDLE);
	fake_set_triggers(test->priv);
	return 0;
}

static int reset(struct fake_css *css)
{
	guard(mutex)(&css->dev.io_lock);
	vccw_migrate_reset(&css->dev);
	return vccw_quiesce_reset(&css->dev);
}

static void migrate_exit(struct kunit *test)
{
	struct fake_css *css = test->priv;

	if (!css)
		return;
	reset(css);
	fake_css_exit(test);
	flush_delayed_fput();
}

static struct file *set_state(struct fake_css *css, u32 state)
{
	return css->dev.vdev.mig_ops->migration_set_state(&css->dev.vdev, state);
}

static u32 get_state(struct fake_css *css)
{
	enum vfio_device_mig_state state = VFIO_DEVICE_STATE_PRE_COPY;

	KUNIT_EXPECT_EQ(css->test,
			css->dev.vdev.mig_ops->migration_get_state(&css->dev.vdev, &state), 0);
	return state;
}

/* to a state that has no file */
static int go(struct fake_css *css, u32 state)
{
	struct file *file = set_state(css, state);

	if (IS_ERR(file))
		return PTR_ERR(file);
	KUNIT_EXPECT_NULL(css->test, file);
	return 0;
}

/* to one that has */
static struct file *begin(struct fake_css *css, u32 state)
{
	struct file *file = set_state(css, state);

	KUNIT_ASSERT_FALSE(css->test, IS_ERR_OR_NULL(file));
	KUNIT_ASSERT_EQ(css->test, get_state(css), state);
	return file;
}

static ssize_t do_read(struct file *file, u8 __user *buf, size_t count)
{
	return file->f_op->read(file, buf, count, NULL);
}

static ssize_t do_write(struct kunit *test, struct file *file, const void *from, size_t count)
{
	KUNIT_ASSERT_EQ(test, copy_to_user(user, from, count), 0);
	return file->f_op->write(file, user, count, NULL);
}

static void save(struct fake_css *css, u32 *words)
{
	struct file *file = begin(css, STOP_COPY);

	KUNIT_EXPECT_EQ(css->test, do_read(file, user, PAGE_SIZE), (ssize_t)SIZE);
	KUNIT_ASSERT_EQ(css->test, copy_from_user(words, user, SIZE), 0);
	KUNIT_EXPECT_EQ(css->test, do_read(file, user, PAGE_SIZE), 0);
	fput(file);
}

static int load(struct fake_css *css, const void *bytes, size_t count)
{
	struct file *file = begin(css, RESUMING);

	KUNIT_EXPECT_EQ(css->test, do_write(css->test, file, bytes, count), (ssize_t)count);
	fput(file);
	return go(css, STOP);
}

static void add_crw(struct fake_css *css, u32 crw)
{
	guard(spinlock_irq)(&css->sch.lock);
	vccw_crw_add(&css->dev.crws, crw);
	vccw_irq_signal(&css->dev, VFIO_CCW_CRW_IRQ_INDEX);
}

static u32 take_crw(struct fake_css *css)
{
	guard(spinlock_irq)(&css->sch.lock);
	return vccw_crw_take(&css->dev.crws);
}

/* --- arcs -------------------------------------------------------------------- */

/**
 * struct arc_row - the user wants another state
 * @from: the state before
 * @to: what he wants
 * @ret: what he gets
 * @next: the state afterwards
 * @file: whether there is a new session
 */
struct arc_row {
	u32 from, to;
	int ret;
	u32 next;
	bool file;
};

static const struct arc_row arc_rows[] = {
	{ RUNNING, RUNNING, 0, RUNNING, false },
	{ RUNNING, STOP, 0, STOP, false },
	{ RUNNING, STOP_COPY, 0, STOP_COPY, true },
	{ RUNNING, RESUMING, 0, RESUMING, true },
	{ RUNNING, ERROR, -EINVAL, RUNNING, false },
	{ RUNNING, VFIO_DEVICE_STATE_RUNNING_P2P, -EINVAL, RUNNING, false },
	{ RUNNING, VFIO_DEVICE_STATE_PRE_COPY, -EINVAL, RUNNING, false },
	{ RUNNING, VFIO_DEVICE_STATE_PRE_COPY_P2P, -EINVAL, RUNNING, false },
	{ RUNNING, VFIO_DEVICE_STATE_NR, -EINVAL, RUNNING, false },
	{ RUNNING, U32_MAX, -EINVAL, RUNNING, false },
	{ STOP, RUNNING, 0, RUNNING, false },
	{ STOP, STOP, 0, STOP, false },
	{ STOP, STOP_COPY, 0, STOP_COPY, true },
	{ STOP, RESUMING, 0, RESUMING, true },
	{ STOP, ERROR, -EINVAL, STOP, false },
	{ STOP, VFIO_DEVICE_STATE_RUNNING_P2P, -EINVAL, STOP, false },
	{ STOP, VFIO_DEVICE_STATE_NR, -EINVAL, STOP, false },
	{ STOP_COPY, RUNNING, 0, RUNNING, false },
	{ STOP_COPY, STOP, 0, STOP, false },
	{ STOP_COPY, STOP_COPY, 0, STOP_COPY, false },
	{ STOP_COPY, RESUMING, 0, RESUMING, true },
	{ STOP_COPY, ERROR, -EINVAL, STOP_COPY, false },
	{ STOP_COPY, VFIO_DEVICE_STATE_PRE_COPY, -EINVAL, STOP_COPY, false },
	/* nothing was written: that is no state */
	{ RESUMING, RUNNING, -EINVAL, ERROR, false },
	{ RESUMING, STOP, -EINVAL, ERROR, false },
	{ RESUMING, STOP_COPY, -EINVAL, ERROR, false },
	{ RESUMING, RESUMING, 0, RESUMING, false },
	{ RESUMING, ERROR, -EINVAL, RESUMING, false },
	{ ERROR, RUNNING, -EINVAL, ERROR, false },
	{ ERROR, STOP, -EINVAL, ERROR, false },
	{ ERROR, STOP_COPY, -EINVAL, ERROR, false },
	{ ERROR, RESUMING, -EINVAL, ERROR, false },
	{ ERROR, ERROR, -EINVAL, ERROR, false },
};

static void arc_desc(const struct arc_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u_to_%u", row->from, row->to);
}

KUNIT_ARRAY_PARAM(arc, arc_rows, arc_desc);

static void migrate_arc(struct kunit *test)
{
	const struct arc_row *row = test->param_value;
	struct fake_css *css = test->priv;
	struct file *before, *file;

	before = set_state(css, row->from == ERROR ? RESUMING : row->from);
	KUNIT_ASSERT_FALSE(test, IS_ERR(before));
	if (row->from == ERROR)
		KUNIT_ASSERT_EQ(test, go(css, STOP), -EINVAL);
	KUNIT_ASSERT_EQ(test, get_state(css), row->from);

	file = set_state(css, row->to);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), row->ret);
	KUNIT_EXPECT_EQ(test, !IS_ERR_OR_NULL(file), row->file);
	KUNIT_EXPECT_EQ(test, get_state(css), row->next);
	KUNIT_EXPECT_EQ(test, css->dev.state,
			row->next == RUNNING ? VCCW_STATE_IDLE : VCCW_STATE_FROZEN);
	/* the session of before has ended, unless it is still its state */
	if (before && row->next != row->from) {
		KUNIT_EXPECT_PTR_NE(test, before, file);
		if (row->from == STOP_COPY)
			KUNIT_EXPECT_EQ(test, do_read(before, user, 1), -ENODEV);
		else
			KUNIT_EXPECT_EQ(test, do_write(test, before, "", 1), -ENODEV);
	}
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), row->next == RUNNING ? 0 : -EBUSY);
	KUNIT_EXPECT_EQ(test, reset(css), 0);
	KUNIT_EXPECT_EQ(test, get_state(css), RUNNING);
	KUNIT_EXPECT_NULL(test, css->dev.mig_file);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
	if (before)
		fput(before);
	if (!IS_ERR_OR_NULL(file))
		fput(file);
}

/* without memory the state stays, and all can be tried again */
static void migrate_session_without_memory(struct kunit *test)
{
	static const u32 states[] = { STOP_COPY, RESUMING };
	struct fake_css *css = test->priv;
	u32 i, nth, left, failed = 0;
	struct file *file;

	kunit_needs_failures(test);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		for (nth = 1; nth < 100; nth++) {
			if (get_state(css) == RUNNING)
				fake_interrupt(css, ALERT, 0, ATTENTION);
			KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
			kunit_fail_nth(nth);
			file = set_state(css, states[i]);
			left = kunit_fail_nth(0);
			if (IS_ERR(file)) {
				KUNIT_EXPECT_EQ(test, PTR_ERR(file), -ENOMEM);
				KUNIT_EXPECT_EQ(test, get_state(css), STOP);
				KUNIT_EXPECT_NULL(test, css->dev.mig_file);
				/* it is as it was, and may run again */
				KUNIT_EXPECT_TRUE(test, css->dev.status.pending);
				failed++;
				continue;
			}
			/* not all that fails is missed */
			KUNIT_EXPECT_EQ(test, get_state(css), states[i]);
			fput(file);
			KUNIT_EXPECT_EQ(test, reset(css), 0);
			if (left)
				break;
		}
	}
	KUNIT_EXPECT_GE(test, failed, 2u);
}

/* --- stopping ------------------------------------------------------------------ */

static void migrate_stop_of_an_idle_device(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "rest");
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, go(css, RUNNING), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 0u);
}

static int command(struct fake_css *css, u32 command)
{
	guard(mutex)(&css->dev.io_lock);
	css->dev.cmd.command = command;
	return vccw_request_command(&css->dev);
}

static void migrate_nothing_is_done_while_stopped(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
	fake_log(css);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -EBUSY);
	KUNIT_EXPECT_EQ(test, command(css, VFIO_CCW_ASYNC_CMD_HSCH), -EBUSY);
	KUNIT_EXPECT_EQ(test, command(css, VFIO_CCW_ASYNC_CMD_CSCH), -EBUSY);
	KUNIT_EXPECT_EQ(test, command(css, VFIO_CCW_ASYNC_CMD_RSCH), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
}

/* one that ends by itself has time to */
static void migrate_program_in_flight_ends(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	KUNIT_ASSERT_EQ(test, fake_start(css, FAKE_CPA), 0);
	css->irq_scsw0 = START | ENDED;
	hrtimer_start(&css->timer, ms_to_ktime(100), HRTIMER_MODE_REL_HARD);
	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start rest");
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 0ull);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], START | ENDED | SCSW0_F | SCSW0_P);
}

/* one that does not is ended, and the user's user tries again */
static void migrate_program_in_flight_is_ended(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long start = jiffies;
	u32 irb[IRB_WORDS];

	KUNIT_ASSERT_EQ(test, fake_start(css, FAKE_CPA), 0);
	fake_answer(css, FAKE_REST, -EBUSY);
	fake_answer(css, FAKE_REST, 0);
	css->rest_irq_us = 1000;
	css->irq_scsw0 = SCSW0_FC_HALT | SCSW0_SC_PEND;
	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
	KUNIT_EXPECT_GT(test, jiffies - start, (unsigned long)HZ);
	KUNIT_EXPECT_LT(test, jiffies - start, (unsigned long)LONGEST);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start rest rest");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 1ull);
	KUNIT_EXPECT_FALSE(test, css->dev.program || css->dev.cp.valid);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], START | SCSW0_SC_ALERT | ENDED);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], IFCC);
}

static void migrate_stuck_device_is_disabled(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, fake_start(css, FAKE_CPA), 0);
	fake_answer(css, FAKE_REST, -EIO);
	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "start rest disable enable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
	KUNIT_EXPECT_FALSE(test, css->dev.program || css->dev.cp.valid);
}

/* there is no status that would tell the guest to try again where it is suspended */
static void migrate_suspended_program_stays(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	fm_put(css->fm, FAKE_CPA, NOP_CC, 8);
	fm_put(css->fm, FAKE_CPA + 8, NOP_S, 8);
	KUNIT_ASSERT_EQ(test, fake_start_orb(css, FAKE_CPA, ORB1_P | ORB1_S), 0);
	KUNIT_ASSERT_EQ(test, fake_interrupt(css, SUSPENDED, css->orb.cpa + 16, 0), 1);
	fake_log(css);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -EBUSY);
	KUNIT_EXPECT_EQ(test, get_state(css), RUNNING);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, go(css, STOP_COPY), -EBUSY);
	KUNIT_EXPECT_EQ(test, go(css, RESUMING), -EBUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_TRUE(test, css->dev.program && css->dev.cp.valid);

	KUNIT_EXPECT_EQ(test, fake_interrupt(css, START | ENDED, css->orb.cpa + 16, CEDE), 0);
	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
}

/* nobody but the driver knows that it is suspended: it goes on, and ends */
static void migrate_program_that_changes_itself_ends(struct kunit *test)
{
	struct fake_css *css = test->priv;

	/* reads its second CCW, and pauses before it */
	fm_put(css->fm, FAKE_CPA, 0x0260000800000000ull | (FAKE_CPA + 8), 8);
	fm_put(css->fm, FAKE_CPA + 8, 0, 8);
	KUNIT_ASSERT_EQ(test, fake_start_orb(css, FAKE_CPA, 0), 0);
	fm_put(css->fm, FAKE_CPA + 8, NOP_ALONE, 8);
	fake_log(css);
	KUNIT_ASSERT_EQ(test, fake_interrupt(css, SUSPENDED, css->orb.cpa + 16, 0), 1);
	css->irq_scsw0 = START | ENDED;
	hrtimer_start(&css->timer, ms_to_ktime(300), HRTIMER_MODE_REL_HARD);
	KUNIT_EXPECT_EQ(test, go(css, STOP), 0);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "resume rest");
	KUNIT_EXPECT_EQ(test, css->dev.stats.followed, 1ull);
	KUNIT_EXPECT_EQ(test, css->dev.status.killed, 0ull);
}

static void migrate_lost_device(struct kunit *test)
{
	struct fake_css *css = test->priv;

	/* found out while it is being stopped */
	fake_answer(css, FAKE_REST, -ENODEV);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -ENODEV);
	KUNIT_EXPECT_EQ(test, get_state(css), RUNNING);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_GONE);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -ENODEV);
	KUNIT_EXPECT_EQ(test, go(css, STOP_COPY), -ENODEV);
}

static void migrate_device_lost_while_stopped(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
	fake_event(css, VCCW_EVENT_LOST);
	/* that does not wait until it runs again */
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, go(css, RUNNING), -ENODEV);
	KUNIT_EXPECT_EQ(test, get_state(css), STOP);
}

/* --- stopped -------------------------------------------------------------------- */

static void migrate_what_comes_while_stopped_waits(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 irb[IRB_WORDS];

	KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
	fake_interrupt(css, ALERT, 0, ATTENTION);
	add_crw(css, CRW(1));
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
	KUNIT_EXPECT_EQ(test, go(css, RUNNING), 0);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 1u);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], ATTENTION);
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(1));
}

/* memory may be unmapped, and the device closed */
static void migrate_stopped_device_stays_stopped(struct kunit *test)
{
	struct fake_css *css = test->priv;

	KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
	scoped_guard(mutex, &css->dev.io_lock)
		vccw_quiesce_pause(&css->dev);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
	fake_event(css, VCCW_EVENT_KILL);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_FROZEN);
	fake_log(css);
	scoped_guard(mutex, &css->dev.io_lock)
		vccw_quiesce_stop(&css->dev);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "disable");
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_CLOSED);
}

/* --- what is carried over --------------------------------------------------------- */

/* status that was not taken and reports, as an unlucky device has them */
static void fill(struct fake_css *css, u32 nr_crws)
{
	u32 i;

	KUNIT_ASSERT_EQ(css->test, fake_start(css, FAKE_CPA), 0);
	KUNIT_ASSERT_EQ(css->test, fake_interrupt(css, START | ENDED, css->orb.cpa + 8, CEDE), 0);
	for (i = 0; i < nr_crws; i++)
		add_crw(css, CRW(i % 256));
}

static void migrate_carries_all(struct kunit *test)
{
	static const u32 nr[] = { 0, 1, VCCW_CRW_MAX - 1, VCCW_CRW_MAX, VCCW_CRW_MAX + 1 };
	struct fake_css *css = test->priv;
	u32 words[WORDS], before[IRB_WORDS], irb[IRB_WORDS], crw[VCCW_CRW_MAX], i, j;

	for (i = 0; i < ARRAY_SIZE(nr); i++) {
		u32 crws = min(nr[i], VCCW_CRW_MAX);

		/* not at the beginning of the ring */
		add_crw(css, CRW(77));
		take_crw(css);
		fill(css, nr[i]);
		save(css, words);
		fake_take(css, before);
		for (j = 0; j < crws; j++)
			crw[j] = take_crw(css);
		KUNIT_EXPECT_EQ(test, crws && crw[crws - 1] & VCCW_CRW_OVERFLOW,
				nr[i] > VCCW_CRW_MAX);

		KUNIT_ASSERT_EQ(test, reset(css), 0);
		fake_set_triggers(css);
		KUNIT_ASSERT_EQ(test, load(css, words, SIZE), 0);
		KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
		KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), 0u);
		KUNIT_EXPECT_EQ(test, go(css, RUNNING), 0);
		KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
		KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_CRW_IRQ_INDEX), crws ? 1u : 0u);
		KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), -EBUSY);
		KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
		KUNIT_EXPECT_MEMEQ(test, irb, before, sizeof(irb));
		for (j = 0; j < crws; j++)
			KUNIT_EXPECT_EQ(test, take_crw(css), crw[j]);
		KUNIT_EXPECT_EQ(test, take_crw(css), 0u);
		KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
		KUNIT_ASSERT_EQ(test, reset(css), 0);
	}
	KUNIT_EXPECT_EQ(test, css->dev.stats.saves, (u64)ARRAY_SIZE(nr));
	KUNIT_EXPECT_EQ(test, css->dev.stats.restores, (u64)ARRAY_SIZE(nr));
}

/* what was there before belongs to somebody else, what comes meanwhile does not */
static void migrate_replaces_what_was_there(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 words[WORDS], irb[IRB_WORDS];
	struct file *file;

	fill(css, 1);
	save(css, words);
	KUNIT_ASSERT_EQ(test, go(css, RUNNING), 0);
	fake_take(css, irb);
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(0));
	fake_interrupt(css, ALERT, 0, ATTENTION);
	add_crw(css, CRW(5));
	file = begin(css, RESUMING);
	add_crw(css, CRW(6));
	fake_interrupt(css, ALERT, 0, SCSW2_DEV_DE);
	KUNIT_EXPECT_EQ(test, do_write(test, file, words, SIZE), (ssize_t)SIZE);
	fput(file);
	KUNIT_ASSERT_EQ(test, go(css, RUNNING), 0);
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(0));
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(6));
	KUNIT_EXPECT_EQ(test, take_crw(css), 0u);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], CEDE);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0],
			START | SCSW0_F | SCSW0_P | SCSW0_SC_ALERT | ENDED);
}

static void migrate_nothing_is_a_state_too(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 words[WORDS], irb[IRB_WORDS];

	save(css, words);
	KUNIT_EXPECT_EQ(test, load(css, words, SIZE), 0);
	KUNIT_EXPECT_EQ(test, go(css, RUNNING), 0);
	KUNIT_EXPECT_FALSE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 0u);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

static void migrate_pieces(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 words[WORDS], again[WORDS];
	struct file *file;
	size_t at;

	fill(css, 2);
	save(css, words);
	KUNIT_ASSERT_EQ(test, go(css, STOP), 0);
	file = begin(css, STOP_COPY);
	for (at = 0; at < SIZE; at++) {
		/* what does not reach the user is not gone */
		KUNIT_ASSERT_EQ(test, do_read(file, edge, 1), -EFAULT);
		KUNIT_ASSERT_EQ(test, do_read(file, user + at, 1), 1);
	}
	KUNIT_ASSERT_EQ(test, copy_from_user(again, user, SIZE), 0);
	KUNIT_EXPECT_MEMEQ(test, again, words, SIZE);
	KUNIT_EXPECT_EQ(test, do_read(file, user, 1), 0);
	fput(file);

	file = begin(css, RESUMING);
	for (at = 0; at < SIZE; at++) {
		KUNIT_ASSERT_EQ(test, file->f_op->write(file, edge, 1, NULL), -EFAULT);
		KUNIT_ASSERT_EQ(test, do_write(test, file, (u8 *)words + at, 1), 1);
	}
	fput(file);
	KUNIT_EXPECT_EQ(test, go(css, RUNNING), 0);
	KUNIT_EXPECT_TRUE(test, css->dev.status.pending);
	/* it may have been signalled before, and is taken together with that */
	KUNIT_EXPECT_TRUE(test, css->dev.status.again);
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(0));
	KUNIT_EXPECT_EQ(test, take_crw(css), CRW(1));
}

static void migrate_data_size_is_what_there_is_to_read(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long size = 0;

	KUNIT_EXPECT_EQ(test,
			css->dev.vdev.mig_ops->migration_get_data_size(&css->dev.vdev, &size), 0);
	KUNIT_EXPECT_EQ(test, size, (unsigned long)SIZE);
}

/* --- bytes that nobody saved -------------------------------------------------------- */

struct bad_row {
	const char *name;
	u32 word;
	u32 value;
};

static const struct bad_row bad_rows[] = {
	{ "magic", MAGIC, 0x76636378 },
	{ "old_version", VERSION_SIZE, 0 << 16 | SIZE },
	{ "new_version", VERSION_SIZE, 2 << 16 | SIZE },
	{ "small_size", VERSION_SIZE, 1 << 16 | (SIZE - 4) },
	{ "large_size", VERSION_SIZE, 1 << 16 | (SIZE + 4) },
	{ "facilities", HAVE, 1u << 31 },
	{ "pending_is_neither", PENDING, 2 },
	{ "pending_is_less", PENDING, 0 },
	{ "status_not_pending", IRB, START | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND },
	{ "status_of_a_program_that_runs", IRB,
	  START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND },
	{ "status_of_a_suspended_program", IRB, SUSPENDED },
	{ "status_of_a_device_that_works", IRB,
	  START | SCSW0_AC_DEVACT | SCSW0_SC_PRIMARY | SCSW0_SC_PEND },
	{ "fewer_reports", NR_CRWS, 1 },
	{ "more_reports", NR_CRWS, 3 },
	{ "too_many_reports", NR_CRWS, VCCW_CRW_MAX + 1 },
	{ "very_many_reports", NR_CRWS, U32_MAX },
	{ "empty_report", CRWS + 1, 0 },
	{ "report_beyond_the_last", CRWS + VCCW_CRW_MAX - 1, CRW(1) },
};

KUNIT_ARRAY_PARAM_DESC(bad, bad_rows, name);

/* refused as a whole, and nothing of it is there afterwards */
static void expect_error(struct fake_css *css)
{
	u32 irb[IRB_WORDS];

	KUNIT_EXPECT_EQ(css->test, get_state(css), ERROR);
	KUNIT_EXPECT_EQ(css->test, css->dev.state, VCCW_STATE_FROZEN);
	KUNIT_EXPECT_FALSE(css->test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(css->test, take_crw(css), 0u);
	KUNIT_EXPECT_EQ(css->test, go(css, RUNNING), -EINVAL);
	KUNIT_EXPECT_EQ(css->test, reset(css), 0);
	KUNIT_EXPECT_EQ(css->test, get_state(css), RUNNING);
}

static void migrate_bad_bytes(struct kunit *test)
{
	const struct bad_row *row = test->param_value;
	struct fake_css *css = test->priv;
	u32 words[WORDS];

	fill(css, 2);
	save(css, words);
	KUNIT_EXPECT_EQ(test, load(css, words, SIZE), 0);
	KUNIT_ASSERT_NE(test, words[row->word], row->value);
	words[row->word] = row->value;
	KUNIT_EXPECT_EQ(test, load(css, words, SIZE), -EINVAL);
	expect_error(css);
	KUNIT_EXPECT_EQ(test, css->dev.stats.restores, 1ull);
	KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

static void migrate_more_reports_than_there_is_room_for(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 words[WORDS];

	fill(css, VCCW_CRW_MAX);
	save(css, words);
	words[NR_CRWS]++;
	KUNIT_EXPECT_EQ(test, load(css, words, SIZE), -EINVAL);
	expect_error(css);
}

static void migrate_truncated_bytes(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u32 words[WORDS];
	size_t size;

	fill(css, 2);
	save(css, words);
	for (size = 0; size < SIZE; size++) {
		KUNIT_ASSERT_EQ_MSG(test, load(css, words, size), -EINVAL, "%zu", size);
		expect_error(css);
		css->nr_unmapped = 0;	/* each stop gives all memory back */
	}
}

/* the end of them is not taken for the end of all */
static void migrate_too_many_bytes(struct kunit *test)
{
	struct fake_css *css = test->priv;
	u8 bytes[SIZE + 1] = {};
	struct file *file;

	save(css, (u32 *)bytes);
	/* all at once */
	file = begin(css, RESUMING);
	KUNIT_EXPECT_EQ(test, do_write(test, file, bytes, SIZE + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, do_write(test, file, bytes, SIZE), -EINVAL);
	fput(file);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -EINVAL);
	expect_error(css);
	/* one by one */
	file = begin(css, RESUMING);
	KUNIT_EXPECT_EQ(test, do_write(test, file, bytes, SIZE), (ssize_t)SIZE);
	KUNIT_EXPECT_EQ(test, do_write(test, file, bytes, 1), -EINVAL);
	fput(file);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -EINVAL);
	expect_error(css);
	/* a whole address space */
	file = begin(css, RESUMING);
	KUNIT_EXPECT_EQ(test, do_write(test, file, bytes, 1), 1);
	KUNIT_EXPECT_EQ(test, file->f_op->write(file, user, SIZE_MAX, NULL), -EINVAL);
	fput(file);
	KUNIT_EXPECT_EQ(test, go(css, STOP), -EINVAL);
	expect_error(css);
}

static struct kunit_case migrate_cases[] = {
	KUNIT_CASE_PARAM(migrate_arc, arc_gen_params),
	KUNIT_CASE(migrate_session_without_memory),
	KUNIT_CASE(migrate_stop_of_an_idle_device),
	KUNIT_CASE(migrate_nothing_is_done_while_stopped),
	KUNIT_CASE(migrate_program_in_flight_ends),
	KUNIT_CASE_SLOW(migrate_program_in_flight_is_ended),
	KUNIT_CASE_SLOW(migrate_stuck_device_is_disabled),
	KUNIT_CASE(migrate_suspended_program_stays),
	KUNIT_CASE(migrate_program_that_changes_itself_ends),
	KUNIT_CASE(migrate_lost_device),
	KUNIT_CASE(migrate_device_lost_while_stopped),
	KUNIT_CASE(migrate_what_comes_while_stopped_waits),
	KUNIT_CASE(migrate_stopped_device_stays_stopped),
	KUNIT_CASE(migrate_carries_all),
	KUNIT_CASE(migrate_replaces_what_was_there),
	KUNIT_CASE(migrate_nothing_is_a_state_too),
	KUNIT_CASE(migrate_pieces),
	KUNIT_CASE(migrate_data_size_is_what_there_is_to_read),
	KUNIT_CASE_PARAM(migrate_bad_bytes, bad_gen_params),
	KUNIT_CASE(migrate_more_reports_than_there_is_room_for),
	KUNIT_CASE_SLOW(migrate_truncated_bytes),
	KUNIT_CASE(migrate_too_many_bytes),
	{}
};

static struct kunit_suite migrate_suite = {
	.name = "vfio_ccw_migrate",
	.init = migrate_init,
	.exit = migrate_exit,
	.test_cases = migrate_cases,
};

kunit_test_suite(migrate_suite);
