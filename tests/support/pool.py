"""A pool between server and PostgreSQL that is as strict and as full as PgBouncer may be."""

import selectors
import socket
import struct
import threading
import time
import urllib.parse

KNOWN = {b"user", b"database", b"client_encoding", b"application_name"}
PASSWORD = b"p"


class Pool:
    """url is where it listens, for as long as the context lasts.

    room     for so many clients; others log in, but their first statement waits
    clients  how many have come so far
    """

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self._there = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        user, _, _ = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{user}@127.0.0.1:{self._listener.getsockname()[1]}").geturl()
        self.room = 1000
        self.clients = 0
        self._open, self._seated = set(), set()
        self._lock = threading.Lock()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.restart()

    def restart(self):
        """All connections end."""
        for end in list(self._open):
            end.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        self._open.add(client)
        self.clients += 1
        with client:
            try:
                self._relay(client, _read_startup(client))
            except OSError:  # one of the ends is gone
                pass
            finally:
                self._open.discard(client)
                self._seated.discard(client)

    def _seat(self, client):
        while True:
            with self._lock:
                if client in self._seated or len(self._seated) < self.room:
                    self._seated.add(client)
                    return
            time.sleep(0.02)

    def _relay(self, client, startup):
        names = startup[8:].split(b"\0")[:-2:2]
        if unknown := set(names) - KNOWN:
            client.sendall(_error(b"unsupported startup parameter: " + unknown.pop()))
            return
        with socket.create_connection(self._there) as there, selectors.DefaultSelector() as selector:
            there.sendall(startup)
            selector.register(client, selectors.EVENT_READ, there)
            selector.register(there, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is client and data[:1] != PASSWORD:
                        self._seat(client)
                    key.data.sendall(data)


def _read_startup(client):
    """What says who is there, after a refusal of whatever encryption is asked for."""
    while True:
        head = client.recv(8, socket.MSG_WAITALL)
        if len(head) < 8:
            raise ConnectionResetError
        length, code = struct.unpack("!II", head)
        if length > 8:
            return head + client.recv(length - 8, socket.MSG_WAITALL)
        client.sendall(b"N")


def _error(text):
    fields = b"SFATAL\0VFATAL\0C08P01\0M" + text + b"\0\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields
