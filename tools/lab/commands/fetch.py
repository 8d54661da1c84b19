# SPDX-License-Identifier: GPL-2.0-only
"""Without a name: Debian's kernels and every userland."""

from lablib import kernel, userland
from lablib.progress import say

HELP = "fill the cache with what is needed"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("what", nargs="*", metavar="NAME", help="a kernel or a userland")
    parser.add_argument("--refresh", action="store_true",
                        help="look up anew which versions there are")


def run(args):
    """Fetch what is named."""
    fetched = [name for name in kernel.names() if name != "debug"]      # which is built
    for name in args.what or fetched + userland.names():
        if name in kernel.names():
            say(f"kernel {name}: {kernel.get(name, args.refresh).release}")
        else:
            say(f"userland {name}: {userland.get(name, args.refresh)}")
    return 0
