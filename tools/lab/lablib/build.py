# SPDX-License-Identifier: GPL-2.0-only
"""Build the modules for a kernel, in a tree of links, so that the checkout stays clean."""

import contextlib
import itertools
import os
import re
import subprocess
from pathlib import Path

from lablib import cache
from lablib.progress import LabError, phase, run, tied

CHECKOUT = Path(__file__).resolve().parents[3]
DRIVER = "drivers/s390/cio/vfio_ccw"
TEST_MODULES = CHECKOUT / "tools/testing/selftests/drivers/s390x/vfio_ccw/test_modules"
TYPES = ("subchannel", "css_driver", "schib", "orb")
# Without the check of locks, which takes every guard() for a mistake.
SPARSE = "-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__ -Wno-context"


def _source_files(top):
    """What of the checkout takes part in the build, relative to it."""
    found = [Path("Kbuild")]
    for folder in (DRIVER, "include", "compat-include"):
        found += [f.relative_to(top) for f in sorted((top / folder).rglob("*"))
                  if f.is_file() and not f.name.startswith(".")]
    return found


def _link(links):
    """Make the links {place: target}; take away old ones beside them."""
    folders = {place.parent for place in links}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for entry in folder.iterdir():
            if entry.is_symlink() and entry not in links:
                entry.unlink()
    for place, target in links.items():
        if not place.is_symlink() or os.readlink(place) != str(target):
            place.unlink(missing_ok=True)
            place.symlink_to(target)


def tree(kern, overlay, where):
    """Lay our files and the kernel's private ones out as the kernel's tree has them."""
    links = {where / f: overlay / f for f in _source_files(overlay)}
    cio = Path("drivers/s390/cio")
    links |= {where / cio / f.name: f for f in (kern.source / cio).glob("*.h")}
    if not kern.config("VFIO_MDEV"):
        mdev = Path("drivers/vfio/mdev")
        links |= {where / mdev / f.name: f for f in (kern.source / mdev).iterdir()}
    _link(links)


def existing_tree(kern, where):
    """The same for the driver that the kernel's own source has."""
    tree_of = kern.source / "drivers/s390/cio"
    objects = re.search(r"^vfio_ccw-objs \+=((?:.*\\\n)*.*)$",
                        (tree_of / "Makefile").read_text(encoding="utf-8"), re.M)[1]
    objects = objects.replace("\\\n", " ").split()
    cio = where / "drivers/s390/cio"
    links = {cio / f.name: f for f in tree_of.glob("*.h")}
    links |= {cio / f: tree_of / f for f in (o.replace(".o", ".c") for o in objects)}
    if not kern.config("VFIO_MDEV"):
        mdev = "drivers/vfio/mdev"
        links |= {where / mdev / f.name: f for f in (kern.source / mdev).iterdir()}
    _link(links)
    cache.write(where / "Kbuild", (CHECKOUT / "Kbuild").read_text(encoding="utf-8")
                .replace(DRIVER + "/", "drivers/s390/cio/"))
    cache.write(cio / "Makefile", "obj-m += vfio_ccw.o\nccflags-y += -I$(src)\n"
                f"vfio_ccw-objs := {' '.join(objects)}\n")


@contextlib.contextmanager
def prepared(kern, overlay=None, existing=False, variant="", fresh=False):
    """The tree to build in, ready and locked: yields its folder."""
    overlay = Path(overlay or CHECKOUT).resolve()
    name = "existing" if existing else cache.key(overlay)
    where = cache.path("build", name, f"{kern.name}-{kern.release}{variant}")
    with cache.lock(f"build/{name}/{where.name}"):
        if fresh:
            cache.remove(where)
        if existing:
            existing_tree(kern, where)
        else:
            if not (overlay / DRIVER / "Makefile").exists():
                raise LabError(f"{overlay / DRIVER}/Makefile: not there; "
                               "name the tree that has the driver with --overlay")
            tree(kern, overlay, where)
        yield where


def command(kern, where, *args):
    """The kbuild command line for that tree."""
    return ["make", "-C", kern.headers, f"M={where}", f"-j{os.cpu_count()}",
            *kern.make, *args]


def modules(kern, overlay=None, existing=False, args=()):
    """Build; the paths of the .ko files, once their view of the kernel is proved right."""
    what = "the kernel's own vfio_ccw" if existing else "vfio_ccw"
    with prepared(kern, overlay, existing) as where:
        with phase(f"building {what} for {kern.release}"):
            run(command(kern, where, *args, "modules"), log=where / "build.log")
        found = sorted(where.rglob("*.ko"))
        gate(kern, next(f for f in found if f.name == "vfio_ccw.ko"))
        return found


def test_modules(kern):
    """Build what only tests load; the paths of the .ko files."""
    where = cache.path("build", cache.key(CHECKOUT), f"{kern.name}-{kern.release}-tests")
    with cache.lock(f"build/{where.parent.name}/{where.name}"):
        links = {where / f.name: f for f in TEST_MODULES.iterdir() if f.suffix in ("", ".c", ".h")}
        links |= {where / "cio" / f.name: f
                  for f in (kern.source / "drivers/s390/cio").glob("*.h")}
        _link(links)
        with phase(f"building test modules for {kern.release}"):
            run(command(kern, where, "modules"), log=where / "build.log")
        found = sorted(where.glob("*.ko"))
        for module in found:
            gate(kern, module)
        return found


def warnings(kern, args=(), prove=False):
    """
    Build our part anew and return the lines that warn or fail.

    prove: also that the module's view of the kernel is right.
    """
    with prepared(kern, variant="-check", fresh=True) as where:
        done = subprocess.run(tied(command(kern, where, *args, "modules")),
                              text=True, errors="replace", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        cache.write(where / "build.log", done.stdout)
        found = [line.replace(f"{where}/", "") for line in done.stdout.splitlines()
                 if re.search(r"\b(warning|error):|\*\*\*", line, re.I)]
        found = [line for line in found if not line.startswith("drivers/vfio/mdev/")]
        if done.returncode and not found:
            found = [f"make ended with {done.returncode}, see {where}/build.log"]
        if prove and not done.returncode:
            try:
                gate(kern, where / DRIVER / "vfio_ccw.ko")
            except LabError as error:
                found.append(str(error))
        return found


def _layout(pahole, file, name):
    """How a type that the kernel keeps to itself is laid out, members of members too."""
    text = run([pahole, "-F", "btf", "-E", "--suppress_force_paddings",
                "--suppress_aligned_attribute", "-C", name, file])
    return re.sub(r"[ \t]+", " ", text).strip().splitlines()


def gate(kern, module):
    """Refuse a module that sees the channel subsystem's objects otherwise than the kernel."""
    if not kern.vmlinux:
        return
    stamp = module.with_suffix(".layout-ok")
    if stamp.exists() and stamp.stat().st_mtime > module.stat().st_mtime:
        return
    btf = module.with_suffix(".btf")
    run([kern.pahole, "-J", f"--btf_encode_detached={btf}", module])
    for name in TYPES:
        ours, theirs = (_layout(kern.pahole, file, name) for file in (btf, kern.vmlinux))
        for where, lines in (("the module", ours), (kern.release, theirs)):
            if not lines:
                raise LabError(f"no '{name}' in the BTF of {where}: cannot prove that "
                               "the module fits; is the right linux-source used?")
        for mine, its in itertools.zip_longest(ours, theirs, fillvalue="nothing"):
            if mine != its:
                raise LabError(f"in '{name}' the module sees '{mine.strip()}' where "
                               f"{kern.release} has '{its.strip()}': take linux-source of "
                               "the same version (lab fetch --refresh)")
    cache.write(stamp, "")
