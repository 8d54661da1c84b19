// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of channel reports: bounded, in order, and honest about its losses.
 */
#include <kunit/test.h>
#include <linux/prandom.h>

#include "../crw.h"

static struct vccw_crws *new_queue(struct kunit *test)
{
	struct vccw_crws *crws = kunit_kzalloc(test, sizeof(*crws), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, crws);
	return crws;
}

static void fill(struct vccw_crws *crws, u32 n)
{
	u32 i;

	for (i = 1; i <= n; i++)
		vccw_crw_add(crws, i);
}

static void crw_empty_queue_reads_zero(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);

	KUNIT_EXPECT_EQ(test, vccw_crw_peek(crws), 0u);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
	vccw_crw_add(crws, 7);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 7u);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
}

static void crw_reports_keep_their_order(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 i;

	fill(crws, VCCW_CRW_MAX);
	for (i = 1; i <= VCCW_CRW_MAX; i++)
		KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), i);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
	KUNIT_EXPECT_EQ(test, crws->dropped, 0ull);
}

static void crw_peek_takes_nothing(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);

	fill(crws, 2);
	KUNIT_EXPECT_EQ(test, vccw_crw_peek(crws), 1u);
	KUNIT_EXPECT_EQ(test, vccw_crw_peek(crws), 1u);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 1u);
	KUNIT_EXPECT_EQ(test, vccw_crw_peek(crws), 2u);
}

static void crw_overflow_is_told_by_the_last_report(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 i;

	fill(crws, VCCW_CRW_MAX + 3);
	KUNIT_EXPECT_EQ(test, crws->dropped, 3ull);
	for (i = 1; i < VCCW_CRW_MAX; i++)
		KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), i);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), VCCW_CRW_MAX | VCCW_CRW_OVERFLOW);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
}

static void crw_after_an_overflow_there_is_room_again(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 i;

	fill(crws, VCCW_CRW_MAX + 1);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 1u);
	vccw_crw_add(crws, 0x1234);
	for (i = 2; i < VCCW_CRW_MAX; i++)
		KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), i);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), VCCW_CRW_MAX | VCCW_CRW_OVERFLOW);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0x1234u);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
}

static void crw_untaken_report_comes_again_first(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 crw;

	fill(crws, 3);
	crw = vccw_crw_take(crws);
	vccw_crw_add(crws, 4);
	vccw_crw_untake(crws, crw);
	for (crw = 1; crw <= 4; crw++)
		KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), crw);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
	vccw_crw_untake(crws, 0);
	KUNIT_EXPECT_EQ(test, crws->nr, 0u);
}

static void crw_untake_into_a_full_queue_drops_the_newest(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 crw, i;

	fill(crws, VCCW_CRW_MAX);
	crw = vccw_crw_take(crws);
	vccw_crw_add(crws, 0x777);
	vccw_crw_untake(crws, crw);
	KUNIT_EXPECT_EQ(test, crws->dropped, 1ull);
	for (i = 1; i < VCCW_CRW_MAX; i++)
		KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), i);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), VCCW_CRW_MAX | VCCW_CRW_OVERFLOW);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
}

static void crw_reset_forgets(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);

	fill(crws, VCCW_CRW_MAX + 1);
	vccw_crw_reset(crws);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 0u);
	vccw_crw_add(crws, 5);
	KUNIT_EXPECT_EQ(test, vccw_crw_take(crws), 5u);
}

/* against a queue that is obviously right, across the wrap of the index */
static void crw_random_traffic_matches_a_list(struct kunit *test)
{
	struct vccw_crws *crws = new_queue(test);
	u32 *list = kunit_kcalloc(test, VCCW_CRW_MAX, sizeof(*list), GFP_KERNEL);
	u32 nr = 0, i, expected, next = 1;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, list);
	prandom_seed_state(&rnd, 4711);
	crws->first = U32_MAX - 500;
	for (i = 0; i < 20000; i++) {
		/* runs of mostly adding and runs of mostly taking */
		bool add = prandom_u32_state(&rnd) % 4 < ((i >> 7) & 1 ? 1 : 3);

		if (add) {
			vccw_crw_add(crws, next);
			if (nr < VCCW_CRW_MAX)
				list[nr++] = next;
			else
				list[VCCW_CRW_MAX - 1] |= VCCW_CRW_OVERFLOW;
			next++;
			continue;
		}
		expected = nr ? list[0] : 0;
		KUNIT_ASSERT_EQ_MSG(test, vccw_crw_take(crws), expected, "step %u", i);
		if (nr)
			memmove(list, list + 1, --nr * sizeof(*list));
	}
}

static struct kunit_case crw_cases[] = {
	KUNIT_CASE(crw_empty_queue_reads_zero),
	KUNIT_CASE(crw_reports_keep_their_order),
	KUNIT_CASE(crw_peek_takes_nothing),
	KUNIT_CASE(crw_overflow_is_told_by_the_last_report),
	KUNIT_CASE(crw_after_an_overflow_there_is_room_again),
	KUNIT_CASE(crw_untaken_report_comes_again_first),
	KUNIT_CASE(crw_untake_into_a_full_queue_drops_the_newest),
	KUNIT_CASE(crw_reset_forgets),
	KUNIT_CASE(crw_random_traffic_matches_a_list),
	{}
};

static struct kunit_suite crw_suite = {
	.name = "vfio_ccw_crw",
	.test_cases = crw_cases,
};

kunit_test_suite(crw_suite);
