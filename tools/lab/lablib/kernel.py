# SPDX-License-Identifier: GPL-2.0-only
"""Kernels that a machine can boot and a module can be built for."""

import importlib
import os
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path

import kernels
from lablib import cache
from lablib.progress import LabError, run


@dataclass
class Kernel:
    """What there is of a kernel. Paths may be shared: they are read only."""

    name: str           # "stock"
    release: str        # what uname -r says
    image: Path         # what is booted
    modules: Path       # its lib/modules/RELEASE
    headers: Path       # what modules are built against: make -C headers
    source: Path        # its source, or the part of it that the build needs
    vmlinux: Path | None    # an ELF file with its BTF; None: source is what it was built from
    make: list          # further arguments for make -C headers
    pahole: Path | str = "pahole"       # one that is new enough for its BTF

    def config(self, name):
        """The value of CONFIG_name: "y", "m", a string, or None."""
        text = (self.headers / ".config").read_text(encoding="utf-8")
        found = re.search(rf"^CONFIG_{name}=(.*)$", text, re.M)
        return found[1].strip('"') if found else None


def names():
    """The kinds there are."""
    return [info.name for info in pkgutil.iter_modules(kernels.__path__)]


def get(name="stock", refresh=False):
    """The kernel of that kind, fetched or built if need be."""
    if name not in names():
        raise LabError(f"no kernel '{name}'; there are: {' '.join(names())}")
    return importlib.import_module("kernels." + name).get(refresh)


def unpack_source(deb, dest, below=None, without=()):
    """
    Unpack a linux-source package so that dest is the top of the tree.

    below: take only what lies below these folders.
    without: leave out what these patterns match.
    """
    part = Path(str(dest) + ".deb")
    cache.remove(part)
    run(["dpkg-deb", "-x", deb, part])
    try:
        archive = next((part / "usr/src").glob("linux-source-*.tar.*"))
        cmd = ["tar", "-xf", archive, "-C", part, "--no-same-owner"]
        if below:
            top = archive.name.split(".tar")[0]
            cmd += ["--wildcards"] + [f"{top}/{b}/*" for b in below]
        cmd += [f"--exclude={pattern}" for pattern in without]
        run(cmd)
        tree = next(p for p in part.glob("linux-source-*") if p.is_dir())
        os.rename(tree, dest)
    finally:
        cache.remove(part)
