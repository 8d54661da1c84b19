/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_CCW_TESTS_FAIL_H
#define VFIO_CCW_TESTS_FAIL_H

#include <linux/sched.h>
#include <linux/types.h>

struct kunit;

void kunit_needs_failures(struct kunit *test);

/**
 * kunit_fail_nth() - let an allocation of this thread fail
 * @nth: which, counted from now; 0 for none
 *
 * Context: After kunit_needs_failures().
 * Return: what is left of the number that was set before; 0: it has failed.
 */
static inline u32 kunit_fail_nth(u32 nth)
{
	u32 left = 0;

#ifdef CONFIG_FAULT_INJECTION
	left = current->fail_nth;
	current->fail_nth = nth;
#endif
	return left;
}

#endif
