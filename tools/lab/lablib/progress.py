# SPDX-License-Identifier: GPL-2.0-only
"""What a person sees while the lab works, and how it gives up."""

import contextlib
import os
import shutil
import subprocess
import sys
import time

START = time.monotonic()


class LabError(Exception):
    """Ends the program with one line: what is wrong and what to do about it."""

    def __init__(self, text, detail=""):
        super().__init__(text)
        self.detail = detail        # what a command said, shown above the line


def say(text):
    """Print a line on stderr; stdout belongs to the job's own output."""
    print(text, file=sys.stderr, flush=True)


class Phase:
    """A step in progress; on a terminal its line is kept up to date."""

    def __init__(self, text):
        self.text = text
        self.start = time.monotonic()
        self.live = sys.stderr.isatty()
        self.shown = -1
        self._show("")

    def _line(self, note):
        return f"[{self.start - START:6.1f}s] {self.text}{note}"

    def _show(self, note):
        if self.live:
            sys.stderr.write(f"\r\033[K{self._line(note)} ...")
            sys.stderr.flush()
        elif not note:
            say(f"{self._line(note)} ...")

    def percent(self, value):
        """Report how far the step is; cheap to call often."""
        value = int(value)
        if value != self.shown:
            self.shown = value
            self._show(f" {value}%")

    def done(self, note="done"):
        """End the line."""
        took = time.monotonic() - self.start
        if self.live:
            sys.stderr.write(f"\r\033[K{self._line('')} {note}, {took:.1f} s\n")
            sys.stderr.flush()
        elif took >= 2 or note != "done":
            say(f"[{time.monotonic() - START:6.1f}s] {self.text}: {note}, {took:.1f} s")


@contextlib.contextmanager
def phase(text):
    """Name and time a step: with phase("fetching") as p: p.percent(10)."""
    step = Phase(text)
    try:
        yield step
    except BaseException:
        step.done("stopped")
        raise
    step.done()


def tied(cmd, signal="TERM"):
    """
    The command line of a program that does not outlive this one, even if this one is killed.

    What it works on is locked for as long as this program lives, and nobody would stop it.
    """
    cmd = [os.fspath(c) for c in cmd]
    if not shutil.which(cmd[0]):
        raise LabError(f"{cmd[0]}: not found; install it with "
                       f"tools/lab/need {package_of(cmd[0])}")
    return ["setpriv", "--pdeathsig", signal, *cmd]


def run(cmd, cwd=None, env=None, stdin=subprocess.DEVNULL, log=None):
    """Run a command, quiet unless it fails; return its stdout and stderr as text."""
    cmd = [os.fspath(c) for c in cmd]
    done = subprocess.run(tied(cmd), cwd=cwd, env=env, stdin=stdin, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if log:
        with open(log, "w", encoding="utf-8") as out:
            out.write(done.stdout)
    if done.returncode:
        tail = "".join("    " + line + "\n" for line in done.stdout.splitlines()[-30:])
        raise LabError(f"'{' '.join(cmd)[:200]}' ended with {done.returncode}"
                       + (f", all of its output is in {log}" if log else ""), tail)
    return done.stdout


def package_of(program):
    """The Debian package a missing program comes from."""
    return {
        "depmod": "kmod", "pahole": "pahole", "sparse": "sparse", "dpkg-deb": "dpkg",
        "qemu-system-s390x": "qemu-system-misc", "s390x-linux-gnu-gcc": "gcc-s390x-linux-gnu",
    }.get(program, program)
