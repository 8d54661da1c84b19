# SPDX-License-Identifier: GPL-2.0-only
"""
A Linux guest that has been booted on this machine and saved at its prompt.

The emulated mainframe is slow, and an emulator on it slower by far: a guest that is to
boot there is not ready before a quarter of an hour. QEMU's saved state does not say on what
it was made, so it is made here and resumed there by the same version of QEMU.
"""

import json
import os
import re
import select
import socket
import subprocess
import time
from pathlib import Path

from lablib import cache, cpio, initramfs, userland
from lablib.progress import LabError, phase, run, tied

HERE = Path(__file__).resolve().parent
QEMU = "qemu-system-s390x"

# The clock has to count instructions: otherwise the slow guest gets timer interrupts faster
# than it can handle them.
OPTIONS = ("-M s390-ccw-virtio -cpu qemu -icount shift=5,sleep=off -m 192 -nographic "
           "-nodefaults -device sclpconsole,chardev=console").split()

# A device of virtio's, passed through, would be told addresses that no channel program has, and
# take them for the host's: the guest's driver has to leave it alone.
LEFT_ALONE = "virtio_ccw.no_auto=0.0.5678-0.0.5679"
CMDLINE = f"console=ttyS0 rdinit=/init cio_ignore=none quiet {LEFT_ALONE}"

APPLETS = """awk basename cat cmp cut dd dmesg echo grep head insmod ls md5sum mkdir mount mt
             poweroff reboot rm setsid sh sha256sum sleep sync tail umount""".split()
PROGRAMS = "bin/bash sbin/lscss sbin/chccwdev sbin/fdasd sbin/mke2fs".split()
# crc32c_generic is asked for by name
MODULES = """crc32c_generic ext4 dasd_eckd_mod dasd_fba_mod tape_34xx tape_3590
             virtio_balloon""".split()
PROMPT = b"guest:0# "


def needs(root, programs):
    """The libraries that programs of a root need: [their paths, relative to it]."""
    folders = [root / d for d in ("lib/s390x-linux-gnu", "usr/lib/s390x-linux-gnu", "lib",
                                  "usr/lib")]
    found = {"ld64.so.1": Path("lib/ld64.so.1")}
    todo = [root / p for p in programs]
    while todo:
        text = run(["s390x-linux-gnu-readelf", "-d", todo.pop()])
        for name in re.findall(r"\(NEEDED\).*\[(.*)\]", text):
            if name in found:
                continue
            file = next((d / name for d in folders if (d / name).exists()), None)
            if not file:
                raise LabError(f"{root} has no {name}; remove that folder and try again")
            found[name] = file.relative_to(root)
            todo.append(file)
    return list(found.values())


def module(kern, name):
    """The file of a module."""
    return next(kern.modules.rglob(name + ".ko*"))


def in_order(kern, names):
    """These modules and those they need, each after what it needs."""
    order = []
    for name in names:
        needed = in_order(kern, initramfs.needs(module(kern, name)))
        order += [n for n in needed + [name] if n not in order]
    return order


def begin_root(file, busybox, places, init, applets):
    """A cpio.Writer that has what each guest's root begins with."""
    out = cpio.Writer(file)
    for place in places:
        out.add_dir(place)
    out.add_node("dev/console", "c", 5, 1)
    out.add_file("init", HERE / init, 0o755)
    out.add_file("bin/busybox", busybox)
    for name in applets:
        out.add_link("bin/" + name, "busybox")
    return out


def initramfs_of(kern, root, dest):
    """The guest's root: a handful of programs."""
    with open(dest, "wb") as file:
        out = begin_root(file, root / "bin/busybox", ("proc", "sys", "dev", "mnt", "root", "tmp"),
                         "guest-init", APPLETS)
        scripts = [p for p in PROGRAMS if (root / p).read_bytes()[:2] == b"#!"]
        for name in PROGRAMS:
            out.add_file(name, root / name)
        for name in needs(root, [p for p in PROGRAMS if p not in scripts]):
            out.add_file(name, (root / name).resolve())
        names = in_order(kern, MODULES)
        for name in names:
            out.add_text(f"lib/{name}.ko", initramfs.content(module(kern, name)))
        out.add_text("lib/order", "".join(f"{n}.ko\n" for n in names))
        out.finish()


def check_version(root):
    """Both QEMUs have to be the same."""
    here = run([QEMU, "--version"])
    there = (root / "usr/bin" / QEMU).read_bytes()
    version = re.search(r"\((Debian [^)]*)\)", here)
    text = version[1] if version else here.split()[3]
    plain = re.sub(r"\+b\d+$", "", text)
    if plain.encode() not in there:
        raise LabError(f"this machine's QEMU ({text}) is not the guest's; "
                       "lab fetch --refresh demo, or use Debian 12's qemu-system-misc")
    return plain


def elsewhere(name):
    """The QEMU of a userland for this machine: its command line, its environment."""
    root = userland.get(name)
    arch = "x86_64-linux-gnu"
    loader = next(f for top in ("lib64", "usr/lib64", f"usr/lib/{arch}")
                  for f in (root / top).glob("ld-linux-x86-64.so.2"))
    cmd = [loader, "--library-path", f"{root}/lib/{arch}:{root}/usr/lib/{arch}",
           root / "usr/bin" / QEMU, "-L", root / "usr/share/qemu"]
    return cmd, dict(os.environ, QEMU_MODULE_DIR=str(root / "usr/lib" / arch / "qemu"))


def get(kern, name=None):
    """
    The file with the state, made by this machine's own QEMU, which has to be that of Debian 12,
    or by that of a userland.
    """
    root = userland.get("demo")
    version = userland.get(name).name if name else check_version(root)
    cmd, env = elsewhere(name) if name else ([QEMU], None)
    init = (HERE / "guest-init").read_bytes()
    key = cache.key(root.name, kern.release, version, init, OPTIONS, CMDLINE, MODULES, PROGRAMS,
                    APPLETS)

    def make(tmp):
        with phase("booting the guest and saving its state"), cache.scratch() as scratch:
            initramfs_of(kern, root, scratch / "initrd")
            _boot([*cmd, *OPTIONS], kern, scratch / "initrd", tmp, env=env)

    return cache.produce(cache.path("snapshots", f"guest-{kern.release}-{key}"), make)


def _boot(cmd, kern, initrd, dest, patience=300, env=None):
    """Boot to the prompt, stop, save."""
    ours, theirs = socket.socketpair()
    cmd = [*cmd,
           "-chardev", "stdio,id=console,signal=off",
           "-chardev", f"socket,id=qmp,fd={theirs.fileno()}", "-mon", "chardev=qmp,mode=control",
           "-kernel", kern.image, "-initrd", initrd,
           "-append", CMDLINE]
    with subprocess.Popen(tied(cmd, "KILL"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          pass_fds=[theirs.fileno()], start_new_session=True, env=env) as child:
        try:
            theirs.close()
            _await_prompt(child.stdout, time.monotonic() + patience)
            qmp = Qmp(ours)
            time.sleep(1)       # until it idles
            qmp.ask("stop")
            qmp.ask("migrate", uri=f"exec:cat >'{dest}'")
            while qmp.ask("query-migrate")["status"] not in ("completed", "failed"):
                time.sleep(0.1)
            if qmp.ask("query-migrate")["status"] != "completed" or not os.path.getsize(dest):
                raise LabError("QEMU could not save the guest; is the disk full?")
        finally:
            child.kill()
            ours.close()


def _await_prompt(console, until):
    said = b""
    while not said.endswith(PROMPT):
        data = b""
        if select.select([console], [], [], max(0, until - time.monotonic()))[0]:
            data = os.read(console.fileno(), 4096)
        if not data:
            raise LabError("the guest did not come to its prompt",
                           said.decode(errors="replace")[-2000:])
        said += data


class Qmp:
    """QEMU's monitor for programs."""

    def __init__(self, sock):
        self.file = sock.makefile("rw", encoding="utf-8")
        self.file.readline()            # the greeting
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        """Its answer."""
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        for line in self.file:
            answer = json.loads(line)
            if "error" in answer:
                raise LabError(f"QEMU: {command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise LabError(f"QEMU ended at {command}")
