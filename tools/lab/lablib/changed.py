# SPDX-License-Identifier: GPL-2.0-only
"""Which parts of the check a change needs."""

import fnmatch

from lablib.build import CHECKOUT, DRIVER
from lablib.progress import LabError, run

TESTS = "tools/testing/selftests/drivers/s390x/vfio_ccw"

# No machine is booted for these.
QUICK = ["style", "docs", "unit"]
CORE = QUICK + ["build", "coverage", "fuzz", "selftest-qemu", "bench", "kernel-check", "run"]
DRIVER_PARTS = QUICK + ["build", "selftest-qemu", "bench", "kernel-check", "run"]
DEMOS = ["style", "run", "run-more", "run-ipl", "balloon"]
TOOLS = ["tools", "tools-iommufd"]

# Tests, and what they are made of, that can do only on some machine what they are for.
ELSEWHERE = [
    (["selftest-debug"], ["vfio_ccw_fault_test.c", "vfio_ccw_report_test.c",
                          "lib/fault.c", "lib/inject.c"]),
    (["selftest-debug", "random"], ["vfio_ccw_random_test.c"]),
    (["selftest-debug", "selftest-leavers"], ["vfio_ccw_storm_test.c", "lib/plug.c"]),
    (["selftest-hercules", "terminal-hercules"], ["vfio_ccw_compare_test.c"]),
    (["selftest-hercules"], ["vfio_ccw_ipl_test.c", "vfio_ccw_suspend_test.c",
                             "lib/backend_dasd.c", "lib/backend_unit.c", "test_modules/*"]),
    (["terminal", "terminal-hercules"], ["lib/backend_3270.c"]),
    (["selftest-twins"], ["vfio_ccw_migrate_test.c", "lib/migrate.c"]),
]

# The first pattern that a path matches says what it needs; a star matches slashes, too.
TABLE = [
    ("LICENSES/*", ["style"]),
    (".ci/run", ["style", "lab-check"]),
    (".*", ["style"]),
    ("MAINTAINERS", ["style"]),
    ("*.md", ["style", "docs"]),
    ("Documentation/*", ["style", "docs"]),
    ("tools/lab/docs/*", ["style", "docs"]),
    (f"{DRIVER}/tests/cp_rules*", QUICK + ["coverage", "kunit", "kernel-check"]),
    (f"{DRIVER}/tests/*", QUICK + ["coverage", "fuzz", "kunit", "kernel-check"]),
    (f"{DRIVER}/cp/*", CORE),
    (f"{DRIVER}/fsm*", DRIVER_PARTS + ["model", "kunit"]),
    (f"{DRIVER}/quiesce.c", DRIVER_PARTS + ["model", "kunit"]),
    # the package builds without the folder tests/, kunit for the newest kernel
    (f"{DRIVER}/Makefile", DRIVER_PARTS + ["kunit", "deb"]),
    (f"{DRIVER}/*", DRIVER_PARTS + ["kunit"]),
    ("include/uapi/*", DRIVER_PARTS + ["kunit", "deb"]),
    ("compat-include/*", ["style", "build", "kunit", "selftest-qemu", "deb"]),
    ("Kbuild", ["style", "build", "kunit", "lab-check", "selftest-qemu", "deb"]),
    ("debian/*.README.Debian", ["style", "docs", "deb"]),
    # what is in a package beside the programs, which deb looks at
    *((f"debian/{file}", ["style", "deb"]) for file in (
        "changelog", "copyright", "*.docs", "*.manpages", "*.lintian-overrides")),
    ("debian/*", ["style", "deb", "deb-machine"]),
    ("tools/dkms/*", ["style", "deb", "deb-machine"]),
    ("tools/testing/vfio_ccw/model/*", ["style", "model"]),
    ("tools/testing/vfio_ccw/corpus/*", ["style", "unit", "fuzz"]),
    ("tools/testing/vfio_ccw/syzkaller/*", ["style", "docs"]),
    ("tools/testing/vfio_ccw/Makefile", ["style", "unit", "coverage", "fuzz", "model"]),
    ("tools/testing/vfio_ccw/*", ["style", "unit", "coverage", "fuzz"]),
    (f"{TESTS}/Makefile", ["style", "selftest-qemu", "bench", "deb", "kernel-check"]),
    (f"{TESTS}/vfio_ccw_bench.c", ["style", "bench", "deb", "deb-machine"]),
    (f"{TESTS}/vfio_ccw_terminal_test.c", ["style", "terminal", "terminal-hercules"]),
    (f"{TESTS}/vfio_ccw_disk_bench.c", ["style", "bench-hercules", "deb"]),
    # the kernel's make installs all three; its runner alone reads the settings
    *((f"{TESTS}/{file}", ["style", "selftest-qemu", "deb", "deb-machine", "kernel-check"])
      for file in ("run.sh", "setup.sh")),
    (f"{TESTS}/settings", ["style", "kernel-check"]),
    *((f"{TESTS}/{file}", ["style", "selftest-qemu", "bench", "deb", *parts])
      for parts, files in ELSEWHERE for file in files),
    (f"{TESTS}/*", ["style", "selftest-qemu", "bench", "deb"]),
    ("tools/lab/commands/docs.py", ["style", "docs", "docs-machine"]),
    ("tools/lab/commands/deb.py", ["style", "deb", "deb-machine"]),
    ("tools/lab/deb/*", ["style", "deb-machine"]),
    ("tools/lab/commands/tools.py", ["style", *TOOLS]),
    ("tools/lab/tools/host.sh", ["style", "tools"]),
    ("tools/lab/tools/iommufd.sh", ["style", "tools-iommufd"]),
    ("tools/lab/tools/*", ["style", *TOOLS]),
    ("tools/lab/commands/kunit.py", ["style", "kunit"]),
    ("tools/lab/commands/style.py", ["style"]),
    ("tools/lab/commands/bench.py", ["style", "bench-all", "bench-hercules"]),
    ("tools/lab/lablib/diskbench.py", ["style", "bench-hercules"]),
    ("tools/lab/commands/build.py", ["style", "build"]),
    ("tools/lab/commands/kernel_check.py", ["style", "lab-check", "kernel-check"]),
    ("tools/lab/commands/link.py", ["style", "lab-check", "kernel-check"]),
    ("tools/lab/commands/selftest.py",
     ["style", "selftest-qemu", "selftest-hercules", "selftest-twins", "random"]),
    ("tools/lab/commands/terminal.py", ["style", "terminal", "terminal-hercules", *TOOLS]),
    ("tools/lab/commands/demo.py", DEMOS + ["run-qemu"]),
    # these are no part; what of them is tried, the lab's own tests try
    *((f"tools/lab/commands/{name}.py", ["style", "lab-check"])
      for name in ("clean", "fetch", "kernel", "run")),
    ("tools/lab/demo/client.sh", ["style", "run-qemu"]),
    ("tools/lab/demo/dasd.sh", ["style", "run", "balloon"]),
    ("tools/lab/demo/more.sh", ["style", "run-more"]),
    ("tools/lab/demo/balloon.sh", ["style", "balloon"]),
    ("tools/lab/demo/ipl*", ["style", "run-ipl"]),
    ("tools/lab/demo/host.sh", DEMOS + ["run-qemu"]),
    ("tools/lab/demo/*", DEMOS + TOOLS),
    ("tools/lab/userlands/dkms.list", ["style", "deb-machine"]),
    ("tools/lab/userlands/demo.list", DEMOS + TOOLS),
    ("tools/lab/userlands/tools.list", ["style", "docs-machine", "run", "run-qemu", *TOOLS]),
    ("tools/lab/userlands/virt.list", ["style", "tools"]),
    ("tools/lab/userlands/qemu-*.list", ["style", *TOOLS]),
    *((f"tools/lab/{file}", ["style", *TOOLS, "deb-machine"])
      for file in ("guest/steps.sh", "lablib/steps.py")),
    # here the devices are named that the selftests have there
    ("tools/lab/machines/hercules.py",
     ["style", "lab-check", "run", "selftest-hercules", "selftest-twins",
      "terminal-hercules", "bench-hercules"]),
    ("tools/lab/guest/leaks", ["style", "kunit", "selftest-debug"]),
    ("tools/lab/kernels/debug*", ["style", "build", "kunit", "kernel-check"]),
    ("tools/lab/kernels/bookworm.py", ["style", "build"]),
    ("tools/lab/kernels/trixie.py", ["style", "build"]),
    ("tools/lab/lablib/foreign.py", ["style", "build", "lab-check"]),
    ("tools/lab/tests/*", ["style", "lab-check"]),
    *((f"tools/lab/{file}", ["style", "docs", "lab-check"])
      for file in ("check", "lablib/changed.py", "lablib/parts.py")),
    # the rest of the lab is under everything that boots
    ("tools/lab/*", QUICK + ["build", "lab-check", "selftest-qemu", "run"]),
]


def paths(base):
    """What differs from where this branch left base, committed or not."""
    def git(*args):
        return run(["git", "-C", CHECKOUT, *args]).split("\n")

    try:
        start, = filter(None, git("merge-base", base, "HEAD"))
    except LabError as error:
        raise LabError(f"'{base}' is no commit to compare with", error.detail) from None
    return sorted(filter(None, set(git("diff", "--name-only", start) +
                                   git("ls-files", "-o", "--exclude-standard"))))


def needs(path):
    """The parts that a change of this path needs; None: nobody knows."""
    return next((parts for pattern, parts in TABLE if fnmatch.fnmatch(path, pattern)), None)


def parts_of(changed):
    """The parts that a change of these paths needs; None if that is all of them."""
    found = set()
    for path in changed:
        parts = needs(path)
        if parts is None:
            return None
        found.update(parts)
    return found
