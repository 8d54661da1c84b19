// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio over CCW, as the emulator has it: configuration space is read and
 * written in place. Only the MAC address of a network device that no driver
 * has negotiated with, and the status byte of any device, can be written and
 * read back.
 */
#include "libccw.h"

#define CU_VIRTIO	0x3832
#define MODEL_NET	1
#define MODEL_BLK	2

#define WRITE_CONF	0x21
#define READ_CONF	0x22
#define WRITE_STATUS	0x31
#define READ_STATUS	0x72
#define UNKNOWN		0xff
#define COMMAND_REJECT	0x80

#define MAC_LEN		6

static void net_write(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	(void)arg;
	ccw_put(p, WRITE_CONF, CCW_SLI | flags, MAC_LEN, iova);
}

static void net_read(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	(void)arg;
	ccw_put(p, READ_CONF, CCW_SLI | flags, MAC_LEN, iova);
}

static void status_write(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	(void)arg;
	ccw_put(p, WRITE_STATUS, CCW_SLI | flags, 1, iova);
}

static void status_read(struct ccw_prog *p, u64 arg, u64 iova, u8 flags)
{
	(void)arg;
	ccw_put(p, READ_STATUS, CCW_SLI | flags, 1, iova);
}

const struct ccw_backend ccw_virtio_net = {
	.name = "virtio-net", .cu_type = CU_VIRTIO, .cu_model = MODEL_NET,
	.rw_len = MAC_LEN, .rw_and = 0xff,
	.put_write = net_write, .put_read = net_read,
	.read_cmd = READ_CONF, .write_cmd = WRITE_CONF, .read_len = MAC_LEN,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};

/*
 * The status bits FEATURES_OK and DRIVER_OK would start something, and zero
 * is a reset: keep to FAILED, NEEDS_RESET, the unused ones and ACKNOWLEDGE.
 */
const struct ccw_backend ccw_virtio_blk = {
	.name = "virtio-blk", .cu_type = CU_VIRTIO, .cu_model = MODEL_BLK,
	.rw_len = 1, .rw_and = 0xf0, .rw_or = 0x01,
	.put_write = status_write, .put_read = status_read,
	.read_cmd = READ_CONF, .write_cmd = WRITE_CONF, .read_len = 8,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};

const struct ccw_backend ccw_virtio = {
	.name = "virtio", .cu_type = CU_VIRTIO, .cu_model = -1,
	.rw_len = 1, .rw_and = 0xf0, .rw_or = 0x01,
	.put_write = status_write, .put_read = status_read,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};
