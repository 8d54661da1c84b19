# SPDX-License-Identifier: GPL-2.0-only
"""How tools/lab/check runs its parts."""

import contextlib
import io
import os
import sys
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path
from unittest import mock

CHECK = Path(__file__).resolve().parents[1] / "check"


class Check(unittest.TestCase):
    """The program as a module."""

    def setUp(self):
        keep = mock.patch.object(sys, "dont_write_bytecode", True)
        keep.start()
        self.addCleanup(keep.stop)
        self.check = SourceFileLoader("check", str(CHECK)).load_module()

    def test_list(self):
        """--list has each part's name, a space, and its command"""
        with mock.patch.object(sys, "argv", ["check", "--list"]), \
                contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(0, self.check.main())
        self.assertEqual([(name, command) for name, command in self.check.PARTS],
                         [tuple(line.split(maxsplit=1)) for line in out.getvalue().splitlines()])

    def test_by_name(self):
        """what is run only if it is named is a part"""
        self.assertLess(set(self.check.BY_NAME), {name for name, _ in self.check.PARTS})

    def test_build_has_all_kernels(self):
        """what makes the debug kernel is run before what builds for it if it is there"""
        names = [name for name, _ in self.check.PARTS]
        self.assertLess(names.index("kunit"), names.index("build"))

    def test_arguments(self):
        """what make check is asked for is not handed on to the makes of its parts"""
        given = {"MAKEFLAGS": r" -- KERNEL=debug ARGS=unit\ run", "ARGS": "unit run"}
        with mock.patch.dict(os.environ, given):
            env = self.check.environment()
        self.assertNotIn("ARGS", env)
        self.assertEqual(["--", "KERNEL=debug"], env["MAKEFLAGS"].split())

    def test_counts(self):
        """the last line that counts is a part's result"""
        counts = self.check.counts_of
        self.assertEqual([3, 1, 2], counts(["a: 9 passed, 0 failed, 0 skipped",
                                            "b: 3 passed, 1 failed, 2 skipped", "make: Error"]))
        self.assertEqual([1, 0, 0], counts(["It worked: really (5 min 1 s)."]))
        self.assertIsNone(counts(["nothing"]))
