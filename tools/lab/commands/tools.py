# SPDX-License-Identifier: GPL-2.0-only
"""
A Debian host in an emulated machine, with systemd and udev, where a terminal of QEMU's with
s3270 as its screen is the device. Tries s390-tools, driverctl, mdevctl, libvirt and three
versions of QEMU with it, has the host lose a second device that the guest has, and starts the
host again, after which the mediated device has to be there.
"""

from commands import terminal
from demo import snapshot
from lablib import build, cache, kernel, userland
from lablib.job import Job
from lablib.progress import phase
from lablib.steps import FILES, NO_STALLS, Steps
from lablib.tally import Tally
from machines import qemu

HELP = "try the tools that people use with the driver"

LAB = build.CHECKOUT / "tools/lab"
ROOTS = ("qemu-backports", "qemu-sid")
# These can be unplugged. The host's driver leaves them alone, as it does not bear that.
OTHER = "virtio-rng-ccw,devno=fe.0.5679,id=other"
LEAVER = "virtio-rng-ccw,devno=fe.0.5678,id=leaver"
VERSIONS = {"7.2": "BOOKWORM", "10": "BACKPORTS", "11": "SID"}       # and what is typed
# How many steps there are: those of each version, those of 7.2 with libvirt, those of 11 after
# its guest was started again, and the rest.
STEPS, STEPS_OF_VERSION, STEPS_WITH = 14, 18, {"7.2": 3, "11": 2}


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--qemu", action="append", choices=VERSIONS, default=[],
                        help="only this version, can be repeated; libvirt is tried with 7.2")
    parser.add_argument("--verbose", action="store_true", help="show all that the machine says")


def run(args):
    """Boot, count."""
    terminal.need()
    versions = args.qemu or list(VERSIONS)
    words = [VERSIONS[version] for version in versions]
    asked = words + ["AGAIN"] * ("SID" in words)        # after the reboot
    tally = Tally("tools")
    kern = kernel.get("stock")
    port = terminal.free_port()
    device, more = terminal.device(port, "fe.0.1234")
    for name in ROOTS:
        more += ["-fsdev", f"local,id={name},path={userland.get(name)},"
                 "security_model=none,readonly=on",
                 "-device", f"virtio-9p-ccw,fsdev={name},mount_tag={name}"]
    steps = Steps(tally, args.verbose)
    with cache.scratch() as scratch:
        options = scratch / "options"
        options.write_text(" ".join(snapshot.OPTIONS), encoding="ascii")
        states = [snapshot.get(kern), *(snapshot.get(kern, f"{name}-here") for name in ROOTS)]
        snapshot.initramfs_of(kern, userland.get("demo"), scratch / "initrd")
        job = Job(command="bash /lab/tools/host.sh", kernel=kern, userland="virt",
                  modules=build.modules(kern), load=["vfio_iommu_type1"], output=steps.line,
                  files=[*FILES, (LAB / "tools/host.sh", "lab/tools/host.sh"),
                         (LAB / "demo/guest.sh", "lab/demo/guest.sh"),
                         *((s, f"lab/demo/state-{w}") for s, w in zip(states, VERSIONS.values())),
                         (options, "lab/demo/options"), (kern.image, "lab/demo/kernel"),
                         (scratch / "initrd", "lab/demo/initrd")],
                  env={"LAB_SYSTEMD": "1",
                       "LAB_KEEP": "/etc/driverctl.d /etc/mdevctl.d /etc/udev/rules.d",
                       "ROOTS": " ".join(ROOTS), "QEMUS": " ".join(versions),
                       "CMDLINE": snapshot.CMDLINE, "PLUG_OTHER": f"device_add {OTHER}",
                       "PLUG_LEAVER": f"device_add {LEAVER}"},
                  devices=[device, OTHER, LEAVER], args=more, memory=4096, timeout=3600,
                  reboots=True, cmdline=f"{NO_STALLS} {snapshot.LEFT_ALONE}")
        screen = terminal.Screen(port, [(f"PLEASE TYPE {word}", word) for word in asked],
                                 job.timeout)
        screen.start()
        with phase("a Debian host"):
            result = qemu.run(job)
    steps.end(result, STEPS + sum(STEPS_OF_VERSION + STEPS_WITH.get(version, 0)
                                  for version in versions))
    for word in asked:
        tally.check(f"the guest's question for {word} was on the screen",
                    screen.showed(f"PLEASE TYPE {word}"))
    return tally.end()
