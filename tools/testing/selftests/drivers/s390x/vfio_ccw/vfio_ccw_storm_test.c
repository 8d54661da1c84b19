// SPDX-License-Identifier: GPL-2.0-only
/*
 * Things that hardly ever happen at the same moment, made to, again and again.
 * VFIO_CCW_ROUNDS says how often, else each storm knows a number that takes
 * seconds; what goes wrong shows best on a kernel that checks itself.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IDAL	(ENV_IOVA + 0x12000)
#define IN	(ENV_IOVA + 0x30000)
#define CHAIN	(ENV_IOVA + 0x100000)
#define MINUTES	(60 * 60)

/* one of several devices that leave at the same time, and who is at work on it */
#define MOST_LEAVERS	16

struct leaver {
	char busid[16];
	char uuid[40];
	bool borrowed;		/* it is no device under test */
	int pid;
	long starts;		/* before he came */
};

FIXTURE(storm)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_orb orb;
	struct ccw_orb held;	/* every other start, if it has an address */
	volatile unsigned int started;
	struct ccw_irb irb;
	time_t begin;
	unsigned int told;	/* hundreds of rounds */
	struct leaver leaver[MOST_LEAVERS];
	unsigned int leavers;
};

ENV_VARIANTS(storm);

FIXTURE_SETUP(storm)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	self->orb = ccw_orb(&self->p);
	self->begin = time(NULL);
}

FIXTURE_TEARDOWN(storm)
{
	struct ccw_prog p;
	unsigned int i;

	TH_LOG("%ld s", time(NULL) - self->begin);
	for (i = 0; i < self->leavers; i++)
		if (self->leaver[i].borrowed && ccw_is_there(self->leaver[i].busid)) {
			EXPECT_EQ(0, _ccw_sch_leave(self->leaver[i].busid));
		}
	/* a storm of objects failed before it was open again */
	if (self->dev->fd < 0)
		return;
	while (!_ccw_status(self->dev, &self->irb, 100))
		;
	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	ccw_run_ok(self->dev, &p, &self->irb);
	ccw_env_close(&self->e);
}

/* how far a long one is */
static void tell(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
		 unsigned int rounds)
{
	if (rounds / 100 != self->told) {
		self->told = rounds / 100;
		TH_LOG("%u rounds, %ld s", rounds, time(NULL) - self->begin);
	}
}

/* ---- a second thread doing something else, for as long as the first works ---- */

struct gale {
	FIXTURE_DATA(storm) *self;
	pthread_t thread;
	volatile bool stop;
	volatile unsigned long rounds;
	int bad;		/* an answer that there must not be */
};

static void gale_start(struct __test_metadata *_metadata, struct gale *g,
		       FIXTURE_DATA(storm) *self, void *(*work)(void *))
{
	*g = (struct gale){ .self = self };
	ASSERT_EQ(0, pthread_create(&g->thread, NULL, work, g));
	/* on a busy machine the first thread may be done before */
	while (!g->rounds)
		usleep(100);
}

static void gale_end(struct __test_metadata *_metadata, struct gale *g)
{
	g->stop = true;
	pthread_join(g->thread, NULL);
	EXPECT_EQ(0, g->bad);
	EXPECT_LT(0, g->rounds);
	TH_LOG("%lu times against it", g->rounds);
}

/*
 * Starts that may be refused, and whose answer a reset may take away. A round is a
 * start that was accepted.
 */
static void io_through_resets(struct __test_metadata *_metadata,
			      FIXTURE_DATA(storm) *self, unsigned int rounds)
{
	unsigned int started = 0, refused = 0, answered = 0;
	int rc;

	while (started < rounds) {
		rc = _ccw_start(self->dev, &self->orb);
		ASSERT_TRUE(rc == 0 || rc == -EBUSY || rc == -EIO)
			TH_LOG("rc %d", rc);
		if (rc)
			refused++;
		else
			started++;
		if (!_ccw_status(self->dev, &self->irb, rc ? 1 : 50))
			answered++;
	}
	TH_LOG("%u started, %u refused, %u answered", started, refused,
	       answered);
	EXPECT_LT(0, answered);
}

/*
 * The same where nothing may be lost: whatever ends a start that was accepted, there
 * is a status of it. If @once, there is no other status, either, as long as it has
 * not been started again.
 */
static void io_through_it(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
			  unsigned int rounds, bool once)
{
	unsigned int refused = 0, in_a_row = 0, by_host = 0;
	bool held;
	int rc;

	while (self->started < rounds) {
		held = self->held.cpa && self->started & 1;
		rc = _ccw_start(self->dev, held ? &self->held : &self->orb);
		ASSERT_TRUE(rc == 0 || rc == -EBUSY) TH_LOG("rc %d", rc);
		if (rc) {
			refused++;
			in_a_row++;
		} else {
			in_a_row = 0;
			self->started++;
			rc = _ccw_final_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
			ASSERT_EQ(0, rc) TH_LOG("start %u has no end", self->started);
			by_host += !!(self->irb.scsw.cstat & CSTAT_IFCC);
		}
		if (!once) {
			_ccw_status(self->dev, &self->irb, rc ? 1 : 0);
			ASSERT_GT(CCW_TIMEOUT_MS, in_a_row);
			continue;
		}
		ASSERT_EQ(0, self->irb.scsw.cstat & ~(CSTAT_PROG | CSTAT_IFCC))
			CCW_LOG(&self->irb);
		ASSERT_EQ(0, ccw_drain(self->dev)) TH_LOG("start %u ended twice", self->started);
	}
	TH_LOG("%u started and ended, %u of them by the host, %u refused", self->started,
	       by_host, refused);
}

static void *reset_it(void *arg)
{
	struct gale *g = arg;

	for (; !g->stop; g->rounds++) {
		int rc = _ccw_reset(g->self->dev);

		if (rc)
			g->bad = rc;
		usleep(g->rounds * 37 % 500);
	}
	return NULL;
}

TEST_F_TIMEOUT(storm, reset_against_completion, MINUTES)
{
	struct gale g;

	gale_start(_metadata, &g, self, reset_it);
	io_through_resets(_metadata, self, ccw_rounds(500));
	gale_end(_metadata, &g);
	EXPECT_TRUE(ccw_sysfs_exists("/sys/bus/css/devices/%s/driver",
				     self->dev->busid));
}

TEST_F_TIMEOUT(storm, resets_against_each_other, MINUTES)
{
	struct gale g;
	unsigned int i, rounds = ccw_rounds(100);

	gale_start(_metadata, &g, self, reset_it);
	for (i = 0; i < rounds; i++)
		ASSERT_EQ(0, _ccw_reset(self->dev));
	gale_end(_metadata, &g);
}

/*
 * Every other start is left alone, since a clear has a status that nobody can tell from
 * that of a start. A halt does not wait for that: some machines leave it pending until
 * the clear that comes next.
 */
static void *halt_and_clear(void *arg)
{
	struct gale *g = arg;

	for (; !g->stop; g->rounds++) {
		int rc;

		while (!g->stop && g->rounds & 1 && g->self->started & 1)
			usleep(20);
		rc = _ccw_async(g->self->dev, g->rounds & 1 ? ASYNC_HALT :
								  ASYNC_CLEAR);

		if (rc && rc != -EBUSY)
			g->bad = rc;
		usleep(g->rounds * 37 % 500);
	}
	return NULL;
}

TEST_F_TIMEOUT(storm, halt_and_clear_against_completion, MINUTES)
{
	struct gale g;

	gale_start(_metadata, &g, self, halt_and_clear);
	io_through_it(_metadata, self, ccw_rounds(500), false);
	gale_end(_metadata, &g);
	/* a halt that the machine may have left pending */
	ccw_async(self->dev, ASYNC_CLEAR);
}

/*
 * A chain of 10 000 segments. Its translation and its execution take long enough
 * for a halt or a clear to come at any point of both.
 */
TEST_F_TIMEOUT(storm, long_chain_against_halt_and_clear, MINUTES)
{
	unsigned int i;
	struct gale g;

	ccw_prog_init(&self->p, &self->e.mem, CHAIN, 1);
	for (i = 0; i < 10000; i++) {
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
		ccw_put_tic(&self->p, self->p.next + 24);
		self->p.next += 16;
	}
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	self->orb = ccw_orb(&self->p);
	ccw_run_ok(self->dev, &self->p, &self->irb);

	gale_start(_metadata, &g, self, halt_and_clear);
	io_through_it(_metadata, self, ccw_rounds(50), false);
	gale_end(_metadata, &g);
	while (!_ccw_status(self->dev, &self->irb, 100))
		;
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

static void *change_eventfds(void *arg)
{
	struct gale *g = arg;
	struct ccw_dev *dev = g->self->dev;

	for (; !g->stop; g->rounds++) {
		int fd = eventfd(0, EFD_NONBLOCK), i;

		for (i = 0; i < NR_IRQS; i++) {
			if (_ccw_set_eventfd(dev, i, fd))
				g->bad = 1;
			if (_ccw_set_eventfd(dev, i, g->rounds & 1 ?
					     dev->irq[i] : -1))
				g->bad = 2;
		}
		/* the driver may hold the last reference now, or none */
		close(fd);
	}
	return NULL;
}

TEST_F_TIMEOUT(storm, set_irqs_against_completion, MINUTES)
{
	struct gale g;
	unsigned int i, rounds = ccw_rounds(2000);

	gale_start(_metadata, &g, self, change_eventfds);
	/* signals get lost here, so nobody waits for them */
	for (i = 0; i < rounds;) {
		int rc = _ccw_start(self->dev, &self->orb);

		ASSERT_TRUE(rc == 0 || rc == -EBUSY) TH_LOG("rc %d", rc);
		ccw_read_region(self->dev, REGION_IO, &self->dev->io);
		i += !rc;
	}
	gale_end(_metadata, &g);
	for (i = 0; i < NR_IRQS; i++)
		ccw_set_eventfd(self->dev, i, self->dev->irq[i]);
}

/* what an eventfd counted since it was looked at last */
static u64 counted(int fd)
{
	u64 n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void *exchange_eventfds(void *arg)
{
	struct gale *g = arg;
	struct ccw_dev *dev = g->self->dev;

	for (; !g->stop; g->rounds++)
		if (_ccw_set_eventfd(dev, IRQ_IO, dev->irq[g->rounds & 1 ?
							   IRQ_IO : IRQ_CRW]))
			g->bad = 1;
	return NULL;
}

/* There is an eventfd at any time: each status is signalled, on one or the other. */
TEST_F_TIMEOUT(storm, no_signal_is_lost_between_eventfds, MINUTES)
{
	struct pollfd pfd[2] = {
		{ .fd = self->dev->irq[IRQ_IO], .events = POLLIN },
		{ .fd = self->dev->irq[IRQ_CRW], .events = POLLIN },
	};
	unsigned int i, rounds = ccw_rounds(1000), other = 0;
	struct gale g;

	ccw_set_eventfd(self->dev, IRQ_CRW, -1);
	gale_start(_metadata, &g, self, exchange_eventfds);
	for (i = 0; i < rounds; i++) {
		u64 n;

		ccw_start(self->dev, &self->orb);
		ASSERT_LT(0, poll(pfd, 2, CCW_TIMEOUT_MS))
			TH_LOG("round %u: no signal", i);
		n = counted(pfd[1].fd);
		other += n;
		ASSERT_EQ(1, n + counted(pfd[0].fd));
		ccw_read_region(self->dev, REGION_IO, &self->dev->io);
		ASSERT_EQ(DSTAT_CE | DSTAT_DE, self->dev->io.irb.scsw.dstat)
			CCW_LOG(&self->dev->io.irb);
	}
	gale_end(_metadata, &g);
	TH_LOG("%u of %u on the other", other, rounds);
	for (i = 0; i < NR_IRQS; i++)
		ccw_set_eventfd(self->dev, i, self->dev->irq[i]);
}

static void *unmap_all(void *arg)
{
	struct gale *g = arg;
	struct ccw_mem *mem = &g->self->e.mem;

	for (; !g->stop; g->rounds++) {
		if (_ccw_dma_unmap(mem->iommu, mem->iova, mem->size) !=
		    (ssize_t)mem->size)
			g->bad = 1;
		usleep(g->rounds * 37 % 300);
		if (_ccw_dma_map(mem->iommu, mem->hva, mem->iova, mem->size,
				 true))
			g->bad = 2;
		usleep(g->rounds * 91 % 300);
	}
	return NULL;
}

/*
 * A device that suspends its program, as the emulator's do, does so with every other
 * one, so that nobody but the unmap ends it.
 */
TEST_F_TIMEOUT(storm, unmap_against_start, MINUTES)
{
	struct ccw_prog p;
	struct gale g;

	ccw_prog_init(&p, &self->e.mem, ENV_IOVA + 0x1000, 1);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, IN);
	self->held = ccw_orb(&p);
	self->held.flags |= ORB_S;
	gale_start(_metadata, &g, self, unmap_all);
	io_through_it(_metadata, self, ccw_rounds(500), true);
	gale_end(_metadata, &g);
	EXPECT_EQ(-ETIMEDOUT, _ccw_status(self->dev, &self->irb, 100));
}

/* everything that reads, at once with everything that writes */
static void *read_regions(void *arg)
{
	struct gale *g = arg;
	u8 buf[128];

	for (; !g->stop; g->rounds++) {
		int rc = _ccw_read_region(g->self->dev, g->rounds % NR_REGIONS,
					  buf);

		if (rc)
			g->bad = rc;
	}
	return NULL;
}

TEST_F_TIMEOUT(storm, readers_against_starts_and_resets, MINUTES)
{
	struct gale readers, resets;

	gale_start(_metadata, &readers, self, read_regions);
	gale_start(_metadata, &resets, self, reset_it);
	io_through_resets(_metadata, self, ccw_rounds(200));
	gale_end(_metadata, &resets);
	gale_end(_metadata, &readers);
}

/*
 * The program is rewritten while it is being started. Whatever the driver read
 * of it, it read once: the device sees a program made of valid words, and the
 * guest gets a status.
 */
static void *rewrite(void *arg)
{
	struct gale *g = arg;
	struct ccw_mem *mem = &g->self->e.mem;
	u32 *ccw = ccw_hva(mem, ENV_IOVA);
	u64 *idal = ccw_hva(mem, IDAL);
	unsigned int seed = 1;

	for (; !g->stop; g->rounds++) {
		unsigned int r = rand_r(&seed);
		unsigned int n = (r >> 8) % 16;

		switch (r % 6) {
		case 0:		/* length, and with it the number of IDAWs */
			((u16 *)&ccw[2 * n])[1] = (r >> 16) % 60000 + 1;
			break;
		case 1:		/* first IDAW, and with it that number, too */
			idal[0] = IN + (r >> 16) % 4096;
			break;
		case 2:
			idal[n] = r & 0x10000 ? ~0ULL : IN + n * 4096;
			break;
		case 3:		/* direct, indirect, and nowhere */
			((u8 *)&ccw[2 * n])[1] ^= CCW_IDA;
			break;
		case 4:
			ccw[2 * n + 1] = r & 0x10000 ? IDAL : r & 0x20000 ?
					 IN : 0x7f000000;
			break;
		case 5:		/* ends earlier or later, or goes elsewhere */
			((u8 *)&ccw[2 * n])[0] = r & 0x10000 ? CMD_SENSE_ID :
						 r & 0x20000 ? CMD_NOP : 0;
			break;
		}
	}
	return NULL;
}

TEST_F_TIMEOUT(storm, program_is_rewritten, MINUTES)
{
	unsigned int i, rounds = ccw_rounds(2000);
	struct gale g;
	int n, rc, odd = 0;

	gale_start(_metadata, &g, self, rewrite);
	for (i = 0; i < rounds; i++) {
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
		for (n = 0; n < 16; n++)
			ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
				IN);
		ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
		self->orb = ccw_orb(&self->p);
		ccw_put_idal(&self->p, IDAL, IN, 61440);
		rc = _ccw_run(self->dev, &self->orb, &self->irb);
		ASSERT_EQ(0, rc);
		ASSERT_EQ(0, self->irb.scsw.cstat & ~(CSTAT_PROG | CSTAT_IL))
			CCW_LOG(&self->irb);
		odd += !!self->irb.scsw.cstat;
	}
	gale_end(_metadata, &g);
	TH_LOG("%d of %u programs were checked", odd, rounds);
}

/* ---- objects ---- */

TEST_F_TIMEOUT(storm, close_and_open, MINUTES)
{
	unsigned int i, rounds = ccw_rounds(100);

	for (i = 0; i < rounds; i++) {
		ccw_start(self->dev, &self->orb);
		ccw_env_close(&self->e);
		ENV_SETUP(&self->e, variant->iommu);
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
		tell(_metadata, self, i + 1);
	}
}

TEST_F_TIMEOUT(storm, create_and_remove, MINUTES)
{
	char uuid[40], busid[16];
	unsigned int i, rounds = ccw_rounds(100);

	memcpy(uuid, self->dev->uuid, sizeof(uuid));
	memcpy(busid, self->dev->busid, sizeof(busid));
	ccw_env_close(&self->e);
	for (i = 0; i < rounds; i++) {
		ASSERT_EQ(0, _ccw_mdev_remove(uuid));
		ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
		tell(_metadata, self, i + 1);
	}
	ENV_SETUP(&self->e, variant->iommu);
}

TEST_F_TIMEOUT(storm, bind_and_unbind, MINUTES)
{
	char uuid[40], busid[16];
	unsigned int i, rounds = ccw_rounds(100);

	memcpy(uuid, self->dev->uuid, sizeof(uuid));
	memcpy(busid, self->dev->busid, sizeof(busid));
	ccw_env_close(&self->e);
	for (i = 0; i < rounds; i++) {
		ASSERT_EQ(0, _ccw_sch_unbind(busid));
		ASSERT_EQ(0, _ccw_sch_take(busid));
		/* with an mdev on it every other time, and in the end */
		if (i & 1 || i + 1 == rounds) {
			ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
		}
		tell(_metadata, self, i + 1);
	}
	ENV_SETUP(&self->e, variant->iommu);
}

/* as little as can be asked of the driver, as often as can be */
static void *read_a_word(void *arg)
{
	struct gale *g = arg;
	u32 word;

	for (; !g->stop; g->rounds++)
		if (pread(g->self->dev->fd, &word, sizeof(word), 0) != sizeof(word))
			g->bad = -errno;
	return NULL;
}

/* devices have their ops in common, and must not notice that another one comes */
TEST_F_TIMEOUT(storm, others_are_created_beside_it, MINUTES)
{
	unsigned int i, rounds = ccw_rounds(200);
	const char *uuid = ccw_uuid(1);
	char busid[16];
	struct gale g;

	if (!uuid)
		SKIP(return, "there is no other device");
	ASSERT_EQ(0, _ccw_busid(uuid, busid));
	gale_start(_metadata, &g, self, read_a_word);
	for (i = 0; i < rounds; i++) {
		ASSERT_EQ(0, _ccw_mdev_remove(uuid));
		ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
		tell(_metadata, self, i + 1);
	}
	gale_end(_metadata, &g);
}

static void *create(void *arg)
{
	struct gale *g = arg;

	for (; !g->stop; g->rounds++)
		_ccw_mdev_create(g->self->dev->busid, g->self->dev->uuid);
	return NULL;
}

/*
 * An mdev is made while its parent comes and goes, which takes it away. It is not
 * removed by hand, too: in the mdev core that is not safe against its parent's end
 * (mdev_device_remove() looks at the parent when nothing keeps it there any more).
 */
TEST_F_TIMEOUT(storm, create_against_unbind, MINUTES)
{
	char uuid[40], busid[16];
	unsigned int i, rounds = ccw_rounds(100);
	struct gale g;

	memcpy(uuid, self->dev->uuid, sizeof(uuid));
	memcpy(busid, self->dev->busid, sizeof(busid));
	ccw_env_close(&self->e);
	ASSERT_EQ(0, _ccw_mdev_remove(uuid));
	gale_start(_metadata, &g, self, create);
	for (i = 0; i < rounds; i++) {
		ASSERT_EQ(0, _ccw_sch_unbind(busid));
		ASSERT_EQ(0, _ccw_sch_take(busid));
		tell(_metadata, self, i + 1);
	}
	gale_end(_metadata, &g);
	if (!ccw_sysfs_exists("/sys/bus/mdev/devices/%s", uuid)) {
		ASSERT_EQ(0, _ccw_mdev_create(busid, uuid));
	}
	ENV_SETUP(&self->e, variant->iommu);
}

/* a user with I/O under way, who ends when the device is lost or asked for */
static void load(struct leaver *l, enum ccw_iommu_mode iommu,
		 void (*work)(const char *uuid, enum ccw_iommu_mode mode))
{
	l->starts = _ccw_statistic(l->uuid, "starts");
	l->pid = fork();
	if (l->pid)
		return;
	/* a storm that failed leaves nobody at work */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	work(l->uuid, iommu);
}

/*
 * With I/O under way, or with a program that is suspended, and his end: the first
 * start that is refused, or the first open. A program of his that was under way was
 * answered.
 */
static void load_until_lost(struct leaver *l, enum ccw_iommu_mode iommu, bool suspended)
{
	load(l, iommu, suspended ? ccw_suspended_for_ever : ccw_io_for_ever);
}

/*
 * He has asked what the device is, and gone on. Whoever comes to it after it was
 * replaced finds that nothing is amiss.
 */
static bool at_work(const struct leaver *l)
{
	return EVENTUALLY(_ccw_statistic(l->uuid, "starts") > l->starts + 1);
}

/* whether it was there when he came */
static bool load_ends(struct __test_metadata *_metadata, struct leaver *l)
{
	int status;

	if (!EVENTUALLY(waitpid(l->pid, &status, WNOHANG) == l->pid)) {
		kill(l->pid, SIGKILL);
		waitpid(l->pid, &status, 0);
		EXPECT_TRUE(false) TH_LOG("%s: it does not end", l->busid);
		return false;
	}
	EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) < 3)
		TH_LOG("%s: it ended with %x", l->busid, status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 2;
}

static void new_uuid(struct __test_metadata *_metadata, char uuid[40])
{
	ASSERT_EQ(0, _ccw_sysfs_read(uuid, 40, "/proc/sys/kernel/random/uuid"));
}

/* the mdev that a subchannel was given for the tests */
static bool has_mdev(const char *busid, char uuid[40])
{
	const char *known;
	char other[16];
	unsigned int i;

	for (i = 0; (known = ccw_uuid(i)); i++) {
		if (_ccw_busid(known, other) || strcmp(busid, other))
			continue;
		snprintf(uuid, 40, "%s", known);
		return true;
	}
	return false;
}

/*
 * The device under test, and as many others of those that can be unplugged as to
 * make @most: those are plugged if need be, and taken.
 */
static void leavers_gather(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
			   unsigned int most)
{
	unsigned int i, others = 0;
	char busid[16];

	for (i = 0; self->leavers < MOST_LEAVERS && ccw_unpluggable(i, busid); i++) {
		bool own = !strcmp(busid, self->dev->busid);
		struct leaver *l = &self->leaver[self->leavers];

		if (!own && others + 1 >= most)
			continue;
		others += !own;
		memcpy(l->busid, busid, sizeof(busid));
		l->borrowed = !has_mdev(busid, l->uuid);
		if (l->borrowed)
			new_uuid(_metadata, l->uuid);
		self->leavers++;
		ASSERT_EQ(0, _ccw_come_back(busid, l->uuid)) TH_LOG("%s", busid);
	}
}

/* in every fourth round at any point of its user's life, else under load */
static unsigned int leave(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
			  enum ccw_iommu_mode iommu, unsigned int round, unsigned int n)
{
	unsigned int i, busy = 0;

	for (i = 0; i < n; i++)
		load_until_lost(&self->leaver[i], iommu, (round + i) % 2);
	for (i = 0; i < n; i++) {
		if (round % 4 != 3) {
			ASSERT_TRUE(at_work(&self->leaver[i]));
		}
		usleep((round * n + i) * 7919 % 100000);
		ASSERT_EQ(0, _ccw_unplug(self->leaver[i].busid));
	}
	for (i = 0; i < n; i++)
		busy += load_ends(_metadata, &self->leaver[i]);
	for (i = 0; i < n; i++) {
		ASSERT_TRUE(EVENTUALLY(!ccw_is_there(self->leaver[i].busid)));
	}
	return busy;
}

static void come_back(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
		      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, _ccw_plug(self->leaver[i].busid));
	}
	ASSERT_EQ(0, _ccw_cio_settle());
	for (i = 0; i < n; i++) {
		struct leaver *l = &self->leaver[i];

		ASSERT_TRUE(EVENTUALLY(ccw_is_there(l->busid))) TH_LOG("%s", l->busid);
		ASSERT_EQ(0, _ccw_come_back(l->busid, l->uuid)) TH_LOG("%s", l->busid);
	}
}

/*
 * Devices leave under load and come back. A round is a device; of many, several go
 * at a time, as far as there are commands for them: a kernel that checks itself
 * takes ten seconds to search for a new one, and finds the others meanwhile.
 */
TEST_F_TIMEOUT(storm, unplug_under_load_and_replug, MINUTES)
{
	unsigned int rounds = ccw_rounds(5), lost = 0, busy = 0, round, n;

	if (!ccw_can_unplug(self->dev->busid))
		SKIP(return, "no way to unplug %s is named in VFIO_CCW_UNPLUG",
		     self->dev->busid);
	ccw_env_close(&self->e);
	leavers_gather(_metadata, self, rounds / 5);
	for (round = 0; lost < rounds; round++, lost += n) {
		n = rounds - lost < self->leavers ? rounds - lost : self->leavers;
		busy += leave(_metadata, self, variant->iommu, round, n);
		come_back(_metadata, self, n);
		tell(_metadata, self, lost + n);
	}
	TH_LOG("%u losses, %u at a time, %u of them with a user at work", lost,
	       self->leavers, busy);
	EXPECT_LT(0, busy);
	ENV_SETUP(&self->e, variant->iommu);
}

/*
 * A device leaves under load, and another one is there at once. Most of the time
 * the host still has the subchannel of the old one, and need not look for a new
 * one.
 */
TEST_F_TIMEOUT(storm, replaced_under_load, MINUTES)
{
	unsigned int i, rounds = ccw_rounds(20);
	struct leaver l = {};

	memcpy(l.uuid, self->dev->uuid, sizeof(l.uuid));
	memcpy(l.busid, self->dev->busid, sizeof(l.busid));
	if (!ccw_can_unplug(l.busid))
		SKIP(return, "no way to unplug %s is named in VFIO_CCW_UNPLUG",
		     l.busid);
	ccw_env_close(&self->e);
	for (i = 0; i < rounds; i++) {
		load_until_lost(&l, variant->iommu, i % 2);
		ASSERT_TRUE(at_work(&l));
		usleep(i * 7919 % 100000);
		ASSERT_EQ(0, _ccw_replace(l.busid));
		load_ends(_metadata, &l);
		ASSERT_TRUE(EVENTUALLY(!ccw_sysfs_exists("/sys/bus/mdev/devices/%s",
							 l.uuid)));
		ASSERT_TRUE(EVENTUALLY(ccw_is_there(l.busid) &&
				       !_ccw_sch_take(l.busid) &&
				       !_ccw_mdev_create(l.busid, l.uuid)))
			TH_LOG("round %u: it is not offered again", i);
		tell(_metadata, self, i + 1);
	}
	ENV_SETUP(&self->e, variant->iommu);
}

/*
 * The host wants the device back while I/O is under way: it asks for it, and waits
 * until the user has closed it. He does that when his program has ended, when he has
 * just started one, or with one that is suspended.
 */
static void taken_under_load(struct __test_metadata *_metadata, FIXTURE_DATA(storm) *self,
			     enum ccw_iommu_mode iommu, int (*take)(const struct leaver *l))
{
	void (*const work[])(const char *uuid, enum ccw_iommu_mode mode) = {
		ccw_io_until_asked, ccw_io_cut_short, ccw_suspended_until_asked,
	};
	unsigned int i, rounds = ccw_rounds(20);
	struct leaver l = {};
	int status;
	pid_t pid;

	memcpy(l.uuid, self->dev->uuid, sizeof(l.uuid));
	memcpy(l.busid, self->dev->busid, sizeof(l.busid));
	ccw_env_close(&self->e);
	for (i = 0; i < rounds; i++) {
		load(&l, iommu, work[i % ARRAY_SIZE(work)]);
		ASSERT_TRUE(at_work(&l));
		usleep(i * 7919 % 20000);
		pid = IN_CHILD(take(&l));
		ASSERT_TRUE(load_ends(_metadata, &l)) TH_LOG("round %u", i);
		ASSERT_TRUE(EVENTUALLY(waitpid(pid, &status, WNOHANG) == pid))
			TH_LOG("round %u: it is not let go", i);
		ASSERT_EQ(0, status);
		ASSERT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", l.uuid));
		ASSERT_EQ(0, _ccw_come_back(l.busid, l.uuid));
		tell(_metadata, self, i + 1);
	}
	ENV_SETUP(&self->e, iommu);
}

static int take_mdev(const struct leaver *l)
{
	return _ccw_mdev_remove(l->uuid);
}

TEST_F_TIMEOUT(storm, remove_under_load, MINUTES)
{
	taken_under_load(_metadata, self, variant->iommu, take_mdev);
}

static int take_subchannel(const struct leaver *l)
{
	return _ccw_sch_unbind(l->busid);
}

TEST_F_TIMEOUT(storm, unbind_under_load, MINUTES)
{
	taken_under_load(_metadata, self, variant->iommu, take_subchannel);
}

TEST_HARNESS_MAIN
