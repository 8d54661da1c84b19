// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channel paths that come and go, and the reports of it. A path can be varied on
 * any kernel, if no other device needs it; reports of what did not happen want
 * one with CONFIG_CIO_INJECT.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)
#define MINUTES	(60 * 60)

#define CSS	"/sys/bus/css/devices/"

/* how many reports the driver keeps */
#define ROOM	64

FIXTURE(report)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_irb irb;
	u8 pam;
	u8 path;		/* one of them */
	u8 chpid;		/* of that one */
	bool varied_off;
	volatile unsigned int done;	/* starts: answered, and */
	volatile unsigned int refused;
};

ENV_VARIANTS(report);

typedef FIXTURE_DATA(report) report_t;

static void works(struct __test_metadata *_metadata, report_t *self)
{
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

/* a start that may take no other path */
static struct ccw_orb orb_on_path(report_t *self)
{
	struct ccw_orb orb = ccw_orb(&self->p);

	orb.flags &= ~ORB_LPM(0xff);
	orb.flags |= ORB_LPM(self->path);
	return orb;
}

static int vary(report_t *self, bool on)
{
	int rc = _ccw_sysfs_write(on ? "on" : "off",
				  "/sys/devices/css0/chp0.%02x/status",
				  self->chpid);

	if (!rc)
		self->varied_off = !on;
	return rc;
}

static u32 next_report(struct __test_metadata *_metadata, report_t *self)
{
	struct ccw_crw crw;

	ccw_read_region(self->dev, REGION_CRW, &crw);
	EXPECT_EQ(0, crw.pad);
	return crw.crw;
}

static int forget_reports(struct __test_metadata *_metadata, report_t *self)
{
	int n = 0;

	while (next_report(_metadata, self))
		ASSERT_LT(n++, 1000);
	_ccw_wait_irq(self->dev, IRQ_CRW, 0);
	return n;
}

FIXTURE_SETUP(report)
{
	struct ccw_schib schib;
	int nr = 0;

	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	ccw_read_region(self->dev, REGION_SCHIB, &schib);
	self->pam = schib.pmcw[PMCW_PAM];
	ASSERT_NE(0, self->pam);
	for (self->path = 0x80; !(self->path & self->pam); self->path >>= 1)
		nr++;
	self->chpid = schib.pmcw[PMCW_CHPID + nr];
	forget_reports(_metadata, self);
}

FIXTURE_TEARDOWN(report)
{
	if (self->varied_off) {
		ASSERT_EQ(0, vary(self, true));
	}
	ccw_drain(self->dev);
	works(_metadata, self);
	ccw_env_close(&self->e);
}

/* another device that would lose its path; NULL: there is none */
static const char *neighbour(report_t *self)
{
	static char name[256];
	struct dirent *de;
	bool found = false;
	DIR *dir;

	dir = opendir(CSS);
	while (dir && !found && (de = readdir(dir))) {
		char chpids[64], ours[4];

		if (!strcmp(de->d_name, self->dev->busid) ||
		    _ccw_sysfs_read(chpids, sizeof(chpids), CSS "%s/chpids",
				    de->d_name))
			continue;
		snprintf(ours, sizeof(ours), "%02x", self->chpid);
		snprintf(name, sizeof(name), "%s", de->d_name);
		found = !strncmp(chpids, ours, 2);
	}
	if (dir)
		closedir(dir);
	return found ? name : NULL;
}

#define NEEDS_PATH_OF_ITS_OWN(self) do {				\
	if (!ccw_sysfs_exists("/sys/devices/css0/chp0.%02x/status",	\
			      (self)->chpid))				\
		SKIP(return, "this machine shows no channel paths");	\
	if (neighbour(self))						\
		SKIP(return, "%s is on the same channel path",		\
		     neighbour(self));					\
} while (0)

#define NEEDS_INJECT() do {						\
	const char *__why = ccw_inject_setup();				\
									\
	if (__why)							\
		SKIP(return, "%s", __why);				\
} while (0)

#define ccw_inject(rsc, erc, rsid) \
	ccw_ok(_ccw_inject(rsc, erc, rsid, false))

/* a report of kind @want is signalled, and there is no other */
static void expect_report(struct __test_metadata *_metadata, report_t *self,
			  u32 want)
{
	ccw_wait_irq(self->dev, IRQ_CRW);
	EXPECT_EQ(want | self->chpid, next_report(_metadata, self));
	EXPECT_EQ(0, next_report(_metadata, self));
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_CRW, 0));
}

/* ---- a path that is varied off and on ---- */

TEST_F(report, path_is_varied)
{
	struct ccw_schib schib;
	struct ccw_orb orb;
	int i;

	NEEDS_PATH_OF_ITS_OWN(self);
	for (i = 0; i < 3; i++) {
		works(_metadata, self);
		ASSERT_EQ(0, vary(self, false));
		expect_report(_metadata, self, CRW_CPATH | CRW_PERRN);
		ccw_read_region(self->dev, REGION_SCHIB, &schib);
		EXPECT_EQ(self->pam & ~self->path, schib.pmcw[PMCW_PAM]);
		orb = orb_on_path(self);
		EXPECT_EQ(self->pam == self->path ? -ENODEV : -EACCES,
			  _ccw_start(self->dev, &orb));
		EXPECT_EQ(0, ccw_drain(self->dev));

		ASSERT_EQ(0, vary(self, true));
		expect_report(_metadata, self, CRW_CPATH | CRW_INIT);
		ccw_read_region(self->dev, REGION_SCHIB, &schib);
		EXPECT_EQ(self->pam, schib.pmcw[PMCW_PAM]);
	}
}

/* the emulator suspends, and so the program never ends by itself */
static void start_suspending(struct __test_metadata *_metadata, report_t *self)
{
	struct ccw_orb orb;

	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, IN + CCW_PAGE);
	orb = orb_on_path(self);
	orb.flags |= ORB_S;
	ccw_start(self->dev, &orb);
	_ccw_status(self->dev, &self->irb, 200);
}

/*
 * Whether the program is on the path, as far as the hardware knows: its host ends it
 * then, if the path goes. If it is the only path, a program that is pending is, too.
 */
static bool is_on_path(struct __test_metadata *_metadata, report_t *self, bool only)
{
	struct ccw_schib schib;
	u32 scsw;

	ccw_read_region(self->dev, REGION_SCHIB, &schib);
	scsw = schib.scsw.flags;
	if (only && (scsw & ACTL_START))
		return true;
	return (scsw & (ACTL_SCH | ACTL_DEV | ACTL_SUSP)) &&
	       (only || schib.pmcw[PMCW_LPUM] == self->path);
}

/* ended by its host it has a status, and only one; else its user ends it. Nothing is left */
static void end_program(struct __test_metadata *_metadata, report_t *self, bool by_host)
{
	if (by_host) {
		ccw_ended_by_host(self->dev, &self->irb);
	} else {
		EXPECT_EQ(-ETIMEDOUT, _ccw_status(self->dev, &self->irb, 100))
			CCW_LOG(&self->irb);
		ccw_async(self->dev, ASYNC_CLEAR);
		ccw_status(self->dev, &self->irb);
		EXPECT_EQ(FCTL_CLEAR, self->irb.scsw.flags & FCTL_CLEAR);
	}
	ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE);
	EXPECT_EQ(0, _ccw_statistic(self->dev->uuid, "pages_pinned"));
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
}

TEST_F(report, path_is_varied_off_under_a_program)
{
	bool needed;

	NEEDS_PATH_OF_ITS_OWN(self);
	start_suspending(_metadata, self);
	needed = is_on_path(_metadata, self, self->pam == self->path);
	TH_LOG("the program %s the path", needed ? "needs" : "does not need");
	ASSERT_EQ(0, vary(self, false));
	expect_report(_metadata, self, CRW_CPATH | CRW_PERRN);
	end_program(_metadata, self, needed);
}

static void *vary_it(void *arg)
{
	report_t *self = arg;
	int i, rc = 0;

	/* on a busy machine it takes more until a start meets a path that is gone */
	for (i = 0; i < 40 || (i < 4000 && !(self->done && self->refused)); i += 2) {
		rc = vary(self, false);
		if (!rc)
			rc = vary(self, true);
		if (rc)
			break;
	}
	return (void *)(long)rc;
}

/* each start is refused or answered, and what was pinned for it is let go */
TEST_F_TIMEOUT(report, path_is_varied_under_io, 300)
{
	struct ccw_orb orb;
	pthread_t thread;
	void *rc;

	NEEDS_PATH_OF_ITS_OWN(self);
	works(_metadata, self);
	orb = orb_on_path(self);
	ASSERT_EQ(0, pthread_create(&thread, NULL, vary_it, self));
	while (pthread_tryjoin_np(thread, &rc)) {
		int ret = _ccw_start(self->dev, &orb);

		if (ret) {
			EXPECT_TRUE(ret == -ENODEV || ret == -EACCES)
				TH_LOG("rc %d", ret);
			self->refused++;
			continue;
		}
		ccw_final_status(self->dev, &self->irb);
		self->done++;
	}
	EXPECT_EQ(NULL, rc);
	TH_LOG("%u were answered, %u refused, %d reports", self->done, self->refused,
	       forget_reports(_metadata, self));
	EXPECT_LT(0, self->done);
	EXPECT_LT(0, self->refused);
	EXPECT_FALSE(self->varied_off);
}

/* ---- reports that are injected ---- */

TEST_F(report, path_reports)
{
	static const struct {
		u32 erc, want;
	} rows[] = {
		{ ERC_PERRN, CRW_CPATH | CRW_PERRN },
		{ ERC_INIT, CRW_CPATH | CRW_INIT },
		{ ERC_PERRI, CRW_CPATH | CRW_PERRN },
		{ ERC_IPARM, CRW_CPATH | CRW_INIT },
	};
	int i;

	NEEDS_INJECT();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ccw_inject(RSC_CPATH, rows[i].erc, self->chpid);
		expect_report(_metadata, self, rows[i].want);
		works(_metadata, self);
	}
}

TEST_F(report, of_another_path)
{
	NEEDS_INJECT();
	ccw_inject(RSC_CPATH, ERC_PERRN, self->chpid ^ 0x40);
	ccw_inject(RSC_CPATH, ERC_PERRN, self->chpid);
	expect_report(_metadata, self, CRW_CPATH | CRW_PERRN);
}

TEST_F(report, path_report_under_a_program)
{
	bool needed;

	NEEDS_INJECT();
	start_suspending(_metadata, self);
	/* the hardware has the path as before */
	needed = is_on_path(_metadata, self, false);
	TH_LOG("the program is %son the path", needed ? "" : "not ");
	ccw_inject(RSC_CPATH, ERC_PERRN, self->chpid);
	expect_report(_metadata, self, CRW_CPATH | CRW_PERRN);
	end_program(_metadata, self, needed);
}

/* its number, or -1 */
static int subchannel(report_t *self)
{
	unsigned int css, ssid, number;

	return sscanf(self->dev->busid, "%x.%x.%x", &css, &ssid, &number) == 3 ?
	       (int)number : -1;
}

/* the host looks at the subchannel again; there is nothing new, so nothing happens */
TEST_F(report, subchannel_reports)
{
	static const u32 erc[] = { ERC_IPARM, ERC_INIT, ERC_PMOD };
	int i, number = subchannel(self);

	NEEDS_INJECT();
	ASSERT_LE(0, number);
	for (i = 0; i <= ARRAY_SIZE(erc); i++) {
		start_suspending(_metadata, self);
		/* the last one: some were lost, look at all subchannels */
		ccw_ok(_ccw_inject(RSC_SCH, i < ARRAY_SIZE(erc) ? erc[i] : 0,
				   number, i == ARRAY_SIZE(erc)));
		ASSERT_EQ(0, _ccw_cio_settle());
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_CRW, 0));
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_REQ, 0));
		EXPECT_EQ(0, next_report(_metadata, self));
		end_program(_metadata, self, false);
		works(_metadata, self);
	}
}

static long dropped(report_t *self)
{
	return _ccw_statistic(self->dev->uuid, "reports_dropped");
}

/* injects @n reports, and waits until the driver has them all */
static void inject_many(struct __test_metadata *_metadata, report_t *self, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		ccw_inject(RSC_CPATH, i & 1 ? ERC_INIT : ERC_PERRN,
			   self->chpid);
		ccw_wait_irq(self->dev, IRQ_CRW);
	}
}

TEST_F(report, queue_is_bounded)
{
	long before = dropped(self);
	u32 want, crw;
	int i;

	NEEDS_INJECT();
	inject_many(_metadata, self, ROOM + 5);
	EXPECT_EQ(before + 5, dropped(self));
	for (i = 0; i < ROOM; i++) {
		crw = next_report(_metadata, self);
		want = CRW_CPATH | (i & 1 ? CRW_INIT : CRW_PERRN) | self->chpid;
		if (i == ROOM - 1)
			want |= CRW_OVERFLOW;
		ASSERT_EQ(want, crw) TH_LOG("report %d", i);
	}
	EXPECT_EQ(0, next_report(_metadata, self));

	/* the overflow is over */
	ccw_inject(RSC_CPATH, ERC_PERRN, self->chpid);
	expect_report(_metadata, self, CRW_CPATH | CRW_PERRN);
}

TEST_F(report, failed_copy_loses_nothing)
{
	u8 *edge = mmap(NULL, 2 * CCW_PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u8 *bad[] = { NULL, edge + CCW_PAGE, edge + CCW_PAGE - 4 };
	struct ccw_crw crw;
	int i, k;

	NEEDS_INJECT();
	ASSERT_EQ(0, munmap(edge + CCW_PAGE, CCW_PAGE));
	inject_many(_metadata, self, 3);
	for (i = 0; i < 3; i++) {
		for (k = 0; k < ARRAY_SIZE(bad); k++) {
			EXPECT_EQ(-1, pread(self->dev->fd, bad[k], 8,
					    REGION_OFFSET(REGION_CRW)));
			EXPECT_EQ(EFAULT, errno);
		}
		/* a part of it only looks */
		ASSERT_EQ(4, pread(self->dev->fd, &crw, 4,
				   REGION_OFFSET(REGION_CRW)));
		EXPECT_EQ(crw.crw, next_report(_metadata, self));
		EXPECT_EQ(CRW_CPATH | (i & 1 ? CRW_INIT : CRW_PERRN) |
			  self->chpid, crw.crw);
	}
	EXPECT_EQ(0, next_report(_metadata, self));
}

TEST_F(report, reset_forgets_them)
{
	struct pollfd pfd = { .fd = self->dev->irq[IRQ_CRW], .events = POLLIN };

	NEEDS_INJECT();
	inject_many(_metadata, self, 2);
	ccw_inject(RSC_CPATH, ERC_INIT, self->chpid);
	ASSERT_EQ(1, poll(&pfd, 1, CCW_TIMEOUT_MS));
	ccw_reset(self->dev);
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	EXPECT_EQ(0, next_report(_metadata, self));
}

TEST_F(report, none_from_before_the_open)
{
	NEEDS_INJECT();
	inject_many(_metadata, self, 2);
	ccw_env_close(&self->e);
	ccw_inject(RSC_CPATH, ERC_PERRN, self->chpid);
	ASSERT_EQ(0, _ccw_cio_settle());
	ENV_SETUP(&self->e, variant->iommu);
	EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_CRW, 0));
	EXPECT_EQ(0, next_report(_metadata, self));
}

struct reporter {
	report_t *self;
	volatile unsigned int rounds;
	int subchannel;		/* every other one is about this, -1: none is */
	unsigned int reports;
	int rc;
	volatile bool done;
};

static void *report_all_the_time(void *arg)
{
	struct reporter *r = arg;
	unsigned int i, k;

	for (i = 0; i < r->rounds && !r->rc; i++) {
		k = r->subchannel < 0 ? i : i / 2;
		if (r->subchannel >= 0 && (i & 1))
			r->rc = _ccw_inject(RSC_SCH, k & 1 ? ERC_INIT : ERC_IPARM,
					    r->subchannel, false);
		else
			r->rc = _ccw_inject(RSC_CPATH, k & 1 ? ERC_INIT : ERC_PERRN,
					    r->self->chpid, false);
	}
	r->reports = i;
	if (!r->rc)
		r->rc = _ccw_cio_settle();
	r->done = true;
	return NULL;
}

/*
 * Reports are read while they come, and I/O goes on. Each is read, or counted as
 * dropped and the one before it says so.
 */
TEST_F_TIMEOUT(report, storm_of_reports_and_reads, MINUTES)
{
	struct reporter r = { .self = self, .subchannel = -1, .rounds = ccw_rounds(100) };
	long before = dropped(self);
	long seen = 0, overflows = 0, ios = 0;
	struct ccw_orb orb;
	pthread_t thread;
	u32 crw;

	NEEDS_INJECT();
	works(_metadata, self);
	orb = ccw_orb(&self->p);
	ASSERT_EQ(0, pthread_create(&thread, NULL, report_all_the_time, &r));
	for (;;) {
		bool last = r.done;

		crw = next_report(_metadata, self);
		if (crw) {
			ASSERT_EQ(CRW_CPATH | self->chpid,
				  crw & ~(CRW_PERRN | CRW_INIT | CRW_OVERFLOW));
			seen++;
			overflows += !!(crw & CRW_OVERFLOW);
		} else if (last) {
			break;
		}
		if (seen & 1) {
			ccw_run(self->dev, &orb, &self->irb);
			ios++;
		}
	}
	pthread_join(thread, NULL);
	ASSERT_EQ(0, r.rc);
	TH_LOG("%ld reports read, %ld of them with overflow, %ld I/Os", seen,
	       overflows, ios);
	EXPECT_EQ(r.rounds, seen + dropped(self) - before);
	EXPECT_EQ(!overflows, dropped(self) == before);
}

/*
 * Reports come while there is no user, while one comes, and while one leaves with
 * I/O under way.
 */
TEST_F_TIMEOUT(report, storm_of_reports_and_users, MINUTES)
{
	struct reporter r = { .self = self, .subchannel = -1, .rounds = ~0 };
	unsigned int i, rounds = ccw_rounds(20);
	struct ccw_orb orb;
	pthread_t thread;

	NEEDS_INJECT();
	ASSERT_EQ(0, pthread_create(&thread, NULL, report_all_the_time, &r));
	for (i = 0; i < rounds; i++) {
		works(_metadata, self);
		orb = ccw_orb(&self->p);
		ccw_start(self->dev, &orb);
		if (i & 1)
			next_report(_metadata, self);
		ccw_env_close(&self->e);
		ENV_SETUP(&self->e, variant->iommu);
	}
	r.rounds = 0;
	pthread_join(thread, NULL);
	ASSERT_EQ(0, r.rc);
}

/*
 * Reports come while the driver leaves the subchannel and takes it again, without a
 * device, with one that nobody uses, and with one that was just at work. None of them
 * is taken for the loss of it.
 */
TEST_F_TIMEOUT(report, storm_of_reports_and_unbinds, MINUTES)
{
	struct reporter r = { .self = self, .rounds = ~0, .subchannel = subchannel(self) };
	unsigned int i, rounds = ccw_rounds(20);
	char uuid[40], busid[16];
	struct ccw_orb orb;
	pthread_t thread;

	NEEDS_INJECT();
	ASSERT_LE(0, r.subchannel);
	memcpy(uuid, self->dev->uuid, sizeof(uuid));
	memcpy(busid, self->dev->busid, sizeof(busid));
	ASSERT_EQ(0, pthread_create(&thread, NULL, report_all_the_time, &r));
	for (i = 0; i < rounds; i++) {
		if (i % 3 == 0) {
			works(_metadata, self);
			orb = ccw_orb(&self->p);
			ccw_start(self->dev, &orb);
			ccw_env_close(&self->e);
		}
		ASSERT_EQ(0, _ccw_sch_unbind(busid));
		EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", uuid));
		ASSERT_EQ(0, _ccw_sch_take(busid));
		if (i % 3 == 0)
			continue;
		ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
		if (i % 3 == 1)
			continue;
		ENV_SETUP(&self->e, variant->iommu);
	}
	r.rounds = 0;
	pthread_join(thread, NULL);
	ASSERT_EQ(0, r.rc);
	TH_LOG("%u reports, %u unbinds", r.reports, rounds);
	EXPECT_TRUE(ccw_is_there(busid));
	if (self->dev->fd >= 0)
		return;
	if (!ccw_sysfs_exists("/sys/bus/mdev/devices/%s", uuid)) {
		ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
	}
	ENV_SETUP(&self->e, variant->iommu);
}

TEST_HARNESS_MAIN
