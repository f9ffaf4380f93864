"""Build a Dockerfile in plain folders, and run what comes out.

    image.py build FOLDER [NAME=VALUE...]    build arguments
    image.py run FOLDER [--root] [--mount HERE:THERE] [NAME=VALUE...]
                                             the image's environment

Knows the instructions that ours has and refuses any other. A stage that starts
from debian:12-slim is a minimal root made by debootstrap from this machine's
mirror. Needs root, and no container engine: for machines without one, and to
see what an image holds.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

BASE = "debian:12-slim"
RELEASE = "bookworm"

# An engine writes these anew for each container.
LENT = ("resolv.conf", "hosts")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def call(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


def mirror():
    """Where this machine's apt gets the release from; DEBIAN_MIRROR wins."""
    query = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {RELEASE}"]
    return os.environ.get("DEBIAN_MIRROR") or subprocess.check_output(query, text=True).split()[0]


def instructions(text):
    """Pairs of an instruction and the rest of its line."""
    text = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        name, rest = line.split(None, 1)
        yield name.upper(), rest


def mount_system(root):
    """Shell commands that make the folder $0 a root with what an engine mounts."""
    for name in LENT:
        (root / "etc" / name).touch()
    return ['mount --bind "$0" "$0"', 'mount -t proc proc "$0/proc"', 'mount --rbind /dev "$0/dev"',
            *(f'mount --bind /etc/{name} "$0/etc/{name}"' for name in LENT)]  # fmt: skip


class Stage:
    def __init__(self, root):
        self.root = root
        self.arguments, self.environment = {}, {}
        self.workdir, self.user = "/", "0:0"
        self.volumes, self.entry, self.health = [], [], []

    def inside(self, path):
        return self.root / str(pathlib.PurePosixPath(self.workdir, path)).lstrip("/")

    def words(self, text):
        """Shell words of a line, with the stage's variables put in."""
        known = self.arguments | self.environment
        return shlex.split(re.sub(r"\$\{?(\w+)\}?", lambda m: known.get(m[1], ""), text))

    def run(self, command):
        """As the engine does: sh -c, in a mount namespace that has /proc and /dev."""
        environment = {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"} | self.arguments | self.environment
        shell = f'cd "$1" && exec sh -ec {shlex.quote(command)}'
        mounts = "; ".join([*mount_system(self.root), 'exec chroot "$0" sh -ec "$1" sh "$2"'])
        call("unshare", "-mpf", "sh", "-ec", mounts, self.root, shell, self.workdir, env=environment)


class Build:
    def __init__(self, context, folder, arguments):
        self.context, self.folder, self.given = context, folder, arguments
        self.stages, self.stage = {}, None
        self.ignored = (context / ".dockerignore").read_text().split()

    def base(self):
        """A minimal Debian, made once."""
        base = self.folder / "debian"
        if not base.is_dir():
            fresh = self.folder / "debian.new"
            shutil.rmtree(fresh, ignore_errors=True)
            call("debootstrap", "--variant=minbase", RELEASE, fresh, mirror())
            fresh.rename(base)
        return base

    def do_from(self, rest):
        name = re.fullmatch(rf"{BASE}(?: AS (\w+))?", rest)
        assert name, f"FROM {rest}: only {BASE}"
        root = self.folder / (name[1] or "root")
        shutil.rmtree(root, ignore_errors=True)
        call("cp", "-a", self.base(), root)
        self.stage = self.stages[name[1] or "root"] = Stage(root)

    def do_arg(self, rest):
        name, _, value = rest.partition("=")
        self.stage.arguments[name] = self.given.get(name, value)

    def do_env(self, rest):
        self.stage.environment |= dict(word.split("=", 1) for word in self.stage.words(rest))

    def do_workdir(self, rest):
        self.stage.workdir = rest
        self.stage.inside(".").mkdir(parents=True, exist_ok=True)

    def do_copy(self, rest):
        words = rest.split()
        source = self.context
        if words[0].startswith("--from="):
            source = self.stages[words.pop(0).removeprefix("--from=")].root
        what, where = source / words[0].lstrip("/"), self.stage.inside(words[1])
        if what.is_file():
            call("cp", "-p", what, where)
            return
        excluded = [f"--exclude=./{p}" for p in self.ignored] if what == self.context else []
        where.mkdir(parents=True, exist_ok=True)
        pack = subprocess.Popen(["tar", "-C", what, *excluded, "-c", "."], stdout=subprocess.PIPE)
        call("tar", "-C", where, "--no-same-owner", "-x", stdin=pack.stdout)
        assert pack.wait() == 0, rest

    def do_run(self, rest):
        print(f"RUN {rest[:100]}", flush=True)
        self.stage.run(rest)

    def do_user(self, rest):
        self.stage.user = rest

    def do_volume(self, rest):
        self.stage.volumes.append(rest)

    def do_expose(self, rest):
        pass

    def do_healthcheck(self, rest):
        self.stage.health = json.loads(rest[rest.index("CMD ") + 4 :])

    def do_entrypoint(self, rest):
        self.stage.entry = json.loads(rest)

    def all(self):
        for name, rest in instructions((self.context / "Dockerfile").read_text()):
            getattr(self, f"do_{name.lower()}")(rest)
        kept = ("environment", "user", "volumes", "entry", "health")
        about = {name: getattr(self.stage, name) for name in kept}
        (self.folder / "image.json").write_text(json.dumps(about))


# What an engine leaves to root inside.
ROOT_CAPABILITIES = "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service sys_chroot".split()


def run(folder, environment, as_root, mounted):
    """In place of this process: the entry point on a read-only root with
    volumes in memory, as the image's user without any capability, or as root
    with those that an engine leaves to it."""
    about = json.loads((folder / "image.json").read_text())
    root, user = folder / "root", about["user"].split(":")
    mounts = mount_system(root)
    mounts += [f'mount -t tmpfs -o uid={user[0]},gid={user[1]},mode=700 tmpfs "$0{v}"' for v in about["volumes"]]
    for here, there in (pair.split(":") for pair in mounted):
        (root / there.lstrip("/")).mkdir(parents=True, exist_ok=True)
        mounts += [f'mount --bind {shlex.quote(here)} "$0{there}"']
    mounts += ['mount -o remount,ro,bind "$0"', 'exec chroot "$0" "$@"']
    left = "".join(f",+{name}" for name in ROOT_CAPABILITIES) if as_root else ""
    drop = ["setpriv", "--no-new-privs", f"--bounding-set=-all{left}", "--inh-caps=-all"]
    drop += [] if as_root else [f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups"]
    variables = {"PATH": PATH, "HOSTNAME": "image"} | about["environment"] | environment
    os.execvpe("unshare", ["unshare", "-mp", "--fork", "--kill-child=TERM", "sh", "-ec", "; ".join(mounts), str(root),
                           *drop, *about["entry"]], variables)  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["build", "run"])
    parser.add_argument("folder", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--root", action="store_true")
    parser.add_argument("--mount", action="append", default=[])
    parser.add_argument("pairs", nargs="*")
    asked = parser.parse_intermixed_args()
    pairs = dict(pair.split("=", 1) for pair in asked.pairs)
    if asked.what == "build":
        asked.folder.mkdir(parents=True, exist_ok=True)
        Build(pathlib.Path.cwd(), asked.folder, pairs).all()
    else:
        run(asked.folder, pairs, asked.root, asked.mount)


if __name__ == "__main__":
    main()
