/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reference channel: a small, slow interpreter of command-mode channel
 * programs with a scripted device at its end. It runs a guest's program over
 * the guest's memory, or the translated one over the arena and the frames that
 * were handed out for it; both runs have to look alike. It shares nothing with
 * the translator but the names of bits.
 */
#ifndef VFIO_CCW_TESTS_CHANNEL_H
#define VFIO_CCW_TESTS_CHANNEL_H

#include "fake_mem.h"

#define DEV_ATTN	0x80
#define DEV_SM		0x40
#define DEV_CE		0x08
#define DEV_DE		0x04
#define DEV_UC		0x02
#define DEV_UX		0x01

#define CHAN_ALL	0xffffffffu	/* as many bytes as the program gives or takes */

/**
 * struct chan_step - what the device does with one command
 * @bytes: length of its record, or %CHAN_ALL
 * @dstat: its ending status, 0 for channel end and device end
 * @immediate: it ends the command before any data moves
 * @split: device end comes after channel end, as a status of its own
 * @chained: it is rejected as the first command of a chain
 * @give: what its record says, if not nothing in particular: words of it
 * @nr_give: how many
 * @put: what the guest stores meanwhile, as addresses and words
 * @nr_put: how many of either
 */
struct chan_step {
	u32 bytes;
	u8 dstat;
	bool immediate;
	bool split;
	bool chained;
	const u64 *give;
	u32 nr_give;
	const u64 *put;
	u32 nr_put;
};

#define CHAN_CALLS	64
#define CHAN_IRBS	16

struct chan_call {
	u8 cmd;
	bool immediate;
	u32 bytes;
	u32 hash;	/* of bytes that left storage */
};

/**
 * struct channel - one run
 * @fm: memory
 * @cp: the translator, if its program is run; %NULL to run the guest's own
 * @orb: what is started
 * @script: what the device does with each command
 * @nr_steps: length of @script; later commands take and give all
 * @max_calls: then the device answers with unit check
 * @max_bytes: what %CHAN_ALL stands for in an endless data chain
 * @eager: at count zero the next CCW of a data chain is fetched at once, not
 *	with the next byte; channels do either
 * @nr_calls: how many commands the device saw
 * @call: the first of them
 * @calls_hash: of all of them
 * @hash_before: of all but the last
 * @nr_irbs: how many statuses there were
 * @irb: the first of them, in order
 * @fetched: CCWs fetched
 * @suspended: the program is, and chan_resume() may be called
 * @rejected: the last command was, as it was the first of a chain
 * @quiet: so many commands are repeated, and not counted
 */
struct channel {
	struct fake_mem *fm;
	const struct cp *cp;
	struct cp_orb orb;
	const struct chan_step *script;
	u32 nr_steps;
	u32 max_calls;
	u32 max_bytes;
	bool eager;

	u32 nr_calls;
	struct chan_call call[CHAN_CALLS];
	u32 calls_hash;
	u32 hash_before;
	u32 nr_irbs;
	u32 irb[CHAN_IRBS][IRB_WORDS];
	u32 fetched;	/* CCWs */
	bool suspended;
	bool rejected;
	u32 quiet;

	/* private: the CCW in control */
	u64 at;
	u8 cmd;
	u8 flags;
	u32 count;
	u32 residual;
	u64 data;
	u64 idaw_at;
	u64 idaw;
	bool idaw_valid;
	bool first_idaw;
	u32 midaw;	/* flags and count of the MIDAW in control, idaw is its address */
	u32 midaw_left;	/* bytes that it still has */
	u8 dir;
	u32 in_chain;	/* commands so far */
	u64 fault;	/* host address of the fault, for the ESW */
	u64 check_at;	/* of the CCW that a check is about */
	bool pci;
	bool suspend;
	bool planning;	/* it is not run, but looked at as the translator does */
	const struct chan_step *step;	/* of the command in control */
	u64 entry;	/* the CCW fetched again at a resume, in another translator's arena */
};

void chan_run(struct channel *ch);
/* go on with a suspended program; with @cp, what follows the suspended CCW is in there */
void chan_resume(struct channel *ch, const struct cp *cp);
/* start the rest of a program anew, behind @quiet commands that were there before */
void chan_go_on(struct channel *ch, u32 cpa, u32 quiet);
/* the last command did nothing and had better not been seen */
void chan_forget_call(struct channel *ch);

/* a word, or data at an address; 0 or a check */
u32 chan_fetch(struct channel *ch, u64 addr, u32 size, u64 *word);
u32 chan_access(struct channel *ch, u64 addr, bool store, u8 **p);

/* transport.c: the same as chan_run() for a TCW; calls are TCCB, output and input */
void chan_run_transport(struct channel *ch);
/* what may be used of memory; true: a protection check cannot be told from a program check */
bool chan_reach_transport(struct channel *ch);

/* how a command moves data, by its code */
#define CHAN_OUT	1
#define CHAN_IN		2
#define CHAN_BACK	3
u8 chan_direction(u8 cmd);

/*
 * What a guest's program may reach, whatever the device does: sets may in the
 * frames' records. With resumed, the ORB names a suspended CCW. chan_reach()
 * returns false if it is too large to say;
 * chan_reach_mixed(): a CCW is reached in ways that one host CCW cannot all do
 * right: as input to a read-only frame and as output, forwards and backwards, or
 * as a check of its own and, elsewhere, of protection.
 */
struct chan_reach;

#define CHAN_REACH_MAX	(1u << 17)	/* CCWs */

struct chan_reach *chan_reach_create(void);
void chan_reach_destroy(struct chan_reach *r);
bool chan_reach(struct chan_reach *r, struct fake_mem *fm, const struct cp_orb *orb,
		bool resumed);
bool chan_reach_mixed(const struct chan_reach *r);
u32 chan_reach_nr(const struct chan_reach *r);	/* CCWs */

#endif
