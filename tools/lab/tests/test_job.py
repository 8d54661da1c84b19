# SPDX-License-Identifier: GPL-2.0-only
"""What becomes of a console."""

import os
import tempfile
import unittest
from unittest import mock

from lablib import cache
from lablib.job import Console, Job


class Logs(unittest.TestCase):
    """A cache of its own."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        env = mock.patch.dict(os.environ, VFIO_CCW_CACHE=place.name)
        env.start()
        self.addCleanup(env.stop)

    def test_prune(self):
        """of a machine's logs the last are kept; those of others and of the check all are"""
        others = ["check-tools.log", "hercules-1.log", "hercules-1.machine"]
        for age, name in enumerate(others + [f"qemu-{nr}.log" for nr in range(250)]):
            log = cache.path("logs", name)
            log.touch()
            os.utime(log, (age, age))
        console = Console(Job(command="", kernel=None), "qemu")
        console.close()
        left = set(os.listdir(console.log.parent))
        self.assertEqual(set(others), {name for name in left if not name.startswith("qemu-")})
        self.assertEqual(200, len(left - set(others)))
        self.assertLess({console.log.name, "qemu-249.log"}, left)
        self.assertNotIn("qemu-0.log", left)
