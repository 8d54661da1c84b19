# SPDX-License-Identifier: GPL-2.0-only
"""
The job is run by bash as root in /, after "modprobe" of what --load names. What it
leaves in /out is brought back. Its exit status is the lab's, unless the kernel had
something to complain about (1), the time was up (124) or the machine failed (125).

    lab run qemu -- uname -a
    lab run qemu --device virtio-rng-ccw,devno=fe.0.1234 --file test:/bin/test -- test -v
"""

import importlib
import pkgutil
from pathlib import Path

import machines
from lablib import build, kernel
from lablib.job import Job
from lablib.progress import LabError

HELP = "run a job in an emulated machine"


def arguments(parser):
    """Arguments of the subcommand."""
    names = [info.name for info in pkgutil.iter_modules(machines.__path__)]
    parser.add_argument("machine", choices=names)
    parser.add_argument("--kernel", default="stock", metavar="KIND")
    parser.add_argument("--userland", default="minimal", metavar="NAME")
    parser.add_argument("--file", action="append", default=[], metavar="SRC[:DEST]",
                        help="bring a file or a folder in (to /DEST, or by its name to /lab)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where /out is brought to")
    parser.add_argument("--load", action="append", default=[], metavar="'MODULE ARGS'",
                        help="modprobe this first")
    parser.add_argument("--modules", choices=["ours", "existing", "none"], default="ours",
                        help="which vfio_ccw is there to be loaded")
    parser.add_argument("--device", action="append", default=[], metavar="SPEC",
                        help="a device more, in the machine's own words")
    parser.add_argument("--arg", action="append", default=[], metavar="ARG",
                        help="an argument more for the emulator")
    parser.add_argument("--cmdline", default="", help="more for the kernel's command line")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--udev", action="store_true", help="start udev (a userland with it)")
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS")
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB")
    parser.add_argument("--cpus", type=int, help="(2; 1 with --icount)")
    parser.add_argument("--icount", action="store_true",
                        help="the guest's clock counts instructions")
    parser.add_argument("--verbose", action="store_true", help="show the boot, too")
    parser.add_argument("job", nargs="+", metavar="COMMAND")


def _file(spec):
    source, _, dest = spec.partition(":")
    return source, dest or "/lab/" + Path(source).name


def run(args):
    """Build what is needed, run it, report."""
    kern = kernel.get(args.kernel)
    modules = []
    if args.modules != "none":
        modules = build.modules(kern, existing=args.modules == "existing")
    env = dict(e.split("=", 1) for e in args.env if "=" in e)
    if len(env) != len(args.env):
        raise LabError("--env wants NAME=VALUE")
    if args.udev:
        env["LAB_UDEV"] = "1"
    result = importlib.import_module("machines." + args.machine).run(Job(
        command=" ".join(args.job), kernel=kern, userland=args.userland, modules=modules,
        load=args.load, files=[_file(f) for f in args.file], env=env, out=args.out,
        timeout=args.timeout, cmdline=args.cmdline, devices=args.device, args=args.arg,
        memory=args.memory, cpus=args.cpus or (1 if args.icount else 2),
        icount=args.icount, verbose=args.verbose))
    result.report()
    return result.exit_status()
