// SPDX-License-Identifier: GPL-2.0-only
/* Subchannels, their drivers and their mdevs, through sysfs. */
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "libccw.h"

#define CSS	"/sys/bus/css"

int _ccw_busid(const char *uuid, char busid[16])
{
	char path[PATH_MAX], real[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", uuid);
	if (!realpath(path, real))
		return -errno;
	snprintf(busid, 16, "%s", basename(dirname(real)));
	return 0;
}

int _ccw_mdev_create(const char *busid, const char *uuid)
{
	return _ccw_sysfs_write(uuid, CSS
		"/devices/%s/mdev_supported_types/vfio_ccw-io/create", busid);
}

int _ccw_mdev_remove(const char *uuid)
{
	return _ccw_sysfs_write("1", "/sys/bus/mdev/devices/%s/remove", uuid);
}

int _ccw_sch_unbind(const char *busid)
{
	return _ccw_sysfs_write(busid, CSS "/devices/%s/driver/unbind", busid);
}

int _ccw_sch_give(const char *busid, const char *driver)
{
	int rc = _ccw_sysfs_write(driver, CSS "/devices/%s/driver_override",
				  busid);

	if (rc)
		return rc;
	if (ccw_sysfs_exists(CSS "/drivers/%s/%s", driver, busid))
		return 0;
	if (ccw_sysfs_exists(CSS "/devices/%s/driver", busid)) {
		rc = _ccw_sch_unbind(busid);
		if (rc)
			return rc;
	}
	rc = _ccw_sysfs_write(busid, CSS "/drivers_probe");
	if (rc)
		return rc;
	return ccw_sysfs_exists(CSS "/drivers/%s/%s", driver, busid) ? 0 :
								       -ENODEV;
}

int _ccw_sch_take(const char *busid)
{
	return _ccw_sch_give(busid, "vfio_ccw");
}

int _ccw_sch_leave(const char *busid)
{
	int rc = _ccw_sysfs_write("\n", CSS "/devices/%s/driver_override", busid);

	return rc ? rc : _ccw_sch_unbind(busid);
}

long _ccw_statistic(const char *uuid, const char *name)
{
	char text[32];
	int rc = _ccw_sysfs_read(text, sizeof(text),
				 "/sys/bus/mdev/devices/%s/statistics/%s", uuid,
				 name);

	return rc ? rc : atol(text);
}

unsigned int ccw_rounds(unsigned int usual)
{
	const char *text = getenv("VFIO_CCW_ROUNDS");

	return text && atoi(text) > 0 ? atoi(text) : usual;
}
