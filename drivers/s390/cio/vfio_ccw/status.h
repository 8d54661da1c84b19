/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_STATUS_H
#define VFIO_CCW_STATUS_H

#include <linux/types.h>
#include "cp/ccw.h"

/**
 * struct vccw_status - what the user's subchannel shows
 * @irb: status that was not taken yet
 * @pending: there is some
 * @again: more than it may have been signalled since status was taken last
 * @epoch: changes whenever status that was taken is out of date
 * @merged: how often status came upon status that was not taken yet
 * @killed: how often what the user had asked for was ended by the host
 * @control: function control and activity control while nothing is pending;
 *	its function control are the functions the user asked for that have not
 *	ended
 */
struct vccw_status {
	u32 irb[IRB_WORDS];
	bool pending;
	bool again;
	u32 epoch;
	u64 merged;
	u64 killed;
	u32 control;
};

/**
 * vccw_status_reset() - no status, no function, as after power-on
 * @status: the status
 */
void vccw_status_reset(struct vccw_status *status);

/**
 * vccw_status_refuses() - is status pending that a function has to wait for?
 * @status: the status
 *
 * Return: whether START or HALT SUBCHANNEL would set condition code 1.
 * Intermediate status alone does not hinder a halt.
 */
bool vccw_status_refuses(const struct vccw_status *status);

/**
 * vccw_status_accepted() - the hardware accepted a function of the user
 * @status: the status
 * @fctl: %SCSW0_FC_START, %SCSW0_FC_HALT or %SCSW0_FC_CLEAR
 *
 * CLEAR discards pending status, as it does in a subchannel.
 */
void vccw_status_accepted(struct vccw_status *status, u32 fctl);

/**
 * vccw_status_suspended() - is there a suspended program?
 * @status: the status
 *
 * Return: whether there is one, that nobody halts, clears or resumes
 */
bool vccw_status_suspended(const struct vccw_status *status);

/**
 * vccw_status_resumable() - is there a suspended program that can be resumed?
 * @status: the status
 *
 * Return: whether RESUME SUBCHANNEL would set condition code 0
 */
bool vccw_status_resumable(const struct vccw_status *status);

/**
 * vccw_status_started() - is the start function what the user waits for?
 * @status: the status
 *
 * Return: whether it is, and no halt or clear function
 */
bool vccw_status_started(const struct vccw_status *status);

/**
 * vccw_status_resumed() - the hardware accepted the resume function
 * @status: the status
 */
void vccw_status_resumed(struct vccw_status *status);

/**
 * vccw_status_is_solicited() - does status answer a function?
 * @irb: the IRB
 *
 * Return: false for alert status that came by itself
 */
static inline bool vccw_status_is_solicited(const u32 *irb)
{
	return (irb[IRB_SCSW0] & SCSW0_CC) ||
	       (irb[IRB_SCSW0] & SCSW0_SC) != (SCSW0_SC_ALERT | SCSW0_SC_PEND);
}

/**
 * vccw_status_is_final() - does status end the functions of its subchannel?
 * @irb: the IRB
 *
 * Return: true if it is solicited and leaves nothing active, pending or suspended
 */
bool vccw_status_is_final(const u32 *irb);

/**
 * vccw_status_add() - status for the user
 * @status: the status
 * @irb: as the user shall see it; changed if it ends a function that the user
 *	did not ask for: the host halted or cleared the user's program
 *
 * What was not taken yet accumulates as in a subchannel: SA22-7832,
 * "Subchannel-Status Word" and "Interruption-Response Block".
 *
 * Return: vccw_status_is_final() of @irb
 */
bool vccw_status_add(struct vccw_status *status, u32 *irb);

/**
 * vccw_status_hide() - status that the user did not ask for
 * @status: the status
 * @irb: intermediate status; only what it says of the activity is noted
 */
void vccw_status_hide(struct vccw_status *status, const u32 *irb);

/**
 * vccw_status_check() - end a start function with a check of the channel's own
 * @status: the status
 * @orb1: word 1 of the user's ORB
 * @cstat: %SCSW2_SCH_PROG, %SCSW2_SCH_PROT
 * @cpa: address of the CCW that was in error plus 8
 */
void vccw_status_check(struct vccw_status *status, u32 orb1, u32 cstat, u32 cpa);

/**
 * vccw_status_abort() - the host ended what the user had asked for
 * @status: the status
 *
 * A start ends with an interface-control check, upon which operating systems
 * try again; a halt or clear with what it was asked for.
 *
 * Return: whether anything was ended
 */
bool vccw_status_abort(struct vccw_status *status);

/**
 * vccw_status_lose() - the subchannel is gone
 * @status: the status
 *
 * A start ends with a deferred condition code 3, a halt or clear with what it was
 * asked for: SA22-7832, Chapter 16, "Deferred Condition Code".
 *
 * Return: whether anything was ended
 */
bool vccw_status_lose(struct vccw_status *status);

/**
 * vccw_status_take() - TEST SUBCHANNEL
 * @status: the status
 * @irb: %IRB_WORDS words; without pending status it says what is going on
 *
 * Return: whether status was pending
 */
bool vccw_status_take(struct vccw_status *status, u32 *irb);

/**
 * vccw_status_peek() - as vccw_status_take(), but the status stays
 * @status: the status
 * @irb: %IRB_WORDS words
 */
void vccw_status_peek(const struct vccw_status *status, u32 *irb);

/**
 * vccw_status_untake() - the taken status did not reach the user
 * @status: the status
 * @irb: from vccw_status_take(), with the epoch unchanged since
 */
void vccw_status_untake(struct vccw_status *status, const u32 *irb);

#endif
