# SPDX-License-Identifier: GPL-2.0-only
"""How the selftests' output is counted."""

import contextlib
import io
import unittest

from commands import selftest
from lablib import cache
from lablib.tally import Tally

TAP = """\
TAP version 13
1..5
#  RUN           type1.passes ...
ok 1 type1.passes
#  RUN           type1.fails ...
# a reason
not ok 2 type1.fails
ok 3 type1.skips # SKIP no disk
ok 4 type1.skips_in_silence # SKIP
"""


class Count(unittest.TestCase):
    """A program that stops before its last test."""

    def test_count(self):
        """a selftest that is skipped is so without a reason, too; one without a result failed"""
        tally = Tally("selftest")
        said = io.StringIO()
        with cache.scratch() as scratch, contextlib.redirect_stdout(said), \
                contextlib.redirect_stderr(said):
            tap = scratch / "start.tap"
            tap.write_text(TAP, encoding="ascii")
            selftest.count(tally, tap)
        self.assertEqual((1, 2, 2), (tally.passed, tally.failed, tally.skipped))
        for line in ("a reason", "start type1.skips: no disk", "1 of its tests have no result"):
            self.assertIn(line, said.getvalue())
