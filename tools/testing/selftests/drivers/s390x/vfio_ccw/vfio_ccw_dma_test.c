// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory that changes, ends, may not be written, or of which there may
 * not be much pinned.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/userfaultfd.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IDAL	(ENV_IOVA + 0x12000)
#define OUT	(ENV_IOVA + 0x20000)
#define IN	(ENV_IOVA + 0x30000)
#define EXTRA	0x00c00000UL		/* free for a test's own mappings */
#define EXTRA_SIZE 0x40000UL
#define IOTLB_PAGES "/sys/module/vfio_ccw/parameters/iotlb_pages"

FIXTURE(dma)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	const struct ccw_backend *b;
	struct ccw_mem extra;
	struct ccw_prog p;
	struct ccw_irb irb;
};

ENV_VARIANTS(dma);

FIXTURE_SETUP(dma)
{
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	self->b = self->dev->backend;
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
}

FIXTURE_TEARDOWN(dma)
{
	ccw_mem_destroy(&self->extra);
	ccw_drain(self->dev);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	ccw_env_close(&self->e);
}

static void sense_id(FIXTURE_DATA(dma) *self, u64 to)
{
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, to);
}

TEST_F(dma, unmap_and_map_again)
{
	int i;

	for (i = 0; i < 50; i++) {
		ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
			       i & 1 ? MEM_PRIVATE : 0);
		sense_id(self, EXTRA + i * 64);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		EXPECT_EQ(0xff, *(u8 *)ccw_hva(&self->extra, EXTRA + i * 64));
		ccw_dma_unmap(&self->e.iommu, EXTRA, EXTRA_SIZE);
		sense_id(self, EXTRA);
		ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROG,
			      self->p.next);
		ccw_mem_destroy(&self->extra);
	}
}

TEST_F(dma, unmap_everything)
{
	struct vfio_iommu_type1_dma_unmap all = {
		.argsz = sizeof(all), .flags = VFIO_DMA_UNMAP_FLAG_ALL,
	};
	struct ccw_orb orb;

	if (variant->iommu != IOMMU_TYPE1)
		SKIP(return, "a call of type1");
	sense_id(self, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	ASSERT_EQ(0, ioctl(self->e.iommu.fd, VFIO_IOMMU_UNMAP_DMA, &all));
	EXPECT_EQ(ENV_SIZE, all.size);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_EQ(CSTAT_PROG, self->irb.scsw.cstat);
	EXPECT_EQ(ENV_IOVA + 8, self->irb.scsw.cpa);
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
}

/* ---- memory that a device may only read ---- */

TEST_F(dma, read_only_may_be_written_from)
{
	u8 want[4096];

	if (!self->b->rw_len)
		SKIP(return, "%s", ccw_no_data(self->b));
	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_RO);
	ccw_pattern(self->dev, want, 3);
	memcpy(ccw_hva(&self->extra, EXTRA), want, self->b->rw_len);
	memset(ccw_hva(&self->e.mem, IN), 0, self->b->rw_len);
	self->b->put_write(&self->p, ARG, EXTRA, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	self->b->put_read(&self->p, ARG, IN, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	EXPECT_EQ(0, memcmp(want, ccw_hva(&self->e.mem, IN),
			    self->b->rw_len));
}

/* really read-only: the process itself may not write there either */
TEST_F(dma, read_only_process_memory)
{
	if (!self->b->rw_len)
		SKIP(return, "%s", ccw_no_data(self->b));
	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_RO);
	ccw_pattern(self->dev, self->extra.hva, 4);
	ASSERT_EQ(0, mprotect(self->extra.hva, EXTRA_SIZE, PROT_READ));
	self->b->put_write(&self->p, ARG, EXTRA, 0);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

TEST_F(dma, read_only_may_not_be_read_into)
{
	struct ccw_orb orb;
	u8 *buf;
	int i;

	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_RO);
	buf = self->extra.hva;
	memset(buf, 0xee, 64);
	sense_id(self, EXTRA);
	ccw_run_check(self->dev, &self->p, &self->irb, CSTAT_PROT,
		      self->p.next);

	/* not as the first CCW: hardware has to find it */
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, EXTRA);
	orb = ccw_orb(&self->p);
	ccw_run(self->dev, &orb, &self->irb);
	EXPECT_NE(0, self->irb.scsw.cstat & (CSTAT_PROT | CSTAT_PROG));
	EXPECT_EQ(self->p.next, self->irb.scsw.cpa);
	for (i = 0; i < 64; i++)
		ASSERT_EQ(0xee, buf[i]);
}

TEST_F(dma, programs_may_be_read_only)
{
	struct ccw_prog p;

	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
		       MEM_RO);
	ccw_prog_init(&p, &self->extra, EXTRA, 1);
	ccw_put_idal(&p, EXTRA + 0x1000, IN, 4);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_IDA, 4, EXTRA + 0x1000);
	ccw_run_ok(self->dev, &p, &self->irb);
}

/* A page that was written from, and is cached so, is read into next. */
TEST_F(dma, first_read_then_written)
{
	int i;

	if (!self->b->rw_len)
		SKIP(return, "%s", ccw_no_data(self->b));
	for (i = 0; i < 10; i++) {
		u64 page = OUT + i * CCW_PAGE;

		ccw_pattern(self->dev, ccw_hva(&self->e.mem, page), i);
		ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
		self->b->put_write(&self->p, ARG, page, 0);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		sense_id(self, page);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		EXPECT_EQ(0xff, *(u8 *)ccw_hva(&self->e.mem, page));
	}
}

/* ---- mappings that change while I/O runs ---- */

struct mapper {
	struct ccw_iommu *iommu;
	u8 *hva;
	volatile bool stop;
	int rounds, failed;
};

static void *map_and_unmap(void *arg)
{
	struct mapper *m = arg;

	while (!m->stop) {
		if (_ccw_dma_map(m->iommu, m->hva, EXTRA, EXTRA_SIZE, true))
			m->failed++;
		sched_yield();
		if (_ccw_dma_unmap(m->iommu, EXTRA, EXTRA_SIZE) != EXTRA_SIZE)
			m->failed++;
		m->rounds++;
	}
	return NULL;
}

TEST_F_TIMEOUT(dma, unmap_while_io_runs, 120)
{
	struct mapper m = { .iommu = &self->e.iommu };
	struct ccw_orb orb;
	pthread_t thread;
	int i, rc, done[3] = {};

	m.hva = mmap(NULL, EXTRA_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, m.hva);
	ASSERT_EQ(0, pthread_create(&thread, NULL, map_and_unmap, &m));

	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
	for (i = 0; i < 30; i++)
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
			EXTRA + i * CCW_PAGE);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	orb = ccw_orb(&self->p);
	for (i = 0; i < 1000; i++) {
		rc = _ccw_start(self->dev, &orb);
		ASSERT_TRUE(!rc || rc == -EBUSY) TH_LOG("rc %d", rc);
		if (!rc) {
			/* what the unmap ended has a status, too */
			ccw_final_status(self->dev, &self->irb);
			if (self->irb.scsw.cstat & CSTAT_IFCC)
				done[2]++;
			else
				done[!!self->irb.scsw.cstat]++;
			ASSERT_EQ(0, self->irb.scsw.cstat & ~(CSTAT_PROG | CSTAT_IFCC))
				CCW_LOG(&self->irb);
		}
		ASSERT_EQ(0, ccw_drain(self->dev)) TH_LOG("start %d ended twice", i);
	}
	m.stop = true;
	pthread_join(thread, NULL);
	EXPECT_EQ(0, m.failed);
	TH_LOG("%d ended well, %d by a program check, %d by the host, %d mappings",
	       done[0], done[1], done[2], m.rounds);
	EXPECT_LT(0, m.rounds);
	EXPECT_LT(0, done[0] + done[1]);
	EXPECT_EQ(-ETIMEDOUT, _ccw_status(self->dev, &self->irb, 100));
	munmap(m.hva, EXTRA_SIZE);
}

/* ---- locked memory ---- */

static void lock_at_most(struct __test_metadata *_metadata, size_t bytes)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[2];
	struct rlimit limit = { bytes, bytes };

	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
	ASSERT_EQ(0, syscall(SYS_capget, &head, caps));
	caps[0].effective &= ~(1u << CAP_IPC_LOCK);
	caps[0].permitted &= ~(1u << CAP_IPC_LOCK);
	ASSERT_EQ(0, syscall(SYS_capset, &head, caps));
}

struct withheld {
	int fd;
	u32 region;
	void *page;
};

static void *write_withheld(void *arg)
{
	struct withheld *w = arg;
	ssize_t n = w->region == REGION_IO ? sizeof(struct ccw_io) :
					     sizeof(struct ccw_cmd);

	/* zeros: no function */
	return (void *)(long)pwrite(w->fd, w->page, n, REGION_OFFSET(w->region));
}

/* whoever writes a region from memory that is not there holds up nobody else */
TEST_F_TIMEOUT(dma, unmap_while_a_writer_waits_for_his_memory, 30)
{
	struct withheld w = { .fd = self->dev->fd };
	struct uffdio_zeropage zero = {};
	pthread_t thread;
	int fd;

	for (w.region = REGION_IO; w.region <= REGION_CMD; w.region++) {
		fd = ccw_withhold(&w.page, CCW_PAGE);
		if (fd < 0)
			SKIP(return, "no userfaultfd here");
		ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE,
			       0);
		sense_id(self, EXTRA);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		ASSERT_EQ(0, pthread_create(&thread, NULL, write_withheld, &w));
		ASSERT_NE(0UL, ccw_awaited(fd, CCW_TIMEOUT_MS));
		ccw_dma_unmap(&self->e.iommu, EXTRA, EXTRA_SIZE);
		zero.range.start = (unsigned long)w.page;
		zero.range.len = CCW_PAGE;
		ASSERT_EQ(0, ioctl(fd, UFFDIO_ZEROPAGE, &zero));
		ASSERT_EQ(0, pthread_join(thread, NULL));
		ccw_mem_destroy(&self->extra);
		munmap(w.page, CCW_PAGE);
		close(fd);
	}
}

#define SLOW_PAGES	12
#define SLOW_US		200000
#define SLOW		(EXTRA + 0x100000)	/* where they are mapped */

/* a NOP, and a TIC to the page behind it, until there is none */
static void fill_slow(u8 *page, unsigned int nr)
{
	u64 iova = SLOW + nr * CCW_PAGE;
	struct ccw_mem mem = { .hva = page, .iova = iova, .size = CCW_PAGE };
	bool last = nr == SLOW_PAGES - 1;
	struct ccw_prog p;

	ccw_prog_init(&p, &mem, iova, 1);
	ccw_put(&p, CMD_NOP, last ? CCW_SLI : CCW_SLI | CCW_CC, 1, ARG);
	if (!last)
		ccw_put_tic(&p, iova + CCW_PAGE);
}

/* whoever reads these pages gets each, but waits for it; how many were asked for */
static unsigned int answer_slowly(int fd, u8 *pages, volatile bool *over)
{
	u8 __attribute__((aligned(CCW_PAGE))) page[CCW_PAGE] = {};
	struct uffdio_copy copy = { .len = CCW_PAGE };
	unsigned int nr = 0;
	unsigned long at;

	while (!*over) {
		at = ccw_awaited(fd, 10);
		if (!at)
			continue;
		nr++;
		usleep(SLOW_US);
		copy.dst = at & ~(CCW_PAGE - 1ULL);
		copy.src = (uintptr_t)page;
		fill_slow(page, (copy.dst - (uintptr_t)pages) / CCW_PAGE);
		if (ioctl(fd, UFFDIO_COPY, &copy))
			break;
	}
	return nr;
}

struct slow {
	struct ccw_dev *dev;
	struct ccw_orb orb;
	struct ccw_iommu *iommu;
	int rc;
	volatile bool over;
};

static void *start_slowly(void *arg)
{
	struct slow *s = arg;

	s->rc = _ccw_start(s->dev, &s->orb);
	s->over = true;
	return NULL;
}

static void *unmap_meanwhile(void *arg)
{
	struct slow *s = arg;

	usleep(SLOW_US / 2);
	return (void *)(long)_ccw_dma_unmap(s->iommu, EXTRA, EXTRA_SIZE);
}

/*
 * A translation that waits for one page of its program after the other holds up an unmap
 * for one or two of them, not for all. The handler answers each, so that all is over soon
 * whatever the driver does.
 */
TEST_F_TIMEOUT(dma, unmap_while_a_program_waits_for_its_pages, 60)
{
	struct slow s = { .dev = self->dev, .iommu = &self->e.iommu };
	pthread_t starter, unmapper;
	void *pages, *unmapped;
	unsigned int nr;
	char was[16];
	int fd;

	if (_ccw_sysfs_read(was, sizeof(was), IOTLB_PAGES))
		SKIP(return, "this driver caches nothing");
	fd = ccw_withhold(&pages, SLOW_PAGES * CCW_PAGE);
	if (fd < 0)
		SKIP(return, "no userfaultfd here");
	/* pages that are to be kept are pinned, and the kernel does not wait for them then */
	ASSERT_EQ(0, _ccw_sysfs_write("0", IOTLB_PAGES));
	ccw_env_close(&self->e);
	ENV_SETUP(&self->e, variant->iommu);
	EXPECT_EQ(0, _ccw_sysfs_write(was, IOTLB_PAGES));
	ccw_mem_create(&self->extra, &self->e.iommu, EXTRA, EXTRA_SIZE, 0);
	ccw_dma_map(&self->e.iommu, pages, SLOW, SLOW_PAGES * CCW_PAGE, true);

	sense_id(self, EXTRA);
	ccw_or_flags(&self->p, CCW_CC);
	ccw_put_tic(&self->p, SLOW);
	s.orb = ccw_orb(&self->p);
	ASSERT_EQ(0, pthread_create(&starter, NULL, start_slowly, &s));
	ASSERT_EQ(0, pthread_create(&unmapper, NULL, unmap_meanwhile, &s));
	nr = answer_slowly(fd, pages, &s.over);
	ASSERT_EQ(0, pthread_join(starter, NULL));
	ASSERT_EQ(0, pthread_join(unmapper, &unmapped));
	EXPECT_EQ(EXTRA_SIZE, (long)unmapped);
	EXPECT_EQ(-EBUSY, s.rc);
	EXPECT_TRUE(nr && nr < SLOW_PAGES) TH_LOG("%u pages were waited for", nr);
	ccw_dma_unmap(&self->e.iommu, SLOW, SLOW_PAGES * CCW_PAGE);
	munmap(pages, SLOW_PAGES * CCW_PAGE);
	close(fd);
}

/*
 * The limit is far below what all the I/Os together touch, and above what one
 * of them needs: pages kept from earlier ones have to give way.
 */
TEST_F_TIMEOUT(dma, locked_memory_limit, 120)
{
	const u64 base = EXTRA, size = 512 * CCW_PAGE;
	struct ccw_orb orb;
	int i, rc;

	lock_at_most(_metadata, 32 * CCW_PAGE);
	/* mapped with the new credentials, which is what counts */
	ccw_mem_create(&self->extra, &self->e.iommu, base, size, MEM_PRIVATE);
	for (i = 0; i < 512; i++) {
		sense_id(self, base + i * CCW_PAGE);
		ccw_run_ok(self->dev, &self->p, &self->irb);
		ASSERT_EQ(0xff, *(u8 *)ccw_hva(&self->extra,
					       base + i * CCW_PAGE));
	}

	/* one that needs more than there is fails, by an errno, not for ever */
	ccw_prog_init(&self->p, &self->e.mem, ENV_IOVA, 1);
	for (i = 0; i < 100; i++)
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
			base + i * CCW_PAGE);
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	orb = ccw_orb(&self->p);
	rc = _ccw_start(self->dev, &orb);
	EXPECT_TRUE(rc && rc != -EAGAIN) TH_LOG("rc %d", rc);

	sense_id(self, base);
	ccw_run_ok(self->dev, &self->p, &self->irb);
}

/* ---- memory whose process is gone ---- */

TEST_F(dma, process_of_the_mapping_is_gone)
{
	struct ccw_orb orb;
	int rc, status;
	pid_t child;

	sense_id(self, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		void *p = mmap(NULL, EXTRA_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		_exit(p == MAP_FAILED || _ccw_dma_map(&self->e.iommu, p, EXTRA,
						      EXTRA_SIZE, true));
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, status);

	sense_id(self, EXTRA);
	orb = ccw_orb(&self->p);
	rc = _ccw_run(self->dev, &orb, &self->irb);
	EXPECT_TRUE(rc ? rc != -EAGAIN : self->irb.scsw.cstat)
		TH_LOG("rc %d", rc);
	EXPECT_EQ(EXTRA_SIZE, _ccw_dma_unmap(&self->e.iommu, EXTRA,
					     EXTRA_SIZE));
}

/*
 * The other way round: who opened the device is gone, a child that inherited
 * everything goes on with memory of its own.
 */
TEST_F(dma, opener_lives_on_in_its_child)
{
	pid_t child;
	int status;

	sense_id(self, IN);
	ccw_run_ok(self->dev, &self->p, &self->irb);
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		struct ccw_orb orb;
		struct ccw_mem m;
		int rc;

		rc = _ccw_mem_create(&m, &self->e.iommu, EXTRA, EXTRA_SIZE,
				     MEM_PRIVATE);
		ccw_prog_init(&self->p, &m, EXTRA, 1);
		ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, EXTRA + 0x100);
		orb = ccw_orb(&self->p);
		if (!rc)
			rc = _ccw_run(self->dev, &orb, &self->irb);
		/* an errno is an answer; data must not go elsewhere */
		if (!rc && !self->irb.scsw.cstat)
			rc = m.hva[0x100] == 0xff ? 0 : 99;
		_exit(rc == 99);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	_ccw_dma_unmap(&self->e.iommu, EXTRA, EXTRA_SIZE);
}

TEST_HARNESS_MAIN
