# SPDX-License-Identifier: GPL-2.0-only
"""What the lab and make say that they can do."""

import re
import unittest

from lablib.build import CHECKOUT
from lablib.progress import run


class Help(unittest.TestCase):
    """The lists."""

    def test_make(self):
        """make help lists each target of the Makefile"""
        said = run(["make", "-C", CHECKOUT, "--no-print-directory", "help"])
        text = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
        targets = re.findall(r"^\.PHONY: (.+)$", text, re.M)
        self.assertEqual(targets, re.findall(r"^  (\S+) +\S", said, re.M))

    def test_lab(self):
        """lab --help lists each command, which has a help of its own"""
        lab = CHECKOUT / "tools/lab/lab"
        said = run([lab, "--help"])
        for file in sorted((CHECKOUT / "tools/lab/commands").glob("[a-z]*.py")):
            name = file.stem.replace("_", "-")
            self.assertRegex(said, rf"(?m)^ +{name}\b")
            self.assertIn(f"lab {name}", run([lab, name, "--help"]))
