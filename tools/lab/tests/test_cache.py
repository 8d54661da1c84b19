# SPDX-License-Identifier: GPL-2.0-only
"""The cache has finished things only, whoever is stopped when."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from lablib import cache

LAB = Path(__file__).resolve().parents[1]

# Makes DEST half, says so, and goes on when told; counts how often it was asked.
MAKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from lablib import cache

def make(tmp):
    tmp.mkdir()
    (tmp / "half").write_text("half")
    print("half", flush=True)
    sys.stdin.readline()
    (tmp / "whole").write_text("whole")

print(cache.produce(cache.path("things", "one"), make), flush=True)
"""


class Cache(unittest.TestCase):
    """A cache of its own for each test."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        env = mock.patch.dict(os.environ, VFIO_CCW_CACHE=place.name)
        env.start()
        self.addCleanup(env.stop)
        self.dest = cache.path("things", "one")

    def maker(self):
        """A lab that is half done."""
        child = subprocess.Popen([sys.executable, "-c", MAKER, LAB], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def left(self):
        """Files and folders in the cache, the locks apart."""
        return sorted(str(p.relative_to(self.place)) for p in self.place.rglob("*")
                      if p.is_file() and p.parent.name != "locks")

    def test_failed(self):
        """a thing that could not be made leaves nothing behind"""
        def make(tmp):
            tmp.write_text("half")
            raise OSError("no")

        with self.assertRaises(OSError):
            cache.produce(self.dest, make)
        self.assertEqual([], self.left())
        cache.produce(self.dest, lambda tmp: tmp.write_text("whole"))
        self.assertEqual("whole", self.dest.read_text())

    def test_interrupted(self):
        """a lab that is interrupted while it makes a thing leaves nothing behind"""
        child = self.maker()
        self.assertEqual("half\n", child.stdout.readline())
        child.send_signal(signal.SIGINT)
        child.wait(10)
        self.assertEqual([], self.left())

    def test_killed(self):
        """what a killed lab left half made is not seen, not waited for, and taken away"""
        child = self.maker()
        self.assertEqual("half\n", child.stdout.readline())
        child.kill()
        child.wait()
        self.assertEqual(1, len(self.left()))
        self.assertFalse(self.dest.exists())
        start = time.monotonic()
        cache.produce(self.dest, lambda tmp: tmp.write_text("whole"))
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual(["things/one"], self.left())

    def test_two(self):
        """of two labs that want the same thing one makes it and the other waits"""
        first = self.maker()
        self.assertEqual("half\n", first.stdout.readline())
        second = self.maker()
        time.sleep(0.5)
        with cache.scratch():           # which takes away only what has no owner
            pass
        self.assertEqual((f"{self.dest}\n", None), first.communicate("go\n", 10))
        self.assertEqual((f"{self.dest}\n", None), second.communicate("go\n", 10))
        self.assertEqual("whole", (self.dest / "whole").read_text())

    def test_scratch(self):
        """a lab's temporary folder stays while it lives and goes with the next lab"""
        with cache.scratch() as mine:
            with cache.scratch():
                self.assertTrue(mine.exists())
        self.assertFalse(mine.exists())
        left = cache.path("tmp", "run-of-a-killed-one", "x").parent
        with cache.scratch():
            self.assertFalse(left.exists())
