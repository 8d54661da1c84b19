# SPDX-License-Identifier: GPL-2.0-only
"""What a change has checked."""

import importlib.machinery
import importlib.util
import unittest

from lablib import changed
from lablib.build import CHECKOUT
from lablib.progress import run

BOOT = {"kunit", "kernel-check", "selftest-qemu", "selftest-debug", "selftest-hercules", "bench",
        "docs-machine", "deb-machine", "terminal", "tools", "run", "run-more"}


def _parts():
    loader = importlib.machinery.SourceFileLoader("check", str(CHECKOUT / "tools/lab/check"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", loader))
    loader.exec_module(module)
    return {name for name, _ in module.PARTS}


class Changed(unittest.TestCase):
    """The table of lablib/changed.py."""

    def test_only_parts_that_exist(self):
        """A part that is named is one of the check's."""
        named = {part for _, parts in changed.TABLE for part in parts}
        self.assertEqual(named - _parts(), set())

    def test_documents_boot_nothing(self):
        """Text needs no machine."""
        for path in ("README.md", "CHANGELOG.md", "Documentation/arch/s390/vfio-ccw.rst",
                     "Documentation/man/vfio_ccw.4", "Documentation/project/costs.rst",
                     "tools/lab/README.md", "MAINTAINERS"):
            self.assertEqual(changed.parts_of([path]) & BOOT, set(), path)

    def test_code_of_the_driver_boots(self):
        """The driver is tried on machines, the translator by the fuzzer, too."""
        self.assertLessEqual({"selftest-qemu", "run"}, changed.parts_of(["README.md",
                             "drivers/s390/cio/vfio_ccw/irqs.c"]))
        self.assertIn("fuzz", changed.parts_of(["drivers/s390/cio/vfio_ccw/cp/idal.c"]))

    def test_tests_run_where_they_are_not_skipped(self):
        """What is skipped on the stock kernel in QEMU needs another one, or other devices."""
        for test, part in (("fault", "selftest-debug"), ("storm", "selftest-debug"),
                           ("compare", "selftest-hercules"), ("ipl", "selftest-hercules")):
            self.assertIn(part, changed.parts_of([f"{changed.TESTS}/vfio_ccw_{test}_test.c"]))

    def test_states_are_searched(self):
        """The model reads the table of states."""
        for name in ("fsm.c", "fsm_table.h", "quiesce.c"):
            self.assertIn("model", changed.parts_of([f"{changed.DRIVER}/{name}"]))

    def test_what_nobody_knows_needs_all(self):
        """A path that no pattern matches."""
        self.assertIsNone(changed.parts_of(["README.md", "something/new.c"]))

    def test_every_file_is_known(self):
        """Only the Makefile, through which everything goes, needs everything."""
        files = run(["git", "-C", CHECKOUT, "ls-files"]).split()
        self.assertEqual([f for f in files if changed.needs(f) is None], ["Makefile"])

    def test_patterns_match(self):
        """A pattern that matches nothing is a mistake, or hidden by another before it."""
        files = run(["git", "-C", CHECKOUT, "ls-files"]).split()
        used = {next((p for p, _ in changed.TABLE if changed.fnmatch.fnmatch(f, p)), None)
                for f in files}
        self.assertEqual([p for p, _ in changed.TABLE if p not in used], [])


if __name__ == "__main__":
    unittest.main()
