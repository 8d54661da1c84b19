# SPDX-License-Identifier: GPL-2.0-only
"""What make kernel-check takes from kunit.py."""

import contextlib
import io
import unittest

from commands.kernel_check import Kunit
from lablib.tally import Tally

SAID = """\
[12:00:00] Starting KUnit Kernel (1/1)...
[12:00:01] ================= some_suite (4 subtests) ==================
[12:00:01] [PASSED] one
[12:00:01] # two: EXPECTATION FAILED at tests/some.c:7
[12:00:01] [FAILED] two
[12:00:01] [SKIPPED] three (not here)
[12:00:01] [PASSED] four
[12:00:01] # some_suite: pass:2 fail:1 skip:1 total:4
[12:00:01] =================== [FAILED] some_suite ====================
[12:00:02] ============================================================
[12:00:02] Testing complete. Ran 4 tests: passed: 2, failed: 1, skipped: 1
"""


def counted(text, status):
    """What is printed and counted of it."""
    tally = Tally("test")
    with contextlib.redirect_stdout(io.StringIO()) as out, \
            contextlib.redirect_stderr(out), contextlib.ExitStack() as phases:
        kunit = Kunit(phases)
        for line in text.splitlines(True):
            kunit.line(line)
        kunit.end(status, tally)
    return out.getvalue(), (tally.passed, tally.failed, tally.skipped)


class KernelCheck(unittest.TestCase):
    """The commands/kernel_check.py."""

    def test_kunit_counts(self):
        """what kunit.py counts is counted; what failed is shown with its message"""
        said, counts = counted(SAID, 1)
        self.assertEqual((2, 1, 1), counts)
        self.assertIn("not ok  two\n    # two: EXPECTATION FAILED at tests/some.c:7\n", said)
        self.assertIn("skip    three (not here)\n", said)
        self.assertNotIn("four", said)

    def test_kunit_without_result(self):
        """a kunit.py that does not build, runs nothing or is stopped is a failure"""
        for text, status in (("[12:00:00] Building KUnit Kernel ...\nERROR:root:no", 1),
                             (SAID.split("# two")[0], 124),
                             ("Testing complete. Ran 0 tests: errors: 1", 0),
                             ("Testing complete. Ran 2 tests: skipped: 2", 0),
                             ("Testing complete. Ran 2 tests: passed: 2", 1)):
            with self.subTest(text):
                self.assertEqual(1, counted(text, status)[1][1])
