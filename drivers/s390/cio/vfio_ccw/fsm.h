/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_FSM_H
#define VFIO_CCW_FSM_H

#include "fsm_table.h"

struct vccw_device;

#define VCCW_FSM_NAME(name)	VCCW_STATE_##name,

enum vccw_state {
	VCCW_FSM_STATES(VCCW_FSM_NAME)
	VCCW_NR_STATES
};

#undef VCCW_FSM_NAME

#define VCCW_FSM_NAME(name)	VCCW_EVENT_##name,

enum vccw_event {
	VCCW_FSM_EVENTS(VCCW_FSM_NAME)
	VCCW_NR_EVENTS
};

#undef VCCW_FSM_NAME

/**
 * struct vccw_fsm_cell - what to do about an event in a state
 * @action: called with sch->lock held; 0 means to go to @next
 * @next: the next state
 */
struct vccw_fsm_cell {
	int (*action)(struct vccw_device *dev);
	enum vccw_state next;
};

extern const struct vccw_fsm_cell vccw_fsm[VCCW_NR_STATES][VCCW_NR_EVENTS];

/**
 * vccw_fsm_event() - let something happen to a device
 * @dev: the device
 * @event: what
 *
 * The only writer of @dev's state. Context: sch->lock held; does not sleep.
 * Return: what the table's action returned: 0, > 0 if all is well but the
 * state stays, or a negative errno.
 */
int vccw_fsm_event(struct vccw_device *dev, enum vccw_event event);

#endif
