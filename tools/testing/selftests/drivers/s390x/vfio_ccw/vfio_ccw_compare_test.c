// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same channel program twice on the same device: once through vfio_ccw, and
 * once started by the host itself (test_modules/hoststart.c). The memory that a
 * program lies in has another address then, and nothing else may differ: neither
 * data nor residual count nor status nor the CCW address, as an offset.
 *
 * Where a machine is laxer than the architecture the two may differ. The row then
 * says why, and what vfio_ccw has to answer.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest.h"
#include "libccw.h"
#include "test_modules/hoststart.h"

/* offsets in the memory of a side */
#define PROG	0x0000
#define ARG	0x1000		/* parameters */
#define IDAL	0x2000
#define MORE	0x3000		/* more CCWs */
#define DATA	0x4000		/* compared from here on */
#define ACROSS	0x4e00		/* data that cross a page when there are many */
#define EARLIER	0xc000		/* data of what a row needs done before */
#define SIZE	HOSTSTART_SIZE

#define NOWHERE	0x7ff00000u	/* neither the guest's nor the machine's */

/* device types, one for each family */
#define ANY	0
#define ECKD	0x3390
#define FBA	0x3370
#define TAPE	0x3480
#define PRINTER	0x1403
#define READER	0x3505
#define PUNCH	0x3525
#define TERMINAL	0x3278

static u16 family(u16 dev_type)
{
	return dev_type == 0x3490 || dev_type == 0x3590 ? TAPE : dev_type;
}

/* ---- the two ways ---- */

struct side {
	const char *name;
	struct ccw_mem mem;
	struct ccw_prog p;
	struct ccw_orb orb;	/* of the program, for rows that change it */
	struct ccw_dev *dev;	/* vfio_ccw's */
	int fd;			/* the host's */
};

struct result {
	int rc;
	struct ccw_irb irb;
	u8 data[SIZE - DATA];
};

static int host_run(int fd, const struct ccw_orb *orb, struct ccw_irb *irb)
{
	struct ccw_irb more;

	memset(irb, 0, sizeof(*irb));
	if (write(fd, orb, sizeof(*orb)) != sizeof(*orb))
		return -errno;
	do {
		memset(&more, 0, sizeof(more));
		if (read(fd, &more, 64) != 64)
			return -errno;
		ccw_accumulate(irb, &more);
	} while (!ccw_ends_start(&more.scsw));
	return 0;
}

static int side_run(struct side *s, const struct ccw_orb *orb,
		    struct ccw_irb *irb)
{
	int rc;

	rc = s->dev ? _ccw_run(s->dev, orb, irb) : host_run(s->fd, orb, irb);
	if (rc != -ETIMEDOUT)
		return rc;
	if (s->dev) {
		_ccw_async(s->dev, ASYNC_CLEAR);
		_ccw_status(s->dev, irb, CCW_TIMEOUT_MS);
	} else {
		ioctl(s->fd, HOSTSTART_CLEAR);
		read(s->fd, irb, 64);
	}
	memset(irb, 0, sizeof(*irb));
	return rc;
}

/* ---- words for rows ---- */

static u32 at(struct side *s, u32 offset)
{
	return s->mem.iova + offset;
}

static u8 *bytes(struct side *s, u32 offset)
{
	return s->mem.hva + offset;
}

static void put(struct side *s, u8 cmd, u8 flags, u16 count, u32 offset)
{
	ccw_put(&s->p, cmd, flags, count, at(s, offset));
}

static void nop(struct side *s, u8 flags)
{
	put(s, CMD_NOP, CCW_SLI | flags, 1, ARG);
}

static void sense_id(struct side *s, u8 flags, u16 count, u32 offset)
{
	put(s, CMD_SENSE_ID, flags, count, offset);
}

static void tic(struct side *s, u32 offset)
{
	ccw_put_tic(&s->p, at(s, offset));
}

/* the next CCWs are elsewhere */
static void go_to(struct side *s, u32 offset)
{
	s->p.next = at(s, offset);
}

/* the same with an IDAL of the kind that the ORB is going to name */
static void put_ida(struct side *s, u8 cmd, u8 flags, u16 count, u32 offset)
{
	ccw_put_idal(&s->p, at(s, IDAL), at(s, offset), count);
	put(s, cmd, flags | CCW_IDA, count, IDAL);
}

/* one IDAW of it, whatever it has to be */
static void set_idaw(struct side *s, int nr, u64 word)
{
	u8 *list = bytes(s, IDAL);
	u32 narrow = word;

	if (s->p.idaw & ORB_H)
		memcpy(list + 8 * nr, &word, 8);
	else
		memcpy(list + 4 * nr, &narrow, 4);
}

static u32 block(struct side *s)
{
	return (s->p.idaw & (ORB_H | ORB_T)) == ORB_H ? 4096 : 2048;
}

/* what a row needs done; programs that are not compared */
static void now(struct side *s)
{
	struct ccw_orb orb = ccw_orb(&s->p);
	struct ccw_irb irb;
	int rc = side_run(s, &orb, &irb);

	if (rc || (irb.scsw.dstat & ~DSTAT_UX) != (DSTAT_CE | DSTAT_DE))
		ksft_print_msg("%s: preparing failed: %d dstat %02x cstat %02x\n",
			       s->name, rc, irb.scsw.dstat, irb.scsw.cstat);
	go_to(s, PROG);
}

static void fill(struct side *s, u32 offset, u32 n, u8 seed)
{
	u32 i;

	for (i = 0; i < n; i++)
		bytes(s, offset)[i] = seed + i * 7 + (i >> 8);
}

/* ---- rows for any device ---- */

static void a_nop(struct side *s)
{
	nop(s, CCW_CC);
}

static void a_read(struct side *s)
{
	sense_id(s, CCW_SLI | CCW_CC, 7, DATA);
}

static void a_unit_check(struct side *s)
{
	put(s, 0xff, CCW_SLI | CCW_CC, 1, ARG);
}

static void r_chain(struct side *s)
{
	sense_id(s, CCW_SLI | CCW_CC, 4, DATA);
	sense_id(s, CCW_SLI | CCW_CC, 7, DATA + 16);
	nop(s, CCW_CC);
	sense_id(s, CCW_SLI, 5, DATA + 32);
}

static void r_chain_without_prefetch(struct side *s)
{
	r_chain(s);
	s->orb.flags &= ~ORB_P;
}

static void r_incorrect_length_ends_a_chain(struct side *s)
{
	sense_id(s, CCW_CC, 300, DATA);
	sense_id(s, CCW_SLI, 7, DATA + 0x1000);
}

static void r_tic(struct side *s)
{
	nop(s, CCW_CC);
	tic(s, MORE);
	go_to(s, MORE);
	sense_id(s, CCW_SLI | CCW_CC, 7, DATA);
	nop(s, 0);
}

static void r_tic_first(struct side *s)
{
	tic(s, MORE);
	go_to(s, MORE);
	nop(s, 0);
}

static void r_tic_to_tic(struct side *s)
{
	nop(s, CCW_CC);
	tic(s, MORE);
	go_to(s, MORE);
	tic(s, MORE + 16);
	go_to(s, MORE + 16);
	nop(s, 0);
}

static void r_tic_unaligned(struct side *s)
{
	go_to(s, MORE);
	nop(s, 0);
	nop(s, 0);
	go_to(s, PROG);
	nop(s, CCW_CC);
	tic(s, MORE + 4);
}

static void r_tic_nowhere(struct side *s)
{
	nop(s, CCW_CC);
	ccw_put_tic(&s->p, NOWHERE);
}

static void r_tic_with_flags(struct side *s)
{
	go_to(s, MORE);
	nop(s, 0);
	go_to(s, PROG);
	nop(s, CCW_CC);
	put(s, CMD_TIC, CCW_SLI, 0, MORE);
}

static void r_pci(struct side *s)
{
	nop(s, CCW_CC);
	sense_id(s, CCW_SLI | CCW_CC | CCW_PCI, 7, DATA);
	nop(s, 0);
}

static void r_initial_status(struct side *s)
{
	r_chain(s);
	s->orb.flags |= ORB_I;
}

static void r_unit_check_ends_a_chain(struct side *s)
{
	sense_id(s, CCW_SLI | CCW_CC, 7, DATA);
	put(s, 0xff, CCW_SLI | CCW_CC, 1, ARG);
	sense_id(s, CCW_SLI, 7, DATA + 16);
}

static void r_data_chain(struct side *s)
{
	sense_id(s, CCW_CD, 3, DATA);
	put(s, 0, CCW_SLI, 4, DATA + 0x800);
}

static void r_data_chain_with_skip(struct side *s)
{
	sense_id(s, CCW_CD, 2, DATA);
	put(s, 0, CCW_CD | CCW_SKIP, 2, DATA + 0x400);
	put(s, 0, CCW_SLI, 3, DATA + 0x800);
}

static void r_data_chain_through_tic(struct side *s)
{
	sense_id(s, CCW_CD, 3, DATA);
	tic(s, MORE);
	go_to(s, MORE);
	put(s, 0, CCW_SLI, 4, DATA + 0x800);
}

static void r_data_chain_with_count_0(struct side *s)
{
	sense_id(s, CCW_CD, 3, DATA);
	put(s, 0, CCW_SLI, 0, DATA + 0x800);
}

static void r_ida_unaligned_list(struct side *s)
{
	put_ida(s, CMD_SENSE_ID, CCW_SLI, 7, DATA);
	go_to(s, PROG);
	put(s, CMD_SENSE_ID, CCW_SLI | CCW_IDA, 7, IDAL + 2);
}

static void r_ida_first_nowhere(struct side *s)
{
	nop(s, CCW_CC);
	put_ida(s, CMD_SENSE_ID, CCW_SLI, 7, DATA);
	set_idaw(s, 0, NOWHERE);
}

static void r_ida_second_not_at_a_block(struct side *s)
{
	put_ida(s, CMD_SENSE_ID, CCW_SLI, 7, DATA + block(s) - 3);
	set_idaw(s, 1, at(s, DATA + 2 * block(s) + 8));
}

static void r_ida_second_nowhere(struct side *s)
{
	put_ida(s, CMD_SENSE_ID, CCW_SLI, 7, DATA + block(s) - 3);
	set_idaw(s, 1, NOWHERE);
}

/* one MIDAW after the other from @list on; where the next one goes */
static u32 midaw(struct side *s, u32 list, u8 flags, u16 count, u32 offset)
{
	return ccw_put_midaw(&s->p, at(s, list), flags, count, at(s, offset)) -
	       s->mem.iova;
}

static void put_midaws(struct side *s, u8 cmd, u8 flags, u16 count, u32 list)
{
	put(s, cmd, flags | CCW_MIDA, count, list);
	s->orb.flags |= ORB_D;
}

static void sense_id_midaws(struct side *s, u8 first, u8 second, u8 third)
{
	u32 list = midaw(s, IDAL, first, 3, DATA + 0xffd);

	list = midaw(s, list, second, 1, DATA + 0x3000);
	midaw(s, list, third, 3, DATA + 0x2001);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI, 7, IDAL);
}

static void r_midaw(struct side *s)
{
	sense_id_midaws(s, 0, 0, MIDAW_LAST);
}

static void r_midaw_skip(struct side *s)
{
	sense_id_midaws(s, 0, MIDAW_SKIP, MIDAW_LAST);
}

static void r_midaw_list_ends_early(struct side *s)
{
	sense_id_midaws(s, 0, MIDAW_LAST, 0);
}

static void r_midaw_list_has_no_end(struct side *s)
{
	sense_id_midaws(s, 0, 0, 0);
}

static void r_midaw_across_pages(struct side *s)
{
	midaw(s, IDAL, MIDAW_LAST, 7, DATA + 0xffd);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI, 7, IDAL);
}

static void r_midaw_count_0(struct side *s)
{
	u32 list = midaw(s, IDAL, 0, 3, DATA);

	list = midaw(s, list, 0, 0, DATA + 0x100);
	midaw(s, list, MIDAW_LAST, 4, DATA + 0x200);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI, 7, IDAL);
}

static void r_midaw_nowhere(struct side *s)
{
	u32 list = midaw(s, IDAL, 0, 3, DATA);

	ccw_put_midaw(&s->p, at(s, list), MIDAW_LAST, 4, NOWHERE);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI, 7, IDAL);
}

static void r_midaw_list_unaligned(struct side *s)
{
	midaw(s, IDAL + 8, MIDAW_LAST, 7, DATA);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI, 7, IDAL + 8);
}

static void r_midaw_and_ida(struct side *s)
{
	nop(s, CCW_CC);
	midaw(s, IDAL, MIDAW_LAST, 7, DATA);
	put_midaws(s, CMD_SENSE_ID, CCW_SLI | CCW_IDA, 7, IDAL);
}

static void r_program_unaligned(struct side *s)
{
	nop(s, 0);
	nop(s, 0);
	s->orb.cpa += 4;
}

static void r_program_nowhere(struct side *s)
{
	s->orb.cpa = NOWHERE;
}

static void r_wrong_key(struct side *s)
{
	sense_id(s, CCW_SLI, 7, DATA);
	s->orb.flags |= ORB_KEY(3);
}

#define SENSE_PGID	0x34
#define SET_PGID	0xaf

/*
 * Established, looked at, resigned; what has no path groups rejects the first. Only
 * to look would show what was before.
 */
static void r_path_group(struct side *s)
{
	static const u8 group[12] = {
		0x00, 0x80, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0x11, 0x22, 0x33,
	};

	memcpy(bytes(s, ARG), group, sizeof(group));
	memcpy(bytes(s, ARG + 16), group, sizeof(group));
	bytes(s, ARG + 16)[0] = 0x40;
	put(s, SET_PGID, CCW_CC, sizeof(group), ARG);
	put(s, SENSE_PGID, CCW_CC | CCW_SLI, 12, DATA);
	put(s, SET_PGID, 0, sizeof(group), ARG + 16);
}

/* ---- disks ---- */

#define CYL	7

static void extent_locate(struct side *s, bool write, u8 records)
{
	ccw_put_eckd(&s->p, at(s, ARG), write, CYL, records);
}

static void eckd_written(struct side *s)
{
	fill(s, EARLIER, 0x3000, 3);
	extent_locate(s, true, 3);
	put(s, ECKD_WRITE, CCW_CC, 4096, EARLIER);
	put(s, ECKD_WRITE, CCW_CC, 4096, EARLIER + 4096);
	put(s, ECKD_WRITE, 0, 4096, EARLIER + 8192);
	now(s);
	memset(bytes(s, EARLIER), 0, 0x3000);
}

static void eckd_located(struct side *s)
{
	eckd_written(s);
	extent_locate(s, false, 1);
}

/* what is read was written by the same program */
static void eckd_rewritten(struct side *s)
{
	fill(s, EARLIER, 4096, 29);
	extent_locate(s, true, 1);
	put(s, ECKD_WRITE, CCW_CC, 4096, EARLIER);
	extent_locate(s, false, 1);
}

static void r_eckd_read_ida_with_a_bad_block(struct side *s)
{
	eckd_located(s);
	put_ida(s, ECKD_READ, 0, 4096, DATA + 0x123);
	set_idaw(s, 1, NOWHERE);
}

static void r_eckd_write_ida(struct side *s)
{
	fill(s, EARLIER + 0x321, 4096, 77);
	extent_locate(s, true, 1);
	put_ida(s, ECKD_WRITE, CCW_CC, 4096, EARLIER + 0x321);
	extent_locate(s, false, 1);
	put(s, ECKD_READ, 0, 4096, DATA);
}

/* 4096 bytes in four pieces */
static void eckd_midaws(struct side *s, u8 cmd, u8 flags, u32 offset)
{
	u32 list = midaw(s, IDAL, 0, 1000, offset + 0x1001);

	list = midaw(s, list, 0, 96, offset + 0x3000 - 96);
	list = midaw(s, list, 0, 2999, offset + 0x2003);
	midaw(s, list, MIDAW_LAST, 1, offset);
	put_midaws(s, cmd, flags, 4096, IDAL);
}

static void r_eckd_read_midaw(struct side *s)
{
	eckd_located(s);
	eckd_midaws(s, ECKD_READ, 0, DATA);
}

static void r_eckd_write_midaw(struct side *s)
{
	fill(s, EARLIER, 0x3000, 113);
	extent_locate(s, true, 1);
	eckd_midaws(s, ECKD_WRITE, CCW_CC, EARLIER);
	extent_locate(s, false, 1);
	put(s, ECKD_READ, 0, 4096, DATA);
}

static void r_eckd_three_records(struct side *s)
{
	eckd_written(s);
	extent_locate(s, false, 3);
	put(s, ECKD_READ, CCW_CC, 4096, DATA);
	put(s, ECKD_READ, CCW_CC | CCW_PCI, 4096, DATA + 0x1800);
	put(s, ECKD_READ, 0, 4096, DATA + 0x4000);
}

static void r_eckd_read_by_data_chaining(struct side *s)
{
	eckd_located(s);
	put(s, ECKD_READ, CCW_CD, 1000, DATA);
	put(s, 0, 0, 3096, DATA + 0x1100);
}

static void r_eckd_write_by_data_chaining(struct side *s)
{
	fill(s, EARLIER, 4096, 41);
	extent_locate(s, true, 1);
	put(s, ECKD_WRITE, CCW_CD, 1000, EARLIER + 3096);
	put(s, 0, CCW_CC, 3096, EARLIER);
	extent_locate(s, false, 1);
	put(s, ECKD_READ, 0, 4096, DATA);
}

/* SEARCH ID EQUAL; TIC *-8; READ DATA */
static void search_loop(struct side *s, u8 record)
{
	static const u8 seek[6] = { 0, 0, 0, CYL, 0, 0 };
	u8 id[5] = { 0, CYL, 0, 0, record };

	eckd_written(s);
	memcpy(bytes(s, ARG), seek, sizeof(seek));
	memcpy(bytes(s, ARG + 16), id, sizeof(id));
	put(s, 0x07, CCW_CC, 6, ARG);
	put(s, 0x31, CCW_CC, 5, ARG + 16);
	tic(s, PROG + 8);
	put(s, 0x06, 0, 4096, DATA);
}

static void r_eckd_search_loop(struct side *s)
{
	search_loop(s, 3);
}

static void r_eckd_search_without_a_match(struct side *s)
{
	search_loop(s, 99);
}

/* status modifier skips the CCW that would be bad */
static void r_eckd_search_skips_a_bad_ccw(struct side *s)
{
	search_loop(s, 1);
	go_to(s, PROG + 8);
	put(s, 0x31, CCW_CC, 5, ARG + 16);
	tic(s, MORE);
	put(s, 0x06, CCW_SLI, 100, DATA);
	go_to(s, MORE);
	put(s, 0x31, CCW_CC, 5, ARG + 16);
	tic(s, MORE);
	put(s, 0x06, CCW_SLI, 200, DATA);
}

static void r_eckd_read_count(struct side *s)
{
	static const u8 seek[6] = { 0, 0, 0, CYL, 0, 0 };

	eckd_written(s);
	memcpy(bytes(s, ARG), seek, sizeof(seek));
	put(s, 0x07, CCW_CC, 6, ARG);
	put(s, 0x1a, CCW_CC | CCW_SLI, 5, DATA);
	put(s, 0x12, CCW_CC, 8, DATA + 8);
	put(s, 0x12, 0, 8, DATA + 16);
}

static void r_eckd_write_where_only_read(struct side *s)
{
	eckd_written(s);
	extent_locate(s, true, 1);
	bytes(s, ARG)[0] = 0x40;
	put(s, ECKD_WRITE, 0, 4096, EARLIER);
}

static void r_eckd_locate_outside_the_extent(struct side *s)
{
	extent_locate(s, false, 1);
	bytes(s, ARG + 64)[5] = CYL + 1;
	put(s, ECKD_READ, 0, 4096, DATA);
}

static void fba_extent_locate(struct side *s, bool write, u16 blocks)
{
	ccw_put_fba(&s->p, at(s, ARG), write, 64, blocks);
}

static void fba_written(struct side *s)
{
	fill(s, EARLIER, 4096, 11);
	fba_extent_locate(s, true, 8);
	put(s, FBA_WRITE, 0, 4096, EARLIER);
	now(s);
	memset(bytes(s, EARLIER), 0, 4096);
}

static void fba_located(struct side *s, u16 blocks)
{
	fba_written(s);
	fba_extent_locate(s, false, blocks);
}

static void fba_8_blocks(struct side *s)
{
	fba_located(s, 8);
}

static void fba_2_blocks(struct side *s)
{
	fba_located(s, 2);
}

static void r_fba_read_by_data_chaining(struct side *s)
{
	fba_2_blocks(s);
	put(s, FBA_READ, CCW_CD, 300, DATA);
	put(s, 0, CCW_CD | CCW_SKIP, 300, DATA + 0x800);
	put(s, 0, 0, 424, DATA + 0xf00);
}

static void r_fba_write_by_data_chaining(struct side *s)
{
	fill(s, EARLIER, 1024, 91);
	fba_extent_locate(s, true, 2);
	put(s, FBA_WRITE, CCW_CD, 300, EARLIER + 724);
	put(s, 0, CCW_CC, 724, EARLIER);
	fba_extent_locate(s, false, 2);
	put(s, FBA_READ, 0, 1024, DATA);
}

static void r_fba_outside_the_extent(struct side *s)
{
	fba_extent_locate(s, false, 8);
	bytes(s, ARG + 64)[7] = 5;
	put(s, FBA_READ, 0, 4096, DATA);
}

/* ---- tapes ---- */

#define REWIND	0x07

/* a record or a file, forward or backward */
#define FSR	"\x37"
#define BSR	"\x27"
#define FSF	"\x3f"
#define BSF	"\x2f"

static void move(struct side *s, const char *commands)
{
	for (; commands && *commands; commands++)
		put(s, *commands, CCW_CC | CCW_SLI, 1, ARG);
}

/* three records of 80, 200 and 5000 bytes, a tape mark, a record of 80, rewound */
static void tape_written(struct side *s)
{
	fill(s, EARLIER, 0x2000, 5);
	put(s, REWIND, CCW_CC | CCW_SLI, 1, ARG);
	put(s, 0x01, CCW_CC, 80, EARLIER);
	put(s, 0x01, CCW_CC, 200, EARLIER + 100);
	put(s, 0x01, CCW_CC, 5000, EARLIER + 300);
	put(s, 0x1f, CCW_CC | CCW_SLI, 1, ARG);
	put(s, 0x01, CCW_CC, 80, EARLIER + 0x1800);
	put(s, 0x1f, CCW_CC | CCW_SLI, 1, ARG);
	put(s, REWIND, CCW_SLI, 1, ARG);
	now(s);
	memset(bytes(s, EARLIER), 0, 0x2000);
}

static void r_tape_read(struct side *s)
{
	tape_written(s);
	put(s, 0x02, CCW_CC, 80, DATA);
	put(s, 0x02, CCW_CC, 200, DATA + 0x100);
	put(s, 0x02, 0, 5000, ACROSS);
}

static void r_tape_read_long_with_sli(struct side *s)
{
	tape_written(s);
	put(s, 0x02, CCW_SLI | CCW_CC, 100, DATA);
	put(s, 0x02, CCW_SLI, 1000, DATA + 0x100);
}

static void r_tape_read_skip(struct side *s)
{
	tape_written(s);
	put(s, 0x02, CCW_SKIP | CCW_CC, 80, DATA);
	put(s, 0x02, 0, 200, DATA);
}

static void r_tape_read_by_data_chaining(struct side *s)
{
	tape_written(s);
	move(s, FSR FSR);
	put(s, 0x02, CCW_CD, 1000, DATA);
	put(s, 0, CCW_CD | CCW_SKIP, 1000, DATA + 0x800);
	put(s, 0, 0, 3000, DATA + 0x1800);
}

static void r_tape_write_ida(struct side *s)
{
	fill(s, EARLIER, 5000, 63);
	put(s, REWIND, CCW_CC | CCW_SLI, 1, ARG);
	put_ida(s, 0x01, CCW_CC, 5000, EARLIER + 9);
	put(s, REWIND, CCW_CC | CCW_SLI, 1, ARG);
	put(s, 0x02, 0, 5000, DATA);
}

static void r_tape_read_backward_twice(struct side *s)
{
	tape_written(s);
	move(s, FSR FSR FSR);
	put(s, 0x0c, CCW_CC, 5000, 0x8fff);
	put(s, 0x0c, 0, 200, 0x5003);
}

/* the first IDAW is any byte, the others are the last ones of their blocks */
static void r_tape_read_backward_ida(struct side *s)
{
	u32 last = 0x8777, left = 5000;
	int n;

	tape_written(s);
	move(s, FSR FSR FSR);
	for (n = 0; left; n++) {
		u32 here = last % block(s) + 1;

		set_idaw(s, n, at(s, last));
		last -= here;
		left -= here < left ? here : left;
	}
	put(s, 0x0c, CCW_IDA, 5000, IDAL);
}

static void r_tape_read_a_tape_mark(struct side *s)
{
	tape_written(s);
	move(s, FSR FSR FSR);
	put(s, 0x02, CCW_SLI | CCW_CC, 80, DATA);
	put(s, 0x02, 0, 80, DATA + 0x100);
}

/* ---- a printer ---- */

static void filled(struct side *s)
{
	fill(s, EARLIER, 0x2000, 0xc1);
}

static void r_print_lines(struct side *s)
{
	filled(s);
	put(s, 0x09, CCW_CC | CCW_SLI, 132, EARLIER);
	put(s, 0x09, CCW_CC | CCW_SLI, 40, EARLIER + 20);
	put(s, 0x8b, CCW_SLI, 1, ARG);
}

static void r_print_by_data_chaining(struct side *s)
{
	filled(s);
	put(s, 0x09, CCW_CD, 32, EARLIER);
	put(s, 0, CCW_SLI, 100, EARLIER + 32);
}

/* ---- cards: all that are read are the same ---- */

static void r_card_read(struct side *s)
{
	put(s, 0x02, CCW_CC, 80, DATA);
	put(s, 0x02, 0, 80, DATA + 0x100);
}

static void r_card_read_short(struct side *s)
{
	put(s, 0x02, CCW_CC, 50, DATA);
	put(s, 0x02, 0, 80, DATA + 0x100);
}

static void r_card_read_skip(struct side *s)
{
	put(s, 0x02, CCW_SKIP | CCW_CC, 80, DATA);
	put(s, 0x02, 0, 80, DATA);
}

static void r_card_read_by_data_chaining(struct side *s)
{
	put(s, 0x02, CCW_CD, 30, DATA);
	put(s, 0, 0, 50, DATA + 0x100);
}

static void r_card_punch(struct side *s)
{
	filled(s);
	put(s, 0x01, CCW_CC, 80, EARLIER);
	put(s, 0x01, 0, 80, EARLIER + 80);
}

static void r_card_punch_by_data_chaining(struct side *s)
{
	filled(s);
	put(s, 0x01, CCW_CD, 30, EARLIER);
	put(s, 0, 0, 50, EARLIER + 30);
}

/* ---- a terminal: without a screen the first CCW ends each of these ---- */

#define LETTERS	(EARLIER + 0xc45)
#define SCREEN	1920
#define WRITTEN	(4 + SCREEN + 3)
#define SHOWN	(3 + SCREEN)	/* with what key was pressed, and where the cursor is */

/* from the upper left corner on, to which it returns: reading begins where writing ended */
static void letters(struct side *s, u8 first)
{
	static const u8 head[] = { 0xc3, 0x11, 0x40, 0x40 };
	u8 *to = bytes(s, LETTERS);
	u32 i;

	memcpy(to, head, sizeof(head));
	to += sizeof(head);
	for (i = 0; i < SCREEN; i++)
		*to++ = 0xc1 + (first + i + i / 80) % 9;
	memcpy(to, head + 1, 3);
}

static void screen_written(struct side *s)
{
	letters(s, 0);
	put(s, 0x05, CCW_CC, WRITTEN, LETTERS);
}

static void r_screen_write_ida(struct side *s)
{
	letters(s, 2);
	put_ida(s, 0x05, CCW_CC, WRITTEN, LETTERS);
	put(s, 0x02, 0, SHOWN, DATA);
}

static void r_screen_write_by_data_chaining(struct side *s)
{
	letters(s, 4);
	put(s, 0x05, CCW_CD, 1000, LETTERS);
	put(s, 0, CCW_CC, WRITTEN - 1000, LETTERS + 1000);
	put(s, 0x02, 0, SHOWN, DATA);
}

static void r_screen_read_by_data_chaining(struct side *s)
{
	screen_written(s);
	put(s, 0x02, CCW_CD, 1000, DATA);
	put(s, 0, CCW_CD | CCW_SKIP, 500, DATA + 0x800);
	put(s, 0, 0, SHOWN - 1500, DATA + 0xf80);
}

/* ---- the table ---- */

/* what vfio_ccw has to answer where the machine may answer otherwise */
struct answer {
	const char *why;
	u8 dstat;
	u8 cstat;
	int cpa;		/* offset; -1: that of NOWHERE */
};

/* a program: what @build makes, the commands of @moves, one more CCW */
struct row {
	const char *name;
	u16 family;
	void (*build)(struct side *s);
	const char *moves;
	struct {
		bool wanted;
		u8 cmd;
		u8 flags;
		u16 count;
		u32 offset;
	} ccw;
	bool ida;		/* for each kind of IDAW; @ccw gets a list of them */
	bool only_fmt1;
	bool midaw;		/* not each machine has them */
	struct answer answer;
};

#define ROW(kind_, name_, ...)	{ .family = kind_, .name = #name_, ##__VA_ARGS__ }
/* made by the function of its name */
#define MADE(kind_, name_, ...)	ROW(kind_, name_, .build = r_ ## name_, ##__VA_ARGS__)
#define AFTER(func)		.build = func
#define MOVED(commands)		.moves = commands
#define CCW(...)		.ccw = { true, __VA_ARGS__ }
#define IDA	.ida = true
#define FMT1	.only_fmt1 = true
#define MIDAW	.midaw = true
#define ANSWER(...) .answer = { __VA_ARGS__ }

static const struct row rows[] = {
	ROW(ANY, nop, CCW(CMD_NOP, CCW_SLI, 1, ARG)),
	ROW(ANY, nop_of_no_bytes, CCW(CMD_NOP, CCW_SLI, 0, ARG), FMT1),
	ROW(ANY, nop_without_sli, CCW(CMD_NOP, 0, 1, ARG)),
	ROW(ANY, nop_with_a_bad_address, CCW(CMD_NOP, CCW_SLI, 1, NOWHERE), FMT1),
	ROW(ANY, exact, CCW(CMD_SENSE_ID, 0, 7, DATA)),
	ROW(ANY, too_long, CCW(CMD_SENSE_ID, 0, 300, DATA)),
	ROW(ANY, too_long_with_sli, CCW(CMD_SENSE_ID, CCW_SLI, 300, DATA)),
	ROW(ANY, too_short, CCW(CMD_SENSE_ID, 0, 3, DATA)),
	ROW(ANY, too_short_with_sli, CCW(CMD_SENSE_ID, CCW_SLI, 3, DATA)),
	ROW(ANY, across_pages, CCW(CMD_SENSE_ID, CCW_SLI, 7, DATA + 0x1000 - 3)),
	ROW(ANY, skip, CCW(CMD_SENSE_ID, CCW_SLI | CCW_SKIP, 7, DATA)),
	ROW(ANY, skip_with_a_bad_address,
	    CCW(CMD_SENSE_ID, CCW_SLI | CCW_SKIP, 7, NOWHERE), FMT1),
	MADE(ANY, chain),
	MADE(ANY, chain_without_prefetch),
	MADE(ANY, incorrect_length_ends_a_chain),
	MADE(ANY, tic),
	MADE(ANY, tic_first,
	     ANSWER("a TIC as the first CCW is executed", 0, CSTAT_PROG, PROG + 8)),
	MADE(ANY, tic_to_tic),
	MADE(ANY, tic_unaligned),
	MADE(ANY, tic_nowhere, FMT1),
	MADE(ANY, tic_with_flags, FMT1),
	MADE(ANY, pci),
	MADE(ANY, initial_status),
	ROW(ANY, suspend_without_leave, AFTER(a_nop), CCW(CMD_NOP, CCW_SLI | CCW_S, 1, ARG)),
	ROW(ANY, midaw_without_leave, AFTER(a_nop),
	    CCW(CMD_SENSE_ID, CCW_SLI | CCW_MIDA, 7, DATA)),
	ROW(ANY, bad_address, CCW(CMD_SENSE_ID, CCW_SLI, 7, NOWHERE), FMT1),
	ROW(ANY, bad_address_later, AFTER(a_read),
	    CCW(CMD_SENSE_ID, CCW_SLI, 7, NOWHERE), FMT1),
	ROW(ANY, address_of_32_bits, AFTER(a_nop),
	    CCW(CMD_SENSE_ID, CCW_SLI, 7, DATA | 0x80000000), FMT1),
	ROW(ANY, no_command, AFTER(a_nop), CCW(0x00, CCW_SLI, 1, ARG)),
	ROW(ANY, count_0, AFTER(a_nop), CCW(CMD_SENSE_ID, CCW_SLI, 0, DATA)),
	ROW(ANY, unit_check, CCW(0xff, CCW_SLI, 1, ARG)),
	MADE(ANY, unit_check_ends_a_chain),
	ROW(ANY, unit_check_before_a_bad_address, AFTER(a_unit_check),
	    CCW(CMD_SENSE_ID, CCW_SLI, 7, NOWHERE), FMT1),
	MADE(ANY, data_chain),
	MADE(ANY, data_chain_with_skip),
	MADE(ANY, data_chain_through_tic),
	MADE(ANY, data_chain_with_count_0),
	ROW(ANY, ida, CCW(CMD_SENSE_ID, CCW_SLI, 7, DATA + 8), IDA),
	ROW(ANY, ida_across_blocks, CCW(CMD_SENSE_ID, CCW_SLI, 7, DATA + 0x1000 - 3), IDA),
	ROW(ANY, ida_skip, CCW(CMD_SENSE_ID, CCW_SLI | CCW_SKIP, 7, DATA + 0x1000 - 3), IDA),
	ROW(ANY, ida_longer_than_the_data,
	    CCW(CMD_SENSE_ID, CCW_SLI, 0x3000, DATA + 0x1000 - 3), IDA),
	MADE(ANY, ida_unaligned_list, IDA),
	ROW(ANY, ida_list_nowhere, AFTER(a_nop),
	    CCW(CMD_SENSE_ID, CCW_SLI | CCW_IDA, 7, NOWHERE), IDA, FMT1),
	MADE(ANY, ida_first_nowhere, IDA),
	MADE(ANY, ida_second_not_at_a_block, IDA),
	MADE(ANY, ida_second_nowhere, IDA),
	MADE(ANY, midaw, MIDAW),
	MADE(ANY, midaw_skip, MIDAW),
	MADE(ANY, midaw_list_ends_early, MIDAW),
	MADE(ANY, midaw_list_has_no_end, MIDAW),
	MADE(ANY, midaw_across_pages, MIDAW),
	MADE(ANY, midaw_count_0, MIDAW),
	MADE(ANY, midaw_nowhere, MIDAW),
	MADE(ANY, midaw_list_unaligned, MIDAW),
	MADE(ANY, midaw_and_ida, MIDAW),
	MADE(ANY, program_unaligned),
	MADE(ANY, program_nowhere),
	MADE(ANY, wrong_key),
	MADE(ANY, path_group),

	ROW(ECKD, eckd_write_and_read, AFTER(eckd_rewritten), CCW(ECKD_READ, 0, 4096, DATA)),
	ROW(ECKD, eckd_read, AFTER(eckd_located), CCW(ECKD_READ, 0, 4096, ACROSS)),
	ROW(ECKD, eckd_read_short, AFTER(eckd_located), CCW(ECKD_READ, 0, 2000, ACROSS)),
	ROW(ECKD, eckd_read_short_with_sli, AFTER(eckd_located),
	    CCW(ECKD_READ, CCW_SLI, 2000, ACROSS)),
	ROW(ECKD, eckd_read_long, AFTER(eckd_located), CCW(ECKD_READ, 0, 5000, ACROSS)),
	ROW(ECKD, eckd_read_long_with_sli, AFTER(eckd_located),
	    CCW(ECKD_READ, CCW_SLI, 5000, ACROSS)),
	ROW(ECKD, eckd_read_skip, AFTER(eckd_located), CCW(ECKD_READ, CCW_SKIP, 4096, DATA)),
	ROW(ECKD, eckd_read_nowhere, AFTER(eckd_located), CCW(ECKD_READ, 0, 4096, NOWHERE), FMT1),
	ROW(ECKD, eckd_read_ida, AFTER(eckd_located), CCW(ECKD_READ, 0, 4096, DATA + 0x123), IDA),
	MADE(ECKD, eckd_read_ida_with_a_bad_block, IDA),
	MADE(ECKD, eckd_write_ida, IDA),
	MADE(ECKD, eckd_read_midaw, MIDAW),
	MADE(ECKD, eckd_write_midaw, MIDAW),
	MADE(ECKD, eckd_three_records),
	MADE(ECKD, eckd_read_by_data_chaining),
	MADE(ECKD, eckd_write_by_data_chaining),
	MADE(ECKD, eckd_search_loop),
	MADE(ECKD, eckd_search_without_a_match),
	MADE(ECKD, eckd_search_skips_a_bad_ccw),
	MADE(ECKD, eckd_read_count),
	ROW(ECKD, eckd_characteristics, CCW(0x64, CCW_SLI, 64, DATA)),
	MADE(ECKD, eckd_write_where_only_read),
	MADE(ECKD, eckd_locate_outside_the_extent),

	ROW(FBA, fba_read, AFTER(fba_8_blocks), CCW(FBA_READ, 0, 4096, ACROSS)),
	ROW(FBA, fba_read_long, AFTER(fba_2_blocks), CCW(FBA_READ, 0, 1500, ACROSS)),
	ROW(FBA, fba_read_short, AFTER(fba_2_blocks), CCW(FBA_READ, 0, 700, ACROSS)),
	ROW(FBA, fba_read_ida, AFTER(fba_8_blocks), CCW(FBA_READ, 0, 4096, DATA + 0x700), IDA),
	MADE(FBA, fba_read_by_data_chaining),
	MADE(FBA, fba_write_by_data_chaining),
	ROW(FBA, fba_characteristics, CCW(0x64, CCW_SLI, 64, DATA)),
	MADE(FBA, fba_outside_the_extent),

	MADE(TAPE, tape_read),
	ROW(TAPE, tape_read_long, AFTER(tape_written), CCW(0x02, 0, 100, DATA)),
	MADE(TAPE, tape_read_long_with_sli),
	ROW(TAPE, tape_read_short, AFTER(tape_written), CCW(0x02, 0, 50, DATA)),
	MADE(TAPE, tape_read_skip),
	ROW(TAPE, tape_read_ida, AFTER(tape_written), MOVED(FSR FSR),
	    CCW(0x02, 0, 5000, DATA + 0x456), IDA),
	MADE(TAPE, tape_read_by_data_chaining),
	MADE(TAPE, tape_write_ida, IDA),
	ROW(TAPE, tape_read_backward, AFTER(tape_written), MOVED(FSR FSR FSR),
	    CCW(0x0c, 0, 5000, 0x8fff)),
	ROW(TAPE, tape_read_backward_long, AFTER(tape_written), MOVED(FSR FSR FSR),
	    CCW(0x0c, 0, 6000, 0x8fff)),
	ROW(TAPE, tape_read_backward_short, AFTER(tape_written), MOVED(FSR FSR FSR),
	    CCW(0x0c, CCW_SLI, 3000, 0x8fff)),
	MADE(TAPE, tape_read_backward_twice),
	ROW(TAPE, tape_read_backward_skip, AFTER(tape_written), MOVED(FSR FSR FSR),
	    CCW(0x0c, CCW_SKIP, 5000, 0x8fff)),
	MADE(TAPE, tape_read_backward_ida, IDA),
	ROW(TAPE, tape_read_backward_nowhere, AFTER(tape_written), MOVED(FSR FSR FSR),
	    CCW(0x0c, 0, 5000, NOWHERE), FMT1),
	ROW(TAPE, tape_read_backward_at_the_load_point, AFTER(tape_written),
	    CCW(0x0c, CCW_SLI, 80, DATA + 0x100)),
	MADE(TAPE, tape_read_a_tape_mark),
	ROW(TAPE, tape_behind_a_tape_mark, AFTER(tape_written), MOVED(FSF),
	    CCW(0x02, 0, 80, DATA)),
	ROW(TAPE, tape_back_to_a_file, AFTER(tape_written), MOVED(FSF FSR BSF FSF),
	    CCW(0x02, 0, 80, DATA)),
	ROW(TAPE, tape_back_a_record, AFTER(tape_written), MOVED(FSR FSR BSR),
	    CCW(0x02, 0, 200, DATA)),
	ROW(TAPE, tape_back_at_the_load_point, AFTER(tape_written), CCW(0x27, CCW_SLI, 1, ARG)),
	ROW(TAPE, tape_beyond_the_end, AFTER(tape_written), MOVED(FSF FSF),
	    CCW(0x02, 0, 80, DATA)),

	MADE(PRINTER, print_lines),
	MADE(PRINTER, print_by_data_chaining),

	MADE(READER, card_read),
	ROW(READER, card_read_long, CCW(0x02, 0, 100, DATA)),
	MADE(READER, card_read_short),
	MADE(READER, card_read_skip),
	ROW(READER, card_read_ida, CCW(0x02, 0, 80, DATA + 0x1000 - 40), IDA),
	MADE(READER, card_read_by_data_chaining),

	MADE(PUNCH, card_punch),
	ROW(PUNCH, card_punch_long, AFTER(filled), CCW(0x01, 0, 100, EARLIER)),
	ROW(PUNCH, card_punch_ida, AFTER(filled), CCW(0x01, 0, 80, EARLIER + 0x1000 - 40), IDA),
	MADE(PUNCH, card_punch_by_data_chaining),

	ROW(TERMINAL, screen_write_and_read, AFTER(screen_written), CCW(0x02, 0, SHOWN, DATA)),
	ROW(TERMINAL, screen_read_short, AFTER(screen_written), CCW(0x02, 0, 1000, DATA)),
	ROW(TERMINAL, screen_read_long_with_sli, AFTER(screen_written),
	    CCW(0x02, CCW_SLI, 3000, DATA)),
	ROW(TERMINAL, screen_read_skip, AFTER(screen_written), CCW(0x02, CCW_SKIP, SHOWN, DATA)),
	ROW(TERMINAL, screen_read_ida, AFTER(screen_written), CCW(0x02, 0, SHOWN, ACROSS), IDA),
	ROW(TERMINAL, screen_read_nowhere, AFTER(screen_written), CCW(0x02, 0, SHOWN, NOWHERE),
	    FMT1),
	MADE(TERMINAL, screen_write_ida, IDA),
	MADE(TERMINAL, screen_write_by_data_chaining),
	MADE(TERMINAL, screen_read_by_data_chaining),
};

static void build(struct side *s, const struct row *row)
{
	u8 cmd = row->ccw.cmd, flags = row->ccw.flags;
	u32 offset = row->ccw.offset;
	u16 count = row->ccw.count;

	if (row->build)
		row->build(s);
	move(s, row->moves);
	if (!row->ccw.wanted)
		return;
	if (row->ida && !(flags & CCW_IDA))
		put_ida(s, cmd, flags, count, offset);
	else
		ccw_put(&s->p, cmd, flags, count, offset == NOWHERE ? NOWHERE : at(s, offset));
}

/* a row in one of its forms */
struct trial {
	const struct row *row;
	int fmt;
	u32 idaw;
	struct result result[2];
};

static const u32 kinds[] = { ORB_H, ORB_H | ORB_T, 0 };

static const char *kind_name(const struct trial *t)
{
	if (!t->row->ida)
		return "";
	return t->idaw == ORB_H ? "_4K" : t->idaw ? "_2K" : "_31bit";
}

static int list_trials(struct trial *trials, u16 kind_of_device)
{
	const struct row *row;
	int n = 0, fmt, kind;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		for (fmt = 1; fmt >= 0; fmt--)
			for (kind = 0; kind < (row->ida ? 3 : 1); kind++) {
				if (row->family && row->family != kind_of_device)
					continue;
				if (row->only_fmt1 && !fmt)
					continue;
				trials[n++] = (struct trial){
					.row = row, .fmt = fmt,
					.idaw = kinds[kind],
				};
			}
	return n;
}

static void run_trial(struct side *s, const struct trial *t, struct result *r)
{
	struct ccw_orb orb;

	memset(s->mem.hva, 0, SIZE);
	memset(bytes(s, DATA), 0xee, SIZE - DATA);
	ccw_prog_init(&s->p, &s->mem, at(s, PROG), t->fmt);
	s->p.idaw = t->idaw;
	s->orb = ccw_orb(&s->p);
	build(s, t->row);
	orb = s->orb;
	r->rc = side_run(s, &orb, &r->irb);
	memcpy(r->data, bytes(s, DATA), sizeof(r->data));
}

/* ---- what is compared ---- */

static u32 offset_of(const struct side *s, u32 addr)
{
	return addr >= s->mem.iova && addr <= s->mem.iova + SIZE ?
	       addr - s->mem.iova : addr;
}

static bool same_sense(const struct ccw_irb *a, const struct ccw_irb *b)
{
	const u32 cons = 0x01000000 | 0x003f0000;	/* ERW: it is there, how much */

	if ((a->esw[1] & cons) != (b->esw[1] & cons))
		return false;
	return !(a->esw[1] & 0x01000000) || !memcmp(a->ecw, b->ecw, 32);
}

/* SA22-7832, Chapter 16, "Count": upon these it is unpredictable */
static bool same_count(const struct ccw_scsw *x, const struct ccw_scsw *y)
{
	return x->count == y->count || x->cstat & (CSTAT_PROG | CSTAT_PROT);
}

static bool same(const struct side *side, const struct trial *t)
{
	const struct result *a = &t->result[0], *b = &t->result[1];
	const struct ccw_scsw *x = &a->irb.scsw, *y = &b->irb.scsw;

	if (a->rc || b->rc)
		return a->rc == b->rc;
	return x->flags == y->flags && x->dstat == y->dstat &&
	       x->cstat == y->cstat && same_count(x, y) &&
	       offset_of(&side[0], x->cpa) == offset_of(&side[1], y->cpa) &&
	       same_sense(&a->irb, &b->irb) &&
	       !memcmp(a->data, b->data, sizeof(a->data));
}

static bool as_it_should(const struct side *side, const struct trial *t)
{
	const struct answer *answer = &t->row->answer;
	const struct ccw_scsw *x = &t->result[0].irb.scsw;
	u32 cpa = answer->cpa < 0 ? NOWHERE + 8 : answer->cpa;

	return !t->result[0].rc && x->dstat == answer->dstat &&
	       x->cstat == answer->cstat && offset_of(side, x->cpa) == cpa;
}

static void print_side(const struct side *s, const struct result *r)
{
	const struct ccw_scsw *x = &r->irb.scsw;
	u32 i, sum = 0;

	for (i = 0; i < sizeof(r->data); i++)
		sum = sum * 31 + r->data[i];
	printf("# %-8s rc %d scsw %08x cpa +%x dstat %02x cstat %02x count %d",
	       s->name, r->rc, x->flags, offset_of(s, x->cpa), x->dstat,
	       x->cstat, x->count);
	printf(" erw %08x sense %02x%02x data %08x\n", r->irb.esw[1],
	       r->irb.ecw[0], r->irb.ecw[1], sum);
}

/* a format-0 CCW has 24 bits of address: elsewhere it would name other memory */
static bool out_of_reach(const struct side *s, const struct trial *t)
{
	return !t->fmt && s->mem.iova + SIZE > 16 << 20;
}

static const char *why_not(const struct side *side, const struct trial *t)
{
	if (out_of_reach(&side[1], t))
		return "no memory below 16 MiB";
	if (t->row->midaw && t->result[1].rc)
		return "the machine has no MIDAWs";
	return NULL;
}

static void report(const struct side *side, const struct trial *t)
{
	bool equal = same(side, t);
	bool good = t->row->answer.why ? as_it_should(side, t) : equal;
	const char *skip = why_not(side, t);
	char name[80];

	snprintf(name, sizeof(name), "compare.fmt%d.%s%s", t->fmt, t->row->name,
		 kind_name(t));
	if (skip) {
		/* the harness' form, which has name and reason */
		ksft_inc_xskip_cnt();
		printf("ok %u %s # SKIP %s\n", ksft_test_num(), name, skip);
		return;
	}
	if (!good || !equal) {
		printf("#  RUN           %s ...\n", name);
		print_side(&side[0], &t->result[0]);
		print_side(&side[1], &t->result[1]);
		if (good)
			printf("# the machine: %s\n", t->row->answer.why);
	}
	ksft_test_result(good, "%s\n", name);
}

/* ---- setting up ---- */

static int open_host(struct side *s, const char *busid)
{
	char path[64];
	u32 address;

	snprintf(path, sizeof(path), "/dev/hoststart-%s", busid);
	s->fd = open(path, O_RDWR | O_CLOEXEC);
	if (s->fd < 0 || ioctl(s->fd, HOSTSTART_ADDRESS, &address))
		return -errno;
	s->mem.iova = address;
	s->mem.size = SIZE;
	s->mem.hva = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
			  s->fd, 0);
	return s->mem.hva == MAP_FAILED ? -errno : 0;
}

/*
 * A device first says what happened to it before, as in _ccw_probe(); and its
 * sense data have where it stands.
 */
static void start_from_the_same(struct side *s, u16 kind)
{
	struct ccw_irb irb;
	int i;

	for (i = 0; i < 3; i++) {
		ccw_prog_init(&s->p, &s->mem, at(s, PROG), 1);
		sense_id(s, CCW_SLI, 7, DATA);
		s->orb = ccw_orb(&s->p);
		side_run(s, &s->orb, &irb);
	}
	ccw_prog_init(&s->p, &s->mem, at(s, PROG), 1);
	if (kind == ECKD)
		eckd_written(s);
	else if (kind == FBA)
		fba_written(s);
	else if (kind == TAPE)
		tape_written(s);
}

static struct trial trials[3 * 2 * ARRAY_SIZE(rows)];

int main(void)
{
	struct side side[2] = { { .name = "vfio_ccw" }, { .name = "host" } };
	char uuid[40], busid[16];
	struct ccw_env e;
	const char *why;
	int rc = 0, n, i;
	u16 kind;

	ksft_print_header();
	if (access("/sys/bus/css/drivers/hoststart", F_OK))
		ksft_exit_skip("no driver hoststart to compare with, see test_modules/\n");
	if (!ccw_may_write())
		ksft_exit_skip("it writes, prints and punches, see run.sh -w\n");
	why = ccw_env_open(&e, IOMMU_TYPE1, &rc);
	if (why)
		ksft_exit_skip("%s\n", why);
	if (rc)
		ksft_exit_fail_msg("open: %s\n", strerror(-rc));
	snprintf(uuid, sizeof(uuid), "%s", e.dev.uuid);
	snprintf(busid, sizeof(busid), "%s", e.dev.busid);
	kind = family(e.dev.dev_type);
	n = list_trials(trials, kind);
	ksft_print_msg("%s: %04x/%04x, %d trials\n", busid, e.dev.cu_type,
		       e.dev.dev_type, n);

	side[0].dev = &e.dev;
	side[0].mem = e.mem;
	start_from_the_same(&side[0], kind);
	for (i = 0; i < n; i++)
		run_trial(&side[0], &trials[i], &trials[i].result[0]);
	ccw_env_close(&e);

	rc = _ccw_mdev_remove(uuid);
	if (!rc)
		rc = _ccw_sch_give(busid, "hoststart");
	if (!rc)
		rc = open_host(&side[1], busid);
	if (!rc) {
		ksft_print_msg("the host's memory is at %08lx\n",
			       (unsigned long)side[1].mem.iova);
		start_from_the_same(&side[1], kind);
		for (i = 0; i < n; i++)
			if (!out_of_reach(&side[1], &trials[i]))
				run_trial(&side[1], &trials[i], &trials[i].result[1]);
		munmap(side[1].mem.hva, SIZE);
	}
	close(side[1].fd);
	_ccw_sch_give(busid, "vfio_ccw");
	_ccw_mdev_create(busid, uuid);
	if (rc)
		ksft_exit_fail_msg("hoststart on %s: %s\n", busid, strerror(-rc));

	ksft_set_plan(n);
	for (i = 0; i < n; i++)
		report(side, &trials[i]);
	ksft_finished();
}
