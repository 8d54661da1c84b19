/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/hoststart-BUSID: START SUBCHANNEL without anything in between, for
 * comparisons.
 *
 *	mmap		HOSTSTART_SIZE bytes that the channel subsystem may use
 *	ioctl		where it finds them, and CLEAR SUBCHANNEL
 *	write		an ORB, three words, of which the first is not used; the
 *			condition code as an errno: EBUSY, ENODEV
 *	read		the next IRB, 64 bytes; ETIMEDOUT after eight seconds
 */
#ifndef HOSTSTART_H
#define HOSTSTART_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define HOSTSTART_SIZE		0x10000

/* below 16 MiB, if there was anything left there */
#define HOSTSTART_ADDRESS	_IOR(0xcc, 0, __u32)
#define HOSTSTART_CLEAR		_IO(0xcc, 1)

#endif
