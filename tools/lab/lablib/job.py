# SPDX-License-Identifier: GPL-2.0-only
"""What a machine is asked to run, and what it answers."""

import contextlib
import os
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from lablib import cache
from lablib.progress import say

# In the kernel's own lines, which have a time stamp; what a job prints is its own affair.
TROUBLE = re.compile(
    r"^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? .*(?:Kernel panic|Oops\b|BUG[: ]|WARNING: |"
    r"Call Trace|Unable to handle kernel|specification exception|illegal operation|"
    r"KASAN:|KCSAN:|UBSAN:|kmemleak: [1-9]|blocked for more than|self-detected stall|"
    r"detected stalls|soft lockup|DEBUG_LOCKS_WARN_ON|list_(?:add|del) corruption|"
    r"possible (?:recursive|circular) locking|suspicious RCU usage)")

START_MARK = "@lab: the job starts@"
END_MARK = re.compile(r"@lab: the job ended with (\d+)@")


@dataclass
class Job:
    """A job for a machine."""

    command: str                    # bash runs it as root in /
    kernel: object                  # a Kernel
    userland: str = "minimal"
    modules: list = field(default_factory=list)     # .ko files, for updates/
    load: list = field(default_factory=list)        # modprobe these, with arguments, first
    files: list = field(default_factory=list)       # (source, name in the guest)
    env: dict = field(default_factory=dict)         # for the job
    out: Path | None = None         # where /out goes
    timeout: float = 600            # seconds
    cmdline: str = ""               # more for the kernel
    devices: list = field(default_factory=list)     # machine's own notation
    args: list = field(default_factory=list)        # machine's own, as they are
    memory: int = 1024              # MiB
    cpus: int = 2
    icount: bool = False            # the guest's clock counts instructions
    reboots: bool = False           # the job is run again when it starts the machine again
    verbose: bool = False           # show the boot, too
    output: object = None           # where the job's lines go: a function, or stdout


@dataclass
class Result:
    """What came of it."""

    status: int                     # the job's; 124: the time was up; 125: the machine failed
    trouble: list                   # lines of the kernel that fail a run
    log: Path                       # the whole console

    def exit_status(self):
        """One number for all that."""
        return self.status or (1 if self.trouble else 0)

    def report(self):
        """Say on stderr why a run failed, if it did."""
        for line in self.trouble[:10]:
            say(f"lab: the kernel said: {line}")
        if self.status == 124:
            say("lab: the time was up before the job was done")
        elif self.status == 125:
            say("lab: the machine ended without an answer from the job")
        if self.exit_status():
            say(f"lab: failed; the whole console is in {self.log}")


class Console:
    """Takes what comes from the console: logs all of it, shows the job's part."""

    def __init__(self, job, name):
        self.job = job
        self.log = cache.path("logs", f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
                              f"-{time.time_ns() % 1000000:06d}.log")
        self.file = open(self.log, "wb")        # pylint: disable=consider-using-with
        self.rest = b""
        self.started = False
        self.status = None
        self.trouble = []
        self._prune(f"{name}-")

    def _prune(self, prefix):
        """Keep the logs of this machine's last runs only; the check has its own there."""
        logs = []
        for entry in os.scandir(self.log.parent):
            if not entry.name.startswith(prefix):
                continue
            with contextlib.suppress(FileNotFoundError):    # another lab does the same
                logs.append((entry.stat().st_mtime, entry.path))
        for _, old in sorted(logs)[:-200]:
            Path(old).unlink(missing_ok=True)

    def feed(self, data):
        """Bytes from the console, in any portions."""
        self.file.write(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.line(line.decode(errors="replace").replace("\r", ""))

    def line(self, line):
        """A whole line of it."""
        if TROUBLE.search(line):
            self.trouble.append(line)
        ended = END_MARK.search(line)
        if START_MARK in line:
            self.started = True
        elif ended:
            self.status = int(ended[1])
        elif self.job.verbose or (self.started and self.status is None) or TROUBLE.search(line):
            self.show(line)

    def show(self, line):
        """Give a line to whom it is for."""
        if self.job.output:
            self.job.output(line)
        else:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def kernel_log(self, text):
        """Look for trouble in a kernel log, too, which says more than the console."""
        for line in text.splitlines():
            if TROUBLE.search(line) and line not in self.trouble:
                self.trouble.append(line)

    def close(self):
        """No more will come."""
        if self.rest:
            self.feed(b"\n")
        self.file.close()
