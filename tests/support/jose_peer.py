#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another implementation of JOSE (jwcrypto), for the tests to compare with: one JSON request a line on standard
input, one JSON answer a line on standard output. `error` in an answer says why it did not do as asked.

  {"do": "generate", "args": {"kty": "EC", "crv": "P-256"}}    -> private, public, pem, public_pem, thumbprint
  {"do": "read", "pem" | "jwk": TEXT}                          -> public, thumbprint
  {"do": "sign", "key": JWK, "header": {…}, "payload": TEXT}   -> token
  {"do": "verify", "key": JWK, "token": TEXT}                  -> payload
"""
import json
import sys

from jwcrypto import jwk, jws


def describe(key):
    answer = {"thumbprint": key.thumbprint()}
    if key["kty"] == "oct":
        answer["private"] = key.export(private_key=True)
        return answer
    answer["public"] = key.export_public()
    answer["public_pem"] = key.export_to_pem().decode()
    if key.has_private:
        answer["private"] = key.export_private()
        answer["pem"] = key.export_to_pem(private_key=True, password=None).decode()
    return answer


def answer_to(request):
    what = request["do"]
    if what == "generate":
        return describe(jwk.JWK.generate(**request["args"]))
    if what == "read":
        if "pem" in request:
            return describe(jwk.JWK.from_pem(request["pem"].encode()))
        return describe(jwk.JWK.from_json(request["jwk"]))
    token = jws.JWS(request["payload"].encode() if what == "sign" else None)
    key = jwk.JWK.from_json(request["key"])
    if what == "sign":
        header = request["header"]
        token.add_signature(key, header["alg"], json.dumps(header), None)
        return {"token": token.serialize(compact=True)}
    token.deserialize(request["token"])
    token.verify(key)
    return {"payload": token.payload.decode()}


def main():
    for line in sys.stdin:
        try:
            answer = answer_to(json.loads(line))
        except Exception as error:  # whatever the library raises is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
