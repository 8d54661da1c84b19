# SPDX-License-Identifier: GPL-2.0-only
"""
Where the instructions of an I/O go, from a log in which QEMU wrote down each instruction
that the guest executed (one instruction to a translation block, "-d exec,nochain").

An I/O reaches from one entry of a function to the next. Instructions are counted for what
they were executed for: for the nearest caller that has a name in a table.
"""

import bisect
import collections
import re
import statistics

LINE = re.compile(r"Trace (\d+): \S+ \[[0-9a-f]+/([0-9a-f]+)/([0-9a-f]+)")
USER_STATE = 0x20000        # of the flags: the problem state
USER = "user space"


class Symbols:
    """The names of a kernel's functions, from /proc/kallsyms."""

    def __init__(self, text):
        found = {}
        for line in text.splitlines():
            address, kind, name = line.split()[:3]
            if kind in "tTwW":
                found.setdefault(int(address, 16), re.sub(r"\.(isra|constprop|part)\..*", "",
                                                          name))
        self.addresses = sorted(found)
        self.names = [found[a] for a in self.addresses]
        self.cache = {}

    def at(self, address):
        """(name, whether this is the function's first instruction)"""
        hit = self.cache.get(address)
        if not hit:
            n = bisect.bisect_right(self.addresses, address) - 1
            hit = ("?", False) if n < 0 else (self.names[n], self.addresses[n] == address)
            self.cache[address] = hit
        return hit


class Processor:
    """What a processor is doing: the functions it is in, and what they count for."""

    def __init__(self, purposes):
        self.purposes = purposes
        self.stack = []             # (name, purpose)

    def step(self, name, first):
        """The next instruction is of that function: what it counts for."""
        stack = self.stack
        if name == USER:
            self.stack = [(USER, USER)]
            return USER
        if not stack or stack[-1][0] != name:
            if stack and not first:
                for n in range(len(stack) - 2, -1, -1):
                    if stack[n][0] == name:             # returned to
                        del stack[n + 1:]
                        return stack[-1][1]
            purpose = self.purposes.get(name) or (stack[-1][1] if stack else "?")
            stack.append((name, "?" if purpose == USER else purpose))
        return stack[-1][1]


def intervals(lines, symbols, purposes, entry):
    """[Counter of (purpose, function)] of each stretch from one call of entry to the next."""
    processors = {}
    current, done = None, []
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        if int(found[3], 16) & USER_STATE:
            name, first = USER, False
        else:
            name, first = symbols.at(int(found[2], 16))
        processor = processors.setdefault(found[1], Processor(purposes))
        purpose = processor.step(name, first)
        if first and name == entry:
            if current:
                done.append(current)
            current = collections.Counter()
        if current is not None:
            current[purpose, name] += 1
    return done


def typical(found, margin=0.02):
    """The mean of those as long as the median, but for a margin: without timer ticks."""
    sums = [sum(one.values()) for one in found]
    median = statistics.median(sums)
    usual = [one for one, length in zip(found, sums) if abs(length - median) <= median * margin]
    total = collections.Counter()
    for one in usual:
        total.update(one)
    return {key: count / len(usual) for key, count in total.items()}


def by_purpose(profile):
    """{purpose: instructions}"""
    total = collections.Counter()
    for (purpose, _), count in profile.items():
        total[purpose] += count
    return total
