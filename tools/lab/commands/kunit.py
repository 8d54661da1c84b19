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
from pathlib import Path

from lablib import build, cache, kernel
from lablib.job import Job
from lablib.progress import LabError, phase, say

HELP = "run the KUnit suites in the debug kernel"

JOB = r"""
modprobe kunit enable=1 autorun=1 $KUNIT_ARGS && modprobe vfio_ccw_kunit || exit 1
modprobe -r vfio_ccw_kunit && modprobe -r vfio_ccw || exit 1
leaks /out/kmemleak
"""

STAMP = re.compile(r"^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?")
SUITE = re.compile(r"^    # Subtest: (\w+)")
RESULT = re.compile(r"^( *)(not )?ok \d+ ?-? ?(\S+)?(?: # (SKIP) ?(.*))?")
PLAN = re.compile(r"^( *)1\.\.(\d+)$")


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--kernel", default="debug", metavar="KIND")
    parser.add_argument("--overlay", metavar="DIR", help="the tree with the driver")
    parser.add_argument("--filter", metavar="GLOB", help="suites, or suite.case")
    parser.add_argument("--timeout", type=float, default=3600, metavar="SECONDS")
    parser.add_argument("--arg", action="append", default=[], metavar="ARG",
                        help="an argument more for the emulator")


class Results:
    """Counts the leaves of the KTAP on the console."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.suite = None
        self.seen = 0           # suites
        self.notes = []         # lines since the last result
        self.below = 0          # how deep the last result was
        self.expected = {}      # depth: results that are still to come

    def line(self, line):
        """One more line of the console."""
        stamp = STAMP.match(line)
        if not stamp:
            return
        line = line[stamp.end():]
        plan, suite, result = PLAN.match(line), SUITE.match(line), RESULT.match(line)
        if suite:
            say(f"    {suite[1]}")
            self.suite = suite[1]
            self.seen += 1
        elif plan:
            self.expected[len(plan[1])] = int(plan[2])
        elif result and self.suite:
            self._result(result)
        else:
            self.notes = self.notes[-40:] + [line]

    def _result(self, result):
        depth = len(result[1])
        if depth in self.expected:
            self.expected[depth] -= 1
        self._missing(depth + 4, result[3])
        summary = depth < self.below        # of those before
        self.below = depth
        if summary:
            pass
        elif result[4]:
            self.skipped += 1
            say(f"SKIP {self.suite}: {result[3]}: {result[5] or 'no reason given'}")
        elif result[2]:
            self.fail(result[3])
        else:
            self.passed += 1
        self.notes = []

    def _missing(self, depth, what):
        missing = self.expected.pop(depth, 0)
        if missing:
            self.fail(f"{what}: {missing} results are missing")

    def end(self):
        """No more will come."""
        for depth in sorted(self.expected, reverse=True):
            self._missing(depth, f"stopped at depth {depth}")

    def fail(self, what):
        """A case failed: say all that is known."""
        self.failed += 1
        print(f"FAIL {self.suite}: {what}")
        for note in self.notes[:15]:
            if "# Subtest" not in note and "KTAP" not in note:
                print(f"    {note.strip()}")


def run(args):
    """Build, boot, listen."""
    kern = kernel.get(args.kernel)
    if not kern.config("KUNIT"):
        raise LabError(f"the kernel '{kern.name}' has no KUnit; take --kernel debug")
    modules = build.modules(kern, args.overlay)
    if not any(m.name == "vfio_ccw_kunit.ko" for m in modules):
        raise LabError("vfio_ccw_kunit.ko was not built; is it in this tree's Kbuild?")
    modules.append(kern.modules / "kernel/lib/kunit/kunit.ko")
    env = {"KUNIT_ARGS": f"filter_glob={args.filter}" if args.filter else ""}
    results = Results()
    with cache.scratch() as out:
        with phase("running the KUnit suites"):
            result = importlib.import_module("machines.qemu").run(Job(
                command=JOB, kernel=kern, modules=modules, env=env, out=Path(out),
                timeout=args.timeout, memory=768, args=args.arg, output=results.line,
                cmdline="panic_on_warn=1 loglevel=7"))
        leaks = Path(out) / "kmemleak"
        text = leaks.read_text(encoding="utf-8", errors="replace") if leaks.exists() else ""
    results.end()
    if text:
        results.failed += 1
        print("FAIL kmemleak:\n" + text)
    result.report()
    if result.exit_status() or not results.seen:
        results.failed += 1
    print(f"kunit: {results.passed} passed, {results.failed} failed, {results.skipped} skipped")
    return 1 if results.failed else 0
