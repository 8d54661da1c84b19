// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks: an ECKD volume with 4 KiB records, and an FBA volume. They are
 * written to, at a place far from the label: use scratch volumes.
 */
#include "libccw.h"

#define ECKD_CYL	5
#define FBA_BLOCK	64

struct eckd_extent {
	u8 mask;
	u8 attributes;
	u16 block;
	u8 reserved[4];
	u16 first[2];
	u16 last[2];
};

struct eckd_locate {
	u8 operation;
	u8 auxiliary;
	u8 reserved;
	u8 count;
	u16 seek[2];
	u16 search[2];
	u8 record;
	u8 sector;
	u16 length;
};

static void put_located(struct ccw_prog *p, u64 arg, const void *extent,
			u8 cmd, const void *locate, u16 locate_len)
{
	memcpy(ccw_hva(p->mem, arg), extent, 16);
	memcpy(ccw_hva(p->mem, arg + 64), locate, locate_len);
	ccw_put(p, CMD_DEFINE_EXTENT, CCW_CC, 16, arg);
	ccw_put(p, cmd, CCW_CC, locate_len, arg + 64);
}

void ccw_put_eckd(struct ccw_prog *p, u64 arg, bool write, u16 cylinder,
		  u8 records)
{
	struct eckd_extent extent = {
		.mask = write ? 0x80 : 0x40,
		.attributes = 0xc0,
		.first = { cylinder, 0 }, .last = { cylinder, 0 },
	};
	struct eckd_locate locate = {
		.operation = write ? 0x01 : 0x06,
		.auxiliary = 0x80,
		.count = records,
		.seek = { cylinder, 0 }, .search = { cylinder, 0 },
		.record = 1,
		.sector = 0xff,		/* none */
		.length = ECKD_LEN,
	};

	put_located(p, arg, &extent, ECKD_LOCATE, &locate, sizeof(locate));
}

static void eckd(struct ccw_prog *p, u64 arg, u64 iova, u8 flags, bool write,
		 u16 cylinder)
{
	ccw_put_eckd(p, arg, write, cylinder, 1);
	ccw_put(p, write ? ECKD_WRITE : ECKD_READ, flags, ECKD_LEN, iova);
}

static void eckd_write(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	eckd(p, arg, iova, flags, true, ECKD_CYL);
}

static void eckd_read(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	eckd(p, arg, iova, flags, false, ECKD_CYL);
}

static void eckd_block(struct ccw_prog *p, u64 arg, u64 iova, u32 block, bool write)
{
	eckd(p, arg, iova, 0, write, ECKD_CYL + 1 + block);
}

const struct ccw_backend ccw_eckd = {
	.name = "ECKD", .cu_type = 0x3990, .cu_model = -1,
	.rw_len = ECKD_LEN,
	.put_write = eckd_write, .put_read = eckd_read,
	.nr_blocks = 360, .put_block = eckd_block,
	.bad_cmd = 0xff, .bad_sense = 0x80,
};

struct fba_extent {
	u8 mask;
	u8 reserved;
	u16 block_size;
	u32 first_physical;
	u32 first;
	u32 last;
};

struct fba_locate {
	u8 operation;
	u8 replication;
	u16 blocks;
	u32 displacement;
};

void ccw_put_fba(struct ccw_prog *p, u64 arg, bool write, u32 first,
		 u16 blocks)
{
	struct fba_extent extent = {
		.mask = write ? 0xc0 : 0x40,
		.block_size = FBA_LEN,
		.first_physical = first,
		.last = blocks - 1,
	};
	struct fba_locate locate = {
		.operation = write ? 0x01 : 0x06,
		.blocks = blocks,
	};

	put_located(p, arg, &extent, FBA_LOCATE, &locate, sizeof(locate));
}

static void fba(struct ccw_prog *p, u64 arg, u64 iova, u8 flags, bool write,
		u32 block)
{
	ccw_put_fba(p, arg, write, block, 1);
	ccw_put(p, write ? FBA_WRITE : FBA_READ, flags, FBA_LEN, iova);
}

static void fba_write(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	fba(p, arg, iova, flags, true, FBA_BLOCK);
}

static void fba_read(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	fba(p, arg, iova, flags, false, FBA_BLOCK);
}

static void fba_block(struct ccw_prog *p, u64 arg, u64 iova, u32 block, bool write)
{
	fba(p, arg, iova, 0, write, FBA_BLOCK + 1 + block);
}

const struct ccw_backend ccw_fba = {
	.name = "FBA", .cu_type = 0x3880, .cu_model = -1,
	.rw_len = FBA_LEN,
	.put_write = fba_write, .put_read = fba_read,
	.nr_blocks = 360, .put_block = fba_block,
	.bad_cmd = 0xff, .bad_sense = 0x80,
};
