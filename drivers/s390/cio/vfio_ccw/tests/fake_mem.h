/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's memory that does not exist: sparse, with holes, read-only frames
 * and frames that are not ready at first sight; it hands out host frames that
 * lie scattered, and remembers which. Plain C; used by KUnit and by the
 * user-space tests.
 *
 * Each frame has three copies of its bytes: what the translator and the channel
 * read as CCWs and IDAWs (orig), what the reference run of the guest program
 * did to it (guest) and what the run of the host program did (host).
 */
#ifndef VFIO_CCW_TESTS_FAKE_MEM_H
#define VFIO_CCW_TESTS_FAKE_MEM_H

#include "../cp/cp.h"

#define FM_FRAME	4096u
#define FM_SHIFT	12

/* what a frame is; the default is writable, ready and readable in place */
#define FM_HOLE		0x01	/* nothing is mapped here */
#define FM_RO		0x02	/* mapped read-only */
#define FM_LOW		0x04	/* its host frame is below 2 GiB */
#define FM_MISS		0x08	/* lookup() does not have it */
#define FM_NOPEEK	0x10	/* cannot be read in place */
#define FM_ONCE		0x20	/* not in place, and other bytes the second time */
#define FM_UNSTORED	0x40	/* lookup() has it for devices that read it only */

/* what a program may do with a frame (by analysis), or was allowed to */
#define FM_READ		0x01
#define FM_WRITE	0x02
#define FM_FETCH	0x04	/* CCWs or IDAWs are there */

struct fm_area {
	u64 gfn;
	u64 nr;
	u32 props;
};

struct fm_page {
	u64 gfn;
	u8 props;
	u8 given;	/* FM_READ, FM_WRITE: handed out for this program */
	u8 fetched;	/* peeked at or read */
	u8 may;		/* what the program's analysis permits */
	bool guest_used;
	bool host_used;
	u16 once_from;	/* FM_ONCE: what has been read already */
	u16 once_to;
	s32 next;	/* in its hash bucket */
	u8 *orig;
	u8 *guest;
	u8 *host;
};

#define FM_BUCKETS	1024
#define FM_READY	256	/* entries of the table of pages that are ready */
#define FM_CHUNK	64	/* pages allocated at once */
#define FM_CHUNKS	2048
#define FM_AREAS	32
#define FM_BLOCKS	64	/* allocations of one translator at a time */

struct fm_block {
	u8 *p;
	size_t size;
	u32 hpa;
};

struct fake_mem {
	struct fm_area area[FM_AREAS];
	u32 nr_areas;
	u64 end_gfn;		/* first frame beyond storage */
	bool no_peek;		/* no frame can be read in place */
	bool no_lookup;		/* no frame is ready at first sight */
	bool use_ready;		/* there is a table of pages that are */
	bool live;		/* CCWs and IDAWs are as the runs leave them */
	bool all_low;		/* all host frames are below 2 GiB, if there is room */
	u32 fail_in;		/* the n-th pin() or alloc() from now fails, 0: none */
	bool fail_on;		/* ... and all after it */
	bool fail_busy;		/* it is no alloc(), and it says -EBUSY */
	bool failed;		/* it has failed */

	u32 pins, lookups, peeks, reads;

	struct fm_page *chunk[FM_CHUNKS];
	u8 *bytes[FM_CHUNKS];
	u32 nr_pages;
	s32 bucket[FM_BUCKETS];

	struct cp_ready ready;
	struct cp_page entry[FM_READY];

	struct fm_block block[FM_BLOCKS];
	u32 nr_blocks;
	u32 next_hpa;

	u8 noise[2 * FM_FRAME];

	u32 nr_errors;
	char error[200];	/* the first one */
};

extern const struct ccw_mem_ops fake_mem_ops;
extern const struct ccw_mem_ops fake_mem_ops_no_table;	/* without ready() */

struct fake_mem *fm_create(void);
void fm_destroy(struct fake_mem *fm);
/* empty memory with the default properties; the translator's allocations stay */
void fm_reset(struct fake_mem *fm);
/* forget which frames were handed out and what was done to them */
void fm_begin(struct fake_mem *fm);
/* forget only which frames were handed out: a program is translated anew half-way */
void fm_again(struct fake_mem *fm);
/* after a translation: which entries of the table were used */
void fm_end(struct fake_mem *fm);
void fm_area(struct fake_mem *fm, u64 gfn, u64 nr, u32 props);

struct fm_page *fm_page(struct fake_mem *fm, u64 gfn);
struct fm_page *fm_nth_page(struct fake_mem *fm, u32 i);
u64 fm_hpa(const struct fm_page *page);
/* the frame that a host address lies in, or NULL */
struct fm_page *fm_page_of_hpa(struct fake_mem *fm, u64 hpa);
/* arena memory at a host address: at least @len bytes, or NULL */
u8 *fm_arena(struct fake_mem *fm, u64 hpa, size_t len);
/* a run's bytes of a frame, for loading; and for storing */
u8 *fm_guest_view(struct fm_page *page);
u8 *fm_host_view(struct fm_page *page);
u8 *fm_guest_bytes(struct fm_page *page);
u8 *fm_host_bytes(struct fm_page *page);
/* undo what both runs stored; compare it */
void fm_rewind(struct fake_mem *fm);
bool fm_same(struct fake_mem *fm);

void fm_put(struct fake_mem *fm, u64 gpa, u64 value, unsigned int size);
/* as fm_put(), while runs are half-way */
void fm_change(struct fake_mem *fm, u64 gpa, u64 value, unsigned int size);
u64 fm_get(struct fake_mem *fm, u64 gpa, unsigned int size);

void __printf(2, 3) fm_error(struct fake_mem *fm, const char *fmt, ...);

u64 fm_load(const u8 *p, unsigned int size);
void fm_store(u8 *p, u64 value, unsigned int size);

#endif
