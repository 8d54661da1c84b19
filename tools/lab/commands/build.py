# SPDX-License-Identifier: GPL-2.0-only
"""
The built modules' paths are printed. The build happens in a tree of links in the
cache, which holds the kernel's private headers and its mdev beside our files.

With --check the modules are built anew, with W=1, for each kernel that there is or that
--kernel names, and what is wrong with them is counted instead.
"""

import re

from lablib import apt, build, kernel
from lablib.tally import Tally
from kernels import debug

HELP = "build the modules for a kernel"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--kernel", metavar="KIND", help="stock, if nothing else is said; "
                        f"one of {', '.join(kernel.names())}")
    parser.add_argument("--check", action="store_true", help="build anew and count what is wrong")
    parser.add_argument("--overlay", metavar="DIR",
                        help="the tree with the driver (this checkout)")
    parser.add_argument("--existing", action="store_true",
                        help="build the driver that linux-source has, to compare with")
    parser.add_argument("make", nargs="*", metavar="VAR=VALUE",
                        help="for make, as KCFLAGS=-DDEBUG")


def get(kind, tally):
    """The kernel; None if it is one more, and the archive does not have it now."""
    try:
        return kernel.get(kind)
    except apt.ArchiveError as error:
        if kind == "stock":
            raise
        tally.skip(f"modules for the kernel '{kind}'", str(error))
        return None


def _check(kern, tally):
    """One kernel."""
    what = f"modules for {kern.release}"
    lines = build.warnings(kern, ["W=1"], prove=True)
    if not kern.config("VFIO"):
        # modpost names what it does not find, and each of the modules needs some of vfio
        # (of each of the first ten: the rest is a number)
        missing = [line for line in lines if re.search(r'"_?vfio_\w+" \[.*undefined!', line)]
        more = [line for line in lines if re.search(r"suppressed \d+ unresolved symbol", line)]
        lines = [line for line in lines if line not in missing + more]
        if not missing:
            lines.append("nothing of vfio is missing, although CONFIG_VFIO is off")
        tally.skip(f"{what} can be loaded", "this kernel has CONFIG_VFIO off, so "
                   f"{len(missing)}{' and more' if more else ''} symbols of vfio are not there")
    tally.check(f"{what} build without a warning", lines)
    if not kern.vmlinux and kern.name != "debug":
        tally.skip(f"{what} see the kernel's objects as it does", "the kernel has no BTF")


def run(args):
    """Build and say where the modules are."""
    if not args.check:
        kern = kernel.get(args.kernel or "stock")
        files = build.modules(kern, args.overlay, args.existing, args.make)
        print(*files, sep="\n")
        print(f"build: {len(files)} modules for {kern.release}")
        return 0
    tally = Tally("build")
    for kind in [args.kernel] if args.kernel else kernel.names():
        if kind == "debug" and not args.kernel and not debug.built():
            tally.skip("modules for the debug kernel", "it is not built, see lab kernel debug; "
                       "make kernel-check builds in the same source")
        elif kern := get(kind, tally):
            _check(kern, tally)
    return tally.end()
