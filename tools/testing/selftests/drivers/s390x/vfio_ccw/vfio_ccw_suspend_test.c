// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that suspend themselves, and what is resumed: the program as the
 * guest has changed it meanwhile. Nothing here asks for more of the device than
 * SENSE ID.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define LIST	(ENV_IOVA + 0x8000)
#define IN	(ENV_IOVA + 0x30000)
#define IN2	(ENV_IOVA + 0x31ffe)	/* across pages */
#define IN3	(ENV_IOVA + 0x33000)
#define LEN	4			/* of it any device has so much */

#define FCTL		(FCTL_START | FCTL_HALT | FCTL_CLEAR)
#define SUSPENDED	(FCTL_START | ACTL_SUSP | STCTL_INTER | STCTL_PEND)

FIXTURE(suspend)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_irb irb;
	u8 id[LEN];
};

ENV_VARIANTS(suspend);

static struct ccw_orb orb_s(const struct ccw_prog *p, u32 flags)
{
	struct ccw_orb orb = ccw_orb(p);

	orb.flags |= ORB_S | flags;
	return orb;
}

static void put_sense(struct ccw_prog *p, u8 flags, u64 iova)
{
	ccw_put(p, CMD_SENSE_ID, CCW_SLI | flags, LEN, iova);
}

/* the guest changes a CCW: its flags */
static void set_flags(struct ccw_prog *p, u64 at, u8 flags)
{
	u8 *ccw = ccw_hva(p->mem, at);

	ccw[p->fmt ? 1 : 4] = flags;
}

/* a status that says: suspended at the CCW before @cpa */
#define EXPECT_SUSPENDED(self, at) do {						\
	ccw_status((self)->dev, &(self)->irb);					\
	EXPECT_EQ(SUSPENDED | SCSW_S, (self)->irb.scsw.flags & (SCSW_S | 0x7fff))	\
		CCW_LOG(&(self)->irb);						\
	EXPECT_EQ(at, (self)->irb.scsw.cpa) CCW_LOG(&(self)->irb);		\
} while (0)

#define EXPECT_END(self) do {							\
	ccw_final_status((self)->dev, &(self)->irb);				\
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, (self)->irb.scsw.dstat)			\
		CCW_LOG(&(self)->irb);						\
	EXPECT_EQ(0, (self)->irb.scsw.cstat) CCW_LOG(&(self)->irb);		\
	EXPECT_EQ((self)->p.next, (self)->irb.scsw.cpa) CCW_LOG(&(self)->irb);	\
} while (0)

#define EXPECT_READ(self, iova) \
	EXPECT_EQ(0, memcmp(ccw_hva(&(self)->e.mem, iova), (self)->id, LEN))
#define EXPECT_NOT_READ(self, iova) \
	EXPECT_NE(0, memcmp(ccw_hva(&(self)->e.mem, iova), (self)->id, LEN))

/*
 * A suspension has to be reported, which some emulated devices do not. The program is
 * resumed to its end: Hercules makes a mess of one that is halted or cleared.
 */
static const char *reports(struct ccw_dev *dev, struct ccw_prog *p)
{
	struct ccw_orb orb;
	struct ccw_irb irb;
	u64 at;
	int rc;

	put_sense(p, CCW_CC, IN);
	at = p->next;
	put_sense(p, CCW_S, IN);
	orb = orb_s(p, 0);
	rc = _ccw_start(dev, &orb);
	if (!rc)
		rc = _ccw_status(dev, &irb, 1000);
	set_flags(p, at, CCW_SLI);
	_ccw_async(dev, rc ? ASYNC_HALT : ASYNC_RESUME);
	_ccw_final_status(dev, &irb, CCW_TIMEOUT_MS);
	p->next = p->start;
	return rc ? "no suspension is reported here" : NULL;
}

FIXTURE_SETUP(suspend)
{
	const char *why;

	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	why = reports(self->dev, &self->p);
	if (why) {
		ccw_env_close(&self->e);
		SKIP(return, "%s", why);
	}
	put_sense(&self->p, 0, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	memcpy(self->id, ccw_hva(&self->e.mem, IN), LEN);
	memset(ccw_hva(&self->e.mem, IN), 0x55, 0x4000);
	self->p.next = self->p.start;
}

FIXTURE_TEARDOWN(suspend)
{
	ccw_drain(self->dev);
	self->p.next = self->p.start;
	put_sense(&self->p, 0, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, ccw_drain(self->dev));
	ccw_env_close(&self->e);
}

/* SENSE ID, and a second one at which the program is suspended; its address */
static u64 put_two(struct ccw_prog *p)
{
	u64 at;

	put_sense(p, CCW_CC, IN);
	at = p->next;
	put_sense(p, CCW_S, IN2);
	return at;
}

TEST_F(suspend, resumed_by_the_command_region)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	EXPECT_READ(self, IN);
	EXPECT_NOT_READ(self, IN2);
	set_flags(&self->p, at, CCW_SLI);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_READ(self, IN2);
}

TEST_F(suspend, resumed_by_the_io_region)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	set_flags(&self->p, at, CCW_SLI);
	ccw_ok(_ccw_resume(self->dev));
	EXPECT_END(self);
	EXPECT_READ(self, IN2);
}

TEST_F(suspend, format_0)
{
	struct ccw_orb orb;
	u64 at;

	self->p.fmt = 0;
	at = put_two(&self->p);
	orb = orb_s(&self->p, 0);
	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	EXPECT_EQ(0, self->irb.scsw.flags & SCSW_F);
	set_flags(&self->p, at, CCW_SLI);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_READ(self, IN2);
	self->p.fmt = 1;
}

TEST_F(suspend, suspended_again_as_long_as_the_flag_is_on)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);
	int i;

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	for (i = 0; i < 20; i++) {
		ccw_async(self->dev, ASYNC_RESUME);
		EXPECT_SUSPENDED(self, at + 8);
		EXPECT_NOT_READ(self, IN2);
	}
	set_flags(&self->p, at, CCW_SLI);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_READ(self, IN2);
}

/* another address, by an IDAL, and more CCWs than there were */
TEST_F(suspend, what_changed_meanwhile_is_what_is_resumed)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	self->p.next = at;
	ccw_put_idal(&self->p, LIST, IN + 0x2fff, LEN);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_IDA | CCW_CC, LEN, LIST);
	put_sense(&self->p, 0, IN + 0x100);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_READ(self, IN + 0x2fff);
	EXPECT_READ(self, IN + 0x100);
	EXPECT_NOT_READ(self, IN2);
}

TEST_F(suspend, a_tic_in_the_place_of_the_suspended_ccw)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	self->p.next = at;
	ccw_put_tic(&self->p, ENV_IOVA + 0x2000);
	self->p.next = ENV_IOVA + 0x2000;
	put_sense(&self->p, 0, IN2);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_READ(self, IN2);
}

/* what cannot be gone on with is a check where it is, and no sooner */
TEST_F(suspend, a_bad_ccw_in_the_place_of_the_suspended_one)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	self->p.next = at;
	ccw_put_tic(&self->p, ENV_IOVA + ENV_SIZE);
	ccw_async(self->dev, ASYNC_RESUME);
	ccw_final_status(self->dev, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat) CCW_LOG(&self->irb);
	EXPECT_EQ(at + 8, self->irb.scsw.cpa) CCW_LOG(&self->irb);
}

/* as the drivers of networks have it: what is done is suspended, what is next is not */
TEST_F(suspend, a_ring)
{
	u64 ccw[3], at;
	struct ccw_orb orb;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ccw[i] = self->p.next;
		put_sense(&self->p, CCW_CC | CCW_S, IN + i * 0x1000);
	}
	ccw_put_tic(&self->p, ccw[0]);
	set_flags(&self->p, ccw[0], CCW_SLI | CCW_CC);
	orb = orb_s(&self->p, 0);
	ccw_start(self->dev, &orb);
	for (i = 0; i < 60; i++) {
		at = ccw[(i + 1) % 3];
		EXPECT_SUSPENDED(self, at + 8);
		EXPECT_READ(self, IN + i % 3 * 0x1000);
		memset(ccw_hva(&self->e.mem, IN), 0x55, 0x3000);
		set_flags(&self->p, ccw[i % 3], CCW_SLI | CCW_CC | CCW_S);
		set_flags(&self->p, at, i == 59 ? CCW_SLI : CCW_SLI | CCW_CC);
		ccw_async(self->dev, ASYNC_RESUME);
	}
	self->p.next = at + 8;
	EXPECT_END(self);
}

TEST_F(suspend, suspension_that_is_not_to_be_reported)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, ORB_U);
	struct ccw_io io;

	ccw_start(self->dev, &orb);
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 300));
	ccw_read_region(self->dev, REGION_IO, &io);
	EXPECT_EQ(FCTL_START | ACTL_SUSP, io.irb.scsw.flags & 0x7fff);
	set_flags(&self->p, at, CCW_SLI);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_EQ(SCSW_S | SCSW_U, self->irb.scsw.flags & (SCSW_S | SCSW_U));
	EXPECT_READ(self, IN2);
}

TEST_F(suspend, nothing_to_be_resumed)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);

	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_RESUME));
	EXPECT_EQ(-EBUSY, _ccw_resume(self->dev));
	ccw_start(self->dev, &orb);
	usleep(200000);
	/* status that was not taken yet */
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_RESUME));
	EXPECT_SUSPENDED(self, at + 8);
	ccw_async(self->dev, ASYNC_HALT);
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_RESUME));
	ccw_status(self->dev, &self->irb);
	EXPECT_NE(0, self->irb.scsw.flags & FCTL_HALT) CCW_LOG(&self->irb);
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_RESUME));
	EXPECT_NOT_READ(self, IN2);
	/* Hercules shows it active without a function, until it is cleared */
	if ((ccw_hw_scsw(self->dev) & (FCTL | ACTL_SCH)) == ACTL_SCH) {
		ccw_async(self->dev, ASYNC_CLEAR);
		ccw_status(self->dev, &self->irb);
	}
}

/*
 * Resumed in a loop, in the place of the CCW at which it is suspended. Hercules forgets
 * a suspended program that is cleared without ending it, so one that is to be ended has
 * to have gone on by then.
 */
static bool resume_in_a_loop(FIXTURE_DATA(suspend) *self, u64 at)
{
	void *data = ccw_hva(&self->e.mem, IN3);
	int i;

	memset(data, 0x55, LEN);
	self->p.next = at;
	put_sense(&self->p, CCW_CC, IN3);
	ccw_put_tic(&self->p, at);
	if (_ccw_async(self->dev, ASYNC_RESUME))
		return false;
	for (i = 0; i < 2000 && memcmp(data, self->id, LEN); i++)
		usleep(1000);
	return i < 2000;
}

/* a resumed program may end in any way that one that was started may */
TEST_F(suspend, reset_after_a_resume)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);
	int i;

	for (i = 0; i < 10; i++) {
		self->p.next = at;
		put_sense(&self->p, CCW_S, IN2);
		ccw_start(self->dev, &orb);
		EXPECT_SUSPENDED(self, at + 8);
		ASSERT_TRUE(resume_in_a_loop(self, at));
		ccw_reset(self->dev);
		ccw_drain(self->dev);
	}
	EXPECT_NOT_READ(self, IN2);
}

TEST_F(suspend, clear_after_a_resume)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);
	int i;

	for (i = 0; i < 10; i++) {
		self->p.next = at;
		put_sense(&self->p, CCW_S, IN2);
		ccw_start(self->dev, &orb);
		EXPECT_SUSPENDED(self, at + 8);
		ASSERT_TRUE(resume_in_a_loop(self, at));
		usleep(i * 1000);
		ccw_async(self->dev, ASYNC_CLEAR);
		ccw_status(self->dev, &self->irb);
		EXPECT_NE(0, self->irb.scsw.flags & FCTL_CLEAR) CCW_LOG(&self->irb);
	}
	EXPECT_NOT_READ(self, IN2);
}

/* its pages may go while it is suspended and has not been translated anew */
TEST_F(suspend, data_that_moved_meanwhile)
{
	u64 at = put_two(&self->p);
	struct ccw_orb orb = orb_s(&self->p, 0);
	struct ccw_mem other;

	ccw_mem_create(&other, &self->e.iommu, ENV_IOVA + ENV_SIZE, 0x2000, 0);
	ccw_start(self->dev, &orb);
	EXPECT_SUSPENDED(self, at + 8);
	self->p.next = at;
	put_sense(&self->p, 0, other.iova + 0xffe);
	ccw_async(self->dev, ASYNC_RESUME);
	EXPECT_END(self);
	EXPECT_EQ(0, memcmp(ccw_hva(&other, other.iova + 0xffe), self->id, LEN));
	ccw_mem_destroy(&other);
}

/* ---- programs that change themselves ---- */

static struct ccw_orb orb_unfetched(const struct ccw_prog *p)
{
	struct ccw_orb orb = ccw_orb(p);

	orb.flags &= ~ORB_P;
	return orb;
}

static long statistic(struct ccw_dev *dev, const char *name)
{
	char buf[32] = "";

	_ccw_sysfs_read(buf, sizeof(buf), "/sys/bus/mdev/devices/%s/statistics/%s",
			dev->uuid, name);
	return strtol(buf, NULL, 10);
}

/*
 * SENSE ID data are no CCW that would read more of them: if the channel may not
 * prefetch, what is there by then is what is run.
 */
TEST_F(suspend, input_over_the_next_ccw)
{
	long followed = statistic(self->dev, "followed");
	struct ccw_orb orb;
	u64 next;

	put_sense(&self->p, CCW_CC, ENV_IOVA + 8);
	next = self->p.next;
	put_sense(&self->p, 0, IN2);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_READ(self, IN2);
	EXPECT_EQ(followed, statistic(self->dev, "followed"));

	memset(ccw_hva(&self->e.mem, IN2), 0x55, LEN);
	self->p.next = next;
	put_sense(&self->p, 0, IN2);
	orb = orb_unfetched(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_NOT_READ(self, IN2);
	EXPECT_EQ(next + 8, self->irb.scsw.cpa) CCW_LOG(&self->irb);
	EXPECT_EQ(0, self->irb.scsw.flags & SCSW_S);
	EXPECT_LT(followed, statistic(self->dev, "followed"));
}

/* a device keeps a program, which is read and run at one go */
TEST_F(suspend, program_that_comes_from_the_device)
{
	const struct ccw_backend *b = self->dev->backend;
	struct ccw_prog text;
	struct ccw_orb orb;

	if (!b->rw_len)
		SKIP(return, "%s", ccw_no_data(b));
	memset(ccw_hva(&self->e.mem, ENV_IOVA + 0x10000), 0, b->rw_len);
	ccw_prog_init(&text, &self->e.mem, ENV_IOVA + 0x10000, 1);
	put_sense(&text, CCW_CC, IN);
	put_sense(&text, 0, IN2);
	b->put_write(&self->p, ENV_IOVA + 0x1000, ENV_IOVA + 0x10000, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);

	memset(ccw_hva(&self->e.mem, ENV_IOVA + 0x10000), 0, b->rw_len);
	self->p.next = self->p.start;
	b->put_read(&self->p, ENV_IOVA + 0x1000, ENV_IOVA + 0x10000, 0);
	ccw_or_flags(&self->p, CCW_CC);
	ccw_put_tic(&self->p, ENV_IOVA + 0x10000);
	orb = orb_unfetched(&self->p);
	self->p.next = ENV_IOVA + 0x10010;
	ccw_start(self->dev, &orb);
	EXPECT_END(self);
	EXPECT_READ(self, IN);
	EXPECT_READ(self, IN2);
}

TEST_HARNESS_MAIN
