// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 3270 terminal: QEMU's, and that of Hercules, a 3278 of a 3274. It keeps no data that
 * could be read back untouched.
 */
#include "libccw.h"

const struct ccw_backend ccw_tn3270 = {
	.name = "3270", .cu_type = 0x3270, .cu_model = -1,
	.bad_cmd = 0xff, .bad_sense = 0x80,
};

const struct ccw_backend ccw_tn3274 = {
	.name = "3274", .cu_type = 0x3274, .cu_model = -1,
	.bad_cmd = 0xff, .bad_sense = 0x80,
};
