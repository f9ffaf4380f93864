"""HTTP as bytes: what no well-behaved client would send."""

import socket
import ssl

from support.ground import CERTIFICATE


class Answer:
    """status, headers (lower-case names; the last of a name), body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Raw:
    """One connection. send() bytes, answers come by answer(); both block."""

    def __init__(self, server, tls=False, timeout=10):
        self._buffer = b""
        port = server.port if tls else server.plain_port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        if tls:
            context = ssl.create_default_context(cafile=CERTIFICATE)
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
        return self

    def _more(self):
        data = self.socket.recv(65536)
        self._buffer += data
        return bool(data)

    def _until(self, mark):
        while mark not in self._buffer:
            if not self._more():
                raise EOFError(self._buffer)
        head, self._buffer = self._buffer.split(mark, 1)
        return head

    def answer(self, head=False):
        """The next answer; ${head}: to a HEAD, which has no body."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, *_ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
        length = 0 if head or int(status) < 200 else int(headers.get("content-length", 0))
        while len(self._buffer) < length:
            if not self._more():
                raise EOFError(self._buffer)
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Answer(int(status), headers, body)

    def is_closed(self):
        """Whether the server says no more, and has said nothing else."""
        try:
            return not self._buffer and not self._more()
        except (ConnectionResetError, ssl.SSLError):
            return True
