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
 * @reach: for the analysis of guest programs
 * @guest: the run of the guest's program
 * @host: the run of the host program
 * @orb: what was translated
 * @res: its result
 * @rc: what cp_translate() returned
 * @excused: the runs differed where no one host program can be right
 */
struct cp_check {
	struct fake_mem *fm;
	struct cp cp;
	struct chan_reach *reach;
	struct channel guest;
	struct channel host;
	struct cp_orb orb;
	struct cp_result res;
	int rc;
	bool excused;
};

struct cp_check *cp_check_create(void);
void cp_check_destroy(struct cp_check *ck);

/* translate, and check all that can be said without a run */
void cp_check_translate(struct cp_check *ck, const struct cp_orb *orb);
/* run both programs and compare; after cp_check_translate() returned 0 in rc */
void cp_check_run(struct cp_check *ck, const struct chan_step *script, u32 nr_steps,
		  u32 max_calls, u32 max_bytes, bool eager);

/* the guest CCW that a slot stands for, as cp_status() tells it */
u32 cp_check_guest_ccw(struct cp_check *ck, u32 slot);
u64 cp_check_slot(const struct cp_check *ck, u32 slot);

#endif
