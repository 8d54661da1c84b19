# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs of a machine: a layer that is kept, and one of each run."""

import lzma
import os
import shlex
import shutil
from pathlib import Path

from lablib import cache, cpio, userland
from lablib.progress import LabError, phase, run

GUEST = Path(__file__).resolve().parents[1] / "guest"

# What a job or a person may want to load, where it is not built in.
MODULES = """
    9p 9pnet_virtio overlay ext4 loop
    virtio_blk virtio_net virtio_balloon virtio-rng virtio_console
    vfio vfio_iommu_type1 iommufd mdev
    dasd_mod dasd_eckd_mod dasd_fba_mod
    tape tape_34xx tape_3590
""".split()

SKIP = ["usr/share/" + d for d in ("doc", "man", "locale", "info", "lintian", "bug", "i18n",
                                   "zoneinfo", "bash-completion", "doc-base", "perl")]


def _plain_name(file):
    """The name of a module from the name of its file."""
    return Path(file).name.split(".ko")[0].replace("-", "_")


def _needs(kern):
    """{module: its file} and {module: modules that it needs}, of the packages' own modules."""
    files = {_plain_name(f): f for f in sorted(kern.modules.rglob("*.ko*"))}
    return files, {name: [_plain_name(n) for n in needs(file)] for name, file in files.items()}


def needs(file):
    """The modules that a module says it needs, under the names that their files have."""
    text = content(file)
    at = text.find(b"\0depends=")
    names = text[at + 9:text.index(b"\0", at + 9)].decode() if at >= 0 else ""
    return [name for name in names.split(",") if name]


def content(file):
    """A module's bytes, unpacked here so that the slow guest need not."""
    data = Path(file).read_bytes()
    if file.name.endswith(".xz"):
        return lzma.decompress(data)
    if file.name.endswith(".ko"):
        return data
    raise LabError(f"{file}: no way to unpack this kind of module yet")


def kernel_modules(kern):
    """A folder with lib/modules/RELEASE of the modules above and all they need."""
    dest = cache.path("modules", f"{kern.name}-{kern.release}-"
                      f"{cache.key(kern.modules, *MODULES)}")

    def make(tmp):
        with phase(f"picking modules of {kern.release}"):
            files, deps = _needs(kern)
            wanted = {m.replace("-", "_") for m in MODULES} & files.keys()
            todo = list(wanted)
            while todo:
                for need in deps[todo.pop()]:
                    if need in files and need not in wanted:
                        wanted.add(need)
                        todo.append(need)
            top = tmp / "lib/modules" / kern.release
            for name in sorted(wanted):
                place = top / files[name].relative_to(kern.modules)
                place = place.with_name(place.name.split(".ko")[0] + ".ko")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content(files[name]))
            for extra in ("modules.builtin", "modules.order", "modules.builtin.modinfo"):
                if (kern.modules / extra).exists():
                    shutil.copy(kern.modules / extra, top / extra)

    return cache.produce(dest, make)


def base(kern, name="minimal"):
    """The layer that is the same for every run: a userland and the kernel's modules."""
    root = userland.get(name)
    mods = kernel_modules(kern)
    dest = cache.path("initramfs", f"{root.name}-{mods.name}.cpio")

    def make(tmp):
        with phase(f"packing '{name}' with {kern.release}"), open(tmp, "wb") as file:
            out = cpio.Writer(file)
            out.add_tree(root, skip=SKIP)
            for place in ("proc", "sys", "dev", "run", "tmp", "root", "mnt", "busybox", "share"):
                out.add_dir(place)
            out.add_node("dev/console", "c", 5, 1)
            out.add_node("dev/null", "c", 1, 3, 0o666)
            out.add_tree(mods)
            out.finish()

    return cache.produce(dest, make)


def layer(file, job, scratch):
    """Write this run's layer to an open file: our modules, the job and its files."""
    kern = job.kernel
    out = cpio.Writer(file)
    out.add_file("init", GUEST / "init", 0o755)
    for tool in ("labmon", "leaks"):
        out.add_file(f"lab/bin/{tool}", GUEST / tool, 0o755)
    out.add_text("lab/job", job.command + "\n", 0o755)
    out.add_text("lab/load", "".join(line + "\n" for line in job.load))
    out.add_text("lab/env", "".join(f"export {k}={shlex.quote(str(v))}\n"
                                    for k, v in job.env.items()))
    for source, name in job.files:
        if not Path(source).exists():
            raise LabError(f"{source}: no such file to bring in")
        out.add_file(name, Path(source).resolve())
    _depmod(out, kern, job.modules, scratch / "modules")
    out.finish()


def _depmod(out, kern, modules, where):
    """Our modules in updates/, and an index that knows them."""
    shutil.copytree(kernel_modules(kern), where, copy_function=os.link)
    top = where / "lib/modules" / kern.release
    for module in modules:
        (top / "updates").mkdir(exist_ok=True)
        shutil.copy(module, top / "updates")
    run(["depmod", "-b", where, kern.release])
    for file in [*top.glob("modules.*"), *top.glob("updates/*")]:
        if file.stat().st_nlink == 1:
            out.add_file(file.relative_to(where), file)


def compose(dest, job, scratch):
    """Both layers in one file."""
    with open(base(job.kernel, job.userland), "rb") as kept, open(dest, "wb") as file:
        shutil.copyfileobj(kept, file, 1 << 20)
        layer(file, job, scratch)
    return dest
