// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the table of rules in user space. On top of what the table asks for,
 * each allocation that the translator takes from the kernel fails once.
 *
 *	unit [-v] [NAME]	all rows, or those whose name contains NAME
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include "tests/cp_rules_run.h"

static bool fail_allocations(struct cp_check *ck, u32 row)
{
	long n;

	for (n = 1; n < 200; n += cp_rules_is_large(row) ? n : 1) {
		cp_check_restart(ck);
		shim_fail_in = n;
		if (!cp_rules_translate(ck, row)) {
			shim_fail_in = 0;
			return true;
		}
		if (shim_fail_in) {
			shim_fail_in = 0;
			break;
		}
		if (ck->rc != -ENOMEM)
			fm_error(ck->fm, "allocation %ld fails: returned %d", n, ck->rc);
		if (ck->fm->nr_errors)
			return false;
		cp_rules_translate(ck, row);
		if (ck->rc)
			fm_error(ck->fm, "after failed allocation %ld: %d", n, ck->rc);
		if (ck->fm->nr_errors)
			return false;
	}
	return true;
}

static bool run(struct cp_check *ck, u32 row)
{
	if (!cp_rules_run(ck, row, false) || !fail_allocations(ck, row))
		return false;
	cp_check_restart(ck);
	if (shim_live)
		fm_error(ck->fm, "%ld allocations were not freed", shim_live);
	return !ck->fm->nr_errors;
}

int main(int argc, char **argv)
{
	struct cp_check *ck = cp_check_create();
	u32 i, passed = 0, failed = 0;
	const char *only = NULL;
	bool verbose = false;

	for (argc--, argv++; argc; argc--, argv++) {
		if (!strcmp(*argv, "-v"))
			verbose = true;
		else
			only = *argv;
	}
	if (!ck)
		return 2;
	for (i = 0; i < cp_rules_nr(); i++) {
		if (only && !strstr(cp_rules_name(i), only))
			continue;
		if (run(ck, i)) {
			passed++;
			if (verbose)
				printf("ok %s (%s)\n", cp_rules_name(i), cp_rules_of(i));
			continue;
		}
		failed++;
		printf("not ok %s (%s): %s\n", cp_rules_name(i), cp_rules_of(i), ck->fm->error);
	}
	cp_check_destroy(ck);
	printf("unit: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
