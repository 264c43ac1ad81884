#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test servers that say exactly the bytes they are told to, and remember exactly the bytes they got.

Prints one line of JSON with the ports and files, then serves until its standard input closes.
Options: --tls (certificates, TLS ports), --proxies, --nginx CONFIG, --httpbin, --lighttpd (Digest).
"""
import hashlib
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

import raw_answers
import raw_certs
import raw_digest
import raw_ntlm
import raw_proxy

lock = threading.Lock()
received = []     # every request, head and body as they came
connections = 0


class Reader:
    def __init__(self, conn):
        self.conn, self.buffer = conn, b""

    def until(self, mark):
        while mark not in self.buffer:
            more = self.conn.recv(65536)
            if not more:
                return None
            self.buffer += more
            if self.buffer.startswith(b"\x16\x03"): # a TLS handshake where none is spoken
                self.conn.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                return None
        end = self.buffer.index(mark) + len(mark)
        out, self.buffer = self.buffer[:end], self.buffer[end:]
        return out

    def exactly(self, count):
        while len(self.buffer) < count:
            more = self.conn.recv(65536)
            if not more:
                return None
            self.buffer += more
        out, self.buffer = self.buffer[:count], self.buffer[count:]
        return out

    def request(self):
        """Head and body as received; None at the end of the connection."""
        raw = self.until(b"\r\n\r\n")
        if raw is None:
            return None
        lower = raw.lower()
        if b"\r\nexpect: 100-continue" in lower and b" /417" not in raw:
            self.conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if b"\r\ntransfer-encoding: chunked" in lower:
            while True:
                size = self.until(b"\r\n")
                rest = self.exactly(int(size, 16) + 2) if size else None
                if rest is None:
                    return raw
                raw += size + rest
                if int(size, 16) == 0:
                    return raw
        if b"\r\ncontent-length:" in lower and b" /417" not in raw:
            length = int(lower.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0])
            raw += self.exactly(length) or b""
        return raw


def steps_for(path, raw, number):
    if path == "/echo":
        return [raw_answers.sized(raw, "Content-Type: application/octet-stream"), raw_answers.KEEP]
    if path == "/last":
        with lock:
            body = received[-1] if received else b""
        return [raw_answers.sized(body), raw_answers.KEEP]
    if path == "/count":
        wanted = raw.split(b" ", 2)[1].partition(b"?")[2]
        with lock:
            count = sum(1 for r in received if r.split(b" ", 2)[1] == wanted)
        return [raw_answers.sized(b"%d" % count), raw_answers.KEEP]
    if path == "/connection":
        return [raw_answers.sized(b"%d" % number), raw_answers.KEEP]
    if path in ("/seen-http", "/seen-socks"):
        body = b"\n".join(raw_proxy.seen[path[6:]])
        return [raw_answers.sized(body), raw_answers.KEEP]
    if path in raw_answers.MADE:
        return raw_answers.MADE[path]()
    return raw_answers.ANSWERS.get(path, [raw_answers.sized(b"no such path", status="404 Not Found"), raw_answers.KEEP])


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(conn):
    global connections
    with lock:
        connections += 1
        number = connections
    reader, drop = Reader(conn), False
    while True:
        raw = reader.request()
        if raw is None or drop:
            return
        with lock:
            if not raw.startswith((b"GET /last", b"GET /count")):
                received.append(raw)
        target = raw.split(b" ", 2)[1].decode("latin-1")
        path = target.split("?")[0]
        closing = b"\r\nconnection: close\r\n" in raw.lower()
        again, no_body = False, raw.startswith(b"HEAD ")
        for step in steps_for(path, raw, number):
            if isinstance(step, (int, float)):
                time.sleep(step)
            elif isinstance(step, bytes):
                conn.sendall(step[:step.index(b"\r\n\r\n") + 4] if no_body else step)
            elif step == raw_answers.HANG:
                while conn.recv(65536):
                    pass
            elif step == raw_answers.RESET:
                reset(conn)
                return
            else:
                again, drop = step != raw_answers.CLOSE and not closing, step == raw_answers.DROP_NEXT
        if not again:
            return


def listen(handler, context=None):
    server = socket.create_server(("127.0.0.1", 0), backlog=64)

    def one(conn):
        try:
            if context:
                conn = context.wrap_socket(conn, server_side=True)
            handler(conn)
        except (OSError, ValueError):
            pass # the client went away, which is its right
        finally:
            conn.close()

    def loop():
        while True:
            conn, _ = server.accept()
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=one, args=(conn,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return server.getsockname()[1]


def silent(conn):
    while conn.recv(65536):
        pass


def who(conn):
    """Answers with the name in the client's certificate, or 401; keeps the connection."""
    reader = Reader(conn)
    while reader.request() is not None:
        shown = conn.getpeercert()
        names = [value for part in (shown or {}).get("subject", ()) for key, value in part if key == "commonName"]
        body = (names[0] if names else "nobody").encode()
        status = "200 OK" if names else "401 Unauthorized"
        conn.sendall(raw_answers.sized(body, status=status))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def closed_port(keep):
    """A port that stays taken and at which nobody listens: no other program gets it meanwhile."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    keep.append(taken)
    return taken.getsockname()[1]


def wait_for(port):
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("nothing listens on port %d" % port)


def start_nginx(config, folder, certificate, children):
    ports = {"nginx": free_port(), "nginx_tls": free_port()}
    with open(config) as template:
        text = template.read()
    for mark, value in {"@FOLDER@": folder, "@PORT@": ports["nginx"], "@TLS_PORT@": ports["nginx_tls"],
                        "@CERTIFICATE@": certificate[0], "@KEY@": certificate[1]}.items():
        text = text.replace(mark, str(value))
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as out:
        out.write(text)
    os.makedirs(os.path.join(folder, "www"))
    with open(os.path.join(folder, "www", "page.txt"), "wb") as out:
        out.write(raw_answers.TEXT * 100)
    program = next((p for p in ("/usr/sbin/nginx", "/usr/local/sbin/nginx") if os.path.exists(p)), "nginx")
    children.append(subprocess.Popen([program, "-p", folder, "-c", path, "-e", os.path.join(folder, "error.log")]))
    wait_for(ports["nginx_tls"])
    return ports


def start_lighttpd(folder, children):
    """Digest below a folder for each algorithm, for Mufasa with "Circle of Life"."""
    port = free_port()
    root = os.path.join(folder, "lighttpd")
    os.makedirs(root)
    ways = {"md5": "MD5", "sha256": "SHA-256", "sha512-256": "SHA-512-256", "both": "SHA-256|MD5"}
    for way in (*ways, "userhash"):
        os.makedirs(os.path.join(root, "www", way))
        with open(os.path.join(root, "www", way, "a b.txt"), "w") as out:
            out.write("in")
    with open(os.path.join(root, "plain"), "w") as out:
        out.write("Mufasa:Circle of Life\n")
    with open(os.path.join(root, "hashed"), "w") as out:
        name = hashlib.sha256("J\u00e4s\u00f8n:realm of userhash".encode()).hexdigest()
        word = hashlib.sha256("J\u00e4s\u00f8n:realm of userhash:Circle of Life".encode()).hexdigest()
        out.write("J\u00e4s\u00f8n:realm of userhash:%s:%s\n" % (word, name))
    rule = '"/%s/" => ("method" => "digest", "realm" => "realm of %s", "require" => "valid-user", "algorithm" => "%s"%s)'
    config = os.path.join(root, "lighttpd.conf")
    with open(config, "w") as out:
        out.write('server.modules = ("mod_auth", "mod_authn_file")\nserver.bind = "127.0.0.1"\n')
        out.write('server.port = %d\nserver.document-root = "%s/www"\n' % (port, root))
        out.write('auth.backend = "plain"\nauth.backend.plain.userfile = "%s/plain"\n' % root)
        out.write('auth.backend.htdigest.userfile = "%s/hashed"\n' % root)
        rules = [rule % (way, way, algorithm, "") for way, algorithm in ways.items()]
        rules.append(rule % ("userhash", "userhash", "SHA-256", ', "userhash" => "enable"'))
        out.write("auth.require = (%s)\n" % ", ".join(rules))
        out.write('$HTTP["url"] =~ "^/userhash/" { auth.backend = "htdigest" }\n')
    program = next((p for p in ("/usr/sbin/lighttpd", "/usr/local/sbin/lighttpd") if os.path.exists(p)), "lighttpd")
    children.append(subprocess.Popen([program, "-D", "-f", config], stderr=subprocess.DEVNULL))
    wait_for(port)
    return port


def main(args):
    children = []
    kept = []
    with tempfile.TemporaryDirectory(prefix="keybearer-test-") as folder:
        told = {"http": listen(serve), "closed": closed_port(kept), "silent": listen(silent),
                "digest": listen(lambda conn: raw_digest.serve(Reader(conn), conn)),
                "ntlm": listen(lambda conn: raw_ntlm.serve(Reader(conn), conn))}
        certificates = raw_certs.make(folder) if "--tls" in args or "--nginx" in args else {}
        for kind, (certificate, key) in certificates.items():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            told[kind] = listen(serve, context)
            told["ca"] = os.path.join(folder, "ca.pem")
            told["certificates"] = folder
        if certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificates["valid"])
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(told["ca"])
            told["mutual"] = listen(who, context)
        if "--proxies" in args:
            told["proxy"] = listen(raw_proxy.http_proxy)
            told["proxy_password"] = listen(lambda conn: raw_proxy.http_proxy(conn, b"user:pass word"))
            told["socks"] = listen(raw_proxy.socks_proxy)
        try:
            if "--nginx" in args:
                config = args[args.index("--nginx") + 1]
                told.update(start_nginx(config, folder, certificates["valid"], children))
            if "--httpbin" in args:
                told["httpbin"] = free_port()
                children.append(subprocess.Popen([sys.executable, "-m", "httpbin.core", "--host", "127.0.0.1", "--port",
                                                  str(told["httpbin"])], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
                wait_for(told["httpbin"])
            if "--lighttpd" in args:
                told["lighttpd"] = start_lighttpd(folder, children)
            print(json.dumps(told), flush=True)
            sys.stdin.read()
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
