# SPDX-License-Identifier: Apache-2.0
"""Logins at a real KDC, MIT's, which counts failed attempts itself."""

import os
import subprocess
import sys
import unittest

import kdc
from domain import PROGRAM, Domain, variables
from mit_kdc import Kdc


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
