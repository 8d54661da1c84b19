# SPDX-License-Identifier: GPL-2.0-only
"""
Builds the existing driver and ours, boots each on the same stock kernel with a clock that
counts guest instructions, and compares what one I/O costs. On qemu:

    lab bench                   # the whole table
    lab bench --short           # a gate of a few rows
    lab bench --write           # also put the table into Documentation/project/
    lab bench --profile         # where the instructions of an I/O go; with --write, too

On hercules: time and CPU time of reads and writes of an emulated ECKD disk with both.

    lab bench --machine hercules
"""

import re
import time

from lablib import build, cache, diskbench, kernel, kselftest, profile, rst
from lablib.job import Job
from lablib.progress import LabError, phase, say
from lablib.tally import Tally
from machines import qemu

HELP = "compare the cost of an I/O with the existing driver's"

DEVICES = 8
TABLE = build.CHECKOUT / "Documentation/project/bench.rst"

# row of the benchmark: what it is, and the target of ours over existing
WARM = [
    ("nop.warm", "NOP", 0.33),
    ("1x4K.warm", "1 CCW x 4 KiB", 0.33),
    ("1x15p.warm", "1 CCW x 15 pages", None),
    ("16x4K.warm", "16 CCWs x 4 KiB", None),
    ("64x4K.warm", "64 CCWs x 4 KiB", None),
    ("128x4K.warm", "128 CCWs x 4 KiB", 0.025),
    ("16x15p.warm", "16 CCWs x 15 pages", 0.015),
    ("eckd16x4K.warm", "ECKD-like read of 16 x 4 KiB", 0.08),
]
COLD = [(row.replace(".warm", ".cold"), what, 0.9) for row, what, _ in WARM if row != "nop.warm"]
# Rows that miss their target: both drivers hardly do anything there but have vfio pin page after
# page. They fail only if ours costs more.
MISSED = ("16x15p.cold", "off.16x15p.warm")
# the same without prefetch, and what they may cost more, in instructions
UNFETCHED = [(row, what) for row, what, _ in WARM
             if row in ("nop.warm", "1x4K.warm", "128x4K.warm")]
SLACK = 80          # for what a program stores to itself, and what is appended to it
PROFILE = TABLE.with_name("profile.rst")

# What an I/O begins with, in a trace.
ENTRY = {"ours": "vccw_region_write", "existing": "vfio_ccw_mdev_write"}

PIN = "vfio: pin pages"
UNPIN = "vfio: let pages go"

# What instructions are for: those of these functions and of all that they call.
PURPOSES = {
    profile.USER: profile.USER,
    "system_call": "system calls, entry and exit",
    "__do_syscall": "system calls, entry and exit",
    "ksys_pwrite64": "system calls, files",
    "ksys_pread64": "system calls, files",
    "ksys_read": "system calls, files",
    "ksys_write": "system calls, files",
    "do_sys_poll": "system calls, files",
    "vccw_region_write": "region and state",
    "vccw_region_read": "region and state",
    "vccw_fsm_event": "region and state",
    "_copy_from_user": "copy from and to the user",
    "_copy_to_user": "copy from and to the user",
    "raw_copy_from_user": "copy from and to the user",
    "raw_copy_to_user": "copy from and to the user",
    "cp_translate": "decode",
    "cp_idal_build": "pages and IDAWs",
    "cp_idal_resolve": "pages and IDAWs",
    "vccw_iotlb_begin": "cache: is it still valid",
    "vccw_iotlb_ready": "cache: is it still valid",
    "vfio_pin_pages": PIN,
    "vfio_unpin_pages": UNPIN,
    "ssch": "START SUBCHANNEL",
    "io_int_handler": "interrupt: entry, exit, dispatch",
    "do_io_irq": "interrupt: entry, exit, dispatch",
    "do_cio_interrupt": "interrupt: TEST SUBCHANNEL",
    "cp_status": "interrupt: status",
    "eventfd_signal_mask": "signal the eventfd",
}
PAGE = 90           # instructions for each further page of a warm program
PARALLEL = 1.15     # cost of an I/O of many devices over that of one
IDLE_MEMORY = 65536
# The short form is a gate. Kernels differ a little, its own instructions it counts exactly.
SHORT = ("nop.warm", "1x4K.warm", "128x4K.warm", "1x15p.cold")
MARGIN = 1.02
# With two CPUs and a clock that counts instructions, a kernel now and then does not get past
# its start or its end: one of them waits for the other without a pause.
ONE_CPU = "maxcpus=1"
CPU1 = "/sys/devices/system/cpu/cpu1/online"


def arguments(parser):
    """Arguments of the subcommand."""
    parser.add_argument("--machine", choices=["qemu", "hercules"], default="qemu")
    parser.add_argument("--short", action="store_true",
                        help="NOP, 1 and 128 CCWs warm, 15 pages cold; a margin of 2 %%")
    parser.add_argument("--only", choices=["ours", "existing"],
                        help="figures of one driver, no comparison")
    parser.add_argument("--rounds", type=int, default=200, metavar="N")
    parser.add_argument("--profile", action="store_true",
                        help="trace a NOP and 128 CCWs, and tell what their instructions are for")
    parser.add_argument("--disk-rounds", type=int, default=5, metavar="N",
                        help="(hercules) how often each driver has its turn")
    parser.add_argument("--write", action="store_true",
                        help="write the table to Documentation/project/, too")


def _job(short, off):
    """The commands in the guest; off: switch the cache off for a second set of rows."""
    busids = " ".join(f"0.0.{n:04x}" for n in range(1 if short else DEVICES))
    options = "-s" if short else ""
    lines = f"""
        set -e
        up() {{ uuids=$(bash /lab/selftests/setup.sh up "$@" | tr '\\n' ' '); }}
        bench() {{ VFIO_CCW_UUID="$uuids" /lab/selftests/vfio_ccw_bench -n $ROUNDS "$@"; }}
        up {busids}
        memory=/sys/bus/mdev/devices/${{uuids%% *}}/statistics/memory
        [ ! -e $memory ] || echo bench memory.idle $(cat $memory $memory $memory)
        bench {options}
    """
    if not short:
        lines += f"""
        echo 1 > {CPU1}
        bench -p
        echo 0 > {CPU1}
        """
    lines += """
        bash /lab/selftests/setup.sh down
    """
    if off:
        lines += """
        modprobe -r vfio_ccw
        modprobe vfio_ccw iotlb_pages=0
        up 0.0.0000
        bench -w | sed 's/^bench /bench off./'
        bash /lab/selftests/setup.sh down
        """
    return lines


def _measure(kern, which, args):
    """One machine: {row: (median, minimum, mean)}."""
    rows = {}

    def take(line):
        found = re.match(r"bench (\S+) (\d+) (\d+) (\d+)$", line)
        if found:
            rows[found[1]] = tuple(int(n) for n in found.groups()[1:])
        else:
            say(f"  {which}: {line}")

    devices = [f"virtio-blk-ccw,drive=disk{n},devno=fe.0.{0x1000 + n:04x}"
               for n in range(DEVICES)]
    blocks = []
    for n in range(DEVICES):
        blocks += ["-blockdev", f"driver=null-co,node-name=disk{n},size=1048576"]
    job = Job(command=_job(args.short, which == "ours" and not args.short), kernel=kern,
              modules=build.modules(kern, existing=which == "existing"),
              load=["vfio_iommu_type1", "vfio_ccw"], files=kselftest.files(),
              env={"ROUNDS": args.rounds}, devices=devices, args=blocks,
              cpus=1 if args.short else 2, cmdline=ONE_CPU, icount=True, output=take,
              timeout=900)
    with phase(f"running {'our' if which == 'ours' else 'the existing'} driver"):
        result = qemu.run(job)
    result.report()
    if result.exit_status():
        raise LabError(f"the benchmark of the {which} driver failed")
    return rows


class Table:
    """Rows of text, checked against their targets."""

    def __init__(self, tally):
        self.tally = tally
        self.rows = []

    def add(self, what, existing, ours, ratio, target, good, missed=False):
        """One line; missed: the target is known to be out of reach."""
        verdict = "" if target is None else "pass" if good else "missed" if missed else "FAIL"
        self.rows.append([what, existing, ours, ratio,
                          "" if target is None else str(target), verdict])
        print(f"{what:44} {existing:>10} {ours:>10} {ratio:>8} {self.rows[-1][4]:>7}  {verdict}",
              flush=True)
        if verdict == "missed":
            self.tally.skip(what, "misses its target, see Documentation/project/costs.rst")
        elif verdict:
            self.tally.passed += good
            self.tally.failed += not good

    def ratio(self, what, existing, ours, target, margin=1.0, missed=False):
        """A row of two medians."""
        ratio = ours / existing
        self.add(what, f"{existing}", f"{ours}", f"{ratio:.3f}", target,
                 target is None or ratio <= target * margin, missed and ratio <= 1)

    def rst(self, note):
        """The same as a table for the documentation."""
        titles = ["Program", "existing", "ours", "ratio", "target", ""]
        lines = rst.head("bench", note) + rst.table([titles, *self.rows])
        return "\n".join(lines) + "\n"


def _unfetched(table, existing, ours):
    """Programs that the channel must not prefetch, and that do not change themselves."""
    for row, what in UNFETCHED:
        plain = row.replace(".warm", ".unfetched")
        more = ours[plain][0] - ours[row][0]
        table.add(f"{what}, used before, without prefetch", str(existing[plain][0]),
                  str(ours[plain][0]), f"{more:+}", f"+{SLACK}", more <= SLACK)


def _fill(table, existing, ours, args):
    if args.short:
        for row, what, target in WARM + COLD:
            if row in SHORT:
                note = "used before" if row.endswith("warm") else "never used before"
                table.ratio(f"{what}, {note}", existing[row][0], ours[row][0], target, MARGIN)
        _unfetched(table, existing, ours)
        return
    for row, what, target in WARM:
        table.ratio(f"{what}, used before", existing[row][0], ours[row][0], target)
    slope = [(rows["128x4K.warm"][0] - rows["64x4K.warm"][0]) / 64 for rows in (existing, ours)]
    table.add("each further 4 KiB page, used before", f"{slope[0]:.0f}", f"{slope[1]:.0f}",
              f"{slope[1] / slope[0]:.3f}", PAGE, slope[1] <= PAGE)
    _unfetched(table, existing, ours)
    for row, what, target in COLD:
        table.ratio(f"{what}, never used before", existing[row][0], ours[row][0], target,
                    missed=row in MISSED)
    for row, what, _ in WARM:
        off = "off." + row
        table.ratio(f"{what}, cache off", existing[row][0], ours[off][0], 0.9,
                    missed=off in MISSED)
    for n in (1, 2, 4, 8):
        table.ratio(f"16 CCWs x 4 KiB, of {n} device{'s' if n > 1 else ''} at once",
                    *(rows[f"parallel{n}"][0] for rows in (existing, ours)), None)
    for n in (2, 4, 8):
        cost = [rows[f"parallel{n}"][0] / rows["parallel1"][0] for rows in (existing, ours)]
        table.add(f"16 CCWs x 4 KiB, {n} devices over one", f"{cost[0]:.2f}", f"{cost[1]:.2f}",
                  "", PARALLEL, cost[1] <= PARALLEL)
    table.add("memory of an idle device, in bytes", "", ours["memory.idle"][0], "", IDLE_MEMORY,
              ours["memory.idle"][0] <= IDLE_MEMORY)
    table.add("memory of a device after all rows, in bytes", "", ours["memory.used"][0], "", None,
              True)
    table.add("the system calls of an I/O alone", str(existing["floor"][0]),
              str(ours["floor"][0]), "", None, True)


def trace(kern, which, rows, rounds=24, options=""):
    """What was executed for the rows of one driver: {row: [Counter of an I/O]}."""
    lines = f"""
        set -e
        modprobe vfio_ccw {options}
        uuids=$(bash /lab/selftests/setup.sh up 0.0.0000)
        for row in {" ".join(rows)}; do
            VFIO_CCW_UUID="$uuids" \\
                /lab/selftests/vfio_ccw_bench -n {rounds} -l $LOGS/$row -r $row
        done
        cat /proc/kallsyms > /out/kallsyms
        bash /lab/selftests/setup.sh down
    """
    with cache.scratch() as scratch:
        job = Job(command=lines, kernel=kern, files=kselftest.files(), out=scratch,
                  modules=build.modules(kern, existing=which == "existing"),
                  load=["vfio_iommu_type1"], env={"LOGS": scratch},
                  devices=["virtio-blk-ccw,drive=disk0,devno=fe.0.1000"],
                  args=["-blockdev", "driver=null-co,node-name=disk0,size=1048576"],
                  cpus=1, icount=True, output=lambda _: None, timeout=900)
        with phase(f"tracing the {'existing' if which == 'existing' else 'new'} driver"):
            result = qemu.run(job)
        result.report()
        if result.exit_status():
            raise LabError("the traced benchmark failed")
        symbols = profile.Symbols((scratch / "kallsyms").read_text())
        found = {}
        for row in rows:
            with phase(f"reading the trace of {row}"), open(scratch / row,
                                                            encoding="ascii") as log:
                found[row] = profile.intervals(log, symbols, PURPOSES, ENTRY[which])
            if not found[row]:
                raise LabError(f"the trace of {row} shows no I/O")
    return found


def _columns(what, heads, columns):
    """A table of text, printed, and its lines for the documentation."""
    order = dict.fromkeys(PURPOSES.values())
    order.update(dict.fromkeys(purpose for column in columns for purpose in column))
    rows = [[what, *heads]]
    rows += [[purpose, *(f"{column[purpose]:.0f}" for column in columns)]
             for purpose in order if any(column[purpose] >= 0.5 for column in columns)]
    rows.append(["all", *(f"{sum(column.values()):.0f}" for column in columns)])
    for cells in rows:
        print(f"{cells[0]:40}" + "".join(f"{cell:>28}" for cell in cells[1:]), flush=True)
    return [*rst.table(rows), ""]


def _profile(kern, args):
    """What the instructions of some rows are for, and the least that pinning pages takes."""
    def columns(which, *rows, **kwargs):
        found = trace(kern, which, rows, **kwargs)
        return [profile.by_purpose(profile.typical(found[row])) for row in rows]

    names = {row: what for row, what, _ in WARM}
    rows = ["nop.warm", "128x4K.warm"]
    lines = rst.head("bench --profile", f"Guest instructions of one I/O on {kern.release}, "
                     f"traced on {time.strftime('%Y-%m-%d')}. Buffers used before:")
    lines += _columns("For", [names[row] for row in rows], columns("ours", *rows))
    lines += ["The row that hardly does anything but pin pages and let them go, each time:", ""]
    most = "16x15p.warm"
    theirs = columns("existing", most, rounds=8)
    ours = columns("ours", most, rounds=8, options="iotlb_pages=0")
    lines += _columns(names[most], ["existing", "ours, cache off"], theirs + ours)
    least = (ours[0][PIN] + ours[0][UNPIN]) / sum(theirs[0].values())
    text = (f"What vfio takes to pin these pages and to let them go is {least:.2f} of all that "
            "the existing driver takes.")
    print(text)
    if args.write:
        cache.write(PROFILE, "\n".join([*lines, text]) + "\n")
    return 0


def run(args):
    """Measure both, compare."""
    kern = kernel.get("stock")
    if args.profile:
        return _profile(kern, args)
    if args.machine == "hercules":
        tally = Tally("bench")
        diskbench.run(kern, args, tally)
        return tally.end()
    if args.only:
        for row, figures in _measure(kern, args.only, args).items():
            print(f"{row:20} median {figures[0]:>9} minimum {figures[1]:>9} mean {figures[2]:>9}")
        return 0
    existing = _measure(kern, "existing", args)
    ours = _measure(kern, "ours", args)
    print(f"{'guest instructions, median':44} {'existing':>10} {'ours':>10} {'ratio':>8}  target")
    tally = Tally("bench")
    table = Table(tally)
    _fill(table, existing, ours, args)
    if not args.short:
        text = table.rst(f"Guest instructions per I/O on {kern.release}, median of "
                         f"{args.rounds}, measured on {time.strftime('%Y-%m-%d')}.")
        cache.write(cache.path("bench.rst"), text)
        if args.write:
            cache.write(TABLE, text)
    return tally.end()
