// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio over CCW, as the emulator has it: configuration space is read and
 * written in place. What can be written and read back is the MAC address of a
 * network device that no driver has negotiated with.
 */
#include "libccw.h"

#define CU_VIRTIO	0x3832
#define MODEL_NET	1
#define MODEL_BLK	2

#define WRITE_CONF	0x21
#define READ_CONF	0x22
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

const struct ccw_backend ccw_virtio_net = {
	.name = "virtio-net", .cu_type = CU_VIRTIO, .cu_model = MODEL_NET,
	.rw_len = MAC_LEN,
	.put_write = net_write, .put_read = net_read,
	.read_cmd = READ_CONF, .write_cmd = WRITE_CONF, .read_len = MAC_LEN,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};

const struct ccw_backend ccw_virtio_blk = {
	.name = "virtio-blk", .cu_type = CU_VIRTIO, .cu_model = MODEL_BLK,
	.read_cmd = READ_CONF, .write_cmd = WRITE_CONF, .read_len = 8,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};

const struct ccw_backend ccw_virtio = {
	.name = "virtio", .cu_type = CU_VIRTIO, .cu_model = -1,
	.restarts = true,
	.bad_cmd = UNKNOWN, .bad_sense = COMMAND_REJECT,
};
