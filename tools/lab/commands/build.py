# SPDX-License-Identifier: GPL-2.0-only
"""
The built modules' paths are printed. The build happens in a tree of links in the
cache, which holds the kernel's private headers and its mdev beside our files.
"""

from lablib import build, kernel

HELP = "build the modules for a kernel"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--kernel", default="stock", metavar="KIND")
    parser.add_argument("--overlay", metavar="DIR",
                        help="the tree with the driver (this checkout)")
    parser.add_argument("--existing", action="store_true",
                        help="build the driver that linux-source has, to compare with")
    parser.add_argument("make", nargs="*", metavar="VAR=VALUE",
                        help="for make, as KCFLAGS=-DDEBUG")


def run(args):
    """Build and say where the modules are."""
    for file in build.modules(kernel.get(args.kernel), args.overlay, args.existing, args.make):
        print(file)
    return 0
