// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failing allocations and copies, one at a time: /proc/thread-self/fail-nth says
 * which of those that this thread comes to next.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "libccw.h"

#define DEBUGFS	"/sys/kernel/debug/"

static int fail_nth = -1;

/* by default those that could wait for memory do not fail, which are all of ours */
static const char *const settings[][2] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
	{ DEBUGFS "failslab/verbose", "0" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ DEBUGFS "fail_page_alloc/min-order", "0" },
	{ DEBUGFS "fail_page_alloc/verbose", "0" },
	{ DEBUGFS "fail_usercopy/verbose", "0" },
};

const char *ccw_fault_setup(void)
{
	unsigned int i;

	if (fail_nth >= 0)
		close(fail_nth);
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return "this kernel has no /proc/thread-self/fail-nth (CONFIG_FAULT_INJECTION)";
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (_ccw_sysfs_write(settings[i][1], "%s", settings[i][0]))
			return "debugfs has no failslab, fail_page_alloc, fail_usercopy";
	return NULL;
}

/* where a function of the kernel begins, and the one after it */
static bool find_function(const char *name, unsigned long *from, unsigned long *to)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	unsigned long at;
	char symbol[128];
	int pass;

	*from = 0;
	*to = ~0UL;
	for (pass = 0; f && pass < 2; pass++) {
		rewind(f);
		while (fscanf(f, "%lx %*c %127s%*[^\n]", &at, symbol) == 2) {
			if (!pass && !strcmp(symbol, name))
				*from = at;
			if (pass && at > *from && at < *to)
				*to = at;
		}
	}
	if (f)
		fclose(f);
	return *from && *to != ~0UL;
}

bool ccw_fault_except(const char *function)
{
	static const char *const attr[] = { "failslab", "fail_page_alloc" };
	unsigned long from = 0, to = 0;
	char text[32];
	unsigned int i;

	if (function && !find_function(function, &from, &to))
		return false;
	for (i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%#lx", from);
		if (_ccw_sysfs_write(text, DEBUGFS "%s/reject-start", attr[i]))
			return false;
		snprintf(text, sizeof(text), "%#lx", to);
		if (_ccw_sysfs_write(text, DEBUGFS "%s/reject-end", attr[i]))
			return false;
	}
	return true;
}

void ccw_fault_arm(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	/* what is called in between must not come to it for the first time */
	errno = 0;
	if (pwrite(fail_nth, text, n, 0) != n)
		abort();
}

unsigned int ccw_fault_left(void)
{
	char text[16] = "";
	unsigned int left = 0;

	/* it is the 0 that counts, and the copy of anything else may fail */
	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		left = 1;
	else
		left = strtoul(text, NULL, 0);
	while (pwrite(fail_nth, "0", 1, 0) != 1)
		;
	return left;
}

bool ccw_fault_hit(void)
{
	return !ccw_fault_left();
}
