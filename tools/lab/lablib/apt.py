# SPDX-License-Identifier: GPL-2.0-only
"""
Debian packages of other suites and architectures, without touching the machine.

Each release has an apt state of its own in the cache. A package is named by a
spec, "name_version_arch", which is also its file's name: once that file is in
the cache, nobody asks the archive again.
"""

import os
import re
import subprocess
import time
import urllib.parse
from pathlib import Path

from lablib import cache
from lablib.progress import LabError, phase, run, tied

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
NO_NETWORK = re.compile("resolv|Could not connect|Network is unreachable|Cannot initiate")
NOT_THERE = re.compile(r" 404 +Not Found")
# What else of a release is looked into. A list more is a list that may not fit while the archive
# is being brought up to date: of a release that only its kernel is wanted of, nothing.
MORE = {"bookworm": ("-updates", "-backports")}
NEED = Path(__file__).resolve().parents[1] / "need"


def host_arch():
    """The machine's own architecture, as Debian names it."""
    return run(["dpkg", "--print-architecture"]).strip()


def _sources(release):
    """Sources for the release, at the archive that the machine itself uses."""
    def known():
        text = run(["apt-get", "indextargets", "--format",
                    "$(ORIGIN)|$(REPO_URI)|$(RELEASE)"])
        return [line.split("|") for line in dict.fromkeys(text.splitlines())]

    def of_debian(targets):
        return [t for t in targets if len(t) == 3 and t[0].startswith("Debian")
                and t[2].split("-")[-1] not in ("security", "debug")]

    targets = known()
    if not of_debian(targets):
        try:
            run([NEED, "--lists"])
        except LabError as error:
            raise LabError(error.detail.strip().split("need: ")[-1]) from None
        targets = known()
    if not of_debian(targets):
        raise LabError("apt knows no Debian archive; give the machine one in "
                       "/etc/apt/sources.list and run apt-get update")
    uri = of_debian(targets)[0][1]
    suites = [(uri, release + more) for more in ("", *MORE.get(release, ()))]
    suites += [(t[1], t[2]) for t in targets if t[2] == release + "-security"]
    signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
    return "".join(f"deb {signed}{where} {suite} main\n" for where, suite in suites)


class State:
    """The private apt state of one release, for s390x and the machine's own architecture."""

    def __init__(self, release):
        self.release = release
        self.where = cache.path("apt", release, "x").parent

    def command(self, program, *args, **options):
        """The command line of an apt program that works on this state."""
        opts = {
            "Dir::Etc::sourcelist": self.where / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Dir::State": self.where,
            "Dir::State::status": self.where / "status",
            "Dir::Cache": self.where / "cache",
            "Dir::Cache::pkgcache": "pkgcache.bin",
            "APT::Architecture": "s390x",
            "APT::Architectures::": host_arch(),
            "APT::Default-Release": "",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "APT::Update::Post-Invoke-Success": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            **options,
        }
        cmd = [program]
        for name, value in opts.items():
            cmd += ["-o", f"{name}={value}"]
        return cmd + [os.fspath(a) for a in args]

    def update(self, force=False):
        """Fetch the lists of packages, unless they are there."""
        with cache.lock(f"apt/{self.release}"):
            stamp = self.where / "updated"
            if stamp.exists() and (not force or time.time() - stamp.stat().st_mtime < 600):
                return
            for sub in ("lists/partial", "cache/archives/partial", "lists/auxfiles"):
                (self.where / sub).mkdir(parents=True, exist_ok=True)
            cache.write(self.where / "status", "")
            cache.write(self.where / "sources.list", _sources(self.release))
            with phase(f"looking up packages of {self.release}"):
                persist(lambda: run(self.command(
                    "apt-get", "update", "--error-on=any")))
            cache.write(stamp, "")


class ArchiveError(LabError):
    """The archive does not have it now, or cannot be asked."""


def persist(attempt, tries=6):
    """Try again what fails while the mirror is being brought up to date."""
    for left in range(tries - 1, -1, -1):
        try:
            return attempt()
        except LabError as error:
            said = f"{error} {error.detail}"
            if NO_NETWORK.search(said):
                raise ArchiveError("something is missing in the cache and the Debian archive "
                                   "cannot be reached; connect the network and try again") \
                    from None
            if not left:
                raise ArchiveError("the Debian archive does not answer as it should; check the "
                                   "network, or what is looked for: tools/lab/lab fetch "
                                   "--refresh", error.detail or f"    {error}\n") from None
            time.sleep(10 * (tries - left))
    return None


def show(package, release="bookworm", suite=None):
    """The fields of the candidate of a package ("name" or "name:arch")."""
    state = State(release)
    state.update()
    default = {"APT::Default-Release": suite} if suite else {}
    text = run(state.command("apt-cache", "show", "--no-all-versions", package, **default))
    fields = {}
    for line in text.splitlines():
        found = re.match(r"([A-Za-z0-9-]+): ?(.*)", line)
        if found:
            fields.setdefault(found[1], found[2])
        elif not line and fields:
            break
    return fields


def spec_of(fields):
    """The spec of a package from its fields."""
    return "_".join((fields["Package"], fields["Version"], fields["Architecture"]))


def exact(packages, release="bookworm", suite=None):
    """Specs of these packages alone, preferring the given suite."""
    return [spec_of(show(p, release, suite)) for p in packages]


def names(pattern, release="bookworm"):
    """The packages whose names match, as "name"."""
    state = State(release)
    state.update()
    return [name for name in run(state.command("apt-cache", "pkgnames")).split()
            if re.fullmatch(pattern, name)]


def closure(packages, release="bookworm", suite=None, arch="s390x"):
    """Specs of these packages and of all they depend on, for a machine of that architecture."""
    state = State(release)
    state.update()
    default = {"APT::Default-Release": suite} if suite else {}
    default["APT::Architecture"] = arch
    text = run(state.command("apt-get", "install", "--yes", "--print-uris", "-qq",
                             *packages, **default))
    files = re.findall(r"^'[^']*' (\S+)\.deb ", text, re.M)
    return [urllib.parse.unquote(f) for f in files]


def _deb(spec):
    """Where the package's file is or will be."""
    return cache.path("debs", spec.replace(":", "%3a") + ".deb")


def fetch(specs, release="bookworm"):
    """The packages' files, fetched if they are not in the cache."""
    missing = [s for s in specs if not _deb(s).exists()]
    if missing:
        with cache.lock("debs"):
            missing = [s for s in missing if not _deb(s).exists()]
            if missing:
                _download(missing, release)
    return [_deb(s) for s in specs]


def _download(specs, release):
    """Fetch into a folder of unfinished files, which a later run goes on with."""
    state = State(release)
    state.update()
    partial = cache.path("debs", ".partial", "x").parent
    wanted = []
    for spec in specs:
        name, version, arch = spec.split("_")
        wanted.append(f"{name}={version}" if arch == "all" else f"{name}:{arch}={version}")

    def attempt():
        with phase(f"fetching {len(specs)} packages") as step:
            _follow(state.command("apt-get", "download", "-q", *wanted,
                                  **{"APT::Status-Fd": "1"}), partial, step)

    def attempt_or_update():
        try:
            attempt()
        except LabError:
            state.update(force=True)
            raise

    persist(attempt_or_update)
    for spec in specs:
        os.rename(partial / _deb(spec).name, _deb(spec))


def _follow(cmd, where, step):
    """Run apt-get, turning its status lines into per cent."""
    with subprocess.Popen(tied(cmd), cwd=where, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        said = []
        for line in child.stdout:
            found = re.match(r"dlstatus:\d+:([\d.]+):", line)
            if found:
                step.percent(float(found[1]))
            else:
                said.append(line.rstrip())
    if child.returncode:
        raise LabError("apt-get download: " + (said[-1] if said else "failed"))


def unpack(debs, dest):
    """Unpack packages over each other; nothing in them is run."""
    dest = Path(dest)
    dest.mkdir(parents=True, exist_ok=True)
    for deb in debs:
        run(["dpkg-deb", "-x", deb, dest])
    return dest
