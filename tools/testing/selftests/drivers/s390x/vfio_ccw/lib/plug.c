// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that leave the machine and come back. Whoever owns the machine says
 * which and how: VFIO_CCW_UNPLUG_BUSID lists their subchannels, in ascending order,
 * for a device that comes back has the first number that is free. VFIO_CCW_UNPLUG and
 * VFIO_CCW_REPLUG have a command for the machine's monitor for each of them, in the
 * same order, with semicolons in between. The monitor is behind a port that takes a
 * line and answers with the length of its answer, as a line, and the answer.
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

int _ccw_monitor(const char *command)
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

/* the nth piece of an environment variable; false: it has none */
static bool nth(const char *name, unsigned int n, const char *between, char *buf, size_t size)
{
	const char *list = getenv(name);
	size_t length;

	for (; list; list += length + strspn(list + length, between)) {
		length = strcspn(list, between);
		if (!length)
			return false;
		if (!n--)
			return snprintf(buf, size, "%.*s", (int)length, list) < (int)size;
	}
	return false;
}

bool ccw_unpluggable(unsigned int nr, char busid[16])
{
	char command[256];

	return nth("VFIO_CCW_UNPLUG_BUSID", nr, " ", busid, 16) &&
	       nth("VFIO_CCW_UNPLUG", nr, ";", command, sizeof(command)) &&
	       nth("VFIO_CCW_REPLUG", nr, ";", command, sizeof(command));
}

/* which of them a subchannel is; -1: none */
static int number_of(const char *busid)
{
	char other[16];
	int nr;

	for (nr = 0; ccw_unpluggable(nr, other); nr++)
		if (!strcmp(busid, other))
			return nr;
	return -1;
}

bool ccw_can_unplug(const char *busid)
{
	return number_of(busid) >= 0;
}

/* what the machine's owner wants to be said for it */
static const char *command_for(const char *busid, const char *name)
{
	static char command[256];
	int nr = number_of(busid);

	return nr >= 0 && nth(name, nr, ";", command, sizeof(command)) ? command : NULL;
}

int _ccw_unplug(const char *busid)
{
	const char *command = command_for(busid, "VFIO_CCW_UNPLUG");

	return command ? _ccw_monitor(command) : -ENODEV;
}

int _ccw_cio_settle(void)
{
	return _ccw_sysfs_write("1", "/proc/cio_settle");
}

int _ccw_plug(const char *busid)
{
	const char *command = command_for(busid, "VFIO_CCW_REPLUG");
	int tries, rc;

	if (!command)
		return -ENODEV;
	/* the monitor may still hold the name of the old one */
	for (tries = 0; (rc = _ccw_monitor(command)) && tries < 50; tries++)
		usleep(100000);
	return rc;
}

static int replug(const char *busid)
{
	int rc = _ccw_plug(busid);

	if (rc)
		return rc;
	return EVENTUALLY(ccw_is_there(busid)) ? _ccw_cio_settle() : -ENODEV;
}

/* at once, so that the host may find another device where the old one was */
int _ccw_replace(const char *busid)
{
	FILE *port = ccw_can_unplug(busid) ? monitor_open() : NULL;
	int tries, rc;

	if (!port)
		return -ENODEV;
	rc = monitor_ask(port, command_for(busid, "VFIO_CCW_UNPLUG"));
	for (tries = 0; !rc && tries < 100; tries++) {
		if (!monitor_ask(port, command_for(busid, "VFIO_CCW_REPLUG")))
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
