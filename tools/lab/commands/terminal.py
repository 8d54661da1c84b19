# SPDX-License-Identifier: GPL-2.0-only
"""
An emulated 3270 terminal, given to a program by our driver, with s3270 as its screen: the
program asks for a word, s3270 types it, the program shows what it has read. On hercules,
whose channel programs are compared with the host's own, those of a terminal are, too.

    lab terminal
    lab terminal --machine hercules
"""

import importlib
import shutil
import subprocess
import threading
import time

from commands import selftest
from lablib import build, cache, kernel, kselftest
from lablib.job import Job
from lablib.progress import LabError, tied
from lablib.tally import Tally
from machines import free_port

HELP = "a 3270 terminal with a screen"

SCREEN = "s3270"
WORD = "HERCULES"
# How long somebody looks before he types, in seconds. QEMU's terminal forgets a key that comes
# while the status of the write before it is pending.
READING = 1
BUSID = "0.0.0000"
RUN = f"bash /lab/selftests/run.sh -w -o /out -t {{}} {BUSID}\n"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--machine", choices=["qemu", "hercules"], default="qemu")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS")


class Screen(threading.Thread):
    """Somebody before the screen, who waits for texts and answers them."""

    def __init__(self, port, script, timeout):
        super().__init__(daemon=True)
        self.port = port
        self.script = script    # (what is waited for, what is typed then, or nothing)
        self.until = time.monotonic() + timeout
        self.seen = []          # screens, the last one last
        self.child = None

    def _do(self, action):
        """What it prints, or nothing if it cannot do that now."""
        self.child.stdin.write(action + "\n")
        self.child.stdin.flush()
        lines = []
        for line in self.child.stdout:
            line = line.rstrip("\n")
            if line in ("ok", "error"):
                return lines if line == "ok" else None
            lines.append(line)
        raise EOFError

    def _connected(self):
        return "data: not-connected" not in (self._do("Query(ConnectionState)") or [])

    def _till(self, text):
        """Look until it is there; connect anew if the terminal was reset."""
        while time.monotonic() < self.until:
            if not self._connected():
                # this waits for the first that is written to the screen
                self._do(f"Connect(127.0.0.1:{self.port})")
            now = "\n".join(line.removeprefix("data: ") for line in self._do("Ascii()") or []
                            if line.startswith("data: "))
            if now.strip() and now not in self.seen[-1:]:
                self.seen.append(now)
            if text in now:
                return True
            time.sleep(0.5)
        return False

    def _type(self, action):
        """The keyboard may be locked for a while after something was written."""
        while self._do(action) is None and time.monotonic() < self.until:
            time.sleep(0.5)

    def run(self):
        try:
            with subprocess.Popen(tied([SCREEN]), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True, errors="replace") as self.child:
                for text, answer in self.script:
                    if not self._till(text):
                        break
                    if answer:
                        time.sleep(READING)
                        self._type(f"String({answer})")
                        self._type("Enter()")
                # without a screen the terminal asks for help, also in the middle of a program
                while self._connected() and time.monotonic() < self.until:
                    time.sleep(0.5)
                self.child.stdin.write("Quit()\n")
                self.child.stdin.flush()
        except (OSError, EOFError):
            pass

    def showed(self, text):
        """Whether that was to be seen, as Tally.check() wants it."""
        if any(text in screen for screen in self.seen):
            return []
        return ["the last screen:", *(self.seen or [""])[-1].splitlines()]


def device(port, devno):
    """(device, arguments) for QEMU."""
    return (f"x-terminal3270,chardev=terminal,devno={devno}",
            ["-chardev", f"socket,id=terminal,host=127.0.0.1,port={port},server=on,wait=off,"
             "tn3270=on"])


def _place(machine, port):
    """What the job asks the machine for."""
    if machine == "hercules":
        return {"devices": [f"CNSLPORT 127.0.0.1:{port}", "0700 3270"]}
    terminal, more = device(port, "fe.0.1000")
    return {"devices": [terminal], "args": more}


def need():
    """The program has to be there."""
    if not shutil.which(SCREEN):
        raise LabError(f"{SCREEN}: not found; install it with tools/lab/need {SCREEN}")


def _compared(tally, tap):
    """What became of the channel programs that were run in both ways."""
    text = tap.read_text(errors="replace") if tap.exists() else f"no {tap.name}"
    if tally.check("programs are compared", [] if "\nok " in text else text.splitlines()):
        selftest.count(tally, tap)


def run(args):
    """Boot, type, look."""
    need()
    tally = Tally("terminal")
    tests = ["terminal"] + (["compare"] if args.machine == "hercules" else [])
    kern = kernel.get("stock")
    modules = build.modules(kern) + (build.test_modules(kern) if "compare" in tests else [])
    port = free_port()
    # Hercules forgets what its terminal was doing when a screen comes: this one is there before
    # the kernel is.
    screen = Screen(port, [(f"PLEASE TYPE {WORD}", WORD), (f"THIS WAS READ {WORD}", "")],
                    args.timeout)
    said = []
    with cache.scratch() as out:
        job = Job(command="".join(map(RUN.format, tests)) + "cat /out/*-terminal.tap",
                  kernel=kern, modules=modules, load=["vfio_iommu_type1", "vfio_ccw"],
                  files=kselftest.files(), env={"VFIO_CCW_SCREEN": WORD}, out=out,
                  timeout=args.timeout, output=said.append, **_place(args.machine, port))
        screen.start()
        result = importlib.import_module("machines." + args.machine).run(job)
        screen.join(5)
        passed = any(line.startswith("ok 1 terminal.") for line in said)
        tally.check("the program reads what is typed", [] if passed else said)
        if "compare" in tests:
            _compared(tally, out / f"{BUSID}-compare.tap")
    tally.check("its question was on the screen", screen.showed(f"PLEASE TYPE {WORD}"))
    tally.check("its answer was on the screen", screen.showed(f"THIS WAS READ {WORD}"))
    tally.check("the kernel had nothing to complain about", list(result.trouble))
    return tally.end()
