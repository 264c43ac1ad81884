#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API with logins of its own, for tests: one gives a token in JSON, the other a session cookie.

Prints its port on a line, then serves until its standard input closes. /seen counts what came by path.
"""
import collections
import http.server
import json
import secrets
import sys
import threading
import time
import urllib.parse

USER, PASSWORD = "ada", 'p"w\\&=+ 1234'
tokens, refreshes, sessions = set(), set(), {}
seen = collections.Counter()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, document, *fields):
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def give_tokens(self):
        token, refresh = secrets.token_hex(16), secrets.token_hex(16)
        tokens.add(token)
        refreshes.add(refresh)
        self.answer(200, {"data": {"auth": token, "again": refresh,
                                   "until": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))}})

    def session(self):
        for pair in (self.headers.get("Cookie") or "").split("; "):
            if pair.startswith("sid=") and pair[4:] in sessions:
                return pair[4:]
        return None

    def do_GET(self):
        seen[self.path] += 1
        if self.path == "/seen":
            return self.answer(200, seen)
        if self.path == "/forget":  # the server forgets every access token, as one that restarts does
            tokens.clear()
            return self.answer(200, {})
        if self.path == "/me":
            scheme, _, token = (self.headers.get("Authorization") or "").partition(" ")
            if scheme == "JWT" and token in tokens:
                return self.answer(200, {"name": USER})
        if self.path == "/home" and self.session():
            return self.answer(200, {"name": USER})
        return self.answer(401, {"message": "who are you?"})

    def do_POST(self):
        seen[self.path] += 1
        text = self.body()
        if self.path == "/login":
            given = json.loads(text)
            if (given.get("name"), given.get("pass")) == (USER, PASSWORD):
                return self.give_tokens()
            return self.answer(401, {"message": "wrong password " + str(given.get("pass"))})
        if self.path == "/refresh":
            scheme, _, refresh = (self.headers.get("Authorization") or "").partition(" ")
            if refresh in refreshes:
                refreshes.discard(refresh)
                return self.give_tokens()
            return self.answer(401, {"message": "no such refresh token"})
        if self.path == "/session":
            given = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
            if (given.get("user"), given.get("password")) != (USER, PASSWORD):
                return self.answer(403, {"detail": "no"})
            sid, csrf = secrets.token_hex(16), secrets.token_hex(16)
            sessions[sid] = csrf
            return self.answer(303, {}, ("Location", "/home"), ("Set-Cookie", "sid=%s; Path=/; HttpOnly" % sid),
                               ("X-Csrf", csrf))
        if self.path == "/things":
            sid = self.session()
            if sid and self.headers.get("X-Check") == sessions[sid]:
                return self.answer(201, {})
            return self.answer(403, {"detail": "CSRF"})
        return self.answer(404, {})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
