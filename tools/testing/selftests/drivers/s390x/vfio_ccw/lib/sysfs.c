// SPDX-License-Identifier: GPL-2.0-only
/* sysfs, as a shell would use it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "libccw.h"

static int open_formatted(int flags, const char *fmt, va_list ap)
{
	char path[PATH_MAX];
	int fd;

	vsnprintf(path, sizeof(path), fmt, ap);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int _ccw_sysfs_write(const char *value, const char *fmt, ...)
{
	va_list ap;
	int fd, rc;

	va_start(ap, fmt);
	fd = open_formatted(O_WRONLY, fmt, ap);
	va_end(ap);
	if (fd < 0)
		return fd;
	rc = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

int _ccw_sysfs_read(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	ssize_t n;
	int fd;

	va_start(ap, fmt);
	fd = open_formatted(O_RDONLY, fmt, ap);
	va_end(ap);
	if (fd < 0)
		return fd;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		return -errno;
	while (n && buf[n - 1] == '\n')
		n--;
	buf[n] = 0;
	return 0;
}

bool ccw_sysfs_exists(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	return !access(path, F_OK);
}
