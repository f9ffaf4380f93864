"""Give the cases of tests/http/test_raw.py to us and to nginx, and write down
what each makes of them: docs/http-nginx.md.
"""

import concurrent.futures
import pathlib
import re
import socket
import subprocess
import sys
import time

from support import ground
from support.cluster import Cluster
from support.server import Server
from test_raw import FRIENDLY, GET, STRICT

PAGE = ground.ROOT / "docs" / "http-nginx.md"

# Limits as ours. The proxy reads a request whole before it passes it on.
NGINX = """
daemon off;
master_process off;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
	access_log off;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	client_header_buffer_size 8k;
	large_client_header_buffers 4 8k;
	client_max_body_size 1m;
	server {{
		listen 127.0.0.1:{port};
		location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
	}}
	server {{
		listen 127.0.0.1:{upstream};
		return 200 "read";
	}}
}}
"""

QUIET_S = 1.5

# Whoever says one of these has read the request and looked for its resource;
# nginx's resource is always there.
OURS_READ = {"200", "401", "404", "405"}
NGINX_READ = {"200"}


class Nginx:
    def __init__(self, folder):
        folder.mkdir()
        self.port, upstream = ground.free_port(), ground.free_port()
        configuration = folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, port=self.port, upstream=upstream))
        self._process = subprocess.Popen(["nginx", "-c", configuration, "-p", folder])
        deadline = time.monotonic() + 10
        while not answers(self.port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                sys.exit("dev: nginx does not start: see above")
            time.sleep(0.05)

    def stop(self):
        self._process.terminate()
        self._process.wait()


def answers(port):
    try:
        return talk(port, GET)[0] == ["200"]
    except OSError:
        return False


def listen(connection):
    """All that comes until nothing more does, and whether that was the end."""
    heard = b""
    try:
        while more := connection.recv(65536):
            heard += more
        return heard, True
    except TimeoutError:
        return heard, False
    except ConnectionResetError:
        return heard, True


def statuses(heard):
    return [s.decode() for s in re.findall(rb"HTTP/1\.[01] ([2-5]\d\d) ", heard)]


def talk(port, data):
    """The statuses that these bytes get, and whether the connection is still good afterwards."""
    data = data if isinstance(data, bytes) else data.encode("latin-1")
    with socket.create_connection(("127.0.0.1", port), timeout=QUIET_S) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass  # refused before all was sent; the answer may still come
        heard, is_closed = listen(connection)
        if is_closed:
            return statuses(heard), False
        try:
            connection.sendall(GET.encode())
            after, _ = listen(connection)
        except OSError:
            return statuses(heard), False
        return statuses(heard), statuses(after) == ["200"]


def in_words(found, is_open, read):
    """"read 2 times", "400, closed"."""
    words = ["read" if status in read else status for status in found]
    if len(words) > 1 and set(words) == {"read"}:
        words = [f"read {len(words)} times"]
    if not words:
        words = ["no answer"]
    return ", ".join(words) + ("" if is_open else ", closed")


def compare(ours, nginx):
    cases = [(name, section, data) for name, section, data, _ in FRIENDLY + STRICT]

    def one(case):
        name, section, data = case
        return (
            name,
            section,
            in_words(*talk(ours, data), OURS_READ),
            in_words(*talk(nginx, data), NGINX_READ),
        )

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, cases))


def is_read(words):
    return not words.endswith(", closed")


def write(rows):
    version = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    version = version.strip().removeprefix("nginx version: ")
    stricter = sum(1 for r in rows if not is_read(r[2]) and is_read(r[3]))
    milder = sum(1 for r in rows if is_read(r[2]) and not is_read(r[3]))
    lines = [
        "# The same bytes, read by us and by nginx",
        "",
        f"Written by `./dev compare` from the cases of `tests/http/test_raw.py`, with {version} as a proxy before a",
        "server that answers 200, and limits like ours. *read*: the request reached its resource (whatever that is:",
        "401, 404 and 405 are ours). *closed*: what follows on the connection is not read. Sections are of RFC 9112",
        "unless another is named.",
        "",
        f"Of {len(rows)} cases both read or both refuse {len(rows) - stricter - milder}; we refuse {stricter} that nginx reads,",
        f"and read {milder} that nginx refuses: **bold**.",
        "",
        "| bytes | section | ours | nginx |",
        "|---|---|---|---|",
    ]
    for name, section, ours, theirs in rows:
        mark = "**" if is_read(ours) != is_read(theirs) else ""
        lines.append(f"| {name} | {section} | {mark}{ours}{mark} | {mark}{theirs}{mark} |")
    PAGE.write_text("\n".join(lines) + "\n")


def main():
    folder = ground.make_folder()
    server = nginx = None
    try:
        cluster = Cluster(folder)
        server = Server(folder / "ours", cluster.create()).start()
        nginx = Nginx(pathlib.Path(folder / "nginx"))
        write(compare(server.plain_port, nginx.port))
    finally:
        if nginx is not None:
            nginx.stop()
        if server is not None:
            server.stop()
        ground.remove_folder(folder)
    print(f"written: {PAGE.relative_to(ground.ROOT)}")


if __name__ == "__main__":
    main()
