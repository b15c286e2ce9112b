# SPDX-License-Identifier: Apache-2.0
"""Logins at a real KDC, MIT's, which counts failed attempts itself; on loopback, with its
database in a temporary folder."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import kdc
from domain import PROGRAM, Domain, variables

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


class Logins(unittest.TestCase):
    def check(self, *arguments, password=None):
        done = subprocess.run(
            [PROGRAM, "check", "--no-ntlm", *arguments, DOMAIN.targets()[0][0]],
            env=variables(password, KRB5_CONFIG=KDC.path("krb5.conf")),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=60, check=False)
        return done.stdout

    def keytab(self, password):
        path = KDC.path("keytab")
        if os.path.exists(path):
            os.unlink(path)
        done = subprocess.run(
            ["ktutil"], input="add_entry -password -p other@%s -k 1 -e aes256-cts\n%s\n"
            "write_kt %s\nquit\n" % (kdc.REALM, password, path), env=KDC.environment,
            stdout=subprocess.PIPE, text=True, timeout=60, check=True)
        self.assertTrue(os.path.exists(path), done.stdout)
        return "--keytab", path, "--principal", "other@" + kdc.REALM

    def test_a_right_password_is_accepted(self):
        said = self.check("-U", "svc@" + kdc.REALM, password="Right-1")
        self.assertIn("Kerberos needs the host's name", said)  # the ticket is there
        self.assertEqual(KDC.failures("svc"), 0)

    def test_a_right_key_is_accepted(self):
        said = self.check(*self.keytab("Right-1"))
        self.assertIn("Kerberos needs the host's name", said)

    def test_a_wrong_password_fails_once(self):
        before = KDC.failures("svc")
        said = self.check("-U", "svc@" + kdc.REALM, password="Wr0ng")
        self.assertIn("the KDC refused the password or key", said)
        self.assertEqual(KDC.failures("svc"), before + 1)
        KDC.admin("modprinc -unlock svc")

    def test_a_wrong_key_fails_once(self):
        before = KDC.failures("other")
        said = self.check(*self.keytab("Wr0ng"))
        self.assertIn("the KDC refused the password or key", said)
        self.assertEqual(KDC.failures("other"), before + 1)
        KDC.admin("modprinc -unlock other")

    def test_an_unknown_user(self):
        said = self.check("-U", "nobody@" + kdc.REALM, password="x")
        self.assertIn("the KDC does not know this user", said)


def setUpModule():
    global KDC, DOMAIN
    KDC = Kdc()
    DOMAIN = Domain("--hosts", "1")


def tearDownModule():
    with DOMAIN:
        KDC.close()


if __name__ == "__main__":
    if not os.path.exists("/usr/sbin/krb5kdc"):
        sys.exit("missing: the package krb5-kdc")
    unittest.main()
