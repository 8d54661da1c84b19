// SPDX-License-Identifier: GPL-2.0-only
/* Builders for ORBs, CCWs of both formats and IDALs of all kinds. */
#include "libccw.h"

struct ccw0 {
	u8 cmd;
	u8 cda[3];
	u8 flags;
	u8 reserved;
	u16 count;
};

struct ccw1 {
	u8 cmd;
	u8 flags;
	u16 count;
	u32 cda;
};

void ccw_prog_init(struct ccw_prog *p, struct ccw_mem *mem, u64 iova, int fmt)
{
	*p = (struct ccw_prog){
		.mem = mem, .start = iova, .next = iova, .fmt = fmt,
		.idaw = ORB_H,
	};
}

u64 ccw_put(struct ccw_prog *p, u8 cmd, u8 flags, u16 count, u32 cda)
{
	struct ccw0 ccw0 = {
		.cmd = cmd, .flags = flags, .count = count,
		.cda = { cda >> 16, cda >> 8, cda },
	};
	struct ccw1 ccw1 = {
		.cmd = cmd, .flags = flags, .count = count, .cda = cda,
	};
	u64 at = p->next;

	memcpy(ccw_hva(p->mem, at), p->fmt ? (void *)&ccw1 : &ccw0, 8);
	p->next += 8;
	return at;
}

u64 ccw_put_tic(struct ccw_prog *p, u64 target)
{
	return ccw_put(p, CMD_TIC, 0, 0, target);
}

void ccw_or_flags(struct ccw_prog *p, u8 flags)
{
	u8 *last = ccw_hva(p->mem, p->next - 8);

	last[p->fmt ? 1 : 4] |= flags;
}

struct ccw_orb ccw_orb(const struct ccw_prog *p)
{
	return (struct ccw_orb){
		.intparm = 0xcafe,
		.flags = (p->fmt ? ORB_F : 0) | ORB_P | p->idaw | ORB_LPM(0xff),
		.cpa = p->start,
	};
}

unsigned int ccw_put_idal(struct ccw_prog *p, u64 at, u64 data, u32 count)
{
	bool wide = p->idaw & ORB_H;
	u64 block = wide && !(p->idaw & ORB_T) ? 4096 : 2048;
	u64 end = data + count;
	unsigned int n = 0;

	while (data < end) {
		u32 narrow = data;

		if (wide)
			memcpy(ccw_hva(p->mem, at), &data, 8);
		else
			memcpy(ccw_hva(p->mem, at), &narrow, 4);
		at += wide ? 8 : 4;
		data = (data & ~(block - 1)) + block;
		n++;
	}
	return n;
}

u64 ccw_put_midaw(struct ccw_prog *p, u64 at, u8 flags, u16 count, u64 data)
{
	u64 midaw[2] = { (u64)flags << 16 | count, data };

	memcpy(ccw_hva(p->mem, at), midaw, sizeof(midaw));
	return at + sizeof(midaw);
}
