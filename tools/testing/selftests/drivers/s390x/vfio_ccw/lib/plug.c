// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that leave the machine and come back. Whoever owns the machine says
 * how: VFIO_CCW_UNPLUG and VFIO_CCW_REPLUG are commands for its monitor, for the
 * subchannel VFIO_CCW_UNPLUG_BUSID. The monitor is behind a port that takes a line
 * and answers with the length of its answer, as a line, and the answer.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "libccw.h"

#define PORT	"/dev/virtio-ports/lab.monitor"

/* one at a time may have it open */
static FILE *monitor_open(void)
{
	FILE *port = NULL;
	int tries;

	for (tries = 0; tries < 1000 && !port; tries++) {
		int fd = open(PORT, O_RDWR | O_CLOEXEC);

		if (fd >= 0)
			port = fdopen(fd, "r+");
		else
			usleep(10000);
	}
	if (port)
		setvbuf(port, NULL, _IONBF, 0);
	return port;
}

static int monitor_ask(FILE *port, const char *command)
{
	char line[32], answer[256] = "";
	long length;

	if (dprintf(fileno(port), "%s\n", command) < 0 ||
	    !fgets(line, sizeof(line), port))
		return -EIO;
	length = atol(line);
	if (length < 0 || length >= (long)sizeof(answer) ||
	    fread(answer, 1, length, port) != (size_t)length)
		return -EIO;
	return strstr(answer, "Error") ? -EIO : 0;
}

static int monitor(const char *command)
{
	FILE *port = monitor_open();
	int rc;

	if (!port)
		return -ENODEV;
	rc = monitor_ask(port, command);
	fclose(port);
	return rc;
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

/* at once, so that the host may find another device where the old one was */
int _ccw_replace(void)
{
	FILE *port = monitor_open();
	int tries, rc;

	if (!port)
		return -ENODEV;
	rc = monitor_ask(port, getenv("VFIO_CCW_UNPLUG"));
	for (tries = 0; !rc && tries < 100; tries++) {
		if (!monitor_ask(port, getenv("VFIO_CCW_REPLUG")))
			break;
		usleep(1000);
	}
	fclose(port);
	return rc ? rc : tries < 100 ? 0 : -EIO;
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
