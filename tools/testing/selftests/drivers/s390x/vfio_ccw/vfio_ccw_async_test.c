// SPDX-License-Identifier: GPL-2.0-only
/* Halt, clear and reset, in every order with starts. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)

#define FCTL	(FCTL_START | FCTL_HALT | FCTL_CLEAR)

FIXTURE(async)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_orb orb;
	struct ccw_irb irb;
};

ENV_VARIANTS(async);

FIXTURE_SETUP(async)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	self->orb = ccw_orb(&self->p);
}

FIXTURE_TEARDOWN(async)
{
	ccw_drain(self->dev);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, ccw_drain(self->dev));
	ccw_env_close(&self->e);
}

/* What the hardware has not done, the driver cannot tell of. */
static bool halt_stays_pending(struct ccw_dev *dev)
{
	return (ccw_hw_scsw(dev) & (FCTL_HALT | ACTL_HALT)) ==
	       (FCTL_HALT | ACTL_HALT);
}

TEST_F(async, halt_when_idle)
{
	int i, rc;

	for (i = 0; i < 20; i++) {
		ccw_async(self->dev, ASYNC_HALT);
		rc = _ccw_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
		if (rc == -ETIMEDOUT && halt_stays_pending(self->dev)) {
			ccw_async(self->dev, ASYNC_CLEAR);
			ccw_status(self->dev, &self->irb);
			SKIP(return, "the machine leaves the halt pending");
		}
		ASSERT_EQ(0, rc);
		EXPECT_EQ(FCTL_HALT, self->irb.scsw.flags & FCTL);
		EXPECT_EQ(STCTL_PEND, self->irb.scsw.flags & STCTL_PEND);
		EXPECT_EQ(0, self->irb.scsw.cstat);
	}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
}

TEST_F(async, clear_when_idle)
{
	int i;

	for (i = 0; i < 20; i++) {
		ccw_async(self->dev, ASYNC_CLEAR);
		ccw_status(self->dev, &self->irb);
		EXPECT_EQ(FCTL_CLEAR, self->irb.scsw.flags & FCTL);
		EXPECT_EQ(STCTL_PEND, self->irb.scsw.flags & STCTL_MASK);
		EXPECT_EQ(0, self->irb.scsw.dstat);
		EXPECT_EQ(0, self->irb.scsw.cstat);
	}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
}

TEST_F(async, commands_that_are_none)
{
	static const u32 bad[] = { 0, 3, 5, 6, 7, 8, 0x100, 1u << 31, ~0u };
	struct ccw_cmd cmd;
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, _ccw_async(self->dev, bad[i]));
		ccw_read_region(self->dev, REGION_CMD, &cmd);
		EXPECT_EQ(-EINVAL, (s32)cmd.ret_code);
	}
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
	ccw_async(self->dev, ASYNC_CLEAR);
	ccw_read_region(self->dev, REGION_CMD, &cmd);
	EXPECT_EQ(ASYNC_CLEAR, cmd.command);
	EXPECT_EQ(0, cmd.ret_code);
	ccw_status(self->dev, &self->irb);
}

/*
 * The device may be done before the clear, so its status may be there or not;
 * what the user sees last is that the clear function was performed.
 */
TEST_F(async, clear_after_start)
{
	int i, rc;

	for (i = 0; i < 50; i++) {
		ccw_start(self->dev, &self->orb);
		if (i & 1)
			usleep(i * 20);
		ccw_async(self->dev, ASYNC_CLEAR);
		do {
			rc = _ccw_status(self->dev, &self->irb,
					 CCW_TIMEOUT_MS);
			ASSERT_EQ(0, rc);
			/* none yet: the clear took the start's away */
		} while (!(self->irb.scsw.flags & STCTL_PEND) ||
			 !(self->irb.scsw.flags & FCTL_CLEAR));
		/* nor is a signal left behind, which would show nothing */
		EXPECT_EQ(-ETIMEDOUT, _ccw_status(self->dev, &self->irb, 5))
			CCW_LOG(&self->irb);
	}
}

TEST_F(async, halt_after_start)
{
	int i, rc, seen;

	for (i = 0; i < 50; i++) {
		ccw_start(self->dev, &self->orb);
		if (i & 1)
			usleep(i * 20);
		rc = _ccw_async(self->dev, ASYNC_HALT);
		ASSERT_TRUE(rc == 0 || rc == -EBUSY) TH_LOG("rc %d", rc);
		for (seen = 0; !_ccw_status(self->dev, &self->irb, 100);)
			seen |= self->irb.scsw.flags & FCTL;
		if (!seen && !_ccw_status(self->dev, &self->irb, CCW_TIMEOUT_MS))
			seen = self->irb.scsw.flags & FCTL;
		if (!seen && halt_stays_pending(self->dev)) {
			ccw_async(self->dev, ASYNC_CLEAR);
			ccw_status(self->dev, &self->irb);
			SKIP(return, "the machine leaves the halt pending");
		}
		EXPECT_NE(0, seen);
		if (!rc)
			EXPECT_EQ(FCTL_HALT, seen & FCTL_HALT);
	}
}

/* To the user the subchannel is status pending until he has taken what is there. */
TEST_F(async, halt_before_the_status_is_read)
{
	ccw_start(self->dev, &self->orb);
	ccw_wait_irq(self->dev, IRQ_IO);
	EXPECT_EQ(-EBUSY, _ccw_async(self->dev, ASYNC_HALT));
	ccw_read_region(self->dev, REGION_IO, &self->dev->io);
	EXPECT_EQ(FCTL_START, self->dev->io.irb.scsw.flags & FCTL);
	EXPECT_EQ(DSTAT_CE, self->dev->io.irb.scsw.dstat & DSTAT_CE);
}

/* Status that nobody took does not get in the way of a clear, nor survive it. */
TEST_F(async, clear_wipes_unread_status)
{
	ccw_start(self->dev, &self->orb);
	usleep(50000);
	ccw_async(self->dev, ASYNC_CLEAR);
	usleep(50000);
	ccw_status(self->dev, &self->irb);
	EXPECT_EQ(FCTL_CLEAR, self->irb.scsw.flags & FCTL);
	EXPECT_EQ(STCTL_PEND, self->irb.scsw.flags & STCTL_MASK);
	EXPECT_EQ(0, self->irb.scsw.dstat);
	EXPECT_EQ(0, ccw_drain(self->dev));
}

/* ---- reset ---- */

TEST_F(async, reset_when_idle)
{
	int i;

	for (i = 0; i < 50; i++)
		ccw_reset(self->dev);
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 50));
}

/* Neither the eventfd nor the status of what was before. */
TEST_F(async, reset_wipes_status)
{
	struct ccw_io io;
	int i;

	for (i = 0; i < 50; i++) {
		ccw_start(self->dev, &self->orb);
		if (i & 1)
			usleep(i * 20);
		ccw_reset(self->dev);
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 0));
		ccw_read_region(self->dev, REGION_IO, &io);
		EXPECT_EQ(0, io.irb.scsw.flags & STCTL_MASK);
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 5));
	}
}

TEST_F(async, reset_after_clear_and_halt)
{
	int i;

	for (i = 0; i < 30; i++) {
		ccw_async(self->dev, i & 1 ? ASYNC_CLEAR : ASYNC_HALT);
		ccw_reset(self->dev);
		ccw_drain(self->dev);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		EXPECT_EQ(FCTL_START, self->irb.scsw.flags & FCTL);
	}
}

TEST_F(async, interrupts_survive_a_reset)
{
	int i;

	for (i = 0; i < 20; i++) {
		ccw_reset(self->dev);
		ccw_run_ok(self->dev, &self->p, &self->irb);
	}
}

TEST_F(async, reset_keeps_the_device_registered)
{
	int i;

	for (i = 0; i < 20; i++) {
		ccw_start(self->dev, &self->orb);
		ccw_reset(self->dev);
		ccw_reset(self->dev);
	}
	EXPECT_TRUE(ccw_sysfs_exists("/sys/bus/css/devices/%s/driver",
				     self->dev->busid));
}

/* ---- suspended programs: the one way to keep a subchannel busy here ---- */

/*
 * Whether there is a status for the suspension is the device's to say; a start
 * is refused then. 0: so it is. The program has data to transfer, so that it
 * has a page pinned whatever its CCWs were read through.
 */
static int suspend(struct ccw_dev *dev, struct ccw_prog *p, struct ccw_orb *orb)
{
	struct ccw_orb suspending;
	struct ccw_irb irb;
	int rc;

	p->next = p->start;
	ccw_put(p, CMD_NOP, CCW_SLI | CCW_CC, 1, ARG);
	ccw_put(p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, IN);
	suspending = ccw_orb(p);
	suspending.flags |= ORB_S;
	rc = _ccw_start(dev, &suspending);
	if (!rc)
		_ccw_status(dev, &irb, 200);

	/* for what comes after */
	p->next = p->start;
	ccw_put(p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	if (rc)
		return rc;
	rc = _ccw_start(dev, orb);
	return rc == -EBUSY ? 0 : -ENOSYS;
}

#define SUSPEND(self) do {						\
	int __rc = suspend((self)->dev, &(self)->p, &(self)->orb);	\
									\
	if (__rc) {							\
		while (!_ccw_status(self->dev, &self->irb, 200))	\
			;						\
		SKIP(return, "no suspending here (%d)", __rc);		\
	}								\
} while (0)

TEST_F(async, clear_ends_a_suspended_program)
{
	SUSPEND(self);
	ccw_async(self->dev, ASYNC_CLEAR);
	ccw_status(self->dev, &self->irb);
	EXPECT_EQ(FCTL_CLEAR, self->irb.scsw.flags & FCTL);
	EXPECT_EQ(STCTL_PEND, self->irb.scsw.flags & STCTL_MASK);
}

TEST_F(async, halt_ends_a_suspended_program)
{
	SUSPEND(self);
	ccw_async(self->dev, ASYNC_HALT);
	ccw_status(self->dev, &self->irb);
	EXPECT_EQ(FCTL_HALT, self->irb.scsw.flags & FCTL_HALT);
	EXPECT_EQ(STCTL_PEND, self->irb.scsw.flags & STCTL_PEND);
	if ((ccw_hw_scsw(self->dev) & (FCTL | ACTL_SCH)) == ACTL_SCH) {
		ccw_async(self->dev, ASYNC_CLEAR);
		ccw_status(self->dev, &self->irb);
		SKIP(return, "the machine shows it active without a function");
	}
}

TEST_F(async, reset_ends_a_suspended_program)
{
	SUSPEND(self);
	ccw_reset(self->dev);
	EXPECT_EQ(0, ccw_drain(self->dev));
}

/* its pages are in use, but may not stay pinned: the program has to end */
TEST_F(async, unmap_under_a_suspended_program)
{
	SUSPEND(self);
	ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE);
	EXPECT_EQ(0, _ccw_statistic(self->dev->uuid, "pages_pinned"));
	ccw_ended_by_host(self->dev, &self->irb);
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
}

static long quiesce_failures(struct ccw_dev *dev)
{
	char text[32];

	return _ccw_sysfs_read(text, sizeof(text),
			       "/sys/bus/mdev/devices/%s/statistics/quiesce_failures",
			       dev->uuid) ? -1 : atol(text);
}

TEST_F(async, close_under_a_suspended_program)
{
	long failures = quiesce_failures(self->dev);

	SUSPEND(self);
	ccw_env_close(&self->e);
	ENV_SETUP(&self->e, variant->iommu);
	EXPECT_EQ(failures, quiesce_failures(self->dev));
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
}

TEST_HARNESS_MAIN
