// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each allocation, each pin and each copy that an operation needs fails once, in
 * turn. The operation may fail then, by an errno that says so, or do without;
 * nothing stays behind, and the next one works.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)
#define EXTRA	0x00c00000UL		/* memory that nobody has touched yet */
#define EXTRA_SIZE (64 * CCW_PAGE)

#define MINUTES	(60 * 60)

/* more than any operation has; one that goes on for ever ends here */
#define MANY	4000

/* how many of the allocations that create a device are for its file in /dev */
#define MANY_NODELESS	4

#define CSS	"/sys/bus/css"

FIXTURE(fault)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_mem extra;
	struct ccw_prog p;
	struct ccw_orb orb;
	struct ccw_irb irb;
	enum ccw_iommu_mode mode;
	char uuid[40];
	char busid[16];
	int failed;
	int nodeless;
	u8 state[CCW_STATE_MAX];	/* of a stopped device, and how it is now */
	u8 now[CCW_STATE_MAX];
	ssize_t size;		/* of it */
	ssize_t passed;		/* so much went through the session's file */
	int session;		/* that file, 0: there is none */
};

ENV_VARIANTS(fault);

typedef FIXTURE_DATA(fault) fault_t;

FIXTURE_SETUP(fault)
{
	const char *why = ccw_fault_setup();

	if (why)
		SKIP(return, "%s", why);
	ENV_SETUP(&self->e, variant->iommu);
	self->mode = variant->iommu;
	self->dev = &self->e.dev;
	memcpy(self->uuid, self->dev->uuid, sizeof(self->uuid));
	memcpy(self->busid, self->dev->busid, sizeof(self->busid));
}

static long pages_pinned(fault_t *self)
{
	return _ccw_statistic(self->uuid, "pages_pinned");
}

/* a program that needs something of everything: pages, an IDAL, a segment */
static void put_program(fault_t *self, struct ccw_mem *mem, u64 data)
{
	u64 at = mem->iova, idal = at + 2048;
	struct ccw_prog *p = &self->p;
	int i;

	ccw_prog_init(p, mem, at, 1);
	for (i = 0; i < 8; i++)
		ccw_put(p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
			data + i * CCW_PAGE);
	/* across pages, and so indirect in the host */
	ccw_put(p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 3 * CCW_PAGE,
		data + 8 * CCW_PAGE + 100);
	ccw_put_idal(p, idal, data + 12 * CCW_PAGE, 2 * CCW_PAGE);
	ccw_put(p, CMD_SENSE_ID, CCW_SLI | CCW_CC | CCW_IDA, 2 * CCW_PAGE,
		idal);
	ccw_put_tic(p, at + 1024);
	p->next = at + 1024;
	ccw_put(p, CMD_SENSE_ID, CCW_SLI, 4, data + 15 * CCW_PAGE);
	self->orb = ccw_orb(p);
}

static void works(struct __test_metadata *_metadata, fault_t *self)
{
	put_program(self, &self->e.mem, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, ccw_drain(self->dev));
}

static void session_close(fault_t *self)
{
	if (self->session > 0)
		close(self->session);
	self->session = 0;
}

FIXTURE_TEARDOWN(fault)
{
	ccw_fault_hit();
	ccw_fault_except(NULL);
	if (!ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid)) {
		_ccw_sch_unbind(self->busid);
		ASSERT_EQ(0, _ccw_sch_take(self->busid));
		ASSERT_EQ(0, _ccw_mdev_create(self->busid, self->uuid));
	}
	if (self->dev->fd < 0)
		ENV_SETUP(&self->e, variant->iommu);
	session_close(self);
	if (_ccw_mig_get(self->dev) != VFIO_DEVICE_STATE_RUNNING)
		ccw_reset(self->dev);
	ccw_mem_destroy(&self->extra);
	works(_metadata, self);
	ccw_mem_destroy(&self->e.mem);
	EXPECT_EQ(0, pages_pinned(self));
	ccw_env_close(&self->e);
	EXPECT_EQ(0, pages_pinned(self));
}

/* a fresh user: nothing is there yet that an operation would need to make */
static void begin_anew(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_mem_destroy(&self->extra);
	ccw_env_close(&self->e);
	EXPECT_EQ(0, pages_pinned(self));
	ENV_SETUP(&self->e, self->mode);
}

/*
 * @before, @call with the next thing failing, @after with what @call returned,
 * until nothing failed any more. The last call has to succeed.
 */
static void sweep(struct __test_metadata *_metadata, fault_t *self,
		  void (*before)(struct __test_metadata *, fault_t *),
		  int (*call)(fault_t *),
		  void (*after)(struct __test_metadata *, fault_t *, int rc))
{
	int nth, rc;
	bool hit;

	for (nth = 1; nth < MANY; nth++) {
		if (before)
			before(_metadata, self);
		ccw_fault_arm(nth);
		rc = call(self);
		hit = ccw_fault_hit();
		ASSERT_NE(-EAGAIN, rc) TH_LOG("failure %d", nth);
		if (hit && rc)
			self->failed++;
		if (!hit) {
			ASSERT_EQ(0, rc) TH_LOG("without a failure, %d", nth);
		}
		after(_metadata, self, rc);
		if (!__test_passed(_metadata)) {
			TH_LOG("failure %d, rc %d", nth, rc);
			break;
		}
		if (!hit)
			break;
	}
	ASSERT_LT(nth, MANY);
	TH_LOG("%d could fail, and %d were answered by an errno", nth - 1,
	       self->failed);
}

/* ---- objects ---- */

static void closed(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_env_close(&self->e);
}

static int open_it(fault_t *self)
{
	int rc = _ccw_iommu_open(&self->e.iommu, self->mode);

	return rc ? rc : _ccw_dev_open(self->dev, &self->e.iommu, self->uuid);
}

static void opened(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	ccw_env_close(&self->e);
	EXPECT_EQ(0, pages_pinned(self));
	ENV_SETUP(&self->e, self->mode);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, open, MINUTES)
{
	sweep(_metadata, self, closed, open_it, opened);
	EXPECT_LT(0, self->failed);
}

static void io_under_way(struct __test_metadata *_metadata, fault_t *self)
{
	begin_anew(_metadata, self);
	put_program(self, &self->e.mem, IN);
	ccw_start(self->dev, &self->orb);
}

static int close_it(fault_t *self)
{
	int fd = self->dev->fd;

	self->dev->fd = -1;
	return close(fd) ? -errno : 0;
}

TEST_F_TIMEOUT(fault, close, MINUTES)
{
	sweep(_metadata, self, io_under_way, close_it, opened);
}

static void removed(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_env_close(&self->e);
	if (ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid)) {
		ASSERT_EQ(0, _ccw_mdev_remove(self->uuid));
	}
}

static int create(fault_t *self)
{
	return _ccw_mdev_create(self->busid, self->uuid);
}

static void created(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	char text[8];

	ASSERT_EQ(!rc, ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid));
	ASSERT_EQ(0, _ccw_sysfs_read(text, sizeof(text), CSS
		"/devices/%s/mdev_supported_types/vfio_ccw-io/available_instances",
		self->busid));
	ASSERT_STREQ(rc ? "1" : "0", text);
	if (!rc && self->mode == IOMMU_IOMMUFD && !ccw_dev_has_node(self->uuid)) {
		self->nodeless++;
		ASSERT_EQ(0, _ccw_mdev_remove(self->uuid));
		rc = -ENODEV;
	}
	if (rc) {
		ASSERT_EQ(0, create(self));
	}
	ENV_SETUP(&self->e, self->mode);
	works(_metadata, self);
}

/*
 * The driver core goes without the device's file below /dev/vfio/devices if need
 * be: nobody is told of it, and no driver can. It may happen a few times, and a
 * device made anew has its file.
 *
 * vfio itself warns of a group that it cannot name or add, since it forgets that it
 * has the IOMMU group, and keeps that for ever: there nothing may fail.
 */
TEST_F_TIMEOUT(fault, create, MINUTES)
{
	if (!ccw_fault_except("vfio_create_group"))
		SKIP(return, "failures in vfio's own group cannot be left out");
	sweep(_metadata, self, removed, create, created);
	EXPECT_LT(0, self->failed);
	EXPECT_GE(MANY_NODELESS, self->nodeless);
	if (self->nodeless)
		TH_LOG("%d went without the device's file", self->nodeless);
}

static void made(struct __test_metadata *_metadata, fault_t *self)
{
	removed(_metadata, self);
	ASSERT_EQ(0, create(self));
}

static int remove_it(fault_t *self)
{
	return _ccw_mdev_remove(self->uuid);
}

/* it may not be found, but not be half gone */
static void gone(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid)) {
		ASSERT_EQ(0, remove_it(self));
	}
	ASSERT_EQ(0, create(self));
	ENV_SETUP(&self->e, self->mode);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, remove, MINUTES)
{
	sweep(_metadata, self, made, remove_it, gone);
}

static bool is_bound(fault_t *self)
{
	return ccw_sysfs_exists(CSS "/drivers/vfio_ccw/%s", self->busid);
}

static void unbound(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_env_close(&self->e);
	if (is_bound(self)) {
		ASSERT_EQ(0, _ccw_sch_unbind(self->busid));
	}
	ASSERT_EQ(0, _ccw_sysfs_write("vfio_ccw", CSS
				      "/devices/%s/driver_override",
				      self->busid));
}

static int bind_it(fault_t *self)
{
	return _ccw_sysfs_write(self->busid, CSS "/drivers/vfio_ccw/bind");
}

static void bound(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	ASSERT_EQ(!rc, is_bound(self));
	/* the mdev core goes without the link in /sys/class/mdev_bus if need be */
	ASSERT_EQ(!rc, ccw_sysfs_exists(CSS "/devices/%s/mdev_supported_types",
					self->busid));
	if (rc) {
		ASSERT_EQ(0, bind_it(self));
	}
	ASSERT_EQ(0, create(self));
	ENV_SETUP(&self->e, self->mode);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, bind, MINUTES)
{
	sweep(_metadata, self, unbound, bind_it, bound);
	EXPECT_LT(0, self->failed);
}

static void with_mdev(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_env_close(&self->e);
	ASSERT_TRUE(is_bound(self));
}

static int unbind_it(fault_t *self)
{
	return _ccw_sch_unbind(self->busid);
}

static void unbound_again(struct __test_metadata *_metadata, fault_t *self,
			  int rc)
{
	if (is_bound(self)) {
		ASSERT_EQ(0, unbind_it(self));
	}
	EXPECT_FALSE(ccw_sysfs_exists("/sys/bus/mdev/devices/%s", self->uuid));
	ASSERT_EQ(0, _ccw_sch_take(self->busid));
	ASSERT_EQ(0, create(self));
	ENV_SETUP(&self->e, self->mode);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, unbind, MINUTES)
{
	sweep(_metadata, self, with_mdev, unbind_it, unbound_again);
}

static void unloaded(struct __test_metadata *_metadata, fault_t *self)
{
	ASSERT_EQ(0, _ccw_module_remove());
}

static int load(fault_t *self)
{
	return _ccw_module_load();
}

/* a load that failed leaves nothing behind, which the next one would find */
static void loaded(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	EXPECT_EQ(!rc, ccw_sysfs_exists("/sys/module/vfio_ccw"));
	EXPECT_EQ(!rc, ccw_sysfs_exists(CSS "/drivers/vfio_ccw"));
	EXPECT_EQ(!rc, ccw_sysfs_exists("/sys/bus/mdev/drivers/vfio_ccw_mdev"));
	EXPECT_EQ(!rc, ccw_sysfs_exists("/sys/kernel/debug/s390dbf/vfio_ccw"));
	EXPECT_NE(-EEXIST, rc);
	EXPECT_NE(-EBUSY, rc);
}

#define LAST	120

/* of the allocations that it takes to load a module the driver's own are the last */
TEST_F_TIMEOUT(fault, load, MINUTES)
{
	unsigned int all, nth;
	int rc;

	if (!ccw_module_file())
		SKIP(return, "it is not known where the module is loaded from");
	ASSERT_LT(0, _ccw_remember_all());
	if (ccw_forgotten())
		SKIP(return, "%s, which is none of these, would be lost", ccw_forgotten());
	ccw_env_close(&self->e);
	/* whoever matches is bound by the load, too, and that is another test's */
	ASSERT_EQ(0, _ccw_sysfs_write("none", CSS "/devices/%s/driver_override",
				      self->busid));
	unloaded(_metadata, self);
	ccw_fault_arm(1000000);
	rc = load(self);
	all = 1000000 - ccw_fault_left();
	ASSERT_EQ(0, rc);
	for (nth = all > LAST ? all - LAST : 1; nth <= all; nth++) {
		if (!rc)
			unloaded(_metadata, self);
		ccw_fault_arm(nth);
		rc = load(self);
		self->failed += ccw_fault_hit() && rc;
		loaded(_metadata, self, rc);
		if (!__test_passed(_metadata)) {
			TH_LOG("failure %u of %u, rc %d", nth, all, rc);
			break;
		}
	}
	TH_LOG("%d of the last %d of %u were answered by an errno", self->failed, LAST, all);
	EXPECT_LT(0, self->failed);
	if (rc) {
		ASSERT_EQ(0, load(self));
	}
	ASSERT_EQ(0, _ccw_take_all());
	ENV_SETUP(&self->e, variant->iommu);
}

/* ---- requests ---- */

/* memory that has to be made before it can be pinned */
static void cold_program(struct __test_metadata *_metadata, fault_t *self)
{
	begin_anew(_metadata, self);
	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_PRIVATE);
	put_program(self, &self->e.mem, EXTRA);
}

/* pinned before: what a guest does all the time */
static void warm_program(struct __test_metadata *_metadata, fault_t *self)
{
	works(_metadata, self);
}

static int start(fault_t *self)
{
	return _ccw_start(self->dev, &self->orb);
}

/* a program that ran is not one that lacked something */
static void ended_well(struct __test_metadata *_metadata, fault_t *self)
{
	ccw_final_status(self->dev, &self->irb);
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, self->irb.scsw.dstat)
		CCW_LOG(&self->irb);
	EXPECT_EQ(0, self->irb.scsw.cstat & ~CSTAT_IL) CCW_LOG(&self->irb);
	EXPECT_EQ(self->p.next, self->irb.scsw.cpa) CCW_LOG(&self->irb);
}

static void started(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc) {
		EXPECT_TRUE(rc == -ENOMEM || rc == -EFAULT);
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 0));
		ccw_start(self->dev, &self->orb);
	}
	ended_well(_metadata, self);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, first_start, MINUTES)
{
	sweep(_metadata, self, cold_program, start, started);
	EXPECT_LT(0, self->failed);
}

TEST_F_TIMEOUT(fault, next_start, MINUTES)
{
	sweep(_metadata, self, warm_program, start, started);
}

static void long_program(struct __test_metadata *_metadata, fault_t *self)
{
	int i;

	begin_anew(_metadata, self);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA + 0x100000, 1);
	for (i = 0; i < 1000; i++) {
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
		ccw_put_tic(&self->p, self->p.next + 24);
		self->p.next += 16;
	}
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	self->orb = ccw_orb(&self->p);
}

/* tables that grow while they are used */
TEST_F_TIMEOUT(fault, first_start_of_a_long_program, MINUTES)
{
	sweep(_metadata, self, long_program, start, started);
	EXPECT_LT(0, self->failed);
}

static int read_status(fault_t *self)
{
	return _ccw_read_region(self->dev, REGION_IO, &self->dev->io);
}

static void has_status(struct __test_metadata *_metadata, fault_t *self)
{
	put_program(self, &self->e.mem, IN);
	ccw_start(self->dev, &self->orb);
	ccw_wait_irq(self->dev, IRQ_IO);
}

/* status that could not be copied is there for the next read */
static void status_read(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc) {
		EXPECT_EQ(-EFAULT, rc);
		ASSERT_EQ(0, read_status(self));
	}
	EXPECT_EQ(DSTAT_CE | DSTAT_DE, self->dev->io.irb.scsw.dstat);
	ASSERT_EQ(0, read_status(self));
	EXPECT_EQ(0, self->dev->io.irb.scsw.flags & STCTL_PEND);
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, read_status, MINUTES)
{
	sweep(_metadata, self, has_status, read_status, status_read);
	EXPECT_LT(0, self->failed);
}

static int halt(fault_t *self)
{
	return _ccw_async(self->dev, ASYNC_HALT);
}

static int clear(fault_t *self)
{
	return _ccw_async(self->dev, ASYNC_CLEAR);
}

static int reset(fault_t *self)
{
	return _ccw_reset(self->dev);
}

static void commanded(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc) {
		EXPECT_EQ(-EFAULT, rc);
		EXPECT_EQ(-ETIMEDOUT, _ccw_wait_irq(self->dev, IRQ_IO, 0));
	} else {
		ccw_status(self->dev, &self->irb);
	}
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, halt, MINUTES)
{
	sweep(_metadata, self, NULL, halt, commanded);
	EXPECT_LT(0, self->failed);
}

TEST_F_TIMEOUT(fault, clear, MINUTES)
{
	sweep(_metadata, self, NULL, clear, commanded);
	EXPECT_LT(0, self->failed);
}

static void was_reset(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc)
		ccw_reset(self->dev);
	EXPECT_EQ(0, ccw_drain(self->dev));
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, reset, MINUTES)
{
	sweep(_metadata, self, io_under_way, reset, was_reset);
}

/* a program that is there until somebody ends it */
static void suspended(struct __test_metadata *_metadata, fault_t *self)
{
	begin_anew(_metadata, self);
	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_PRIVATE);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, EXTRA);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, EXTRA + CCW_PAGE);
	self->orb = ccw_orb(&self->p);
	self->orb.flags |= ORB_S;
	ccw_start(self->dev, &self->orb);
	_ccw_status(self->dev, &self->irb, 200);
}

static int unmap(fault_t *self)
{
	ssize_t n = _ccw_dma_unmap(&self->e.iommu, EXTRA, EXTRA_SIZE);

	return n < 0 ? n : 0;
}

static void unmapped(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	/* it may be unmapped, and only the answer be lost: iommufd finds nothing then */
	if (rc) {
		int again = unmap(self);

		if (rc != -EFAULT || self->mode != IOMMU_IOMMUFD || again != -ENOENT)
			ASSERT_EQ(0, again);
	}
	ccw_drain(self->dev);
	works(_metadata, self);
	ASSERT_EQ(ENV_SIZE, _ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE));
	EXPECT_EQ(0, pages_pinned(self));
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
}

TEST_F_TIMEOUT(fault, unmap, MINUTES)
{
	sweep(_metadata, self, suspended, unmap, unmapped);
}

/* ---- migration ---- */

#define RUNNING		VFIO_DEVICE_STATE_RUNNING
#define STOP		VFIO_DEVICE_STATE_STOP
#define STOP_COPY	VFIO_DEVICE_STATE_STOP_COPY
#define RESUMING	VFIO_DEVICE_STATE_RESUMING

/* of the bytes of a state, so that there are several reads and writes */
#define PIECE	100

static int stop(fault_t *self)
{
	return _ccw_mig_set(self->dev, STOP, NULL);
}

static int run(fault_t *self)
{
	return _ccw_mig_set(self->dev, RUNNING, NULL);
}

/*
 * It may have got there, and only the answer be lost: the next try finds that. So for
 * those arcs that need nothing but the two copies of the request.
 */
static void try_again(struct __test_metadata *_metadata, fault_t *self, int rc,
		      int (*call)(fault_t *self))
{
	if (rc) {
		EXPECT_EQ(-EFAULT, rc);
		ASSERT_EQ(0, call(self));
	}
}

/* the status that was there when it was stopped, once */
static void goes_on(struct __test_metadata *_metadata, fault_t *self)
{
	ASSERT_EQ(RUNNING, _ccw_mig_get(self->dev));
	put_program(self, &self->e.mem, IN);
	ended_well(_metadata, self);
	EXPECT_EQ(0, ccw_drain(self->dev));
	works(_metadata, self);
}

static void was_stopped(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	try_again(_metadata, self, rc, stop);
	ASSERT_EQ(STOP, _ccw_mig_get(self->dev));
	EXPECT_EQ(0, pages_pinned(self));
	EXPECT_EQ(-EBUSY, _ccw_start(self->dev, &self->orb));
	ASSERT_EQ(0, run(self));
	goes_on(_metadata, self);
}

TEST_F_TIMEOUT(fault, stop, MINUTES)
{
	sweep(_metadata, self, io_under_way, stop, was_stopped);
	EXPECT_LT(0, self->failed);
}

/* with a status that was signalled, and not taken: that is signalled once more */
static void stopped(struct __test_metadata *_metadata, fault_t *self)
{
	has_status(_metadata, self);
	ASSERT_EQ(0, stop(self));
	self->passed = 0;
}

/* goes on with a session that there is */
static int save(fault_t *self)
{
	ssize_t n;
	int rc;

	if (!self->session) {
		rc = _ccw_mig_set(self->dev, STOP_COPY, &self->session);
		if (rc)
			self->session = 0;
		if (rc)
			return rc;
	}
	do {
		n = read(self->session, self->now + self->passed, PIECE);
		self->passed += n > 0 ? n : 0;
	} while (n > 0);
	return n < 0 ? -errno : 0;
}

/* what was not read is there for the next read, and the next session has it all */
static void saved(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc) {
		EXPECT_TRUE(rc == -ENOMEM || rc == -EFAULT);
		/* of its file nobody was told */
		if (!self->session)
			ASSERT_EQ(0, stop(self));
		ASSERT_EQ(0, save(self));
	}
	session_close(self);
	ASSERT_EQ(0, stop(self));
	self->size = _ccw_save(self->dev, self->state);
	EXPECT_LT(0, self->size);
	EXPECT_EQ(self->size, self->passed);
	EXPECT_EQ(0, memcmp(self->state, self->now, CCW_STATE_MAX));
	ASSERT_EQ(0, run(self));
	goes_on(_metadata, self);
}

TEST_F_TIMEOUT(fault, save, MINUTES)
{
	sweep(_metadata, self, stopped, save, saved);
	EXPECT_LT(0, self->failed);
}

static void stopped_and_saved(struct __test_metadata *_metadata, fault_t *self)
{
	stopped(_metadata, self);
	self->size = _ccw_save(self->dev, self->state);
	ASSERT_LT(0, self->size);
}

/* goes on with a session that there is */
static int load_state(fault_t *self)
{
	ssize_t n = 0;
	int rc;

	if (!self->session) {
		rc = _ccw_mig_set(self->dev, RESUMING, &self->session);
		if (rc)
			self->session = 0;
		if (rc)
			return rc;
	}
	while (n >= 0 && self->passed < self->size) {
		n = self->size - self->passed;
		n = write(self->session, self->state + self->passed, n < PIECE ? n : PIECE);
		self->passed += n > 0 ? n : 0;
	}
	return n < 0 ? -errno : 0;
}

/* a device that is not told to forget what it was is what it was */
static void state_is_there(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	if (rc) {
		EXPECT_TRUE(rc == -ENOMEM || rc == -EFAULT);
		if (!self->session && _ccw_mig_get(self->dev) == STOP) {
			ASSERT_EQ(self->size, _ccw_save(self->dev, self->now));
			EXPECT_EQ(0, memcmp(self->state, self->now, self->size));
		} else if (!self->session) {
			ccw_reset(self->dev);
		}
		ASSERT_EQ(0, load_state(self));
	}
	session_close(self);
	ASSERT_EQ(0, stop(self));
	ASSERT_EQ(self->size, _ccw_save(self->dev, self->now));
	EXPECT_EQ(0, memcmp(self->state, self->now, self->size));
	ASSERT_EQ(0, run(self));
	goes_on(_metadata, self);
}

TEST_F_TIMEOUT(fault, load_a_state, MINUTES)
{
	sweep(_metadata, self, stopped_and_saved, load_state, state_is_there);
	EXPECT_LT(0, self->failed);
}

static void all_is_written(struct __test_metadata *_metadata, fault_t *self)
{
	stopped_and_saved(_metadata, self);
	ASSERT_EQ(0, load_state(self));
	session_close(self);
}

static void was_loaded(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	try_again(_metadata, self, rc, stop);
	state_is_there(_metadata, self, 0);
}

TEST_F_TIMEOUT(fault, end_of_a_load, MINUTES)
{
	sweep(_metadata, self, all_is_written, stop, was_loaded);
	EXPECT_LT(0, self->failed);
}

static void runs_again(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	try_again(_metadata, self, rc, run);
	goes_on(_metadata, self);
}

TEST_F_TIMEOUT(fault, run, MINUTES)
{
	sweep(_metadata, self, stopped, run, runs_again);
	EXPECT_LT(0, self->failed);
}

/* ---- what else may be asked ---- */

static int set_irq(fault_t *self)
{
	return _ccw_set_eventfd(self->dev, IRQ_IO, self->dev->irq[IRQ_IO]);
}

static void irq_set(struct __test_metadata *_metadata, fault_t *self, int rc)
{
	works(_metadata, self);
}

TEST_F_TIMEOUT(fault, set_irqs, MINUTES)
{
	sweep(_metadata, self, NULL, set_irq, irq_set);
	EXPECT_LT(0, self->failed);
}

static int get_info(fault_t *self)
{
	u8 buf[256] = {};
	struct vfio_region_info *region = (void *)buf;
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct vfio_irq_info irq = { .argsz = sizeof(irq) };

	region->argsz = sizeof(buf);
	region->index = REGION_CMD;
	if (ioctl(self->dev->fd, VFIO_DEVICE_GET_INFO, &device) ||
	    ioctl(self->dev->fd, VFIO_DEVICE_GET_IRQ_INFO, &irq) ||
	    ioctl(self->dev->fd, VFIO_DEVICE_GET_REGION_INFO, region))
		return -errno;
	return 0;
}

TEST_F_TIMEOUT(fault, get_info, MINUTES)
{
	sweep(_metadata, self, NULL, get_info, irq_set);
	EXPECT_LT(0, self->failed);
}

static int read_others(fault_t *self)
{
	u8 buf[64];
	int rc = _ccw_read_region(self->dev, REGION_SCHIB, buf);

	if (!rc)
		rc = _ccw_read_region(self->dev, REGION_CMD, buf);
	return rc ? rc : _ccw_read_region(self->dev, REGION_CRW, buf);
}

TEST_F_TIMEOUT(fault, read_regions, MINUTES)
{
	sweep(_metadata, self, NULL, read_others, irq_set);
	EXPECT_LT(0, self->failed);
}

TEST_HARNESS_MAIN
