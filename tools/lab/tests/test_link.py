# SPDX-License-Identifier: GPL-2.0-only
"""A kernel tree with the driver in it, and without it again."""

import contextlib
import io
import unittest
from pathlib import Path
from types import SimpleNamespace

from commands import link
from lablib import cache
from lablib.build import DRIVER

# What a kernel tree has of the driver's name, as far as links and lines are concerned.
TREE = {
    "Kbuild": "",
    link.MAKEFILE: "obj-y += cio.o\nvfio_ccw-objs += one.o two.o \\\n\tthree.o\n"
                   "obj-$(CONFIG_VFIO_CCW) += vfio_ccw.o\nobj-$(CONFIG_QDIO) += qdio.o\n",
    link.KCONFIG: "config CRASH\n\tbool\n\nconfig VFIO_CCW\n\tdef_tristate n\n"
                  "\tprompt \"one\"\n\tdepends on VFIO\n\nconfig LAST\n\tbool\n",
    "include/uapi/linux/vfio_ccw.h": "/* the kernel's */\n",
}


def _files(top):
    return {str(file.relative_to(top)): file.read_text(encoding="utf-8")
            for file in top.rglob("*") if file.is_file() and not file.is_symlink()}


class Link(unittest.TestCase):
    """commands/link.py."""

    def setUp(self):
        self.top = Path(self.enterContext(cache.scratch()))
        for name, text in TREE.items():
            (self.top / name).parent.mkdir(parents=True, exist_ok=True)
            (self.top / name).write_text(text, encoding="utf-8")

    def _link(self, undo=False):
        with contextlib.redirect_stdout(io.StringIO()):
            link.run(SimpleNamespace(ksrc=self.top, undo=undo))

    def test_link_brings_the_driver(self):
        """A kernel tree gets our files and builds them instead of its own."""
        self._link()
        self.assertTrue((self.top / DRIVER / "main.c").is_file())
        header = (self.top / "include/uapi/linux/vfio_ccw.h").read_text(encoding="utf-8")
        self.assertNotEqual(header, TREE["include/uapi/linux/vfio_ccw.h"])
        for name, own, theirs in ((link.MAKEFILE, link.OBJ, "obj-$(CONFIG_VFIO_CCW) += vfio_ccw.o"),
                                  (link.KCONFIG, link.SOURCE, "config VFIO_CCW")):
            lines = (self.top / name).read_text(encoding="utf-8").splitlines()
            self.assertEqual(lines.count(own), 1)
            self.assertNotIn(theirs, lines)

    def test_link_twice_is_link_once(self):
        """To link a kernel tree again changes nothing."""
        self._link()
        once = _files(self.top)
        self._link()
        self.assertEqual(_files(self.top), once)

    def test_undo_leaves_the_tree_as_it_was(self):
        """A kernel tree is itself again after --undo, to the byte."""
        self._link()
        self._link(undo=True)
        self.assertEqual(_files(self.top), TREE)
        self.assertFalse([file for file in self.top.rglob("*") if file.is_symlink()])
