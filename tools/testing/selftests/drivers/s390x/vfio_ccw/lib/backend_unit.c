// SPDX-License-Identifier: GPL-2.0-only
/* Tapes, written at their beginning; printers, card readers and punches. */
#include "libccw.h"

#define TAPE_REWIND	0x07
#define TAPE_WRITE	0x01
#define TAPE_READ	0x02
#define TAPE_LEN	80

static void tape_write(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	ccw_put(p, TAPE_REWIND, CCW_CC | CCW_SLI, 1, arg);
	ccw_put(p, TAPE_WRITE, flags, TAPE_LEN, iova);
}

static void tape_read(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	ccw_put(p, TAPE_REWIND, CCW_CC | CCW_SLI, 1, arg);
	ccw_put(p, TAPE_READ, flags, TAPE_LEN, iova);
}

const struct ccw_backend ccw_tape = {
	.name = "tape", .cu_type = 0x3480, .cu_model = -1,
	.rw_len = TAPE_LEN,
	.put_write = tape_write, .put_read = tape_read,
	.bad_cmd = 0xfd, .bad_sense = 0x80,
};

const struct ccw_backend ccw_tape_3590 = {
	.name = "tape", .cu_type = 0x3590, .cu_model = -1,
	.rw_len = TAPE_LEN,
	.put_write = tape_write, .put_read = tape_read,
	.bad_cmd = 0xfd, .bad_sense = 0x80,
};

const struct ccw_backend ccw_unit_record = {
	.name = "unit record", .cu_type = 0x2821, .cu_model = -1,
	.bad_cmd = 0xfd, .bad_sense = 0x80,
};
