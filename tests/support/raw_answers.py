# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of raw_server.py, byte for byte, by path.

An answer is a list of steps: bytes to send, a number of seconds to wait, or one of the words below.
"""
import base64
import gzip
import zlib

KEEP = "keep"      # wait for the next request on this connection
CLOSE = "close"    # close in order
RESET = "reset"    # close with a TCP reset
HANG = "hang"      # keep the connection open and say nothing more
DROP_NEXT = "drop" # keep the connection, then close it when the next request arrives

TEXT = b"Packed with care, unpacked with care. " * 20
BROTLI = base64.b64decode("G/cC+J0J8fYnYyKWiVNfg0CFjSm3umZxIZOTZWtwKYs+leUINZyDnfbbDdqMJA==")
ZSTD = base64.b64decode("KLUv/QRoDQEAuFBhY2tlZCB3aXRoIGNhcmUsIHVucC4gAgDPkqrw6yYT33uBNw==")
BOMB_SIZE = 50_000_000


def head(status="200 OK", *fields):
    return b"HTTP/1.1 " + status.encode() + b"\r\n" + b"".join(f.encode() + b"\r\n" for f in fields) + b"\r\n"


def sized(body, *fields, status="200 OK"):
    return head(status, *fields, "Content-Length: %d" % len(body)) + body


def chunks(*parts, trailers=()):
    out = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n"
    return out + b"".join(t.encode() + b"\r\n" for t in trailers) + b"\r\n"


def coded(name, data):
    return [sized(data, "Content-Encoding: " + name, "Content-Type: text/plain"), KEEP]


def endless():
    yield head("200 OK", "Content-Type: application/octet-stream")
    block = b"endless\n" * 8192
    while True:
        yield block


def many_interims():
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nX-Filler: " + b"f" * 1000 + b"\r\n\r\n"


def many_fields():
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-Filler: " + b"f" * 1000 + b"\r\n"


def many_trailers():
    yield CHUNKED + b"5\r\nhello\r\n0\r\n"
    while True:
        yield b"X-Filler: " + b"f" * 1000 + b"\r\n"


def bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(packer.compress(bytes(1_000_000)) for _ in range(BOMB_SIZE // 1_000_000)) + packer.flush()
    return [sized(data, "Content-Encoding: gzip"), KEEP]


def double_bomb():
    inner = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(inner.compress(bytes(1_000_000)) for _ in range(1000)) + inner.flush()
    return coded("gzip, gzip", gzip.compress(data))


def big(size):
    block = bytes(range(256)) * 256
    yield head("200 OK", "Content-Length: %d" % size)
    while size > 0:
        yield block[:size]
        size -= len(block)
    yield KEEP


CHUNKED = head("200 OK", "Transfer-Encoding: chunked", "Content-Type: text/plain")
PLAIN = sized(b"hello", "Content-Type: text/plain")
PACKED = gzip.compress(TEXT)
BROKEN = PACKED[:30] + b"\xff" * 30 + PACKED[60:]

ANSWERS = {
    "/hello": [PLAIN, KEEP],
    "/103": [b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.css>; rel=preload\r\n\r\n",
             0.02, PLAIN, KEEP],
    "/100": [b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX-Step: 1\r\n\r\n", PLAIN, KEEP],
    "/100-close": [b"HTTP/1.1 100 Continue\r\n\r\n", CLOSE],
    "/101": [head("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"), HANG],
    "/chunked": [CHUNKED + chunks(b"one, ", b"two, ", b"three"), KEEP],
    "/slow-chunks": [CHUNKED + b"5\r\none, \r\n", 0.05, b"4\r", 0.02, b"\ntwo\n\r", 0.02, b"\n0\r\n\r\n", KEEP],
    "/trailers": [head("200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                  + chunks(b"body", trailers=("X-Sum: 4", "X-Sum: four")), KEEP],
    "/gzip": coded("gzip", PACKED),
    "/x-gzip": coded("x-gzip", PACKED),
    "/deflate": coded("deflate", zlib.compress(TEXT)),
    "/br": coded("br", BROTLI),
    "/zstd": coded("zstd", ZSTD),
    "/two-codings": coded("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
    "/gzip-chunked": [head("200 OK", "Transfer-Encoding: chunked", "Content-Encoding: gzip")
                      + chunks(PACKED[:10], PACKED[10:]), KEEP],
    "/identity": coded("identity", TEXT),
    "/unknown-coding": coded("rot13", b"uryyb"),
    "/broken-gzip": [sized(BROKEN, "Content-Encoding: gzip"), CLOSE],
    "/not-gzip": coded("gzip", b"this is no gzip at all"),
    "/cut-gzip": coded("gzip", PACKED[:-12]),
    "/cut-gzip-trailer": coded("gzip", PACKED[:-1]),
    "/cut-deflate": coded("deflate", zlib.compress(TEXT)[:-5]),
    "/cut-deflate-sum": coded("deflate", zlib.compress(TEXT)[:-1]),
    "/cut-bare-deflate": coded("deflate", zlib.compress(TEXT)[2:-6]),
    "/cut-br": coded("br", BROTLI[:-6]),
    "/cut-zstd": coded("zstd", ZSTD[:-8]),
    "/cut-zstd-sum": coded("zstd", ZSTD[:-1]),
    "/cut-inside-two": coded("deflate, gzip", gzip.compress(zlib.compress(TEXT)[:-5])),
    "/cut-outside-two": coded("deflate, gzip", gzip.compress(zlib.compress(TEXT))[:-12]),
    "/wrong-sum-gzip": coded("gzip", PACKED[:-8] + bytes(4) + PACKED[-4:]),
    "/not-br": coded("br", b"\xff" * 40),
    "/not-zstd": coded("zstd", b"this is no zstd at all"),
    "/not-deflate": coded("deflate", b"\xff" * 40),
    "/empty-gzip": coded("gzip", b""),
    "/bare-deflate": coded("deflate", zlib.compress(TEXT)[2:-4]),
    "/gzip-members": coded("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
    "/zstd-frames": coded("zstd", ZSTD + ZSTD),
    "/gzip-and-more": coded("gzip", PACKED + b"and more"),
    "/br-and-more": coded("br", BROTLI + b"and more"),
    "/zstd-and-more": coded("zstd", ZSTD + b"and more"),
    "/cut-gzip-chunked": [head("200 OK", "Transfer-Encoding: chunked", "Content-Encoding: gzip")
                          + chunks(PACKED[:20], PACKED[20:-12]), KEEP],
    "/http10": [b"HTTP/1.0 200 Fine\r\nContent-Type: text/plain\r\n\r\nold and good", CLOSE],
    "/no-reason": [b"HTTP/1.1 299\r\nContent-Length: 2\r\n\r\nok", KEEP],
    "/odd-reason": [b"HTTP/1.1 404 Gone  fishing (back at 5)\r\nContent-Length: 0\r\n\r\n", KEEP],
    "/204": [head("204 No Content", "X-Nothing: here"), KEEP],
    "/304": [head("304 Not Modified", "Content-Length: 500", 'ETag: "a"'), KEEP],
    "/truncated": [head("200 OK", "Content-Length: 100") + b"only thirty bytes of a hundred", CLOSE],
    "/truncated-reset": [head("200 OK", "Content-Length: 100") + b"some", 0.1, RESET],
    "/truncated-chunk": [CHUNKED + b"5\r\nwhole\r\n20\r\ncut", CLOSE],
    "/bad-chunk": [CHUNKED + b"5\r\nwhole\r\nzz\r\n", CLOSE],
    "/longer": [head("200 OK", "Content-Length: 5") + b"hello and more", CLOSE],
    "/two-lengths": [head("200 OK", "Content-Length: 9", "Content-Length: 5") + b"hello", CLOSE],
    "/same-lengths": [head("200 OK", "Content-Length: 5", "Content-Length: 5") + b"hello", KEEP],
    "/length-and-chunks": [head("200 OK", "Content-Length: 3", "Transfer-Encoding: chunked") + chunks(b"hello"), CLOSE],
    "/bad-length": [head("200 OK", "Content-Length: many") + b"hello", CLOSE],
    "/binary": [sized(bytes(range(256)), "Content-Type: application/octet-stream"), KEEP],
    "/dup": [sized(b"", "Set-Cookie: a=1", "X-Two: 1", "set-cookie: b=2", "X-two:2", "SET-COOKIE:  c=3  "), KEEP],
    "/fold": [head("200 OK", "X-Folded: one", "  two", "\tthree", "Content-Length: 0"), KEEP],
    "/latin1": [b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 0\r\n\r\n", KEEP],
    "/status-only": [b"HTTP/1.1 200 OK\r\n", CLOSE],
    "/cut-headers": [b"HTTP/1.1 200 OK\r\nX-One: 1\r\nX-Tw", CLOSE],
    "/long-line": [head("200 OK", "X-Long: " + "y" * 300_000, "Content-Length: 0"), CLOSE],
    "/garbage": [b"\x00\x01\x02 this is not HTTP\r\n\r\n", CLOSE],
    "/http09": [b"<html>plain old body</html>\n", CLOSE],
    "/empty": [CLOSE],
    "/reset": [RESET],
    "/hang": [HANG],
    "/hang-body": [head("200 OK", "Content-Length: 100") + b"first bytes", HANG],
    "/drop-next": [PLAIN, DROP_NEXT],
    "/redirect": [sized(b"", "Location: /hello", status="302 Found"), KEEP],
    "/set-cookie": [sized(b"", "Set-Cookie: session=abc; Path=/"), KEEP],
    "/401": [sized(b"", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized"), KEEP],
    "/evil-401": [head("401 Unauthorized", "Content-Length: 0",
                       'WWW-Authenticate: Bearer error="invalid_token", error_description="expired \x1b[2J\x9b2J\x07"'), KEEP],
    "/token": [sized(b'{"access_token":"a-token-to-be-masked","expires_in":60}', "Content-Type: application/json"), KEEP],
    "/417": [sized(b"", status="417 Expectation Failed"), KEEP],
}
MADE = {"/many-interims": many_interims, "/many-fields": many_fields, "/many-trailers": many_trailers,
        "/endless": endless, "/bomb": bomb, "/double-bomb": double_bomb, "/big": lambda: big(20_000_000)}
