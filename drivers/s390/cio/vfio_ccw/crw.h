/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_CRW_H
#define VFIO_CCW_CRW_H

#include <linux/types.h>

#define VCCW_CRW_MAX	64u

/* a channel-report word: SA22-7832, Chapter 17, "Channel-Report Word" */
#define VCCW_CRW_OVERFLOW	0x20000000u
#define VCCW_CRW_CPATH		0x04000000u	/* reporting source: channel path */
#define VCCW_CRW_INIT		0x00020000u	/* initialized */
#define VCCW_CRW_PERRN		0x00060000u	/* permanent error, not initialized */

/**
 * struct vccw_crws - channel reports that the user has not taken
 * @crw: a ring
 * @first: index of the oldest, counts on and on
 * @nr: how many
 * @epoch: changes whenever reports that were taken are out of date
 * @dropped: how many found no room
 */
struct vccw_crws {
	u32 crw[VCCW_CRW_MAX];
	u32 first;
	u32 nr;
	u32 epoch;
	u64 dropped;
};

/**
 * vccw_crw_reset() - forget all reports
 * @crws: the queue
 */
void vccw_crw_reset(struct vccw_crws *crws);

/**
 * vccw_crw_add() - add a report
 * @crws: the queue
 * @crw: the report
 *
 * Without room for it the report is lost, and the last one in the queue says
 * so with its overflow bit.
 */
void vccw_crw_add(struct vccw_crws *crws, u32 crw);

/**
 * vccw_crw_take() - take the oldest report
 * @crws: the queue
 *
 * Return: the report, 0 if there is none.
 */
u32 vccw_crw_take(struct vccw_crws *crws);

/**
 * vccw_crw_peek() - look at the oldest report
 * @crws: the queue
 *
 * Return: the report, 0 if there is none.
 */
u32 vccw_crw_peek(const struct vccw_crws *crws);

/**
 * vccw_crw_nth() - look at a report
 * @crws: the queue
 * @i: how many are older
 *
 * Return: the report, 0 if there is none.
 */
u32 vccw_crw_nth(const struct vccw_crws *crws, u32 i);

/**
 * vccw_crw_untake() - the taken report did not reach the user
 * @crws: the queue
 * @crw: from vccw_crw_take(), with the epoch unchanged since
 */
void vccw_crw_untake(struct vccw_crws *crws, u32 crw);

#endif
