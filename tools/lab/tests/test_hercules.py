# SPDX-License-Identifier: GPL-2.0-only
"""What is made of Hercules' log."""

import tempfile
import unittest
from pathlib import Path

from machines import hercules

BOOT = ["12:48:56 HHCCP007I CPU0000 architecture mode set to ESA/390",
        "12:48:57 HHCCP007I CPU0000 architecture mode set to z/Arch"]


class Console:
    """Keeps what it is fed."""

    def __init__(self):
        self.started = False
        self.fed = []

    def feed(self, data):
        """Bytes."""
        self.fed.append(data.decode())


class Log(unittest.TestCase):
    """Lines, and whether the machine has to be given up."""

    def stopped(self, *lines):
        """Hand them over in two pieces, in the middle of a line."""
        machine = hercules.Machine(Path("."), None)
        console = Console()
        text = "".join(line + "\n" for line in lines).encode()
        stopped = False
        with tempfile.TemporaryFile() as log:
            for piece in text[:-9], text[-9:]:
                log.write(piece)
                log.flush()
                stopped = machine.messages(log, console)
        self.fed = console.fed
        return stopped

    def test_early(self):
        """an error of Hercules before the kernel runs ends a lab"""
        wrong = "12:48:56 HHCDA004E 0F00: cannot be opened"
        self.assertTrue(self.stopped(BOOT[0], wrong))
        self.assertEqual([wrong[9:] + "\n"], self.fed)

    def test_own_server(self):
        """a volume that is served later does not end a lab"""
        self.assertFalse(self.stopped(
            BOOT[0], "12:48:56 HHCSH032E 2B0A Connect localhost:3990:2b09 2: No such file"))

    def test_device(self):
        """what a device says to a channel program's errors does not end a lab"""
        self.assertFalse(self.stopped(
            *BOOT, "12:49:18 HHCDA053E Data chaining not supported for CCW E4"))
        self.assertEqual([], self.fed)

    def test_wait(self):
        """a disabled wait ends a lab, whenever it comes, and its PSW is shown"""
        self.assertTrue(self.stopped(
            *BOOT, "12:49:18 HHCCP011I CPU0000: Disabled wait state",
            "12:49:18           PSW=00020001 80000000 0000000000000FFF"))
        self.assertIn("PSW=00020001", self.fed[-1])

    def test_machine_check(self):
        """a failure of Hercules itself ends the machine"""
        self.assertTrue(self.stopped(
            *BOOT, "12:49:18 HHCCP017I CPU0000: Machine check due to host error: "
            "User defined signal 1", "12:49:18           PSW=04040001 80000000"))

    def test_kernel(self):
        """the kernel's lines are the console's"""
        self.assertFalse(self.stopped(*BOOT, "[    1.234567] hello", "anything else"))
        self.assertEqual(["[    1.234567] hello\n"], self.fed)
