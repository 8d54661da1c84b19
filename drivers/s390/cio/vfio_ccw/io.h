/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_IO_H
#define VFIO_CCW_IO_H

#include <linux/types.h>

struct cp_orb;
struct subchannel;

/* instructions, as the tracepoint vfio_ccw_instruction names them */
#define VFIO_CCW_IO_INSTRUCTIONS(f)	f(SSCH) f(HSCH) f(CSCH) f(RSCH)

#define VFIO_CCW_IO_NAME(name)		VFIO_CCW_IO_##name,
enum vfio_ccw_io_instruction { VFIO_CCW_IO_INSTRUCTIONS(VFIO_CCW_IO_NAME) };
#undef VFIO_CCW_IO_NAME

/**
 * struct vfio_ccw_io_ops - the channel subsystem, as far as a device needs it
 * @enable: enable the subchannel for interrupts; 0 or a negative errno
 * @disable: disable it; 0, -EBUSY, -ENODEV, or another negative errno
 * @update_schib: store the SCHIB in @sch; 0, -ENODEV if there is no
 *	subchannel, -EACCES if it has no device
 * @start: START SUBCHANNEL with words 1 and 2 of @orb, on those of its paths
 *	that are available; 0, -EBUSY (status pending or busy), -ENODEV (not
 *	operational), -EACCES (not operational on the paths asked for)
 * @halt: HALT SUBCHANNEL; 0, -EBUSY, -ENODEV
 * @clear: CLEAR SUBCHANNEL; 0, -ENODEV
 * @resume: RESUME SUBCHANNEL; 0, -EBUSY (status pending or not suspended), -ENODEV
 * @rest: do the next thing to bring it to rest: cancel, halt, or clear; 0 if
 *	it is, -EBUSY if an interrupt is to be expected, -EIO if nothing is left
 *	to be tried, -ENODEV or -EACCES as @update_schib. @retries is 255 for
 *	the first call and left alone until another value than -EBUSY is returned
 *
 * All are called with sch->lock held. Tests put a fake channel subsystem here.
 */
struct vfio_ccw_io_ops {
	int (*enable)(struct subchannel *sch);
	int (*disable)(struct subchannel *sch);
	int (*update_schib)(struct subchannel *sch);
	int (*start)(struct subchannel *sch, const struct cp_orb *orb);
	int (*halt)(struct subchannel *sch);
	int (*clear)(struct subchannel *sch);
	int (*resume)(struct subchannel *sch);
	int (*rest)(struct subchannel *sch, int *retries);
};

extern const struct vfio_ccw_io_ops vfio_ccw_io_ops;

/**
 * vfio_ccw_io_have() - what the channel subsystem has that not all have
 *
 * Context: any.
 * Return: CP_HAVE_* bits.
 */
u32 vfio_ccw_io_have(void);

#endif
