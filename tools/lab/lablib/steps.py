# SPDX-License-Identifier: GPL-2.0-only
"""Jobs of many steps (guest/steps.sh), counted."""

import re
import sys
from pathlib import Path

GUEST = Path(__file__).resolve().parents[1] / "guest"
FILES = [(GUEST / "steps.sh", "lab/steps.sh")]

# For a machine whose clock is the wall's: on a busy host the kernel would find its CPUs stalled.
# What these jobs are about is not how soon anything happens.
NO_STALLS = "rcupdate.rcu_cpu_stall_suppress=1 watchdog_thresh=60"

STEP = re.compile(r"@step (ok|not-ok|skip) (.*)")


class Steps:
    """Takes a job's lines; counts its steps, shows the commands of those that fail."""

    def __init__(self, tally, verbose=False):
        self.tally = tally
        self.verbose = verbose
        self.lines = []
        self.seen = 0

    def line(self, line):
        """A line of the job."""
        if self.verbose:
            print("    " + line, flush=True)
        found = STEP.match(line)
        if not found:
            self.lines.append(line)
            return
        self.seen += 1
        what = found[2]
        if found[1] == "skip":
            self.tally.skip(*what.split(": ", 1))
        else:
            self.tally.check(what, self.lines[-40:] if found[1] == "not-ok" else [])
        self.lines = []

    def end(self, result, least):
        """After the job: what of it is not in its steps."""
        wrong = result.trouble[:10]
        if self.seen < least:
            wrong += [f"{self.seen} of {least} steps came to an end"] + self.lines[-30:]
        if result.status in (124, 125):
            wrong.append("the time was up" if result.status == 124 else "the machine stopped")
        if not self.tally.check("the machine had nothing to complain about", wrong):
            print(f"    the whole console is in {result.log}", file=sys.stderr)
