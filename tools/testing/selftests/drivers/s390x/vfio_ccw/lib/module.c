// SPDX-License-Identifier: GPL-2.0-only
/* The driver as a module, and the devices that it has when it comes back. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "libccw.h"

static char busids[CCW_MAX_DEVS][16], uuids[CCW_MAX_DEVS][40];
static int nr_devices;

int _ccw_remember_all(void)
{
	const char *uuid;
	int n, rc;

	for (n = 0; n < CCW_MAX_DEVS && (uuid = ccw_uuid(n)); n++) {
		snprintf(uuids[n], sizeof(uuids[n]), "%s", uuid);
		rc = _ccw_busid(uuid, busids[n]);
		if (rc)
			return rc;
	}
	nr_devices = n;
	return n;
}

int _ccw_take_all(void)
{
	int i, rc = 0;

	for (i = 0; i < nr_devices && !rc; i++)
		rc = _ccw_come_back(busids[i], uuids[i]);
	return rc;
}

int _ccw_module_remove(void)
{
	return syscall(SYS_delete_module, "vfio_ccw", O_NONBLOCK) ? -errno : 0;
}

const char *ccw_module_file(void)
{
	static char path[256];
	FILE *f = popen("modinfo -n vfio_ccw 2>/dev/null", "re");
	bool found;

	if (!f)
		return NULL;
	found = fscanf(f, "%255s", path) == 1;
	if (pclose(f) || !found || access(path, R_OK))
		return NULL;
	return path;
}

int _ccw_module_load(void)
{
	int fd, rc;

	fd = open(ccw_module_file(), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return rc;
}
