# SPDX-License-Identifier: GPL-2.0-only
"""
The suites of drivers/s390/cio/vfio_ccw/tests are loaded as modules into the debug
kernel. What fails is shown with what KUnit says about it. Afterwards kmemleak looks
for memory that nobody knows of any more.

    lab kunit                       all suites
    lab kunit --filter 'vfio_ccw_fsm.*'
"""

import importlib
import re
import shutil
from pathlib import Path

from lablib import build, cache, kernel
from lablib.job import Job
from lablib.progress import LabError, phase, say

HELP = "run the KUnit suites in the debug kernel"

JOB = r"""
cd /sys/kernel/debug
for attr in failslab fail_page_alloc; do
	echo N >$attr/ignore-gfp-wait || exit 1
	echo 0 >$attr/verbose || exit 1
done
echo 0 >fail_page_alloc/min-order
modprobe kunit enable=1 autorun=1 $KUNIT_ARGS && modprobe vfio_ccw_kunit || exit 1
dmesg >/out/dmesg
for suite in kunit/vfio_ccw_*; do
	cat "$suite/results" >"/out/${suite#*/}"
done
modprobe -r vfio_ccw_kunit || exit 1
modprobe -r vfio_ccw || exit 1
# What was freed by RCU or is on its way is no leak: it has to be seen twice.
echo scan >kmemleak
sleep 6
echo scan >kmemleak
cat kmemleak >/out/kmemleak
"""

RESULT = re.compile(r"^( *)(not )?ok \d+ ?-? ?(\S+)?(?: # (SKIP) ?(.*))?")
PLAN = re.compile(r"^( *)1\.\.(\d+)$")


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--kernel", default="debug", metavar="KIND")
    parser.add_argument("--overlay", metavar="DIR", help="the tree with the driver")
    parser.add_argument("--filter", metavar="GLOB", help="suites, or suite.case")
    parser.add_argument("--timeout", type=float, default=900, metavar="SECONDS")
    parser.add_argument("--arg", action="append", default=[], metavar="ARG",
                        help="an argument more for the emulator")


class Tally:
    """Counts the leaves of a suite's results, which are in KTAP."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.notes = []         # lines since the last result
        self.below = 0          # how deep the last result was
        self.expected = {}      # depth: results that are still to come

    def line(self, suite, line):
        """One more line of KTAP."""
        plan = PLAN.match(line)
        result = RESULT.match(line)
        if plan:
            self.expected[len(plan[1])] = int(plan[2])
        if not result:
            self.notes.append(line)
            return
        depth = len(result[1])
        self.expected[depth] = self.expected.get(depth, 0) - 1
        if self.expected.get(depth + 4):
            self.fail(suite, f"{result[3]}: {self.expected[depth + 4]} results are missing")
        self.expected.pop(depth + 4, None)
        if depth < self.below:      # the sum of those before
            self.below = depth
            self.notes = []
            return
        self.below = depth
        if result[4]:
            self.skipped += 1
            say(f"SKIP {suite}: {result[3]}: {result[5] or 'no reason given'}")
        elif result[2]:
            self.fail(suite, result[3])
        else:
            self.passed += 1
        self.notes = []

    def fail(self, suite, what):
        """A case failed: say all that is known."""
        self.failed += 1
        print(f"FAIL {suite}: {what}")
        for note in self.notes:
            if "# Subtest" not in note and "KTAP" not in note and not PLAN.match(note):
                print(f"    {note.strip()}")


def _read(out, tally):
    """All results that came back."""
    suites = sorted(out.glob("vfio_ccw_*"))
    for file in suites:
        before = tally.passed, tally.failed
        tally.below = 0
        tally.expected = {}
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            tally.line(file.name, line)
        print(f"{file.name}: {tally.passed - before[0]} passed, "
              f"{tally.failed - before[1]} failed")
    leaks = out / "kmemleak"
    if leaks.exists() and leaks.stat().st_size:
        tally.failed += 1
        print("FAIL kmemleak:\n" + leaks.read_text(encoding="utf-8", errors="replace"))
    return len(suites)


def run(args):
    """Build, boot, read."""
    kern = kernel.get(args.kernel)
    if not kern.config("KUNIT"):
        raise LabError(f"the kernel '{kern.name}' has no KUnit; take --kernel debug")
    modules = build.modules(kern, args.overlay)
    if not any(m.name == "vfio_ccw_kunit.ko" for m in modules):
        raise LabError("vfio_ccw_kunit.ko was not built; is it in this tree's Kbuild?")
    modules.append(kern.modules / "kernel/lib/kunit/kunit.ko")
    env = {"KUNIT_ARGS": f"filter_glob={args.filter}" if args.filter else ""}
    tally = Tally()
    said = re.compile(r"# Subtest: (vfio_ccw_\w+)|(FAILED at .*)")

    def follow(line):
        found = said.search(line)
        if found:
            say("    " + (found[1] or found[2]))

    with cache.scratch() as out:
        with phase("running the KUnit suites"):
            result = importlib.import_module("machines.qemu").run(Job(
                command=JOB, kernel=kern, modules=modules, env=env, out=Path(out),
                timeout=args.timeout, memory=768, args=args.arg,
                cmdline="panic_on_warn=1 loglevel=7", output=follow))
        suites = _read(Path(out), tally)
        if (Path(out) / "dmesg").exists():
            shutil.copy(Path(out) / "dmesg", cache.path("logs", "kunit-dmesg"))
    result.report()
    if result.exit_status() or not suites:
        tally.failed += 1
    print(f"kunit: {tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0
