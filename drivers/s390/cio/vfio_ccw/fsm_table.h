/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a device, as a table. Pure preprocessor: the driver, its tests,
 * the programs of user space and the generator of the model share this file.
 *
 * States
 *	GONE		the subchannel is lost; nothing brings it back
 *	CLOSED		nobody has the device open; the subchannel is disabled
 *	IDLE		enabled, and no program in the hardware
 *	BUSY		the hardware owns a program
 *	QUIESCING	being brought to rest; somebody waits for it
 *	FROZEN		as IDLE, but the user may not use it, and is told of nothing
 *
 * Events
 *	OPEN		make ready for a user, or let a frozen device go on
 *	START		the user's start function, translated
 *	HALT, CLEAR	the user's halt and clear function
 *	RESUME		a suspended program, translated anew, is to go on: the
 *			user wants it, or it changed itself
 *	INTERRUPT	the hardware presents status
 *	KILL		end the program without waiting: its path goes away
 *	QUIESCE		bring it to rest
 *	RESTED		it is at rest and the user goes on
 *	CLOSE		it is at rest and is to be disabled
 *	FREEZE		the user stops the device, which is at rest
 *	LOST		the subchannel is no more
 *
 * A cell is (state, event, action, next state). The action decides whether the
 * next state is reached: if it returns 0, it is, else the state stays.
 *
 * Actions that do nothing else than return a value
 *	none		0
 *	stay		1: nothing to be done, and no error
 *	busy		-EBUSY
 *	off		-EIO
 *	gone		-ENODEV
 */
#ifndef VFIO_CCW_FSM_TABLE_H
#define VFIO_CCW_FSM_TABLE_H

#define VCCW_FSM_STATES(X)	\
	X(GONE)			\
	X(CLOSED)		\
	X(IDLE)			\
	X(BUSY)			\
	X(QUIESCING)		\
	X(FROZEN)

#define VCCW_FSM_EVENTS(X)	\
	X(OPEN)			\
	X(START)		\
	X(HALT)			\
	X(CLEAR)		\
	X(RESUME)		\
	X(INTERRUPT)		\
	X(KILL)			\
	X(QUIESCE)		\
	X(RESTED)		\
	X(CLOSE)		\
	X(FREEZE)		\
	X(LOST)

#define VCCW_FSM_TABLE(X)					\
	X(GONE,		OPEN,		gone,		GONE)		\
	X(GONE,		START,		gone,		GONE)		\
	X(GONE,		HALT,		gone,		GONE)		\
	X(GONE,		CLEAR,		gone,		GONE)		\
	X(GONE,		RESUME,		gone,		GONE)		\
	X(GONE,		INTERRUPT,	stay,		GONE)		\
	X(GONE,		KILL,		stay,		GONE)		\
	X(GONE,		QUIESCE,	stay,		GONE)		\
	X(GONE,		RESTED,		stay,		GONE)		\
	X(GONE,		CLOSE,		stay,		GONE)		\
	X(GONE,		FREEZE,		gone,		GONE)		\
	X(GONE,		LOST,		stay,		GONE)		\
								\
	X(CLOSED,	OPEN,		enable,		IDLE)		\
	X(CLOSED,	START,		off,		CLOSED)		\
	X(CLOSED,	HALT,		off,		CLOSED)		\
	X(CLOSED,	CLEAR,		off,		CLOSED)		\
	X(CLOSED,	RESUME,		off,		CLOSED)		\
	X(CLOSED,	INTERRUPT,	stay,		CLOSED)		\
	X(CLOSED,	KILL,		stay,		CLOSED)		\
	X(CLOSED,	QUIESCE,	stay,		CLOSED)		\
	X(CLOSED,	RESTED,		stay,		CLOSED)		\
	X(CLOSED,	CLOSE,		stay,		CLOSED)		\
	X(CLOSED,	FREEZE,		off,		CLOSED)		\
	X(CLOSED,	LOST,		lose,		GONE)		\
								\
	X(IDLE,		OPEN,		busy,		IDLE)		\
	X(IDLE,		START,		start,		BUSY)		\
	X(IDLE,		HALT,		halt,		IDLE)		\
	X(IDLE,		CLEAR,		clear,		IDLE)		\
	X(IDLE,		RESUME,		busy,		IDLE)		\
	X(IDLE,		INTERRUPT,	status,		IDLE)		\
	X(IDLE,		KILL,		stay,		IDLE)		\
	X(IDLE,		QUIESCE,	none,		QUIESCING)	\
	X(IDLE,		RESTED,		stay,		IDLE)		\
	X(IDLE,		CLOSE,		stay,		IDLE)		\
	X(IDLE,		FREEZE,		none,		FROZEN)		\
	X(IDLE,		LOST,		lose,		GONE)		\
								\
	X(BUSY,		OPEN,		busy,		BUSY)		\
	X(BUSY,		START,		busy,		BUSY)		\
	X(BUSY,		HALT,		halt,		BUSY)		\
	X(BUSY,		CLEAR,		clear,		BUSY)		\
	X(BUSY,		RESUME,		resume,		BUSY)		\
	X(BUSY,		INTERRUPT,	status,		IDLE)		\
	X(BUSY,		KILL,		kill,		IDLE)		\
	X(BUSY,		QUIESCE,	none,		QUIESCING)	\
	X(BUSY,		RESTED,		stay,		BUSY)		\
	X(BUSY,		CLOSE,		stay,		BUSY)		\
	X(BUSY,		FREEZE,		busy,		BUSY)		\
	X(BUSY,		LOST,		lose,		GONE)		\
								\
	X(QUIESCING,	OPEN,		busy,		QUIESCING)	\
	X(QUIESCING,	START,		busy,		QUIESCING)	\
	X(QUIESCING,	HALT,		busy,		QUIESCING)	\
	X(QUIESCING,	CLEAR,		busy,		QUIESCING)	\
	X(QUIESCING,	RESUME,		busy,		QUIESCING)	\
	X(QUIESCING,	INTERRUPT,	settle,		QUIESCING)	\
	X(QUIESCING,	KILL,		stay,		QUIESCING)	\
	X(QUIESCING,	QUIESCE,	stay,		QUIESCING)	\
	X(QUIESCING,	RESTED,		rested,		IDLE)		\
	X(QUIESCING,	CLOSE,		disable,	CLOSED)		\
	X(QUIESCING,	FREEZE,		busy,		QUIESCING)	\
	X(QUIESCING,	LOST,		lose,		GONE)		\
								\
	X(FROZEN,	OPEN,		none,		IDLE)		\
	X(FROZEN,	START,		busy,		FROZEN)		\
	X(FROZEN,	HALT,		busy,		FROZEN)		\
	X(FROZEN,	CLEAR,		busy,		FROZEN)		\
	X(FROZEN,	RESUME,		busy,		FROZEN)		\
	X(FROZEN,	INTERRUPT,	status,		FROZEN)		\
	X(FROZEN,	KILL,		stay,		FROZEN)		\
	X(FROZEN,	QUIESCE,	stay,		FROZEN)		\
	X(FROZEN,	RESTED,		stay,		FROZEN)		\
	X(FROZEN,	CLOSE,		disable,	CLOSED)		\
	X(FROZEN,	FREEZE,		stay,		FROZEN)		\
	X(FROZEN,	LOST,		lose,		GONE)

#endif
