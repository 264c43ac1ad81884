# SPDX-License-Identifier: GPL-3.0-or-later
"""A Digest server (RFC 7616) that takes nothing on trust: /ALGORITHM/QOP/WAY, for Mufasa with "Circle of Life".

QOP is auth, auth-int or none. WAY is plain (a nonce lasts), bare (so does it, and the realm has no quotes, which some
clients cannot read), once (a nonce is stale after one request) or next (every answer names the next nonce). The answer
says why a response was refused.
"""
import hashlib
import re
import secrets
import threading

lock = threading.Lock()
nonces = {}   # nonce -> [opaque, requests seen]
sessions = {} # opaque -> (nonce, cnonce) of the session's first request
NAMES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}


def hexed(algorithm, *parts):
    joined = b":".join(p if isinstance(p, bytes) else p.encode() for p in parts)
    return hashlib.new(NAMES[algorithm.replace("-sess", "")], joined).hexdigest()


def fresh(opaque):
    nonce = secrets.token_urlsafe(18)
    nonces[nonce] = [opaque, 0]
    return nonce


def realm_of(way):
    return "raw digest" if way == "bare" else 'raw "digest"'


def challenge(algorithm, qop, way, stale=False, why="no credential"):
    opaque = secrets.token_urlsafe(9)
    realm = realm_of(way).replace('"', '\\"')
    field = 'Digest realm="%s", nonce="%s", opaque="%s", algorithm=%s' % (realm, fresh(opaque), opaque, algorithm)
    field += "" if qop == "none" else ', qop="%s"' % qop
    field += ", stale=TRUE" if stale else ""
    return b"401 Unauthorized", ["WWW-Authenticate: " + field], why.encode()


def check(method, target, body, given, algorithm, qop, way):
    """The answer to a request that carries a response."""
    params = {}
    for name, quoted, token in re.findall(r'([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', given):
        if name in params:
            return challenge(algorithm, qop, way, why="twice: " + name)
        params[name] = re.sub(r"\\(.)", r"\1", quoted) if quoted or not token else token
    if not re.search(r"qop=%s\b[^\"]|nc=[0-9a-f]{8}," % qop, given + ",") and qop != "none":
        return challenge(algorithm, qop, way, why="qop or nc is quoted or missing")
    nonce, opaque = params.get("nonce"), params.get("opaque")
    wanted = {"username": "Mufasa", "realm": realm_of(way), "uri": target, "algorithm": algorithm}
    for name, value in wanted.items():
        if params.get(name) != value:
            return challenge(algorithm, qop, way, why="%s is %r" % (name, params.get(name)))
    if nonce not in nonces or nonces[nonce][0] != opaque:
        return challenge(algorithm, qop, way, why="nonce or opaque is not mine")
    seen = nonces[nonce][1]
    if way == "once" and seen:
        return challenge(algorithm, qop, way, stale=True, why="stale")
    if qop != "none" and int(params.get("nc", "0"), 16) <= seen:
        return challenge(algorithm, qop, way, why="nc did not grow")
    nonces[nonce][1] = int(params.get("nc", "1"), 16)
    cnonce = params.get("cnonce", "")
    key = hexed(algorithm, "Mufasa", realm_of(way), "Circle of Life")
    if algorithm.endswith("-sess"):
        key = hexed(algorithm, key, *sessions.setdefault(opaque, (nonce, cnonce)))

    def response(verb, content):
        a2 = hexed(algorithm, verb, target, *([hexed(algorithm, content)] if qop == "auth-int" else []))
        middle = [] if qop == "none" else [params["nc"], cnonce, qop]
        return hexed(algorithm, key, nonce, *middle, a2)
    if params.get("response") != response(method, body):
        return challenge(algorithm, qop, way, why="wrong response")
    answer = b"in, nc " + params.get("nc", "none").encode()
    info = [] if qop == "none" else ['qop=%s, rspauth="%s", cnonce="%s", nc=%s'
                                     % (qop, response("", answer), cnonce, params["nc"])]
    info += ['nextnonce="%s"' % fresh(opaque)] if way == "next" else []
    return b"200 OK", ["Authentication-Info: " + ", ".join(info)] if info else [], answer


def serve(reader, conn):
    while True:
        raw = reader.request()
        if raw is None:
            return
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        algorithm, qop, way = target.split("?")[0].split("/")[1:4]
        given = [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("authorization:")]
        with lock:
            if len(given) == 1 and given[0].startswith("Digest "):
                status, fields, answer = check(method, target, body, given[0][7:], algorithm, qop, way)
            else:
                status, fields, answer = challenge(algorithm, qop, way, why="%d credentials" % len(given))
        fields.append("Content-Length: %d" % len(answer))
        conn.sendall(b"HTTP/1.1 " + status + b"\r\n" + "".join(f + "\r\n" for f in fields).encode() + b"\r\n" + answer)
