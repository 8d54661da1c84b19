// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that leave the machine and come back. Whoever owns the machine says
 * how: VFIO_CCW_UNPLUG and VFIO_CCW_REPLUG are commands for its monitor, for the
 * subchannel VFIO_CCW_UNPLUG_BUSID.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libccw.h"

static int monitor(const char *command)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		freopen("/dev/null", "w", stdout);
		execlp("labmon", "labmon", command, NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && !status ? 0 : -EIO;
}

bool ccw_is_there(const char *busid)
{
	return ccw_sysfs_exists("/sys/bus/css/devices/%s", busid);
}

bool ccw_can_unplug(const char *busid)
{
	const char *which = getenv("VFIO_CCW_UNPLUG_BUSID");

	return which && !strcmp(which, busid) && getenv("VFIO_CCW_UNPLUG") &&
	       getenv("VFIO_CCW_REPLUG");
}

int _ccw_unplug(void)
{
	return monitor(getenv("VFIO_CCW_UNPLUG"));
}

int _ccw_cio_settle(void)
{
	return _ccw_sysfs_write("1", "/proc/cio_settle");
}

static int replug(const char *busid)
{
	const char *command = getenv("VFIO_CCW_REPLUG");
	int tries;

	if (!command)
		return -ENODEV;
	/* the monitor may still hold the name of the old one */
	for (tries = 0; tries < 50 && monitor(command); tries++)
		usleep(100000);
	return EVENTUALLY(ccw_is_there(busid)) ? _ccw_cio_settle() : -ENODEV;
}

int _ccw_come_back(const char *busid, const char *uuid)
{
	int rc = ccw_is_there(busid) ? 0 : replug(busid);

	if (!rc)
		rc = _ccw_sch_take(busid);
	if (!rc && !ccw_sysfs_exists("/sys/bus/mdev/devices/%s", uuid))
		rc = _ccw_mdev_create(busid, uuid);
	return rc;
}
