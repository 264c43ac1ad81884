# SPDX-License-Identifier: GPL-3.0-or-later
"""Small HTTP and SOCKS5 proxies that remember what they were asked."""
import base64
import select
import socket
import struct

seen = {"http": [], "socks": []} # what the proxies were asked, in order


def pump(a, b):
    while True:
        for source in select.select([a, b], [], [])[0]:
            data = source.recv(65536)
            if not data:
                return
            (b if source is a else a).sendall(data)


def read_head(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return None, b""
        data += more
    head, rest = data.split(b"\r\n\r\n", 1)
    return head + b"\r\n\r\n", rest


def http_proxy(conn, password=None):
    """CONNECT tunnels and absolute-form requests; one request a connection in the second case."""
    head, rest = read_head(conn)
    if head is None:
        return
    seen["http"].append(head)
    wanted = b"Proxy-Authorization: Basic " + base64.b64encode(password) if password else None
    if wanted and wanted not in head:
        conn.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                     b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        return
    method, target, _ = head.split(b"\r\n", 1)[0].split(b" ", 2)
    if method == b"CONNECT":
        host, port = target.rsplit(b":", 1)
        if host == b"forbidden.example":
            conn.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with socket.create_connection((host.decode(), int(port))) as out:
            conn.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: tunnel\r\n\r\n" + rest)
            pump(conn, out)
        return
    authority, path = target.split(b"://", 1)[1].split(b"/", 1)
    host, _, port = authority.partition(b":")
    host = b"127.0.0.1" if host.endswith(b".example") else host # names that never resolve (RFC 2606)
    lines = [line for line in head.split(b"\r\n")[1:] if line and not line.lower().startswith(b"proxy-")]
    with socket.create_connection((host.decode(), int(port or 80))) as out:
        out.sendall(b"\r\n".join([method + b" /" + path + b" HTTP/1.1"] + lines + [b"Connection: close"]) + b"\r\n\r\n" + rest)
        pump(conn, out)


def socks_proxy(conn):
    """SOCKS5 without a password (RFC 1928); remembers whether it got a name or an address."""
    take = lambda count: conn.recv(count, socket.MSG_WAITALL)
    count = take(2)[1]
    take(count)
    conn.sendall(b"\x05\x00")
    kind = take(4)[3]
    if kind == 3:
        host = take(take(1)[0]).decode()
    else:
        host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, take(4 if kind == 1 else 16))
    port = struct.unpack("!H", take(2))[0]
    seen["socks"].append(("%s %s:%d" % ("name" if kind == 3 else "address", host, port)).encode())
    if host == "forbidden.example":
        conn.sendall(b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00") # not allowed by ruleset
        return
    with socket.create_connection((host, port)) as out:
        conn.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        pump(conn, out)
