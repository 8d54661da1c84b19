// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory that goes while a program is in flight, or somebody else is at work.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "fake_css.h"

#define AT(page)	((u64)(page) << PAGE_SHIFT)

static int unmap_init(struct kunit *test)
{
	struct fake_css *css;

	fake_css_init(test);
	css = test->priv;
	css->in_use = (struct vccw_range) { AT(20), AT(24) - 1 };
	fake_goto(css, VCCW_STATE_BUSY);
	return 0;
}

static void expect_unmapped(struct fake_css *css, u32 i, u64 first, u64 last)
{
	KUNIT_ASSERT_LT(css->test, i, css->nr_unmapped);
	KUNIT_EXPECT_EQ(css->test, css->unmapped[i].first, first);
	KUNIT_EXPECT_EQ(css->test, css->unmapped[i].last, last);
}

static void unmap_of_other_memory_disturbs_nothing(struct kunit *test)
{
	struct fake_css *css = test->priv;

	vccw_unmap(&css->dev, AT(10), AT(10));
	vccw_unmap(&css->dev, AT(24), AT(1));
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_STREQ(test, fake_log(css), "");
	KUNIT_EXPECT_EQ(test, css->nr_unmapped, 2u);
	expect_unmapped(css, 0, AT(10), AT(20) - 1);
	expect_unmapped(css, 1, AT(24), AT(25) - 1);
}

static void unmap_ends_the_program_that_uses_it(struct kunit *test)
{
	struct fake_css *css = test->priv;

	fake_set_triggers(css);
	vccw_unmap(&css->dev, AT(23), AT(100));
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	KUNIT_EXPECT_TRUE(test, css->dev.status.pending);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, css->nr_unmapped, 1u);
	expect_unmapped(css, 0, AT(23), AT(123) - 1);
}

/* iommufd asks for all there is with a length that is one short of it */
static void unmap_reaches_the_end_of_the_address_space(struct kunit *test)
{
	struct fake_css *css = test->priv;

	vccw_unmap(&css->dev, U64_MAX - AT(1) + 1, AT(1));
	vccw_unmap(&css->dev, AT(24), U64_MAX);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	vccw_unmap(&css->dev, 0, U64_MAX);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_IDLE);
	expect_unmapped(css, 0, U64_MAX - AT(1) + 1, U64_MAX);
	expect_unmapped(css, 1, AT(24), U64_MAX);
	expect_unmapped(css, 2, 0, U64_MAX - 1);
}

/* --- devices that are no help ---------------------------------------------------- */

/* what unmap.c has for two of them, less some time for a slow machine */
#define LONGEST		(12 * HZ)

/**
 * struct stuck_row - a device that does not come to rest
 * @name: of the case
 * @answer: what comes of it each time it is tried
 * @lost_in_us: when it is lost, 0: it is not, or is found to be
 * @log: the instructions after which vfio can go on, but for those that try it again
 * @next: the state then
 * @scsw0: of the status that the user gets
 * @scsw2: of it
 */
struct stuck_row {
	const char *name;
	int answer[2];
	u32 lost_in_us;
	const char *log;
	enum vccw_state next;
	u32 scsw0, scsw2;
};

#define ENDED	(SCSW0_FC_START | SCSW0_SC_ALERT | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | \
		 SCSW0_SC_PEND)
#define IFCC	0x00020000u

static const struct stuck_row stuck_rows[] = {
	{ "never_at_rest", { -EBUSY, -EBUSY }, 0, NULL, VCCW_STATE_IDLE, ENDED, IFCC },
	{ "nothing_left_to_be_tried", { -EIO }, 0, "rest disable enable", VCCW_STATE_IDLE,
	  ENDED, IFCC },
	{ "found_to_be_lost", { -EBUSY, -EACCES }, 0, "rest rest disable", VCCW_STATE_GONE,
	  SCSW0_CC | ENDED, 0 },
	{ "lost_meanwhile", { -EBUSY, -EBUSY }, 5000, "rest disable", VCCW_STATE_GONE,
	  SCSW0_CC | ENDED, 0 },
};

KUNIT_ARRAY_PARAM_DESC(stuck, stuck_rows, name);

/* vfio's unmap comes back, and what it asked for is given back, whatever the device does */
static void unmap_of_a_device_that_does_not_come_to_rest(struct kunit *test)
{
	const struct stuck_row *row = test->param_value;
	struct fake_css *css = test->priv;
	unsigned long start = jiffies;
	u32 irb[IRB_WORDS], i;

	fake_set_triggers(css);
	for (i = 0; i < 2; i++)
		fake_answer(css, FAKE_REST, row->answer[i]);
	css->rest_irq_us = row->lost_in_us;
	css->irq_event = VCCW_EVENT_LOST;
	vccw_unmap(&css->dev, AT(23), AT(100));
	KUNIT_EXPECT_LT(test, jiffies - start, (unsigned long)LONGEST);
	KUNIT_EXPECT_EQ(test, css->nr_unmapped, 1u);
	expect_unmapped(css, 0, AT(23), AT(123) - 1);
	KUNIT_EXPECT_FALSE(test, css->dev.program || css->dev.cp.valid || css->pages);
	KUNIT_EXPECT_EQ(test, css->dev.state, row->next);
	if (row->log)
		KUNIT_EXPECT_STREQ(test, fake_log(css), row->log);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_IO_IRQ_INDEX), 1u);
	KUNIT_EXPECT_EQ(test, fake_signals(VFIO_CCW_REQ_IRQ_INDEX),
			row->next == VCCW_STATE_GONE ? 1u : 0u);
	KUNIT_EXPECT_TRUE(test, fake_take(css, irb));
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW0], row->scsw0);
	KUNIT_EXPECT_EQ(test, irb[IRB_SCSW2], row->scsw2);
	if (row->next == VCCW_STATE_IDLE)
		KUNIT_EXPECT_EQ(test, fake_start(css, FAKE_CPA), 0);
}

/* --- several at once ----------------------------------------------------------- */

struct asker {
	struct work_struct work;
	struct fake_css *css;
	u64 iova;
	u64 length;
	struct completion done;
};

static void asker_work(struct work_struct *work)
{
	struct asker *asker = container_of(work, struct asker, work);

	vccw_unmap(&asker->css->dev, asker->iova, asker->length);
	complete(&asker->done);
}

/* how many wait */
static u32 waiting(struct fake_css *css, u64 *asked)
{
	guard(spinlock)(&css->dev.unmap.lock);
	*asked = css->dev.unmap.asked;
	return css->dev.unmap.nr;
}

/* somebody asks; the first one's turn has come then, the others wait */
static void ask(struct fake_css *css, struct asker *asker, u64 first, u64 nr)
{
	unsigned long limit = jiffies + 10 * HZ;
	u64 before, now;

	waiting(css, &before);
	asker->css = css;
	asker->iova = AT(first);
	asker->length = AT(nr);
	init_completion(&asker->done);
	INIT_WORK(&asker->work, asker_work);
	queue_work(vccw_wq, &asker->work);
	while (waiting(css, &now) != min(before, VCCW_UNMAPS) || now == before) {
		KUNIT_ASSERT_TRUE(css->test, time_before(jiffies, limit));
		schedule_timeout_uninterruptible(1);
	}
}

static void expect_done(struct fake_css *css, struct asker *asker, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_NE(css->test, 0ul,
				wait_for_completion_timeout(&asker[i].done, 30 * HZ));
}

/* a program between two of them does not notice */
static void unmaps_that_wait_are_not_one(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct asker *asker = kunit_kcalloc(test, 3, sizeof(*asker), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, asker);
	scoped_guard(mutex, &css->dev.io_lock) {
		ask(css, &asker[0], 5, 1);
		ask(css, &asker[1], 10, 10);
		ask(css, &asker[2], 24, 10);
	}
	expect_done(css, asker, 3);
	KUNIT_EXPECT_EQ(test, css->dev.state, VCCW_STATE_BUSY);
	KUNIT_EXPECT_EQ(test, css->nr_unmapped, 3u);
	expect_unmapped(css, 0, AT(5), AT(6) - 1);
	expect_unmapped(css, 1, AT(10), AT(20) - 1);
	expect_unmapped(css, 2, AT(24), AT(34) - 1);
}

/* nothing is left out if there are more than the driver has room for */
static void unmaps_of_a_crowd(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct asker *asker = kunit_kcalloc(test, 10, sizeof(*asker), GFP_KERNEL);
	u32 i, k;

	KUNIT_ASSERT_NOT_NULL(test, asker);
	scoped_guard(mutex, &css->dev.io_lock)
		for (i = 0; i < 10; i++)
			ask(css, &asker[i], 100 - 10 * i, 1);
	expect_done(css, asker, 10);
	for (i = 0; i < 10; i++) {
		for (k = 0; k < css->nr_unmapped; k++)
			if (css->unmapped[k].first <= AT(100 - 10 * i) &&
			    css->unmapped[k].last >= AT(101 - 10 * i) - 1)
				break;
		KUNIT_EXPECT_LT_MSG(test, k, css->nr_unmapped, "unmap %u was forgotten", i);
	}
}

/* whoever is in the way keeps vfio waiting for some time only; it is done afterwards */
static void unmap_does_not_wait_for_ever(struct kunit *test)
{
	struct fake_css *css = test->priv;
	unsigned long start = jiffies;

	scoped_guard(mutex, &css->dev.io_lock) {
		vccw_unmap(&css->dev, AT(10), AT(1));
		KUNIT_EXPECT_LT(test, jiffies - start, 20ul * HZ);
		KUNIT_EXPECT_EQ(test, css->nr_unmapped, 0u);
		KUNIT_EXPECT_TRUE(test, READ_ONCE(css->gives_way));
	}
	flush_work(&css->dev.unmap.work);
	expect_unmapped(css, 0, AT(10), AT(11) - 1);
}

/* whoever has io_lock gets to know that somebody waits for it, until there is nobody any more */
static void unmap_asks_translations_to_give_way(struct kunit *test)
{
	struct fake_css *css = test->priv;
	struct asker *asker = kunit_kcalloc(test, 2, sizeof(*asker), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, asker);
	scoped_guard(mutex, &css->dev.io_lock) {
		KUNIT_EXPECT_FALSE(test, READ_ONCE(css->gives_way));
		ask(css, &asker[0], 5, 1);
		KUNIT_EXPECT_TRUE(test, READ_ONCE(css->gives_way));
		ask(css, &asker[1], 10, 1);
	}
	expect_done(css, asker, 2);
	flush_work(&css->dev.unmap.work);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(css->gives_way));
}

static struct kunit_case unmap_cases[] = {
	KUNIT_CASE(unmap_of_other_memory_disturbs_nothing),
	KUNIT_CASE(unmap_ends_the_program_that_uses_it),
	KUNIT_CASE(unmap_reaches_the_end_of_the_address_space),
	KUNIT_CASE_PARAM(unmap_of_a_device_that_does_not_come_to_rest, stuck_gen_params),
	KUNIT_CASE(unmaps_that_wait_are_not_one),
	KUNIT_CASE(unmaps_of_a_crowd),
	KUNIT_CASE(unmap_asks_translations_to_give_way),
	KUNIT_CASE_SLOW(unmap_does_not_wait_for_ever),
	{}
};

static struct kunit_suite unmap_suite = {
	.name = "vfio_ccw_unmap",
	.init = unmap_init,
	.exit = fake_css_exit,
	.test_cases = unmap_cases,
};

kunit_test_suite(unmap_suite);
