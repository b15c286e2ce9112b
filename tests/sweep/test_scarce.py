"""Memory that runs out in the whole program (tests/scarce): at each way by which it comes
to allocate, once and for good.  It ends as it would have, or says what is missing; what
it writes is whole or not there; it never crashes, leaks or tells half of the truth.

    test_scarce.py [--every N]     fail each N-th way only (20); 1: all of them
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from domain import Domain, Run, holders, read_journal, variables

EVERY = 20
BUILD = os.environ.get("LSASWEEP_BUILD", "build")
PROGRAM = os.path.join(BUILD, "tests", "scarce", "lsasweep-scarce")
FORMATS = ("text", "json", "ndjson", "csv", "html", "prometheus", "junit", "ocsf",
           "gpo_inf")
SANITIZED = ("Sanitizer", "runtime error:", "assert")


class Scarce(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="lsasweep-scarce.")
        cls.journal = cls.path("old.ndjson")
        cls.newer = cls.path("new.ndjson")
        for journal, seed in ((cls.journal, "40"), (cls.newer, "80")):
            with Domain("--line", "hosts 8 plant=%s" % seed) as domain:
                Run(domain, "-r", "SeImpersonatePrivilege,SeDebugPrivilege",
                    journal=journal)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    def run_with(self, arguments, nth, **more):
        done = subprocess.run([PROGRAM] + arguments, stdin=subprocess.DEVNULL,
                              capture_output=True, cwd=self.folder, timeout=120,
                              check=False, env=variables(LSASWEEP_SCARCE=nth, **more))
        done.stderr = done.stderr.decode()
        self.assertGreaterEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(done.returncode, 5, done.stderr)
        for word in SANITIZED:
            self.assertNotIn(word, done.stderr)
        return done

    def ways(self, arguments, **more):
        """The usual end, and the numbers of the allocations to fail."""
        path = self.path("ways")
        usual = self.run_with(arguments, "0", LSASWEEP_SCARCE_WAYS=path, **more)
        with open(path, encoding="ascii") as file:
            numbers = file.read().split()
        self.assertGreater(len(numbers), 10)
        picked = numbers[::EVERY]
        return usual, picked + [number + "+" for number in picked[::2]]

    def said(self, done):
        """What it told a person: stderr without the test's own line."""
        return "".join(line for line in done.stderr.splitlines(True)
                       if not line.startswith("scarce: "))

    def everywhere(self, arguments, written=(), said_inside=False):
        usual, numbers = self.ways(arguments)
        whole = {name: self.take(name) for name in written}
        for number in numbers:
            with self.subTest(arguments=arguments[:3], allocation=number):
                done = self.run_with(arguments, number)
                found = {name: self.take(name) for name in written}
                if said_inside and b"out of memory" in done.stdout:
                    continue
                if done.returncode == usual.returncode:
                    self.assertEqual(done.stdout, usual.stdout)
                    self.assertEqual(found, whole)
                    continue
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("memory", self.said(done))
                for name, content in found.items():
                    self.assertIn(content, (None, whole[name]))
        return len(numbers)

    def take(self, name):
        """The content of a file that was written, which is taken away."""
        try:
            with open(self.path(name), "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        os.unlink(self.path(name))
        return content

    def test_explain(self):
        self.everywhere(["explain", "SeImpersonatePrivilege"], said_inside=True)

    def test_each_format(self):
        for name in FORMATS[:3]:
            self.everywhere(["report", "-o", name, self.journal])
        for name in FORMATS[3:]:
            files = [name + ".out"]
            if name == "gpo_inf":
                files = []
            self.everywhere(["report", "-o", "%s=%s.out" % (name, name), self.journal],
                            files)

    def test_two_journals_and_two_baselines(self):
        self.everywhere(["report", "--baseline", "microsoft", "--baseline", "cis",
                         self.journal, self.newer])

    def test_diff(self):
        self.everywhere(["diff", self.journal, self.newer])

    def test_scan(self):
        """Threads allocate in another order each time: what counts is that what is told is
        true, and that the journal is whole."""
        with Domain("--hosts", "3") as domain:
            known = domain.known()
            command = ["scan", "-q", "-U", "auditor", "-o", "json", "-iL",
                       domain.path("targets"), "--journal", self.path("scan.ndjson")]
            _, numbers = self.ways(command)
            self.take("scan.ndjson")
            for number in numbers:
                with self.subTest(allocation=number):
                    done = self.run_with(command, number)
                    self.hold_scan(done, known)
                    self.take("scan.ndjson")

    def hold_scan(self, done, known):
        if done.stdout.strip() and done.returncode != 2:
            json.loads(done.stdout)
        if not os.path.exists(self.path("scan.ndjson")):
            self.assertEqual(done.returncode, 2)
            self.assertIn("memory", self.said(done))
            return
        _, hosts, _ = read_journal(self.path("scan.ndjson"))
        told = 0
        for records in hosts.values():
            for record in records:
                right = record["rights"].get("SeImpersonatePrivilege",
                                             {"outcome": "failed"})
                if right["outcome"] == "held":
                    _, sids = holders(record)
                    truth = known[record["host"]]["rights"]["SeImpersonatePrivilege"]
                    self.assertEqual(sids, set(truth))
                    told += 1
                else:
                    self.assertEqual(right["outcome"], "failed", record)
                if record["outcome"] != "answered":
                    self.assertIn(record["outcome"], ("local_error", "not_asked",
                                                      "guarded"), record)
        if told < 3:
            self.assertNotIn(done.returncode, (0, 1), done.stderr)


if __name__ == "__main__":
    words = sys.argv[1:]
    if "--every" in words:
        EVERY = int(words[words.index("--every") + 1])
        del sys.argv[1:]
    unittest.main()
