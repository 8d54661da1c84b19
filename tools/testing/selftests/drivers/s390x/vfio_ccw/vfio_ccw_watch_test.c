// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a person can see of a device: counters, limits, tracepoints. Each is looked at
 * while something is done that has to show there.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <linux/userfaultfd.h>
#include <linux/vfio.h>

#include "kselftest_harness.h"
#include "libccw.h"

#define MDEV	"/sys/bus/mdev/devices/%s/"
#define PARAM	"/sys/module/vfio_ccw/parameters/%s"
#define TRACING	"/sys/kernel/tracing"
#define TRACE	TRACING "/instances/vfio_ccw_watch"
#define ARG	(ENV_IOVA + 0x10000)
#define IN	(ENV_IOVA + 0x30000)
#define AREA	0x00c00000UL	/* anonymous memory, a page of it for each use */
#define PAGES	256

static const char *const params[] = { "iotlb_pages", "iotlb_idle_ms", "iotlb_uses" };

FIXTURE(watch)
{
	struct ccw_env e;
	struct ccw_dev *dev;
	struct ccw_prog p;
	struct ccw_irb irb;
	struct ccw_mem area;
	unsigned int page;	/* of the area: the one in use */
	char before[ARRAY_SIZE(params)][16];
};

ENV_VARIANTS(watch);

#define NEW(self) ccw_prog_init(&(self)->p, &(self)->e.mem, ENV_IOVA, 1)

FIXTURE_SETUP(watch)
{
	int i;

	ENV_SETUP(&self->e, variant->iommu);
	self->dev = &self->e.dev;
	if (!ccw_sysfs_exists(MDEV "limits", self->dev->uuid)) {
		ccw_env_close(&self->e);
		SKIP(return, "this driver shows nothing");
	}
	for (i = 0; i < ARRAY_SIZE(params); i++)
		ASSERT_EQ(0, _ccw_sysfs_read(self->before[i], sizeof(self->before[i]), PARAM,
					     params[i]));
	NEW(self);
}

FIXTURE_TEARDOWN(watch)
{
	int i;

	rmdir(TRACE);
	for (i = 0; i < ARRAY_SIZE(params); i++)
		EXPECT_EQ(0, _ccw_sysfs_write(self->before[i], PARAM, params[i]));
	ccw_mem_destroy(&self->area);
	ccw_env_close(&self->e);
}

/* the module's parameters, of which a device takes notice when it is opened */
static int set_params(const char *pages, const char *idle_ms, const char *uses)
{
	return _ccw_sysfs_write(pages, PARAM, params[0]) ?:
	       _ccw_sysfs_write(idle_ms, PARAM, params[1]) ?:
	       _ccw_sysfs_write(uses, PARAM, params[2]);
}

#define OPEN_AGAIN(self) do {						\
	ccw_env_close(&(self)->e);					\
	ENV_SETUP(&(self)->e, variant->iommu);				\
	NEW(self);							\
} while (0)

/* ---- what is done ---- */

static int run(FIXTURE_DATA(watch) *self)
{
	struct ccw_orb orb = ccw_orb(&self->p);

	return _ccw_run(self->dev, &orb, &self->irb);
}

static int nop(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	return run(self);
}

static int sense_id(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN);
	return run(self);
}

/* in two pages, which wants IDAWs wherever they are */
static int sense_id_in_two(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, IN + CCW_PAGE - 2);
	return run(self);
}

static int first_is_bad(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, 0, 0, 0, 0);
	return run(self);
}

static int second_is_bad(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC, 1, ARG);
	ccw_put(&self->p, 0, 0, 0, 0);
	return run(self);
}

static int unknown_command(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, self->dev->backend->bad_cmd, CCW_SLI, 1, ARG);
	return run(self);
}

static int bad_orb(FIXTURE_DATA(watch) *self)
{
	struct ccw_orb orb = ccw_orb(&self->p);

	orb.flags |= ORB_X;
	return _ccw_start(self->dev, &orb) ? 0 : -EIO;
}

/* the status of the first one has not been taken */
static int start_twice(FIXTURE_DATA(watch) *self)
{
	struct ccw_orb orb;
	int rc;

	NEW(self);
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	orb = ccw_orb(&self->p);
	rc = _ccw_start(self->dev, &orb) ?:
	     _ccw_wait_irq(self->dev, IRQ_IO, CCW_TIMEOUT_MS);
	if (!rc && _ccw_start(self->dev, &orb) != -EBUSY)
		rc = -EIO;
	return rc ?: _ccw_read_region(self->dev, REGION_IO, &self->dev->io);
}

/* some machines leave it pending */
static int halt(FIXTURE_DATA(watch) *self)
{
	int rc = _ccw_async(self->dev, ASYNC_HALT);

	if (rc || !_ccw_status(self->dev, &self->irb, 1000))
		return rc;
	rc = _ccw_async(self->dev, ASYNC_CLEAR);
	return rc ?: _ccw_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
}

static int clear(FIXTURE_DATA(watch) *self)
{
	return _ccw_async(self->dev, ASYNC_CLEAR) ?:
	       _ccw_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
}

static int reset(FIXTURE_DATA(watch) *self)
{
	return _ccw_reset(self->dev);
}

static int stop(FIXTURE_DATA(watch) *self)
{
	int rc = _ccw_mig_set(self->dev, VFIO_DEVICE_STATE_STOP, NULL) ?:
		 _ccw_mig_set(self->dev, VFIO_DEVICE_STATE_RUNNING, NULL);

	ccw_drain(self->dev);
	return rc;
}

static int use_page(FIXTURE_DATA(watch) *self)
{
	NEW(self);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI, 4, AREA + self->page * CCW_PAGE);
	return run(self);
}

static int use_another(FIXTURE_DATA(watch) *self)
{
	self->page++;
	return use_page(self);
}

/* as a balloon does it, and it is there again at once */
static int lose_page(FIXTURE_DATA(watch) *self)
{
	u8 *at = self->area.hva + self->page * CCW_PAGE;

	if (madvise(at, CCW_PAGE, MADV_DONTNEED))
		return -errno;
	*at = 1;
	return 0;
}

/* as many pages for one set of the cache as are more than it has places, each kept */
static int crowd(FIXTURE_DATA(watch) *self)
{
	int i, rc = 0;

	for (i = 0; i < 16 && !rc; i++) {
		self->page = (i / 2) * 16;
		rc = use_page(self);
	}
	return rc;
}

/* a program that is suspended stays until somebody ends it; false: not here */
static bool hold(FIXTURE_DATA(watch) *self)
{
	struct ccw_orb orb;

	NEW(self);
	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC, 1, ARG);
	ccw_put(&self->p, CMD_SENSE_ID, CCW_SLI | CCW_S, 4, IN);
	orb = ccw_orb(&self->p);
	orb.flags |= ORB_S;
	if (_ccw_start(self->dev, &orb))
		return false;
	_ccw_status(self->dev, &self->irb, 200);
	if (ccw_hw_scsw(self->dev) & ACTL_SUSP)
		return true;
	ccw_drain(self->dev);
	return false;
}

static int resume(FIXTURE_DATA(watch) *self)
{
	u8 *flags;

	if (!hold(self))
		return -ENODEV;
	flags = ccw_hva(&self->e.mem, self->p.next - 7);
	*flags &= ~CCW_S;
	return _ccw_async(self->dev, ASYNC_RESUME) ?:
	       _ccw_final_status(self->dev, &self->irb, CCW_TIMEOUT_MS);
}

#define CANNOT	1	/* it is not possible here */

/* memory with a program in it that is suspended, or with what the cache keeps of one */
static int unmap(FIXTURE_DATA(watch) *self)
{
	int rc = 0;

	if (!hold(self)) {
		if (self->e.iommu.mode != IOMMU_TYPE1)
			return CANNOT;
		rc = nop(self);
	}
	if (rc)
		return rc;
	if (_ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE) != (ssize_t)ENV_SIZE)
		return -EIO;
	ccw_drain(self->dev);
	return _ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
}

/* a report of the first path, of which the user gets one then */
static int path_comes(FIXTURE_DATA(watch) *self)
{
	struct ccw_schib schib;
	struct ccw_crw crw;
	int nr = 0, rc;

	if (ccw_inject_setup())
		return CANNOT;
	rc = _ccw_read_region(self->dev, REGION_SCHIB, &schib);
	if (rc)
		return rc;
	while (nr < 7 && !(schib.pmcw[PMCW_PAM] & 0x80 >> nr))
		nr++;
	rc = _ccw_inject(RSC_CPATH, ERC_INIT, schib.pmcw[PMCW_CHPID + nr], false) ?:
	     _ccw_wait_irq(self->dev, IRQ_CRW, CCW_TIMEOUT_MS);
	while (!_ccw_read_region(self->dev, REGION_CRW, &crw) && crw.crw)
		;
	return rc;
}

/* ---- counters ---- */

struct row {
	int (*act)(FIXTURE_DATA(watch) *self);
	const char *counter;
	long least, most;	/* by how much it has to rise */
};

#define ANY	LONG_MAX

static void count(struct __test_metadata *_metadata, FIXTURE_DATA(watch) *self,
		  const struct row *row)
{
	const char *uuid = self->dev->uuid;
	long before = _ccw_statistic(uuid, row->counter), rise;

	ASSERT_LE(0, before) TH_LOG("%s", row->counter);
	ASSERT_EQ(0, row->act(self)) TH_LOG("for %s", row->counter);
	rise = _ccw_statistic(uuid, row->counter) - before;
	EXPECT_TRUE(rise >= row->least && rise <= row->most)
		TH_LOG("%s rose by %ld", row->counter, rise);
}

TEST_F(watch, counters)
{
	static const struct row rows[] = {
		{ nop, "starts", 1, 1 },
		{ nop, "interrupts", 1, 2 },	/* channel end and device end */
		{ nop, "ccws", 1, 1 },
		{ nop, "unsolicited", 0, 0 },
		{ nop, "merged", 0, 1 },
		{ nop, "halts", 0, 0 },
		{ nop, "unit_checks", 0, 0 },
		{ nop, "program_checks", 0, 0 },
		{ nop, "channel_checks", 0, 0 },
		{ nop, "killed", 0, 0 },
		{ sense_id_in_two, "idaws", 2, 2 },
		{ sense_id, "bytes", 4, 4 },
		{ halt, "halts", 1, 1 },
		{ halt, "starts", 0, 0 },
		{ clear, "clears", 1, 1 },
		{ clear, "halts", 0, 0 },
		{ start_twice, "refused_busy", 1, 1 },
		{ start_twice, "starts", 1, 1 },
		{ bad_orb, "refused_orb", 1, 1 },
		{ bad_orb, "starts", 0, 0 },
		{ first_is_bad, "checks", 1, 1 },
		{ first_is_bad, "program_checks", 0, 0 },
		{ second_is_bad, "program_checks", 1, 1 },
		{ second_is_bad, "checks", 0, 0 },
		{ unknown_command, "unit_checks", 1, 1 },
		{ unknown_command, "channel_checks", 0, 0 },
		{ reset, "resets", 1, 1 },
		{ reset, "quiesces", 1, 1 },
		{ reset, "quiesce_failures", 0, 0 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		count(_metadata, self, &rows[i]);
}

/* Nothing here is about how long a page stays, so that a slow machine changes nothing. */
TEST_F(watch, counters_of_the_cache)
{
	static const struct row rows[] = {
		{ use_another, "cache_misses", 1, ANY },
		{ use_page, "pages_cached", 1, 1 },
		{ use_page, "cache_hits", 1, ANY },
		{ use_page, "cache_misses", 0, 0 },
		{ lose_page, "memory_events", 1, ANY },
		{ lose_page, "cache_generations", 1, ANY },
		{ use_page, "cache_invalidations", 1, ANY },
		{ lose_page, "cache_invalidations", 0, 0 },
		{ crowd, "cache_evictions", 1, ANY },
	};
	long cached;
	int i;

	if (variant->iommu != IOMMU_TYPE1)
		SKIP(return, "only what type1 maps is cached");
	ASSERT_EQ(0, set_params("64", "3600000", "2"));
	OPEN_AGAIN(self);
	ccw_mem_create(&self->area, &self->e.iommu, AREA, PAGES * CCW_PAGE, MEM_PRIVATE);
	memset(self->area.hva, 1, self->area.size);
	ASSERT_EQ(0, use_page(self));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		count(_metadata, self, &rows[i]);
	cached = _ccw_statistic(self->dev->uuid, "pages_cached");
	EXPECT_TRUE(cached > 0 && cached <= 64) TH_LOG("%ld", cached);
	EXPECT_LE(cached, _ccw_statistic(self->dev->uuid, "pages_pinned"));
}

/* each that comes is counted, and all but the first are added to what is there */
TEST_F(watch, status_that_nobody_takes_is_merged)
{
	const char *uuid = self->dev->uuid;
	long interrupts, merged;
	struct ccw_orb orb;

	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC | CCW_PCI, 1, ARG);
	ccw_put(&self->p, CMD_NOP, CCW_SLI | CCW_CC | CCW_PCI, 1, ARG);
	ccw_put(&self->p, CMD_NOP, CCW_SLI, 1, ARG);
	orb = ccw_orb(&self->p);
	interrupts = _ccw_statistic(uuid, "interrupts");
	merged = _ccw_statistic(uuid, "merged");
	ccw_start(self->dev, &orb);
	usleep(300000);
	interrupts = _ccw_statistic(uuid, "interrupts") - interrupts;
	merged = _ccw_statistic(uuid, "merged") - merged;
	ccw_drain(self->dev);
	EXPECT_LE(1, interrupts);
	EXPECT_EQ(interrupts - 1, merged);
	if (interrupts == 1)
		SKIP(return, "the device says all at once");
}

/* the host ends it when its memory goes, but not when the user gives it up */
TEST_F(watch, program_that_the_host_ends_is_killed)
{
	const char *uuid = self->dev->uuid;
	long killed = _ccw_statistic(uuid, "killed");

	if (!hold(self))
		SKIP(return, "nothing is suspended here");
	ccw_reset(self->dev);
	EXPECT_EQ(killed, _ccw_statistic(uuid, "killed"));
	ASSERT_TRUE(hold(self));
	ccw_dma_unmap(&self->e.iommu, ENV_IOVA, ENV_SIZE);
	ccw_dma_map(&self->e.iommu, self->e.mem.hva, ENV_IOVA, ENV_SIZE, true);
	EXPECT_EQ(killed + 1, _ccw_statistic(uuid, "killed"));
	ccw_drain(self->dev);
}

/* ---- the files ---- */

static void look_at(struct __test_metadata *_metadata, const char *uuid, const char *folder)
{
	char path[PATH_MAX], text[32], *at;
	struct dirent *entry;
	struct stat st;
	int fd, nr = 0;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), MDEV "%s", uuid, folder);
	dir = opendir(path);
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		nr++;
		ASSERT_EQ(0, fstatat(dirfd(dir), entry->d_name, &st, 0));
		EXPECT_EQ(S_IFREG | 0444, st.st_mode) TH_LOG("%s", entry->d_name);
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY);
		ASSERT_LE(0, fd);
		n = read(fd, text, sizeof(text));
		close(fd);
		ASSERT_TRUE(n > 1 && n < (ssize_t)sizeof(text)) TH_LOG("%s", entry->d_name);
		for (at = text; isdigit(*at); at++)
			;
		EXPECT_TRUE(at == text + n - 1 && *at == '\n') TH_LOG("%s", entry->d_name);
	}
	closedir(dir);
	EXPECT_NE(0, nr);
}

TEST_F(watch, files_are_numbers_to_be_read)
{
	look_at(_metadata, self->dev->uuid, "statistics");
	look_at(_metadata, self->dev->uuid, "limits");
}

struct waiting {
	struct ccw_dev *dev;
	struct ccw_orb orb;
	int rc;
};

static void *start_waiting(void *arg)
{
	struct waiting *w = arg;

	w->rc = _ccw_start(w->dev, &w->orb);
	return NULL;
}

static void *read_statistics(void *arg)
{
	const char *uuid = arg;
	struct dirent *entry;
	char path[PATH_MAX];
	long nr = 0;
	DIR *dir;

	snprintf(path, sizeof(path), MDEV "statistics", uuid);
	dir = opendir(path);
	if (!dir)
		return NULL;
	while ((entry = readdir(dir)))
		nr += entry->d_name[0] != '.' && _ccw_statistic(uuid, entry->d_name) >= 0;
	closedir(dir);
	return (void *)nr;
}

/* whoever asks what a device does gets an answer while its user withholds memory */
TEST_F_TIMEOUT(watch, statistics_of_a_program_that_waits_for_its_page, 60)
{
	struct waiting w = { .dev = self->dev };
	struct uffdio_zeropage zero = {};
	pthread_t starter, reader;
	struct timespec t;
	void *page, *nr = NULL;
	int fd;

	/* pages that are to be kept are pinned, and the kernel does not wait for them then */
	ASSERT_EQ(0, set_params("0", "5000", "2"));
	OPEN_AGAIN(self);
	fd = ccw_withhold(&page, CCW_PAGE);
	if (fd < 0)
		SKIP(return, "no userfaultfd here");
	ccw_dma_map(&self->e.iommu, page, AREA, CCW_PAGE, true);
	self->p.start = AREA;
	w.orb = ccw_orb(&self->p);
	ASSERT_EQ(0, pthread_create(&starter, NULL, start_waiting, &w));
	ASSERT_NE(0UL, ccw_awaited(fd, CCW_TIMEOUT_MS));

	ASSERT_EQ(0, pthread_create(&reader, NULL, read_statistics, self->dev->uuid));
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += 5;
	EXPECT_EQ(0, pthread_timedjoin_np(reader, &nr, &t));

	/* zeros: a bad CCW, of which the status tells */
	zero.range.start = (unsigned long)page;
	zero.range.len = CCW_PAGE;
	ASSERT_EQ(0, ioctl(fd, UFFDIO_ZEROPAGE, &zero));
	ASSERT_EQ(0, pthread_join(starter, NULL));
	EXPECT_EQ(0, w.rc);
	ccw_drain(self->dev);
	EXPECT_LT(30, (long)nr);
	ccw_dma_unmap(&self->e.iommu, AREA, CCW_PAGE);
	munmap(page, CCW_PAGE);
	close(fd);
}

/* ---- limits ---- */

static long limit(FIXTURE_DATA(watch) *self, const char *name)
{
	char text[32];
	int rc = _ccw_sysfs_read(text, sizeof(text), MDEV "limits/%s", self->dev->uuid, name);

	return rc ? rc : atol(text);
}

TEST_F(watch, limits_are_those_of_the_last_open)
{
	bool cached = variant->iommu == IOMMU_TYPE1;

	ASSERT_EQ(0, set_params("100", "1234", "1"));
	OPEN_AGAIN(self);
	ASSERT_EQ(0, set_params("4096", "5000", "2"));
	EXPECT_EQ(cached ? 128 : 0, limit(self, "cache_pages"));
	EXPECT_EQ(1234, limit(self, "cache_idle_ms"));
	EXPECT_EQ(1, limit(self, "cache_uses"));
	OPEN_AGAIN(self);
	EXPECT_EQ(cached ? 4096 : 0, limit(self, "cache_pages"));
	EXPECT_EQ(5000, limit(self, "cache_idle_ms"));
	EXPECT_EQ(2, limit(self, "cache_uses"));
	ASSERT_EQ(0, set_params("0", "5000", "2"));
	OPEN_AGAIN(self);
	EXPECT_EQ(0, limit(self, "cache_pages"));
	EXPECT_EQ(65536, limit(self, "ccws"));
	EXPECT_EQ(131072, limit(self, "idaws"));
	EXPECT_EQ(64, limit(self, "reports"));
}

/* ---- tracepoints ---- */

static const char *trace_setup(const char *events)
{
	char path[PATH_MAX];

	if (access(TRACING "/instances", F_OK))
		return "there is no " TRACING "/instances";
	if (mkdir(TRACE, 0700) && errno != EEXIST)
		return "no instance of tracing can be made";
	snprintf(path, sizeof(path), TRACE "/events/%s/enable", events);
	return _ccw_sysfs_write("1", "%s", path) ? "these events are not there" : NULL;
}

static void trace_clear(void)
{
	close(open(TRACE "/trace", O_WRONLY | O_TRUNC));
}

/* a line that has all of these; the events have the number of the subchannel first */
static bool traced(const char *event, const char *sch, const char *what)
{
	FILE *trace = fopen(TRACE "/trace", "r");
	char line[512], *at, name[64];
	bool found = false;

	if (!trace)
		return false;
	snprintf(name, sizeof(name), " %s: ", event);
	while (!found && fgets(line, sizeof(line), trace)) {
		at = strstr(line, name);
		if (!at)
			continue;
		at += strlen(name);
		found = !strncmp(at, sch, strlen(sch)) && strstr(at, what);
	}
	fclose(trace);
	return found;
}

static const struct trace_row {
	int (*act)(FIXTURE_DATA(watch) *self);
	const char *event;
	const char *what;
} trace_rows[] = {
	{ nop, "vfio_ccw_event", " START: IDLE -> BUSY ret=0" },
	{ nop, "vfio_ccw_event", " INTERRUPT: BUSY -> IDLE ret=0" },
	{ nop, "vfio_ccw_translated", " ccws=1 " },
	{ nop, "vfio_ccw_instruction", " SSCH cc=0 lpm=" },
	{ nop, "vfio_ccw_status", " final" },
	{ start_twice, "vfio_ccw_event", " START: IDLE -> IDLE ret=-16" },
	{ halt, "vfio_ccw_instruction", " HSCH cc=0 " },
	{ clear, "vfio_ccw_instruction", " CSCH cc=0 " },
	{ reset, "vfio_ccw_quiesce", " ret=0" },
	{ stop, "vfio_ccw_migrate", " ret=0" },
	{ path_comes, "vfio_ccw_paths", " ONLINE" },
	{ lose_page, "vfio_ccw_memory", "-" },
	{ resume, "vfio_ccw_resume", " ret=0" },
	{ resume, "vfio_ccw_instruction", " RSCH cc=0 " },
	/* Hercules suspends nothing for a while after one that is ended by force */
	{ unmap, "vfio_ccw_unmap", " done" },
};

static bool is_told(const char *event)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(trace_rows); i++)
		if (!strcmp(event, trace_rows[i].event))
			return true;
	return false;
}

TEST_F(watch, tracepoints)
{
	const char *why = trace_setup("vfio_ccw");
	const struct trace_row *row;
	struct dirent *entry;
	bool suspends;
	int i, rc;
	DIR *dir;

	if (why)
		SKIP(return, "%s", why);
	suspends = !resume(self);
	if (!suspends)
		ccw_reset(self->dev);
	ccw_mem_create(&self->area, &self->e.iommu, AREA, PAGES * CCW_PAGE, MEM_PRIVATE);
	for (i = 0; i < ARRAY_SIZE(trace_rows); i++) {
		row = &trace_rows[i];
		if (row->act == resume && !suspends)
			continue;
		trace_clear();
		rc = row->act(self);
		if (rc == CANNOT)
			continue;
		EXPECT_EQ(0, rc) TH_LOG("for %s", row->event);
		EXPECT_TRUE(traced(row->event, row->act == lose_page ? "" : self->dev->busid,
				   row->what))
			TH_LOG("%s:%s", row->event, row->what);
	}
	/* and there is no other */
	dir = opendir(TRACE "/events/vfio_ccw");
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "vfio_ccw", 8))
			EXPECT_TRUE(is_told(entry->d_name)) TH_LOG("%s", entry->d_name);
	closedir(dir);
}

/* what brings a program to its end is cio's to do, and to show */
TEST_F(watch, tracepoints_of_cio)
{
	static const char *const events[] = { "s390_cio_xsch", "s390_cio_hsch",
					      "s390_cio_csch" };
	const char *why = trace_setup("s390");
	char sch[24];
	bool any = false;
	int i;

	if (why)
		SKIP(return, "%s", why);
	if (!hold(self))
		SKIP(return, "nothing is suspended here");
	snprintf(sch, sizeof(sch), "schid=%s", self->dev->busid);
	trace_clear();
	ccw_reset(self->dev);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		any |= traced(events[i], sch, " cc=0");
	EXPECT_TRUE(any);
}

TEST_HARNESS_MAIN
