# SPDX-License-Identifier: GPL-2.0-only
"""
A Debian host in an emulated machine, with systemd and udev, where a terminal of QEMU's is the
device. Tries s390-tools, driverctl, mdevctl, libvirt and three versions of QEMU with it, and
starts the host again, after which the mediated device has to be there.
"""

from commands import demo
from demo import snapshot
from lablib import build, cache, kernel, userland
from lablib.job import Job
from lablib.progress import phase
from lablib.steps import FILES, Steps
from lablib.tally import Tally
from machines import qemu

HELP = "try the tools that people use with the driver"

LAB = build.CHECKOUT / "tools/lab"
ROOTS = ("qemu-backports", "qemu-sid")
STEPS = 38


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--verbose", action="store_true", help="show all that the machine says")


def run(args):
    """Boot, count."""
    tally = Tally("tools")
    kern = kernel.get("stock")
    devices = ["x-terminal3270,chardev=terminal,devno=fe.0.1234"]
    more = ["-chardev", "null,id=terminal"]
    for name in ROOTS:
        more += ["-fsdev", f"local,id={name},path={userland.get(name)},"
                 "security_model=none,readonly=on",
                 "-device", f"virtio-9p-ccw,fsdev={name},mount_tag={name}"]
    steps = Steps(tally, args.verbose)
    with cache.scratch() as scratch:
        options = scratch / "options"
        options.write_text(" ".join(snapshot.OPTIONS).replace(
            "s390-ccw-virtio", "s390-ccw-virtio-7.2"), encoding="ascii")
        state = snapshot.get(kern)
        snapshot.initramfs_of(kern, userland.get("demo"), scratch / "initrd")
        job = Job(command="bash /lab/tools/host.sh", kernel=kern, userland="virt",
                  modules=build.modules(kern), load=["vfio_iommu_type1"], output=steps.line,
                  files=[*FILES, (LAB / "tools/host.sh", "lab/tools/host.sh"),
                         (LAB / "demo/guest.sh", "lab/demo/guest.sh"), (state, "lab/demo/state"),
                         (options, "lab/demo/options"), (kern.image, "lab/demo/kernel"),
                         (scratch / "initrd", "lab/demo/initrd")],
                  env={"LAB_SYSTEMD": "1", "LAB_KEEP": "/etc/driverctl.d /etc/mdevctl.d",
                       "ROOTS": " ".join(ROOTS), "REBOOT": "QEMU 7.2"},
                  devices=devices, args=more, memory=4096, timeout=2400, reboots=True)
        with phase("a Debian host"):
            result = qemu.run(job)
    steps.end(result, STEPS)
    return tally.end()
