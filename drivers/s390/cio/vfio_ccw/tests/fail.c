// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail, by the kernel's failure injection.
 */
#include <kunit/test.h>
#include <linux/debugfs.h>

#include "fail.h"

/* zero: allocations that may sleep and single pages fail, too, and no stack is dumped */
static const struct {
	const char *dir, *file;
	size_t size;
} zeroes[] = {
	{ "failslab", "ignore-gfp-wait", sizeof(bool) },
	{ "failslab", "verbose", sizeof(unsigned long) },
	{ "fail_page_alloc", "ignore-gfp-wait", sizeof(bool) },
	{ "fail_page_alloc", "verbose", sizeof(unsigned long) },
	{ "fail_page_alloc", "min-order", sizeof(u32) },
};

/**
 * kunit_needs_failures() - have kunit_fail_nth() count every allocation
 * @test: is skipped if this kernel cannot do that
 *
 * Nothing but debugfs knows of these settings, and where kunit.py runs there is no user
 * space to write them: the variables behind the files are written. They stay as they are
 * then, which is of no effect as long as no allocation is asked to fail.
 *
 * Context: Process context, of a test.
 */
void kunit_needs_failures(struct kunit *test)
{
	struct dentry *dir, *file;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(zeroes); i++) {
		dir = debugfs_lookup(zeroes[i].dir, NULL);
		if (IS_ERR_OR_NULL(dir))
			kunit_skip(test, "this kernel injects no failures");
		file = debugfs_lookup(zeroes[i].file, dir);
		dput(dir);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
		memset(d_inode(file)->i_private, 0, zeroes[i].size);
		dput(file);
	}
}
