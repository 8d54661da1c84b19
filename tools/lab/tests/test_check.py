# SPDX-License-Identifier: GPL-2.0-only
"""How tools/lab/check runs its parts."""

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path
from unittest import mock

from lablib import parts

CHECK = Path(__file__).resolve().parents[1] / "check"
TOP = CHECK.parents[2]


class Check(unittest.TestCase):
    """The program as a module."""

    def setUp(self):
        keep = mock.patch.object(sys, "dont_write_bytecode", True)
        keep.start()
        self.addCleanup(keep.stop)
        loader = SourceFileLoader("check", str(CHECK))
        self.check = importlib.util.module_from_spec(
            importlib.util.spec_from_loader("check", loader))
        loader.exec_module(self.check)

    def test_list(self):
        """--list has each part's name, a space, and its command"""
        with mock.patch.object(sys, "argv", ["check", "--list"]), \
                contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(0, self.check.main())
        self.assertEqual(list(parts.PARTS),
                         [tuple(line.split(maxsplit=1)) for line in out.getvalue().splitlines()])

    def test_by_name(self):
        """what is run only if it is named is a part"""
        self.assertLess(set(parts.BY_NAME), {name for name, _ in parts.PARTS})

    def test_build_has_all_kernels(self):
        """what makes the debug kernel is run before what builds for it if it is there"""
        names = [name for name, _ in parts.PARTS]
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


class CI(unittest.TestCase):
    """.ci/run, with a make that only says what it would do."""

    def said(self, **more):
        """What of the check it would run."""
        env = {name: value for name, value in os.environ.items()
               if name not in ("ARGS", "CHECK_BASE") and not name.startswith("MAKE")}
        with tempfile.TemporaryDirectory() as place:
            make = Path(place) / "make"
            make.write_text(f'#!/bin/sh\nexec {shutil.which("make")} -n "$@"\n',
                            encoding="ascii")
            make.chmod(0o755)
            env |= {"PATH": f"{place}:{env['PATH']}", **more}
            said = subprocess.run([TOP / ".ci/run"], env=env, text=True, check=True,
                                  stdout=subprocess.PIPE).stdout
        return [line.split() for line in said.splitlines() if line.startswith("tools/lab/check")]

    def test_all(self):
        """CI runs the whole check"""
        self.assertEqual([["tools/lab/check"]], self.said())

    def test_base(self):
        """CI that is told what to compare with runs what the changes since then need"""
        self.assertEqual([["tools/lab/check", "--changed", "HEAD~3"]],
                         self.said(CHECK_BASE="HEAD~3"))
