/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has to hold of every translation: invariants of the host program, and
 * that it does to the device and to the guest's memory what the guest's program
 * would do. Errors go to the fake memory's record.
 */
#ifndef VFIO_CCW_TESTS_CP_CHECK_H
#define VFIO_CCW_TESTS_CP_CHECK_H

#include "channel.h"

/**
 * struct cp_check - a translator under test and its surroundings
 * @fm: its memory
 * @cp: the translator
 * @spare: for the rest of a program that was suspended
 * @reach: for the analysis of guest programs
 * @guest: the run of the guest's program
 * @host: the run of the host program
 * @orb: what was translated
 * @res: its result
 * @rc: what cp_translate() returned
 * @compared: statuses that were compared already
 * @followed: how often the program paused and was translated anew
 * @unfollowed: it changed itself in a way that is not seen; the runs may differ
 * @chain_lost: the device did not go on behind a pause; the runs may differ
 * @excused: the runs differed where no one host program can be right
 */
struct cp_check {
	struct fake_mem *fm;
	struct cp cp;
	struct cp spare;
	struct chan_reach *reach;
	struct channel guest;
	struct channel host;
	struct cp_orb orb;
	struct cp_result res;
	int rc;
	u32 compared;
	u32 followed;
	bool unfollowed;
	bool chain_lost;
	bool excused;
};

struct cp_check *cp_check_create(void);
void cp_check_destroy(struct cp_check *ck);

/* translate, and check all that can be said without a run */
void cp_check_translate(struct cp_check *ck, const struct cp_orb *orb);
/* run both programs and compare; after cp_check_translate() returned 0 in rc */
void cp_check_run(struct cp_check *ck, const struct chan_step *script, u32 nr_steps,
		  u32 max_calls, u32 max_bytes, bool eager);

/* are both programs suspended? then where the guest's is */
bool cp_check_suspended(struct cp_check *ck, u32 *gpa);
/*
 * Translate the rest of the suspended program, and check that; rc is what
 * cp_retranslate() returned, and unless it is 0 the program is still suspended.
 */
void cp_check_retranslate(struct cp_check *ck);
/* go on with both programs, and compare them; after cp_check_retranslate() */
void cp_check_resume(struct cp_check *ck);
/* translators as new; it is an error if something is left over */
void cp_check_restart(struct cp_check *ck);

/* the guest CCW that a slot stands for, as cp_status() tells it */
u32 cp_check_guest_ccw(struct cp_check *ck, u32 slot);
u64 cp_check_slot(const struct cp_check *ck, u32 slot);

#endif
