// SPDX-License-Identifier: GPL-2.0-only
/*
 * START SUBCHANNEL: what the channel program says is what the device does, and
 * what the guest then sees is what a channel would have told it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)	/* parameters of the back-end */
#define IDAL	(ENV_IOVA + 0x12000)
#define MORE	(ENV_IOVA + 0x14000)	/* more CCWs */
#define OUT	(ENV_IOVA + 0x20000)
#define IN	(ENV_IOVA + 0x30000)
#define MANY	(ENV_IOVA + 0x100000)	/* CCWs by the thousand */
#define NOWHERE	0x00f00000UL		/* nothing is mapped there */

#define BOTH	(DSTAT_CE | DSTAT_DE)

FIXTURE(start)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	const struct ccw_backend *b;
	struct ccw_irb irb;
};

FIXTURE_VARIANT(start)
{
	enum ccw_iommu_mode iommu;
	int fmt;
};

FIXTURE_VARIANT_ADD(start, type1_fmt1) { .iommu = IOMMU_TYPE1, .fmt = 1 };
FIXTURE_VARIANT_ADD(start, type1_fmt0) { .iommu = IOMMU_TYPE1, .fmt = 0 };
FIXTURE_VARIANT_ADD(start, iommufd) { .iommu = IOMMU_IOMMUFD, .fmt = 1 };
FIXTURE_VARIANT_ADD(start, group_iommufd) {
	.iommu = IOMMU_GROUP_IOMMUFD, .fmt = 1
};

FIXTURE_SETUP(start)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	self->b = self->dev->backend;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
}

/* Whatever a test did, the device is as good as new. */
FIXTURE_TEARDOWN(start)
{
	struct ccw_prog p;

	ccw_drain(self->dev);
	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, variant->fmt);
	ccw_put(&p, CMD_NOP, CCW_SLI, 1, ARG);
	ccw_run_ok(self->dev, &p, &self->irb);
	EXPECT_EQ(0, ccw_drain(self->dev));
	ccw_env_close(&self->e);
}

static void nop(struct ccw_prog *p, u8 flags)
{
	ccw_put(p, CMD_NOP, CCW_SLI | flags, 1, ARG);
}

static void *hva(FIXTURE_DATA(start) *self, u64 iova)
{
	return ccw_hva(&self->e.mem, iova);
}

/* ---- programs that work ---- */

TEST_F(start, nop)
{
	nop(&self->p, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(FCTL_START | STCTL_PRIM | STCTL_SEC | STCTL_PEND,
		  self->irb.scsw.flags & 0x7fff);
	EXPECT_EQ(0, self->irb.scsw.cstat);
}

TEST_F(start, status_echoes_the_orb)
{
	static const u32 bits[] = {
		0, ORB_P, ORB_U, ORB_A, ORB_P | ORB_U, ORB_KEY(3),
		ORB_KEY(15) | ORB_P,
	};
	const u32 echoed = SCSW_KEY | SCSW_F | SCSW_P | SCSW_I | SCSW_A |
			   SCSW_U;
	struct ccw_orb orb;
	int i;

	nop(&self->p, 0);
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		orb = ccw_orb(&self->p);
		orb.flags = (orb.flags & ~ORB_P) | bits[i];
		ccw_run(self->dev, &orb, &self->irb);
		EXPECT_EQ(orb.flags & echoed, self->irb.scsw.flags & echoed)
			TH_LOG("ORB bits %08x", bits[i]);
		EXPECT_EQ(BOTH, self->irb.scsw.dstat);
	}
}

TEST_F(start, sense_id)
{
	u8 *id = hva(self, IN);

	memset(id, 0xee, 64);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 7, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0xff, id[0]);
	EXPECT_EQ(self->dev->cu_type, id[1] << 8 | id[2]);
	EXPECT_EQ(0xee, id[7]);
}

/* what was not moved is told, and was not moved */
TEST_F(start, residual_count)
{
	u8 *id = hva(self, IN);
	int i, len;

	memset(id, 0xee, 512);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 500, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	len = 500 - self->irb.scsw.count;
	EXPECT_LE(4, len);
	EXPECT_LE(len, 256);
	for (i = len; i < 512; i++)
		ASSERT_EQ(0xee, id[i]);
}

TEST_F(start, chains_of_many_lengths)
{
	static const int lengths[] = { 2, 3, 16, 100, 254, 255, 256, 257, 511, 512, 600 };
	int i, n;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		for (n = 0; n < lengths[i]; n++)
			ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
				IN + 8 * n);
		nop(&self->p, 0);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		EXPECT_EQ(0xff, *(u8 *)hva(self, IN + 8 * (n - 1)));
	}
}

TEST_F_TIMEOUT(start, chain_of_16384, 120)
{
	int n;

	ccw_prog_init(&self->p, &self->e.mem, MANY, variant->fmt);
	for (n = 0; n < 16383; n++)
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
			IN + (n & 0xfff) * 16);
	nop(&self->p, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

/* more than anyone's bound: refused to the guest, not by an errno */
TEST_F_TIMEOUT(start, chain_without_end, 120)
{
	u64 end = ENV_IOVA + ENV_SIZE;

	ccw_prog_init(&self->p, &self->e.mem, MANY, variant->fmt);
	while (self->p.next < end)
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	{
		struct ccw_orb orb = ccw_orb(&self->p);

		ccw_run(self->dev, &orb, &self->irb);
	}
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
}

TEST_F(start, tic_forward_and_back)
{
	u64 back = self->p.next;

	/* back: sense id, nop; start: nop, TIC back */
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	nop(&self->p, 0);
	self->p.start = self->p.next;
	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, MORE);

	self->p.next = MORE;
	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, back);

	self->p.next = back + 16;	/* where it ends */
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0xff, *(u8 *)hva(self, IN));
}

TEST_F(start, tic_into_the_middle)
{
	u64 first = self->p.next;

	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, first + 24);
	ccw_put(&self->p, 0, 0, 0, 0);		/* skipped */
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0xff, *(u8 *)hva(self, IN));
}

TEST_F_TIMEOUT(start, segments_10000, 120)
{
	u64 next;
	int i;

	ccw_prog_init(&self->p, &self->e.mem, MANY, variant->fmt);
	for (i = 0; i < 10000; i++) {
		nop(&self->p, CCW_CC);
		next = self->p.next + 16;
		ccw_put_tic(&self->p, next);
		self->p.next = next;
		if (self->b->cu_type == 0x3832) {
			/* the emulator counts CCWs without data to 255 */
			self->p.next -= 24;
			ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
				IN);
			self->p.next = next;
		}
	}
	nop(&self->p, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

TEST_F(start, write_and_read_back)
{
	u8 want[4096];
	unsigned int seed;

	if (!self->b->rw_len)
		SKIP(return, "%s", ccw_no_data(self->b));
	for (seed = 1; seed < 6; seed++) {
		ccw_pattern(self->dev, want, seed);
		memcpy(hva(self, OUT), want, self->b->rw_len);
		memset(hva(self, IN), 0, self->b->rw_len + 1);
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		self->b->put_write(&self->p, ARG, OUT, 0);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		self->b->put_read(&self->p, ARG, IN, 0);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		EXPECT_EQ(0, memcmp(want, hva(self, IN), self->b->rw_len));
		EXPECT_EQ(0, *(u8 *)hva(self, IN + self->b->rw_len));
	}
}

/* a machine without the facility refuses the ORB as the instruction would */
#define SKIP_WITHOUT_MIDAWS(self) do {					\
	struct ccw_orb __nop_orb;					\
	int __rc;							\
									\
	ccw_prog_init(&(self)->p, &(self)->e.mem, ENV_IOVA,		\
		      variant->fmt);					\
	nop(&(self)->p, 0);						\
	(self)->p.idaw = ORB_H | ORB_D;					\
	__nop_orb = ccw_orb(&(self)->p);				\
	__rc = _ccw_start((self)->dev, &__nop_orb);			\
	if (__rc == -EINVAL)						\
		SKIP(return, "the machine has no MIDAWs");		\
	ASSERT_EQ(0, __rc);						\
	ASSERT_EQ(0, _ccw_final_status((self)->dev, &(self)->irb,	\
				       CCW_TIMEOUT_MS));		\
	ccw_prog_init(&(self)->p, &(self)->e.mem, ENV_IOVA,		\
		      variant->fmt);					\
	(self)->p.idaw = ORB_H | ORB_D;					\
} while (0)

TEST_F(start, midaws_scatter_a_sense_id)
{
	u8 want[7], *id = hva(self, IN);
	u64 at = IDAL;

	SKIP_WITHOUT_MIDAWS(self);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 7, IN);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_MIDA, 7, IDAL);
	at = ccw_put_midaw(&self->p, at, 0, 3, IN + 0xffd);
	at = ccw_put_midaw(&self->p, at, 0, 1, IN + 0x3000);
	at = ccw_put_midaw(&self->p, at, MIDAW_LAST, 3, IN + 0x2001);
	memset(id, 0xee, 0x4000);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, self->irb.scsw.count);
	memcpy(want, id, 7);
	EXPECT_EQ(0xff, want[0]);
	EXPECT_EQ(0, memcmp(want, id + 0xffd, 3));
	EXPECT_EQ(want[3], id[0x3000]);
	EXPECT_EQ(0, memcmp(want + 4, id + 0x2001, 3));
	/* and nothing else was touched */
	EXPECT_EQ(0xee, id[0xffc]);
	EXPECT_EQ(0xee, id[0x1000]);
	EXPECT_EQ(0xee, id[0x2000]);
	EXPECT_EQ(0xee, id[0x2004]);
	EXPECT_EQ(0xee, id[0x3001]);
}

/* in pieces that no IDAWs could name */
TEST_F(start, midaws_write_and_read_back)
{
	u32 len = self->b->rw_len, part = len / 4;
	u8 want[4096], *in = hva(self, IN);
	u64 at = IDAL;

	if (!len)
		SKIP(return, "%s", ccw_no_data(self->b));
	if (self->b->restarts)
		SKIP(return, "%s keeps no data in pieces", self->b->name);
	SKIP_WITHOUT_MIDAWS(self);
	ccw_pattern(self->dev, want, 77);
	memcpy(hva(self, OUT + 5), want, part);
	memcpy(hva(self, OUT + 0x3000 - 2 * part), want + part, 2 * part);
	memcpy(hva(self, OUT + 0x1001), want + 3 * part, len - 3 * part);
	at = ccw_put_midaw(&self->p, at, 0, part, OUT + 5);
	at = ccw_put_midaw(&self->p, at, 0, 2 * part, OUT + 0x3000 - 2 * part);
	ccw_put_midaw(&self->p, at, MIDAW_LAST, len - 3 * part, OUT + 0x1001);
	self->b->put_write(&self->p, ARG, IDAL, CCW_MIDA);
	ccw_run_ok(self->dev, &self->p, &self->irb);

	memset(in, 0, 0x4000);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
	self->b->put_read(&self->p, ARG, IN, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, memcmp(want, in, len)) TH_LOG("written wrong");

	memset(in, 0, 0x4000);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
	self->p.idaw = ORB_H | ORB_D;
	at = ccw_put_midaw(&self->p, IDAL, 0, len - 2 * part, IN + 0x2003);
	at = ccw_put_midaw(&self->p, at, 0, part, IN + 1);
	ccw_put_midaw(&self->p, at, MIDAW_LAST | MIDAW_SKIP, part, 0);
	self->b->put_read(&self->p, ARG, IDAL, CCW_MIDA);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, memcmp(want, in + 0x2003, len - 2 * part))
		TH_LOG("read wrong");
	EXPECT_EQ(0, memcmp(want + len - 2 * part, in + 1, part))
		TH_LOG("read wrong: second piece");
	EXPECT_EQ(0, in[0]);
	EXPECT_EQ(0, in[1 + part]);
	EXPECT_EQ(0, in[0x2002]);
	EXPECT_EQ(0, in[0x2003 + len - 2 * part]);
}

TEST_F(start, midaws_that_are_bad)
{
	static const struct {
		u64 head, data, list;
	} bad[] = {
		{ 0x800007, IN + 0xffd, IDAL },	/* across a page */
		{ 0x800000, IN, IDAL },		/* no count */
		{ 0x800008, IN, IDAL },		/* more than the CCW's */
		{ 0x1800007, IN, IDAL },	/* a reserved bit */
		{ 0x800007, NOWHERE, IDAL },
		{ 0x800007, IN, IDAL + 8 },	/* on no quadword */
		{ 0x800007, IN, NOWHERE },
	};
	int i;

	SKIP_WITHOUT_MIDAWS(self);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		self->p.idaw = ORB_H | ORB_D;
		nop(&self->p, CCW_CC);
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_MIDA, 7,
			bad[i].list);
		memset(hva(self, IN), 0xee, 0x2000);
		memcpy(hva(self, IDAL), &bad[i].head, 8);
		memcpy(hva(self, IDAL + 8), &bad[i].data, 8);
		memcpy(hva(self, IDAL + 16), &bad[i].data, 8);
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      self->p.next);
		EXPECT_EQ(0xee, *(u8 *)hva(self, IN));
		EXPECT_EQ(0xee, *(u8 *)hva(self, IN + 0xffd));
	}
}

TEST_F(start, midaw_flag_with_others)
{
	static const u8 flags[] = { CCW_IDA, CCW_SKIP };
	int i;

	SKIP_WITHOUT_MIDAWS(self);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		self->p.idaw = ORB_H | ORB_D;
		nop(&self->p, CCW_CC);
		ccw_put_midaw(&self->p, IDAL, MIDAW_LAST, 4, IN);
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_MIDA | flags[i],
			4, IDAL);
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      self->p.next);
	}
}

/* how many of len bytes at iova lie before the first end of a block */
static u32 before_border(u64 iova, u32 len, u32 block)
{
	u32 room = block - (iova & (block - 1));

	return room < len ? room : len;
}

/*
 * Writes from a buffer that may cross blocks, reads it back into one that does
 * not, and the other way round. A device that restarts gets or gives the
 * second piece only, in the place of the first.
 */
static void round_trip(struct __test_metadata *_metadata,
		       FIXTURE_DATA(start) *self, int fmt, u32 idaw, u8 flags,
		       u64 out, u64 in, unsigned int seed)
{
	u32 block = !flags || idaw == ORB_H ? 4096 : 2048;
	u32 len = self->b->rw_len, piece;
	u8 want[4096];

	ccw_pattern(self->dev, want, seed);
	memcpy(hva(self, out), want, len);
	memset(hva(self, in), 0, len);

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, fmt);
	self->p.idaw = idaw;
	ccw_put_idal(&self->p, IDAL, out, len);
	self->b->put_write(&self->p, ARG, flags ? IDAL : out, flags);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	piece = self->b->restarts ? before_border(out, len, block) : len;
	if (piece < len) {
		memmove(want, want + piece, len - piece);
		len -= piece;
	}

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, fmt);
	self->b->put_read(&self->p, ARG, in & ~4095UL, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	ASSERT_EQ(0, memcmp(want, hva(self, in & ~4095UL), len))
		TH_LOG("written wrong: idaw %x out %llx", idaw,
		       (long long)out);

	len = self->b->rw_len;
	memcpy(want, hva(self, in & ~4095UL), len);
	memset(hva(self, in & ~4095UL), 0, 2 * CCW_PAGE);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, fmt);
	self->p.idaw = idaw;
	ccw_put_idal(&self->p, IDAL, in, len);
	self->b->put_read(&self->p, ARG, flags ? IDAL : in, flags);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	piece = self->b->restarts ? before_border(in, len, block) : len;
	ASSERT_EQ(0, memcmp(want, hva(self, in), piece))
		TH_LOG("read wrong: idaw %x in %llx", idaw, (long long)in);
	ASSERT_EQ(0, memcmp(piece < len ? want : want + piece,
			    hva(self, in + piece), len - piece))
		TH_LOG("read wrong: idaw %x in %llx, second block", idaw,
		       (long long)in);
	/* and nothing else was touched */
	if (in & 4095)
		ASSERT_EQ(0, *(u8 *)hva(self, in - 1));
	ASSERT_EQ(0, *(u8 *)hva(self, in + len));
}

/* Buffers at every kind of place relative to pages, moved by every IDAL kind. */
TEST_F(start, indirect_data)
{
	static const u32 kinds[] = { ORB_H, ORB_H | ORB_T, 0 };
	static const int places[] = { 0, 1, 64, 2040, 2046, 2047, 4090, 4093,
				      4095, 6143, 8191 };
	int kind, i;

	if (!self->b->rw_len)
		SKIP(return, "%s", ccw_no_data(self->b));
	for (kind = 0; kind < ARRAY_SIZE(kinds); kind++)
		for (i = 0; i < ARRAY_SIZE(places); i++)
			round_trip(_metadata, self, variant->fmt, kinds[kind],
				   CCW_IDA, OUT + places[i], IN +
				   places[ARRAY_SIZE(places) - 1 - i],
				   kind * 16 + i);
}

/* Direct addresses need indirect ones in the host as soon as they cross. */
TEST_F(start, direct_data_across_pages)
{
	u32 len = self->b->rw_len;
	int i;

	if (len < 2)
		SKIP(return, "%s", ccw_no_data(self->b));
	for (i = 1; i < 6; i++)
		round_trip(_metadata, self, variant->fmt, ORB_H, 0,
			   OUT + CCW_PAGE - i, IN + CCW_PAGE - 6 + i, i);
}

/*
 * Two mappings, neighbours in the guest, strangers in the host: CCWs, an IDAL
 * and data lie across the border; nothing is mapped beyond the second.
 */
TEST_F(start, across_mappings)
{
	const u64 border = 0x00c10000, half = 0x10000;
	u32 len = self->b->rw_len, piece;
	struct ccw_mem both;
	struct ccw_prog p;
	u8 want[4096];
	u64 idal[4];
	int i, ida;

	if (len < 2)
		SKIP(return, "%s", ccw_no_data(self->b));
	both = (struct ccw_mem){ .iova = border - half, .size = 2 * half };
	both.hva = mmap(NULL, both.size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, both.hva);
	ccw_dma_map(&self->e.iommu, both.hva, both.iova, half, true);
	ccw_dma_map(&self->e.iommu, both.hva + half, border, half, true);

	/* CCWs across the border, the last of them at the end of memory */
	ccw_prog_init(&p, &both, border - 16, variant->fmt);
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_CC, 1, border);
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_CC, 1, border);
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_CC, 1, border);
	ccw_put_tic(&p, border + half - 16);
	p.next = border + half - 16;
	ccw_put(&p, CMD_NOP, CCW_SLI | CCW_CC, 1, border);
	ccw_put(&p, CMD_NOP, CCW_SLI, 1, border);
	ccw_run_ok(self->dev, &p, &self->irb);

	/* data across the border, directly, then by an IDAL across it, too */
	idal[0] = border - len / 2;
	for (i = 1; i < 4; i++)
		idal[i] = border + (i - 1) * CCW_PAGE;
	for (ida = 0; ida < 2; ida++) {
		ccw_pattern(self->dev, want, 5 + ida);
		memcpy(ccw_hva(&both, idal[0]), want, len);
		if (ida)
			memcpy(ccw_hva(&both, border + 0x2000 - 8), idal,
			       sizeof(idal));
		ccw_prog_init(&p, &both, border - 0x8000, variant->fmt);
		self->b->put_write(&p, border - 0x7000,
				   ida ? border + 0x2000 - 8 : idal[0],
				   ida ? CCW_IDA : 0);
		ccw_run_ok(self->dev, &p, &self->irb);
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		self->b->put_read(&self->p, ARG, IN, 0);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		piece = self->b->restarts ? len / 2 : 0;
		EXPECT_EQ(0, memcmp(want + piece, hva(self, IN), len - piece));
	}
	ccw_dma_unmap(&self->e.iommu, both.iova, both.size);
	munmap(both.hva, both.size);
}

TEST_F(start, count_zero)
{
	u64 first = self->p.next;

	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC, 0, NOWHERE);
	nop(&self->p, 0);
	if (variant->fmt)
		ccw_run_ok(self->dev, &self->p, &self->irb);
	else
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      first + 8);
}

/* An immediate command may have any address: it is not used. */
TEST_F(start, control_command_with_a_meaningless_address)
{
	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC, 1, NOWHERE);
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1,
		variant->fmt ? 0x7ffffff0 : 0xfffff0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

TEST_F(start, skip_moves_nothing)
{
	u8 *buf = hva(self, IN);
	int i;

	memset(buf, 0xee, 4096);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_SKIP | CCW_CC, 64, IN);
	/* not even an address is needed */
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_SKIP, 64, NOWHERE);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	for (i = 0; i < 4096; i++)
		ASSERT_EQ(0xee, buf[i]);
}

TEST_F(start, program_controlled_interruption)
{
	nop(&self->p, CCW_CC | CCW_PCI);
	nop(&self->p, CCW_CC);
	nop(&self->p, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

/* a long program whose last CCW is chained to one more when it has been started: it ends at */
static u32 append(struct __test_metadata *_metadata, FIXTURE_DATA(start) *self,
		  const FIXTURE_VARIANT(start) *variant)
{
	const int n = 200, step = 20;
	struct ccw_orb orb;
	u32 cpa = 0;
	u64 end;
	int i;

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
	for (i = 0; i < n; i++)
		nop(&self->p, (i < n - 1 ? CCW_CC : 0) | (i % step ? 0 : CCW_PCI));
	end = self->p.next;
	orb = ccw_orb(&self->p);
	orb.flags &= ~ORB_P;
	ccw_start(self->dev, &orb);
	nop(&self->p, 0);
	self->p.next = end - 8;
	nop(&self->p, CCW_CC);

	for (;;) {
		ccw_status(self->dev, &self->irb);
		if (ccw_ends_start(&self->irb.scsw))
			break;
		EXPECT_EQ(STCTL_INTER | STCTL_PEND, self->irb.scsw.flags & STCTL_MASK)
			CCW_LOG(&self->irb);
		EXPECT_EQ(CSTAT_PCI, self->irb.scsw.cstat) CCW_LOG(&self->irb);
		EXPECT_EQ(8, (self->irb.scsw.cpa - self->p.start) % (8 * step))
			CCW_LOG(&self->irb);
		EXPECT_LE(cpa, self->irb.scsw.cpa) CCW_LOG(&self->irb);
		cpa = self->irb.scsw.cpa;
	}
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat) CCW_LOG(&self->irb);
	EXPECT_EQ(0, self->irb.scsw.cstat & ~CSTAT_PCI) CCW_LOG(&self->irb);
	return self->irb.scsw.cpa;
}

/*
 * PCI status says where a program is, as long as it runs. What is appended then is done,
 * unless the device was there first.
 */
TEST_F(start, program_that_is_appended_to_while_it_runs)
{
	const u32 end = ENV_IOVA + 200 * 8;
	const long followed = _ccw_statistic(self->dev->uuid, "followed");
	bool seen = false;
	u32 cpa;
	int i;

	for (i = 0; i < 20; i++) {
		cpa = append(_metadata, self, variant);
		seen |= cpa == end + 8;
		ASSERT_TRUE(cpa == end || cpa == end + 8) CCW_LOG(&self->irb);
	}
	EXPECT_EQ(seen, _ccw_statistic(self->dev->uuid, "followed") > followed);
	if (!seen)
		SKIP(return, "the device is quicker than the test");
}

/* ---- programs that do not, and where they stop ---- */

TEST_F(start, unit_check)
{
	u8 *sense = hva(self, IN);

	nop(&self->p, CCW_CC);
	ccw_put(&self->p, self->b->bad_cmd, CCW_SLI | CCW_CC, 1, OUT);
	nop(&self->p, 0);
	{
		struct ccw_orb orb = ccw_orb(&self->p);

		ccw_run(self->dev, &orb, &self->irb);
	}
	EXPECT_EQ(DSTAT_UC, self->irb.scsw.dstat & DSTAT_UC);
	EXPECT_EQ(0, self->irb.scsw.cstat & ~CSTAT_IL);
	EXPECT_EQ(self->p.start + 16, self->irb.scsw.cpa);

	/* concurrent sense: the ERW says that it is there, and how long */
	if (self->irb.esw[1] & 0x01000000) {
		EXPECT_EQ(self->b->bad_sense, self->irb.ecw[0]);
		return;
	}
	sense[0] = 0xee;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
	ccw_put(&self->p, CMD_SENSE, CCW_SLI, 32, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(self->b->bad_sense, sense[0]);
}

/* one bad CCW, at each place of a chain */
static void bad_at_each_place(struct __test_metadata *_metadata,
			      FIXTURE_DATA(start) *self, int fmt, u8 cmd,
			      u8 flags, u16 count, u32 cda)
{
	int place, i;

	for (place = 0; place < 4; place++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, fmt);
		for (i = 0; i < place; i++)
			nop(&self->p, CCW_CC);
		ccw_put(&self->p, cmd, flags | CCW_CC, count, cda);
		nop(&self->p, 0);
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      self->p.start + place * 8 + 8);
		EXPECT_EQ(0, self->irb.scsw.dstat & DSTAT_UC);
	}
}

TEST_F(start, data_nowhere)
{
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID, CCW_SLI,
			  4, NOWHERE);
}

TEST_F(start, data_into_nowhere)
{
	/* begins in memory, ends beyond it; the device sends less than that */
	u32 last = ENV_IOVA + ENV_SIZE - 2;

	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID, CCW_SLI,
			  4, last);
}

TEST_F(start, idal_nowhere)
{
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, NOWHERE);
}

TEST_F(start, idal_unaligned)
{
	u64 *idal = hva(self, IDAL);

	idal[0] = IN;
	idal[1] = IN;
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, IDAL + 4);
}

TEST_F(start, idaw_nowhere)
{
	*(u64 *)hva(self, IDAL) = NOWHERE;
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, IDAL);
	*(u64 *)hva(self, IDAL) = 1ULL << 63;
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, IDAL);
}

TEST_F(start, second_idaw_off_its_block)
{
	u64 *idal = hva(self, IDAL);

	idal[0] = IN + CCW_PAGE - 2;
	idal[1] = IN + CCW_PAGE + 8;
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, IDAL);
	idal[1] = NOWHERE;
	bad_at_each_place(_metadata, self, variant->fmt, CMD_SENSE_ID,
			  CCW_SLI | CCW_IDA, 4, IDAL);
}

/* the bad IDAW stands for data that the device does not have */
TEST_F(start, idaw_never_reached)
{
	u64 *idal = hva(self, IDAL);

	idal[0] = IN;
	idal[1] = NOWHERE;
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_IDA, 8000, IDAL);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0xff, *(u8 *)hva(self, IN));
}

TEST_F(start, invalid_command)
{
	bad_at_each_place(_metadata, self, variant->fmt, 0x00, CCW_SLI, 4, IN);
	bad_at_each_place(_metadata, self, variant->fmt, 0x10, CCW_SLI, 4, IN);
}

TEST_F(start, bad_ccw_never_reached)
{
	nop(&self->p, 0);
	ccw_put(&self->p, 0x00, 0xff, 0xffff, NOWHERE);
	self->p.next -= 8;
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

TEST_F(start, stops_before_a_bad_ccw_after_a_unit_check)
{
	struct ccw_orb orb;

	ccw_put(&self->p, self->b->bad_cmd, CCW_SLI | CCW_CC, 1, OUT);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, NOWHERE);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(DSTAT_UC, self->irb.scsw.dstat & DSTAT_UC);
	EXPECT_EQ(0, self->irb.scsw.cstat & CSTAT_PROG);
	EXPECT_EQ(self->p.start + 8, self->irb.scsw.cpa);
}

TEST_F(start, address_beyond_31_bits)
{
	if (!variant->fmt)
		SKIP(return, "a format-0 CCW has 24 bits");
	bad_at_each_place(_metadata, self, 1, CMD_SENSE_ID, CCW_SLI, 4,
			  0x80000000u | IN);
}

TEST_F(start, reserved_flags)
{
	struct ccw_orb orb;

	/* MIDAW without ORB.D; the status must be a program check */
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_MIDA, 4, IN);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
	EXPECT_EQ(self->p.start + 8, self->irb.scsw.cpa);
}

TEST_F(start, suspend_without_leave)
{
	int place, i;

	for (place = 0; place < 3; place++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
		for (i = 0; i < place; i++)
			nop(&self->p, CCW_CC);
		nop(&self->p, CCW_S);
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      self->p.next);
	}
}

TEST_F(start, tic_to_tic)
{
	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, MORE);
	self->p.next = MORE;
	ccw_put_tic(&self->p, ENV_IOVA);
	ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG, MORE + 8);
}

TEST_F(start, tic_nowhere)
{
	struct ccw_orb orb;

	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, NOWHERE);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
}

TEST_F(start, tic_unaligned)
{
	struct ccw_orb orb;

	self->p.next = MORE;
	nop(&self->p, 0);
	nop(&self->p, 0);
	self->p.next = ENV_IOVA;
	nop(&self->p, CCW_CC);
	ccw_put_tic(&self->p, MORE + 4);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
}

/* a chain that runs off the end of memory */
TEST_F(start, chain_into_nowhere)
{
	struct ccw_orb orb;

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA + ENV_SIZE - 16,
		      variant->fmt);
	nop(&self->p, CCW_CC);
	nop(&self->p, CCW_CC);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
	EXPECT_EQ(ENV_IOVA + ENV_SIZE + 8, self->irb.scsw.cpa);
}

TEST_F(start, program_nowhere)
{
	struct ccw_orb orb = ccw_orb(&self->p);

	orb.cpa = NOWHERE;
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
	EXPECT_EQ(NOWHERE + 8, self->irb.scsw.cpa);
}

TEST_F(start, program_unaligned)
{
	struct ccw_orb orb;

	nop(&self->p, 0);
	nop(&self->p, 0);
	orb = ccw_orb(&self->p);
	orb.cpa += 4;
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
}

/*
 * What START SUBCHANNEL would end with an operand exception is refused, and so
 * are a path too little, and MIDAWs by machines that have none.
 */
static bool orb_answer(u32 bit, int rc)
{
	if (bit & (ORB_B | ORB_X))
		return rc == -EOPNOTSUPP;
	if (bit & ORB_ZERO)
		return rc == -EINVAL;
	if (bit & ORB_D && rc)
		return rc == -EINVAL;
	if (bit & ORB_LPM(0xff) && rc)
		return rc == -EACCES || rc == -ENODEV;
	return !rc;
}

/* No bit of a guest's ORB may do more than be answered. */
TEST_F(start, every_orb_bit)
{
	struct ccw_orb orb;
	int bit, rc;

	nop(&self->p, 0);
	for (bit = 0; bit < 32; bit++) {
		orb = ccw_orb(&self->p);
		orb.flags ^= 1u << bit;
		rc = _ccw_start(self->dev, &orb);
		EXPECT_TRUE(orb_answer(1u << bit, rc))
			TH_LOG("rc %d with ORB bit %08x", rc, 1u << bit);
		if (rc)
			continue;
		EXPECT_EQ(0, _ccw_final_status(self->dev, &self->irb,
					       CCW_TIMEOUT_MS))
			TH_LOG("no status with ORB bit %08x", 1u << bit);
	}
}

TEST_F(start, transport_mode)
{
	struct ccw_orb orb = ccw_orb(&self->p);

	orb.flags |= ORB_B;
	EXPECT_EQ(-EOPNOTSUPP, _ccw_start(self->dev, &orb));
	EXPECT_EQ(0, ccw_drain(self->dev));
}

TEST_F(start, no_path)
{
	struct ccw_orb orb;
	int rc;

	nop(&self->p, 0);
	orb = ccw_orb(&self->p);
	orb.flags &= ~ORB_LPM(0xff);
	rc = _ccw_start(self->dev, &orb);
	EXPECT_TRUE(rc == -EACCES || rc == -ENODEV) TH_LOG("rc %d", rc);

	/* and a refused path does not take the others away */
	orb.flags |= ORB_LPM(0xff);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(BOTH, self->irb.scsw.dstat);
}

/* Nothing of the refused start is left in the answer to the next one. */
TEST_F(start, bad_first_ccw_after_a_refused_path)
{
	struct ccw_orb orb;
	int rc;

	nop(&self->p, 0);
	orb = ccw_orb(&self->p);
	orb.flags &= ~ORB_LPM(0xff);
	rc = _ccw_start(self->dev, &orb);
	EXPECT_TRUE(rc == -EACCES || rc == -ENODEV) TH_LOG("rc %d", rc);

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, variant->fmt);
	ccw_put(&self->p, 0, CCW_SLI, 1, ARG);
	ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG, self->p.next);

	/* the bad one names no path: that comes first, nothing else does */
	orb.cpa = self->p.start;
	rc = _ccw_start(self->dev, &orb);
	EXPECT_TRUE(rc == -EACCES || rc == -ENODEV) TH_LOG("rc %d", rc);
	EXPECT_EQ(0, ccw_drain(self->dev));
}

TEST_F(start, other_functions)
{
	static const u32 fctl[] = {
		FCTL_HALT, FCTL_CLEAR, FCTL_HALT | FCTL_CLEAR,
	};
	struct ccw_io io = {};
	int i;

	nop(&self->p, 0);
	io.orb = ccw_orb(&self->p);
	for (i = 0; i < ARRAY_SIZE(fctl); i++) {
		io.scsw.flags = fctl[i];
		EXPECT_EQ(-EOPNOTSUPP,
			  _ccw_write_region(self->dev, REGION_IO, &io));
	}
	io.scsw.flags = 0;
	io.ret_code = 0;
	_ccw_write_region(self->dev, REGION_IO, &io);
	EXPECT_EQ(0, ccw_drain(self->dev));
}

TEST_F(start, return_code_is_kept)
{
	struct ccw_orb orb;
	struct ccw_io io;

	nop(&self->p, 0);
	orb = ccw_orb(&self->p);
	self->dev->io.ret_code = 0x12345678;
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(0, self->dev->io.ret_code);

	orb.flags |= ORB_B;
	EXPECT_EQ(-EOPNOTSUPP, _ccw_start(self->dev, &orb));
	ccw_read_region(self->dev, REGION_IO, &io);
	EXPECT_EQ(-EOPNOTSUPP, (s32)io.ret_code);
}

/* ---- order ---- */

/* One status for each start, however often. */
TEST_F(start, a_thousand_times)
{
	struct ccw_orb orb;
	int i;

	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	orb = ccw_orb(&self->p);
	for (i = 0; i < 1000; i++) {
		ccw_run(self->dev, &orb, &self->irb);
		ASSERT_EQ(BOTH, self->irb.scsw.dstat);
	}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
}

/* The guest has not taken the status yet: busy at worst, and nothing is lost. */
TEST_F(start, second_start_before_the_status_is_read)
{
	struct ccw_orb orb;
	int i, rc;

	nop(&self->p, 0);
	orb = ccw_orb(&self->p);
	for (i = 0; i < 50; i++) {
		ccw_start(self->dev, &orb);
		rc = _ccw_start(self->dev, &orb);
		ASSERT_TRUE(rc == 0 || rc == -EBUSY) TH_LOG("rc %d", rc);
		ccw_final_status(self->dev, &self->irb);
		EXPECT_EQ(BOTH, self->irb.scsw.dstat);
		EXPECT_EQ(self->p.next, self->irb.scsw.cpa);
		usleep(1000);
		ccw_drain(self->dev);
	}
}

struct starter {
	struct ccw_dev dev;	/* an own copy: an own region buffer */
	struct ccw_orb orb;
	int errors[2];		/* busy, other */
};

static void *start_often(void *arg)
{
	struct starter *s = arg;
	int i, rc;

	for (i = 0; i < 400; i++) {
		rc = _ccw_start(&s->dev, &s->orb);
		if (rc)
			s->errors[rc != -EBUSY]++;
		sched_yield();
	}
	return NULL;
}

TEST_F(start, two_threads_never_get_eagain)
{
	struct starter s[2];
	pthread_t t[2];
	int i, n = 0;

	nop(&self->p, 0);
	for (i = 0; i < 2; i++) {
		s[i] = (struct starter){
			.dev = *self->dev, .orb = ccw_orb(&self->p),
		};
		ASSERT_EQ(0, pthread_create(&t[i], NULL, start_often, &s[i]));
	}
	for (i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		EXPECT_EQ(0, s[i].errors[1]);
	}
	while (!_ccw_status(self->dev, &self->irb, 200))
		n++;
	EXPECT_LT(0, n);
}

TEST_HARNESS_MAIN
