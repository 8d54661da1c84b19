# SPDX-License-Identifier: GPL-2.0-only
"""Write newc archives, everything in them root's; needs no root and no program."""

import os
import stat
from pathlib import Path


class Writer:
    """An archive on an open binary file; end it with finish()."""

    def __init__(self, file):
        self.file = file
        self.count = 0
        self.folders = set()

    def _entry(self, name, mode, data=b"", size=None, rdev=(0, 0)):
        name = os.fspath(name).strip("/")
        self._parents(name)
        self.count += 1
        size = len(data) if size is None else size
        raw = name.encode() + b"\0"
        fields = (self.count, mode, 0, 0, 1, 0, size, 0, 0, *rdev, len(raw), 0)
        head = b"070701" + b"".join(b"%08x" % f for f in fields) + raw
        self.file.write(head + bytes(-len(head) % 4))
        if data:
            self.file.write(data)
            self.pad(size)

    def _parents(self, name):
        """The kernel makes no folders by itself."""
        parent = os.path.dirname(name)
        if parent and parent not in self.folders:
            self.add_dir(parent)

    def pad(self, size):
        """Data is followed by zeros up to a multiple of four."""
        self.file.write(bytes(-size % 4))

    def add_dir(self, name, mode=0o755):
        """A folder."""
        self._entry(name, stat.S_IFDIR | mode)
        self.folders.add(os.fspath(name).strip("/"))

    def add_text(self, name, text, mode=0o644):
        """A file with that text (str or bytes)."""
        data = text.encode() if isinstance(text, str) else text
        self._entry(name, stat.S_IFREG | mode, data)

    def add_link(self, name, target):
        """A symbolic link."""
        self._entry(name, stat.S_IFLNK | 0o777, os.fspath(target).encode())

    def add_node(self, name, kind, major, minor, mode=0o600):
        """A device; kind is "c" or "b"."""
        kind = stat.S_IFCHR if kind == "c" else stat.S_IFBLK
        self._entry(name, kind | mode, rdev=(major, minor))

    def add_file(self, name, source, mode=None):
        """A copy of a file, a link as a link, a folder with all that is in it."""
        source = Path(source)
        status = source.lstat()
        if stat.S_ISLNK(status.st_mode):
            self.add_link(name, os.readlink(source))
        elif stat.S_ISDIR(status.st_mode):
            self.add_tree(source, name)
        elif stat.S_ISREG(status.st_mode):
            self.add_text(name, source.read_bytes(), mode or stat.S_IMODE(status.st_mode))

    def add_tree(self, top, prefix="", skip=()):
        """All that lies below top; skip names folders and files relative to it."""
        top = Path(top)
        if prefix:
            self.add_dir(prefix, stat.S_IMODE(top.stat().st_mode))
        for entry in sorted(os.scandir(top), key=lambda e: e.name):
            self._walk(entry, entry.name, prefix, frozenset(skip))

    def _walk(self, entry, below, prefix, skip):
        if below in skip:
            return
        name = os.path.join(prefix, below)
        if entry.is_dir(follow_symlinks=False):
            self.add_dir(name, stat.S_IMODE(entry.stat().st_mode))
            for child in sorted(os.scandir(entry), key=lambda e: e.name):
                self._walk(child, f"{below}/{child.name}", prefix, skip)
        else:
            self.add_file(name, entry.path)

    def finish(self):
        """End the archive; another may follow in the same file."""
        self._entry("TRAILER!!!", 0)
        self.file.write(bytes(-self.file.tell() % 512))
