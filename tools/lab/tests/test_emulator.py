# SPDX-License-Identifier: GPL-2.0-only
"""Nothing is left of a lab that ends before its machine does, and two do not meet."""

import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from lablib import cache, userland

LAB = Path(__file__).resolve().parents[1] / "lab"


def lab(machine, job, *options):
    """A lab at work, in a session of its own."""
    return subprocess.Popen([LAB, "run", machine, "--modules", "none", *options, "--", job],
                            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, start_new_session=True)


def emulator_of(pid):
    """The emulator that a lab has started: its process."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = place.read_text(encoding="ascii", errors="replace").rsplit(") ", 1)
        except OSError:
            continue
        if int(rest.split()[1]) == pid and ("(qemu" in name or "(hercules" in name):
            return int(place.parent.name)
    return None


def end(pid):
    """Whatever a test has found, it leaves no emulator behind."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def till(what, seconds):
    """Wait for it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    return None


class Emulator(unittest.TestCase):
    """Each test on each machine."""

    @classmethod
    def setUpClass(cls):
        # Not in the time of a test.
        cls.userland = userland.get("minimal")

    def started(self, machine):
        """A lab with an emulator, and the latter's process."""
        child = lab(machine, "sleep 1000")
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        emulator = till(lambda: emulator_of(child.pid), 300)
        self.assertIsNotNone(emulator, "no emulator was started")
        self.addCleanup(end, emulator)
        time.sleep(2)                   # it is in the middle of something
        self.assertTrue(Path(f"/proc/{emulator}").exists(), "the emulator has ended at once")
        return child, emulator

    def gone(self, emulator):
        """It has to be soon."""
        self.assertTrue(till(lambda: not Path(f"/proc/{emulator}").exists(), 5),
                        "the emulator is still there")

    def killed(self, machine):
        """kill -9 of the lab."""
        child, emulator = self.started(machine)
        where = os.readlink(f"/proc/{emulator}/cwd") if machine == "hercules" else None
        child.kill()
        child.wait()
        self.gone(emulator)
        if where:
            self.assertTrue(Path(where).exists())
            with cache.scratch():
                self.assertFalse(Path(where).exists(), "its files are still there")

    def interrupted(self, machine, number, status):
        """A signal that the lab hears."""
        before = set(cache.path("tmp", "x").parent.iterdir())
        child, emulator = self.started(machine)
        mine = set(cache.path("tmp", "x").parent.iterdir()) - before
        self.assertTrue(mine)
        child.send_signal(number)
        said, _ = child.communicate(timeout=20)
        self.assertEqual(status, child.returncode, said)
        self.assertNotIn("Traceback", said)
        self.gone(emulator)
        self.assertTrue(till(lambda: not any(p.exists() for p in mine), 5),
                        "its files are still there")

    def both(self, machine):
        """Two at once: each has its own output, files and status."""
        with tempfile.TemporaryDirectory() as place:
            outs = [Path(place, n) for n in "ab"]
            children = [lab(machine, f"echo said by {out.name}; echo {out.name} >/out/name; "
                            f"exit 1{n}", "--out", out) for n, out in enumerate(outs)]
            for n, (child, out) in enumerate(zip(children, outs)):
                self.addCleanup(child.kill)
                said, _ = child.communicate(timeout=600)
                self.assertEqual(10 + n, child.returncode, said)
                self.assertIn(f"said by {out.name}\n", said)
                self.assertEqual(f"{out.name}\n", (out / "name").read_text())

    def test_qemu_killed(self):
        """QEMU ends with a lab that is killed"""
        self.killed("qemu")

    def test_hercules_killed(self):
        """Hercules ends with a lab that is killed, and its files go with the next lab"""
        self.killed("hercules")

    def test_qemu_interrupted(self):
        """^C ends a lab with QEMU and leaves nothing behind"""
        self.interrupted("qemu", signal.SIGINT, 130)

    def test_hercules_terminated(self):
        """SIGTERM ends a lab with Hercules and leaves nothing behind"""
        self.interrupted("hercules", signal.SIGTERM, 143)

    def test_qemu_both(self):
        """two labs at once with QEMU do not disturb each other"""
        self.both("qemu")

    def test_qemu_device(self):
        """a job on QEMU finds the device that was asked for"""
        child = lab("qemu", "lsmod; echo /sys/bus/ccw/devices/0.0.12*",
                    "--device", "virtio-rng-ccw,devno=fe.0.1234")
        self.addCleanup(child.kill)
        said, _ = child.communicate(timeout=600)
        self.assertEqual(0, child.returncode, said)
        self.assertIn("/0.0.1234\n", said)

    def test_hercules_both(self):
        """two labs at once with Hercules do not disturb each other"""
        self.both("hercules")
