# SPDX-License-Identifier: GPL-2.0-only
"""
Removes builds, logs and what killed runs left; fetched packages, kernels and userlands
stay, unless --all is given. A lab that is at work is waited for or left alone.
"""

from lablib import cache
from lablib.progress import say

HELP = "remove builds and logs from the cache"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--all", action="store_true", help="everything but the locks")


def run(args):
    """Remove it, tree by tree, each under its lock."""
    with cache.scratch():
        pass                            # takes away what has no living owner
    for tree in sorted(cache.path("build", "x").parent.glob("*/*")):
        with cache.lock(f"build/{tree.parent.name}/{tree.name}"):
            cache.remove(tree)
    for name in ["logs"] if not args.all else sorted(p.name for p in cache.root().iterdir()):
        if name not in ("locks", "tmp"):
            cache.remove(cache.root() / name)
    say(f"cleaned {cache.root()}")
    return 0
