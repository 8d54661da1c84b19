# SPDX-License-Identifier: GPL-2.0-only
"""What a change has checked."""

import unittest

from lablib import changed
from lablib.build import CHECKOUT
from lablib.parts import PARTS
from lablib.progress import run

# All others boot a machine.
BOOT_NOTHING = {"style", "docs", "unit", "coverage", "model", "fuzz", "build", "deb"}

# What a change of a file has to be checked with, whatever else; and what would be wasted on it.
WANTED = {
    "tools/lab/check": {"docs", "lab-check"},
    "tools/lab/lablib/parts.py": {"docs", "lab-check"},
    ".ci/run": {"lab-check"},
    "debian/vfio-ccw-dkms.README.Debian": {"docs", "deb"},
    "debian/changelog": {"deb"},
    "debian/control": {"deb-machine"},
    "compat-include/probes.mk": {"build", "kunit"},
    "Kbuild": {"build", "kunit", "deb", "lab-check"},
    f"{changed.DRIVER}/Makefile": {"build", "kunit", "kernel-check", "deb"},
    "tools/testing/vfio_ccw/Makefile": {"unit", "coverage", "fuzz", "model"},
    "tools/testing/vfio_ccw/syzkaller/dev_vfio_ccw.txt": {"docs"},
    "tools/testing/vfio_ccw/corpus/programs.hex": {"style", "unit", "fuzz"},
    f"{changed.TESTS}/run.sh": {"selftest-qemu", "deb-machine", "kernel-check"},
    f"{changed.TESTS}/setup.sh": {"selftest-qemu", "deb-machine", "kernel-check"},
    f"{changed.TESTS}/settings": {"kernel-check"},
    f"{changed.TESTS}/vfio_ccw_bench.c": {"bench", "deb", "deb-machine"},
    f"{changed.TESTS}/vfio_ccw_disk_bench.c": {"bench-hercules", "deb"},
    f"{changed.TESTS}/vfio_ccw_migrate_test.c": {"selftest-qemu", "selftest-twins"},
    f"{changed.TESTS}/lib/migrate.c": {"selftest-qemu", "selftest-twins"},
    f"{changed.TESTS}/vfio_ccw_storm_test.c": {"selftest-debug", "selftest-leavers"},
    f"{changed.TESTS}/lib/plug.c": {"selftest-debug", "selftest-leavers"},
    f"{changed.TESTS}/vfio_ccw_compare_test.c": {"selftest-hercules", "terminal-hercules"},
    f"{changed.TESTS}/vfio_ccw_terminal_test.c": {"terminal", "terminal-hercules"},
    f"{changed.TESTS}/lib/backend_3270.c": {"terminal", "terminal-hercules", "selftest-qemu"},
    "tools/lab/commands/bench.py": {"bench-all", "bench-hercules"},
    "tools/lab/lablib/diskbench.py": {"bench-hercules"},
    "tools/lab/commands/kernel_check.py": {"kernel-check", "lab-check"},
    "tools/lab/commands/selftest.py": {"selftest-qemu", "selftest-hercules", "selftest-twins",
                                       "random"},
    "tools/lab/commands/demo.py": {"run", "run-qemu", "run-more", "run-ipl", "balloon"},
    "tools/lab/commands/run.py": {"lab-check"},
    "tools/lab/commands/terminal.py": {"terminal", "terminal-hercules", "tools"},
    "tools/lab/demo/client.sh": {"run-qemu"},
    "tools/lab/demo/dasd.sh": {"run", "balloon"},
    "tools/lab/demo/host.sh": {"run", "run-qemu", "run-more", "run-ipl", "balloon"},
    "tools/lab/demo/guest.sh": {"run", "run-more", "run-ipl", "balloon", "tools", "tools-iommufd"},
    "tools/lab/demo/snapshot.py": {"run", "run-more", "balloon", "tools"},
    "tools/lab/guest/leaks": {"kunit", "selftest-debug"},
    "tools/lab/machines/hercules.py": {"run", "selftest-hercules", "selftest-twins",
                                       "bench-hercules"},
    "tools/lab/tools/host.sh": {"tools"},
    "tools/lab/tools/qemus.sh": {"tools", "tools-iommufd"},
    "tools/lab/guest/steps.sh": {"tools", "deb-machine"},
    "tools/lab/lablib/steps.py": {"tools", "deb-machine"},
    "tools/lab/userlands/dkms.list": {"deb-machine"},
    "tools/lab/userlands/virt.list": {"tools"},
    "tools/lab/userlands/qemu-sid.list": {"tools"},
    "tools/lab/userlands/demo.list": {"run", "tools"},
    "tools/lab/userlands/tools.list": {"run", "tools", "docs-machine"},
}
WASTED = {
    "debian/changelog": {"docs"},
    f"{changed.TESTS}/vfio_ccw_disk_bench.c": {"bench", "selftest-qemu"},
    f"{changed.TESTS}/vfio_ccw_migrate_test.c": {"selftest-hercules"},
    "tools/testing/vfio_ccw/syzkaller/dev_vfio_ccw.txt": {"unit", "fuzz"},
    "tools/lab/lablib/diskbench.py": {"bench", "selftest-qemu", "run"},
    f"{changed.TESTS}/settings": {"selftest-qemu", "bench", "deb"},
    "tools/lab/commands/clean.py": {"selftest-qemu", "run", "build"},
    "tools/lab/commands/fetch.py": {"selftest-qemu", "run", "build"},
    "tools/lab/commands/kernel.py": {"selftest-qemu", "run", "build"},
    "tools/lab/commands/run.py": {"selftest-qemu", "run", "build"},
    "tools/lab/guest/leaks": {"selftest-qemu", "run"},
    "tools/lab/lablib/parts.py": {"selftest-qemu", "run"},
    "tools/lab/demo/client.sh": {"run", "tools"},
    "tools/lab/demo/dasd.sh": {"tools"},
    "tools/lab/guest/steps.sh": {"run", "selftest-qemu"},
    "tools/lab/userlands/dkms.list": {"run", "selftest-qemu"},
    "tools/lab/userlands/virt.list": {"run", "selftest-qemu"},
}


class Changed(unittest.TestCase):
    """The table of lablib/changed.py."""

    def test_only_parts_that_exist(self):
        """A part that is named is one of the check's."""
        named = {part for _, parts in changed.TABLE for part in parts}
        self.assertEqual(named, {name for name, _ in PARTS})

    def test_documents_boot_nothing(self):
        """Text needs no machine."""
        for path in ("README.md", "CHANGELOG.md", "Documentation/arch/s390/vfio-ccw.rst",
                     "Documentation/man/vfio_ccw.4", "Documentation/project/costs.rst",
                     "tools/lab/README.md", "MAINTAINERS", "debian/changelog",
                     "debian/copyright", "debian/vfio-ccw-dkms.README.Debian",
                     "debian/vfio-ccw-tests.README.Debian", "debian/vfio-ccw-dkms.docs"):
            self.assertEqual(changed.parts_of([path]) - BOOT_NOTHING, set(), path)

    def test_files_with_a_part_of_their_own(self):
        """What uses a file is run, and what does not is not."""
        for path, parts in WANTED.items():
            with self.subTest(path):
                self.assertTrue((CHECKOUT / path).exists())
                self.assertEqual(parts - changed.parts_of([path]), set())
        for path, parts in WASTED.items():
            with self.subTest(path):
                self.assertEqual(parts & changed.parts_of([path]), set())

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
