# SPDX-License-Identifier: GPL-2.0-only
"""
Every file of the driver becomes a symbolic link in the kernel tree, one "obj-" line
goes into drivers/s390/cio/Makefile and one "source" line into arch/s390/Kconfig.
To do it again changes nothing; --undo takes all of it away. The kernel's own files
of a driver of that name stay where they are, no longer built; its uapi header gives
way to ours and comes back with --undo.
"""

import os
import re
from pathlib import Path

from lablib import cache
from lablib.build import CHECKOUT, DRIVER
from lablib.progress import LabError

HELP = "link the driver into a kernel tree"

MAKEFILE = "drivers/s390/cio/Makefile"
KCONFIG = "arch/s390/Kconfig"
OBJ = "obj-$(CONFIG_VFIO_CCW)\t\t+= vfio_ccw/"
SOURCE = f'source "{DRIVER}/Kconfig"'
MARK = "# vfio_ccw overlay: "            # before a line of the kernel that gave way
FOLDERS = (DRIVER, "include/uapi/linux", "Documentation/ABI/testing", "Documentation/arch/s390",
           "tools/testing/selftests/drivers/s390x/vfio_ccw")


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("ksrc", type=Path, metavar="KSRC", help="the top of a kernel tree")
    parser.add_argument("--undo", action="store_true", help="take it away again")


def _files():
    """Ours, relative to the top."""
    for folder in FOLDERS:
        for file in sorted((CHECKOUT / folder).rglob("*")):
            if file.is_file() and "vfio" in str(file.relative_to(CHECKOUT)) \
                    and "__pycache__" not in file.parts:
                yield file.relative_to(CHECKOUT)


def _kept(place):
    """Where a file of the kernel waits while a link has its place."""
    return place.with_name("." + place.name + ".kernel")


def _link(top, name):
    place, target = top / name, CHECKOUT / name
    if place.is_symlink() and os.readlink(place) == str(target):
        return
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        os.rename(place, _kept(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def _unlink(top):
    """Take away every link into the checkout, of files long gone, too."""
    for folder in FOLDERS:
        for place in [*sorted((top / folder).rglob("*"), reverse=True), top / folder]:
            if place.is_symlink() and os.readlink(place).startswith(f"{CHECKOUT}/"):
                place.unlink()
                if _kept(place).exists():
                    os.rename(_kept(place), place)
            elif place.is_dir() and not any(place.iterdir()):
                place.rmdir()


def _edit(file, undo, line, old):
    """Put a line in where the kernel's own lines for it are, which become comments; or undo it."""
    before = file.read_text(encoding="utf-8")
    text = before.replace(line + "\n", "").replace(MARK, "")
    if not undo:
        found = re.search(old, text, re.M)
        if not found:
            raise LabError(f"{file}: nothing of VFIO_CCW in it, so there is no place for "
                           f"'{line}'; put that line in by hand")
        quoted = re.sub("^", MARK, found[0].rstrip("\n"), flags=re.M)
        text = text[:found.start()] + line + "\n" + quoted + "\n" + text[found.end():]
    if text != before:
        cache.write(file, text)


def run(args):
    """Link or unlink."""
    top = args.ksrc.resolve()
    for needed in (MAKEFILE, KCONFIG, "Kbuild"):
        if not (top / needed).is_file():
            raise LabError(f"{top}/{needed}: not there; KSRC must be the top of a whole "
                           "kernel source tree (of a linux-source package, say)")
    if not args.undo and not (CHECKOUT / DRIVER / "Makefile").is_file():
        raise LabError(f"{CHECKOUT / DRIVER}/Makefile: not there, the checkout is not whole")
    _unlink(top)
    _edit(top / MAKEFILE, args.undo, OBJ,
          r"^(?:vfio_ccw-objs.*(?:\\\n.*)*\n)?obj-\$\(CONFIG_VFIO_CCW\).*\n")
    _edit(top / KCONFIG, args.undo, SOURCE,
          r"^config VFIO_CCW\n(?:[ \t].*\n|\n(?=[ \t]))*")
    files = [] if args.undo else list(_files())
    for name in files:
        _link(top, name)
    print(f"link: {f'{len(files)} files linked into' if files else 'nothing is left in'} {top}")
    return 0
