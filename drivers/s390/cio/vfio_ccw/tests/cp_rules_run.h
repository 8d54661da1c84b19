/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_TESTS_CP_RULES_RUN_H
#define VFIO_CCW_TESTS_CP_RULES_RUN_H

#include "cp_check.h"

/* rows of all tables of cp_rules.h, one after the other */
u32 cp_rules_nr(void);
const char *cp_rules_name(u32 row);
const char *cp_rules_of(u32 row);
/* programs of thousands of CCWs are about size and take their time */
bool cp_rules_is_large(u32 row);

/*
 * In all modes of memory and with each pin and allocation failing; brief: in two
 * modes. False: ck->fm->error says what is wrong.
 */
bool cp_rules_run(struct cp_check *ck, u32 row, bool brief);
/* only translate; for injecting failures: false if the row translates nothing */
bool cp_rules_translate(struct cp_check *ck, u32 row);

#endif
