# SPDX-License-Identifier: Apache-2.0
"""mit_kdc.py: a real KDC, MIT's, on loopback with its database in a temporary folder; it
counts failed attempts itself."""

import os
import shutil
import subprocess
import tempfile

import kdc

# Addresses of this process alone, so that any fixed port is free.
ADDRESSES = ["127.%d.%d.%d" % (90 + n, os.getpid() >> 8 & 255, os.getpid() & 255)
             for n in range(3)]
PORT = 8088
CONFIGURATION = """[kdcdefaults]
 spake_preauth_kdc_challenge = edwards25519
[realms]
 {realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
  kdc_listen = {addresses}
  kdc_tcp_listen = {addresses}
  supported_enctypes = aes256-cts:normal
 }}
[logging]
 kdc = FILE:{folder}/log
"""


class Kdc:
    """One krb5kdc at three addresses, as three KDCs with one database."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-mit.")
        at = ",".join("%s:%d" % (address, PORT) for address in ADDRESSES)
        with open(self.path("kdc.conf"), "w", encoding="ascii") as out:
            out.write(CONFIGURATION.format(realm=kdc.REALM, folder=self.folder,
                                           addresses=at))
        kdc.configuration(self.path("krb5.conf"), at.split(","),
                          " dns_lookup_kdc = false\n spake_preauth_groups = edwards25519\n")
        self.environment = dict(os.environ, KRB5_CONFIG=self.path("krb5.conf"),
                                KRB5_KDC_PROFILE=self.path("kdc.conf"))
        self.run("kdb5_util", "create", "-s", "-P", "master", "-r", kdc.REALM)
        for user in ("svc", "other"):
            self.admin("addprinc +requires_preauth -pw Right-1 " + user)
        self.process = subprocess.Popen(
            ["/usr/sbin/krb5kdc", "-n"], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        if "starting" not in line:
            raise RuntimeError("krb5kdc: " + line + self.process.stdout.read())

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, program, *arguments):
        done = subprocess.run(["/usr/sbin/" + program, *arguments], env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60,
                              check=False)
        if done.returncode:
            raise RuntimeError("%s: %s" % (program, done.stdout))
        return done.stdout

    def admin(self, question):
        return self.run("kadmin.local", "-r", kdc.REALM, "-q", question)

    def keytab(self, principal, name="keytab.services"):
        """A keytab to which a new key of this service, which is made, is added."""
        self.admin("addprinc -randkey " + principal)
        self.admin("ktadd -k %s %s" % (self.path(name), principal))
        return self.path(name)

    def failures(self, user):
        for line in self.admin("getprinc " + user).splitlines():
            if line.startswith("Failed password attempts:"):
                return int(line.split(":")[1])
        raise RuntimeError("getprinc says nothing of failures")

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()
        shutil.rmtree(self.folder)
