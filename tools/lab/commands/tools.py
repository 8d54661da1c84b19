# SPDX-License-Identifier: GPL-2.0-only
"""
A Debian host in an emulated machine, with systemd and udev, where a terminal of QEMU's with
s3270 as its screen is the device. Tries s390-tools, driverctl, mdevctl, libvirt and three
versions of QEMU with it, has the host lose a second device that the guest has, and starts the
host again, after which the mediated device has to be there.

With --iommufd, instead, a host with the debug kernel, since Debian's has no iommufd, where QEMU
gets at the device by that.
"""

from commands import terminal
from demo import snapshot
from lablib import build, cache, kernel, kselftest, userland
from lablib.job import Job
from lablib.progress import LabError, phase
from lablib.steps import FILES, NO_STALLS, Steps
from lablib.tally import Tally
from machines import qemu

HELP = "try the tools that people use with the driver"

LAB = build.CHECKOUT / "tools/lab"
# These can be unplugged. The host's driver leaves them alone, as it does not bear that.
OTHER = "virtio-rng-ccw,devno=fe.0.5679,id=other"
LEAVER = "virtio-rng-ccw,devno=fe.0.5678,id=leaver"
# Whose QEMU it is. The first is the host's own, as it is this machine's.
SUITES = ("bookworm", "backports", "sid")
# How many steps there are: those of each QEMU, those of bookworm's libvirt, and the rest.
STEPS, STEPS_OF_QEMU, STEPS_OF_LIBVIRT = 14, 21, 3
IOMMUFD_STEPS, IOMMUFD_STEPS_OF_QEMU = 3, 10


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--qemu", action="append", choices=SUITES, default=[],
                        help="only this release's, can be repeated; libvirt is bookworm's")
    parser.add_argument("--iommufd", action="store_true",
                        help="only QEMU with iommufd, on the debug kernel")
    parser.add_argument("--verbose", action="store_true", help="show all that the machine says")


def _debian(suites):
    """The job of a Debian host, what is typed there, how many steps it has."""
    job = Job(command="bash /lab/tools/host.sh", kernel=kernel.get("stock"), userland="virt",
              load=["vfio_iommu_type1"],
              env={"LAB_SYSTEMD": "1",
                   "LAB_KEEP": "/etc/driverctl.d /etc/mdevctl.d /etc/udev/rules.d",
                   "SUITES": " ".join(suites),
                   "PLUG_OTHER": f"device_add {OTHER}", "PLUG_LEAVER": f"device_add {LEAVER}"},
              devices=[OTHER, LEAVER], reboots=True, timeout=7200,
              cmdline=f"{NO_STALLS} {snapshot.LEFT_ALONE}")
    return (job, [suite.upper() + more for suite in suites for more in ("", "-AGAIN")],
            STEPS + STEPS_OF_QEMU * len(suites) + STEPS_OF_LIBVIRT * (SUITES[0] in suites))


def _iommufd(suites):
    """The same of a host with iommufd, which bookworm's QEMU does not know."""
    suites = [suite for suite in suites if suite != SUITES[0]]
    if not suites:
        raise LabError(f"{SUITES[0]}'s QEMU knows no iommufd; name another one")
    job = Job(command="bash /lab/tools/iommufd.sh", kernel=kernel.get("debug"),
              files=[(userland.get("tools") / "usr/bin/setarch", "usr/bin/setarch"),
                     (kselftest.TESTS / "setup.sh", "lab/setup.sh")],
              load=["iommufd"], env={"SUITES": " ".join(suites)}, timeout=7200, cmdline=NO_STALLS)
    return (job, [suite.upper() for suite in suites],
            IOMMUFD_STEPS + IOMMUFD_STEPS_OF_QEMU * len(suites))


def _add_qemus(job, port, scratch):
    """What both have: the terminal, the versions of QEMU, a guest that each of them has saved."""
    device, more = terminal.device(port, "fe.0.1234")
    job.devices.insert(0, device)
    guest = kernel.get("stock")         # whatever the host's is
    for suite in job.env["SUITES"].split():
        root = suite != SUITES[0] and f"qemu-{suite}"
        if root:
            more += ["-fsdev", f"local,id={suite},path={userland.get(root)},"
                     "security_model=none,readonly=on",
                     "-device", f"virtio-9p-ccw,fsdev={suite},mount_tag={suite}"]
        job.files.append((snapshot.get(guest, root and f"{root}-here"), f"lab/demo/state-{suite}"))
    job.args += more
    job.env["CMDLINE"] = snapshot.CMDLINE
    options = scratch / "options"
    options.write_text(" ".join(snapshot.OPTIONS), encoding="ascii")
    snapshot.initramfs_of(guest, userland.get("demo"), scratch / "initrd")
    job.files += [*FILES, *((f, f"lab/tools/{f.name}") for f in (LAB / "tools").iterdir()),
                  (LAB / "demo/guest.sh", "lab/demo/guest.sh"),
                  (options, "lab/demo/options"), (guest.image, "lab/demo/kernel"),
                  (scratch / "initrd", "lab/demo/initrd")]


def run(args):
    """Boot, count."""
    terminal.need()
    job, words, least = (_iommufd if args.iommufd else _debian)(args.qemu or SUITES)
    job.modules, job.memory = build.modules(job.kernel), 4096
    tally = Tally("tools")
    steps = Steps(tally, args.verbose)
    job.output = steps.line
    port = terminal.free_port()
    with cache.scratch() as scratch:
        _add_qemus(job, port, scratch)
        screen = terminal.Screen(port, [(f"PLEASE TYPE {word}", word) for word in words],
                                 job.timeout)
        screen.start()
        with phase(f"a host with {job.kernel.release}"):
            result = qemu.run(job)
    steps.end(result, least)
    for word in words:
        tally.check(f"the guest's question for {word} was on the screen",
                    screen.showed(f"PLEASE TYPE {word}"))
    return tally.end()
