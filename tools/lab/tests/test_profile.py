# SPDX-License-Identifier: GPL-2.0-only
"""What instructions are counted for."""

import unittest

from lablib import profile

KALLSYMS = """\
0000000000001000 T write_entry
0000000000002000 T copy
0000000000003000 t lookup.isra.0	[vfio_ccw]
0000000000004000 T interrupt
0000000000005000 d data
0000000000006000 T handler
"""
PURPOSES = {"write_entry": "region", "copy": "copy", "interrupt": "interrupt"}


def log(*steps):
    """As QEMU writes it; a negative step is in user space."""
    return [f"Trace 0: 0x7f0 [0000000000000000/{abs(at):016x}/"
            f"{0x20003 if at < 0 else 3:08x}/ff020201] \n" for at in steps]


class Profile(unittest.TestCase):
    """Logs that are known."""

    def setUp(self):
        self.symbols = profile.Symbols(KALLSYMS)

    def found(self, *steps):
        """One I/O, without the entry that ends it."""
        one, = profile.intervals(log(*steps, 0x1000), self.symbols, PURPOSES, "write_entry")
        return profile.by_purpose(one)

    def test_function_counts_for_nearest_caller_with_a_purpose(self):
        """A function without a purpose counts for its caller."""
        found = self.found(0x1000, 0x1002, 0x3000, 0x3004, 0x1006)
        self.assertEqual(found, {"region": 5})
        found = self.found(0x1000, 0x2000, 0x3000, 0x3004, 0x2004, 0x1006)
        self.assertEqual(found, {"region": 2, "copy": 4})

    def test_interrupt_returns_to_where_it_came_from(self):
        """What is interrupted goes on counting for its own purpose."""
        found = self.found(0x1000, 0x2000, 0x4000, 0x6000, 0x6004, 0x4008, 0x2004, 0x1006)
        self.assertEqual(found, {"region": 2, "copy": 2, "interrupt": 4})

    def test_user_space_ends_all_calls(self):
        """User space is told by the processor's state, not by the address."""
        found = self.found(0x1000, -0x2000, -0x2002, 0x4000)
        self.assertEqual(found, {"region": 1, profile.USER: 2, "interrupt": 1})

    def test_functions_have_their_plain_names(self):
        """Neither compiler suffixes nor data."""
        self.assertEqual(self.symbols.at(0x3004), ("lookup", False))
        self.assertEqual(self.symbols.at(0x5000), ("interrupt", False))

    def test_processors_do_not_mix(self):
        """Each has its own calls."""
        lines = log(0x1000, 0x2000) + [log(0x4000)[0].replace("Trace 0", "Trace 1")]
        one, = profile.intervals(lines + log(0x2004, 0x1004, 0x1000), self.symbols, PURPOSES,
                                 "write_entry")
        self.assertEqual(profile.by_purpose(one), {"region": 2, "copy": 2, "interrupt": 1})

    def test_typical_leaves_out_what_took_long(self):
        """A timer tick is no part of an I/O."""
        usual = {("region", "write_entry"): 100}
        long = {("region", "write_entry"): 100, ("interrupt", "interrupt"): 900}
        found = profile.typical([usual, usual, long, usual])
        self.assertEqual(found, {("region", "write_entry"): 100})
