#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kerberos realm of its own and a web server that checks its tickets, until standard input ends.

MIT's KDC with its own database, and lighttpd with mod_authn_gssapi, both on free ports of 127.0.0.1 and without root.
One line of JSON tells where they are: port, krb5_conf, and the keytab to get a ticket with for "user".
Below /delegated/ lighttpd lets in only who hands over a ticket that it may use in the user's name.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

REALM = "KEYBEARER.TEST"
USER = "mufasa@" + REALM
SERVICE = "HTTP/localhost@" + REALM

KRB5_CONF = """[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 forwardable = true
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
[domain_realm]
 localhost = {realm}
"""

KDC_CONF = """[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {folder}/principals
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
 }}
[logging]
 kdc = FILE:{folder}/kdc.log
"""

LIGHTTPD_CONF = """server.modules = ("mod_auth", "mod_authn_gssapi", "mod_cgi")
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{folder}/www"
cgi.assign = (".cgi" => "/bin/sh")
auth.backend = "gssapi"
auth.backend.gssapi.keytab = "{folder}/service.keytab"
auth.backend.gssapi.principal = "{service}"
auth.backend.gssapi.store-creds = "disable"
$HTTP["url"] =~ "^/delegated/" {{ auth.backend.gssapi.store-creds = "enable" }}
auth.require = ("/" => ("method" => "gssapi", "realm" => "{realm}", "require" => "valid-user"))
"""

WHO_CGI = """#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n%s' "$REMOTE_USER"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, child):
    for _ in range(200):
        if child.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("kerberos_realm.py: %s did not come up" % child.args[0])


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)
    return path


def main(folder, children):
    kdc_port, web_port = free_port(), free_port()
    environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin", KRB5RCACHEDIR=folder,
                       KRB5_CONFIG=write(folder, "krb5.conf", KRB5_CONF.format(realm=REALM, port=kdc_port)),
                       KRB5_KDC_PROFILE=write(folder, "kdc.conf",
                                              KDC_CONF.format(realm=REALM, port=kdc_port, folder=folder)))
    # Found by the PATH of this environment, which need not be this process's own.
    os.environ["PATH"] = environment["PATH"]

    def run(*command):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit("kerberos_realm.py: %s: %s" % (command[0], done.stdout))

    def start(port, *command):
        children.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        wait_for(port, children[-1])

    run("kdb5_util", "create", "-s", "-r", REALM, "-P", "a password for this database only")
    for principal, keytab in ((USER, "user.keytab"), (SERVICE, "service.keytab")):
        run("kadmin.local", "-r", REALM, "addprinc", "-randkey", principal)
        run("kadmin.local", "-r", REALM, "ktadd", "-k", os.path.join(folder, keytab), principal)
    start(kdc_port, "krb5kdc", "-n", "-r", REALM, "-P", os.path.join(folder, "kdc.pid"))
    write(folder, "www/who.cgi", WHO_CGI)
    write(folder, "www/delegated/who.cgi", WHO_CGI)
    config = LIGHTTPD_CONF.format(port=web_port, folder=folder, service=SERVICE, realm=REALM)
    start(web_port, "lighttpd", "-D", "-f", write(folder, "lighttpd.conf", config))
    print(json.dumps({"port": web_port, "krb5_conf": environment["KRB5_CONFIG"], "user": USER,
                      "keytab": os.path.join(folder, "user.keytab")}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    started = []
    with tempfile.TemporaryDirectory(prefix="keybearer-kerberos-") as scratch:
        try:
            main(scratch, started)
        finally:
            for each in started:
                each.terminate()
            for each in started:
                each.wait()
