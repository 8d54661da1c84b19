# SPDX-License-Identifier: GPL-2.0-only
"""The parts of the check, and how they are asked for."""

import os

# name, command. kunit makes the debug kernel, for which build then builds, too.
PARTS = [
    ("style", "make style"),
    ("docs", "make docs"),
    ("unit", "make unit"),
    ("coverage", "make unit-coverage"),
    ("model", "make model"),
    ("fuzz", "make fuzz"),
    ("kunit", "make kunit"),
    ("build", "make build"),
    ("lab-check", "make lab-check"),
    ("selftest-qemu", "make selftest MACHINE=qemu"),
    ("selftest-debug", "make selftest KERNEL=debug"),
    ("selftest-hercules", "make selftest MACHINE=hercules"),
    # one disk at two addresses; devices that leave and come back, sixteen at a time
    ("selftest-twins", "make selftest MACHINE=hercules ARGS=--test=migrate"),
    ("selftest-leavers", "make selftest ARGS='--test=storm --case=unplug_under_load_and_replug"
                         " --variant=type1 --busid=0.0.0000 --rounds=80 --timeout=3600'"),
    # the options for a part of the tests
    ("random", "make selftest ARGS='--test=random --case=one_user --variant=type1"
               " --busid=0.0.0002 --timeout=600 --env=VFIO_CCW_SEED=7"
               " --env=VFIO_CCW_OPERATIONS=10000'"),
    ("terminal", "make terminal"),
    ("terminal-hercules", "make terminal MACHINE=hercules"),
    ("bench", "make bench ARGS=--short"),
    ("bench-all", "make bench"),
    ("bench-hercules", "make bench MACHINE=hercules"),
    ("docs-machine", "make docs ARGS=--machine"),
    ("deb", "make deb ARGS=--no-machine"),
    ("deb-machine", "make deb"),
    ("tools", "make tools"),
    ("tools-iommufd", "make tools ARGS=--iommufd"),
    ("kernel-check", "make kernel-check"),
    ("run", "make run"),
    ("run-qemu", "make run MACHINE=qemu"),
    ("run-more", "make run ARGS=--more"),
    ("balloon", "make run ARGS=--balloon"),
    ("run-ipl", "make run ARGS=--ipl"),
]

# Too long for each change: run by name, or with --all.
BY_NAME = ("deb-machine", "tools", "tools-iommufd", "selftest-debug", "selftest-hercules",
           "selftest-twins", "selftest-leavers", "terminal-hercules", "bench-all", "bench-hercules",
           "run-qemu", "run-more", "balloon", "run-ipl")


def arguments(parser):
    """The arguments of tools/lab/check."""
    parser.add_argument("--list", action="store_true", help="name the parts")
    parser.add_argument("--all", action="store_true",
                        help=f"also {', '.join(BY_NAME)}, else run only if named")
    parser.add_argument("--verbose", action="store_true", default=bool(os.environ.get("CI")),
                        help="show all that the parts say (so it is in CI)")
    parser.add_argument("--changed", nargs="?", const="main", metavar="BASE",
                        help="what the changes since BASE (main) need, committed or not")
    parser.add_argument("part", nargs="*", help="only these parts")
    return parser
