/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What a VFIO device of type vfio-ccw offers beside <linux/vfio.h>: the layout
 * of its regions. Everything is big-endian, as s390 is, without padding.
 *
 * A region is read and written with pread(2) and pwrite(2) at the offset that
 * VFIO_DEVICE_GET_REGION_INFO gives. Accesses that do not lie within a region
 * fail with EINVAL.
 */
#ifndef _UAPI_LINUX_VFIO_CCW_H
#define _UAPI_LINUX_VFIO_CCW_H

#include <linux/types.h>

#define ORB_AREA_SIZE	12
#define SCSW_AREA_SIZE	12
#define IRB_AREA_SIZE	96
#define SCHIB_AREA_SIZE	52

/**
 * struct ccw_io_region - the I/O region: start a function, take its status
 * @orb_area: written: words 0 to 2 of the operation-request block
 * @scsw_area: written: the subchannel-status word; its function control says
 *	what is asked for. Only the start function can be asked for here. With the
 *	resume-pending bit of the activity control it is the resume function, and
 *	@orb_area is not looked at.
 * @irb_area: read: the interruption-response block; bytes 64 to 95 are zero
 * @ret_code: read: 0 or the negative errno of the last request
 *
 * A write is a request. It must begin with the whole of @orb_area and
 * @scsw_area and may go on. The request's errno is also that of the write;
 * EAGAIN is never among them.
 *
 * A read that covers @irb_area takes the status, as TEST SUBCHANNEL does. What
 * arrives before it is taken is accumulated. Other reads only look.
 */
struct ccw_io_region {
	__u8	orb_area[ORB_AREA_SIZE];
	__u8	scsw_area[SCSW_AREA_SIZE];
	__u8	irb_area[IRB_AREA_SIZE];
	__u32	ret_code;
} __attribute__((packed));

/* struct ccw_cmd_region.command */
#define VFIO_CCW_ASYNC_CMD_HSCH (1 << 0)
#define VFIO_CCW_ASYNC_CMD_CSCH (1 << 1)
#define VFIO_CCW_ASYNC_CMD_RSCH (1 << 2)

/**
 * struct ccw_cmd_region - the command region: halt, clear and resume
 * @command: written: %VFIO_CCW_ASYNC_CMD_HSCH, %VFIO_CCW_ASYNC_CMD_CSCH or
 *	%VFIO_CCW_ASYNC_CMD_RSCH
 * @ret_code: read: 0 or the negative errno of the last command
 *
 * A write must begin with the whole of @command and may go on.
 */
struct ccw_cmd_region {
	__u32 command;
	__u32 ret_code;
} __attribute__((packed));

/**
 * struct ccw_schib_region - the SCHIB region, read-only
 * @schib_area: the subchannel-information block at the time of the read. The
 *	interruption parameter is the host's affair and reads as 0; paths that
 *	the host varied off read as not available.
 */
struct ccw_schib_region {
	__u8 schib_area[SCHIB_AREA_SIZE];
} __attribute__((packed));

/**
 * struct ccw_crw_region - the CRW region, read-only
 * @crw: the oldest channel report, 0 if there is none
 * @pad: 0
 *
 * A read of the whole region takes the report.
 */
struct ccw_crw_region {
	__u32 crw;
	__u32 pad;
} __attribute__((packed));

#endif /* _UAPI_LINUX_VFIO_CCW_H */
