# SPDX-License-Identifier: Apache-2.0
"""Files of a simulated controller's SYSVOL by our own client: every size by every way to
protect a session, every fault of a file, and every fault of a connection at the steps on
which a file is read.  What is wrong with one file is that file's outcome; what is wrong
with the controller ends the session, for the right reason and with no file made up."""

import os
import subprocess
import unittest

from domain import LAB, PASSWORD, Domain, variables

GET = os.path.join(os.environ.get("LSASWEEP_BUILD", "build"),
                   "tests/samba/lsasweep-sysvol-get")
MANNERS = {"2.0.2": "dialect=2.0.2", "2.1": "dialect=2.1", "3.0": "dialect=3.0",
           "3.0.2, sealed share": "dialect=3.0.2 encrypt=share",
           "3.1.1, GMAC": "signing=gmac", "3.1.1, sealed":
           "encrypt=session cipher=aes-256-gcm", "few credits": "credits=1"}
SIZES = (0, 1, 65535, 65536, 65537, 3 << 20)
WHOLE, TOO_LARGE, CHANGED, REFUSED = range(4)  # rpc/session/session.h
WORDS = {"whole": WHOLE, "too_large": TOO_LARGE, "changed": CHANGED, "refused": REFUSED}
REFUSALS = {"directory": "c00000ba", "link": "8000002d", "elsewhere": "c0000257",
            "denied": "c0000022"}
# What a reader says of a connection that fails while a file is read.
CONNECTION = {
    "reset": {"directory_closed"}, "fin": {"directory_closed"},
    "garbage": {"malformed_answer", "bad_signature"}, "noise": {"malformed_answer"},
    "truncated": {"directory_closed"}, "oversize": {"answer_too_large"},
    "wrong_message_id": {"unexpected_answer"}, "wrong_command": {"unexpected_answer"},
    "wrong_tree": {"unexpected_answer"}, "unsigned": {"unsigned_answer"},
    "bad_signature": {"bad_signature"}, "replayed": {"unexpected_answer"},
    "short": {"bad_signature", "malformed_answer"}, "no_credits": {"out_of_credits"},
}


def body(size):
    unit = bytes(range(256)) + b"\0a"
    return (unit * (size // len(unit) + 1))[:size]


class Share(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.faults = [line.split("\t") for line in subprocess.run(
            [LAB, "--print-file-faults"], stdout=subprocess.PIPE, text=True,
            check=True).stdout.splitlines()]
        lines = []
        for number, words in enumerate(MANNERS.values()):
            lines += ["--line", "host m%d dc %s" % (number, words)]
        for word, _, _ in cls.faults:
            lines += ["--line", "host f-%s dc file=%s" % (word.replace("_", "-"), word)]
        for word in CONNECTION:
            lines += ["--line", "host c-%s dc fault=%s@create"
                      % (word.replace("_", "-"), word)]
        lines += ["--line", "host plain member"]
        folder = cls.enterClassContext(cls.folder())
        cls.lab = cls.enterClassContext(Domain("--line", "sysvol " + folder, *lines))
        cls.hosts = {host["name"]: host["address"] for host in cls.lab.truth}

    @staticmethod
    def folder():
        import tempfile  # pylint: disable=import-outside-toplevel
        made = tempfile.TemporaryDirectory(prefix="lsasweep-sysvol.")
        top = os.path.join(made.name, "corp.example", "Policies")
        os.makedirs(top)
        for size in SIZES:
            with open(os.path.join(top, "%d.inf" % size), "wb") as out:
                out.write(body(size))
        return made

    def get(self, name, *paths):
        """[(outcome, status, bytes)], or the reason for which the session ended."""
        done = subprocess.run(
            [GET, "CORP\\auditor", "%s:%s" % (self.hosts[name], self.lab.ports["ready"])]
            + list(paths), input=PASSWORD.encode() + b"\n", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=variables(), timeout=120, check=False)
        if done.returncode == 1:
            return done.stderr.decode().split(":")[0]
        self.assertEqual(done.returncode, 0, done.stderr)
        rest, files = done.stdout, []
        for _ in paths:
            head, rest = rest.split(b"\n", 1)
            outcome, status, size = head.split()
            files.append((int(outcome), status.decode(), rest[:int(size)]))
            rest = rest[int(size):]
        return files

    @staticmethod
    def paths(*sizes):
        return ["corp.example\\policies\\%d.INF" % size for size in sizes]

    def name(self, start):
        return next(name for name in self.hosts if name.split(".")[0] == start)

    def test_every_size_by_every_manner(self):
        for number, manner in enumerate(MANNERS):
            files = self.get(self.name("m%d" % number), *self.paths(*SIZES))
            self.assertEqual([(WHOLE, "00000000", len(body(size))) for size in SIZES],
                             [(o, s, len(b)) for o, s, b in files], manner)
            self.assertTrue(all(found[2] == body(size)
                                for found, size in zip(files, SIZES)), manner)

    def test_every_fault_of_a_file(self):
        self.assertGreater(len(self.faults), 15)
        for word, outcome, _ in self.faults:
            found = self.get(self.name("f-" + word.replace("_", "-")),
                             *self.paths(65537))
            if outcome not in WORDS:
                self.assertEqual(found, outcome, word)
                continue
            self.assertEqual(found[0][:2], (WORDS[outcome],
                                            REFUSALS.get(word, "00000000")), word)
            self.assertEqual(found[0][2], body(65537) if outcome == "whole" else b"",
                             word)

    def test_a_file_that_fails_leaves_the_others(self):
        files = self.get(self.name("m0"), "corp.example\\none\\x", "corp.example\\x",
                         "corp.example\\Policies", *self.paths(1))
        self.assertEqual([status for _, status, _ in files],
                         ["c000003a", "c0000034", "c00000ba", "00000000"])
        self.assertEqual(files[3][2], body(1))

    def test_every_fault_of_the_connection(self):
        for word, reasons in CONNECTION.items():
            found = self.get(self.name("c-" + word.replace("_", "-")),
                             *self.paths(65537))
            self.assertIn(found, reasons, word)

    def test_a_member_has_no_sysvol(self):
        self.assertEqual(self.get(self.name("plain"), *self.paths(1)), "no_file_share")


if __name__ == "__main__":
    unittest.main()
