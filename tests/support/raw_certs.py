# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the certificates of raw_server.py with the openssl program."""
import os
import subprocess


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make(folder):
    """Returns {kind: (certificate file, key file)}; the authority's certificate is ca.pem in the folder."""
    at = lambda name: os.path.join(folder, name)

    def key(name):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", at(name + ".key"))

    def signed(name, subject, alternative, dates=()):
        key(name)
        with open(at(name + ".ext"), "w") as out:
            out.write("subjectAltName=%s\nbasicConstraints=CA:FALSE\n" % alternative)
        openssl("req", "-new", "-key", at(name + ".key"), "-subj", subject, "-out", at(name + ".csr"))
        openssl("ca", "-batch", "-config", at("ca.cnf"), "-in", at(name + ".csr"), "-extfile", at(name + ".ext"),
                "-notext", "-out", at(name + ".pem"), *(dates or ("-days", "30")))
        return at(name + ".pem"), at(name + ".key")

    key("ca")
    openssl("req", "-x509", "-new", "-key", at("ca.key"), "-subj", "/O=Keybearer tests/CN=Test authority",
            "-days", "30", "-out", at("ca.pem"))
    open(at("index.txt"), "w").close()
    with open(at("ca.cnf"), "w") as out:
        out.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\nunique_subject=no\n"
                  "default_md=sha256\npolicy=p\ncertificate=%s\nprivate_key=%s\n[p]\ncommonName=supplied\n"
                  "organizationName=optional\n" % (at("index.txt"), folder, at("ca.pem"), at("ca.key")))
    local = "DNS:localhost,IP:127.0.0.1"
    key("selfsigned")
    openssl("req", "-x509", "-new", "-key", at("selfsigned.key"), "-subj", "/CN=localhost", "-days", "30",
            "-addext", "subjectAltName=" + local, "-out", at("selfsigned.pem"))
    # What a client shows: as PEM with its key, as PKCS#12 with and without a passphrase, with an encrypted key.
    certificate, its_key = signed("client", "/CN=robot/O=Keybearer tests", "email:robot@example.com")
    with open(at("client-both.pem"), "w") as out:
        for part in (its_key, certificate):
            with open(part) as text:
                out.write(text.read())
    for name, words in (("client.p12", "pass:open sesame"), ("client-plain.p12", "pass:")):
        openssl("pkcs12", "-export", "-inkey", its_key, "-in", certificate, "-certfile", at("ca.pem"), "-out", at(name),
                "-passout", words)
    openssl("pkcs8", "-topk8", "-in", its_key, "-out", at("client-encrypted.key"), "-passout", "pass:open sesame")
    return {
        "valid": signed("valid", "/CN=localhost/O=Keybearer tests", local),
        "expired": signed("expired", "/CN=localhost", local,
                          ("-startdate", "20200101000000Z", "-enddate", "20210203000000Z")),
        "wronghost": signed("wronghost", "/CN=other.example", "DNS:other.example,DNS:*.other.example"),
        "selfsigned": (at("selfsigned.pem"), at("selfsigned.key")),
    }
