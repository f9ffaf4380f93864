"""Where a test run keeps its things, and how it asks ./dev for them."""

import os
import pathlib
import random
import shutil
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = ROOT / ".run"
CERTIFICATE = ROOT / "cert" / "server.pem"


def dev(*arguments, **environment):
    """Run ./dev with these arguments; its standard output, stripped."""
    result = subprocess.run(
        [ROOT / "dev", *map(str, arguments)],
        env={**os.environ, **{k: str(v) for k, v in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise RuntimeError(
            f"./dev {' '.join(map(str, arguments))}: {result.stdout}{result.stderr}"
        )
    return result.stdout.strip()


def make_folder():
    """A folder of this run, after clearing away what dead runs have left."""
    for folder in STATE.glob("test-*"):
        owner = folder.name.removeprefix("test-")
        if not pathlib.Path("/proc", owner).exists():
            remove_folder(folder)
    folder = STATE / f"test-{os.getpid()}"
    folder.mkdir(parents=True)
    return folder


def remove_folder(folder):
    dev("database", "remove", DATABASE_FOLDER=folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def free_port():
    """A port nobody listens on, below those that outgoing connections get."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
