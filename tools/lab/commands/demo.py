# SPDX-License-Identifier: GPL-2.0-only
"""
On hercules: an emulated ECKD disk, given to a Linux guest by our driver and taken back. On
qemu: the same up to a program that starts channel programs on a virtio subchannel.
"""

import importlib
import time
from pathlib import Path

from demo import ipl, snapshot
from lablib import build, cache, kernel, kselftest, userland
from lablib.job import Job
from lablib.progress import phase, say
from machines import hercules

HELP = "show the driver at work, as a person would use it"
HERE = Path(__file__).resolve().parents[1] / "demo"
VOLUME = "0X2B09"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("machine", choices=["hercules", "qemu"])
    parser.add_argument("--existing", action="store_true",
                        help="with the driver that linux-source has, to compare")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--more", action="store_true",
                     help="(hercules) a fixed-block disk and tapes for the guest instead")
    how.add_argument("--balloon", action="store_true",
                     help="(hercules) meanwhile take memory from the guest and give it back")
    how.add_argument("--ipl", action="store_true",
                     help="(hercules) load the guest itself from the disk")
    parser.add_argument("--timeout", type=float, metavar="SECONDS",
                        help="1800 if not given, with --ipl 3600")
    parser.add_argument("--verbose", action="store_true", help="show the boot, too")
    parser.add_argument("--arg", action="append", default=[], metavar="ARG",
                        help="an argument more for the emulator, as t+2b09")


def _volume(tmp):
    """A new volume, as dasdfmt leaves one."""
    with phase(f"making the volume {VOLUME}"):
        hercules.new_volume(tmp, VOLUME)


def _script(name):
    return (HERE / name, "lab/demo/" + name)


def _hercules(job, scratch, args):
    """A guest in QEMU on Hercules, with a disk."""
    root = userland.get("demo")
    blank = cache.produce(cache.path("volumes", f"3390-1-{VOLUME}"), _volume)
    volume = scratch / "volume"
    volume.write_bytes(blank.read_bytes())
    options = scratch / "options"
    options.write_text(" ".join(snapshot.OPTIONS), encoding="ascii")
    program = "usr/bin/" + snapshot.QEMU
    brought = [program, *snapshot.needs(root, [program]), "usr/share/qemu/s390-ccw.img"]
    job.files += [_script("guest.sh"), (options, "lab/demo/options"),
                  *[(root / name, name) for name in brought]]
    job.files += (ipl.files(job.kernel, root, scratch) if args.ipl else
                  [(snapshot.get(job.kernel), "lab/demo/state")])
    # For ext4, which does not name it as a module that it needs.
    job.modules.append(snapshot.module(job.kernel, "crc32c_generic"))
    job.load += ["dasd_eckd_mod", "ext4"]
    job.memory = 1536
    use = "more.sh" if args.more else "ipl.sh" if args.ipl else "dasd.sh"
    job.files.append(_script(use))
    job.env = {"USE": use, "DEVICE": "0.0.2b09", "MODELS": "3390/.*3990/",
               "BALLOON": "yes" if args.balloon else ""}
    job.devices = [f"2b09 3390 {volume}"]
    if args.more:
        job.devices = ["0337 3370 {new}", "0580 3480 {new}", "0590 3590 {new}"]
        job.env |= {"DEVICE": "0.0.0337", "MODELS": "3370/.*3880/"}
    if args.balloon:
        job.files.append(_script("balloon.sh"))
    if args.ipl:
        return "the guest was loaded from the disk, by the driver, and the host has that back"
    return "the guest's files are on the disk, and the host reads the same"


def _qemu(job, _scratch, _args):
    """A test program on QEMU, with a network device that nobody uses."""
    job.files += [_script("client.sh"), *kselftest.files()]
    job.args += ["-netdev", "user,id=net0,restrict=on"]
    job.devices = ["virtio-net-ccw,netdev=net0,devno=fe.0.1000"]
    job.env = {"USE": "client.sh", "DEVICE": "0.0.1000", "MODELS": "3832/"}
    return "channel programs ran on the device, and the host has it back"


def run(args):
    """Build, boot, show."""
    start = time.monotonic()
    kern = kernel.get("stock")
    modules = build.modules(kern, existing=args.existing)
    job = Job(command="bash /lab/demo/host.sh", kernel=kern, userland="tools",
              modules=list(modules), files=[_script("host.sh")],
              timeout=args.timeout or (3600 if args.ipl else 1800),
              args=list(args.arg), verbose=args.verbose)
    with cache.scratch() as scratch:
        meaning = {"hercules": _hercules, "qemu": _qemu}[args.machine](job, scratch, args)
        say(f"booting the host on {args.machine}; that takes a minute ...")
        result = importlib.import_module("machines." + args.machine).run(job)
    result.report()
    took = int(time.monotonic() - start)
    if result.exit_status() == 0:
        print(f"\nIt worked: {meaning} ({took // 60} min {took % 60} s).")
    return result.exit_status()
