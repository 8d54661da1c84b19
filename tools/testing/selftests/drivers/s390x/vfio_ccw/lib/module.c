// SPDX-License-Identifier: GPL-2.0-only
/* The driver as a module, and the devices that it has when it comes back. */
#define _GNU_SOURCE
#include <dirent.h>
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

static bool remembered(const char *uuid)
{
	int i;

	for (i = 0; i < nr_devices; i++)
		if (!strcmp(uuid, uuids[i]))
			return true;
	return false;
}

const char *ccw_forgotten(void)
{
	static char uuid[40];
	DIR *dir = opendir("/sys/bus/mdev/devices");
	struct dirent *entry;
	bool found = false;
	char api[16];

	while (dir && !found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || remembered(entry->d_name))
			continue;
		snprintf(uuid, sizeof(uuid), "%.39s", entry->d_name);
		/* those of other drivers stay */
		found = !_ccw_sysfs_read(api, sizeof(api),
					 "/sys/bus/mdev/devices/%s/mdev_type/device_api",
					 uuid) && !strcmp(api, "vfio-ccw");
	}
	if (dir)
		closedir(dir);
	return found ? uuid : NULL;
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
