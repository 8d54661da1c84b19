// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of rules that the user-space tests run, too, and programs made from
 * a seed. Here they run on the machine they are for: its byte order, its
 * allocator, KASAN, lockdep and failing allocations. That machine is slow, so
 * each rule is run here once as memory usually is and once in another mode; user
 * space runs it in all of them.
 */
#include <kunit/test.h>
#include <linux/prandom.h>

#include "cp_rules_run.h"
#include "fail.h"

static const void *rule_gen_params(struct kunit *test, const void *prev, char *desc)
{
	/* rows are numbered from 1, so that none is NULL */
	unsigned long row = (unsigned long)prev;

	if (row >= cp_rules_nr())
		return NULL;
	strscpy(desc, cp_rules_name(row), KUNIT_PARAM_DESC_SIZE);
	return (const void *)(row + 1);
}

/* the translator allocates alike for most rows */
static const void *failing_gen_params(struct kunit *test, const void *prev, char *desc)
{
	unsigned long row = (unsigned long)prev;

	return rule_gen_params(test, (const void *)(row ? row + 15 : 0), desc);
}

static u32 row_of(struct kunit *test)
{
	return (unsigned long)test->param_value - 1;
}

/* one for all cases: it is large, and large memory is slow to get under KASAN */
static struct cp_check *checker;

static int cp_kunit_suite_init(struct kunit_suite *suite)
{
	checker = cp_check_create();
	return checker ? 0 : -ENOMEM;
}

static void cp_kunit_suite_exit(struct kunit_suite *suite)
{
	if (checker)
		cp_check_destroy(checker);
}

static int cp_kunit_init(struct kunit *test)
{
	/* the arena stays, used as that of a device at work */
	cp_forget(&checker->cp);
	cp_forget(&checker->spare);
	fm_reset(checker->fm);
	checker->cp.ops = &fake_mem_ops;
	checker->spare.ops = &fake_mem_ops;
	test->priv = checker;
	return 0;
}

static void cp_rule(struct kunit *test)
{
	struct cp_check *ck = test->priv;

	if (!cp_rules_run(ck, row_of(test), true))
		KUNIT_FAIL(test, "%s: %s", cp_rules_of(row_of(test)), ck->fm->error);
}

#define MANY	60u
#define ALL	100000u

/*
 * Every allocation fails once in turn, of very many every so often one: no leak, no
 * splat, and the next start works.
 */
static void cp_rule_with_failing_allocations(struct kunit *test)
{
	struct cp_check *ck = test->priv;
	u32 nth, all, step;

	kunit_needs_failures(test);
	/* the fake memory keeps what it allocates: only the translator's can fail below */
	if (!cp_rules_translate(ck, row_of(test)))
		kunit_skip(test, "nothing to be translated");
	cp_check_restart(ck);
	kunit_fail_nth(ALL);
	cp_rules_translate(ck, row_of(test));
	all = ALL - kunit_fail_nth(0);
	KUNIT_EXPECT_LT(test, all, ALL);
	step = all < MANY ? 1 : all / (MANY / 4);
	for (nth = 1; nth <= all; nth += step) {
		cp_check_restart(ck);
		kunit_fail_nth(nth);
		cp_rules_translate(ck, row_of(test));
		/* the kernel's own allocator does not always need as many */
		if (kunit_fail_nth(0))
			break;
		KUNIT_EXPECT_TRUE_MSG(test, !ck->rc || ck->rc == -ENOMEM, "allocation %u: %d",
				      nth, ck->rc);
	}
	KUNIT_EXPECT_GT(test, nth, 1u);
	cp_rules_translate(ck, row_of(test));
	KUNIT_EXPECT_EQ(test, ck->rc, 0);
	if (ck->fm->nr_errors)
		KUNIT_FAIL(test, "%s", ck->fm->error);
}

/* --- random programs ---------------------------------------------------------- */

#define PROGRAMS	1000
#define CCWS_AT		0x1000u
#define IDALS_AT	0x8000u
#define DATA_AT		0x10000u
#define DATA_FRAMES	0x30u

static u32 below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

static u32 one_of(struct rnd_state *rnd, const u32 *list, u32 n)
{
	return list[below(rnd, n)];
}

#define ONE_OF(rnd, ...) \
	one_of(rnd, (const u32[]){ __VA_ARGS__ }, ARRAY_SIZE(((const u32[]){ __VA_ARGS__ })))

static u32 data_address(struct rnd_state *rnd)
{
	return DATA_AT + below(rnd, DATA_FRAMES) * FM_FRAME +
	       ONE_OF(rnd, 0, 0, 1, 0x7ff, 0x800, 0xff8, 0xfff, below(rnd, FM_FRAME));
}

static u32 random_idal(struct rnd_state *rnd, struct fake_mem *fm, u32 orb, u32 *next, bool back)
{
	u32 size = orb & ORB1_H ? 8 : 4, at, i, n = 1 + below(rnd, 6);

	/* sometimes across a page, sometimes misaligned */
	at = ALIGN(*next, size) + (below(rnd, 40) ? 0 : 2);
	for (i = 0; i < n; i++) {
		u64 idaw = data_address(rnd);

		if (i && below(rnd, 12))
			idaw = back ? idaw | 0xfff : idaw & ~0xfffull;
		if (!below(rnd, 60))
			idaw |= size == 8 ? 1ull << 40 : 1u << 31;
		fm_put(fm, at + i * size, idaw, size);
	}
	*next = at + n * size;
	return at;
}

/* lists that are too short, too long, and of MIDAWs that are good or not */
static u32 random_midal(struct rnd_state *rnd, struct fake_mem *fm, u32 count, u32 *next)
{
	u32 at = ALIGN(*next, 16), n = 1 + below(rnd, 4), i, take;
	u64 head, addr;

	for (i = 0; i < n; i++) {
		addr = data_address(rnd);
		take = i + 1 < n ? below(rnd, count + 1) : count;
		count -= take;
		head = take | (i + 1 < n ? 0 : MIDAW_LAST) | (below(rnd, 8) ? 0 : MIDAW_SKIP);
		if (!below(rnd, 40))
			head ^= 1ull << below(rnd, 40);
		fm_put(fm, at + i * 16, head, 8);
		fm_put(fm, at + i * 16 + 8, addr, 8);
	}
	*next = at + n * 16;
	return at + (below(rnd, 40) ? 0 : 8);
}

static void random_ccw(struct rnd_state *rnd, struct fake_mem *fm, u32 orb, u32 at, u32 n,
		       u32 *idals)
{
	u32 cmd = ONE_OF(rnd, 0x01, 0x02, 0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x08, 0x0c, 0x31,
			 0x85, 0xe4, below(rnd, 256));
	u32 flags = ONE_OF(rnd, CCW_FLAG_CC, CCW_FLAG_CC, CCW_FLAG_CC, CCW_FLAG_CD, 0,
			   CCW_FLAG_CC | CCW_FLAG_CD);
	u32 count = ONE_OF(rnd, 1, 8, 16, 0x800, 0x1000, 0x1001, 0x1800, 0, below(rnd, 0x3000));
	u32 addr = data_address(rnd);

	flags |= below(rnd, 2) ? CCW_FLAG_SLI : 0;
	flags |= below(rnd, 12) ? 0 : CCW_FLAG_SKIP;
	flags |= below(rnd, 12) ? 0 : CCW_FLAG_PCI;
	if (cmd == CCW_CMD_TIC) {
		flags = below(rnd, 20) ? 0 : flags;
		count = flags ? count : 0;
		addr = CCWS_AT + 8 * below(rnd, n + 1);
	} else if (orb & ORB1_D && !below(rnd, 2)) {
		flags = (flags & ~CCW_FLAG_SKIP) | CCW_FLAG_MIDA;
		addr = random_midal(rnd, fm, count, idals);
	} else if (!below(rnd, 3)) {
		flags |= CCW_FLAG_IDA;
		addr = random_idal(rnd, fm, orb, idals, (cmd & 0x0f) == 0x0c);
	}
	if (orb & ORB1_F)
		fm_put(fm, at, (u64)cmd << 56 | (u64)flags << 48 | (u64)count << 32 | addr, 8);
	else
		fm_put(fm, at, (u64)cmd << 56 | (u64)(addr & 0xffffff) << 32 |
		       (u64)flags << 24 | count, 8);
}

static void random_memory(struct rnd_state *rnd, struct fake_mem *fm)
{
	static const u32 props[] = { FM_HOLE, FM_RO, FM_LOW, FM_MISS, FM_NOPEEK, FM_LOW | FM_MISS };
	u32 i;

	fm_reset(fm);
	for (i = below(rnd, 6); i; i--)
		fm_area(fm, (DATA_AT >> FM_SHIFT) + below(rnd, DATA_FRAMES), 1 + below(rnd, 4),
			one_of(rnd, props, ARRAY_SIZE(props)));
	fm->no_peek = !below(rnd, 4);
	fm->no_lookup = !below(rnd, 4);
}

static struct cp_orb random_program(struct rnd_state *rnd, struct fake_mem *fm)
{
	u32 n = 1 + below(rnd, 12), idals = IDALS_AT + ONE_OF(rnd, 0, 0xff0, 0x7f8), i;
	struct cp_orb orb = { .intparm = 1, .cpa = CCWS_AT };

	random_memory(rnd, fm);
	orb.flags = ORB1_LPM | ONE_OF(rnd, ORB1_F, ORB1_F, 0) | ONE_OF(rnd, 0, 0, ORB1_D) |
		    ONE_OF(rnd, ORB1_H, 0, ORB1_H | ORB1_T, ORB1_T) |
		    ONE_OF(rnd, 0, ORB1_P, ORB1_L, ORB1_I, 0x30000000u);
	for (i = 0; i < n; i++)
		random_ccw(rnd, fm, orb.flags, CCWS_AT + 8 * i, n, &idals);
	/* what the grammar does not think of */
	for (i = below(rnd, 3); i; i--)
		fm_put(fm, CCWS_AT + below(rnd, 8 * n), below(rnd, 256), 1);
	return orb;
}

static void cp_random_programs_do_the_same(struct kunit *test)
{
	struct cp_check *ck = test->priv;
	u32 i, j, nr, started = 0, excused = 0;
	struct chan_step step[16];
	struct rnd_state rnd;
	struct cp_orb orb;

	prandom_seed_state(&rnd, 31);
	for (i = 0; i < PROGRAMS; i++) {
		orb = random_program(&rnd, ck->fm);
		cp_check_translate(ck, &orb);
		KUNIT_ASSERT_EQ_MSG(test, ck->rc, 0, "program %u", i);
		nr = below(&rnd, ARRAY_SIZE(step) + 1);
		for (j = 0; j < nr; j++)
			step[j] = (struct chan_step) {
				.bytes = ONE_OF(&rnd, CHAN_ALL, CHAN_ALL, 0, 7, 0x1000,
						below(&rnd, 0x2000)),
				.dstat = ONE_OF(&rnd, 0, 0, 0, DEV_CE | DEV_DE | DEV_SM,
						DEV_CE | DEV_DE | DEV_UX, DEV_CE | DEV_DE | DEV_UC),
				.immediate = !below(&rnd, 8),
				.split = !below(&rnd, 8),
			};
		cp_check_run(ck, step, nr, 100, 1u << 15, below(&rnd, 2));
		KUNIT_ASSERT_EQ_MSG(test, ck->fm->nr_errors, 0u, "program %u: %s", i,
				    ck->fm->error);
		started += !ck->res.cstat;
		excused += ck->excused;
		cp_forget(&ck->cp);
		cond_resched();
	}
	kunit_info(test, "%u programs, %u started, %u excused", PROGRAMS, started, excused);
	KUNIT_EXPECT_GT(test, started, PROGRAMS / 2u);
	KUNIT_EXPECT_LT(test, excused, PROGRAMS / 10u);
}

static struct kunit_case cp_cases[] = {
	KUNIT_CASE_PARAM(cp_rule, rule_gen_params),
	KUNIT_CASE_PARAM(cp_rule_with_failing_allocations, failing_gen_params),
	KUNIT_CASE_SLOW(cp_random_programs_do_the_same),
	{}
};

static struct kunit_suite cp_suite = {
	.name = "vfio_ccw_cp",
	.suite_init = cp_kunit_suite_init,
	.suite_exit = cp_kunit_suite_exit,
	.init = cp_kunit_init,
	.test_cases = cp_cases,
};

kunit_test_suite(cp_suite);
