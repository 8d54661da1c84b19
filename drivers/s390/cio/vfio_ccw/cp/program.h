/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the translator share; see cp.h for the vocabulary.
 */
#ifndef VFIO_CCW_CP_PROGRAM_H
#define VFIO_CCW_CP_PROGRAM_H

#include "cp.h"

/* guard slots behind each segment: the next CCW, and with status modifier the one after */
#define CP_GUARDS	2

#define CP_FRAME	4096u	/* bytes of a page, guest's and host's */

/*
 * Poison IDAWs: beyond any storage, for the first IDAW of a list, and on no
 * block's first or last byte, for the others. The second kind stands for a
 * page that the guest may not write: hardware reports a program check for it,
 * cp_status() makes that a protection check. As the first doubleword of a MIDAW
 * either has bits that must be zero.
 */
#define CP_POISON_IDAW	0xffffffffffffe550ULL
#define CP_POISON_PROT	0xffffffffffffe558ULL

/* most IDAWs that 65535 bytes need: 2K blocks, the first one byte long */
#define CP_LONGEST_IDAL	33

/*
 * The ways in which the channel may come to a CCW. A slot can be reached in
 * several; it is then translated to be right in each of them.
 */
#define CP_CMD		0x01	/* as a command */
#define CP_IN		0x02	/* by data chaining from a read or sense */
#define CP_BACK		0x04	/* ... from a read backward */
#define CP_OUT		0x08	/* ... from a write or control */
#define CP_DATA		(CP_IN | CP_BACK | CP_OUT)
#define CP_SPEC		0x10	/* not a way: all of them are speculative */
#define CP_TIC		0x20	/* not a way: the CCW is a TIC */
#define CP_PAUSE	0x40	/* not a way: the program pauses here */

/**
 * struct cp_seg - guest CCWs at consecutive addresses and their slots
 * @gpa: of the first CCW
 * @first: slot of the first CCW
 * @nr: CCWs, guards not counted
 * @chain: the next segment in its hash bucket
 */
struct cp_seg {
	u32 gpa;
	u32 first;
	u32 nr;
	u32 chain;
};

#define CP_HASH_BITS	12

/**
 * struct cp_tic - a TIC of the host program
 * @slot: of the TIC
 * @gpa: of the target
 * @target: slot of the target, %CP_NO_SLOT if it has still to be found, or translated
 * @how: ways in which the target is reached
 * @spec: the TIC is speculative
 */
struct cp_tic {
	u32 slot;
	u32 gpa;
	u32 target;
	u8 how;
	bool spec;
};

#define CP_NO_SLOT	(~0u)

static inline bool cp_ccw_is_tic(bool fmt1, u8 cmd)
{
	return fmt1 ? cmd == CCW_CMD_TIC : (cmd & 0xf) == CCW_CMD_TIC;
}

/**
 * struct cp_miss - IDAWs that wait for their pages
 * @gfn: the first page; those that follow it belong to the IDAWs that follow
 * @idaw: the first; poison until the page is there
 * @nr: pages and IDAWs, at most %CP_RUN
 * @offset: of the first IDAW's address in its page; the others have none
 * @write: the device stores there
 * @spec: only speculative CCWs need it
 */
struct cp_miss {
	u64 gfn;
	__be64 *idaw;
	u32 nr;
	u16 offset;
	bool write;
	bool spec;
};

/**
 * struct cp_chunk - memory for IDALs; a list never crosses a chunk
 * @next: the next chunk, at least as large
 * @idaw: the words
 * @hpa: of the words
 * @nr: how many there are
 * @used: how many the current program has taken
 */
struct cp_chunk {
	struct cp_chunk *next;
	__be64 *idaw;
	u32 hpa;
	u32 nr;
	u32 used;
};

/**
 * struct cp_window - a piece of guest memory being read
 * @start: gpa of its first byte
 * @len: its bytes, 0 if there are none; ends with a frame at the latest
 * @p: where they are: the guest's own page, or @buf
 * @buf: a copy, if the page cannot be read in place
 */
struct cp_window {
	u64 start;
	u32 len;
	const u8 *p;
	u8 buf[128] __aligned(8);
};

bool cp_read(struct cp *cp, u64 gpa, void *to, u32 len);
const void *cp_window_refill(struct cp *cp, struct cp_window *win, u64 gpa);

/**
 * cp_window_at() - guest memory at an address
 * @cp: the translator
 * @win: where to keep what was fetched
 * @gpa: of the word, aligned to its size; a window serves words of one size
 *
 * The guest may change the word at any time: read it once.
 *
 * Return: the word's place, or %NULL if nothing can be read there.
 */
static inline const void *cp_window_at(struct cp *cp, struct cp_window *win, u64 gpa)
{
	u64 off = gpa - win->start;

	/* both ends of a window are as aligned as the words in it */
	if (likely(off < win->len))
		return win->p + off;
	return cp_window_refill(cp, win, gpa);
}

/**
 * struct cp_quad - a MIDAW or TIDAW of the guest
 * @head: flags and count, %CP_POISON_IDAW if the channel stops here
 * @addr: the address
 */
struct cp_quad {
	u64 head;
	u64 addr;
};

#define CP_QUADS	(CP_FRAME / (u32)sizeof(struct cp_quad))	/* on a page */

/* end a host list with poison, which also stands for @nr bad ones of the guest */
static inline void cp_quads_close(struct cp *cp, __be64 *host, u32 nr)
{
	cp->counts.poisoned += nr;
	host[0] = cpu_to_be64(CP_POISON_IDAW);
	host[1] = cpu_to_be64(CP_POISON_IDAW);
}

int cp_quads(struct cp *cp);
bool cp_quad_read(struct cp *cp, struct cp_window *win, u64 gpa, struct cp_quad *quad);

/* frames that a program is read from, at most, if it is to be apart from what it stores to */
#define CP_APART_FRAMES	8

/**
 * struct cp_apart - does a program keep apart what it is read from and what it stores to?
 * @ready: pages that are there
 * @gfn: frames that it is read from
 * @nr: how many
 * @late: the first of the frames that were pinned ahead, to be stored to
 * @nr_late: how many frames there are up to the last one of these
 * @failed: it does not, or nobody knows
 */
struct cp_apart {
	struct cp_ready *ready;
	u64 gfn[CP_APART_FRAMES];
	u32 nr;
	u64 late;
	u64 nr_late;
	bool failed;
};

void cp_apart_pins(struct cp_apart *apart, u64 gfn, u32 nr);
void cp_apart_fetches(struct cp_apart *apart, u64 gfn);
void cp_apart_asks(struct cp_apart *apart, u64 gfn, u32 nr);

static inline struct cp_page *cp_apart_page(const struct cp_apart *apart, u64 gfn)
{
	return &apart->ready->page[gfn & apart->ready->mask];
}

/**
 * cp_apart_begin() - look whether a program is apart from what it stores to
 * @cp: the translator
 * @apart: has to stay until cp_apart_end()
 * @ready: pages that are there
 */
static inline void cp_apart_begin(struct cp *cp, struct cp_apart *apart, struct cp_ready *ready)
{
	apart->ready = ready;
	apart->nr = 0;
	apart->nr_late = 0;
	apart->failed = false;
	cp->apart = apart;
}

/**
 * cp_apart_fetched() - the program is read from a frame, which has been asked for
 * @apart: what is known
 * @gfn: the frame
 *
 * It may have come to its place in the table only now. Before its first CCW the
 * program has stored nowhere.
 */
static inline void cp_apart_fetched(struct cp_apart *apart, u64 gfn)
{
	struct cp_page *page = cp_apart_page(apart, gfn);

	if (!apart->nr) {
		apart->gfn[0] = gfn;
		apart->nr = 1;
	}
	if (page->gfn[1] == gfn)
		page->gfn[1] |= CP_FETCHED;
}

/**
 * cp_apart_end() - the program is translated
 * @cp: the translator, for which cp_apart_begin() was called
 *
 * A frame that has lost its place keeps its mark, and lookup() takes it away.
 *
 * Return: whether it is apart from what it stores to.
 */
static inline bool cp_apart_end(struct cp *cp)
{
	const struct cp_apart *apart = cp->apart;
	struct cp_page *page;
	u32 i;

	for (i = 0; i < apart->nr; i++) {
		page = cp_apart_page(apart, apart->gfn[i]);
		if (page->gfn[1] == (apart->gfn[i] | CP_FETCHED))
			page->gfn[1] = apart->gfn[i];
	}
	cp->apart = NULL;
	return !apart->failed;
}

/**
 * cp_gave_up() - is a program to be translated in another way?
 * @cp: the translator
 *
 * Return: whether what is done now is of no use.
 */
static inline bool cp_gave_up(const struct cp *cp)
{
	return unlikely(cp->apart) && cp->apart->failed;
}

/**
 * struct cp_walk - one translation on its way
 * @cp: the translator
 * @fmt1: the guest's CCWs are of format 1
 * @ida64: the guest's IDAWs are of format 2
 * @block: bytes that an IDAW names at the most, 2048 or 4096
 * @limit: first address that a CCW cannot name
 * @bad_flags: CCW flags that are a program check
 * @rest: it is of the rest of a program; what is bad about that hardware finds
 * @spec: the CCW at hand is speculative
 * @certain: a CCW translated as speculative turned out not to be
 * @ready: pages that are there
 * @changes: what the program does to itself, %NULL if it is prefetched or does nothing
 * @ccws: window on the CCWs
 * @idal: window on the IDALs
 */
struct cp_walk {
	struct cp *cp;
	struct cp_ready *ready;
	struct cp_changes *changes;
	bool fmt1;
	bool ida64;
	bool rest;
	bool spec;
	bool certain;
	u8 bad_flags;
	u32 block;
	u32 limit;
	struct cp_window ccws;
	struct cp_window idal;
};

/**
 * cp_ready_hpa() - a page that can be had without asking for it
 * @ready: the table
 * @gfn: the guest frame
 * @write: the device stores there
 *
 * Return: its hpa, or %CP_NO_HPA.
 */
static inline u64 cp_ready_hpa(struct cp_ready *ready, u64 gfn, bool write)
{
	struct cp_page *page = &ready->page[gfn & ready->mask];

	if (unlikely(page->gfn[write] != gfn))
		return CP_NO_HPA;
	page->seq = ready->seq;
	ready->hits++;
	return page->hpa;
}

/**
 * cp_hpa() - a page, if it is ready
 * @walk: the translation
 * @gfn: the guest frame
 * @write: the device stores there
 *
 * Return: its hpa, or %CP_NO_HPA.
 */
static inline u64 cp_hpa(struct cp_walk *walk, u64 gfn, bool write)
{
	u64 hpa = cp_ready_hpa(walk->ready, gfn, write);

	if (likely(hpa != CP_NO_HPA))
		return hpa;
	if (unlikely(walk->cp->apart))
		cp_apart_asks(walk->cp->apart, gfn, 1);
	return walk->cp->ops->lookup(walk->cp->mem, gfn, write);
}

/* an answer of pin() that speaks of the address, not of resources */
static inline bool cp_is_address_error(int err)
{
	return err == -EPERM || err == -EINVAL || err == -EFAULT;
}

int cp_arena_begin(struct cp *cp);
const __be64 *cp_arena_at(const struct cp *cp, u32 hpa);
int cp_arena_grow_slots(struct cp *cp, u32 used);
__be64 *cp_arena_idal(struct cp *cp, u32 nr, u32 *hpa);
__be64 *cp_arena_idal_room(const struct cp *cp, u32 nr, u32 *hpa);
__be64 *cp_arena_midal(struct cp *cp, u32 nr, u32 *hpa);

/**
 * cp_arena_idal_take() - take what cp_arena_idal_room() has shown
 * @cp: the translator
 * @nr: the same
 */
static inline void cp_arena_idal_take(struct cp *cp, u32 nr)
{
	cp->cur->used += nr;
	cp->nr_idaws += nr;
}

/* places of the fixed IDALs in the first chunk, in IDAWs */
#define CP_FIXED_FORWARD	0
#define CP_FIXED_BACKWARD	(CP_LONGEST_IDAL + 1)
#define CP_FIXED_POISON		(2 * (CP_LONGEST_IDAL + 1))
#define CP_FIXED_IDAWS		(CP_FIXED_POISON + 2)	/* it is a MIDAL, too */

static inline u32 cp_fixed_idal(const struct cp *cp, u32 place)
{
	return cp->chunk->hpa + place * (u32)sizeof(__be64);
}

bool cp_idal_ready(struct cp_walk *walk, u32 addr, u32 count, bool write, bool late, u32 *hpa);
int cp_idal_build(struct cp_walk *walk, u32 addr, u32 count, bool ida, bool back,
		  bool write, u32 *hpa);
int cp_idal_resolve(struct cp_walk *walk);
int cp_name(struct cp_walk *walk, u64 addr, __be64 *idaw, bool write);

int cp_midal_build(struct cp_walk *walk, u32 list, u32 count, u8 dir, u32 *hpa);

u32 cp_tidal_read(struct cp *cp, u64 list, u64 *left, u8 dir, bool after_ttic);
int cp_tidal_build(struct cp_walk *walk, u64 addr, u32 count, bool tida, u8 dir, u32 *hpa);
bool cp_tidal_is_protected(const struct cp *cp, u32 hpa);
bool cp_tccb_read(struct cp *cp, u64 gpa, bool tida, u8 *to, u32 len);
int cp_tcw_translate(struct cp_walk *walk, const struct cp_orb *orb, struct cp_result *res);
void cp_tcw_status(const struct cp *cp, u32 *irb);

const struct cp_seg *cp_seg_of(const struct cp *cp, u32 slot);
u32 cp_guest_ccw(const struct cp *cp, u32 slot);
bool cp_pauses_behind_tic(const struct cp *cp, u32 cpa);
int cp_change_begin(struct cp_walk *walk);
bool cp_change_pauses(struct cp_walk *walk, u32 slot, u32 gpa, u32 list, u32 len, bool can);
void cp_change_stores(struct cp_walk *walk, u64 first, u32 len);
bool cp_change_loops(const struct cp_walk *walk, u32 slot, u32 target);
bool cp_change_ends(const struct cp_walk *walk, u32 gpa);
size_t cp_change_footprint(const struct cp *cp);

#endif
