# SPDX-License-Identifier: Apache-2.0
"""Target lists, credential files and password files as Windows programs write them: lines
end with CRLF, the text is UTF-8 with a mark or UTF-16.  Each of them logs on."""

import os
import subprocess
import unittest

from domain import PROGRAM, Domain, Run, variables

PASSWORD = "Lab-P\u00e4ssw0rd"
ENCODINGS = {"UTF-8": (b"", "utf-8"), "UTF-8 with a mark": (b"\xef\xbb\xbf", "utf-8"),
             "UTF-16LE with a mark": (b"\xff\xfe", "utf-16-le"),
             "UTF-16LE": (b"", "utf-16-le"),
             "UTF-16BE with a mark": (b"\xfe\xff", "utf-16-be")}


class FromWindows(unittest.TestCase):
    def hold(self, check):
        """`check` of what writes a file in one encoding, for each of them."""
        for name, (mark, encoding) in ENCODINGS.items():
            def write(path, text, mark=mark, encoding=encoding):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
                          "wb") as file:
                    file.write(mark + text.replace("\n", "\r\n").encode(encoding))
                return path

            with self.subTest(encoding=name), Domain(
                    "--line", "user auditor %s admin" % PASSWORD, "--line",
                    "base 127.30.0.1", "--line", "hosts 2") as domain:
                check(domain, write)

    def assert_answered(self, domain, run):
        self.assertEqual(run.outcomes(), {"answered": 2}, run.errors)
        self.assertEqual(domain.statistics()["logon_attempts"], 2)

    def test_target_lists(self):
        def check(domain, write):
            path = write(domain.path("list"),
                         "".join("%s tag=b\u00fcro\n" % words[0] for words in domain.targets()))
            run = Run(domain, "-iL", path, targets=False, password=PASSWORD)
            self.assertEqual({tuple(host["tags"]) for host in run.hosts.values()},
                             {("b\u00fcro",)}, run.errors)
            self.assert_answered(domain, run)
        self.hold(check)

    def test_exclude_lists(self):
        def check(domain, write):
            path = write(domain.path("exclude"), domain.targets()[0][0].split(":")[0] + "\n")
            run = Run(domain, "--excludefile", path, password=PASSWORD)
            self.assertEqual(domain.statistics()["logon_attempts"], 1, run.errors)
        self.hold(check)

    def test_authentication_files(self):
        def check(domain, write):
            path = write(domain.path("auth"), "username=auditor\npassword=%s\ndomain=CORP\n"
                         % PASSWORD)
            self.assert_answered(domain, Run(domain, "-A", path, user="CORP\\auditor",
                                             password=None))
            shown = subprocess.run([PROGRAM, "check", "-A", path, "127.0.0.1:1"],
                                   env=variables(None), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, timeout=60, check=False)
            self.assertIn("CORP\\auditor", shown.stdout)
        self.hold(check)

    def test_password_files(self):
        def check(domain, write):
            write(domain.path("credentials/password"), PASSWORD + "\n")
            os.environ["CREDENTIALS_DIRECTORY"] = domain.path("credentials")
            self.addCleanup(os.environ.pop, "CREDENTIALS_DIRECTORY", None)
            self.assert_answered(domain, Run(domain, password=None))
        self.hold(check)


if __name__ == "__main__":
    unittest.main()
