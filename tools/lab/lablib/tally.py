# SPDX-License-Identifier: GPL-2.0-only
"""Count what was checked, and end with the line that says so."""

from lablib.progress import say


class Tally:
    """Checks of one make target."""

    def __init__(self, name):
        self.name = name
        self.passed = self.failed = self.skipped = 0

    def check(self, what, wrong):
        """One check: wrong is a list of lines, empty if all is well."""
        if not wrong:
            self.passed += 1
            print(f"ok      {what}", flush=True)
            return True
        self.failed += 1
        print(f"not ok  {what}", flush=True)
        for line in wrong[:40]:
            say(f"    {line}")
        if len(wrong) > 40:
            say(f"    ... and {len(wrong) - 40} lines more")
        return False

    def skip(self, what, why):
        """One check that cannot be made here."""
        self.skipped += 1
        print(f"skip    {what}: {why}", flush=True)

    def add(self, what, passed, failed, skipped):
        """What a program has counted that has said by itself what it found."""
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        print(f"{'not ok' if failed else 'ok':7} {what}: {passed} passed, {failed} failed, "
              f"{skipped} skipped", flush=True)

    def end(self):
        """The result line; the program's exit status."""
        print(f"{self.name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped",
              flush=True)
        return 1 if self.failed else 0
