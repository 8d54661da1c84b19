/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_CP_H
#define VFIO_CCW_CP_H

#include "cp_internal.h"
#include "ccw.h"

/**
 * DOC: the translator of channel programs
 *
 * A guest's channel program names guest addresses. cp_translate() makes a
 * host program of it that does the same to the device and names host
 * addresses only; cp_status() makes the guest's view of the status that the
 * host program ended with.
 *
 * Words used here:
 *
 * gpa, gfn
 *	guest physical address (the iova of vfio) and its 4 KiB frame number
 * hpa
 *	host absolute address
 * slot
 *	one host CCW, by its index; there is one slot for each guest CCW that
 *	can be fetched, in the same order, so that CPA, residual counts and
 *	the status modifier need no arithmetic but an index
 * segment
 *	a run of guest CCWs at consecutive addresses and its run of slots,
 *	closed by two guard slots
 * poison
 *	a word that no hardware accepts: an IDAW beyond any storage and of no
 *	permitted alignment, a MIDAW with such an address or with bits that must be
 *	zero, or a CCW of zeros (an invalid command, and in a
 *	data chain an invalid count)
 * pause
 *	a CCW of ours with the suspend flag, in the place of one that the program
 *	itself may have changed by the time the channel gets there
 * speculative
 *	reachable only if a device presents status modifier with device end
 *
 * Invariants: each word of a host CCW or IDAW that is an address is an
 * address in a page obtained from &struct ccw_mem_ops for this program, an
 * address in the arena, poison, or zero. No guest word is copied there.
 * Guest words are read once. The depth of the stack does not depend on the
 * program.
 *
 * The translator knows no locks, no css and no vfio. Its caller serialises
 * the calls for one &struct cp.
 */

/* Bounds on one program; a guest that exceeds them gets a program check. */
#define CP_MAX_SLOTS	65536u	/* CCWs and guards: 512 KiB */
#define CP_MAX_IDAWS	131072u	/* 1 MiB; 512 MiB of data in 4K blocks; a MIDAW is two */

/* an hpa that is none: lookup() has no such page */
#define CP_NO_HPA	(~0ULL)

/**
 * struct cp_page - a guest frame that is ready for use by a device
 * @gfn: which, for a device that reads it and for one that stores there; all
 *	ones if it may not, or if there is none. The latter with %CP_FETCHED if it may,
 *	and a program is read from there: then lookup() is to be asked
 * @hpa: where
 * @seq: number of the last program that used it
 * @gen: for the owner of the table
 */
struct cp_page {
	u64 gfn[2];
	u64 hpa;
	u32 seq;
	u32 gen;
};

#define CP_FETCHED	0x8000000000000000ULL

/**
 * struct cp_ready - pages that can be had without asking for them
 * @page: a frame is at index gfn & @mask, or nowhere
 * @mask: entries of the table, a power of two, minus one
 * @seq: number of this program, stored to each page used, also by the other ops
 * @hits: pages used, counted up
 */
struct cp_ready {
	struct cp_page *page;
	u64 mask;
	u32 seq;
	u64 hits;
};

/**
 * struct ccw_mem_ops - the memory a translator works on
 * @ready: called whenever a program is translated: a table of pages to look at before
 *	@lookup is called, or %NULL; it stays in place while the program is
 *	translated. The op itself may be %NULL
 * @lookup: hpa of a frame that is ready for this program (readable and, with
 *	@write, writable by the device), or %CP_NO_HPA; must not sleep
 * @missing: how many of @n consecutive frames, from @gfn on, lookup() does not have;
 *	with 0 the first one is where @ready has it. May be %NULL; must not sleep
 * @peek: the frame's bytes for reading in place, or %NULL if the frame has to
 *	be read by @read; may sleep. Valid until the program ends
 * @read: copy @len bytes of guest memory that do not cross a frame; 0,
 *	or a negative errno; may sleep
 * @pin: make @n consecutive frames ready for this program and store their
 *	hpas; all or nothing: 0, -EPERM (a frame is read-only and @write
 *	asked), -EINVAL or -EFAULT (nothing is mapped there), -EBUSY (not now: the
 *	translation fails whatever the frames are for), anything else negative: out of
 *	resources. May sleep
 * @alloc: @size bytes (a power of two, at least 4096) of zeroed memory below
 *	2 GiB, aligned to 4096, and their hpa in *@hpa; %NULL if there are none;
 *	may sleep
 * @free: give memory of @alloc back
 */
struct ccw_mem_ops {
	struct cp_ready *(*ready)(void *mem);
	u64 (*lookup)(void *mem, u64 gfn, bool write);
	unsigned int (*missing)(void *mem, u64 gfn, unsigned int n, bool write);
	const void *(*peek)(void *mem, u64 gfn);
	int (*read)(void *mem, u64 gpa, void *to, size_t len);
	int (*pin)(void *mem, u64 gfn, unsigned int n, bool write, u64 *hpa);
	void *(*alloc)(void *mem, size_t size, u32 *hpa);
	void (*free)(void *mem, void *p, size_t size);
};

/**
 * struct cp_orb - a guest's ORB, as words in CPU byte order
 * @intparm: word 0; of no meaning to the channel
 * @flags: word 1
 * @cpa: word 2, the guest address of the first CCW, in transport mode of the TCW
 */
struct cp_orb {
	u32 intparm;
	u32 flags;
	u32 cpa;
};

/**
 * struct cp_counts - what one translation did, for statistics and tests
 * @ccws: guest CCWs decoded
 * @idaws: host IDAWs and MIDAWs written
 * @bytes: sum of the counts of the CCWs that transfer
 * @misses: pages that lookup() did not have
 * @poisoned: CCWs, IDAWs and MIDAWs that became poison
 * @pauses: CCWs at which the program stops to be translated anew
 * @lack: an errno: some of the program could not be read for want of resources
 * @limited: a bound was exceeded
 * @unfollowed: it may change itself in a way that is not seen
 */
struct cp_counts {
	u32 ccws;
	u32 idaws;
	u64 bytes;
	u32 misses;
	u32 poisoned;
	u32 pauses;
	int lack;
	bool limited;
	bool unfollowed;
};

/**
 * struct cp_result - what to do with a translated program
 * @orb: host ORB words 0 to 2 for START SUBCHANNEL, path mask not yet applied:
 *	F and H set, key, S, I, P, U, L and LPM from the guest; S, too, if the
 *	program pauses, and U never with S. The guest's
 *	streaming, modification and synchronization control are hints that not
 *	all hardware takes, and nothing to a program that is translated before.
 *	With @cstat all but the CPA
 * @cstat: 0, or SCSW2_SCH_PROG or SCSW2_SCH_PROT: the first CCW is bad, do
 *	not start but present this subchannel status with @cpa
 * @cpa: the guest's CPA for @cstat
 */
struct cp_result {
	struct cp_orb orb;
	u32 cstat;
	u32 cpa;
};

/* commands that are repeated before a paused program goes on, at most */
#define CP_LEAD	8

/* pages pinned with one call, at most */
#define CP_RUN	64

/**
 * struct cp_ahead - consecutive frames that were not ready, and were pinned together
 * @gfn: the first
 * @nr: how many, 0 if there are none
 * @write: the device may store there
 * @hpa: where they are
 *
 * Whether they are among the ready ones now is up to the owner of these.
 */
struct cp_ahead {
	u64 gfn;
	u32 nr;
	bool write;
	u64 hpa[CP_RUN];
};

struct cp_apart;
struct cp_changes;
struct cp_chunk;
struct cp_miss;
struct cp_quad;
struct cp_seg;
struct cp_tic;

/**
 * struct cp - one device's translator and its arena
 * @ops: the memory
 * @mem: first argument of @ops
 * @orb: the guest's ORB of the current program
 * @valid: a program is translated and cp_status() may be called
 * @counts: of the last translation
 *
 * The rest belongs to cp/ alone. The memory is kept from program to program;
 * it grows with the largest program up to the bounds above.
 */
struct cp {
	const struct ccw_mem_ops *ops;
	void *mem;
	struct cp_orb orb;
	bool valid;
	struct cp_counts counts;
	/* private: commands that led to where it paused, to be repeated if need be */
	__be64 lead[CP_LEAD];
	u32 nr_lead;
	/* private: where a program that is not prefetched ends, in guest memory; what was there */
	const __be64 *end;
	u64 end_ccw;
	u32 end_slot;
	/* private: hpa of the CCW of another translator that leads here, 0 if none does */
	u32 entry_hpa;
	/* private: host CCWs in one contiguous buffer, and how each is reached */
	__be64 *slot;
	u8 *how;
	u32 slot_hpa;
	u32 nr_slots;
	u32 max_slots;
	/* private: host IDALs in a list of chunks, and a page that no one reads */
	struct cp_chunk *chunk;
	struct cp_chunk *cur;
	u32 nr_idaws;
	void *scratch;
	u32 scratch_hpa;
	/* private: segments in slot order; hashed by gpa if there are many */
	struct cp_seg *seg;
	u32 *hash;
	u32 nr_segs;
	u32 max_segs;
	/* private: TICs, also the list of targets still to be translated */
	struct cp_tic *tic;
	u32 nr_tics;
	u32 max_tics;
	/* private: what a program does to itself, if it is not prefetched and may do so */
	struct cp_changes *changes;
	/* private: finds out whether it may, while it is translated */
	struct cp_apart *apart;
	/* private: pages pinned for the CCW at hand and those behind it; not on the stack, as
	 * that is cleared each time
	 */
	struct cp_ahead ahead;
	/* private: IDAWs whose page was not ready at first sight */
	struct cp_miss *miss;
	u32 nr_misses;
	u32 max_misses;
	/* private: a guest's MIDAL or TIDAL being read, if it ever had one */
	struct cp_quad *quad;
	/* private: the host's TCW in transport mode */
	__be64 *tcw;
	/* private: of all chunks */
	size_t list_bytes;
};

/**
 * cp_init() - make a translator
 * @cp: to be initialised
 * @ops: the memory, for as long as @cp lives
 * @mem: argument for @ops
 *
 * Allocates nothing. Context: any.
 */
void cp_init(struct cp *cp, const struct ccw_mem_ops *ops, void *mem);

/**
 * cp_destroy() - give all memory of a translator back
 * @cp: the translator; may be initialised again
 *
 * Context: may sleep.
 */
void cp_destroy(struct cp *cp);

/* what the machine has that not all have */
#define CP_HAVE_MIDAW	1u	/* the MIDAW facility */
#define CP_HAVE_TRANSPORT 2u	/* transport mode, and it is wanted */

/**
 * cp_orb_check() - is this an ORB that a START may use?
 * @orb: the guest's ORB
 * @have: CP_HAVE_* of the machine
 *
 * Context: any.
 * Return: 0, -EOPNOTSUPP for the ORB extension and, without %CP_HAVE_TRANSPORT,
 * for transport mode, -EINVAL for an ORB that START SUBCHANNEL refuses with an
 * operand exception (reserved bits, among them that of a facility that is not
 * there; CPA beyond 2 GiB). A CPA that is on no doubleword is a program check.
 */
int cp_orb_check(const struct cp_orb *orb, u32 have);

/**
 * cp_translate() - make a host program of a guest program
 * @cp: the translator; what it held before is forgotten
 * @orb: the guest's ORB, checked by cp_orb_check()
 * @res: filled in on success
 *
 * Errors of the program are lazy: what cannot be translated becomes poison in
 * its place and hardware reports it if it gets there. Only a bad first CCW is
 * reported at once, in @res.
 *
 * Context: may sleep (peek, read, pin, alloc).
 * Return: 0, or -ENOMEM or what pin() said for lack of resources.
 */
int cp_translate(struct cp *cp, const struct cp_orb *orb, struct cp_result *res);

/**
 * cp_status() - turn a host IRB of the current program into the guest's
 * @cp: the translator
 * @irb: %IRB_WORDS words in CPU byte order, changed in place
 *
 * Maps the CPA, restores the ORB's bits in the SCSW, turns a check of a
 * poisoned word into the architected one, and removes host addresses from the
 * ESW. Without a current program the addresses are removed and the rest stays.
 *
 * Context: any, also interrupts; does not sleep, allocates nothing.
 */
void cp_status(const struct cp *cp, u32 *irb);

/**
 * cp_suspended() - where is a program suspended?
 * @cp: the translator
 * @cpa: host CPA of the status that says so
 * @gpa: guest address of the CCW with the suspend flag
 *
 * Context: any, also interrupts.
 * Return: whether there is such a CCW.
 */
bool cp_suspended(const struct cp *cp, u32 cpa, u32 *gpa);

/**
 * cp_pauses() - is a program suspended since it may have changed itself?
 * @cp: the translator
 * @cpa: as for cp_suspended(), which said that there is such a CCW
 *
 * Nobody has to know of that. The program is to be translated anew and to go on.
 *
 * Context: any, also interrupts.
 * Return: whether it is.
 */
bool cp_pauses(const struct cp *cp, u32 cpa);

/**
 * cp_retranslate() - make a host program of the rest of a suspended one
 * @cp: a translator that hardware does not use; what it held before is forgotten
 * @from: the translator of the suspended program; it stays as it is
 * @cpa: as for cp_suspended(), which said that there is such a CCW
 * @res: filled in on success; its CPA is where @from has to lead
 *
 * Reads the guest's CCWs anew from the suspended one on, as RESUME SUBCHANNEL
 * does. The first may be a TIC now. A bad CCW is never reported at once, but
 * by hardware.
 *
 * Context: as cp_translate(). Meanwhile the program of @from may end.
 * Return: as cp_translate().
 */
int cp_retranslate(struct cp *cp, const struct cp *from, u32 cpa, struct cp_result *res);

/**
 * cp_end_changed() - is the last CCW of a program not what it was?
 * @cp: the translator, whose program has not been given back
 *
 * Quick, and never true for a program that is prefetched.
 *
 * Context: any, also interrupts.
 * Return: whether it is worth to ask cp_goes_on().
 */
static inline bool cp_end_changed(const struct cp *cp)
{
	return unlikely(cp->end) && READ_ONCE(*cp->end) != cpu_to_be64(cp->end_ccw);
}

/**
 * cp_forget_end() - the program does not get to its last CCW as it is
 * @cp: the translator, whose program is suspended
 *
 * It goes on as what is read then, and the pages in which it was read before may be
 * given back as soon as that begins.
 *
 * Context: any, also interrupts.
 */
static inline void cp_forget_end(struct cp *cp)
{
	cp->end = NULL;
}

/**
 * cp_goes_on() - has a program that has ended on the hardware to go on?
 * @cp: the translator, with that program
 * @irb: the final status, as hardware stored it
 *
 * There are two that have to. To a device the rest of a program that paused is a new
 * chain of commands. If it rejects the very first one, and if all there was before
 * were reads, they can be repeated, their data being skipped. And a guest may append
 * to a program that is not prefetched while it runs: it chains from the last CCW, or
 * puts a TIC in the place of a no-operation. A channel that comes there later than
 * the guest goes on ("Chapter 15, Prefetch Control").
 *
 * Context: any, also interrupts.
 * Return: whether cp_go_on() is to be called.
 */
bool cp_goes_on(struct cp *cp, const u32 *irb);

/**
 * cp_go_on() - as cp_retranslate(), for a program that has ended on the hardware
 * @cp: a translator that hardware does not use; what it held before is forgotten
 * @from: that of the program that ended, as cp_goes_on() said
 * @res: filled in on success: what to start
 *
 * Context: as cp_translate().
 * Return: as cp_translate().
 */
int cp_go_on(struct cp *cp, const struct cp *from, struct cp_result *res);

/**
 * cp_lead_on() - let a suspended program go on in its new translation
 * @from: the translator of the suspended program
 * @cpa: as for cp_retranslate()
 * @res: what that said
 *
 * A resumed channel fetches the suspended CCW again, and may find a TIC there.
 *
 * Context: any; the subchannel is suspended.
 * Return: what cp_lead_back() wants.
 */
__be64 cp_lead_on(struct cp *from, u32 cpa, const struct cp_result *res);

/**
 * cp_lead_back() - undo cp_lead_on(), as the program was not resumed
 * @from: the translator of the suspended program
 * @cpa: as for cp_lead_on()
 * @ccw: what that returned
 *
 * Context: any; the subchannel is suspended.
 */
void cp_lead_back(struct cp *from, u32 cpa, __be64 ccw);

/**
 * cp_forget() - the current program has ended
 * @cp: the translator
 *
 * Keeps the memory for the next program. Context: any, also interrupts.
 */
void cp_forget(struct cp *cp);

/**
 * cp_footprint() - bytes of memory that a translator holds
 * @cp: the translator; it may be at work, but may not be moved
 *
 * Context: any.
 * Return: bytes.
 */
size_t cp_footprint(const struct cp *cp);

/**
 * cp_grow() - double an array of the kind that the translator keeps
 * @array: its elements, moved
 * @max: how many there is room for
 * @bound: how many there may be at the most
 * @size: of an element
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -E2BIG if the bound is reached.
 */
int cp_grow(void **array, u32 *max, u32 bound, size_t size);

#endif
