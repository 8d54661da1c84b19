# SPDX-License-Identifier: GPL-2.0-only
"""What Kbuild has built; a module that sees the kernel's objects otherwise is not let out."""

import dataclasses
import shutil
import unittest
from unittest import mock

from commands import build as command
from lablib import apt, build, cache, kernel
from lablib.progress import LabError, run
from lablib.tally import Tally


class Gate(unittest.TestCase):
    """Builds with private headers that are not the kernel's."""

    def build(self, file, old, new):
        """Build with one line of a header changed."""
        stock = kernel.get("stock")
        with cache.scratch() as scratch:
            for part in ("drivers/s390/cio", "drivers/vfio/mdev"):
                shutil.copytree(stock.source / part, scratch / part)
            header = scratch / "drivers/s390/cio" / file
            text = header.read_text(encoding="utf-8")
            self.assertIn(old, text)
            header.write_text(text.replace(old, new), encoding="utf-8")
            changed = dataclasses.replace(stock, name="changed", source=scratch)
            try:
                build.modules(changed)
            finally:
                with build.prepared(changed) as where:
                    cache.remove(where)

    def test_member(self):
        """one member more in a private header of the kernel stops the build with one line"""
        with self.assertRaisesRegex(LabError, r"^in 'subchannel' the module sees 'int lab;.*' "
                                    r"where \S+ has '.*': take linux-source of the same "
                                    r"version \(lab fetch --refresh\)$"):
            self.build("cio.h", "\tstruct subchannel_id schid;\n\tspinlock_t",
                       "\tstruct subchannel_id schid;\n\tint lab;\n\tspinlock_t")


# What Kbuild makes of a kernel with KUnit.
ASK = """
src := .
CONFIG_KUNIT := y
all:
	@echo "$(CONFIG_VFIO_CCW) $(CONFIG_VFIO_CCW_KUNIT_TEST)."
include Kbuild
"""


class Overlay(unittest.TestCase):
    """The folders that Kbuild has built."""

    def suites(self, *folders):
        """Its configuration, where these folders have a Makefile."""
        with cache.scratch() as scratch:
            shutil.copy(build.CHECKOUT / "Kbuild", scratch)
            for folder in folders:
                (scratch / folder).mkdir(parents=True)
                (scratch / folder / "Makefile").touch()
            (scratch / "Makefile").write_text(ASK, encoding="ascii")
            return run(["make", "-C", scratch, "--no-print-directory", "-s", "all"]).strip()

    def test_suites(self):
        """on a kernel with KUnit the suites are built, too"""
        self.assertEqual("m m.", self.suites(build.DRIVER, f"{build.DRIVER}/tests"))

    def test_no_suites(self):
        """the packaged source, which has no suites, does not want them on a kernel with KUnit"""
        self.assertEqual("m .", self.suites(build.DRIVER))


class Copy(unittest.TestCase):
    """A tree beside this one that has the driver, as one that was broken on purpose."""

    def test_other_tree(self):
        """with --overlay every file that is built is the other tree's"""
        with cache.scratch() as scratch:
            other, where = scratch / "other", scratch / "where"
            (other / build.DRIVER).mkdir(parents=True)
            for name in ("Kbuild", f"{build.DRIVER}/Makefile", f"{build.DRIVER}/main.c"):
                (other / name).touch()
            build.tree(kernel.get("stock"), other, where)
            ours = [file for file in where.rglob("*") if file.is_symlink()
                    and file.readlink().is_relative_to(build.CHECKOUT)]
            self.assertEqual([], ours)
            self.assertEqual(other / build.DRIVER / "main.c",
                             (where / build.DRIVER / "main.c").readlink())


class Archive(unittest.TestCase):
    """A kernel that the archive does not have, as while it is being brought up to date."""

    def get(self, kind, error):
        """What comes of it, and how many were skipped."""
        tally = Tally("build")
        with mock.patch("lablib.kernel.get", side_effect=error):
            return command.get(kind, tally), tally.skipped

    def test_one_more(self):
        """one that is built for besides is skipped, and the reason given"""
        self.assertEqual((None, 1), self.get("trixie", apt.ArchiveError("the archive is away")))

    def test_ours(self):
        """the one that all is run on is not, nor is any other trouble a reason"""
        for kind, error in ("stock", apt.ArchiveError("away")), ("trixie", LabError("broken")):
            with self.subTest(kind), self.assertRaises(LabError):
                self.get(kind, error)
