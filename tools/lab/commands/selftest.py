# SPDX-License-Identifier: GPL-2.0-only
"""
Builds the kselftests and runs them in a machine, on each kind of device that it has.
What they said is kept in the folder that the last lines name.

    lab selftest
    lab selftest --machine hercules --test start
    lab selftest --test storm --case close_and_open --variant type1
    lab selftest --kernel debug             # a warning ends it, and no memory may be lost
    lab selftest --modules existing         # what the driver of linux-source makes of them
"""

import importlib
import pkgutil
import re
import tempfile
import time
from pathlib import Path

import machines
from lablib import build, cache, kernel, kselftest
from lablib.job import Job
from lablib.progress import say
from lablib.tally import Tally

HELP = "run the kselftests in an emulated machine"

# The devices under test: what to ask the machine for, and the busids that it gives them.
# On qemu the job's own devices are the first subchannels; life tests unplug and replug "dut0".
QEMU = {
    "args": ["-netdev", "user,id=net0,restrict=on",
             "-blockdev", "driver=null-co,node-name=disk0,size=1048576",
             "-chardev", "null,id=terminal0"],
    "devices": ["virtio-net-ccw,netdev=net0,devno=fe.0.1000,id=dut0",
                "virtio-blk-ccw,drive=disk0,devno=fe.0.1001,id=dut1",
                "x-terminal3270,chardev=terminal0,devno=fe.0.1002,id=dut2"],
    "busids": ["0.0.0000", "0.0.0001", "0.0.0002"],
    # The host's own driver would be at work on a device that comes back, and does not bear
    # to lose it then.
    "cmdline": "virtio_ccw.no_auto=0.0.1000-0.0.1001",
    # One device that is suspended and one that is busy when the machine is shut down. What it
    # does to them then is nothing that its console could show: the emulator does.
    "shutdown": {"suspended": "0.0.0000", "busy": "0.0.0001"},
    "witness": "trace-event ioinst_sch_id on",
    "env": {"VFIO_CCW_UNPLUG_BUSID": "0.0.0000",
            "VFIO_CCW_UNPLUG": "device_del dut0",
            "VFIO_CCW_REPLUG": "device_add virtio-net-ccw,netdev=net0,"
                               "devno=fe.0.1000,id=dut0"},
}

# What is plugged and unplugged by the storms: the first of the devices under test and others,
# which have no other use. A subchannel's number is that of the device in the list.
LEAVERS = ["virtio-net-ccw,netdev=net0,devno=fe.0.1000,id=dut0"] + \
    [f"virtio-rng-ccw,devno=fe.0.{0x1000 + nr:x},id=dut{nr}" for nr in range(3, 18)]
QEMU["own"] = {"storm": {
    "devices": QEMU["devices"] + LEAVERS[1:],
    "cmdline": "virtio_ccw.no_auto=0.0.1000-0.0.1011",
    "env": {"VFIO_CCW_UNPLUG_BUSID": " ".join(f"0.0.{nr:04x}" for nr in (0, *range(3, 18))),
            "VFIO_CCW_UNPLUG": ";".join(f"device_del dut{nr}" for nr in (0, *range(3, 18))),
            "VFIO_CCW_REPLUG": ";".join(f"device_add {device}" for device in LEAVERS)},
}}

# How the tests get at a device and at an address space for it.
VARIANTS = ["type1", "iommufd", "group_iommufd"]

# After the tests, on a kernel with kmemleak: before the driver goes, as long as addresses in
# it have names, and after it, when nothing of it may be left.
LEAKS = """
leaks /out/kmemleak-loaded
modprobe -r vfio_ccw && leaks /out/kmemleak-unloaded
"""

SHUTDOWN = """
hold()
{
	export VFIO_CCW_STATE=/run/vfio-ccw-tests.$1
	VFIO_CCW_UUID=$(sh /lab/selftests/setup.sh up "$2") || return
	VFIO_CCW_UUID=$VFIO_CCW_UUID setsid /lab/selftests/vfio_ccw_hold "$1" >"/out/hold-$1" 2>&1 &
	for _ in $(seq 100); do
		grep -q held "/out/hold-$1" && return
		sleep 0.1
	done
}
%s
labmon '%s'
"""

# One test that would write, and may not.
SPARED = """
bash /lab/selftests/run.sh -o /out/spared -t start -a -t -a write_and_read_back %s || rc=1
"""


def arguments(parser):
    """Arguments of the subcommand."""
    names = [info.name for info in pkgutil.iter_modules(machines.__path__)]
    parser.add_argument("--machine", choices=names, default="qemu")
    parser.add_argument("--kernel", default="stock", metavar="KIND")
    parser.add_argument("--modules", choices=["ours", "existing"], default="ours")
    parser.add_argument("--test", action="append", default=[], metavar="NAME",
                        help="only this program of them (abi, start, ...)")
    parser.add_argument("--case", action="append", default=[], metavar="NAME",
                        help="only these of a program's tests, as reset_is_power_on")
    parser.add_argument("--variant", choices=VARIANTS, help="only this one of each test's")
    parser.add_argument("--rounds", type=int, metavar="N", help="of each storm")
    parser.add_argument("--busid", action="append", default=[],
                        help="only on this device of the machine")
    parser.add_argument("--arg", action="append", default=[], metavar="ARG",
                        help="an argument more for the emulator (on hercules t+2b09 traces it)")
    parser.add_argument("--timeout", type=float, metavar="SECONDS",
                        help="1800, or 3600 on the debug kernel")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE",
                        help="for the tests, as VFIO_CCW_SEED=7")


def _devices(machine):
    module = importlib.import_module("machines." + machine)
    return getattr(module, "SELFTEST", QEMU if machine == "qemu" else None)


def _place(name):
    """A folder for this run's output; those of the last ten runs are kept."""
    top = cache.path("selftest", "x").parent
    for old in sorted(top.iterdir(), key=lambda f: f.stat().st_mtime)[:-10]:
        cache.remove(old)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{time.strftime('%H%M%S')}-", dir=top))


def show(line):
    """Print what a job says, but for what the witness does."""
    if not line.startswith("ioinst_"):
        print(line, flush=True)


def count(tally, tap):
    """Add the lines of one program's output."""
    name = tap.stem
    text = tap.read_text(errors="replace")
    found = re.findall(r"^(ok|not ok) \d+ (\S+)(?: # (SKIP) ?(.*))?$", text, re.M)
    planned = re.search(r"^1\.\.(\d+)$", text, re.M)
    for result, test, skipped, why in found:
        if result == "not ok":
            tally.check(f"{name} {test}", _why(text, test))
        elif skipped:
            tally.skip(f"{name} {test}", why or "no reason given")
        else:
            tally.passed += 1
    missing = (int(planned[1]) if planned else 1) - len(found)
    if missing:
        tally.check(f"{name} ran to its end",
                    [f"{missing} of its tests have no result, see {tap}"])


def _why(text, test):
    """The lines that a failed test printed."""
    part = re.search(rf"^#  RUN +{re.escape(test)} \.\.\.\n((?:#.*\n|.*\n)*?)(?=not ok)",
                     text, re.M)
    return part[1].splitlines() if part else ["no word of it in the log"]


def lost_memory(tally, out):
    """What kmemleak said."""
    for when in ("loaded", "unloaded"):
        found = out / f"kmemleak-{when}"
        wrong = found.read_text(errors="replace").splitlines() if found.exists() else \
            [f"nobody looked with the driver {when}; the console says why"]
        tally.check(f"no memory is lost, the driver {when}", wrong)


def without_w(tally, out):
    """What run.sh does with a device that is not said to be scratch."""
    taps = "".join(tap.read_text(errors="replace") for tap in (out / "spared").glob("*.tap"))
    results = re.findall(r"^(?:not )?ok .*", taps, re.M)
    reasons = [re.sub("^ok .* # SKIP ", "", line) for line in results]
    tally.check("nothing is written without -w", [] if "ok " not in " ".join(reasons) and any(
        reason.endswith("run.sh -w") for reason in reasons) else results or ["nobody tried"])


# What a subchannel is asked then, at the end. A program that is under way is ended before the
# subchannel is disabled (msch), and the last start is one before that.
END_OF = {"suspended": r"\b[xhc]sch\b.*\bmsch\b(?!.*\bssch\b)",
          "busy": r"\bmsch\b(?!.*\bssch\b)"}


def shutdown(tally, held, out, log):
    """What the devices did when the machine was shut down with programs in flight."""
    text = log.read_text(errors="replace").replace("\r", "")
    text = text[text.rfind("@lab: the job ended"):]
    for how, busid in held.items():
        wrong = []
        note = out / f"hold-{how}"
        if not note.exists() or "held" not in note.read_text(errors="replace"):
            wrong.append(f"no program was held: {note}")
        done = " ".join(re.findall(rf"IOINST: (\w+) \({re.escape(busid)}\)", text))
        if not re.search(END_OF[how], done):
            wrong.append(f"of the subchannel was asked: {done or 'nothing'}")
        tally.check(f"shutdown of a device that is {how}", wrong)


def run(args):
    """Build, boot, run, count."""
    devices = _devices(args.machine)
    if not devices:
        say(f"lab: the machine {args.machine} names no devices to test")
        return 2
    kern = kernel.get(args.kernel)
    modules = build.modules(kern, existing=args.modules == "existing") + build.test_modules(kern)
    out = _place(f"{args.machine}-{args.kernel}-{args.modules}")

    for test in args.test:
        devices = {**devices, **devices.get("own", {}).get(test, {})}
    tests = [test for test in args.test if test != "shutdown"]
    options = " ".join([f"-t {test}" for test in tests] +
                       [f"-a -V -a {variant}" for variant in VARIANTS
                        if args.variant not in (None, variant)] +
                       [f"-a -t -a {case}" for case in args.case])
    busids = " ".join(args.busid or devices["busids"])
    env = dict(devices.get("env", {}))
    if args.rounds:
        env["VFIO_CCW_ROUNDS"] = args.rounds
    env.update(pair.split("=", 1) for pair in args.env)
    checked = kern.config("DEBUG_KMEMLEAK")
    command = "rc=0\n"
    if tests or not args.test:
        command += f"bash /lab/selftests/run.sh -w -o /out {options} {busids} || rc=1\n"
    if "compare" in devices and not args.busid and args.test in ([], ["compare"]):
        compared = " ".join(([] if args.test else devices["busids"]) + devices["compare"])
        command += f"bash /lab/selftests/run.sh -w -o /out -t compare {compared} || rc=1\n"
    if "ipl" in devices and not args.busid and (not args.test or "ipl" in args.test):
        command += f"bash /lab/selftests/run.sh -w -o /out -t ipl {devices['ipl']} || rc=1\n"
    spared = args.modules == "ours" and not (args.test or args.busid)
    command += SPARED % devices["busids"][0] if spared else ""
    command += LEAKS if checked else ""
    held = {}
    if args.modules == "ours" and ("shutdown" in args.test or not (args.test or args.busid)):
        held = devices.get("shutdown", {})
    if held:
        command += SHUTDOWN % ("\n".join(f"hold {how} {busid}" for how, busid in held.items()),
                               devices["witness"])
    command += "exit $rc"
    result = importlib.import_module("machines." + args.machine).run(Job(
        command=command, kernel=kern, modules=modules, load=["vfio_iommu_type1", "vfio_ccw"],
        files=kselftest.files(), env=env, out=out, output=show,
        timeout=args.timeout or (3600 if checked else 1800),
        devices=devices["devices"], args=devices["args"] + args.arg,
        cmdline=f"{devices.get('cmdline', '')} {'panic_on_warn=1' if checked else ''}"))

    tally = Tally("selftest")
    taps = sorted(out.glob("*.tap"))
    for tap in taps:
        count(tally, tap)
    wrong = list(result.trouble)
    if result.status not in (0, 1):
        wrong.append(f"the job ended with {result.status}; the console is in {result.log}")
    tally.check(f"the kernel of {args.machine} had nothing to complain about", wrong)
    if spared:
        without_w(tally, out)
    if checked:
        lost_memory(tally, out)
    if held:
        shutdown(tally, held, out, result.log)
    elif "shutdown" in args.test:
        tally.skip("shutdown", f"it is not known how on {args.machine}")
    if not (taps or held):
        tally.check("any test ran", ["none did"])
    print(f"the tests' own output is in {out}")
    return tally.end()
