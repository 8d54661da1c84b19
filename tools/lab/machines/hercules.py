# SPDX-License-Identifier: GPL-2.0-only
"""
Hercules, with ECKD, FBA, tape and unit record devices, and 3270 terminals.

A device is a line of Hercules' configuration ("2b09 3390 /path/vol.cckd"), where {new}
stands for a file of this run: a new volume, a blank tape, a printer's paper; {ipl} for a
volume from which a system can be loaded, and {port} for a TCP port that nobody has: what is
said with it serves a volume at a second address, or a 3270's screen. An argument is
a command for Hercules' prompt before the IPL ("t+2b09"). The console is the emulator's log,
which loses lines when they come fast, so the job's output and /out leave on a disk: a
fixed-block disk of Hercules is a plain file, read here while the job runs.
"""

import dataclasses
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import tarfile
import time

from lablib import cache, cpio, initramfs
from lablib.job import END_MARK, Console, Job, Result
from lablib.progress import LabError, run as run_program, tied
from lablib.steps import NO_STALLS
from machines import free_port

PROGRAM = "hercules"
SHARE = "0f00"                  # device number of that disk
SHARE_BYTES = 558000 * 512      # a 3370
OUT_AT = 64 << 20               # the output ends before, /out begins here
DONE_AT = OUT_AT - 512          # says that all is there
INITRD_AT = 0x04000000

# Runs the job with the disk as its standard output; the kernel is told to write back at once.
JOB = f"""\
at=/sys/bus/ccw/devices/0.0.{SHARE}
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
modprobe dasd_fba_mod && echo 1 >$at/online || exit 125
for i in $(seq 100); do
	disk=/dev/$(ls $at/block 2>/dev/null) && [ -b $disk ] && break
	sleep 0.1
done
echo 20 >/proc/sys/vm/dirty_writeback_centisecs
echo 20 >/proc/sys/vm/dirty_expire_centisecs
exec > >(exec cat >$disk) 2>&1
echo $! >/run/lab.cat
echo $disk >/run/lab.disk
bash /lab/command </dev/null
"""

FINISH = f"""\
#!/bin/busybox sh
disk=$(cat /run/lab.disk) || exit
n=0
while [ -e /proc/$(cat /run/lab.cat) ] && [ $((n += 1)) -lt 50 ]; do sleep 0.1; done
mkdir /run/lab
dmesg >/run/lab/dmesg
echo "$1" >/run/lab/status
cd / && tar -cf - out run/lab | dd of=$disk bs=64k seek={OUT_AT >> 16} 2>/dev/null
sync
echo done | dd of=$disk bs=512 seek={DONE_AT >> 9} 2>/dev/null
sync
"""

# Devices for the selftests. Those that an expensive one is like are only compared.
SELFTEST = {
    "args": [],
    "devices": ["CNSLPORT 127.0.0.1:{port}",
                "2b09 3390 {new}", "0337 3370 {new}", "0580 3480 {new}", "000e 1403 {new}",
                "000c 3505 {new} ebcdic", "000d 3525 {new}",
                "0590 3590 {new}", "2b0a 3390 {ipl}", "0700 3270"],
    "busids": ["0.0.0000", "0.0.0001", "0.0.0002", "0.0.0003"],
    # the terminal without a screen; with one, "lab terminal" does it
    "compare": ["0.0.0004", "0.0.0005", "0.0.0006", "0.0.0008"],
    # what a test has instead: one volume at two addresses
    "own": {"migrate": {
        "devices": ["SHRDPORT {port}", "2b09 3390 {new}", "2b0a 3390 localhost:{port}:2b09"],
        "busids": ["0.0.0000", "0.0.0001"],
        "env": {"VFIO_CCW_TWINS": "0.0.0000 0.0.0001"},
    }},
    "ipl": "0.0.0007",
    # it loses a start that is halted while it is pending, see Documentation/project/devices.rst
    "env": {"VFIO_CCW_NO_HALTS": "1"},
}

CARD = bytes(range(0xc1, 0xc1 + 50)) + b"\x40" * 30      # EBCDIC
CARDS = 1000

OWN = re.compile(r"^(?:\d\d:\d\d:\d\d )?")
KERNEL = re.compile(r"^\[ *\d+\.\d+\]")
# What the kernel does first of all. Later, an error is what a device has to say to a channel
# program.
RUNNING = re.compile(r"^HHCCP007I .* set to z/Arch")
# It serves its own volumes only when all devices are there, and tries again then.
FAILED_EARLY = re.compile(r"^(?!HHCSH032E)HHC\w{2}\d{3}[ES] ")
# The next line has the PSW. A failure of Hercules itself is a machine check for its guest, which
# Linux meets again and again.
FAILED = re.compile(r"^HHCCP011I .*Disabled wait|^HHCCP017I .*due to host error")


def run(job: Job) -> Result:
    """Boot, run the job, power off."""
    if job.icount:
        raise LabError("hercules has no clock that counts instructions; use qemu")
    with cache.scratch() as scratch:
        _configure(job, scratch)
        console = Console(job, "hercules")
        log = console.log.with_suffix(".machine")
        try:
            with Machine(scratch, log) as machine:
                machine.follow(console, time.monotonic() + job.timeout)
        finally:
            console.close()
        return _result(job, console, scratch)


def new_volume(place, label="LAB001"):
    """A 3390-1 as dasdfmt leaves one."""
    run_program(["dasdinit", "-z", "-linux", place, "3390-1", label])


def ipl_volume(place, scratch):
    """A 3390-1 with the IPL records that dasdload makes, for a program that waits for ever."""
    program = bytes.fromhex("000a000080c0ffee") + bytes(i * 7 & 0xff for i in range(3000))
    deck = b""
    for at in range(0, len(program), 56):
        part = program[at:at + 56]
        deck += b"\x02" + "TXT ".encode("cp037") + at.to_bytes(3, "big") + b"\x40" * 2
        deck += len(part).to_bytes(2, "big") + b"\x40\x40\x00\x01" + part.ljust(56, b"\x40")
        deck += b"\x40" * 8
    deck += b"\x02" + "END".encode("cp037").ljust(79, b"\x40")
    (scratch / "ipl.deck").write_bytes(deck)
    (scratch / "ipl.control").write_text(f"LAB002 3390-1 1113 {scratch}/ipl.deck\n",
                                         encoding="ascii")
    run_program(["dasdload", "-z", scratch / "ipl.control", place])


def _with_files(devices, scratch):
    """The devices' lines, the files that they want made."""
    port = str(free_port())
    lines = []
    for line in devices:
        number, kind = line.split()[:2]
        file = scratch / ("dev-" + number)
        if "{ipl}" in line:
            ipl_volume(file, scratch)
        if "{new}" in line:
            if kind == "3390":
                new_volume(file)
            else:
                with open(file, "wb") as new:
                    new.truncate(SHARE_BYTES if kind == "3370" else 0)
                    if kind == "3505":
                        new.write(CARD * CARDS)
        line = line.replace("{new}", str(file)).replace("{ipl}", str(file))
        line = line.replace("{port}", port)
        # On track 0 Hercules forgets that it executes a program within START SUBCHANNEL, and
        # waits there when the program is suspended: the CPU is dead, and it says so.
        if kind == "3390" and not re.search(r" syncio$|localhost:", line):
            line += " nosyncio"
        lines.append(line)
    return lines


def _configure(job, scratch):
    """Write what Hercules reads; it wants the files of an IPL beside the list of them."""
    initrd = scratch / "initrd"
    own = dataclasses.replace(job, command=JOB)
    initramfs.compose(initrd, own, scratch)
    with open(initrd, "ab") as file:
        out = cpio.Writer(file)
        out.add_text("lab/command", job.command + "\n")
        out.add_text("lab/finish", FINISH, 0o755)
        out.finish()
    shutil.copyfile(job.kernel.image, scratch / "kernel")
    (scratch / "start").write_bytes(struct.pack(">Q", INITRD_AT))
    (scratch / "size").write_bytes(struct.pack(">Q", initrd.stat().st_size))
    (scratch / "line").write_bytes(
        f"conmode=sclp console=ttyS0 rdinit=/init cio_ignore=none loglevel=4 LAB_SHARE=none "
        f"{NO_STALLS} {job.cmdline}".strip().encode() + b"\0")
    (scratch / "linux.ins").write_text(
        f"kernel 0x00000000\ninitrd 0x{INITRD_AT:08x}\nstart 0x00010408\n"
        "size 0x00010410\nline 0x00010480\n", encoding="ascii")
    with open(scratch / "share", "wb") as share:
        share.truncate(SHARE_BYTES)
    # It executes a tape's program within START SUBCHANNEL, too, as long as that moves no data of
    # the tape. One of 65536 CCWs takes so long on a busy machine that it takes the CPU for dead.
    # By its source it does not with any delay of I/O.
    delay = ["IODELAY 1"] if any(d.split()[1] in ("3480", "3590") for d in job.devices) else []
    (scratch / "hercules.cnf").write_text("\n".join([
        "CPUSERIAL 000001", "CPUMODEL 2097", "ARCHMODE ESAME", "OSTAILOR LINUX",
        "PANRATE SLOW", "CODEPAGE 819/500", f"MAINSIZE {job.memory}",
        # It would run its CPUs with a niceness of 15, and anything else on the machine before.
        "CPUPRIO 0",
        # Microseconds; the 50 that it takes otherwise are a quarter of all it uses.
        "TIMERINT 1000", *delay,
        # A busy guest starves the emulator's own threads with one.
        f"NUMCPU {max(job.cpus, 2)}", *_with_files(job.devices, scratch),
        f"{SHARE} 3370 {scratch}/share", ""]),
        encoding="utf-8")
    (scratch / "hercules.rc").write_text(
        "\n".join([*job.args, f"ipl {scratch}/linux.ins", ""]), encoding="utf-8")


class Machine:
    """A running Hercules."""

    def __init__(self, scratch, log):
        self.scratch = scratch
        self.log = log
        self.seen = 0
        self.told = 0
        self.rest = b""
        self.line = b""
        self.running = False
        self.waits = False

    def __enter__(self):
        # It wants a terminal for its commands, and writes its log where stdout goes.
        self.terminal, theirs = pty.openpty()
        env = dict(os.environ, TERM="xterm", HERCULES_RC=str(self.scratch / "hercules.rc"))
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(      # pylint: disable=consider-using-with
                tied([PROGRAM, "-f", self.scratch / "hercules.cnf"], "KILL"),
                stdin=theirs, stdout=log, stderr=theirs, cwd=self.scratch, env=env,
                start_new_session=True)
        os.close(theirs)
        return self

    def __exit__(self, kind, value, trace):
        if kind is None and self.child.poll() is None:
            try:                        # closes the volumes
                os.write(self.terminal, b"quit\r")
                self._wait(10)
            except OSError:
                pass
        self.child.kill()
        self.child.wait()
        os.close(self.terminal)

    def _drain(self, seconds):
        """Take what it paints on its terminal."""
        try:
            if select.select([self.terminal], [], [], seconds)[0]:
                os.read(self.terminal, 65536)
        except OSError:
            time.sleep(min(seconds, 0.1))

    def _wait(self, seconds):
        until = time.monotonic() + seconds
        while self.child.poll() is None and time.monotonic() < until:
            self._drain(0.2)

    def follow(self, console, until):
        """Hand on what comes, until all is there, or nothing more will be."""
        with open(self.scratch / "share", "rb") as share, open(self.log, "rb") as log:
            while True:
                self._drain(0.3)
                self._output(share, console)
                if os.pread(share.fileno(), 4, DONE_AT) == b"done":
                    self._output(share, console)
                    return
                stopped = self.messages(log, console)
                if stopped or self.child.poll() is not None:
                    return
                if time.monotonic() > until:
                    console.status = 124
                    return

    def _output(self, share, console):
        """The job's output: what is on the disk before the first zero."""
        while True:
            data = os.pread(share.fileno(), 65536, self.seen)
            data = data.split(b"\0", 1)[0]
            if not data:
                return
            self.seen += len(data)
            console.started = True
            *lines, self.line = (self.line + data).split(b"\n")
            for line in lines:
                console.feed(line + b"\n")

    def messages(self, log, console):
        """The kernel's lines in the log; true if Hercules says that it cannot go on."""
        data = os.pread(log.fileno(), 65536, self.told)
        self.told += len(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            text = OWN.sub("", line.decode("latin-1").rstrip("\r"))
            self.running |= bool(RUNNING.match(text))
            stopped = self.waits or bool(FAILED_EARLY.match(text) and not self.running)
            self.waits |= bool(FAILED.match(text))
            if stopped or self.waits or KERNEL.match(text) or END_MARK.search(text):
                console.feed(text.encode() + b"\n")
            if stopped:
                return True
        return False


def _result(job, console, scratch):
    """Take the disk apart."""
    status = 124 if console.status == 124 else 125
    with open(scratch / "share", "rb") as share:
        share.seek(DONE_AT)
        if share.read(4) == b"done":
            share.seek(OUT_AT)
            with tarfile.open(fileobj=share, mode="r|") as tar:
                tar.extractall(scratch / "got")
            status = int((scratch / "got/run/lab/status").read_text(encoding="ascii"))
            console.kernel_log((scratch / "got/run/lab/dmesg").read_text(errors="replace"))
            if job.out:
                shutil.copytree(scratch / "got/out", job.out, dirs_exist_ok=True, symlinks=True)
    return Result(status, console.trouble, console.log)
