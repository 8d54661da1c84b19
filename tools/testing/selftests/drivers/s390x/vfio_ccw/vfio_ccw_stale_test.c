// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that the driver keeps pinned may stop being the page that the guest
 * sees. I/O, take the page away in each way that there is, touch it again, I/O:
 * the bytes must be those of the new page.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)	/* never discarded */
#define AREA	0x00c00000UL		/* what is discarded */
#define AREA_SIZE 0x40000UL

/*
 * A way to take the page at hva away. Afterwards the same address has memory
 * again, with no content to rely on. 0 or an errno.
 */
struct way {
	int mem_flags;
	int (*discard)(struct ccw_mem *mem, u64 offset);
};

static int dontneed(struct ccw_mem *mem, u64 offset)
{
	return madvise(mem->hva + offset, CCW_PAGE, MADV_DONTNEED) ? errno : 0;
}

static int punch_hole(struct ccw_mem *mem, u64 offset)
{
	return fallocate(mem->memfd, FALLOC_FL_PUNCH_HOLE |
			 FALLOC_FL_KEEP_SIZE, offset, CCW_PAGE) ? errno : 0;
}

static int map_anew(struct ccw_mem *mem, u64 offset)
{
	u8 *at = mem->hva + offset;

	if (munmap(at, CCW_PAGE))
		return errno;
	return mmap(at, CCW_PAGE, PROT_READ | PROT_WRITE, MAP_FIXED |
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == at ? 0 : errno;
}

static int map_over(struct ccw_mem *mem, u64 offset)
{
	u8 *at = mem->hva + offset;

	return mmap(at, CCW_PAGE, PROT_READ | PROT_WRITE, MAP_FIXED |
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == at ? 0 : errno;
}

static int move_onto(struct ccw_mem *mem, u64 offset)
{
	u8 *other = mmap(NULL, CCW_PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (other == MAP_FAILED)
		return errno;
	other[0] = 1;
	return mremap(other, CCW_PAGE, CCW_PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		      mem->hva + offset) == MAP_FAILED ? errno : 0;
}

/* the old page lives on, at another address */
static int move_away(struct ccw_mem *mem, u64 offset)
{
	u8 *other = mmap(NULL, CCW_PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (other == MAP_FAILED)
		return errno;
	if (mremap(mem->hva + offset, CCW_PAGE, CCW_PAGE, MREMAP_MAYMOVE |
		   MREMAP_FIXED, other) == MAP_FAILED)
		return errno;
	other[0] = 0x77;
	return map_over(mem, offset);
}

static int dma_map_other(struct ccw_mem *mem, u64 offset)
{
	u8 *other = mmap(NULL, mem->size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (other == MAP_FAILED)
		return errno;
	if (_ccw_dma_unmap(mem->iommu, mem->iova, mem->size) !=
	    (ssize_t)mem->size)
		return EIO;
	munmap(mem->hva, mem->size);
	mem->hva = other;
	return -_ccw_dma_map(mem->iommu, other, mem->iova, mem->size, true);
}

/* the child keeps the old page: our next write to it makes a copy */
static int fork_and_copy(struct ccw_mem *mem, u64 offset)
{
	int pipes[2], status;
	pid_t child;
	char c;

	if (pipe(pipes))
		return errno;
	child = fork();
	if (child < 0)
		return errno;
	if (!child) {
		close(pipes[1]);
		if (read(pipes[0], &c, 1) < 0)
			_exit(1);
		_exit(0);
	}
	mem->hva[offset]++;
	close(pipes[0]);
	close(pipes[1]);
	return waitpid(child, &status, 0) == child ? 0 : errno;
}

static int pageout(struct ccw_mem *mem, u64 offset)
{
	return madvise(mem->hva + offset, CCW_PAGE, MADV_PAGEOUT) ? errno : 0;
}

static int put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), rc = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = errno;
	close(fd);
	return rc;
}

/* let ksmd make one page of it and another one */
static int merge(struct ccw_mem *mem, u64 offset)
{
	const char *ksm = "/sys/kernel/mm/ksm/";
	u8 *pages, *at = mem->hva + offset;
	char path[64];
	int rc;

	pages = mmap(NULL, 2 * CCW_PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return errno;
	memset(pages, 0x33, 2 * CCW_PAGE);
	memset(at, 0x33, CCW_PAGE);
	snprintf(path, sizeof(path), "%ssleep_millisecs", ksm);
	rc = put_text(path, "0");
	snprintf(path, sizeof(path), "%spages_to_scan", ksm);
	rc = rc ?: put_text(path, "1000");
	snprintf(path, sizeof(path), "%srun", ksm);
	rc = rc ?: put_text(path, "1");
	if (!rc && (madvise(pages, 2 * CCW_PAGE, MADV_MERGEABLE) ||
		    madvise(at, CCW_PAGE, MADV_MERGEABLE)))
		rc = errno;
	usleep(20000);
	rc = rc ?: put_text(path, "0");
	munmap(pages, 2 * CCW_PAGE);
	return rc;
}

/* as compaction does it */
static int migrate(struct ccw_mem *mem, u64 offset)
{
	(void)mem;
	(void)offset;
	return put_text("/proc/sys/vm/compact_memory", "1");
}

static int protect(struct ccw_mem *mem, u64 offset)
{
	u8 *at = mem->hva + offset;

	if (mprotect(at, CCW_PAGE, PROT_NONE))
		return errno;
	return mprotect(at, CCW_PAGE, PROT_READ | PROT_WRITE) ? errno : 0;
}

/* what tracks which pages are written to */
static int soft_dirty(struct ccw_mem *mem, u64 offset)
{
	(void)mem;
	(void)offset;
	return put_text("/proc/self/clear_refs", "4");
}

static int nothing(struct ccw_mem *mem, u64 offset)
{
	(void)mem;
	(void)offset;
	return 0;
}

/* all that need no more than the address, one after the other */
static int each_in_turn(struct ccw_mem *mem, u64 offset)
{
	static int (*const ways[])(struct ccw_mem *mem, u64 offset) = {
		dontneed, dma_map_other, map_over, fork_and_copy, move_onto, map_anew,
		pageout, move_away, protect,
	};
	static unsigned int next;

	return ways[next++ % ARRAY_SIZE(ways)](mem, offset);
}

FIXTURE(stale)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	const struct ccw_backend *b;
	struct ccw_mem area;
	struct ccw_irb irb;
};

FIXTURE_VARIANT(stale)
{
	struct way way;
	enum ccw_iommu_mode iommu;
};

#define WAY(name, flags)						\
	FIXTURE_VARIANT_ADD(stale, name) { .way = { flags, name } }

WAY(dontneed, MEM_PRIVATE);
WAY(punch_hole, 0);
WAY(map_anew, MEM_PRIVATE);
WAY(map_over, 0);
WAY(move_onto, MEM_PRIVATE);
WAY(move_away, MEM_PRIVATE);
WAY(dma_map_other, MEM_PRIVATE);
WAY(fork_and_copy, MEM_PRIVATE);
WAY(pageout, MEM_PRIVATE);
WAY(merge, MEM_PRIVATE);
WAY(migrate, MEM_PRIVATE);
WAY(protect, MEM_PRIVATE);
WAY(soft_dirty, MEM_PRIVATE);
WAY(nothing, 0);

/* what was pinned is kept by others there, in a way of their own */
FIXTURE_VARIANT_ADD(stale, iommufd) {
	.way = { MEM_PRIVATE, each_in_turn }, .iommu = IOMMU_IOMMUFD,
};

FIXTURE_VARIANT_ADD(stale, group_iommufd) {
	.way = { MEM_PRIVATE, each_in_turn }, .iommu = IOMMU_GROUP_IOMMUFD,
};

FIXTURE_SETUP(stale)
{
	if (variant->way.discard == soft_dirty &&
	    access("/proc/self/clear_refs", W_OK))
		SKIP(return, "no /proc/self/clear_refs (CONFIG_PROC_PAGE_MONITOR)");
	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	self->b = self->dev->backend;
	ccw_mem_create(&self->area, &self->e.iommu, AREA, AREA_SIZE,
		       variant->way.mem_flags);
	memset(self->area.hva, 1, AREA_SIZE);
}

FIXTURE_TEARDOWN(stale)
{
	ccw_mem_destroy(&self->area);
	ccw_env_close(&self->e);
}

#define NEED_DATA(self) do {						\
	if (!(self)->b->rw_len)						\
		SKIP(return, "%s", ccw_no_data((self)->b));		\
} while (0)

/* the device takes the bytes at iova; are they the ones of the seed? */
static void device_has(struct __test_metadata *_metadata,
		       FIXTURE_DATA(stale) *self, struct ccw_dev *dev,
		       u64 iova, unsigned int seed)
{
	u8 want[4096];
	struct ccw_prog p;

	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	dev->backend->put_write(&p, ARG, iova, 0);
	ccw_run_ok(dev, &p, &self->irb);
	ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
	dev->backend->put_read(&p, ARG, IN, 0);
	ccw_run_ok(dev, &p, &self->irb);
	ccw_pattern(dev, want, seed);
	ASSERT_EQ(0, memcmp(want, ccw_hva(&self->e.mem, IN),
			    dev->backend->rw_len))
		TH_LOG("seed %u: the device got bytes of an old page", seed);
}

/* puts the bytes of the seed where the guest sees them at iova */
static void guest_writes(FIXTURE_DATA(stale) *self, u64 iova, unsigned int seed)
{
	ccw_pattern(self->dev, ccw_hva(&self->area, iova), seed);
}

TEST_F(stale, device_reads_the_new_page)
{
	unsigned int i;

	NEED_DATA(self);
	for (i = 1; i < 30; i++) {
		u64 offset = i % 3 * CCW_PAGE;

		guest_writes(self, AREA + offset, i);
		device_has(_metadata, self, self->dev, AREA + offset, i);
		ASSERT_EQ(0, variant->way.discard(&self->area, offset));
		guest_writes(self, AREA + offset, i + 100);
		device_has(_metadata, self, self->dev, AREA + offset, i + 100);
	}
}

TEST_F(stale, device_writes_the_new_page)
{
	struct ccw_prog p;
	unsigned int i;
	u8 *at;

	for (i = 1; i < 30; i++) {
		u64 offset = i % 3 * CCW_PAGE;

		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, AREA + offset);
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0, variant->way.discard(&self->area, offset));
		at = self->area.hva + offset;
		memset(at, 0x11, 8);
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0xff, at[0]) TH_LOG("round %u", i);
		ASSERT_EQ(0x11, at[4]);
	}
}

/* the same, but nobody touches the page between the discard and the I/O */
TEST_F(stale, device_is_first_to_touch_it)
{
	struct ccw_prog p;
	unsigned int i;

	for (i = 1; i < 30; i++) {
		u64 offset = i % 3 * CCW_PAGE;

		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, AREA + offset);
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0, variant->way.discard(&self->area, offset));
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0xff, self->area.hva[offset]) TH_LOG("round %u", i);
	}
}

/* CCWs and IDAWs are read from pages, too, and those may be kept. */
TEST_F(stale, program_on_the_new_page)
{
	struct ccw_prog p;
	unsigned int i;
	u8 *in = ccw_hva(&self->e.mem, IN);

	for (i = 1; i < 30; i++) {
		ccw_prog_init(&p, &self->area, AREA, 1);
		ccw_put(&p, CMD_NOP, CCW_SLI, 1, IN);
		ccw_run_ok(self->dev, &p, &self->irb);

		ASSERT_EQ(0, variant->way.discard(&self->area, 0));
		ccw_prog_init(&p, &self->area, AREA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4, IN);
		ccw_put(&p, CMD_NOP, CCW_SLI, 1, IN);
		in[0] = 0;
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0xff, in[0]) TH_LOG("round %u: an old CCW", i);
	}
}

TEST_F(stale, idal_on_the_new_page)
{
	struct ccw_prog p;
	unsigned int i;
	u8 *in = ccw_hva(&self->e.mem, IN);

	for (i = 1; i < 30; i++) {
		ccw_prog_init(&p, &self->area, ENV_IOVA, 1);
		p.mem = &self->e.mem;
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_IDA, 4, AREA);
		p.mem = &self->area;
		ccw_put_idal(&p, AREA, IN, 4);
		ccw_run_ok(self->dev, &p, &self->irb);

		ASSERT_EQ(0, variant->way.discard(&self->area, 0));
		p.mem = &self->area;
		ccw_put_idal(&p, AREA, IN + CCW_PAGE, 4);
		in[0] = in[CCW_PAGE] = 0;
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0, in[0]) TH_LOG("round %u: an old IDAW", i);
		ASSERT_EQ(0xff, in[CCW_PAGE]);
	}
}

/* Many pages in one program, one of them taken away each time. */
TEST_F_TIMEOUT(stale, one_of_many, 120)
{
	const int pages = AREA_SIZE / CCW_PAGE;
	struct ccw_prog p;
	int i, n;

	for (i = 0; i < pages; i++) {
		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		for (n = 0; n < pages; n++)
			ccw_put(&p, CMD_SENSE_ID, CCW_SLI | CCW_CC, 4,
				AREA + n * CCW_PAGE);
		ccw_put(&p, CMD_NOP, CCW_SLI, 1, IN);
		ccw_run_ok(self->dev, &p, &self->irb);
		ASSERT_EQ(0, variant->way.discard(&self->area, i * CCW_PAGE));
		for (n = 0; n < pages; n++)
			self->area.hva[n * CCW_PAGE] = 0;
		ccw_run_ok(self->dev, &p, &self->irb);
		for (n = 0; n < pages; n++)
			ASSERT_EQ(0xff, self->area.hva[n * CCW_PAGE])
				TH_LOG("page %d after %d was taken", n, i);
	}
}

/*
 * A second thread takes the page away at some point after the first I/O was
 * begun; the guest waits for it, writes, and begins the second.
 */
struct discarder {
	struct ccw_mem *mem;
	const struct way *way;
	pthread_barrier_t go, done;
	unsigned int spin;
	int rc;
	bool stop;
};

static void *discard_thread(void *arg)
{
	struct discarder *d = arg;
	volatile unsigned int i;

	for (;;) {
		pthread_barrier_wait(&d->go);
		if (d->stop)
			return NULL;
		for (i = 0; i < d->spin; i++)
			;
		d->rc = d->way->discard(d->mem, 0);
		pthread_barrier_wait(&d->done);
	}
}

TEST_F_TIMEOUT(stale, discard_at_any_point, 300)
{
	struct discarder d = { .mem = &self->area, .way = &variant->way };
	unsigned int i, rounds = 200;
	struct ccw_orb orb;
	struct ccw_prog p;
	pthread_t thread;
	int rc;

	NEED_DATA(self);
	/* these take long */
	if (variant->way.discard == fork_and_copy ||
	    variant->way.discard == merge || variant->way.discard == migrate)
		rounds = 40;
	pthread_barrier_init(&d.go, NULL, 2);
	pthread_barrier_init(&d.done, NULL, 2);
	ASSERT_EQ(0, pthread_create(&thread, NULL, discard_thread, &d));
	for (i = 1; i <= rounds; i++) {
		guest_writes(self, AREA, i);
		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		self->b->put_write(&p, ARG, AREA, 0);
		orb = ccw_orb(&p);
		d.spin = i * 29 % 4000;
		pthread_barrier_wait(&d.go);
		rc = _ccw_start(self->dev, &orb);
		/* what this one moves, and whether it can, is open; it ends, though */
		if (!rc)
			rc = _ccw_final_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
		ASSERT_TRUE(!rc || rc == -EBUSY) TH_LOG("round %u, rc %d", i, rc);
		pthread_barrier_wait(&d.done);
		ASSERT_EQ(0, d.rc);
		ASSERT_EQ(0, ccw_drain(self->dev));

		guest_writes(self, AREA, i + 1000);
		device_has(_metadata, self, self->dev, AREA, i + 1000);
	}
	d.stop = true;
	pthread_barrier_wait(&d.go);
	pthread_join(thread, NULL);
}

/* Two devices share the memory; what one of them keeps must not serve it. */
TEST_F(stale, second_device_in_the_container)
{
	struct ccw_mem probe;
	struct ccw_dev other;
	unsigned int i;

	NEED_DATA(self);
	if (!ccw_uuid(1))
		SKIP(return, "only one mdev named in VFIO_CCW_UUID");
	ASSERT_EQ(0, _ccw_dev_open(&other, &self->e.iommu, ccw_uuid(1)));
	probe = self->e.mem;
	ASSERT_EQ(0, _ccw_probe(&other, &probe));
	for (i = 1; i < 20; i++) {
		struct ccw_prog p;

		guest_writes(self, AREA, i);
		device_has(_metadata, self, self->dev, AREA, i);
		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, AREA);
		ccw_run_ok(&other, &p, &self->irb);

		ASSERT_EQ(0, variant->way.discard(&self->area, 0));
		memset(self->area.hva, 0x11, 8);
		/* B writes the page first, then A takes it */
		ccw_prog_init(&p, &self->e.mem, ENV_IOVA, 1);
		ccw_put(&p, CMD_SENSE_ID, CCW_SLI, 4, AREA);
		ccw_run_ok(&other, &p, &self->irb);
		ASSERT_EQ(0xff, self->area.hva[0])
			TH_LOG("the second device wrote an old page");
		ASSERT_EQ(0x11, self->area.hva[4]);
		guest_writes(self, AREA, i + 50);
		device_has(_metadata, self, self->dev, AREA, i + 50);
	}
	ccw_dev_close(&other);
}

TEST_HARNESS_MAIN
