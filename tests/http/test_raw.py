"""The front door, byte by byte. Each case names what it proves and where that is written."""

import contextlib
import json
import pathlib
import resource
import socket
import threading
import time

import pytest

from support.people import People
from support.raw import Raw
from support.samples import Samples
from support.waiting import eventually

HOST = "Host: x\r\n"
HEALTH = "/api/v1/health"
GET = f"GET {HEALTH} HTTP/1.1\r\n{HOST}\r\n"
# A POST that reads its body before it asks for a token: 401 means "read whole".
POST = "POST /api/v1/families/create HTTP/1.1\r\n" + HOST
JSON = "Content-Type: application/json\r\n"


def get(*headers, target=HEALTH, version="HTTP/1.1", host=HOST):
    return f"GET {target} {version}\r\n{host}" + "".join(f"{h}\r\n" for h in headers) + "\r\n"


def post(*headers, body=""):
    return POST + JSON + "".join(f"{h}\r\n" for h in headers) + "\r\n" + body


def chunked(body, *headers):
    return post("Transfer-Encoding: chunked", *headers, body=body)


# name, section of RFC 9112 unless another is named, bytes, statuses in order
FRIENDLY = [
    ("a plain request", "3", GET, [200]),
    ("two requests in one go", "9.3.2", GET * 2, [200, 200]),
    ("fifty requests in one go", "9.3.2", GET * 50, [200] * 50),
    ("an empty line first", "2.2", "\r\n" + GET, [200]),
    ("several empty lines first", "2.2", "\r\n\r\n\r\n" + GET, [200]),
    ("empty lines between requests", "2.2", GET + "\r\n\r\n" + GET, [200, 200]),
    ("absolute form", "3.2.2", get(target="http://x" + HEALTH), [200]),
    ("absolute form over https", "3.2.2", get(target="https://x:8888" + HEALTH), [200]),
    ("absolute form with another Host", "3.2.2", get(target="http://other" + HEALTH), [200]),
    ("asterisk form", "3.2.4", f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n", [200]),
    ("HTTP/1.0 with keep-alive", "C.2.2", get("Connection: keep-alive", version="HTTP/1.0"), [200]),
    ("HTTP/1.0 without Host", "3.2", f"GET {HEALTH} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [200]),
    ("a later minor version", "2.3", get(version="HTTP/1.2"), [200]),
    ("an empty header value", "5", get("X-Empty:"), [200]),
    ("blanks around a value", "5", get("X-Blank:   \t a \t "), [200]),
    ("no blank before a value", "5", get("X-Tight:a"), [200]),
    ("bytes above ASCII in a value", "RFC 9110 5.5", get("X-Obs: \xe9\xff"), [200]),
    ("a name of every token character", "RFC 9110 5.6.2", get("x!#$%&'*+-.^_`|~9: a"), [200]),
    ("a hundred headers", "RFC 9110 5.4", get(*[f"X-{n}: a" for n in range(100)]), [200]),
    ("sixteen kilobytes of headers", "RFC 9110 5.4", get("X-Long: " + "a" * 16000), [200]),
    ("Authorization behind fifty headers", "RFC 9110 5.3",
     get(*[f"X-{n}: a" for n in range(50)], "Authorization: Bearer x", target="/api/v1/users/me"), [401]),
    ("a header twice", "RFC 9110 5.3", get("X-Twice: a", "X-Twice: b"), [200]),
    ("names in any letter case", "5.1", f"GET {HEALTH} HTTP/1.1\r\nhOsT: x\r\n\r\n", [200]),
    ("an empty Host", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost:\r\n\r\n", [200]),
    ("Host with a port", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost: localhost:8888\r\n\r\n", [200]),
    ("Host of IPv6", "3.2", f"GET {HEALTH} HTTP/1.1\r\nHost: [::1]:8888\r\n\r\n", [200]),
    ("a query", "3.2.1", get(target=HEALTH + "?a=b&c=%20?"), [200]),
    ("a percent-encoded path", "3.2.1", get(target="/api/v1/h%65alth"), [200]),
    ("POST without a body or length", "6.3", "POST /api/v1/chores/1/complete HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("PUT without a body or length", "6.3", "PUT /api/v1/chores/1 HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("PATCH without a body or length", "6.3", f"PATCH {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("DELETE without a body or length", "6.3", "DELETE /api/v1/families/leave HTTP/1.1\r\n" + HOST + "\r\n", [401]),
    ("POST with length 0", "6.2", post("Content-Length: 0"), [401]),
    ("POST with a body", "6.2", post("Content-Length: 2", body="{}"), [401]),
    ("a length with leading zeros", "6.2", post("Content-Length: 0002", body="{}"), [401]),
    ("GET with a body", "RFC 9110 9.3.1", get("Content-Length: 2") + "{}" + GET, [200, 200]),
    ("HEAD of a page", "RFC 9110 9.3.2", f"HEAD {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", ["HEAD 200"]),
    ("a request behind a body", "9.3.2", post("Content-Length: 2", body="{}") + GET, [401, 200]),
    ("a chunked body", "7.1", chunked("2\r\n{}\r\n0\r\n\r\n"), [401]),
    ("several chunks", "7.1", chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), [401]),
    ("chunk sizes with leading zeros", "7.1", chunked("0002\r\n{}\r\n000\r\n\r\n"), [401]),
    ("chunk sizes in capitals", "7.1", chunked("A\r\n" + '{"name":1}'[:10] + "\r\n0\r\n\r\n"), [401]),
    ("chunk extensions", "7.1.1", chunked('2;a=b;c="d;e"\r\n{}\r\n0;x\r\n\r\n'), [401]),
    ("trailers", "7.1.2", chunked("2\r\n{}\r\n0\r\nX-Trailer: a\r\nX-More: b\r\n\r\n"), [401]),
    ("a request behind chunks", "9.3.2", chunked("2\r\n{}\r\n0\r\n\r\n") + GET, [401, 200]),
    ("a coding's name in any case", "7", post("Transfer-Encoding: ChUnKeD", body="0\r\n\r\n"), [401]),
    ("no chunk but the last", "7.1", chunked("0\r\n\r\n"), [401]),
    ("an expectation", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: 100-continue", body="{}"), [401]),
    ("an expectation in any case", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: 100-Continue", body="{}"), [401]),
    ("an expectation without a body", "RFC 9110 10.1.1", get("Expect: 100-continue"), [200]),
    ("unknown methods on a known path", "RFC 9110 9.1", f"BREW {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("methods are case-sensitive", "RFC 9110 9.1", f"get {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("an unknown path", "RFC 9110 15.5.5", get(target="/nope"), [404]),
    ("a percent sign that stands for itself", "RFC 3986 2.1", get(target="/%zz%2"), [404]),
    ("a path with dots", "RFC 3986 5.2.4", get(target="/api/v1/../v1/health"), [404]),
    ("DELETE with a body", "RFC 9110 9.3.5",
     "DELETE /api/v1/families/leave HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}" + GET, [401, 200]),
    ("GET with a chunked body", "RFC 9110 9.3.1", get("Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n" + GET, [200, 200]),
    ("PUT with a body", "6.2", "PUT /api/v1/chores/1 HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2\r\n\r\n{}", [401]),
    ("PATCH with a chunked body", "7.1",
     f"PATCH {HEALTH} HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", [405]),
    ("HEAD with a body", "RFC 9110 9.3.2", f"HEAD {HEALTH} HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n{}" + GET,
     ["HEAD 200", 200]),
    ("HEAD of nothing", "RFC 9110 9.3.2", "HEAD /nope HTTP/1.1\r\n" + HOST + "\r\n" + GET, ["HEAD 404", 200]),
    ("a body in HTTP/1.0", "6.2",
     "POST /api/v1/families/create HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}" + GET, [401, 200]),
    ("absolute form without a path", "3.2.2", get(target="http://x"), [200]),
    ("absolute form with a query alone", "3.2.2", get(target="http://x?a=b"), [200]),
    ("absolute form in capitals", "RFC 9110 4.2.3", get(target="HTTP://X" + HEALTH), [200]),
    ("absolute form of asterisk form", "3.2.4", f"OPTIONS http://x HTTP/1.1\r\n{HOST}\r\n", [200]),
    ("a query of question marks", "3.2.1", get(target=HEALTH + "???"), [200]),
    ("a path of two slashes", "3.2.1", get(target="//"), [404]),
    ("a percent-encoded question mark", "3.2.1", get(target=HEALTH + "%3f"), [404]),
    ("as many headers as are allowed", "RFC 6585 5", get(*[f"X-{n}: a" for n in range(199)]), [200]),
    ("a line as long as is allowed", "3", get(target=HEALTH + "?" + "a" * (8191 - len(f"GET {HEALTH}? HTTP/1.1"))), [200]),
    ("Connection with several words", "RFC 9110 7.6.1", get("Connection: foo, keep-alive ,, bar"), [200]),
    ("an upgrade to HTTP/2", "RFC 9110 7.8", get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), [200]),
    ("an upgrade to WebSocket", "RFC 9110 7.8", get("Connection: Upgrade", "Upgrade: websocket"), [200]),
    ("TE and trailers announced", "RFC 9110 10.1.4", get("TE: trailers, gzip;q=0.5", "Connection: TE", "Trailer: X"), [200]),
    ("a later minor version with a body", "2.3",
     "POST /api/v1/families/create HTTP/1.9\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", [401]),
    ("a length among the trailers", "6.5.1", chunked("2\r\n{}\r\n0\r\nContent-Length: 100\r\n\r\n") + GET, [401, 200]),
    ("blanks before an extension", "7.1.1", chunked("2 \t;a\r\n{}\r\n0\r\n\r\n"), [401]),
    ("two thousand chunks", "7.1", chunked("1\r\n1\r\n" * 2000 + "0\r\n\r\n"), [401]),
    ("a body as large as is allowed", "6.2", post("Content-Length: 1048576", body='"' + "x" * 1048574 + '"'), [401]),
    ("an expectation in HTTP/1.0", "RFC 9110 10.1.1",
     "POST /api/v1/families/create HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}", [401]),
    ("a method of a hundred letters", "3.1", "X" * 100 + f" {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("TRACE", "RFC 9110 9.3.8", f"TRACE {HEALTH} HTTP/1.1\r\n" + HOST + "\r\n", [405]),
    ("malformed JSON keeps the connection", "9.3", post("Content-Length: 4", body="{bad") + GET, [400, 200]),
]  # fmt: skip

STRICT = [
    ("both lengths", "6.1", post("Content-Length: 2", "Transfer-Encoding: chunked", body="0\r\n\r\n"), 400),
    ("both lengths the other way round", "6.1", post("Transfer-Encoding: chunked", "Content-Length: 2", body="0\r\n\r\n"), 400),
    ("two different lengths", "6.3", post("Content-Length: 2", "Content-Length: 3", body="{}"), 400),
    ("two equal lengths", "6.3", post("Content-Length: 2", "Content-Length: 2", body="{}"), 400),
    ("a list of lengths", "6.3", post("Content-Length: 2, 2", body="{}"), 400),
    ("a length with a sign", "6.2", post("Content-Length: +2", body="{}"), 400),
    ("a negative length", "6.2", post("Content-Length: -1"), 400),
    ("a hexadecimal length", "6.2", post("Content-Length: 0x2", body="{}"), 400),
    ("a length with a fraction", "6.2", post("Content-Length: 2.0", body="{}"), 400),
    ("an empty length", "6.2", post("Content-Length:"), 400),
    ("a length beyond all numbers", "6.2", post("Content-Length: " + "9" * 40), 400),
    ("a length in Arabic digits", "6.2", post("Content-Length: \xd9\xa2", body="{}"), 400),
    ("an unknown coding", "6.1", post("Transfer-Encoding: gzip", body="x"), 501),
    ("chunked not last", "6.1", post("Transfer-Encoding: chunked, gzip", body="x"), 400),
    ("chunked twice", "7", post("Transfer-Encoding: chunked, chunked", body="0\r\n\r\n"), 400),
    ("two codings in two lines", "6.1", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body="0\r\n\r\n"), 400),
    ("identity", "6.1", post("Transfer-Encoding: identity", body="x"), (400, 501)),
    ("an empty coding", "6.1", post("Transfer-Encoding:", body="x"), 400),
    ("chunked with a parameter", "7", post("Transfer-Encoding: chunked;a=b", body="0\r\n\r\n"), (400, 501)),
    ("chunked in quotes", "7", post('Transfer-Encoding: "chunked"', body="0\r\n\r\n"), (400, 501)),
    ("chunked with a tab in it", "6.1", post("Transfer-Encoding: chu\tnked", body="0\r\n\r\n"), (400, 501)),
    ("chunked in HTTP/1.0", "6.1", "POST /api/v1/users/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("a chunk size of no digits", "7.1", chunked("\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with a sign", "7.1", chunked("+2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with 0x", "7.1", chunked("0x2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size with a blank before it", "7.1", chunked(" 2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size that overflows", "7.1", chunked("fffffffffffffffff\r\n"), (400, 413)),
    ("a chunk longer than its size", "7.1", chunked("1\r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk without its line end", "7.1", chunked("2\r\n{}0\r\n\r\n"), 400),
    ("a chunk that ends in a bare LF", "7.1", chunked("2\r\n{}\n0\r\n\r\n"), 400),
    ("a chunk size that ends in a bare LF", "7.1", chunked("2\n{}\r\n0\r\n\r\n"), 400),
    ("a bare CR in a chunk extension", "7.1.1", chunked("2;a\rb\r\n{}\r\n0\r\n\r\n"), 400),
    ("a folded trailer", "7.1.2", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400),
    ("a bad trailer", "7.1.2", chunked("0\r\nX a\r\n\r\n"), 400),
    ("a bare LF as a line end", "2.2", GET.replace("\r\n", "\n"), 400),
    ("a bare LF after one header", "2.2", f"GET {HEALTH} HTTP/1.1\r\nHost: x\nX: a\r\n\r\n", 400),
    ("a bare CR as a line end", "2.2", f"GET {HEALTH} HTTP/1.1\rHost: x\r\r", 400),
    ("a bare CR in a value", "2.2", get("X: a\rb"), 400),
    ("NUL in a value", "RFC 9110 5.5", get("X: a\0b"), 400),
    ("a control character in a value", "RFC 9110 5.5", get("X: a\x01b"), 400),
    ("DEL in a value", "RFC 9110 5.5", get("X: a\x7fb"), 400),
    ("a blank before the colon", "5.1", get("X : a"), 400),
    ("a tab before the colon", "5.1", get("X\t: a"), 400),
    ("a blank before the first header", "2.2", f"GET {HEALTH} HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    ("a folded header", "5.2", get("X: a\r\n b"), 400),
    ("a folded header with a tab", "5.2", get("X: a\r\n\tb"), 400),
    ("a header without a colon", "5", get("nonsense"), 400),
    ("a header without a name", "5", get(": a"), 400),
    ("a name with a blank", "5.1", get("X Y: a"), 400),
    ("a name with a slash", "5.1", get("X/Y: a"), 400),
    ("a name above ASCII", "5.1", get("X\xe9: a"), 400),
    ("NUL in a name", "5.1", get("X\0: a"), 400),
    ("no Host", "3.2", get(host=""), 400),
    ("two Hosts", "3.2", get("Host: y"), 400),
    ("two equal Hosts", "3.2", get("Host: x"), 400),
    ("Host with a blank", "3.2", get(host="Host: a b\r\n"), 400),
    ("Host with a slash", "3.2", get(host="Host: a/b\r\n"), 400),
    ("Host with an at-sign", "3.2", get(host="Host: a@b\r\n"), 400),
    ("no target", "3", f"GET HTTP/1.1\r\n{HOST}\r\n", 400),
    ("two targets", "3", f"GET / / HTTP/1.1\r\n{HOST}\r\n", 400),
    ("two blanks in the request line", "3", f"GET  {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a tab in the request line", "3", f"GET\t{HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a blank at the end of the request line", "3", f"GET {HEALTH} HTTP/1.1 \r\n{HOST}\r\n", 400),
    ("a target without a slash", "3.2", get(target="api"), 400),
    ("a fragment in the target", "3.2", get(target=HEALTH + "#x"), 400),
    ("bytes above ASCII in the target", "3.2", get(target="/\xe9"), 400),
    ("a control character in the target", "3.2", get(target="/\x01"), 400),
    ("NUL in the target, escaped", "3.2", get(target="/%00"), 400),
    ("asterisk with GET", "3.2.4", f"GET * HTTP/1.1\r\n{HOST}\r\n", 400),
    ("authority form", "3.2.3", f"CONNECT x:1 HTTP/1.1\r\n{HOST}\r\n", 501),
    ("a method that is no token", "3.1", f"G(T {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("no method", "3.1", f" {HEALTH} HTTP/1.1\r\n{HOST}\r\n", 400),
    ("HTTP/0.9", "2.3", "GET /\r\n\r\n", (400, 505)),
    ("HTTP/2 in clear", "2.3", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("HTTP/3", "2.3", get(version="HTTP/3.0"), 505),
    ("a version of two digits", "2.3", get(version="HTTP/1.10"), (400, 505)),
    ("a version in small letters", "2.3", get(version="http/1.1"), (400, 505)),
    ("another protocol", "2.3", get(version="HTCPCP/1.0"), (400, 505)),
    ("too long a line", "3", get(target="/" + "a" * 9000), 414),
    ("too long a query", "3", get(target=HEALTH + "?" + "a" * 9000), 414),
    ("too large a header", "RFC 6585 5", get("X: " + "a" * 40000), 431),
    ("too many headers", "RFC 6585 5", get(*[f"X-{n}: a" for n in range(300)]), 431),
    ("an unknown expectation", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: a-miracle", body="{}"), 417),
    ("both lengths in other letters", "6.1", post("CONTENT-LENGTH: 2", "transfer-encoding: Chunked", body="0\r\n\r\n"), 400),
    ("a length and an unknown coding", "6.1", post("Content-Length: 2", "Transfer-Encoding: x", body="{}"), 400),
    ("a length behind a blank and a colon", "5.1", post("Content-Length : 2", body="{}"), 400),
    ("a coding behind a blank and a colon", "5.1", post("Transfer-Encoding : chunked", body="0\r\n\r\n"), 400),
    ("a folded length", "5.2", post("Content-Length:\r\n 2", body="{}"), 400),
    ("a folded coding", "5.2", post("Transfer-Encoding:\r\n chunked", body="0\r\n\r\n"), 400),
    ("a length in two parts", "6.2", post("Content-Length: 0 2", body="{}"), 400),
    ("a length in quotes", "6.2", post('Content-Length: "2"', body="{}"), 400),
    ("a length beyond 63 bits", "6.2", post("Content-Length: 9223372036854775808"), 400),
    ("a coding behind a vertical tab", "6.1", post("Transfer-Encoding: \x0bchunked", body="0\r\n\r\n"), 400),
    ("a coding behind an empty one", "RFC 9110 5.6.1", post("Transfer-Encoding: ,chunked", body="0\r\n\r\n"), 400),
    ("a coding before an empty one", "RFC 9110 5.6.1", post("Transfer-Encoding: chunked,", body="0\r\n\r\n"), 400),
    ("gzip, then chunked", "6.1", post("Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"), 501),
    ("a coding that ends in chunked", "6.1", post("Transfer-Encoding: xchunked", body="0\r\n\r\n"), 501),
    ("a name with a vertical tab", "5.1", get("X\x0b: a"), 400),
    ("a name of a control character", "5.1", get("\x1b: a"), 400),
    ("a bare LF before the request", "2.2", "\n" + GET, 400),
    ("a bare CR before the request", "2.2", "\r" + GET, 400),
    ("a bare LF in a chunk extension", "7.1.1", chunked("2;a\nb\r\n{}\r\n0\r\n\r\n"), 400),
    ("a bare LF behind the last chunk", "7.1", chunked("0\n\r\n"), 400),
    ("a bare LF behind a trailer", "7.1.2", chunked("0\r\nX: a\n\r\n"), 400),
    ("NUL in a trailer", "7.1.2", chunked("0\r\nX: a\0\r\n\r\n"), 400),
    ("a blank behind a chunk size", "7.1", chunked("2 \r\n{}\r\n0\r\n\r\n"), 400),
    ("a chunk size of many zeros", "7.1", chunked("0" * 30 + "2\r\n{}\r\n0\r\n\r\n"), 400),
    ("a negative chunk size", "7.1", chunked("-1\r\n"), 400),
    ("a chunk size in quotes", "7.1", chunked('"2"\r\n{}\r\n0\r\n\r\n'), 400),
    ("a chunk extension of no end", "7.1.1", chunked("2;" + "a" * 20000), 400),
    ("trailers of no end", "7.1.2", chunked("0\r\n" + "X: a\r\n" * 8000), 431),
    ("NUL in the request line", "3", f"GET {HEALTH}\0 HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a bare CR in the request line", "2.2", f"GET {HEALTH}\r HTTP/1.1\r\n{HOST}\r\n", 400),
    ("a blank in the target", "3.2", f"GET {HEALTH} x HTTP/1.1\r\n{HOST}\r\n", 400),
    ("absolute form of another scheme", "3.2.2", get(target="ftp://x/"), 400),
    ("absolute form without a host", "RFC 9110 4.2.1", get(target="http:///api"), 400),
    ("absolute form with a user", "RFC 9110 4.2.4", get(target="http://a:b@x/"), 400),
    ("absolute form with one slash", "3.2.2", get(target="http:/x/"), 400),
    ("asterisk with more behind it", "3.2.4", f"OPTIONS *x HTTP/1.1\r\n{HOST}\r\n", 400),
    ("two Hosts in HTTP/1.0", "3.2", get("Host: y", version="HTTP/1.0"), 400),
    ("a Host above ASCII", "3.2", get(host="Host: \xe9\r\n"), 400),
    ("two Hosts in one", "3.2", get(host="Host: x, y\r\n"), 400),
    ("no Host beside absolute form", "3.2.2", get(target="http://x/", host=""), 400),
    ("a version without a minor one", "2.3", get(version="HTTP/1"), (400, 505)),
    ("a version with a comma", "2.3", get(version="HTTP/1,1"), (400, 505)),
    ("a version with a sign", "2.3", get(version="HTTP/+1.1"), (400, 505)),
    ("no version", "2.3", f"GET {HEALTH} \r\n{HOST}\r\n", (400, 505)),
    ("empty lines of no end", "2.2", "\r\n" * 20000, (414, 431)),
    ("one header more than is allowed", "RFC 6585 5", get(*[f"X-{n}: a" for n in range(200)]), 431),
    ("a name of no end", "RFC 6585 5", get("X" * 40000), 431),
    ("a method of no end", "3", "X" * 9000, 414),
    ("an expectation of two", "RFC 9110 10.1.1", post("Content-Length: 2", "Expect: 100-continue, x", body="{}"), 417),
    ("an answer instead of a request", "3", "HTTP/1.1 200 OK\r\n\r\n", 400),
    ("garbage", "2.2", "\x16\x03\x01 nonsense\r\n\r\n", (400, None)),
]  # fmt: skip


# reason, method, status and bytes that are refused for it; what is not read yet has no method
REASONS = [
    ("request_line", "OTHER", 400, "GET\r\n\r\n"),
    ("target", "GET", 400, get(target="/%00")),
    ("connect", "OTHER", 501, f"CONNECT x:1 HTTP/1.1\r\n{HOST}\r\n"),
    ("version", "OTHER", 505, get(version="HTTP/2.0")),
    ("line_too_long", "OTHER", 414, get(target="/" + "a" * 9000)),
    ("line_end", "GET", 400, f"GET {HEALTH} HTTP/1.1\r\nHost: x\n\r\n"),
    ("control_character", "GET", 400, get("X: \x01")),
    ("header_name", "GET", 400, get("X : a")),
    ("header_folded", "GET", 400, get("X: a\r\n b")),
    ("headers_too_large", "GET", 431, get("X: " + "a" * 40000)),
    ("headers_too_many", "GET", 431, get(*[f"X-{n}: a" for n in range(200)])),
    ("host", "GET", 400, get(host="")),
    ("expectation", "POST", 417, post("Expect: x")),
    ("length", "POST", 400, post("Content-Length: x")),
    ("length_and_coding", "POST", 400, post("Content-Length: 2", "Transfer-Encoding: chunked")),
    ("coding", "POST", 400, post("Transfer-Encoding: chunked, gzip")),
    ("coding_unknown", "POST", 501, post("Transfer-Encoding: gzip")),
    ("chunk", "POST", 400, chunked("x\r\n")),
]


def ids(table):
    return [row[0] for row in table]


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def tls(request):
    return request.param


class TestFriendly:
    @pytest.mark.parametrize(("name", "section", "data", "statuses"), FRIENDLY, ids=ids(FRIENDLY))
    def test_is_answered(self, server, tls, name, section, data, statuses):
        with Raw(server, tls) as raw:
            raw.send(data)
            for status in statuses:
                head = isinstance(status, str)
                answer = raw.answer(head=head)
                assert answer.status == (int(status.split()[1]) if head else status)
            raw.send(GET)
            assert raw.answer().status == 200

    @pytest.mark.parametrize(("name", "section", "data", "statuses"), FRIENDLY[::4], ids=ids(FRIENDLY[::4]))
    def test_cut_at_any_byte(self, server, tls, name, section, data, statuses):
        cuts = range(1, min(len(data), 400), 7)
        for cut in cuts:
            with Raw(server, tls) as raw:
                raw.send(data[:cut])
                raw.send(data[cut:])
                for status in statuses:
                    head = isinstance(status, str)
                    assert raw.answer(head=head).status == (int(status.split()[1]) if head else status)


class TestStrict:
    @pytest.mark.parametrize(("name", "section", "data", "status"), STRICT, ids=ids(STRICT))
    def test_is_refused_and_closed(self, server, tls, name, section, data, status):
        allowed = status if isinstance(status, tuple) else (status,)
        with Raw(server, tls) as raw:
            raw.send(data + GET)
            try:
                answer = raw.answer()
            except (EOFError, ConnectionResetError):
                assert None in allowed
                return
            assert answer.status in allowed
            assert isinstance(json.loads(answer.body)["detail"], str)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["connection"] == "close"
            assert raw.is_closed()

    @pytest.mark.parametrize(("reason", "method", "status", "data"), REASONS, ids=ids(REASONS))
    def test_refusals_are_counted_by_reason(self, server, reason, method, status, data):
        def counts():
            metrics = server.metrics()
            return {
                "refused": metrics.total("chores_http_refused_requests_total"),
                "reason": metrics("chores_http_refused_requests_total", reason=reason),
                "requests": metrics.total("http_requests_total", handler="none", method=method, status=str(status)),
                "errors": metrics.total("api_errors_total", endpoint="none", status_code=str(status)),
            }

        before = counts()
        with Raw(server) as raw:
            assert raw.send(data).answer().status == status
        after = counts()
        assert {k: after[k] - before[k] for k in after} == {"refused": 1, "reason": 1, "requests": 1, "errors": 1}


class TestConnections:
    def test_who_expects_to_be_told_to_go_on_is_told(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 2", "Expect: 100-continue"))
            assert raw.answer().status == 100
            assert raw.send("{}").answer().status == 401
            assert raw.send(GET).answer().status == 200

    def test_who_expects_to_send_too_much_is_told_not_to(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 10000000", "Expect: 100-continue"))
            assert raw.answer().status == 413

    def test_the_server_as_a_whole_says_what_it_can(self, server, tls):
        with Raw(server, tls) as raw:
            answer = raw.send(f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n").answer()
            assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")
            assert answer.headers["allow"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS"
            assert raw.send(GET).answer().status == 200

    def test_close_is_kept(self, server, tls):
        with Raw(server, tls) as raw:
            answer = raw.send(get("Connection: close") + GET).answer()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
            assert raw.is_closed()

    def test_http_1_0_closes_unless_asked(self, server, tls):
        with Raw(server, tls) as raw:
            assert raw.send(f"GET {HEALTH} HTTP/1.0\r\n\r\n").answer().status == 200
            assert raw.is_closed()

    def test_half_closed_clients_get_their_answers(self, server):
        with Raw(server) as raw:
            raw.send(GET * 3)
            raw.socket.shutdown(socket.SHUT_WR)
            assert [raw.answer().status for _ in range(3)] == [200] * 3
            assert raw.is_closed()

    def test_answers_come_in_order(self, server, tls):
        people = People(server)
        parent = people.parent()
        slow = f"GET /api/v1/statistics/trends HTTP/1.1\r\n{HOST}Authorization: Bearer {parent.token}\r\n\r\n"
        quick = GET.replace(HOST, HOST + "X-Request-Id: quick\r\n")
        with Raw(server, tls) as raw:
            raw.send((slow.replace(HOST, HOST + "X-Request-Id: slow\r\n") + quick) * 10)
            got = [raw.answer().headers["x-request-id"] for _ in range(20)]
        assert got == ["slow", "quick"] * 10
        people.close()

    def test_pipelines_of_any_depth_need_little_memory(self, server, tls):
        with Raw(server, tls, timeout=60) as raw:
            for _ in range(20):
                raw.send(GET * 100)
            assert [raw.answer().status for _ in range(2000)] == [200] * 2000

    def test_large_bodies_are_refused_while_they_arrive(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 10000000", body="x" * 1000))
            answer = raw.answer()
            assert answer.status == 413
            assert json.loads(answer.body)["error"]["details"]["request_size_bytes"] == 10000000

    def test_large_chunked_bodies_are_refused_while_they_arrive(self, server, tls):
        with Raw(server, tls) as raw:
            raw.send(chunked("40000\r\n" + "x" * 0x40000 + "\r\nfffff\r\n"))
            assert raw.answer().status == 413
            assert raw.is_closed()

    def test_a_body_one_byte_too_large_is_refused(self, server, tls):
        with Raw(server, tls) as raw:
            assert raw.send(post("Content-Length: 1048577")).answer().status == 413

    def test_the_rest_of_a_refused_body_is_no_request(self, server, tls):
        before = server.metrics().total("http_requests_total", handler=HEALTH)
        with Raw(server, tls) as raw:
            raw.send(post("Content-Length: 10000000", body=GET * 100))
            assert raw.answer().status == 413
            assert raw.is_closed()
        assert server.metrics().total("http_requests_total", handler=HEALTH) == before

    def test_tls_on_the_plain_port_is_closed(self, server):
        with Raw(server) as raw:
            raw.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64)
            try:
                assert raw.answer().status == 400
            except (EOFError, ConnectionResetError):
                pass

    def test_plain_on_the_tls_port_is_told_so(self, server):
        class Plain:
            plain_port = server.port

        with Raw(Plain) as raw:
            answer = raw.send(GET).answer()
            assert answer.status == 400
            assert json.loads(answer.body)["detail"] == "This port speaks TLS: use https"


class TestSlow:
    @pytest.fixture(scope="class")
    @classmethod
    def hasty(cls, cluster, run_folder):
        from support.server import Server

        server = Server(
            run_folder / "hasty", cluster.create(), HTTP_HEADER_TIMEOUT_S=1, HTTP_BODY_TIMEOUT_S=1,
            HTTP_IDLE_TIMEOUT_S=2, HTTP_CONNECTIONS_PER_ADDRESS=40,
        ).start()  # fmt: skip
        yield server
        server.stop()

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("data", "reason"), [(GET[:20], "header_timeout"), (post("Content-Length: 9", body="{"), "body_timeout")]
    )
    def test_heads_and_bodies_have_their_time(self, hasty, tls, data, reason):
        before = hasty.metrics()("chores_http_refused_requests_total", reason=reason)
        with Raw(hasty, tls) as raw:
            assert raw.send(data).answer().status == 408
            assert raw.is_closed()
        assert hasty.metrics()("chores_http_refused_requests_total", reason=reason) == before + 1

    @pytest.mark.slow
    @pytest.mark.parametrize(("sent", "dribbled"), [("", GET[:30]), (post("Content-Length: 99", body=""), "x" * 30)])
    def test_a_dribble_is_no_excuse(self, hasty, sent, dribbled):
        with Raw(hasty) as raw:
            raw.send(sent)
            for byte in dribbled:
                raw.send(byte)
                time.sleep(0.1)
                raw.socket.settimeout(0.01)
                try:
                    assert raw.answer().status == 408
                    return
                except TimeoutError:
                    raw.socket.settimeout(10)
        raise AssertionError("never refused")

    @pytest.mark.slow
    def test_idle_connections_are_closed(self, hasty, tls):
        with Raw(hasty, tls) as raw:
            assert raw.send(GET).answer().status == 200
            started = time.monotonic()
            assert raw.is_closed()
            assert time.monotonic() - started < 8

    @pytest.mark.slow
    @pytest.mark.parametrize("before", ["", GET])
    def test_an_empty_line_leaves_a_connection_idle(self, hasty, tls, before):
        """RFC 9112, 2.2: it begins no request, and buys no more time than none."""
        with Raw(hasty, tls) as raw:
            if before:
                assert raw.send(before).answer().status == 200
            raw.send("\r\n\r\n")
            time.sleep(1.5)
            raw.send("\r\n")
            started = time.monotonic()
            assert raw.is_closed()
            assert time.monotonic() - started < 4

    @pytest.mark.slow
    def test_handshakes_have_their_time(self, hasty):
        class Plain:
            plain_port = hasty.port

        with Raw(Plain) as raw:
            assert raw.is_closed()

    def test_one_address_has_its_share(self, hasty):
        raws = [Raw(hasty) for _ in range(120)]
        try:
            assert raws[-1].send(GET).answer().status == 200
            refused = hasty.metrics()("chores_http_refused_requests_total", reason="too_many_from_address")
            assert refused >= 120 - 2 * 40 - 1
        finally:
            for raw in raws:
                raw.socket.close()


# So many answers that the system cannot keep them for whoever reads nothing.
STALLED = f"GET /openapi.json HTTP/1.1\r\n{HOST}\r\n" * 60
LARGE = post("Content-Length: 1000000", body='"' + "x" * 200000)


class Crowd:
    """Clients that were never going to be good ones: each sends its bytes, reads nothing and stays."""

    def __init__(self, port, count, data=b"", room=None):
        self.sockets = []
        self._dribbles = threading.Event()
        self._thread = None
        for number in range(count):
            one = socket.socket()
            self.sockets.append(one)
            if room is not None:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
            one.bind((f"127.0.0.{2 + number % 100}", 0))
            one.settimeout(10)
            try:
                one.connect(("127.0.0.1", port))
                one.sendall(data)
            except OSError:  # closed for another already
                pass

    def dribble(self, byte=b"a"):
        """From now on, each sends one byte after the other."""

        def run():
            while not self._dribbles.wait(0.05):
                for one in self.sockets:
                    with contextlib.suppress(OSError):
                        one.send(byte)

        self._thread = threading.Thread(target=run)
        self._thread.start()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._dribbles.set()
        if self._thread is not None:
            self._thread.join()
        for one in self.sockets:
            one.close()


def assert_served(server, seconds=5):
    """New connections and the scrape are answered, and soon."""
    for tls in [False, True] * 10:
        started = time.monotonic()
        with Raw(server, tls) as raw:
            assert raw.send(GET).answer().status == 200
        assert time.monotonic() - started < seconds
    started = time.monotonic()
    server.metrics()
    assert time.monotonic() - started < seconds


class TestCrowds:
    @pytest.fixture(autouse=True)
    def many_files(self):
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    @pytest.fixture
    def each(self):
        """Half as many clients for each listener as this process may have files, at most 5000."""
        return min(5000, (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500) // 2)

    @pytest.mark.slow
    def test_the_idle_keep_nobody_from_anything(self, start_server, each):
        server = start_server()
        with Crowd(server.plain_port, each), Crowd(server.port, each):
            assert_served(server)

    @pytest.mark.slow
    def test_the_dribbling_keep_nobody_from_anything(self, start_server, each):
        server = start_server()
        with Crowd(server.plain_port, each, b"GET /").dribble(), Crowd(server.port, each, b"\x16\x03\x01").dribble():
            assert_served(server)

    @pytest.mark.timing
    def test_who_reads_nothing_keeps_nobody_from_anything(self, start_server):
        server = start_server(HTTP_CONNECTIONS=40)
        with Crowd(server.plain_port, 200, STALLED.encode(), room=1024):
            # Until they have all come, each is a newcomer as good as any.
            eventually(lambda: server.metrics()("chores_http_connections_accepted_total", listener="plain") > 200)
            assert_served(server)
            assert server.metrics()("chores_http_connections", listener="plain") <= 2 * 40

    def test_an_address_that_reads_nothing_gets_no_more_than_its_share(self, start_server):
        server = start_server(HTTP_CONNECTIONS_PER_ADDRESS=20)
        raws = [Raw(server) for _ in range(100)]
        try:
            for raw in raws:
                with contextlib.suppress(OSError):
                    raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                    raw.send(STALLED)
            with server.client(plain=True) as client:
                text = client.get("/metrics").text
            assert Samples(text)("chores_http_connections", listener="plain") <= 2 * 20
        finally:
            for raw in raws:
                raw.socket.close()

    def test_bodies_that_stall_share_what_memory_there_is(self, start_server):
        server = start_server(HTTP_HELD_BYTES=1048576)
        with Crowd(server.plain_port, 30, LARGE.encode()), Raw(server) as last:
            last.send(LARGE)
            eventually(lambda: server.metrics()("chores_http_refused_requests_total", reason="too_many_bytes") >= 20)
            last.send("x" * (1000000 - 200001 - 1) + '"')
            assert last.answer().status == 401

    @pytest.mark.untraced
    def test_bodies_that_come_at_once_never_have_more(self, start_server):
        server = start_server(WORKERS=1, HTTP_HELD_BYTES=1048576)
        (worker,) = server.workers()
        with Crowd(server.plain_port, 400, LARGE.encode()):
            eventually(lambda: server.metrics()("chores_http_refused_requests_total", reason="too_many_bytes") >= 390)
        assert memory_bytes(worker, "status", "VmHWM") < 40 * 1048576

    @pytest.mark.timing
    def test_answers_that_nobody_reads_share_what_memory_there_is(self, start_server):
        server = start_server(HTTP_HELD_BYTES=1048576)
        with Crowd(server.plain_port, 100, STALLED.encode(), room=1024):
            eventually(lambda: server.metrics()("chores_http_refused_requests_total", reason="too_many_bytes") >= 20)
            assert_served(server)

    def test_empty_lines_of_no_end_are_not_kept(self, start_server):
        server = start_server(WORKERS=1)
        with Raw(server) as raw, contextlib.suppress(OSError):
            for _ in range(1000):
                raw.send("\r\n" * 32768)
        assert memory_bytes(server.workers()[0]) < 200 * 1048576


def memory_bytes(pid, file="smaps_rollup", name="Pss"):
    text = pathlib.Path(f"/proc/{pid}/{file}").read_text()
    return 1024 * int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"{name}:")))
