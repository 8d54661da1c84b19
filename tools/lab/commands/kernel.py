# SPDX-License-Identifier: GPL-2.0-only
"""
Prints the kernel's release, its image, and the tree that modules are built against.

    lab kernel debug            the newest kernel of sid's linux-source, built with
                                KASAN, lockdep, kmemleak, fault injection, KUnit ...
"""

from lablib import kernel

HELP = "fetch or build a kernel and say where it is"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("kind", choices=kernel.names())
    parser.add_argument("--refresh", action="store_true",
                        help="look up anew which version there is")


def run(args):
    """Get it."""
    kern = kernel.get(args.kind, args.refresh)
    print(f"{kern.release}\n{kern.image}\n{kern.headers}")
    return 0
