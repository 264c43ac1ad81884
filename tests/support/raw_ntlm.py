# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that lets in by NTLM, version 2 only (MS-NLMP §2.2 and §3.3.2): DOMAIN\\mufasa with "Circle of Life".

It checks the client's proof, and that the login stays with its connection. /latin1 wants the password "\xe9t\xe9".
"""
import base64
import hashlib
import hmac
import secrets
import struct

SIGNATURE = b"NTLMSSP\0"
UNICODE, TARGET, NTLM, EXTENDED, TARGET_INFO = 0x1, 0x4, 0x200, 0x80000, 0x800000


def md4(message):
    """RFC 1320; the system's library has it no more."""
    def turn(x, n):
        x &= 0xffffffff
        return (x << n | x >> (32 - n)) & 0xffffffff
    words = message + b"\x80" + bytes((55 - len(message)) % 64) + struct.pack("<Q", 8 * len(message))
    state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
    rounds = (
        (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5a827999, [4 * (i % 4) + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ed9eba1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], (3, 9, 11, 15)),
    )
    for start in range(0, len(words), 64):
        block = struct.unpack("<16I", words[start:start + 64])
        a, b, c, d = state
        for mix, constant, order, shifts in rounds:
            for i, word in enumerate(order):
                a, b, c, d = d, turn(a + mix(b, c, d) + block[word] + constant, shifts[i % 4]), b, c
        state = [(x + y) & 0xffffffff for x, y in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def challenge(nonce):
    name = "DOMAIN".encode("utf-16-le")
    info = struct.pack("<HH", 2, len(name)) + name + struct.pack("<HH", 0, 0)
    flags = UNICODE | TARGET | NTLM | EXTENDED | TARGET_INFO
    head = SIGNATURE + struct.pack("<I", 2) + struct.pack("<HHI", len(name), len(name), 56)
    head += struct.pack("<I", flags) + nonce + bytes(8) + struct.pack("<HHI", len(info), len(info), 56 + len(name))
    return head + bytes(8) + name + info


def part(message, at):
    length, _, offset = struct.unpack_from("<HHI", message, at)
    return message[offset:offset + length]


def proves(message, nonce, password):
    answer = part(message, 20)
    domain, user = part(message, 28).decode("utf-16-le"), part(message, 36).decode("utf-16-le")
    key = hmac.new(md4(password.encode("utf-16-le")), (user.upper() + domain).encode("utf-16-le"), hashlib.md5).digest()
    proof = hmac.new(key, nonce + answer[16:], hashlib.md5).digest()
    return len(answer) > 24 and (user, domain) == ("mufasa", "DOMAIN") and hmac.compare_digest(proof, answer[:16])


def serve(reader, conn):
    nonce, welcome = None, False

    def say(status, body, *fields):
        head = "HTTP/1.1 %s\r\n" % status + "".join(f + "\r\n" for f in fields) + "Content-Length: %d\r\n\r\n" % len(body)
        conn.sendall(head.encode() + body)
    while True:
        raw = reader.request()
        if raw is None:
            return
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        given = [line.split(" ", 2)[2] for line in lines if line.lower().startswith("authorization: ntlm ")]
        message = base64.b64decode(given[0]) if given else b""
        kind = struct.unpack_from("<I", message, 8)[0] if message.startswith(SIGNATURE) else 0
        if kind == 1:
            nonce, welcome = secrets.token_bytes(8), False
            say("401 Unauthorized", b"one more step", "WWW-Authenticate: NTLM " + base64.b64encode(challenge(nonce)).decode())
            continue
        if kind == 3 and nonce:
            password = "\u00e9t\u00e9" if " /latin1 " in lines[0] else "Circle of Life"
            welcome, nonce = proves(message, nonce, password), None
        if welcome:
            say("200 OK", b"in: " + lines[0].encode() + b" " + body)
        else:
            say("401 Unauthorized", b"out", "WWW-Authenticate: NTLM")
