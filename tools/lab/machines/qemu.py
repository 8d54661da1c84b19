# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's s390x machine with virtio-ccw devices, without acceleration."""

import json
import os
import select
import shutil
import socket
import subprocess
import threading
import time

from lablib import cache, initramfs
from lablib.job import Console, Job, Result
from lablib.progress import tied

PROGRAM = "qemu-system-s390x"

POWER_OFF = 120                 # seconds that a machine may take for it


class Monitor(threading.Thread):
    """Carries the guest's requests from its port to QEMU's monitor and the answers back."""

    def __init__(self, qmp, port):
        super().__init__(daemon=True)
        self.qmp = qmp.makefile("rw", encoding="utf-8")
        self.port = port

    def _ask(self, command):
        self.qmp.write(json.dumps(command) + "\n")
        self.qmp.flush()
        for line in self.qmp:
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return answer
        raise EOFError

    def run(self):
        try:
            self.qmp.readline()         # the greeting
            self._ask({"execute": "qmp_capabilities"})
            for line in self.port.makefile("r", encoding="utf-8", errors="replace"):
                answer = self._ask({"execute": "human-monitor-command",
                                    "arguments": {"command-line": line.strip()}})
                text = answer.get("return")
                if text is None:
                    text = "Error: " + answer["error"]["desc"] + "\n"
                data = text.replace("\r", "").encode()
                self.port.sendall(b"%d\n" % len(data) + data)
        except (OSError, EOFError, ValueError):
            pass                        # QEMU has ended


def _command(job, initrd, share, fds):
    """The command line. The job's own devices come first: theirs are the first subchannels."""
    qmp, port = fds
    cmd = [PROGRAM, "-M", "s390-ccw-virtio", "-cpu", "max", "-accel", "tcg",
           "-m", str(job.memory), "-smp", str(job.cpus),
           "-nodefaults", "-nographic",
           "-chardev", "stdio,id=console,signal=off", "-device", "sclpconsole,chardev=console",
           "-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control"]
    if not job.reboots:
        cmd += ["-no-reboot"]
    for device in job.devices:
        cmd += ["-device", device]
    cmd += job.args
    cmd += ["-device", "virtio-serial-ccw,id=labserial,devno=fe.0.ff00",
            "-chardev", f"socket,id=labport,fd={port}",
            "-device", "virtserialport,bus=labserial.0,chardev=labport,name=lab.monitor",
            "-fsdev", f"local,id=labshare,path={share},security_model=none",
            "-device", "virtio-9p-ccw,fsdev=labshare,mount_tag=lab,devno=fe.0.ff01"]
    if job.icount:
        cmd += ["-icount", "shift=0,sleep=off"]
    # Level 5 shows what the kernel warns of, and no more.
    cmd += ["-kernel", str(job.kernel.image), "-initrd", str(initrd), "-append",
            f"console=ttyS0 rdinit=/init loglevel=5 panic=-1 {job.cmdline}".strip()]
    return cmd


def run(job: Job) -> Result:
    """Boot, run the job, power off."""
    with cache.scratch() as scratch:
        initrd = initramfs.compose(scratch / "initrd", job, scratch)
        share = scratch / "share"
        (share / "out").mkdir(parents=True)
        console = Console(job, "qemu")
        try:
            _boot(job, initrd, share, console)
        finally:
            console.close()
        status = _status(share, console)
        if (share / "dmesg").exists():
            console.kernel_log((share / "dmesg").read_text(errors="replace"))
        if job.out:
            shutil.copytree(share / "out", job.out, dirs_exist_ok=True, symlinks=True)
        return Result(status, console.trouble, console.log)


def _status(share, console):
    """The answer is the one that the guest put into the share."""
    if (share / "status").exists():
        return int((share / "status").read_text())
    return 124 if console.status == 124 else 125


def _boot(job, initrd, share, console):
    """Run the emulator until it ends, or until the time is up."""
    qmp, qmp_theirs = socket.socketpair()
    port, port_theirs = socket.socketpair()
    fds = (qmp_theirs.fileno(), port_theirs.fileno())
    until = time.monotonic() + job.timeout
    with subprocess.Popen(tied(_command(job, initrd, share, fds), "KILL"),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, pass_fds=fds,
                          start_new_session=True) as child:
        try:
            qmp_theirs.close()
            port_theirs.close()
            Monitor(qmp, port).start()
            while True:
                left = until - time.monotonic()
                if left <= 0 and console.status is None:
                    console.status = 124
                elif left <= 0:
                    console.trouble.append("the job had ended, but the machine did not")
                if left <= 0:
                    return
                if select.select([child.stdout], [], [], min(left, 5))[0]:
                    data = os.read(child.stdout.fileno(), 65536)
                    if not data:
                        return
                    running = console.status is None
                    console.feed(data)
                    if running and console.status is not None:
                        until = time.monotonic() + POWER_OFF
        finally:
            child.kill()
            qmp.close()
            port.close()
