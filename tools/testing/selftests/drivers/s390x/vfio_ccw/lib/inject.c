// SPDX-License-Identifier: GPL-2.0-only
/* Channel reports that no channel made: a kernel with CONFIG_CIO_INJECT. */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "libccw.h"

#define DEBUGFS	"/sys/kernel/debug/s390/cio/"

const char *ccw_inject_setup(void)
{
	if (_ccw_sysfs_write("1", DEBUGFS "enable_inject"))
		return "this kernel injects no channel reports (CONFIG_CIO_INJECT)";
	return NULL;
}

int _ccw_inject(u32 rsc, u32 erc, u32 rsid, bool overflow)
{
	char text[64];
	int rc, tries;

	/* solicited, overflow, chained, source, ancillary, error code, id */
	snprintf(text, sizeof(text), "0 %x 0 %x 0 %x %x", overflow, rsc, erc,
		 rsid);
	/* there is room for one; the host's thread takes it */
	for (tries = 0; tries < 10000; tries++) {
		rc = _ccw_sysfs_write(text, DEBUGFS "crw_inject");
		if (rc != -EBUSY)
			return rc;
		usleep(100);
	}
	return rc;
}
