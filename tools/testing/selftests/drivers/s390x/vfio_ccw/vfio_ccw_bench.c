// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one I/O costs: a write to the I/O region, the eventfd, a read of the
 * I/O region, and whatever the driver does before the next one can begin.
 *
 * The clock is CLOCK_MONOTONIC. Under an emulator that counts instructions
 * (-icount shift=0) its nanoseconds are instructions, of all CPUs together,
 * and the device costs none. Each figure is the distance of two starts, so
 * that work put off until after the status is in it. Nothing is subtracted.
 *
 * Output: lines "bench ROW MEDIAN MINIMUM MEAN".
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "libccw.h"

#define PROG		0x100000UL	/* the program, where the guest has it */
#define PARAM		0x110000UL	/* parameters of an ECKD-like program */
#define CTL_IOVA	0x100000UL
#define CTL_SIZE	0x20000UL
#define DATA_IOVA	0x10000000UL

#define MAX_CCWS	130
#define TAIL		2	/* zeros after a program */
#define WARM_UP		20

struct shape {
	const char *name;
	int ccws;
	int pages;		/* of each */
	bool eckd;		/* two CCWs with 16 bytes of parameters first */
	bool brief;		/* part of the short form, warm; cold */
	bool brief_cold;
};

static const struct shape shapes[] = {
	{ "nop",	0,	0,  .brief = true },
	{ "1x4K",	1,	1,  .brief = true },
	{ "1x15p",	1,	15, .brief_cold = true },
	{ "16x4K",	16,	1 },
	{ "64x4K",	64,	1 },
	{ "128x4K",	128,	1,  .brief = true },
	{ "16x15p",	16,	15 },
	{ "eckd16x4K",	16,	1,  .eckd = true },
};

static int rounds = 200;
static const char *logfile;	/* of the emulator, for the rounds */

/* A device with memory of its own for programs and data. */
struct rig {
	struct ccw_iommu iommu;
	struct ccw_dev dev;
	struct ccw_mem ctl;
	struct ccw_mem data;
	int cpu;
	int rounds;
	const struct shape *shape;
	pthread_barrier_t *barrier;
	u64 begin, end;
};

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void die(const char *what, int rc)
{
	fprintf(stderr, "vfio_ccw_bench: %s: %s\n", what, strerror(-rc));
	exit(1);
}

static void check(const char *what, int rc)
{
	if (rc)
		die(what, rc);
}

static void monitor(const char *command)
{
	check("the emulator's monitor", _ccw_monitor(command));
}

/* one by one, each instruction that is executed until log_end(); QEMU has one of the names */
static void log_begin(void)
{
	char command[256];

	if (!logfile)
		return;
	snprintf(command, sizeof(command), "logfile %s", logfile);
	monitor(command);
	monitor("singlestep on");
	monitor("one-insn-per-tb on");
	monitor("log exec,nochain");
}

static void log_end(void)
{
	if (!logfile)
		return;
	monitor("log none");
	monitor("singlestep off");
	monitor("one-insn-per-tb off");
}

static u64 shape_bytes(const struct shape *s)
{
	return (u64)s->ccws * s->pages * CCW_PAGE;
}

static void rig_open(struct rig *r, const char *uuid, u64 bytes)
{
	struct ccw_mem *data = &r->data;

	*r = (struct rig){ .rounds = rounds };
	check("open the iommu", _ccw_iommu_open(&r->iommu, IOMMU_TYPE1));
	check("open the device", _ccw_dev_open(&r->dev, &r->iommu, uuid));
	check("map", _ccw_mem_create(&r->ctl, &r->iommu, CTL_IOVA, CTL_SIZE,
				     MEM_PRIVATE));
	check("probe", _ccw_probe(&r->dev, &r->ctl));
	memset(r->ctl.hva, 0, CTL_SIZE);
	if (!r->dev.backend->read_cmd)
		die("no suitable read command on this device", -ENODEV);

	/* small pages: what a guest's memory is like after a while */
	*data = (struct ccw_mem){
		.iommu = &r->iommu, .memfd = -1, .iova = DATA_IOVA,
		.size = bytes,
	};
	data->hva = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data->hva == MAP_FAILED)
		die("memory", -errno);
	madvise(data->hva, bytes, MADV_NOHUGEPAGE);
	memset(data->hva, 1, bytes);
	check("map", _ccw_dma_map(&r->iommu, data->hva, data->iova, bytes,
				  true));
}

static void rig_close(struct rig *r)
{
	ccw_mem_destroy(&r->data);
	ccw_mem_destroy(&r->ctl);
	ccw_dev_close(&r->dev);
	ccw_iommu_close(&r->iommu);
}

/* the program of that shape on the data at iova, as it will stand at PROG */
static struct ccw_prog build(struct rig *r, const struct shape *s, u64 iova)
{
	const struct ccw_backend *b = r->dev.backend;
	struct ccw_prog p;
	int i;

	ccw_prog_init(&p, &r->ctl, PROG, 1);
	if (s->eckd) {
		ccw_put(&p, b->write_cmd, CCW_SLI | CCW_CC, 16, PARAM);
		ccw_put(&p, b->write_cmd, CCW_SLI | CCW_CC, 16, PARAM + 16);
	}
	for (i = 0; i < s->ccws; i++)
		ccw_put(&p, b->read_cmd, CCW_SLI | CCW_CC, s->pages * CCW_PAGE,
			iova + i * s->pages * CCW_PAGE);
	if (s->ccws)
		*((u8 *)ccw_hva(&r->ctl, p.next - 8) + 1) &= ~CCW_CC;
	else
		ccw_put(&p, CMD_NOP, CCW_SLI, 1, PARAM);
	/* what an earlier shape left behind is not part of this one */
	memset(ccw_hva(&r->ctl, p.next), 0, TAIL * 8);
	return p;
}

static void one_io(struct rig *r, const struct ccw_orb *orb)
{
	struct ccw_irb irb;
	int rc = _ccw_run(&r->dev, orb, &irb);

	if (rc)
		die("I/O", rc);
	if (irb.scsw.dstat != (DSTAT_CE | DSTAT_DE) || irb.scsw.cstat) {
		fprintf(stderr,
			"vfio_ccw_bench: scsw %08x cpa %08x dstat %02x cstat %02x\n",
			irb.scsw.flags, irb.scsw.cpa, irb.scsw.dstat,
			irb.scsw.cstat);
		exit(1);
	}
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void report(const char *row, const char *kind, u64 *t, int n)
{
	u64 sum = t[n] - t[0];
	int i;

	for (i = 0; i < n; i++)
		t[i] = t[i + 1] - t[i];
	qsort(t, n, sizeof(*t), compare);
	printf("bench %s%s %llu %llu %llu\n", row, kind,
	       (unsigned long long)t[n / 2], (unsigned long long)t[0],
	       (unsigned long long)sum / n);
	fflush(stdout);
}

static void warm(struct rig *r, const struct shape *s, const char *kind, u32 without, u64 *t)
{
	struct ccw_prog p = build(r, s, DATA_IOVA);
	struct ccw_orb orb = ccw_orb(&p);
	int i;

	orb.flags &= ~without;
	for (i = 0; i < WARM_UP; i++)
		one_io(r, &orb);
	log_begin();
	for (i = 0; i < rounds; i++) {
		t[i] = now();
		one_io(r, &orb);
	}
	t[rounds] = now();
	log_end();
	report(s->name, kind, t, rounds);
}

/*
 * Every I/O on pages that were never part of one. The program is laid in the
 * same place each time, as guests do; that copy is a few instructions.
 */
static void cold(struct rig *r, const struct shape *s, u64 *t, u64 *used)
{
	static u8 programs[1024][(MAX_CCWS + TAIL) * 8];
	u64 bytes = shape_bytes(s);
	struct ccw_prog p;
	struct ccw_orb orb;
	int i, n = rounds;

	if (!bytes)
		return;
	if ((r->data.size - *used) / bytes < n)
		n = (r->data.size - *used) / bytes;
	if (n < 5)
		die("not enough memory for cold pages", -ENOMEM);
	for (i = 0; i < n; i++) {
		p = build(r, s, DATA_IOVA + *used);
		memcpy(programs[i], ccw_hva(&r->ctl, PROG),
		       p.next - p.start + TAIL * 8);
		*used += bytes;
	}
	orb = ccw_orb(&p);
	log_begin();
	for (i = 0; i < n; i++) {
		t[i] = now();
		memcpy(ccw_hva(&r->ctl, PROG), programs[i],
		       p.next - p.start + TAIL * 8);
		one_io(r, &orb);
	}
	t[n] = now();
	log_end();
	report(s->name, ".cold", t, n);
}

/* The system calls of an I/O, on files that do nothing. */
static void floor_row(u64 *t)
{
	static u8 buf[124];
	int event = eventfd(0, EFD_NONBLOCK);
	int null = open("/dev/null", O_WRONLY), zero = open("/dev/zero", O_RDONLY);
	u64 one = 1;
	int i;

	for (i = 0; i < rounds; i++) {
		t[i] = now();
		if (pwrite(null, buf, sizeof(buf), 0) < 0 ||
		    write(event, &one, 8) < 0 || read(event, &one, 8) < 0 ||
		    pread(zero, buf, sizeof(buf), 0) < 0)
			die("floor", -errno);
	}
	t[rounds] = now();
	report("floor", "", t, rounds);
}

/* what the driver says that the device has, if it says so */
static void memory_row(void)
{
	unsigned long bytes;
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path),
		 "/sys/bus/mdev/devices/%s/statistics/memory", ccw_uuid(0));
	f = fopen(path, "r");
	if (!f)
		return;
	if (fscanf(f, "%lu", &bytes) == 1)
		printf("bench memory.used %lu %lu %lu\n", bytes, bytes, bytes);
	fclose(f);
}

static void clock_row(u64 *t)
{
	int i;

	for (i = 0; i <= rounds; i++)
		t[i] = now();
	report("clock", "", t, rounds);
}

static void *drive(void *arg)
{
	struct rig *r = arg;
	struct ccw_prog p = build(r, r->shape, DATA_IOVA);
	struct ccw_orb orb = ccw_orb(&p);
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	CPU_SET(r->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("affinity", -errno);
	for (i = 0; i < WARM_UP; i++)
		one_io(r, &orb);
	pthread_barrier_wait(r->barrier);
	r->begin = now();
	for (i = 0; i < r->rounds; i++)
		one_io(r, &orb);
	r->end = now();
	return NULL;
}

/* n devices at once; the cost per I/O of all of them together */
static u64 together(struct rig *rigs, int n, const struct shape *s)
{
	pthread_t threads[CCW_MAX_DEVS];
	pthread_barrier_t barrier;
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), i;
	u64 begin = ~0ULL, end = 0;

	pthread_barrier_init(&barrier, NULL, n);
	log_begin();
	for (i = 0; i < n; i++) {
		rigs[i].cpu = i % cpus;
		rigs[i].shape = s;
		rigs[i].barrier = &barrier;
		rigs[i].rounds = rounds;
		if (pthread_create(&threads[i], NULL, drive, &rigs[i]))
			die("thread", -EAGAIN);
	}
	for (i = 0; i < n; i++) {
		pthread_join(threads[i], NULL);
		begin = rigs[i].begin < begin ? rigs[i].begin : begin;
		end = rigs[i].end > end ? rigs[i].end : end;
	}
	log_end();
	pthread_barrier_destroy(&barrier);
	return (end - begin) / ((u64)n * rounds);
}

static void parallel_rows(void)
{
	static const struct shape s = { "16x4K", 16, 1 };
	struct rig rigs[CCW_MAX_DEVS];
	int have = 0, n, try;
	u64 t, best;

	while (have < CCW_MAX_DEVS && ccw_uuid(have)) {
		rig_open(&rigs[have], ccw_uuid(have), shape_bytes(&s));
		have++;
	}
	for (n = 1; n <= have; n *= 2) {
		for (best = ~0ULL, try = 0; try < 3; try++) {
			t = together(rigs, n, &s);
			best = t < best ? t : best;
		}
		printf("bench parallel%d %llu %llu %llu\n", n,
		       (unsigned long long)best, (unsigned long long)best,
		       (unsigned long long)best);
	}
	while (have--)
		rig_close(&rigs[have]);
}

static u64 cold_bytes(bool brief)
{
	u64 bytes = 0;
	unsigned int i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!brief || shapes[i].brief_cold)
			bytes += shape_bytes(&shapes[i]) * rounds;
	return bytes;
}

static bool is_row(const char *row, const struct shape *s, const char *kind)
{
	size_t len = strlen(s->name);

	return !row || (!strncmp(row, s->name, len) && !strcmp(row + len, kind));
}

static int usage(void)
{
	fprintf(stderr,
		"usage: VFIO_CCW_UUID='UUID...' vfio_ccw_bench [-n ROUNDS] [-l FILE] [-s|-w|-p|-r ROW]\n"
		"	-l FILE	let the lab's QEMU log there what is executed in the rounds\n"
		"	-s	the short form\n"
		"	-w	warm rows only, with prefetch\n"
		"	-p	several devices in parallel only\n"
		"	-r ROW	this row only, ROW.warm, ROW.unfetched or ROW.cold; for a profiler\n");
	return 2;
}

int main(int argc, char **argv)
{
	/* keeps cold rows within what a small machine has */
	const u64 most = 420UL << 20;
	bool brief = false, warm_only = false, parallel = false;
	const char *row = NULL;
	u64 used = 0, bytes;
	struct rig r;
	unsigned int i;
	int opt;
	u64 *t;

	while ((opt = getopt(argc, argv, "n:swpr:l:")) != -1) {
		if (opt == 'n')
			rounds = atoi(optarg);
		else if (opt == 's')
			brief = true;
		else if (opt == 'w')
			warm_only = true;
		else if (opt == 'p')
			parallel = true;
		else if (opt == 'r')
			row = optarg;
		else if (opt == 'l')
			logfile = optarg;
		else
			return usage();
	}
	if (!ccw_uuid(0) || rounds < 1 || rounds > 1000)
		return usage();
	if (parallel) {
		parallel_rows();
		return 0;
	}
	t = calloc(rounds + 1, sizeof(*t));
	bytes = cold_bytes(brief) + shape_bytes(&shapes[6]);
	/* a profiler takes the difference of two runs */
	if (row)
		bytes = 96UL << 20;
	if (warm_only)
		bytes = shape_bytes(&shapes[6]);
	rig_open(&r, ccw_uuid(0), bytes < most ? bytes : most);

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (is_row(row, &shapes[i], ".warm") && (!brief || shapes[i].brief))
			warm(&r, &shapes[i], ".warm", 0, t);
	}
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (is_row(row, &shapes[i], ".unfetched") && !warm_only && shapes[i].brief)
			warm(&r, &shapes[i], ".unfetched", ORB_P, t);
	}
	/* pages of the warm rows are not new any more */
	used = shape_bytes(&shapes[6]);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (is_row(row, &shapes[i], ".cold") && !warm_only &&
		    (!brief || shapes[i].brief_cold))
			cold(&r, &shapes[i], t, &used);
	if (!row)
		memory_row();
	rig_close(&r);
	if (row)
		return 0;
	clock_row(t);
	floor_row(t);
	return 0;
}
