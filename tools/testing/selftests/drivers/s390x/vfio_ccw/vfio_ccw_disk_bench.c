// SPDX-License-Identifier: GPL-2.0-only
/*
 * What 4 KiB to and from an ECKD disk cost, in time and in CPU time.
 *
 * The programs are those that Linux builds for its own disks: define extent,
 * locate record, one CCW for each block, each block in a page of its own. CPU
 * time is what all CPUs of the machine did not idle: interrupts and kernel
 * threads belong to an I/O, too.
 *
 * Output: lines "disk ROW WALL CPU", nanoseconds for each block: the median of
 * the batches, and the mean of all, since that clock ticks a hundred times a
 * second only. Rows that write are left out, unless VFIO_CCW_SCRATCH=1 says that
 * what the disk has may be lost.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "libccw.h"

#define CTL_IOVA	0x100000UL	/* the program, and its parameters */
#define CTL_SIZE	0x10000UL
#define ARG		(CTL_IOVA + 0x2000)
#define DATA_IOVA	0x10000000UL
#define DATA_SIZE	(128UL << 20)

#define CYLINDER	20
#define TRACK		12		/* blocks */

#define BATCHES		32		/* at most */

struct row {
	const char *name;
	int blocks;
	bool write;
	bool cold;	/* each time pages that were not used before, or long ago */
};

static const struct row rows[] = {
	{ "read1.warm",		1,	false,	false },
	{ "read12.warm",	TRACK,	false,	false },
	{ "write1.warm",	1,	true,	false },
	{ "write12.warm",	TRACK,	true,	false },
	{ "read12.cold",	TRACK,	false,	true },
	{ "write12.cold",	TRACK,	true,	true },
};

struct disk {
	struct ccw_iommu iommu;
	struct ccw_dev dev;
	struct ccw_mem ctl;
	struct ccw_mem data;
	u64 next;		/* cold data */
};

static void check(const char *what, int rc)
{
	if (!rc)
		return;
	fprintf(stderr, "vfio_ccw_disk_bench: %s: %s\n", what, strerror(-rc));
	exit(1);
}

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* all but idle and waiting, of all CPUs */
static u64 busy(void)
{
	unsigned long long user, nice, system, idle, wait, irq, softirq;
	FILE *f = fopen("/proc/stat", "r");
	int n;

	if (!f)
		check("/proc/stat", -errno);
	n = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
		   &system, &idle, &wait, &irq, &softirq);
	fclose(f);
	if (n != 7)
		check("/proc/stat", -EIO);
	return (user + nice + system + irq + softirq) *
	       (1000000000ULL / sysconf(_SC_CLK_TCK));
}

static void disk_open(struct disk *d)
{
	check("open the iommu", _ccw_iommu_open(&d->iommu, IOMMU_TYPE1));
	check("open the device", _ccw_dev_open(&d->dev, &d->iommu, ccw_uuid(0)));
	check("map", _ccw_mem_create(&d->ctl, &d->iommu, CTL_IOVA, CTL_SIZE,
				     MEM_PRIVATE));
	check("map", _ccw_mem_create(&d->data, &d->iommu, DATA_IOVA, DATA_SIZE,
				     MEM_PRIVATE));
	check("probe", _ccw_probe(&d->dev, &d->ctl));
	if (d->dev.cu_type != ccw_eckd.cu_type)
		check("an ECKD disk is wanted", -ENODEV);
	madvise(d->data.hva, DATA_SIZE, MADV_NOHUGEPAGE);
	memset(d->data.hva, 0x5a, DATA_SIZE);
}

static struct ccw_orb build(struct disk *d, const struct row *row, u64 data)
{
	struct ccw_prog p;
	int i;

	ccw_prog_init(&p, &d->ctl, CTL_IOVA, 1);
	ccw_put_eckd(&p, ARG, row->write, CYLINDER, row->blocks);
	for (i = 0; i < row->blocks; i++)
		ccw_put(&p, row->write ? ECKD_WRITE : ECKD_READ,
			i + 1 < row->blocks ? CCW_CC : 0, ECKD_LEN,
			data + i * ECKD_LEN);
	return ccw_orb(&p);
}

static void one_io(struct disk *d, const struct row *row)
{
	struct ccw_orb orb;
	struct ccw_irb irb;

	if (row->cold) {
		d->next += row->blocks * ECKD_LEN;
		if (d->next + row->blocks * ECKD_LEN > DATA_SIZE)
			d->next = TRACK * ECKD_LEN;
	}
	orb = build(d, row, DATA_IOVA + (row->cold ? d->next : 0));
	check("I/O", _ccw_run(&d->dev, &orb, &irb));
	if (irb.scsw.dstat == (DSTAT_CE | DSTAT_DE) && !irb.scsw.cstat)
		return;
	fprintf(stderr, "vfio_ccw_disk_bench: %s: dstat %02x cstat %02x\n",
		row->name, irb.scsw.dstat, irb.scsw.cstat);
	exit(1);
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 median(u64 *v, int n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

static void measure(struct disk *d, const struct row *row, int batches, int ios)
{
	u64 wall[BATCHES], blocks, cpu, t;
	int i, n;

	/* a single block takes longer than one of many */
	if (row->blocks > 1)
		ios = (ios + 2) / 3;
	blocks = (u64)ios * row->blocks;
	for (n = 0; n < ios / 10 + 1; n++)
		one_io(d, row);
	cpu = busy();
	for (i = 0; i < batches; i++) {
		t = now();
		for (n = 0; n < ios; n++)
			one_io(d, row);
		wall[i] = (now() - t) / blocks;
	}
	cpu = (busy() - cpu) / (blocks * batches);
	printf("disk %s %llu %llu\n", row->name,
	       (unsigned long long)median(wall, batches),
	       (unsigned long long)cpu);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int batches = 5, ios = 500, opt;
	struct disk d = {};
	unsigned int i;

	while ((opt = getopt(argc, argv, "b:n:")) != -1) {
		if (opt == 'b')
			batches = atoi(optarg);
		else if (opt == 'n')
			ios = atoi(optarg);
		else
			batches = 0;
	}
	if (!ccw_uuid(0) || batches < 1 || batches > BATCHES || ios < 1) {
		fprintf(stderr,
			"usage: VFIO_CCW_UUID=UUID vfio_ccw_disk_bench [-b BATCHES] [-n STARTS]\n");
		return 2;
	}
	disk_open(&d);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!rows[i].write || ccw_may_write())
			measure(&d, &rows[i], batches, ios);
	ccw_mem_destroy(&d.data);
	ccw_mem_destroy(&d.ctl);
	ccw_dev_close(&d.dev);
	ccw_iommu_close(&d.iommu);
	return 0;
}
