// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initial program loading from a disk, as a machine does it when its operator says
 * LOAD: one CCW at 0, of format 0 and without prefetch, reads the first record, 24
 * bytes, to 0, and is chained to what it has read.
 */
#define _GNU_SOURCE
#include "kselftest_harness.h"
#include "libccw.h"

#define READ_IPL	0x02
#define WRITE_DATA	0x05
#define READ_DATA	0x06
#define SEEK		0x07
#define SEARCH_ID	0x31

#define LOW_SIZE	0x10000
#define IPL1_LEN	24
#define IPL2_LEN	144
#define CODE		0x60	/* where a program of our own goes */
#define LABEL		0x200
#define ARGS		(ENV_IOVA + 0x3000)
#define OUT		(ENV_IOVA + 0x8000)
#define IN		(ENV_IOVA + 0x30000)

FIXTURE(ipl)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_irb irb;
	struct ccw_mem low;
};

ENV_VARIANTS(ipl);

FIXTURE_SETUP(ipl)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	if (self->dev->cu_type != ccw_eckd.cu_type) {
		ccw_env_close(&self->e);
		SKIP(return, "no disk with an IPL text");
	}
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_mem_create(&self->low, &self->e.iommu, 0, LOW_SIZE, 0);
}

FIXTURE_TEARDOWN(ipl)
{
	ccw_mem_destroy(&self->low);
	EXPECT_EQ(0, ccw_drain(self->dev));
	ccw_env_close(&self->e);
}

/* a CCW of format 0 in memory */
struct ccw0 {
	u8 cmd;
	u8 addr[3];
	u8 flags;
	u8 reserved;
	u8 count[2];
};

static u32 addr_of(const struct ccw0 *ccw)
{
	return ccw->addr[0] << 16 | ccw->addr[1] << 8 | ccw->addr[2];
}

static u32 count_of(const struct ccw0 *ccw)
{
	return ccw->count[0] << 8 | ccw->count[1];
}

/* SEEK and SEARCH for a record; @args has room for both arguments */
static void put_find(struct ccw_prog *p, u64 args, const u8 *cchhr)
{
	u8 *arg = ccw_hva(p->mem, args);
	u64 search;

	memset(arg, 0, 16);
	memcpy(arg + 2, cchhr, 4);
	memcpy(arg + 8, cchhr, 5);
	ccw_put(p, SEEK, CCW_CC, 6, args);
	search = ccw_put(p, SEARCH_ID, CCW_CC, 5, args + 8);
	ccw_put_tic(p, search);
}

static void put_find_record(struct ccw_prog *p, u64 args, u8 r)
{
	const u8 cchhr[5] = { [4] = r };

	put_find(p, args, cchhr);
}

/* a record, by a plain program: how many bytes it has */
static u32 read_record(struct __test_metadata *_metadata, FIXTURE_DATA(ipl) *self,
		       const u8 *cchhr, u8 *to)
{
	self->p.next = self->p.start;
	put_find(&self->p, ARGS, cchhr);
	ccw_put(&self->p, READ_DATA, CCW_SLI, 0x8000, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	memcpy(to, ccw_hva(&self->e.mem, IN), 0x8000);
	return 0x8000 - self->irb.scsw.count;
}

static void load(struct __test_metadata *_metadata, FIXTURE_DATA(ipl) *self)
{
	struct ccw_prog p;
	struct ccw_orb orb;

	memset(self->low.hva, 0x55, LOW_SIZE);
	ccw_prog_init(&p, &self->low, 0, 0);
	ccw_put(&p, READ_IPL, CCW_CC | CCW_SLI, IPL1_LEN, 0);
	orb = ccw_orb(&p);
	orb.flags &= ~ORB_P;
	ccw_run(self->dev, &orb, &self->irb);
}

/*
 * The text that the volume has: two CCWs read another record and go there, and
 * that looks for a third one and reads it. So it is with the records of OS/360, which
 * dasdload writes.
 */
TEST_F(ipl, text_of_the_volume)
{
	static const u8 first[5] = { [4] = 1 }, second[5] = { [4] = 2 };
	static u8 ipl1[0x8000], ipl2[0x8000], text[0x8000];
	const struct ccw0 *one = (void *)(ipl1 + 8), *two = (void *)ipl2;
	u32 ipl2_at, ipl2_len, text_at, text_len, cchhr;

	ASSERT_EQ(IPL1_LEN, read_record(_metadata, self, first, ipl1));
	if (one[0].cmd != READ_DATA || (one[1].cmd & 0xf) != CMD_TIC)
		SKIP(return, "this volume has no IPL text that reads anything");
	ipl2_at = addr_of(&one[0]);
	ipl2_len = count_of(&one[0]);
	ASSERT_LE(ipl2_len, read_record(_metadata, self, second, ipl2));
	ASSERT_EQ(ipl2_at, addr_of(&one[1]));
	ASSERT_EQ(SEEK, two[0].cmd);
	ASSERT_EQ(SEARCH_ID, two[1].cmd);
	ASSERT_EQ(READ_DATA, two[3].cmd);
	cchhr = addr_of(&two[1]) - ipl2_at;
	ASSERT_LE(cchhr + 5, ipl2_len);
	text_at = addr_of(&two[3]);
	text_len = read_record(_metadata, self, ipl2 + cchhr, text);
	text_len = text_len < count_of(&two[3]) ? text_len : count_of(&two[3]);
	ASSERT_LE(text_at + text_len, LOW_SIZE);
	TH_LOG("%u bytes at %#x, then %u bytes at %#x", ipl2_len, ipl2_at, text_len, text_at);

	load(_metadata, self);
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat) CCW_LOG(&self->irb);
	EXPECT_EQ(0, self->irb.scsw.cstat & ~CSTAT_IL) CCW_LOG(&self->irb);
	EXPECT_EQ(ipl2_at + 32, self->irb.scsw.cpa) CCW_LOG(&self->irb);
	EXPECT_EQ(count_of(&two[3]) - text_len, self->irb.scsw.count) CCW_LOG(&self->irb);
	EXPECT_EQ(0, memcmp(self->low.hva + text_at, text, text_len));
	/* the text may lie over what has led to it */
	if (text_at + text_len <= ipl2_at || text_at >= ipl2_at + ipl2_len)
		EXPECT_EQ(0, memcmp(self->low.hva + ipl2_at, ipl2, ipl2_len));
	if (text_at >= IPL1_LEN)
		EXPECT_EQ(0, memcmp(self->low.hva, ipl1, IPL1_LEN));
}

/* write the two records of a text */
static void write_records(struct __test_metadata *_metadata, FIXTURE_DATA(ipl) *self,
			  const u8 *ipl1, const u8 *ipl2)
{
	memcpy(ccw_hva(&self->e.mem, OUT), ipl1, IPL1_LEN);
	memcpy(ccw_hva(&self->e.mem, OUT + CODE), ipl2, IPL2_LEN);
	self->p.next = self->p.start;
	put_find_record(&self->p, ARGS, 1);
	ccw_put(&self->p, WRITE_DATA, CCW_SLI | CCW_CC, IPL1_LEN, OUT);
	put_find_record(&self->p, ARGS + 16, 2);
	ccw_put(&self->p, WRITE_DATA, CCW_SLI, IPL2_LEN, OUT + CODE);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

/* a text of our own: it ends with having read the label */
static void write_text(struct __test_metadata *_metadata, FIXTURE_DATA(ipl) *self)
{
	struct ccw_prog text;

	memset(self->low.hva, 0, LOW_SIZE);
	ccw_prog_init(&text, &self->low, 0, 0);
	text.next = 8;
	ccw_put(&text, READ_DATA, CCW_CC | CCW_SLI, IPL2_LEN, CODE);
	ccw_put_tic(&text, CODE);
	text.next = CODE;
	put_find_record(&text, CODE + 0x40, 3);
	ccw_put(&text, READ_DATA, CCW_SLI, 80, LABEL);
	write_records(_metadata, self, self->low.hva, self->low.hva + CODE);
}

/* what the volume has is written back in the end */
TEST_F(ipl, text_that_reads_the_label)
{
	static const u8 vol1[] = { 0xe5, 0xd6, 0xd3, 0xf1 };
	static const u8 first[5] = { [4] = 1 }, second[5] = { [4] = 2 };
	static u8 ipl1[0x8000], ipl2[0x8000];

	if (!ccw_may_write())
		SKIP(return, "%s", ccw_no_data(self->dev->backend));
	ASSERT_EQ(IPL1_LEN, read_record(_metadata, self, first, ipl1));
	ASSERT_EQ(IPL2_LEN, read_record(_metadata, self, second, ipl2));
	write_text(_metadata, self);
	load(_metadata, self);
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat) CCW_LOG(&self->irb);
	EXPECT_EQ(0, self->irb.scsw.cstat & ~CSTAT_IL) CCW_LOG(&self->irb);
	EXPECT_EQ(CODE + 0x20, self->irb.scsw.cpa) CCW_LOG(&self->irb);
	EXPECT_EQ(0, memcmp(self->low.hva + LABEL, vol1, sizeof(vol1)));
	write_records(_metadata, self, ipl1, ipl2);
}

TEST_HARNESS_MAIN
