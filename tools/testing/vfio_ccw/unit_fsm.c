// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of states and events, as the driver, its model and its tests read
 * it: each cell is there once, and what must hold of it whatever the actions do.
 */
#include <stdio.h>
#include <string.h>

#include <linux/compiler.h>
#include "fsm.h"

enum act {
	none, stay, busy, off, gone, enable, disable, start, halt, clear, status, settle, kill,
	rested, lose, resume,
};

struct cell {
	const char *name;
	enum vccw_state from;
	enum vccw_event event;
	enum act act;
	enum vccw_state next;
};

#define CELL(s, e, a, n) { #s "/" #e, VCCW_STATE_##s, VCCW_EVENT_##e, a, VCCW_STATE_##n },
static const struct cell cells[] = { VCCW_FSM_TABLE(CELL) };

static_assert(ARRAY_SIZE(cells) == VCCW_NR_STATES * VCCW_NR_EVENTS);

/* two cells of one place are a duplicate case */
#define CASE(s, e, a, n) case VCCW_STATE_##s * VCCW_NR_EVENTS + VCCW_EVENT_##e:
static __maybe_unused int once(int place)
{
	switch (place) {
	VCCW_FSM_TABLE(CASE)
		return 1;
	}
	return 0;
}

static bool only_returns(enum act act)
{
	return act == stay || act == busy || act == off || act == gone;
}

static const char *wrong(const struct cell *c)
{
	bool owns = c->from == VCCW_STATE_BUSY || c->from == VCCW_STATE_QUIESCING;
	bool will_own = c->next == VCCW_STATE_BUSY || c->next == VCCW_STATE_QUIESCING;

	if (only_returns(c->act) && c->next != c->from)
		return "changes the state by an action that never returns 0";
	if (c->from == VCCW_STATE_GONE && c->next != VCCW_STATE_GONE)
		return "comes back from GONE";
	if (c->event == VCCW_EVENT_LOST && c->next != VCCW_STATE_GONE)
		return "survives a loss";
	if (c->event == VCCW_EVENT_LOST && c->from != VCCW_STATE_GONE && c->act != lose)
		return "is lost without saying so";
	if (c->next == VCCW_STATE_GONE && c->from != VCCW_STATE_GONE && c->act != lose)
		return "is gone without a loss";
	if (c->act == start && c->from != VCCW_STATE_IDLE)
		return "starts where a program may be";
	if (c->act == resume && (c->from != VCCW_STATE_BUSY || c->next != VCCW_STATE_BUSY))
		return "resumes what the hardware does not own";
	if (c->next == VCCW_STATE_BUSY && c->from != VCCW_STATE_BUSY && c->act != start)
		return "is busy without a start";
	if (owns && !will_own && c->act != status && c->act != kill && c->act != rested &&
	    c->act != disable && c->act != lose)
		return "leaves the program with the hardware";
	if (c->from == VCCW_STATE_QUIESCING && c->next == VCCW_STATE_IDLE &&
	    c->event != VCCW_EVENT_RESTED)
		return "is idle before whoever waits knows";
	if (c->from == VCCW_STATE_QUIESCING && c->event == VCCW_EVENT_INTERRUPT && c->act != settle)
		return "does not wake whoever waits";
	if ((c->from == VCCW_STATE_IDLE || c->from == VCCW_STATE_BUSY) &&
	    c->event == VCCW_EVENT_INTERRUPT && c->act != status)
		return "loses status";
	if (c->from == VCCW_STATE_FROZEN && c->event <= VCCW_EVENT_RESUME &&
	    c->event != VCCW_EVENT_OPEN && c->act != busy)
		return "uses a device that is stopped";
	if (c->from == VCCW_STATE_FROZEN && c->event == VCCW_EVENT_INTERRUPT && c->act != status)
		return "loses status";
	if (c->next == VCCW_STATE_FROZEN && c->from != VCCW_STATE_FROZEN &&
	    c->from != VCCW_STATE_IDLE)
		return "stops what is not at rest";
	if (c->from == VCCW_STATE_FROZEN && c->next == VCCW_STATE_IDLE &&
	    c->event != VCCW_EVENT_OPEN)
		return "goes on without being asked";
	if (c->from == VCCW_STATE_CLOSED && c->event != VCCW_EVENT_OPEN &&
	    c->event != VCCW_EVENT_LOST && !only_returns(c->act))
		return "touches a subchannel that nobody has open";
	if (c->event == VCCW_EVENT_CLOSE && c->act != disable && !only_returns(c->act))
		return "closes without disabling";
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned int passed = 0, failed = 0, i;

	for (i = 0; i < ARRAY_SIZE(cells); i++) {
		const char *why = wrong(&cells[i]);

		if (argc > 1 && !strstr(cells[i].name, argv[1]))
			continue;
		if (why) {
			printf("not ok %s: %s\n", cells[i].name, why);
			failed++;
		} else {
			passed++;
		}
	}
	printf("unit_fsm: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
