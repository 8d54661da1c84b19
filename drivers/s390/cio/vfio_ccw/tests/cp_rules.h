/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of translation, one row each: a guest's memory and ORB, what the
 * device does, and what has to come of it. KUnit and the user-space tests run
 * this table from this file; cp_rules_run.c says how.
 *
 * Rule names: S-n are the rows of channel-program semantics in
 * Documentation/arch/s390/vfio-ccw.rst, T-n known faults of such translators.
 *
 * Conventions: CCWs are at 0x1000, IDALs at 0x2000, data at 0x10000 unless the
 * row is about that. Host frames of the guest's frames are all above 2 GiB, so
 * data is reached through IDALs, unless LOW() says otherwise.
 */
#ifndef VFIO_CCW_TESTS_CP_RULES_H
#define VFIO_CCW_TESTS_CP_RULES_H

#include "cp_check.h"

/* words of guest memory; with @times, a row of them, @step apart, each @add more */
struct cp_rule_word {
	u32 gpa;
	u8 size;
	u64 value;
	u32 times;
	u32 step;
	u64 add;
};

enum cp_rule_kind {
	HOST_END,
	HOST_DIRECT,	/* names the page of idaw[0] itself */
	HOST_IDAL,	/* an IDAL of exactly these addresses, then poison */
	HOST_TIC,	/* to the slot of the guest CCW idaw[0] */
	HOST_POISON,	/* zeros */
	HOST_NONE,	/* names no guest page at all */
};

/* in place of an address: poison there */
#define POISONED	(~0ULL)

/* the slot of the guest CCW at @gpa */
struct cp_rule_host {
	u32 gpa;
	u8 kind;
	u8 cmd;
	u8 flags;
	u16 count;
	u8 nr;
	const u64 *idaw;
};

struct cp_rule_call {
	bool valid;
	u8 cmd;
	u32 bytes;
};

/* how a frame was made ready: FM_READ, FM_WRITE, or 0 */
struct cp_rule_page {
	bool valid;
	u64 gfn;
	u8 given;
};

struct cp_rule {
	const char *name;
	const char *rule;
	u32 orb_flags;
	u32 cpa;
	const struct cp_rule_word *mem;
	const struct fm_area *area;	/* ends with nr 0 */
	const struct chan_step *dev;
	u32 nr_dev;
	const struct cp_rule_host *host;
	const struct cp_rule_call *call;	/* all commands the device sees */
	const struct cp_rule_page *page;
	u8 dstat;
	u32 cstat;
	u32 end_cpa;
	u16 count;
	bool at_once;		/* reported without a start */
	bool limited;		/* exceeds a bound */
	bool lazy;		/* @cstat and @end_cpa hold for a lazy channel only */
	u8 irbs;		/* number of statuses, 0: one */
	u32 word0;		/* bits of SCSW word 0 that have to be on */
	u32 host_flags;		/* host ORB flags, 0: not looked at */
	u32 ccws;		/* CCWs decoded, 0: not looked at */
};

#define LIST(type, ...)	(const type[]){ __VA_ARGS__, { 0 } }
#define MEM(...)	.mem = LIST(struct cp_rule_word, __VA_ARGS__)
#define AREA(...)	.area = LIST(struct fm_area, __VA_ARGS__)
#define DEV(...)	.dev = (const struct chan_step[]){ __VA_ARGS__ }, \
			.nr_dev = ARRAY_SIZE(((const struct chan_step[]){ __VA_ARGS__ }))
#define HOST(...)	.host = LIST(struct cp_rule_host, __VA_ARGS__)
#define CALLS(...)	.call = LIST(struct cp_rule_call, __VA_ARGS__)
#define PAGES(...)	.page = LIST(struct cp_rule_page, __VA_ARGS__)
#define END(d, c, a, n)	.dstat = (d), .cstat = (c), .end_cpa = (a), .count = (n)
#define AT_ONCE(c, a)	.at_once = true, .cstat = (c), .end_cpa = (a)
#define ORB(f)		.orb_flags = (f) | 0xff00, .cpa = 0x1000
#define ORB_AT(f, a)	.orb_flags = (f) | 0xff00, .cpa = (a)

/* memory */
#define V1(cmd, fl, n, a) ((u64)(cmd) << 56 | (u64)(fl) << 48 | (u64)(n) << 32 | (u32)(a))
#define V0(cmd, a, fl, n) ((u64)(cmd) << 56 | (u64)(a) << 32 | (u64)(fl) << 24 | (n))
#define C1(g, cmd, fl, n, a) { .gpa = (g), .size = 8, .value = V1(cmd, fl, n, a) }
#define C0(g, cmd, a, fl, n) { .gpa = (g), .size = 8, .value = V0(cmd, a, fl, n) }
#define W8(g, v)	{ .gpa = (g), .size = 8, .value = (v) }
#define W4(g, v)	{ .gpa = (g), .size = 4, .value = (v) }
#define REPEAT(g, s, v, n, st, ad) \
	{ .gpa = (g), .size = (s), .value = (v), .times = (n), .step = (st), .add = (ad) }
#define HOLE(g, n)	{ (g), (n), FM_HOLE }
#define RO(g, n)	{ (g), (n), FM_RO }
#define LOW(g, n)	{ (g), (n), FM_LOW }
#define PROPS(g, n, p)	{ (g), (n), (p) }

/* host program */
#define NARG(...)	(sizeof((const u64[]){ __VA_ARGS__ }) / sizeof(u64))
#define SLOT(g, k, c, f, n, ...) { .gpa = (g), .kind = (k), .cmd = (c), .flags = (f), \
	.count = (n), .nr = NARG(__VA_ARGS__), .idaw = (const u64[]){ __VA_ARGS__ } }
#define DIRECT(g, c, f, n, a)	SLOT(g, HOST_DIRECT, c, f, n, a)
#define IDAL(g, c, f, n, ...)	SLOT(g, HOST_IDAL, c, (f) | CCW_FLAG_IDA, n, __VA_ARGS__)
#define TICTO(g, t)		SLOT(g, HOST_TIC, CCW_CMD_TIC, 0, 0, t)
#define POISON(g)		SLOT(g, HOST_POISON, 0, 0, 0, 0)
#define NONE(g, c, f, n)	SLOT(g, HOST_NONE, c, f, n, 0)

/* the device */
#define ALL			{ .bytes = CHAN_ALL }
#define BYTES(n)		{ .bytes = (n) }
#define ENDS(n, d)		{ .bytes = (n), .dstat = (d) }
#define IMMEDIATE		{ .immediate = true }
#define SPLIT(n)		{ .bytes = (n), .split = true }
#define SAW(c, n)		{ true, (c), (n) }
#define PAGE(g, a)		{ true, (g), (a) }
#define CEDE			(DEV_CE | DEV_DE)
#define SM			(DEV_CE | DEV_DE | DEV_SM)

#define F1	ORB1_F
#define F0	0
#define H	ORB1_H
#define T	ORB1_T

#define CD	CCW_FLAG_CD
#define CC	CCW_FLAG_CC
#define SLI	CCW_FLAG_SLI
#define SKIP	CCW_FLAG_SKIP
#define PCI	CCW_FLAG_PCI
#define IDA	CCW_FLAG_IDA
#define SUS	CCW_FLAG_S
#define MIDA	CCW_FLAG_MIDA

#define WR	0x01
#define RD	0x02
#define NOP	0x03
#define SNS	0x04
#define CTL	0x07
#define TIC	0x08
#define RB	0x0c
#define SRCH	0x31

#define PROG	SCSW2_SCH_PROG
#define PROT	SCSW2_SCH_PROT
#define IL	SCSW2_SCH_IL
#define RW	(FM_READ | FM_WRITE)

/* runs of consecutive block addresses, for long lists */
#define X2(a, s)	(a), (a) + (s)
#define X4(a, s)	X2(a, s), X2((a) + 2 * (s), s)
#define X8(a, s)	X4(a, s), X4((a) + 4 * (s), s)
#define X16(a, s)	X8(a, s), X8((a) + 8 * (s), s)
#define X32(a, s)	X16(a, s), X16((a) + 16 * (s), s)

/* one CCW that transfers all of its bytes */
#define ONE(nm, ru, fl, c, a, n, ...) { \
	.name = nm, .rule = ru, ORB(fl), MEM(C1(0x1000, c, 0, n, a)), \
	HOST(IDAL(0x1000, c, 0, n, __VA_ARGS__)), \
	CALLS(SAW(c, n)), END(CEDE, 0, 0x1008, 0) }

/* a command code, valid or not, in one CCW of either format */
#define CODE_OK(nm, c, access) \
	{ .name = "command_" nm "_format_1", .rule = "S-30", ORB(F1 | H), \
	  MEM(C1(0x1000, c, SLI, 16, 0x10100)), CALLS(SAW(c, 16)), \
	  PAGES(PAGE(0x10, access)), END(CEDE, 0, 0x1008, 0) }, \
	{ .name = "command_" nm "_format_0", .rule = "S-30 S-1", ORB(F0 | H), \
	  MEM(C0(0x1000, c, 0x10100, SLI, 16)), CALLS(SAW(c, 16)), \
	  PAGES(PAGE(0x10, access)), END(CEDE, 0, 0x1008, 0) }
#define CODE_BAD(nm, c) \
	{ .name = "command_" nm "_format_1_is_invalid", .rule = "S-30", ORB(F1 | H), \
	  MEM(C1(0x1000, c, SLI, 16, 0x10100)), PAGES(PAGE(0x10, 0)), AT_ONCE(PROG, 0x1008) }, \
	{ .name = "command_" nm "_format_0_is_invalid", .rule = "S-30 S-1", ORB(F0 | H), \
	  MEM(C0(0x1000, c, 0x10100, SLI, 16)), PAGES(PAGE(0x10, 0)), AT_ONCE(PROG, 0x1008) }, \
	{ .name = "command_" nm "_is_invalid_only_when_reached", .rule = "S-30 S-13", ORB(F1 | H), \
	  MEM(C1(0x1000, WR, CC, 8, 0x11000), C1(0x1008, c, SLI, 16, 0x10100)), \
	  PAGES(PAGE(0x10, 0), PAGE(0x11, FM_READ)), HOST(POISON(0x1008)), \
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x1010, 0) }

static const struct cp_rule cp_rules[] = {
	/*
	 * Which direction, by command code.
	 */
	CODE_OK("write", 0x01, FM_READ),
	CODE_OK("write_high_nibble", 0xf1, FM_READ),
	CODE_OK("write_x5", 0x05, FM_READ),
	CODE_OK("write_x9", 0x09, FM_READ),
	CODE_OK("write_xd", 0x8d, FM_READ),
	CODE_OK("read", 0x02, RW),
	CODE_OK("read_x6", 0x06, RW),
	CODE_OK("read_xa", 0x1a, RW),
	CODE_OK("read_xe", 0x1e, RW),
	CODE_OK("control_x7", 0x07, FM_READ),
	CODE_OK("control_xb", 0x0b, FM_READ),
	CODE_OK("control_xf", 0x0f, FM_READ),
	CODE_OK("control_13", 0x13, FM_READ),
	CODE_OK("sense", 0x04, RW),
	CODE_OK("sense_id_e4", 0xe4, RW),
	CODE_OK("read_backward", 0x0c, RW),
	CODE_OK("read_backward_high_nibble", 0x8c, RW),
	CODE_BAD("00", 0x00),
	CODE_BAD("10", 0x10),
	CODE_BAD("f0", 0xf0),
	{ .name = "command_18_format_1_is_invalid", .rule = "S-30 S-2", ORB(F1 | H),
	  MEM(C1(0x1000, 0x18, SLI, 16, 0x10100)), PAGES(PAGE(0x10, 0)), AT_ONCE(PROG, 0x1008) },
	{ .name = "command_f8_format_1_is_invalid_when_reached", .rule = "S-30 S-2", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x11000), C1(0x1008, 0xf8, 0, 0, 0x1000)),
	  HOST(POISON(0x1008)), CALLS(SAW(WR, 8)), END(0, PROG, 0x1010, 0) },

	/*
	 * Direct addresses: where the blocks of the IDAL begin and end.
	 */
	ONE("read_one_byte_4k", "S-12 S-14", F1 | H, RD, 0x10000, 1, 0x10000),
	ONE("read_last_byte_of_a_page_4k", "S-12 S-14", F1 | H, RD, 0x10fff, 1, 0x10fff),
	ONE("read_two_bytes_across_pages_4k", "S-12 S-14", F1 | H, RD, 0x10fff, 2, 0x10fff, 0x11000),
	ONE("read_a_page_4k", "S-12 S-14", F1 | H, RD, 0x10000, 4096, 0x10000),
	ONE("read_a_page_and_one_byte_4k", "S-12 S-14", F1 | H, RD, 0x10000, 4097, 0x10000, 0x11000),
	ONE("read_a_page_from_its_second_byte_4k", "S-12 S-14", F1 | H, RD, 0x10001, 4096,
	    0x10001, 0x11000),
	ONE("read_half_a_page_4k", "S-12 S-14", F1 | H, RD, 0x10800, 2048, 0x10800),
	ONE("read_half_a_page_and_one_byte_4k", "S-12 S-14", F1 | H, RD, 0x10800, 2049,
	    0x10800, 0x11000),
	ONE("read_two_pages_4k", "S-12 S-14", F1 | H, RD, 0x10000, 8192, 0x10000, 0x11000),
	ONE("read_two_pages_unaligned_4k", "S-12 S-14", F1 | H, RD, 0x10800, 8192,
	    0x10800, 0x11000, 0x12000),
	ONE("read_65535_bytes_4k", "S-12 S-14", F1 | H, RD, 0x10000, 65535, X16(0x10000, 0x1000)),
	ONE("read_65535_bytes_need_17_idaws_4k", "S-12 S-14", F1 | H, RD, 0x10002, 65535,
	    0x10002, X16(0x11000, 0x1000)),
	ONE("write_a_page_4k", "S-12 S-14", F1 | H, WR, 0x10000, 4096, 0x10000),
	ONE("write_65535_bytes_need_17_idaws_4k", "S-12 S-14", F1 | H, WR, 0x10002, 65535,
	    0x10002, X16(0x11000, 0x1000)),
	ONE("control_across_pages_4k", "S-12 S-14", F1 | H, CTL, 0x10ffe, 6, 0x10ffe, 0x11000),
	ONE("sense_across_pages_4k", "S-12 S-14", F1 | H, SNS, 0x10ff0, 32, 0x10ff0, 0x11000),

	ONE("read_one_byte_2k", "S-11 S-14", F1, RD, 0x10000, 1, 0x10000),
	ONE("read_a_block_2k", "S-11 S-14", F1, RD, 0x10000, 2048, 0x10000),
	ONE("read_the_second_block_2k", "S-11 S-14", F1, RD, 0x10800, 2048, 0x10800),
	ONE("read_a_block_and_one_byte_2k", "S-11 S-14 T-20", F1, RD, 0x10000, 2049, 0x10000, 0x10800),
	ONE("read_a_block_from_its_second_byte_2k", "S-11 S-14 T-20", F1, RD, 0x10001, 2048,
	    0x10001, 0x10800),
	ONE("read_last_byte_of_a_block_2k", "S-11 S-14", F1, RD, 0x107ff, 1, 0x107ff),
	ONE("read_two_bytes_across_blocks_2k", "S-11 S-14 T-20", F1, RD, 0x107ff, 2, 0x107ff, 0x10800),
	ONE("read_two_bytes_across_pages_2k", "S-11 S-14 T-20", F1, RD, 0x10fff, 2, 0x10fff, 0x11000),
	ONE("read_a_page_is_two_blocks_2k", "S-11 S-14 T-20", F1, RD, 0x10000, 4096, X2(0x10000, 0x800)),
	ONE("read_two_pages_are_four_blocks_2k", "S-11 S-14 T-20", F1, RD, 0x10000, 8192,
	    X4(0x10000, 0x800)),
	ONE("read_65535_bytes_2k", "S-11 S-14 T-20", F1, RD, 0x10000, 65535, X32(0x10000, 0x800)),
	ONE("read_65535_bytes_need_33_idaws_2k", "S-11 S-14 T-20", F1, RD, 0x10002, 65535,
	    0x10002, X32(0x10800, 0x800)),
	ONE("write_a_page_2k", "S-11 S-14 T-20", F1, WR, 0x10000, 4096, X2(0x10000, 0x800)),
	ONE("h_and_t_are_2k_blocks", "S-12 S-14", F1 | H | T, RD, 0x10000, 4096, X2(0x10000, 0x800)),
	ONE("h_and_t_across_blocks", "S-12 S-14", F1 | H | T, RD, 0x107ff, 2, 0x107ff, 0x10800),
	ONE("h_and_t_33_idaws", "S-12 S-14", F1 | H | T, WR, 0x10002, 65535,
	    0x10002, X32(0x10800, 0x800)),
	ONE("t_without_h_is_ignored", "S-12", F1 | T, RD, 0x10000, 4096, X2(0x10000, 0x800)),

	/*
	 * Read backward: the address is the last byte, blocks go downwards.
	 */
	ONE("read_backward_one_byte_4k", "S-10", F1 | H, RB, 0x10000, 1, 0x10000),
	ONE("read_backward_a_page_4k", "S-10", F1 | H, RB, 0x10fff, 4096, 0x10fff),
	ONE("read_backward_two_bytes_across_pages_4k", "S-10", F1 | H, RB, 0x11000, 2, 0x11000, 0x10fff),
	ONE("read_backward_idal_counts_blocks_downwards", "S-10", F1 | H, RB, 0x12345, 0x2346,
	    0x12345, 0x11fff, 0x10fff),
	ONE("read_backward_stops_at_the_block_it_needs", "S-10", F1 | H, RB, 0x12345, 0x1346,
	    0x12345, 0x11fff),
	ONE("read_backward_one_more_byte_needs_the_block_below", "S-10", F1 | H, RB, 0x12345, 0x1347,
	    0x12345, 0x11fff, 0x10fff),
	ONE("read_backward_65535_bytes_4k", "S-10", F1 | H, RB, 0x1ffff, 65535,
	    X16(0x1ffffull, -0x1000ull)),
	ONE("read_backward_65535_bytes_need_17_idaws_4k", "S-10", F1 | H, RB, 0x20000, 65535,
	    0x20000, X16(0x1ffffull, -0x1000ull)),
	ONE("read_backward_a_page_2k", "S-10 S-11", F1, RB, 0x10fff, 4096, 0x10fff, 0x107ff),
	ONE("read_backward_across_blocks_2k", "S-10 S-11", F1, RB, 0x10800, 2, 0x10800, 0x107ff),
	ONE("read_backward_across_pages_2k", "S-10 S-11", F1, RB, 0x11000, 2, 0x11000, 0x10fff),
	ONE("read_backward_65535_bytes_need_33_idaws_2k", "S-10 S-11", F1, RB, 0x20000, 65535,
	    0x20000, X32(0x1ffffull, -0x800ull)),
	ONE("read_backward_h_and_t", "S-10 S-12", F1 | H | T, RB, 0x10fff, 2049, 0x10fff, 0x107ff),

	{ .name = "read_backward_data_is_stored_descending", .rule = "S-10", ORB(F1 | H),
	  MEM(C1(0x1000, RB, SLI, 300, 0x11010)), DEV(BYTES(100)),
	  CALLS(SAW(RB, 100)), PAGES(PAGE(0x11, RW), PAGE(0x10, RW)), END(CEDE, 0, 0x1008, 200) },
	{ .name = "read_backward_idal_of_the_guest_4k", .rule = "S-10 S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RB, IDA, 0x1802, 0x2000), W8(0x2000, 0x10800), W8(0x2008, 0x20fff),
	      W8(0x2010, 0x30fff)),
	  HOST(IDAL(0x1000, RB, 0, 0x1802, 0x10800, 0x20fff, 0x30fff)),
	  CALLS(SAW(RB, 0x1802)), PAGES(PAGE(0x30, RW)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_idal_one_block_less", .rule = "S-10 S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RB, IDA, 0x1801, 0x2000), W8(0x2000, 0x10800), W8(0x2008, 0x20fff),
	      W8(0x2010, 0x30fff)),
	  HOST(IDAL(0x1000, RB, 0, 0x1801, 0x10800, 0x20fff)),
	  PAGES(PAGE(0x30, 0)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_idal_of_the_guest_2k", .rule = "S-10 S-11", ORB(F1),
	  MEM(C1(0x1000, RB, IDA, 0x0a00, 0x2004), W4(0x2004, 0x109ff), W4(0x2008, 0x207ff),
	      W4(0x200c, 0x30fff)),
	  HOST(IDAL(0x1000, RB, 0, 0x0a00, 0x109ff, 0x207ff)),
	  PAGES(PAGE(0x30, 0)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_idaw_has_to_name_a_last_byte", .rule = "S-10 S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RB, IDA, 0x1000, 0x2000), W8(0x2000, 0x107ff), W8(0x2008, 0x20000)),
	  HOST(IDAL(0x1000, RB, 0, 0x1000, 0x107ff, POISONED)),
	  END(CEDE, PROG, 0x1008, 0x0800) },
	{ .name = "read_backward_2k_idaw_at_4k_end_only_is_fine", .rule = "S-10 S-11", ORB(F1),
	  MEM(C1(0x1000, RB, IDA, 0x1000, 0x2000), W4(0x2000, 0x107ff), W4(0x2004, 0x20fff)),
	  HOST(IDAL(0x1000, RB, 0, 0x1000, 0x107ff, 0x20fff)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_below_zero_is_a_program_check", .rule = "S-10 S-31", ORB(F1 | H),
	  MEM(C1(0x1000, RB, 0, 16, 7)),
	  HOST(IDAL(0x1000, RB, 0, 16, 7, POISONED)), END(CEDE, PROG, 0x1008, 8) },
	{ .name = "read_backward_into_a_hole_below", .rule = "S-10 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RB, 0, 0x2000, 0x11fff)), AREA(HOLE(0x10, 1)),
	  HOST(IDAL(0x1000, RB, 0, 0x2000, 0x11fff, POISONED)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "read_backward_in_one_low_page_is_direct", .rule = "S-10 S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RB, 0, 0x100, 0x101ff)), AREA(LOW(0x10, 1)),
	  HOST(DIRECT(0x1000, RB, 0, 0x100, 0x101ff)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_data_chain_keeps_going_down", .rule = "S-10 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RB, CD, 0x20, 0x1000f), C1(0x1008, 0, 0, 0x1801, 0x21800)),
	  AREA(HOLE(0xf, 1)),
	  HOST(IDAL(0x1000, RB, CD, 0x20, 0x1000f, POISONED),
	       IDAL(0x1008, 0, 0, 0x1801, 0x21800, 0x20fff)),
	  END(CEDE, PROG, 0x1008, 0x10) },
	{ .name = "read_backward_data_chain_over_two_areas", .rule = "S-10 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RB, CD, 0x20, 0x1001f), C1(0x1008, 0, 0, 0x1801, 0x21800)),
	  HOST(IDAL(0x1008, 0, 0, 0x1801, 0x21800, 0x20fff)),
	  CALLS(SAW(RB, 0x1821)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "read_backward_skip_moves_nothing", .rule = "S-10", ORB(F1 | H),
	  MEM(C1(0x1000, RB, SKIP, 0x2000, 0x11fff)),
	  HOST(NONE(0x1000, RB, SKIP, 0x2000)), PAGES(PAGE(0x11, 0), PAGE(0x10, 0)),
	  CALLS(SAW(RB, 0x2000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_format_0", .rule = "S-10 S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RB, 0x12345, 0, 0x2346)),
	  HOST(IDAL(0x1000, RB, 0, 0x2346, 0x12345, 0x11fff, 0x10fff)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_backward_into_read_only_below", .rule = "S-10 S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RB, 0, 0x2000, 0x11fff)), AREA(RO(0x10, 1)),
	  END(CEDE, PROT, 0x1008, 0x1000) },

	/*
	 * One page below 2 GiB that is ready needs no IDAL.
	 */
	{ .name = "low_page_is_addressed_directly", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 4096, 0x10000)), AREA(LOW(0x10, 2)),
	  HOST(DIRECT(0x1000, RD, SLI, 4096, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "low_page_middle_is_addressed_directly", .rule = "S-14", ORB(F1),
	  MEM(C1(0x1000, WR, 0, 100, 0x107f0)), AREA(LOW(0x10, 2)),
	  HOST(DIRECT(0x1000, WR, 0, 100, 0x107f0)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "two_low_pages_need_an_idal", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 4097, 0x10000)), AREA(LOW(0x10, 2)),
	  HOST(IDAL(0x1000, RD, SLI, 4097, 0x10000, 0x11000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "two_low_pages_are_not_neighbours", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 2, 0x10fff)), AREA(LOW(0x10, 2)),
	  HOST(IDAL(0x1000, WR, 0, 2, 0x10fff, 0x11000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "low_page_that_is_not_ready_is_pinned_into_an_idal", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 4096, 0x10000)), AREA(PROPS(0x10, 2, FM_LOW | FM_MISS)),
	  HOST(IDAL(0x1000, RD, 0, 4096, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "pages_not_ready_are_pinned", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x3000, 0x10800)), AREA(PROPS(0x11, 2, FM_MISS)),
	  HOST(IDAL(0x1000, RD, 0, 0x3000, 0x10800, 0x11000, 0x12000, 0x13000)),
	  PAGES(PAGE(0x10, RW), PAGE(0x11, RW), PAGE(0x12, RW), PAGE(0x13, RW)),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "one_page_in_two_ccws_not_ready", .rule = "S-14 T-16", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 0x10, 0x10000), C1(0x1008, RD, CC, 0x10, 0x10100),
	      C1(0x1010, WR, 0, 0x10, 0x10100)), AREA(PROPS(0x10, 1, FM_MISS)),
	  PAGES(PAGE(0x10, RW)), END(CEDE, 0, 0x1018, 0) },

	/*
	 * IDALs of the guest.
	 */
	{ .name = "idal_format_2_first_idaw_may_be_unaligned", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x1400, 0x2000), W8(0x2000, 0x10c00), W8(0x2008, 0x20000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1400, 0x10c00, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_first_idaw_at_a_last_byte", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, WR, IDA, 0x1001, 0x2000), W8(0x2000, 0x10fff), W8(0x2008, 0x20000)),
	  HOST(IDAL(0x1000, WR, 0, 0x1001, 0x10fff, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_no_idaw_more_than_the_count_needs", .rule = "S-12 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x0400, 0x2ff8), W8(0x2ff8, 0x10c00)), AREA(HOLE(3, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x0400, 0x10c00)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_one_byte_more_needs_the_next_idaw", .rule = "S-12 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x0401, 0x2ff8), W8(0x2ff8, 0x10c00)), AREA(HOLE(3, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x0401, 0x10c00, POISONED)), END(CEDE, PROG, 0x1008, 1) },
	{ .name = "idal_format_2_second_idaw_has_to_be_aligned", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20800)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0x10000, POISONED)),
	  PAGES(PAGE(0x20, 0)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "idal_format_2_off_by_one_byte", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, WR, IDA, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20001)),
	  END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "idal_format_2_bad_idaw_that_is_not_used", .rule = "S-12 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA | SLI, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20001)),
	  DEV(BYTES(0x1000)), END(CEDE, 0, 0x1008, 0x1000) },
	{ .name = "idal_format_2_above_4_gib", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0x123450000ull)),
	  AREA(PROPS(0x123450, 1, 0)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x123450000ull)),
	  PAGES(PAGE(0x123450, RW)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_beyond_storage", .rule = "S-12 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0xfffffffffffff000ull)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, POISONED)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "idal_format_2_last_byte_of_64_bits", .rule = "S-12 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 2, 0x2000), W8(0x2000, 0xffffffffffffffffull), W8(0x2008, 0)),
	  HOST(IDAL(0x1000, RD, 0, 2, POISONED)), END(CEDE, PROG, 0x1008, 2) },
	{ .name = "idal_format_2_2k_blocks", .rule = "S-12", ORB(F1 | H | T),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0x10c00), W8(0x2008, 0x20800),
	      W8(0x2010, 0x30000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10c00, 0x20800, 0x30000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_2k_second_idaw_at_half_page_is_fine", .rule = "S-12", ORB(F1 | H | T),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20800)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10000, 0x20800)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_2k_misaligned", .rule = "S-12", ORB(F1 | H | T),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20400)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10000, POISONED)), END(CEDE, PROG, 0x1008, 0x800) },
	{ .name = "idal_format_2_on_a_word_boundary_only", .rule = "S-3", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x10, 0x2004), W8(0x2004, 0x10000)),
	  PAGES(PAGE(0x10, 0)), END(CEDE, PROG, 0x1008, 0x10) },
	{ .name = "idal_format_1", .rule = "S-11", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W4(0x2000, 0x10c00), W4(0x2004, 0x20800),
	      W4(0x2008, 0x30000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10c00, 0x20800, 0x30000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_on_a_word_boundary", .rule = "S-3 S-11", ORB(F1),
	  MEM(C1(0x1000, WR, IDA, 0x10, 0x2004), W4(0x2004, 0x10000)),
	  HOST(IDAL(0x1000, WR, 0, 0x10, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_on_a_halfword_boundary", .rule = "S-3 S-11", ORB(F1),
	  MEM(C1(0x1000, WR, IDA, 0x10, 0x2002), W4(0x2002, 0x10000)),
	  PAGES(PAGE(0x10, 0)), END(CEDE, PROG, 0x1008, 0x10) },
	{ .name = "idal_format_1_bit_0_has_to_be_zero", .rule = "S-11", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x10, 0x2000), W4(0x2000, 0x80010000)),
	  HOST(IDAL(0x1000, RD, 0, 0x10, POISONED)), PAGES(PAGE(0x10, 0), PAGE(0x80010, 0)),
	  END(CEDE, PROG, 0x1008, 0x10) },
	{ .name = "idal_format_1_bit_0_of_the_second_idaw", .rule = "S-11", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x900, 0x2000), W4(0x2000, 0x10000), W4(0x2004, 0x80020000)),
	  HOST(IDAL(0x1000, RD, 0, 0x900, 0x10000, POISONED)),
	  END(CEDE, PROG, 0x1008, 0x100) },
	{ .name = "idal_format_1_second_idaw_misaligned", .rule = "S-11", ORB(F1),
	  MEM(C1(0x1000, WR, IDA, 0x900, 0x2000), W4(0x2000, 0x10000), W4(0x2004, 0x20004)),
	  END(CEDE, PROG, 0x1008, 0x100) },
	{ .name = "idal_format_1_ends_with_the_last_word_of_storage", .rule = "S-11 T-9", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x3ff8), W4(0x3ff8, 0x1000 * 2), W4(0x3ffc, 0x2800)),
	  AREA(HOLE(4, 0x100000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x2000, 0x2800)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_single_word_at_the_end_of_storage", .rule = "S-11 T-9", ORB(F1),
	  MEM(C1(0x1000, WR, IDA, 0x800, 0x3ffc), W4(0x3ffc, 0x2000)),
	  AREA(HOLE(4, 0x100000)),
	  HOST(IDAL(0x1000, WR, 0, 0x800, 0x2000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_33_idaws", .rule = "S-11", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0xffff, 0x2000), W4(0x2000, 0x107ff),
	      REPEAT(0x2004, 4, 0x20000, 32, 4, 0x800)),
	  HOST(IDAL(0x1000, RD, 0, 0xffff, 0x107ff, X32(0x20000, 0x800))),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_17_idaws", .rule = "S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0xffff, 0x2000), W8(0x2000, 0x10fff),
	      REPEAT(0x2008, 8, 0x20000, 16, 8, 0x1000)),
	  HOST(IDAL(0x1000, RD, 0, 0xffff, 0x10fff, X16(0x20000, 0x1000))),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_crosses_a_page", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x2000, 0x2ff8), W8(0x2ff8, 0x10000), W8(0x3000, 0x20000)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0x10000, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_crosses_a_page", .rule = "S-13 S-11", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2ffc), W4(0x2ffc, 0x10000), W4(0x3000, 0x20000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10000, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_crosses_into_a_hole_that_is_not_reached", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA | SLI, 0x2000, 0x2ff8), W8(0x2ff8, 0x10000)), AREA(HOLE(3, 1)),
	  DEV(BYTES(0x800)), END(CEDE, 0, 0x1008, 0x1800) },
	{ .name = "idal_crosses_into_a_hole_that_is_reached", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x2000, 0x2ff8), W8(0x2ff8, 0x10000)), AREA(HOLE(3, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0x10000, POISONED)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "idal_in_a_hole", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x20, 0x2000)), AREA(HOLE(2, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x20, POISONED)), END(CEDE, PROG, 0x1008, 0x20) },
	{ .name = "idal_in_a_read_only_page", .rule = "S-13 S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x20, 0x2000), W8(0x2000, 0x10000)), AREA(RO(2, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x20, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_pages_behind_a_bad_idaw_stay_untouched", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x4000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20001),
	      W8(0x2010, 0x30000), W8(0x2018, 0x40000)),
	  PAGES(PAGE(0x10, RW), PAGE(0x30, 0), PAGE(0x40, 0)), END(CEDE, PROG, 0x1008, 0x3000) },
	{ .name = "idal_same_page_twice", .rule = "S-12 T-20", ORB(F1 | H | T),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W8(0x2000, 0x10800), W8(0x2008, 0x10000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10800, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_same_block_twice", .rule = "S-12 T-20", ORB(F1 | H),
	  MEM(C1(0x1000, WR, IDA, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x10000)),
	  HOST(IDAL(0x1000, WR, 0, 0x2000, 0x10000, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_adjacent_2k_idaws_in_one_page_stay_apart", .rule = "S-11 T-20", ORB(F1),
	  MEM(C1(0x1000, WR, IDA, 0x1000, 0x2000), W4(0x2000, 0x10000), W4(0x2004, 0x10800)),
	  HOST(IDAL(0x1000, WR, 0, 0x1000, 0x10000, 0x10800)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_2k_idaws_over_adjacent_pages", .rule = "S-11 T-20", ORB(F1),
	  MEM(C1(0x1000, RD, IDA, 0x1000, 0x2000), W4(0x2000, 0x10800), W4(0x2004, 0x11000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x10800, 0x11000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_2_with_format_0_ccw", .rule = "S-1 S-12", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x2000, IDA, 0x1400), W8(0x2000, 0x123450c00ull), W8(0x2008, 0x20000)),
	  AREA(PROPS(0x123450, 1, 0)),
	  HOST(IDAL(0x1000, RD, 0, 0x1400, 0x123450c00ull, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_format_1_with_format_0_ccw", .rule = "S-1 S-11", ORB(F0),
	  MEM(C0(0x1000, RD, 0x2000, IDA, 0x0a00), W4(0x2000, 0x7fff0600), W4(0x2004, 0x20000)),
	  HOST(IDAL(0x1000, RD, 0, 0x0a00, 0x7fff0600, 0x20000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "idal_data_in_a_hole_then_a_page", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x3000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20000),
	      W8(0x2010, 0x30000)), AREA(HOLE(0x20, 1)),
	  END(CEDE, PROG, 0x1008, 0x2000) },
	{ .name = "idal_first_idaw_in_a_hole", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, IDA, 0x30, 0x2000), W8(0x2000, 0x10000)), AREA(HOLE(0x10, 1)),
	  HOST(IDAL(0x1000, WR, 0, 0x30, POISONED)), END(CEDE, PROG, 0x1008, 0x30) },
	{ .name = "idal_at_the_last_word_of_31_bits", .rule = "S-3 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x1800, 0x7ffffff8), W8(0x7ffffff8, 0x10000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1800, 0x10000, POISONED)), END(CEDE, PROG, 0x1008, 0x800) },

	/*
	 * A guest that changes its program while it is being read: each word counts
	 * as it was at the one look that is taken.
	 */
	{ .name = "first_idaw_is_read_once_format_2", .rule = "T-2 S-12", ORB(F1 | H),
	  AREA(PROPS(2, 1, FM_ONCE)),
	  MEM(C1(0x1000, RD, IDA, 0x1800, 0x2000), W8(0x2000, 0x10fff), W8(0x2008, 0x20000),
	      W8(0x2010, 0x30000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1800, 0x10fff, 0x20000, 0x30000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "first_idaw_is_read_once_format_1", .rule = "T-2 S-11", ORB(F1),
	  AREA(PROPS(2, 1, FM_ONCE)),
	  MEM(C1(0x1000, WR, IDA, 0x802, 0x2000), W4(0x2000, 0x107ff), W4(0x2004, 0x20000),
	      W4(0x2008, 0x30800)),
	  HOST(IDAL(0x1000, WR, 0, 0x802, 0x107ff, 0x20000, 0x30800)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "first_idaw_is_read_once_backwards", .rule = "T-2 S-10", ORB(F1 | H),
	  AREA(PROPS(2, 1, FM_ONCE)),
	  MEM(C1(0x1000, RB, IDA, 0x1002, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20fff),
	      W8(0x2010, 0x30fff)),
	  HOST(IDAL(0x1000, RB, 0, 0x1002, 0x10000, 0x20fff, 0x30fff)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "ccws_are_read_once", .rule = "T-2", ORB(F1 | H), AREA(PROPS(1, 1, FM_ONCE)),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CC, 8, 0x20000),
	      C1(0x1010, TIC, 0, 0, 0x1008), W8(0x1018, 0)),
	  DEV(ALL, ALL, ENDS(8, CEDE | DEV_UC)), CALLS(SAW(WR, 8), SAW(RD, 8), SAW(RD, 8)),
	  END(CEDE | DEV_UC, 0, 0x1010, 0) },
	{ .name = "input_over_the_next_ccw_changes_nothing", .rule = "S-27", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC, 8, 0x1008), C1(0x1008, WR, 0, 8, 0x10000), W8(0x1010, 0)),
	  CALLS(SAW(RD, 8), SAW(WR, 8)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "input_over_an_idal_changes_nothing", .rule = "S-27", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC, 8, 0x2000), C1(0x1008, RD, IDA, 8, 0x2000), W8(0x1010, 0),
	      W8(0x2000, 0x10000)),
	  HOST(IDAL(0x1008, RD, 0, 8, 0x10000)), CALLS(SAW(RD, 8), SAW(RD, 8)),
	  END(CEDE, 0, 0x1010, 0) },
	{ .name = "input_into_a_later_output_is_seen", .rule = "S-27", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC, 8, 0x10000), C1(0x1008, WR, 0, 8, 0x10000), W8(0x1010, 0)),
	  CALLS(SAW(RD, 8), SAW(WR, 8)), END(CEDE, 0, 0x1010, 0) },

	/*
	 * Format 0.
	 */
	{ .name = "format_0_is_converted", .rule = "S-1 T-13", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10100, CC | SLI, 16), C0(0x1008, RD, 0x20100, SLI, 0x1000)),
	  HOST(IDAL(0x1000, WR, CC | SLI, 16, 0x10100),
	       IDAL(0x1008, RD, SLI, 0x1000, 0x20100, 0x21000)),
	  .host_flags = ORB1_F | ORB1_H | ORB1_L | 0xff00, END(CEDE, 0, 0x1010, 0) },
	{ .name = "format_0_count_zero_is_a_program_check", .rule = "S-1 T-13 T-15", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x10100, SLI, 0)), AT_ONCE(PROG, 0x1008) },
	{ .name = "format_0_count_zero_nop_is_a_program_check", .rule = "S-1 T-15", ORB(F0 | H),
	  MEM(C0(0x1000, NOP, 0, SLI, 0)), AT_ONCE(PROG, 0x1008) },
	{ .name = "format_0_count_zero_when_reached", .rule = "S-1 T-13", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10100, CC | SLI, 16), C0(0x1008, RD, 0x20100, SLI, 0)),
	  HOST(POISON(0x1008)), CALLS(SAW(WR, 16)), END(0, PROG, 0x1010, 0) },
	{ .name = "format_0_count_zero_not_reached", .rule = "S-1 T-13", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10100, CC | SLI, 16), C0(0x1008, RD, 0x20100, SLI, 0)),
	  DEV(ENDS(16, CEDE | DEV_UC)), END(CEDE | DEV_UC, 0, 0x1008, 0) },
	{ .name = "format_0_tic_may_have_any_high_nibble", .rule = "S-1", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10100, CC, 16), C0(0x1008, 0xf8, 0x1100, 0xff, 0xffff),
	      C0(0x1100, RD, 0x20000, 0, 8)),
	  HOST(TICTO(0x1008, 0x1100)), CALLS(SAW(WR, 16), SAW(RD, 8)), END(CEDE, 0, 0x1108, 0) },
	{ .name = "format_0_tic_count_and_flags_are_ignored", .rule = "S-1 S-5", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10100, CC, 16), C0(0x1008, TIC, 0x1100, CD | SLI | IDA, 0),
	      C0(0x1100, RD, 0x20000, 0, 8)),
	  HOST(TICTO(0x1008, 0x1100)), END(CEDE, 0, 0x1108, 0) },
	{ .name = "format_0_byte_5_is_ignored", .rule = "S-1", ORB(F0 | H),
	  MEM(W8(0x1000, V0(RD, 0x10000, 0, 8) | 0x00ff0000)),
	  HOST(IDAL(0x1000, RD, 0, 8, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "format_0_immediate_command_indicates_no_incorrect_length", .rule = "S-1 S-15",
	  ORB(F0 | H), MEM(C0(0x1000, CTL, 0x10000, CC, 8), C0(0x1008, WR, 0x10000, 0, 8)),
	  DEV(IMMEDIATE, ALL), CALLS(SAW(CTL, 0), SAW(WR, 8)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "format_1_immediate_command_indicates_incorrect_length", .rule = "S-15",
	  ORB(F1 | H), MEM(C1(0x1000, CTL, CC, 8, 0x10000), C1(0x1008, WR, 0, 8, 0x10000)),
	  DEV(IMMEDIATE, ALL), CALLS(SAW(CTL, 0)), END(CEDE, IL, 0x1008, 8) },
	{ .name = "format_1_orb_l_suppresses_incorrect_length", .rule = "S-15 S-19",
	  ORB(F1 | H | ORB1_L), MEM(C1(0x1000, CTL, CC, 8, 0x10000), C1(0x1008, WR, 0, 8, 0x10000)),
	  DEV(IMMEDIATE, ALL), CALLS(SAW(CTL, 0), SAW(WR, 8)),
	  .host_flags = ORB1_F | ORB1_H | ORB1_L | 0xff00, END(CEDE, 0, 0x1010, 0) },
	{ .name = "format_0_data_ends_at_16_mib", .rule = "S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0xfff000, 0, 0x2000)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0xfff000, POISONED)),
	  PAGES(PAGE(0x1000, 0)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "format_0_idal_ends_at_16_mib", .rule = "S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0xfffff8, IDA, 0x2000), W8(0xfffff8, 0x10000), W8(0x1000000, 0x20000)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0x10000, POISONED)),
	  PAGES(PAGE(0x20, 0)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "format_0_program_beyond_16_mib", .rule = "S-1", ORB_AT(F0 | H, 0x1000000),
	  MEM(C0(0x1000000, NOP, 0, SLI, 1)), AT_ONCE(PROG, 0x1000008) },
	{ .name = "format_0_runs_over_16_mib", .rule = "S-1", ORB_AT(F0 | H, 0xfffff8),
	  MEM(C0(0xfffff8, WR, 0x10000, CC, 1), C0(0x1000000, NOP, 0, SLI, 1)),
	  CALLS(SAW(WR, 1)), END(0, PROG, 0x1000008, 0) },
	{ .name = "format_0_scsw_shows_format_0", .rule = "S-1 S-22", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x10000, 0, 8)), END(CEDE, 0, 0x1008, 0),
	  .word0 = SCSW0_FC_START },
	{ .name = "format_0_first_of_two_bad_flags", .rule = "S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x10000, MIDA, 8)), AT_ONCE(PROG, 0x1008) },

	/*
	 * Format 1.
	 */
	{ .name = "format_1_address_bit_0_has_to_be_zero", .rule = "S-2", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 8, 0x80010000)), PAGES(PAGE(0x10, 0), PAGE(0x80010, 0)),
	  HOST(IDAL(0x1000, RD, 0, 8, POISONED)), END(CEDE, PROG, 0x1008, 8) },
	{ .name = "format_1_address_bit_0_of_an_immediate_command", .rule = "S-2 S-31", ORB(F1 | H),
	  MEM(C1(0x1000, 0x1f, SLI, 1, 0x8fffff02u)), DEV(IMMEDIATE), END(CEDE, 0, 0x1008, 1) },
	{ .name = "format_1_address_bit_0_when_reached", .rule = "S-2", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, WR, 0, 8, 0x80010000)),
	  END(CEDE, PROG, 0x1010, 8) },
	{ .name = "format_1_data_ends_at_2_gib", .rule = "S-2", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x2000, 0x7ffff000)),
	  HOST(IDAL(0x1000, RD, 0, 0x2000, 0x7ffff000, POISONED)),
	  PAGES(PAGE(0x7ffff, RW), PAGE(0x80000, 0)), END(CEDE, PROG, 0x1008, 0x1000) },
	{ .name = "format_1_data_up_to_2_gib", .rule = "S-2", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x1000, 0x7ffff000)),
	  HOST(IDAL(0x1000, RD, 0, 0x1000, 0x7ffff000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "format_1_data_over_2_gib_2k", .rule = "S-2", ORB(F1),
	  MEM(C1(0x1000, WR, 0, 0x801, 0x7ffff800)),
	  HOST(IDAL(0x1000, WR, 0, 0x801, 0x7ffff800, POISONED)), END(CEDE, PROG, 0x1008, 1) },
	{ .name = "format_1_program_runs_over_2_gib", .rule = "S-2", ORB_AT(F1 | H, 0x7ffffff8),
	  MEM(C1(0x7ffffff8, WR, CC, 1, 0x10000)), CALLS(SAW(WR, 1)), END(0, PROG, 8, 0) },
	{ .name = "format_1_last_ccw_of_2_gib", .rule = "S-2 S-21", ORB_AT(F1 | H, 0x7ffffff8),
	  MEM(C1(0x7ffffff8, WR, 0, 1, 0x10000)), END(CEDE, 0, 0, 0) },
	{ .name = "format_1_tic_with_flags_is_a_program_check", .rule = "S-2 S-4", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 1, 0x10000), C1(0x1008, TIC, SLI, 0, 0x1100),
	      C1(0x1100, WR, 0, 1, 0x10000)), HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "format_1_tic_with_count_is_a_program_check", .rule = "S-2 S-4", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 1, 0x10000), C1(0x1008, TIC, 0, 1, 0x1100),
	      C1(0x1100, WR, 0, 1, 0x10000)), HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "format_1_tic_address_bit_0", .rule = "S-2 S-4", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 1, 0x10000), C1(0x1008, TIC, 0, 0, 0x80001100u),
	      C1(0x1100, WR, 0, 1, 0x10000)), HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "mida_flag_is_a_program_check", .rule = "S-18", ORB(F1 | H),
	  MEM(C1(0x1000, RD, MIDA, 8, 0x10000)), AT_ONCE(PROG, 0x1008) },
	{ .name = "mida_flag_when_reached", .rule = "S-18", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, MIDA, 8, 0x10000)),
	  HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "mida_flag_in_a_data_chain", .rule = "S-18 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 8, 0x10000), C1(0x1008, 0, MIDA, 8, 0x10000)),
	  HOST(POISON(0x1008)), END(CEDE, PROG, 0x1010, 0) },
	{ .name = "suspend_flag_without_orb_s", .rule = "S-17", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SUS, 8, 0x10000)), AT_ONCE(PROG, 0x1008) },
	{ .name = "suspend_flag_without_orb_s_when_reached", .rule = "S-17", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, SUS, 8, 0x10000)),
	  HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "suspend_flag_in_a_data_chain", .rule = "S-17 S-7", ORB(F1 | H | ORB1_S),
	  MEM(C1(0x1000, WR, CD, 8, 0x10000), C1(0x1008, 0, SUS, 8, 0x10000)),
	  HOST(POISON(0x1008)), END(CEDE, PROG, 0x1010, 0) },
	{ .name = "suspend_flag_in_a_data_chain_to_read_only", .rule = "S-17 S-28 S-7",
	  ORB(F1 | H | ORB1_S), AREA(RO(0x20, 1)),
	  MEM(C1(0x1000, RD, CD, 8, 0x10000), C1(0x1008, 0, SUS, 8, 0x20000)),
	  END(CEDE, PROG, 0x1010, 0) },
	{ .name = "suspend_is_reported_at_the_suspended_ccw", .rule = "S-17 S-21", ORB(F1 | H | ORB1_S),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, SUS, 8, 0x20000)),
	  HOST(IDAL(0x1008, RD, SUS, 8, 0x20000)), CALLS(SAW(WR, 8)),
	  END(0, 0, 0x1010, 0), .word0 = SCSW0_AC_SUSP | SCSW0_SC_INTER | SCSW0_S },

	/*
	 * Where CCWs may be, and ORB.CPA.
	 */
	{ .name = "orb_cpa_on_a_word_is_a_program_check", .rule = "S-3", ORB_AT(F1 | H, 0x1004),
	  MEM(C1(0x1004, RD, 0, 8, 0x10000)), PAGES(PAGE(0x10, 0)), AT_ONCE(PROG, 0x100c) },
	{ .name = "orb_cpa_odd_is_a_program_check", .rule = "S-3", ORB_AT(F0 | H, 0x1001),
	  MEM(C0(0x1001, RD, 0x10000, 0, 8)), AT_ONCE(PROG, 0x1009) },
	{ .name = "first_ccw_in_a_hole", .rule = "S-3 S-13", ORB(F1 | H), MEM(W8(0x2000, 0)),
	  AREA(HOLE(1, 1)), AT_ONCE(PROG, 0x1008) },
	{ .name = "ccws_in_a_read_only_page", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 8, 0x10000)), AREA(RO(1, 1)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "ccws_cross_a_page", .rule = "S-13", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, WR, CC, 8, 0x10000), C1(0x2000, RD, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8), SAW(RD, 8)), END(CEDE, 0, 0x2008, 0) },
	{ .name = "ccws_run_into_a_hole", .rule = "S-13 S-21", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, WR, CC, 8, 0x10000)), AREA(HOLE(2, 1)),
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x2008, 0) },
	{ .name = "ccws_run_into_a_hole_by_data_chaining", .rule = "S-13 S-21", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, WR, CD, 8, 0x10000)), AREA(HOLE(2, 1)),
	  CALLS(SAW(WR, 8)), END(CEDE, PROG, 0x2008, 0) },
	{ .name = "a_hole_behind_the_last_ccw_is_not_read", .rule = "S-13", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, WR, 0, 8, 0x10000)), AREA(HOLE(2, 1)), END(CEDE, 0, 0x2000, 0) },
	{ .name = "last_ccw_of_storage", .rule = "S-13 T-3", ORB_AT(F1 | H, 0x3ff0),
	  MEM(C1(0x3ff0, WR, CC, 8, 0x1000), C1(0x3ff8, RD, 0, 8, 0x2000)),
	  AREA(HOLE(4, 0x100000)), END(CEDE, 0, 0x4000, 0) },
	{ .name = "a_hole_that_only_status_modifier_reaches", .rule = "S-9 S-13", ORB_AT(F1 | H, 0x1ff0),
	  MEM(C1(0x1ff0, SRCH, CC, 5, 0x10000), C1(0x1ff8, RD, 0, 8, 0x20000)), AREA(HOLE(2, 1)),
	  CALLS(SAW(SRCH, 5), SAW(RD, 8)), END(CEDE, 0, 0x2000, 0) },
	{ .name = "a_hole_that_status_modifier_does_reach", .rule = "S-9 S-13", ORB_AT(F1 | H, 0x1ff0),
	  MEM(C1(0x1ff0, SRCH, CC, 5, 0x10000), C1(0x1ff8, RD, 0, 8, 0x20000)), AREA(HOLE(2, 1)),
	  DEV(ENDS(5, SM)), CALLS(SAW(SRCH, 5)), END(0, PROG, 0x2008, 0) },
	{ .name = "data_in_a_hole", .rule = "S-13", ORB(F1 | H), MEM(C1(0x1000, RD, 0, 8, 0x10000)),
	  AREA(HOLE(0x10, 1)), HOST(IDAL(0x1000, RD, 0, 8, POISONED)), END(CEDE, PROG, 0x1008, 8) },
	{ .name = "data_in_a_hole_that_the_device_does_not_use", .rule = "S-13 S-31", ORB(F1 | H),
	  MEM(C1(0x1000, CTL, SLI, 8, 0x10000)), AREA(HOLE(0x10, 1)),
	  DEV(IMMEDIATE), CALLS(SAW(CTL, 0)), END(CEDE, 0, 0x1008, 8) },
	{ .name = "immediate_command_with_an_address_beyond_storage", .rule = "S-31", ORB(F1 | H),
	  MEM(C1(0x1000, 0x1f, SLI | CC, 1, 0x7fffff02), C1(0x1008, WR, 0, 8, 0x10000)),
	  AREA(HOLE(0x100, 0x7ff00)), DEV(IMMEDIATE, ALL), CALLS(SAW(0x1f, 0), SAW(WR, 8)),
	  END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_runs_into_a_hole", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 0x3000, 0x10800)), AREA(HOLE(0x12, 1)),
	  HOST(IDAL(0x1000, WR, 0, 0x3000, 0x10800, 0x11000, POISONED)),
	  END(CEDE, PROG, 0x1008, 0x1800) },
	{ .name = "data_runs_into_a_hole_unless_the_record_is_short", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x3000, 0x10800)), AREA(HOLE(0x12, 1)),
	  DEV(BYTES(0x1800)), END(CEDE, 0, 0x1008, 0x1800) },
	{ .name = "data_one_byte_into_a_hole", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x3000, 0x10800)), AREA(HOLE(0x12, 1)),
	  DEV(BYTES(0x1801)), END(CEDE, PROG, 0x1008, 0x1800) },
	{ .name = "data_in_a_hole_2k", .rule = "S-13 S-11", ORB(F1),
	  MEM(C1(0x1000, RD, 0, 0x1800, 0x10400)), AREA(HOLE(0x11, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x1800, 0x10400, 0x10800, POISONED)),
	  END(CEDE, PROG, 0x1008, 0xc00) },
	{ .name = "a_bad_ccw_behind_the_end_is_not_looked_at", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000), C1(0x1008, 0, 0xff, 0, 0xffffffff)),
	  .ccws = 1, END(CEDE, 0, 0x1008, 0) },
	{ .name = "holes_in_two_ccws_of_one_program", .rule = "S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC | SLI, 0x2000, 0x10000), C1(0x1008, RD, 0, 0x2000, 0x20000)),
	  AREA(HOLE(0x11, 1), HOLE(0x21, 1)), DEV(BYTES(0x1000), ALL),
	  END(CEDE, PROG, 0x1010, 0x1000) },

	/*
	 * Output pages are not written to, so they may be read-only.
	 */
	{ .name = "write_from_a_read_only_page", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), AREA(RO(0x10, 1)), PAGES(PAGE(0x10, FM_READ)),
	  HOST(IDAL(0x1000, WR, 0, 8, 0x10000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "control_from_a_read_only_page_not_ready", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, CTL, 0, 8, 0x10000)), AREA(PROPS(0x10, 1, FM_RO | FM_MISS)),
	  PAGES(PAGE(0x10, FM_READ)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_into_a_read_only_page_is_a_protection_check", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 8, 0x10000)), AREA(RO(0x10, 1)),
	  HOST(IDAL(0x1000, RD, 0, 8, POISONED)), END(CEDE, PROT, 0x1008, 8) },
	{ .name = "read_into_a_read_only_page_that_is_not_used", .rule = "S-28 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x2000, 0x10000)), AREA(RO(0x11, 1)), DEV(BYTES(0x1000)),
	  END(CEDE, 0, 0x1008, 0x1000) },
	{ .name = "read_into_a_read_only_second_page", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x2000, 0x10800)), AREA(RO(0x11, 1)),
	  HOST(IDAL(0x1000, RD, SLI, 0x2000, 0x10800, POISONED)), END(CEDE, PROT, 0x1008, 0x1800) },
	{ .name = "sense_into_a_read_only_page", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, SNS, SLI, 32, 0x10000)), AREA(RO(0x10, 1)), END(CEDE, PROT, 0x1008, 32) },
	{ .name = "read_through_an_idal_into_a_read_only_page", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20000)),
	  AREA(RO(0x20, 1)), END(CEDE, PROT, 0x1008, 0x1000) },
	{ .name = "write_through_an_idal_from_read_only_pages", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, WR, IDA, 0x2000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20000)),
	  AREA(RO(0x10, 1), RO(0x20, 1)), PAGES(PAGE(0x10, FM_READ), PAGE(0x20, FM_READ)),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "read_only_before_a_hole_is_a_protection_check", .rule = "S-28 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x3000, 0x10000)), AREA(RO(0x11, 1), HOLE(0x12, 1)),
	  END(CEDE, PROT, 0x1008, 0x2000) },
	{ .name = "a_hole_before_read_only_is_a_program_check", .rule = "S-28 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x3000, 0x10000)), AREA(HOLE(0x11, 1), RO(0x12, 1)),
	  END(CEDE, PROG, 0x1008, 0x2000) },
	{ .name = "an_invalid_idaw_before_read_only_is_a_program_check", .rule = "S-28 S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, IDA, 0x3000, 0x2000), W8(0x2000, 0x10000), W8(0x2008, 0x20001),
	      W8(0x2010, 0x30000)), AREA(RO(0x30, 1)), END(CEDE, PROG, 0x1008, 0x2000) },
	{ .name = "a_program_check_behind_a_protected_ccw", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI | CC, 0x2000, 0x10000), C1(0x1008, RD, 0, 8, 0x20000)),
	  AREA(RO(0x11, 1), HOLE(0x20, 1)), DEV(BYTES(16), ALL), END(CEDE, PROG, 0x1010, 8) },
	{ .name = "a_protection_check_behind_a_bad_ccw", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI | CC, 0x2000, 0x10000), C1(0x1008, RD, 0, 8, 0x20000)),
	  AREA(HOLE(0x11, 1), RO(0x20, 1)), DEV(BYTES(16), ALL), END(CEDE, PROT, 0x1010, 8) },
	{ .name = "one_page_is_read_and_written", .rule = "S-28", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, 0, 8, 0x10100)),
	  PAGES(PAGE(0x10, RW)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "read_only_2k_blocks", .rule = "S-28 S-11", ORB(F1),
	  MEM(C1(0x1000, RD, 0, 0x1800, 0x10400)), AREA(RO(0x11, 1)),
	  HOST(IDAL(0x1000, RD, 0, 0x1800, 0x10400, 0x10800, POISONED)),
	  END(CEDE, PROT, 0x1008, 0xc00) },
	{ .name = "read_only_page_not_ready_is_read_from_and_not_written_to", .rule = "S-28 T-16",
	  ORB(F1 | H), AREA(PROPS(0x10, 1, FM_RO | FM_MISS)),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, 0, 8, 0x10100)),
	  PAGES(PAGE(0x10, FM_READ)), CALLS(SAW(WR, 8), SAW(RD, 0)), END(CEDE, PROT, 0x1010, 8) },
	{ .name = "pages_not_ready_one_of_them_read_only", .rule = "S-28 T-16", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0x3000, 0x10000)),
	  AREA(PROPS(0x10, 3, FM_MISS), PROPS(0x11, 1, FM_MISS | FM_RO)),
	  PAGES(PAGE(0x10, RW), PAGE(0x11, 0)), END(CEDE, PROT, 0x1008, 0x2000) },
	{ .name = "pages_not_ready_one_of_them_a_hole", .rule = "S-13 T-16", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 0x3000, 0x10000)), AREA(PROPS(0x10, 3, FM_MISS), HOLE(0x11, 1)),
	  PAGES(PAGE(0x10, FM_READ)), END(CEDE, PROG, 0x1008, 0x2000) },
	{ .name = "pages_not_ready_in_falling_order", .rule = "S-14", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC, 8, 0x13000), C1(0x1008, WR, CC, 8, 0x12000),
	      C1(0x1010, RD, CC, 8, 0x11000), C1(0x1018, WR, 0, 8, 0x10000)),
	  AREA(PROPS(0x10, 4, FM_MISS)),
	  PAGES(PAGE(0x10, FM_READ), PAGE(0x11, RW), PAGE(0x12, FM_READ), PAGE(0x13, RW)),
	  END(CEDE, 0, 0x1020, 0) },
	{ .name = "two_hundred_pages_not_ready", .rule = "S-14", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(RD, CC, 0x8000, 0x100000), 25, 8, 0x8000),
	      C1(0x1000 + 25 * 8, WR, 0, 8, 0x10000)),
	  AREA(PROPS(0x100, 0x100, FM_MISS)),
	  PAGES(PAGE(0x100, RW), PAGE(0x1c7, RW)), END(CEDE, 0, 0x1000 + 26 * 8, 0) },
	{ .name = "a_page_that_only_status_modifier_reaches_not_ready", .rule = "S-9 S-14", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 8, 0x10000), C1(0x1008, RD, 0, 8, 0x11000),
	      C1(0x1010, RD, 0, 8, 0x20000)), AREA(PROPS(0x20, 1, FM_MISS)),
	  DEV(ENDS(8, SM), ALL), CALLS(SAW(SRCH, 8), SAW(RD, 8)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "protection_behind_many_idals", .rule = "S-28", ORB(F1),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 0xffff, 0x100000), 60, 8, 0),
	      C1(0x1000 + 60 * 8, RD, 0, 8, 0x10000)),
	  AREA(RO(0x10, 1)), END(CEDE, PROT, 0x1000 + 61 * 8, 8) },
	{ .name = "skipped_read_into_a_read_only_page", .rule = "S-28 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SKIP, 8, 0x10000)), AREA(RO(0x10, 1)), END(CEDE, 0, 0x1008, 0) },

	/*
	 * Data chaining: the command code of a chained CCW means nothing.
	 */
	{ .name = "data_chain_of_a_read", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)),
	  HOST(IDAL(0x1000, RD, CD, 16, 0x10000), IDAL(0x1008, 0, 0, 16, 0x20000)),
	  PAGES(PAGE(0x10, RW), PAGE(0x20, RW)), CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_a_write_with_a_read_code", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, RD, 0, 16, 0x20000)),
	  PAGES(PAGE(0x10, FM_READ), PAGE(0x20, FM_READ)), CALLS(SAW(WR, 32)),
	  END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_a_read_with_a_write_code", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, WR, 0, 16, 0x20000)),
	  PAGES(PAGE(0x20, RW)), CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_a_read_with_a_nop_code_transfers", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, NOP, 0, 16, 0x20000)),
	  HOST(IDAL(0x1008, NOP, 0, 16, 0x20000)), PAGES(PAGE(0x20, RW)),
	  CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_a_read_with_a_backward_code_goes_up", .rule = "S-7 S-10", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, RB, 0, 0x1800, 0x20000)),
	  HOST(IDAL(0x1008, RB, 0, 0x1800, 0x20000, 0x21000)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_a_backward_read_with_a_read_code_goes_down", .rule = "S-7 S-10",
	  ORB(F1 | H), MEM(C1(0x1000, RB, CD, 16, 0x1000f), C1(0x1008, RD, 0, 0x1800, 0x21000)),
	  HOST(IDAL(0x1008, RD, 0, 0x1800, 0x21000, 0x20fff, 0x1ffff)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_with_skip_in_the_middle", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, CD | SKIP, 16, 0x20000),
	      C1(0x1010, 0, 0, 16, 0x30000)),
	  HOST(NONE(0x1008, 0, CD | SKIP, 16)), PAGES(PAGE(0x20, 0), PAGE(0x30, RW)),
	  CALLS(SAW(RD, 48)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "skip_is_ignored_for_a_write", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, WR, SKIP, 16, 0x10000)),
	  HOST(IDAL(0x1000, WR, SKIP, 16, 0x10000)), PAGES(PAGE(0x10, FM_READ)),
	  CALLS(SAW(WR, 16)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_is_ignored_in_a_data_chain_of_a_write", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, RD, SKIP, 16, 0x20000)),
	  HOST(IDAL(0x1008, RD, SKIP, 16, 0x20000)), PAGES(PAGE(0x20, FM_READ)),
	  CALLS(SAW(WR, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "skip_is_honoured_in_a_data_chain_of_a_read_with_a_write_code", .rule = "S-7",
	  ORB(F1 | H), MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, WR, SKIP, 16, 0x20000)),
	  HOST(NONE(0x1008, WR, SKIP, 16)), PAGES(PAGE(0x20, 0)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "skip_is_ignored_for_control", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, CTL, SKIP, 16, 0x10000)), PAGES(PAGE(0x10, FM_READ)),
	  CALLS(SAW(CTL, 16)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "data_chain_wins_over_command_chain", .rule = "S-7 S-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD | CC, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)),
	  CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_then_command_chain", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, CC, 16, 0x20000),
	      C1(0x1010, WR, 0, 8, 0x30000)),
	  CALLS(SAW(RD, 32), SAW(WR, 8)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "data_chain_count_zero_opens", .rule = "S-8 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 0, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)), AT_ONCE(PROG, 0x1008) },
	{ .name = "data_chain_count_zero_inside", .rule = "S-8 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, CD, 0, 0x20000),
	      C1(0x1010, 0, 0, 16, 0x20000)),
	  HOST(POISON(0x1008)), CALLS(SAW(RD, 16)), END(CEDE, PROG, 0x1010, 0) },
	{ .name = "data_chain_count_zero_at_its_end", .rule = "S-8 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, 0, 0, 0x20000)),
	  HOST(POISON(0x1008)), END(CEDE, PROG, 0x1010, 0) },
	{ .name = "data_chain_bad_ccw_is_not_reached_by_a_short_record", .rule = "S-7 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, 0, 0, 0x20000)),
	  DEV(BYTES(15)), END(CEDE, IL, 0x1008, 1) },
	{ .name = "data_chain_incorrect_length_in_spite_of_sli", .rule = "S-15 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD | SLI, 16, 0x10000), C1(0x1008, 0, SLI, 16, 0x20000)),
	  DEV(BYTES(10)), END(CEDE, IL, 0x1008, 6) },
	{ .name = "data_chain_ends_in_the_second_ccw", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, SLI, 16, 0x20000)),
	  DEV(BYTES(20)), END(CEDE, 0, 0x1010, 12) },
	{ .name = "data_chain_ends_with_the_first_ccw", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)),
	  DEV(BYTES(16)), END(CEDE, IL, 0x1010, 16) },
	{ .name = "data_chain_ends_with_the_first_ccw_lazily", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)),
	  DEV(BYTES(16)), .lazy = true, END(CEDE, IL, 0x1008, 0) },
	{ .name = "data_chain_through_a_tic", .rule = "S-5 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, TIC, 0, 0, 0x1100),
	      C1(0x1100, WR, 0, 16, 0x20000)),
	  HOST(TICTO(0x1008, 0x1100)), PAGES(PAGE(0x20, RW)), CALLS(SAW(RD, 32)),
	  END(CEDE, 0, 0x1108, 0) },
	{ .name = "data_chain_through_a_tic_to_a_nop_code", .rule = "S-5 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, TIC, 0, 0, 0x1100),
	      C1(0x1100, NOP, 0, 16, 0x20000)),
	  HOST(IDAL(0x1100, NOP, 0, 16, 0x20000)), CALLS(SAW(WR, 32)), END(CEDE, 0, 0x1108, 0) },
	{ .name = "data_chain_through_a_tic_to_count_zero", .rule = "S-5 S-8", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, TIC, 0, 0, 0x1100),
	      C1(0x1100, WR, 0, 0, 0x20000)),
	  HOST(POISON(0x1100)), END(CEDE, PROG, 0x1108, 0) },
	{ .name = "data_chain_loop_by_tic", .rule = "S-6 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, TIC, 0, 0, 0x1000)),
	  HOST(TICTO(0x1008, 0x1000)), DEV(BYTES(100)), CALLS(SAW(RD, 100)),
	  END(CEDE, IL, 0x1008, 12) },
	{ .name = "data_chain_with_an_invalid_code_is_fine", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, 0x10, 0, 16, 0x20000)),
	  HOST(IDAL(0x1008, 0x10, 0, 16, 0x20000)), CALLS(SAW(WR, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_with_address_bit_0", .rule = "S-7 S-2", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x80020000)),
	  CALLS(SAW(WR, 16)), END(CEDE, PROG, 0x1010, 16) },
	{ .name = "data_chain_into_a_hole_of_data", .rule = "S-7 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, 0, 0, 16, 0x20000)), AREA(HOLE(0x20, 1)),
	  HOST(IDAL(0x1008, 0, 0, 16, POISONED)), END(CEDE, PROG, 0x1010, 16) },
	{ .name = "data_chain_into_read_only_data", .rule = "S-7 S-28", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 16, 0x10000), C1(0x1008, WR, 0, 16, 0x20000)), AREA(RO(0x20, 1)),
	  END(CEDE, PROT, 0x1010, 16) },
	{ .name = "data_chain_of_a_write_from_read_only_data", .rule = "S-7 S-28", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CD, 16, 0x10000), C1(0x1008, RD, 0, 16, 0x20000)), AREA(RO(0x20, 1)),
	  PAGES(PAGE(0x20, FM_READ)), CALLS(SAW(WR, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_of_an_immediate_command_ends", .rule = "S-7 S-15", ORB(F1 | H | ORB1_L),
	  MEM(C1(0x1000, CTL, CD | CC, 16, 0x10000), C1(0x1008, WR, 0, 16, 0x20000)),
	  DEV(IMMEDIATE), CALLS(SAW(CTL, 0)), END(CEDE, 0, 0x1008, 16) },
	{ .name = "data_chain_format_0", .rule = "S-7 S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x10000, CD, 16), C0(0x1008, WR, 0x20000, 0, 16)),
	  PAGES(PAGE(0x20, RW)), CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "data_chain_format_0_x8_is_a_tic", .rule = "S-7 S-1", ORB(F0 | H),
	  MEM(C0(0x1000, RD, 0x10000, CD, 16), C0(0x1008, 0x58, 0x1100, 0, 16),
	      C0(0x1100, WR, 0x20000, 0, 16)),
	  HOST(TICTO(0x1008, 0x1100)), CALLS(SAW(RD, 32)), END(CEDE, 0, 0x1108, 0) },
	{ .name = "data_chain_with_idals", .rule = "S-7 S-12", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD | IDA, 0x1800, 0x2000), C1(0x1008, 0, IDA, 0x10, 0x2010),
	      W8(0x2000, 0x10000), W8(0x2008, 0x20000), W8(0x2010, 0x30ff8), W8(0x2018, 0x40000)),
	  HOST(IDAL(0x1000, RD, CD, 0x1800, 0x10000, 0x20000),
	       IDAL(0x1008, 0, 0, 0x10, 0x30ff8, 0x40000)),
	  CALLS(SAW(RD, 0x1810)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "ccw_reached_as_command_and_as_data", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1020),
	      C1(0x1010, RD, CD, 8, 0x20000), C1(0x1018, TIC, 0, 0, 0x1020),
	      C1(0x1020, NOP, 0, 8, 0x30000)),
	  PAGES(PAGE(0x30, RW)),
	  DEV(ENDS(8, SM), ALL), CALLS(SAW(WR, 8), SAW(RD, 16)), END(CEDE, 0, 0x1028, 0) },
	{ .name = "ccw_never_good_in_any_of_its_contexts", .rule = "S-7 S-8 S-30", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CD, 8, 0x11000),
	      C1(0x1010, 0x18, CC | SLI, 0, 0x20000), C1(0x1018, RD, 0, 8, 0x30000)),
	  HOST(POISON(0x1010)), PAGES(PAGE(0x20, 0), PAGE(0x30, 0)),
	  DEV(ENDS(8, SM)), CALLS(SAW(WR, 8)), END(0, PROG, 0x1018, 0) },
	{ .name = "ccw_good_as_data_and_bad_as_a_command", .rule = "S-7 S-30", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CD, 8, 0x11000),
	      C1(0x1010, 0x10, 0, 8, 0x20000)),
	  HOST(IDAL(0x1010, 0x10, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8), SAW(RD, 16)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "ccw_bad_as_a_command_and_good_as_data", .rule = "S-7 S-30", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CD, 8, 0x11000),
	      C1(0x1010, 0x10, 0, 8, 0x20000)),
	  DEV(ENDS(8, SM)), CALLS(SAW(WR, 8)), END(0, PROG, 0x1018, 0) },
	{ .name = "ccw_reached_forwards_and_backwards_by_tics", .rule = "S-7 S-10 S-6", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1020),
	      C1(0x1010, RB, CD, 8, 0x20007), C1(0x1018, TIC, 0, 0, 0x1020),
	      C1(0x1020, RD, 0, 8, 0x30000)),
	  DEV(ENDS(8, SM), ALL), PAGES(PAGE(0x30, RW), PAGE(0x2f, RW)),
	  CALLS(SAW(WR, 8), SAW(RB, 16)), END(CEDE, 0, 0x1028, 0) },
	{ .name = "ccw_reached_forwards_and_backwards_in_turn", .rule = "S-7 S-10", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RB, CD, 8, 0x20007),
	      C1(0x1010, RD, 0, 8, 0x30000)),
	  DEV(ENDS(8, SM)), PAGES(PAGE(0x30, 0)),
	  CALLS(SAW(WR, 8), SAW(RD, 0)), END(CEDE, PROG, 0x1018, 8) },
	{ .name = "ccw_reached_as_input_and_as_output", .rule = "S-7", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1020),
	      C1(0x1010, WR, CD, 8, 0x20000), C1(0x1018, TIC, 0, 0, 0x1020),
	      C1(0x1020, RD, 0, 8, 0x30000)),
	  PAGES(PAGE(0x30, RW)),
	  DEV(ENDS(8, SM), ALL), CALLS(SAW(WR, 8), SAW(WR, 16)), END(CEDE, 0, 0x1028, 0) },

	/*
	 * Count zero, skip and commands that move nothing.
	 */
	{ .name = "count_zero_touches_no_memory", .rule = "S-8 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0, 0x10000)), HOST(NONE(0x1000, RD, SLI, 0)),
	  PAGES(PAGE(0x10, 0)), CALLS(SAW(RD, 0)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "count_zero_with_a_bad_idal", .rule = "S-8 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI | IDA | CC, 0, 0x10003), C1(0x1008, WR, 0, 4, 0x20000)),
	  AREA(HOLE(0x10, 1)), CALLS(SAW(RD, 0), SAW(WR, 4)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "count_zero_and_a_long_record", .rule = "S-8 S-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 0, 0x10000)), DEV(BYTES(10)), END(CEDE, IL, 0x1008, 0) },
	{ .name = "count_zero_with_address_bit_0", .rule = "S-8 S-2", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0, 0x80010000)), HOST(NONE(0x1000, RD, SLI, 0)),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "nop_with_a_garbage_address", .rule = "S-31 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, SLI, 1, 0x7fff1234)), AREA(HOLE(0x7fff1, 1)),
	  HOST(NONE(0x1000, NOP, SLI, 1)), PAGES(PAGE(0x7fff1, 0)),
	  CALLS(SAW(NOP, 0)), END(CEDE, 0, 0x1008, 1) },
	{ .name = "nop_touches_no_memory", .rule = "S-31 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, SLI, 4096, 0x10000)), PAGES(PAGE(0x10, 0)),
	  CALLS(SAW(NOP, 0)), END(CEDE, 0, 0x1008, 4096) },
	{ .name = "nop_with_ida_and_a_garbage_list", .rule = "S-31 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, SLI | IDA, 16, 0x2001)), AREA(HOLE(2, 1)),
	  CALLS(SAW(NOP, 0)), END(CEDE, 0, 0x1008, 16) },
	{ .name = "nop_chained_to_a_read", .rule = "T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, SLI | CC, 1, 0), C1(0x1008, RD, 0, 8, 0x10000)),
	  CALLS(SAW(NOP, 0), SAW(RD, 8)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "nop_count_zero", .rule = "S-8 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, 0, 0, 0)), CALLS(SAW(NOP, 0)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_moves_nothing", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SKIP, 8192, 0x10000)), HOST(NONE(0x1000, RD, SKIP, 8192)),
	  PAGES(PAGE(0x10, 0), PAGE(0x11, 0)), CALLS(SAW(RD, 8192)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_with_a_garbage_address", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, SNS, SKIP, 32, 0x7fff1234)), AREA(HOLE(0x7fff1, 1)),
	  CALLS(SAW(SNS, 32)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_with_ida_reads_no_idal", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SKIP | IDA, 0x1800, 0x2000)), AREA(HOLE(2, 1)),
	  CALLS(SAW(RD, 0x1800)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_of_65535_bytes", .rule = "S-7 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SKIP, 0xffff, 0x10000)), CALLS(SAW(RD, 0xffff)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "skip_residual", .rule = "S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SKIP | SLI, 100, 0x10000)), DEV(BYTES(60)), END(CEDE, 0, 0x1008, 40) },

	/*
	 * Lengths.
	 */
	{ .name = "short_record_with_sli", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 100, 0x10000)), DEV(BYTES(60)), END(CEDE, 0, 0x1008, 40) },
	{ .name = "short_record_without_sli", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 100, 0x10000)), DEV(BYTES(60)), END(CEDE, IL, 0x1008, 40) },
	{ .name = "long_record_with_sli", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 100, 0x10000)), DEV(BYTES(200)), CALLS(SAW(RD, 100)),
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "long_record_without_sli", .rule = "S-15 S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, 0, 100, 0x10000)), DEV(BYTES(200)), CALLS(SAW(RD, 100)),
	  END(CEDE, IL, 0x1008, 0) },
	{ .name = "incorrect_length_ends_command_chaining", .rule = "S-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC, 100, 0x10000), C1(0x1008, WR, 0, 8, 0x20000)),
	  DEV(BYTES(60)), CALLS(SAW(RD, 60)), END(CEDE, IL, 0x1008, 40) },
	{ .name = "sli_lets_command_chaining_go_on", .rule = "S-15", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC | SLI, 100, 0x10000), C1(0x1008, WR, 0, 8, 0x20000)),
	  DEV(BYTES(60), ALL), CALLS(SAW(RD, 60), SAW(WR, 8)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "residual_in_the_middle_of_an_idal", .rule = "S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x3000, 0x10800)), DEV(BYTES(0x1234)),
	  END(CEDE, 0, 0x1008, 0x3000 - 0x1234) },
	{ .name = "no_bytes_at_all", .rule = "S-20", ORB(F1 | H),
	  MEM(C1(0x1000, RD, SLI, 0x3000, 0x10800)), DEV(BYTES(0)), END(CEDE, 0, 0x1008, 0x3000) },
	{ .name = "unit_check_ends_the_program", .rule = "S-21 S-24", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CC, 8, 0x20000),
	      C1(0x1010, WR, 0, 8, 0x30000)),
	  DEV(ALL, ENDS(8, CEDE | DEV_UC)), CALLS(SAW(WR, 8), SAW(RD, 8)),
	  END(CEDE | DEV_UC, 0, 0x1010, 0), .word0 = SCSW0_SC_ALERT },
	{ .name = "unit_exception_ends_the_program", .rule = "S-21", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CC | SLI, 8, 0x10000), C1(0x1008, RD, 0, 8, 0x20000)),
	  DEV(ENDS(0, CEDE | DEV_UX)), CALLS(SAW(RD, 0)), END(CEDE | DEV_UX, 0, 0x1008, 8) },
	{ .name = "channel_end_and_device_end_apart", .rule = "S-21 S-22", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), DEV(SPLIT(8)), .irbs = 2,
	  END(DEV_DE, 0, 0x1008, 0), .word0 = SCSW0_SC_SECOND },

	/*
	 * TIC.
	 */
	{ .name = "tic_forward", .rule = "S-4 S-6 T-11", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000),
	      C1(0x5000, RD, 0, 8, 0x20000)),
	  HOST(TICTO(0x1008, 0x5000), IDAL(0x5000, RD, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8), SAW(RD, 8)), END(CEDE, 0, 0x5008, 0) },
	{ .name = "tic_backward_to_another_segment", .rule = "S-6 T-11", ORB_AT(F1 | H, 0x5000),
	  MEM(C1(0x5000, WR, CC, 8, 0x10000), C1(0x5008, TIC, 0, 0, 0x1000),
	      C1(0x1000, RD, 0, 8, 0x20000)),
	  HOST(TICTO(0x5008, 0x1000)), END(CEDE, 0, 0x1008, 0) },
	{ .name = "tic_into_the_middle_of_a_segment", .rule = "S-6 T-11", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, CTL, CC, 8, 0x11000),
	      C1(0x1010, SNS, CC | SLI, 8, 0x12000), C1(0x1018, TIC, 0, 0, 0x1008)),
	  HOST(TICTO(0x1018, 0x1008)), DEV(ALL, ALL, ALL, ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(WR, 8), SAW(CTL, 8), SAW(SNS, 8), SAW(CTL, 8)),
	  END(CEDE | DEV_UC, 0, 0x1010, 0) },
	{ .name = "tic_to_itself", .rule = "S-4 S-6", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1008)),
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x1010, 0) },
	{ .name = "tic_to_the_next_ccw", .rule = "S-6", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1010),
	      C1(0x1010, RD, 0, 8, 0x20000)),
	  HOST(TICTO(0x1008, 0x1010)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "tic_as_the_first_ccw", .rule = "S-4", ORB(F1 | H),
	  MEM(C1(0x1000, TIC, 0, 0, 0x1100), C1(0x1100, WR, 0, 8, 0x10000)), AT_ONCE(PROG, 0x1008) },
	{ .name = "tic_as_the_first_ccw_format_0", .rule = "S-4 S-1", ORB(F0 | H),
	  MEM(C0(0x1000, 0xd8, 0x1100, 0, 0), C0(0x1100, WR, 0x10000, 0, 8)), AT_ONCE(PROG, 0x1008) },
	{ .name = "tic_to_a_tic", .rule = "S-4 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1100),
	      C1(0x1100, TIC, 0, 0, 0x1200), C1(0x1200, RD, 0, 8, 0x20000)),
	  PAGES(PAGE(0x20, 0)), CALLS(SAW(WR, 8)), END(0, PROG, 0x1108, 0) },
	{ .name = "tic_to_a_tic_that_is_fine_from_elsewhere", .rule = "S-4 S-6", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1018),
	      C1(0x1010, WR, CC, 8, 0x10000), C1(0x1018, TIC, 0, 0, 0x1200),
	      C1(0x1200, RD, 0, 8, 0x20000)),
	  DEV(ENDS(8, SM), ALL, ALL), CALLS(SAW(WR, 8), SAW(WR, 8), SAW(RD, 8)),
	  END(CEDE, 0, 0x1208, 0) },
	{ .name = "tic_to_a_tic_also_reached_from_elsewhere", .rule = "S-4 S-6 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1018),
	      C1(0x1010, WR, CC, 8, 0x10000), C1(0x1018, TIC, 0, 0, 0x1200),
	      C1(0x1200, RD, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x1020, 0) },
	{ .name = "tic_target_not_on_a_doubleword", .rule = "S-3 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1104),
	      C1(0x1104, RD, 0, 8, 0x20000)),
	  HOST(POISON(0x1008)), PAGES(PAGE(0x20, 0)), END(0, PROG, 0x1010, 0) },
	{ .name = "tic_target_in_a_hole", .rule = "S-13 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000)), AREA(HOLE(5, 1)),
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x1010, 0) },
	{ .name = "tic_target_in_a_hole_not_reached", .rule = "S-13 T-10", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000)), AREA(HOLE(5, 1)),
	  DEV(ENDS(8, CEDE | DEV_UC)), END(CEDE | DEV_UC, 0, 0x1008, 0) },
	{ .name = "tic_target_is_a_bad_ccw", .rule = "S-13 S-21 T-10", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000),
	      C1(0x5000, 0x00, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8)), END(0, PROG, 0x5008, 0) },
	{ .name = "tic_to_the_start", .rule = "S-6 T-12", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1000)),
	  HOST(TICTO(0x1008, 0x1000)), DEV(ALL, ALL, ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(WR, 8), SAW(WR, 8), SAW(WR, 8)), END(CEDE | DEV_UC, 0, 0x1008, 0) },
	{ .name = "search_loop_by_status_modifier", .rule = "S-9 S-6 T-12", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, TIC, 0, 0, 0x1000),
	      C1(0x1010, RD, 0, 8, 0x20000)),
	  HOST(TICTO(0x1008, 0x1000), IDAL(0x1010, RD, 0, 8, 0x20000)),
	  DEV(ALL, ALL, ENDS(5, SM), ALL),
	  CALLS(SAW(SRCH, 5), SAW(SRCH, 5), SAW(SRCH, 5), SAW(RD, 8)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "search_loop_of_one_in_the_middle", .rule = "S-9 T-12", ORB(F1 | H),
	  MEM(C1(0x1000, CTL, CC, 6, 0x11000), C1(0x1008, SRCH, CC, 5, 0x10000),
	      C1(0x1010, TIC, 0, 0, 0x1008), C1(0x1018, RD, CC, 8, 0x20000),
	      C1(0x1020, RD, 0, 8, 0x30000)),
	  DEV(ALL, ALL, ENDS(5, SM), ALL, ALL),
	  CALLS(SAW(CTL, 6), SAW(SRCH, 5), SAW(SRCH, 5), SAW(RD, 8), SAW(RD, 8)),
	  END(CEDE, 0, 0x1028, 0) },
	{ .name = "search_never_finds", .rule = "S-9 T-12", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, TIC, 0, 0, 0x1000),
	      C1(0x1010, RD, 0, 8, 0x20000)),
	  DEV(ALL, ALL, ENDS(5, CEDE | DEV_UC)),
	  CALLS(SAW(SRCH, 5), SAW(SRCH, 5), SAW(SRCH, 5)), END(CEDE | DEV_UC, 0, 0x1008, 0) },
	{ .name = "format_0_search_loop", .rule = "S-9 S-1 T-12 T-13", ORB(F0),
	  MEM(C0(0x1000, SRCH, 0x10000, CC, 5), C0(0x1008, TIC, 0x1000, 0, 0),
	      C0(0x1010, RD, 0x20000, 0, 8)),
	  DEV(ALL, ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(SRCH, 5), SAW(RD, 8)),
	  END(CEDE, 0, 0x1018, 0) },
	{ .name = "tic_to_a_segment_that_runs_into_a_known_one", .rule = "S-6", ORB_AT(F1 | H, 0x1010),
	  MEM(C1(0x1010, WR, CC, 8, 0x10000), C1(0x1018, TIC, 0, 0, 0x1000),
	      C1(0x1000, CTL, CC, 8, 0x11000), C1(0x1008, SNS, CC | SLI, 8, 0x12000)),
	  DEV(ALL, ALL, ALL, ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(WR, 8), SAW(CTL, 8), SAW(SNS, 8), SAW(WR, 8)), END(CEDE | DEV_UC, 0, 0x1018, 0) },
	{ .name = "code_behind_a_tic_may_be_garbage", .rule = "S-6 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000),
	      W8(0x1010, 0xffffffffffffffffull), C1(0x5000, RD, 0, 8, 0x20000)),
	  END(CEDE, 0, 0x5008, 0) },
	{ .name = "tic_code_has_no_flags_of_its_own_format_0", .rule = "S-5", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10000, CC, 8), C0(0x1008, TIC, 0x1100, CD | CC, 8),
	      C0(0x1100, NOP, 0, 0, 1)), CALLS(SAW(WR, 8), SAW(NOP, 0)), END(CEDE, 0, 0x1108, 1) },
	{ .name = "two_tics_to_one_target", .rule = "S-6", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000),
	      C1(0x1010, TIC, 0, 0, 0x5000), C1(0x5000, RD, 0, 8, 0x20000)),
	  HOST(TICTO(0x1008, 0x5000), TICTO(0x1010, 0x5000)), END(CEDE, 0, 0x5008, 0) },
	{ .name = "segments_side_by_side_stay_apart", .rule = "S-21", ORB_AT(F1 | H, 0x1008),
	  MEM(C1(0x1008, WR, CC, 8, 0x10000), C1(0x1010, TIC, 0, 0, 0x1000),
	      C1(0x1000, RD, 0, 8, 0x20000)),
	  CALLS(SAW(WR, 8), SAW(RD, 8)), END(CEDE, 0, 0x1008, 0) },

	{ .name = "tic_back_to_the_first_of_forty_segments", .rule = "S-6 T-1", ORB_AT(F1 | H, 0x4000),
	  MEM(REPEAT(0x4000, 8, V1(WR, CC, 1, 0x10000), 40, 0x20, 0),
	      REPEAT(0x4008, 8, V1(TIC, 0, 0, 0x4020), 39, 0x20, 0x20),
	      C1(0x4008 + 39 * 0x20, TIC, 0, 0, 0x4000), REPEAT(0x4010, 8, 0, 40, 0x20, 0)),
	  END(CEDE | DEV_UC, 0, 0x4000 + 20 * 0x20 + 8, 0) },
	{ .name = "tic_back_to_the_first_of_forty_segments_in_a_data_chain", .rule = "S-6 S-7 T-1",
	  ORB_AT(F1 | H, 0x4000),
	  MEM(REPEAT(0x4000, 8, V1(WR, CC, 1, 0x10000), 39, 0x20, 0),
	      C1(0x4000 + 39 * 0x20, RD, CD, 1, 0x20000),
	      REPEAT(0x4008, 8, V1(TIC, 0, 0, 0x4020), 39, 0x20, 0x20),
	      C1(0x4008 + 39 * 0x20, TIC, 0, 0, 0x4000), REPEAT(0x4010, 8, 0, 40, 0x20, 0)),
	  PAGES(PAGE(0x10, RW)),
	  END(CEDE | DEV_UC, 0, 0x4000 + 27 * 0x20 + 8, 0) },
	{ .name = "tic_into_the_middle_of_an_old_segment", .rule = "S-6 T-1", ORB_AT(F1 | H, 0x3ff0),
	  MEM(C1(0x3ff0, CTL, CC, 8, 0x10000), C1(0x3ff8, CTL, CC, 8, 0x10000),
	      REPEAT(0x4000, 8, V1(WR, CC, 1, 0x10000), 40, 0x20, 0),
	      REPEAT(0x4008, 8, V1(TIC, 0, 0, 0x4020), 39, 0x20, 0x20),
	      C1(0x4008 + 39 * 0x20, TIC, 0, 0, 0x3ff8), REPEAT(0x4010, 8, 0, 40, 0x20, 0)),
	  END(CEDE | DEV_UC, 0, 0x4000 + 11 * 0x20 + 8, 0) },
	{ .name = "a_segment_runs_into_the_start_of_another", .rule = "S-6 S-9", ORB_AT(F1 | H, 0x2000),
	  MEM(C1(0x2000, WR, CC, 8, 0x10000), C1(0x2008, RD, CC, 8, 0x20000),
	      C1(0x2010, TIC, 0, 0, 0x1ff0), W8(0x2018, 0),
	      C1(0x1ff0, CTL, CC, 8, 0x11000), C1(0x1ff8, SNS, CC, 8, 0x12000)),
	  DEV(ALL, ALL, ALL, ALL, ALL, ALL, ALL, ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(WR, 8), SAW(RD, 8), SAW(CTL, 8), SAW(SNS, 8), SAW(WR, 8), SAW(RD, 8),
		SAW(CTL, 8), SAW(SNS, 8)),
	  END(CEDE | DEV_UC, 0, 0x2000, 0) },
	{ .name = "status_modifier_into_the_start_of_another_segment", .rule = "S-6 S-9",
	  ORB_AT(F1 | H, 0x2000),
	  MEM(C1(0x2000, WR, CC, 8, 0x10000), C1(0x2008, RD, CC, 8, 0x20000),
	      C1(0x2010, TIC, 0, 0, 0x1ff0), W8(0x2018, 0),
	      C1(0x1ff0, SRCH, CC, 8, 0x11000), C1(0x1ff8, SRCH, CC, 8, 0x12000)),
	  DEV(ALL, ALL, ENDS(8, SM), ALL, ALL, ALL, ENDS(8, SM), ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(WR, 8), SAW(RD, 8), SAW(SRCH, 8), SAW(WR, 8), SAW(RD, 8), SAW(SRCH, 8),
		SAW(SRCH, 8), SAW(RD, 8)),
	  END(CEDE | DEV_UC, 0, 0x2010, 0) },
	{ .name = "status_modifier_past_the_start_of_another_segment", .rule = "S-6 S-9 S-21",
	  ORB_AT(F1 | H, 0x2000),
	  MEM(C1(0x2000, WR, CC, 8, 0x10000), C1(0x2008, 0x10, CC, 8, 0x20000),
	      C1(0x2010, TIC, 0, 0, 0x1ff8), W8(0x2018, 0), C1(0x1ff8, SRCH, CC, 8, 0x12000)),
	  DEV(ENDS(8, SM), ENDS(8, SM)), CALLS(SAW(WR, 8), SAW(SRCH, 8)), END(0, PROG, 0x2010, 0) },
	{ .name = "eight_segments_run_into_eight_others", .rule = "S-6 T-16", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(SRCH, CC, 8, 0x10000), 8, 0x10, 0),
	      REPEAT(0x1008, 8, V1(TIC, 0, 0, 0x4000), 8, 0x10, 0x100), W8(0x1080, 0),
	      REPEAT(0x4000, 8, V1(WR, CC, 8, 0x11000), 8, 0x100, 0),
	      REPEAT(0x4008, 8, V1(SNS, CC, 8, 0x12000), 8, 0x100, 0),
	      REPEAT(0x4010, 8, V1(TIC, 0, 0, 0x3ff8), 8, 0x100, 0x100),
	      REPEAT(0x4018, 8, 0, 8, 0x100, 0),
	      REPEAT(0x3ff8, 8, V1(CTL, CC, 8, 0x13000), 8, 0x100, 0)),
	  DEV(ALL, ALL, ALL, ALL, ALL, ENDS(8, CEDE | DEV_UC)),
	  CALLS(SAW(SRCH, 8), SAW(WR, 8), SAW(SNS, 8), SAW(CTL, 8), SAW(WR, 8), SAW(SNS, 8)),
	  END(CEDE | DEV_UC, 0, 0x4010, 0) },
	{ .name = "a_data_chain_runs_into_the_start_of_another_segment", .rule = "S-6 S-7",
	  ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x3000),
	      C1(0x3000, 0, CC, 8, 0x20000), C1(0x3008, TIC, 0, 0, 0x2ff8), W8(0x3010, 0),
	      C1(0x2ff8, RD, CD, 8, 0x30000)),
	  DEV(ALL, ENDS(16, CEDE | DEV_UC)), CALLS(SAW(RD, 16), SAW(RD, 16)),
	  END(CEDE | DEV_UC, 0, 0x3008, 0) },
	{ .name = "a_segment_runs_into_one_that_was_speculative", .rule = "S-6 S-9 T-16",
	  ORB(F1 | H), AREA(PROPS(0x30, 1, FM_MISS)),
	  MEM(C1(0x1000, SRCH, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x4000),
	      C1(0x1010, TIC, 0, 0, 0x3000), C1(0x4000, WR, CC, 8, 0x20000),
	      C1(0x4008, TIC, 0, 0, 0x2ff8), W8(0x4010, 0),
	      C1(0x2ff8, CTL, CC, 8, 0x11000), C1(0x3000, RD, CC, 8, 0x30000),
	      C1(0x3008, RD, 0, 8, 0x30100), W8(0x3010, 0)),
	  CALLS(SAW(SRCH, 8), SAW(WR, 8), SAW(CTL, 8), SAW(RD, 8), SAW(RD, 8)),
	  END(CEDE, 0, 0x3010, 0) },
	{ .name = "a_tic_leads_to_what_was_speculative", .rule = "S-6 S-9 T-16",
	  ORB(F1 | H), AREA(PROPS(0x30, 1, FM_MISS)),
	  MEM(C1(0x1000, SRCH, CC, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x4000),
	      C1(0x1010, TIC, 0, 0, 0x3000), C1(0x4000, WR, CC, 8, 0x20000),
	      C1(0x4008, TIC, 0, 0, 0x3000), W8(0x4010, 0), C1(0x3000, RD, 0, 8, 0x30000)),
	  CALLS(SAW(SRCH, 8), SAW(WR, 8), SAW(RD, 8)), END(CEDE, 0, 0x3008, 0) },
	{ .name = "a_segment_ends_in_a_known_one_in_another_context", .rule = "S-6 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x3000),
	      C1(0x3000, WR, CC, 8, 0x20000), C1(0x3008, TIC, 0, 0, 0x2ff8), W8(0x3010, 0),
	      C1(0x2ff8, CTL, CC, 8, 0x30000)),
	  DEV(ALL, ALL, ENDS(8, CEDE | DEV_UC)), CALLS(SAW(RD, 16), SAW(CTL, 8), SAW(WR, 8)),
	  END(CEDE | DEV_UC, 0, 0x3008, 0) },

	/*
	 * Status modifier.
	 */
	{ .name = "status_modifier_skips_one_ccw", .rule = "S-9", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, RD, 0, 8, 0x20000),
	      C1(0x1010, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(WR, 8)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "status_modifier_without_chaining", .rule = "S-9", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, 0, 5, 0x10000)), DEV(ENDS(5, SM)), END(SM, 0, 0x1008, 0) },
	{ .name = "status_modifier_on_the_last_but_one", .rule = "S-9 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, RD, 0, 8, 0x20000), W8(0x1010, 0)),
	  DEV(ENDS(5, SM)), CALLS(SAW(SRCH, 5)), END(0, PROG, 0x1018, 0) },
	{ .name = "status_modifier_to_a_tic", .rule = "S-9 S-4", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, RD, 0, 8, 0x20000),
	      C1(0x1010, TIC, 0, 0, 0x5000), C1(0x5000, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(WR, 8)), END(CEDE, 0, 0x5008, 0) },
	{ .name = "status_modifier_in_front_of_a_tic_elsewhere", .rule = "S-9 S-6", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, TIC, 0, 0, 0x5000),
	      C1(0x1010, RD, 0, 8, 0x20000), C1(0x5000, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(RD, 8)), END(CEDE, 0, 0x1018, 0) },
	{ .name = "status_modifier_behind_a_data_chain", .rule = "S-9 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CD, 3, 0x10000), C1(0x1008, 0, CC, 2, 0x10100),
	      C1(0x1010, RD, 0, 8, 0x20000), C1(0x1018, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(WR, 8)), END(CEDE, 0, 0x1020, 0) },
	{ .name = "status_modifier_does_not_skip_within_a_data_chain", .rule = "S-9 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CD, 3, 0x10000), C1(0x1008, 0, 0, 2, 0x10100),
	      C1(0x1010, RD, 0, 8, 0x20000)), PAGES(PAGE(0x20, 0)), .ccws = 2,
	  DEV(ENDS(5, SM)), END(SM, 0, 0x1010, 0) },
	{ .name = "status_modifier_with_unit_check_ends", .rule = "S-9", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), C1(0x1008, RD, 0, 8, 0x20000),
	      C1(0x1010, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM | DEV_UC)), END(SM | DEV_UC, 0, 0x1008, 0) },
	{ .name = "status_modifier_twice", .rule = "S-9", ORB(F1 | H),
	  MEM(C1(0x1000, SRCH, CC, 5, 0x10000), W8(0x1008, 0), C1(0x1010, SRCH, CC, 5, 0x10000),
	      W8(0x1018, 0), C1(0x1020, RD, 0, 8, 0x20000)),
	  DEV(ENDS(5, SM), ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(SRCH, 5), SAW(RD, 8)),
	  END(CEDE, 0, 0x1028, 0) },
	{ .name = "status_modifier_over_a_page_boundary", .rule = "S-9", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, SRCH, CC, 5, 0x10000), C1(0x2000, RD, 0, 8, 0x20000),
	      C1(0x2008, WR, 0, 8, 0x30000)),
	  DEV(ENDS(5, SM), ALL), CALLS(SAW(SRCH, 5), SAW(WR, 8)), END(CEDE, 0, 0x2010, 0) },
	{ .name = "status_modifier_past_a_hole", .rule = "S-9 S-13", ORB_AT(F1 | H, 0x1ff8),
	  MEM(C1(0x1ff8, SRCH, CC, 5, 0x10000)), AREA(HOLE(2, 1)), DEV(ENDS(5, SM)),
	  CALLS(SAW(SRCH, 5)), END(0, PROG, 0x2010, 0) },
	{ .name = "status_modifier_at_2_gib", .rule = "S-9 S-2", ORB_AT(F1 | H, 0x7ffffff0),
	  MEM(C1(0x7ffffff0, SRCH, CC, 5, 0x10000), C1(0x7ffffff8, RD, 0, 8, 0x20000)),
	  DEV(ENDS(5, SM)), CALLS(SAW(SRCH, 5)), END(0, PROG, 8, 0) },

	/*
	 * Program-controlled interruption.
	 */
	{ .name = "pci_is_reported_at_its_ccw", .rule = "S-16 S-21", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, PCI, 8, 0x20000)),
	  HOST(IDAL(0x1008, RD, PCI, 8, 0x20000)), .irbs = 2,
	  CALLS(SAW(WR, 8), SAW(RD, 8)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "pci_of_the_first_ccw", .rule = "S-16", ORB(F1 | H),
	  MEM(C1(0x1000, WR, PCI, 8, 0x10000)), .irbs = 2, END(CEDE, 0, 0x1008, 0) },
	{ .name = "pci_in_a_data_chain", .rule = "S-16 S-7", ORB(F1 | H),
	  MEM(C1(0x1000, RD, CD, 8, 0x10000), C1(0x1008, 0, PCI | SLI, 8, 0x20000)), .irbs = 2,
	  CALLS(SAW(RD, 16)), END(CEDE, 0, 0x1010, 0) },
	{ .name = "pci_in_a_loop", .rule = "S-16 S-6", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC | PCI, 8, 0x10000), C1(0x1008, TIC, 0, 0, 0x1000)), .irbs = 4,
	  DEV(ALL, ALL, ENDS(8, CEDE | DEV_UC)), END(CEDE | DEV_UC, 0, 0x1008, 0) },
	{ .name = "pci_of_a_nop", .rule = "S-16 T-15", ORB(F1 | H),
	  MEM(C1(0x1000, NOP, PCI | SLI, 1, 0)), .irbs = 2, END(CEDE, 0, 0x1008, 1) },
	{ .name = "pci_of_a_bad_ccw_is_not_reported", .rule = "S-16 S-13", ORB(F1 | H),
	  MEM(C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, 0, PCI, 8, 0x20000)),
	  HOST(POISON(0x1008)), END(0, PROG, 0x1010, 0) },
	{ .name = "pci_format_0", .rule = "S-16 S-1", ORB(F0 | H),
	  MEM(C0(0x1000, WR, 0x10000, PCI, 8)), .irbs = 2, END(CEDE, 0, 0x1008, 0) },

	/*
	 * What the host's ORB is made of, and what the guest sees of its own.
	 */
	{ .name = "orb_host_is_format_1_with_64_bit_idaws", .rule = "S-19", ORB(F1),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)),
	  .host_flags = ORB1_F | ORB1_H | ORB1_T | 0xff00, END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_t_needs_h", .rule = "S-19 S-12", ORB(F1 | T), MEM(C1(0x1000, WR, 0, 8, 0x10000)),
	  .host_flags = ORB1_F | ORB1_H | ORB1_T | 0xff00, END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_4k_idaws", .rule = "S-19", ORB(F1 | H), MEM(C1(0x1000, WR, 0, 8, 0x10000)),
	  .host_flags = ORB1_F | ORB1_H | 0xff00, END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_key_passes", .rule = "S-19 S-22 S-29", ORB(F1 | H | 0x90000000u),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), .host_flags = ORB1_F | ORB1_H | 0x9000ff00u,
	  END(CEDE, 0, 0x1008, 0), .word0 = 0x90000000u | SCSW0_F },
	{ .name = "orb_s_i_p_u_pass", .rule = "S-19 S-22",
	  ORB(F1 | H | ORB1_S | ORB1_P | ORB1_I | ORB1_U), MEM(C1(0x1000, WR, 0, 8, 0x10000)),
	  .host_flags = ORB1_F | ORB1_H | ORB1_S | ORB1_P | ORB1_I | ORB1_U | 0xff00,
	  END(CEDE, 0, 0x1008, 0), .word0 = SCSW0_S | SCSW0_F | SCSW0_P | SCSW0_I | SCSW0_U },
	{ .name = "orb_prefetch_is_not_forced", .rule = "S-19", ORB(F1 | H),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), .host_flags = ORB1_F | ORB1_H | 0xff00,
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_address_limit_is_cleared_and_shown", .rule = "S-19 S-22", ORB(F1 | H | ORB1_A),
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), .host_flags = ORB1_F | ORB1_H | 0xff00,
	  END(CEDE, 0, 0x1008, 0), .word0 = SCSW0_A },
	{ .name = "orb_hints_are_cleared", .rule = "S-19",
	  ORB(F1 | H | ORB1_C | ORB1_M | ORB1_Y), MEM(C1(0x1000, WR, 0, 8, 0x10000)),
	  .host_flags = ORB1_F | ORB1_H | 0xff00, END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_path_mask_passes", .rule = "S-19", .orb_flags = F1 | H | 0x8000, .cpa = 0x1000,
	  MEM(C1(0x1000, WR, 0, 8, 0x10000)), .host_flags = ORB1_F | ORB1_H | 0x8000,
	  END(CEDE, 0, 0x1008, 0) },
	{ .name = "orb_all_bits_of_format_0", .rule = "S-19 S-22 S-1",
	  ORB(F0 | 0xf0000000u | ORB1_P | ORB1_A), MEM(C0(0x1000, WR, 0x10000, 0, 8)),
	  .host_flags = 0xf0000000u | ORB1_F | ORB1_P | ORB1_H | ORB1_T | ORB1_L | 0xff00,
	  END(CEDE, 0, 0x1008, 0), .word0 = 0xf0000000u | SCSW0_P | SCSW0_A },

	/*
	 * Size.
	 */
	{ .name = "chain_of_255", .rule = "T-3", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 1, 0x10000), 254, 8, 0),
	      C1(0x1000 + 254 * 8, RD, 0, 8, 0x20000),
	      W8(0x1000 + 255 * 8, 0)),
	  .ccws = 256, END(CEDE, 0, 0x1000 + 255 * 8, 0) },
	{ .name = "chain_of_256", .rule = "T-3", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 1, 0x10000), 255, 8, 0),
	      C1(0x1000 + 255 * 8, RD, 0, 8, 0x20000),
	      W8(0x1000 + 256 * 8, 0)),
	  .ccws = 257, END(CEDE, 0, 0x1000 + 256 * 8, 0) },
	{ .name = "chain_of_257", .rule = "T-3", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 1, 0x10000), 256, 8, 0),
	      C1(0x1000 + 256 * 8, RD, 0, 8, 0x20000),
	      W8(0x1000 + 257 * 8, 0)),
	  .ccws = 258, END(CEDE, 0, 0x1000 + 257 * 8, 0) },
	{ .name = "chain_of_257_ends_in_a_tic_into_it", .rule = "T-3", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 1, 0x10000), 256, 8, 0),
	      C1(0x1000 + 256 * 8, TIC, 0, 0, 0x1000 + 255 * 8)),
	  END(CEDE | DEV_UC, 0, 0x1000 + 256 * 8, 0) },
	{ .name = "chain_of_600", .rule = "T-3 T-16", ORB(F1 | H),
	  MEM(REPEAT(0x1000, 8, V1(WR, CC, 1, 0x10000), 599, 8, 0),
	      C1(0x1000 + 599 * 8, RD, SLI, 8, 0x20000), W8(0x1000 + 600 * 8, 0)),
	  .ccws = 601, END(CEDE | DEV_UC, 0, 0x1000 + 301 * 8, 0) },
	{ .name = "chain_of_16384", .rule = "T-3", ORB_AT(F1 | H, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 4, 0x10000), 16383, 8, 4),
	      C1(0x100000 + 16383 * 8, RD, 0, 8, 0x20000),
	      W8(0x100000 + 16384 * 8, 0)),
	  .ccws = 16385, END(CEDE, 0, 0x100000 + 16384 * 8, 0) },
	{ .name = "sixteen_mib_of_data", .rule = "S-12", ORB_AT(F1 | H, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 0x8000, 0x1000000), 511, 8, 0x8000),
	      C1(0x100000 + 511 * 8, WR, 0, 0x8000, 0x1000000 + 511 * 0x8000),
	      W8(0x100000 + 512 * 8, 0)),
	  .ccws = 513, END(CEDE, 0, 0x100000 + 512 * 8, 0) },
	{ .name = "ten_thousand_segments", .rule = "T-1", ORB_AT(F1 | H, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 1, 0x10000), 10000, 0x20, 0),
	      REPEAT(0x100008, 8, V1(TIC, 0, 0, 0x100020), 10000, 0x20, 0x20),
	      C1(0x100000 + 10000 * 0x20, RD, 0, 8, 0x20000)),
	  END(CEDE, 0, 0x100000 + 10000 * 0x20 + 8, 0) },
	{ .name = "ten_thousand_segments_backwards", .rule = "T-1", ORB_AT(F1 | H, 0x200000),
	  MEM(REPEAT(0x200000, 8, V1(WR, CC, 1, 0x10000), 10000, -0x20, 0),
	      REPEAT(0x200008, 8, V1(TIC, 0, 0, 0x1fffe0), 10000, -0x20, -0x20ull),
	      C1(0x200000 - 10000 * 0x20, RD, 0, 8, 0x20000)),
	  END(CEDE, 0, 0x200000 - 10000 * 0x20 + 8, 0) },
	{ .name = "more_ccws_than_the_bound", .rule = "T-3", ORB_AT(F1 | H, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 1, 0x10000), 70000, 8, 0)),
	  .limited = true, END(0, PROG, 0, 0) },
	{ .name = "more_segments_than_the_bound", .rule = "T-1 T-3", ORB_AT(F1 | H, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 1, 0x10000), 20000, 0x20, 0),
	      REPEAT(0x100008, 8, V1(TIC, 0, 0, 0x100020), 20000, 0x20, 0x20),
	      REPEAT(0x100010, 8, 0, 20000, 0x20, 0)),
	  .limited = true, END(0, PROG, 0, 0) },
	{ .name = "more_idaws_than_the_bound", .rule = "T-3", ORB_AT(F1, 0x100000),
	  MEM(REPEAT(0x100000, 8, V1(WR, CC, 65535, 0x10000), 5000, 8, 0)),
	  .limited = true, END(0, PROG, 0, 0) },
};

/* run before each row: its host program fills slots and IDALs */
static const struct cp_rule cp_rule_busy = {
	ORB(F1 | H), MEM(REPEAT(0x1000, 8, V1(RD, CC, 0x1001, 0x10000), 250, 8, 1)),
};

/*
 * ORBs: what cp_orb_check() says.
 */
struct cp_orb_rule {
	const char *name;
	const char *rule;
	u32 flags;
	u32 cpa;
	int rc;
};

#define OK_ORB(nm, f)		{ "orb_may_have_" nm, "S-19", (f) | ORB1_F | 0xff00, 0x1000, 0 }
#define BAD_ORB(nm, ru, f, e)	{ "orb_may_not_have_" nm, ru, (f) | ORB1_F | 0xff00, 0x1000, e }

static const struct cp_orb_rule cp_orb_rules[] = {
	OK_ORB("format_1", 0),
	{ "orb_may_have_format_0", "S-19", 0xff00, 0x1000, 0 },
	OK_ORB("any_key", ORB1_KEY),
	OK_ORB("suspend_control", ORB1_S),
	OK_ORB("prefetch", ORB1_P),
	OK_ORB("initial_status", ORB1_I),
	OK_ORB("address_limit", ORB1_A),
	OK_ORB("suppress_suspended", ORB1_U),
	OK_ORB("format_2_idaws", ORB1_H),
	OK_ORB("2k_idaws", ORB1_H | ORB1_T),
	OK_ORB("t_without_h", ORB1_T),
	OK_ORB("incorrect_length_suppression", ORB1_L),
	OK_ORB("streaming_mode", ORB1_C),
	OK_ORB("modification_control", ORB1_M),
	OK_ORB("synchronization_control", ORB1_Y),
	{ "orb_may_have_no_path", "S-19", ORB1_F, 0x1000, 0 },
	BAD_ORB("transport_mode", "S-19", ORB1_B, -EOPNOTSUPP),
	BAD_ORB("midaws", "S-18 S-19", ORB1_D, -EOPNOTSUPP),
	BAD_ORB("an_extension", "S-19", ORB1_X, -EOPNOTSUPP),
	BAD_ORB("reserved_bit_26", "S-19", 0x20, -EINVAL),
	BAD_ORB("reserved_bit_27", "S-19", 0x10, -EINVAL),
	BAD_ORB("reserved_bit_28", "S-19", 0x08, -EINVAL),
	BAD_ORB("reserved_bit_29", "S-19", 0x04, -EINVAL),
	BAD_ORB("reserved_bit_30", "S-19", 0x02, -EINVAL),
	{ "orb_cpa_on_a_word_is_for_the_channel_to_refuse", "S-3 S-19", ORB1_F | 0xff00, 0x1004, 0 },
	{ "orb_cpa_beyond_2_gib", "S-2 S-19", ORB1_F | 0xff00, 0x80001000u, -EINVAL },
	{ "orb_cpa_last_doubleword", "S-2 S-19", ORB1_F | 0xff00, 0x7ffffff8, 0 },
	{ "orb_cpa_zero", "S-19", ORB1_F | 0xff00, 0, 0 },
};

/*
 * Statuses as hardware may give them, for the program
 *	1000: write; 1008: read; 1010: TIC to 5000; 5000: search, ends
 * started with key 3, format 1, P and A.
 */
enum cp_irb_value {
	IRB_PLAIN,
	IRB_SLOT,	/* the value is a guest CCW's address: its slot's */
	IRB_BEHIND,	/* 8 more than the slot of that guest CCW */
	IRB_DATA_HIGH,	/* the host address of that guest byte: its upper word */
	IRB_DATA_LOW,
};

struct cp_irb_word {
	u8 index;
	u8 kind;
	u32 value;
};

struct cp_irb_rule {
	const char *name;
	const char *rule;
	struct cp_irb_word in[8];
	struct cp_irb_word out[8];	/* all that differ from what went in; not the host's */
	bool forgotten;
	bool maybe_zero;		/* addresses in the ESW may be zero, then not valid */
};

#define IRB_PROGRAM_ORB	(0x30000000u | ORB1_F | ORB1_H | ORB1_P | ORB1_A | 0xff00)
#define IRB_PROGRAM { C1(0x1000, WR, CC, 8, 0x10000), C1(0x1008, RD, CC, 8, 0x20000), \
	C1(0x1010, TIC, 0, 0, 0x5000), C1(0x5000, SRCH, 0, 5, 0x30000), { 0 } }
/* what the guest's ORB gives the SCSW, and what the host's ORB gave it */
#define GUEST0	(0x30000000u | SCSW0_F | SCSW0_P | SCSW0_A)
#define HOST0	(0x30000000u | SCSW0_F | SCSW0_P)
#define ENDED	(SCSW0_FC_START | SCSW0_SC_PRIMARY | SCSW0_SC_SECOND | SCSW0_SC_PEND)
#define NORMAL	((u32)CEDE << 24)
#define P(i, v)		{ i, IRB_PLAIN, v }
#define CPA(k, v)	{ IRB_CPA, k, v }

static const struct cp_irb_rule cp_irb_rules[] = {
	{ "cpa_behind_the_first_ccw", "S-21",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008) } },
	{ "cpa_behind_the_last_ccw", "S-21 T-14",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x5000), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x5008) } },
	{ "cpa_behind_a_tic", "S-21 T-14",
	  { P(0, HOST0 | ENDED | SCSW0_SC_ALERT), CPA(IRB_BEHIND, 0x1010), P(2, PROG) },
	  { P(0, GUEST0 | ENDED | SCSW0_SC_ALERT), CPA(IRB_PLAIN, 0x1018) } },
	{ "cpa_at_the_first_ccw", "S-21",
	  { P(0, HOST0 | ENDED), CPA(IRB_SLOT, 0x1000), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1000) } },
	{ "cpa_that_is_no_slot_is_not_shown", "S-21 T-14",
	  { P(0, HOST0 | ENDED), CPA(IRB_PLAIN, 0x7fffe008), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0) } },
	{ "cpa_zero_stays_zero", "S-21",
	  { P(0, HOST0 | ENDED), CPA(IRB_PLAIN, 0), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0) } },
	{ "cpa_inside_a_ccw_is_not_shown_as_the_hosts", "S-21",
	  { P(0, HOST0 | ENDED), CPA(IRB_PLAIN, 0x7fffe00c), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0) } },
	{ "cpa_without_a_program_is_removed", "S-21",
	  { P(0, HOST0 | ENDED), CPA(IRB_PLAIN, 0x7fffe008), P(2, NORMAL) },
	  { CPA(IRB_PLAIN, 0) }, .forgotten = true },
	{ "scsw_shows_the_guests_orb", "S-22",
	  { P(0, ENDED), CPA(IRB_BEHIND, 0x1000), P(2, NORMAL) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008) } },
	{ "scsw_other_orbs_bits_are_replaced", "S-22",
	  { P(0, 0xf0000000u | SCSW0_F | SCSW0_I | SCSW0_U | ENDED), CPA(IRB_BEHIND, 0x1000) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008) } },
	{ "scsw_deferred_condition_code_passes", "S-25 S-22",
	  { P(0, HOST0 | 0x03000000u | ENDED | SCSW0_SC_ALERT) },
	  { P(0, GUEST0 | 0x03000000u | ENDED | SCSW0_SC_ALERT) } },
	{ "scsw_control_fields_pass", "S-22",
	  { P(0, HOST0 | SCSW0_Z | SCSW0_E | SCSW0_N | SCSW0_L | SCSW0_FC | SCSW0_AC | SCSW0_SC) },
	  { P(0, GUEST0 | SCSW0_Z | SCSW0_E | SCSW0_N | SCSW0_L | SCSW0_FC | SCSW0_AC | SCSW0_SC) } },
	{ "scsw_status_and_count_pass", "S-22 S-20",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(2, 0xff0f1234u) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008) } },
	{ "scsw_intermediate_status", "S-16 S-22",
	  { P(0, HOST0 | SCSW0_FC_START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND),
	    CPA(IRB_BEHIND, 0x1008), P(2, SCSW2_SCH_PCI) },
	  { P(0, GUEST0 | SCSW0_FC_START | SCSW0_AC_SCHACT | SCSW0_SC_INTER | SCSW0_SC_PEND),
	    CPA(IRB_PLAIN, 0x1010) } },
	{ "clear_function_has_no_cpa", "S-26",
	  { P(0, HOST0 | SCSW0_FC_CLEAR | SCSW0_SC_PEND), CPA(IRB_PLAIN, 0x7fffe010) },
	  { P(0, GUEST0 | SCSW0_FC_CLEAR | SCSW0_SC_PEND), CPA(IRB_PLAIN, 0) } },
	{ "halt_function_keeps_its_cpa", "S-26 S-21",
	  { P(0, HOST0 | SCSW0_FC_START | SCSW0_FC_HALT | ENDED), CPA(IRB_BEHIND, 0x1008) },
	  { P(0, GUEST0 | SCSW0_FC_START | SCSW0_FC_HALT | ENDED), CPA(IRB_PLAIN, 0x1010) } },
	{ "esw_secondary_ccw_address_is_the_guests_or_gone", "S-23",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(4, ERW_SCAVF), { 7, IRB_BEHIND, 0x1008 } },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008), P(4, ERW_SCAVF), P(7, 0x1010) },
	  .maybe_zero = true },
	{ "esw_secondary_ccw_address_that_is_no_slot", "S-23",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(4, ERW_SCAVF), P(7, 0x7fffe008) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008), P(4, 0), P(7, 0) }, .maybe_zero = true },
	{ "esw_failing_storage_address_is_removed", "S-23",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(4, ERW_FSAVF | ERW_FSAF),
	    { 5, IRB_DATA_HIGH, 0x10004 }, { 6, IRB_DATA_LOW, 0x10004 } },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008), P(4, 0), P(5, 0), P(6, 0) },
	  .maybe_zero = true },
	{ "esw_address_without_its_valid_bit_is_removed", "S-23",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(4, 0),
	    { 5, IRB_DATA_HIGH, 0x10004 }, { 6, IRB_DATA_LOW, 0x10004 }, { 7, IRB_SLOT, 0x1008 } },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008), P(5, 0), P(6, 0), P(7, 0) } },
	{ "esw_without_a_program_has_no_address", "S-23",
	  { P(0, ENDED), P(4, ERW_FSAVF | ERW_SCAVF), P(5, 0x12), P(6, 0x12345000), P(7, 0x7fffe008) },
	  { P(4, 0), P(5, 0), P(6, 0), P(7, 0) }, .forgotten = true, .maybe_zero = true },
	{ "esw_logout_and_erw_pass", "S-23 S-24",
	  { P(0, HOST0 | ENDED), CPA(IRB_BEHIND, 0x1000), P(3, 0x80ff0000u),
	    P(4, ERW_CONS | 0x00200000u) },
	  { P(0, GUEST0 | ENDED), CPA(IRB_PLAIN, 0x1008) } },
	{ "concurrent_sense_passes", "S-24",
	  { P(0, HOST0 | ENDED | SCSW0_E), CPA(IRB_BEHIND, 0x1008), P(2, NORMAL | SCSW2_DEV_UC),
	    P(4, ERW_CONS | 0x00200000u), P(8, 0x80000000u), P(9, 0x12345678), P(15, 0x9abcdef0u) },
	  { P(0, GUEST0 | ENDED | SCSW0_E), CPA(IRB_PLAIN, 0x1010) } },
	{ "unsolicited_status_passes", "S-25",
	  { P(0, SCSW0_SC_ALERT | SCSW0_SC_PEND), P(2, (u32)DEV_ATTN << 24) },
	  { P(0, GUEST0 | SCSW0_SC_ALERT | SCSW0_SC_PEND) } },
	{ "unsolicited_status_without_a_program", "S-25",
	  { P(0, SCSW0_SC_ALERT | SCSW0_SC_PEND), P(2, (u32)DEV_ATTN << 24) },
	  { P(0, SCSW0_SC_ALERT | SCSW0_SC_PEND) }, .forgotten = true },
};

#undef P
#undef H
#undef T

#endif
