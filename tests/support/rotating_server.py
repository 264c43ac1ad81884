#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An authorization server with rotation and reuse detection, and the API its tokens are for; for tests.

A device login is granted at once. Each refresh token works once; one that comes again ends its whole family. Prints
its port on a line, then serves until its standard input closes. For the test alone: GET /state, POST /forget.
"""
import http.server
import json
import secrets
import sys
import threading
import urllib.parse

lock = threading.Lock()
families = []  # each {"alive", "pairs": [{"access", "refresh", "used", "presented", "revoked"}]}
forgotten = set()
keep_revoked = "--keeps-revoked" in sys.argv  # the API does not look whether a token was revoked
counts = {"token": 0, "api": 0, "revoke": 0}


def issue(family):
    pair = {"access": "access-" + secrets.token_hex(20), "refresh": "refresh-" + secrets.token_hex(20),
            "used": False, "presented": 0, "revoked": False}
    family["pairs"].append(pair)
    return {"access_token": pair["access"], "refresh_token": pair["refresh"], "token_type": "Bearer",
            "expires_in": 3600}


def find(name, value):
    for family in families:
        for pair in family["pairs"]:
            if pair[name] == value:
                return family, pair
    return None, None


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

    def do_GET(self):
        with lock:
            if self.path == "/state":
                return self.answer(200, {"families": families, "counts": counts})
            counts["api"] += 1
            if self.path == "/open":  # for everybody
                return self.answer(200, {"ok": True})
            scheme, _, token = (self.headers.get("Authorization") or "").partition(" ")
            family, pair = find("access", token)
            ended = pair and (pair["revoked"] or not family["alive"]) and not keep_revoked
            if scheme != "Bearer" or not pair or ended or token in forgotten:
                return self.answer(401, {}, ("WWW-Authenticate", 'Bearer error="invalid_token"'))
            pair["used"] = True
            self.answer(200, {"ok": True})

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
        with lock:
            if self.path == "/forget":
                forgotten.update(pair["access"] for family in families for pair in family["pairs"])
                return self.answer(200, {})
            if self.path == "/device":
                return self.answer(200, {"device_code": secrets.token_hex(16), "user_code": "ABCD-EFGH",
                                         "verification_uri": "http://127.0.0.1/device", "interval": 1,
                                         "expires_in": 60})
            if self.path == "/token":
                counts["token"] += 1
                if form.get("grant_type") != "refresh_token":
                    family = {"alive": True, "pairs": []}
                    families.append(family)
                    return self.answer(200, issue(family))
                family, pair = find("refresh", form.get("refresh_token"))
                if not pair or pair["revoked"] or not family["alive"]:
                    return self.answer(400, {"error": "invalid_grant", "error_description": "revoked"})
                pair["presented"] += 1
                if pair is not family["pairs"][-1]:
                    family["alive"] = False
                    return self.answer(400, {"error": "invalid_grant", "error_description": "used before"})
                return self.answer(200, issue(family))
            if self.path == "/revoke":
                counts["revoke"] += 1
                for name in ("refresh", "access"):
                    family, pair = find(name, form.get("token"))
                    if pair and name == "refresh":
                        family["alive"] = False
                    if pair:
                        pair["revoked"] = True
                return self.answer(200, {})
            if self.path == "/introspect":
                for name in ("access", "refresh"):
                    family, pair = find(name, form.get("token"))
                    if pair and family["alive"] and not pair["revoked"] and form["token"] not in forgotten:
                        return self.answer(200, {"active": True, "token_type": "Bearer"})
                return self.answer(200, {"active": False})
        return self.answer(404, {})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
