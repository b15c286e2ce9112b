# SPDX-License-Identifier: Apache-2.0
"""Memory that runs out in the whole program (tests/scarce): at each way by which it comes
to allocate, once and for good.  It ends as it would have, or says what is missing; what
it writes is whole or not there; it never crashes, leaks or tells half of the truth.

    test_scarce.py [--every N] [--all]

--every N: fail each N-th way only (40); 1: all of them.  --all: not the first allocation
of each way, but each that there is, one run for each: some ten thousands.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from domain import (Domain, IMPERSONATE, PASSWORD, Run, holders, read_journal, variables)

EVERY, ALL = 40, False
AT_A_TIME = 2  # runs
BUILD = os.environ.get("LSASWEEP_BUILD", "build")
PROGRAM = os.path.join(BUILD, "tests", "scarce", "lsasweep-scarce")
LOGON = "username=auditor\npassword=%s\n" % PASSWORD
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

    def run_with(self, arguments, nth, folder=None, **more):
        done = subprocess.run([PROGRAM] + arguments, stdin=subprocess.DEVNULL,
                              capture_output=True, cwd=folder or self.folder, timeout=120,
                              check=False, env=variables(LSASWEEP_SCARCE=nth, **more))
        done.stderr = done.stderr.decode()
        return done

    def hold_end(self, done):
        self.assertGreaterEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(done.returncode, 5, done.stderr)
        for word in SANITIZED:
            self.assertNotIn(word, done.stderr)

    def ways(self, arguments):
        """The usual end, and the numbers of the allocations to fail."""
        path = self.path("ways")
        usual = self.run_with(arguments, "0", LSASWEEP_SCARCE_WAYS=path)
        self.hold_end(usual)
        with open(path, encoding="ascii") as file:
            numbers = file.read().split()
        self.assertGreater(len(numbers), 10)
        if ALL:
            last = int(usual.stderr.rsplit(" of ", 1)[1].split()[0])
            numbers = [str(number) for number in range(1, last + 1)]
        picked = numbers[::EVERY]
        return usual, picked + [number + "+" for number in picked[::2]]

    def each(self, arguments, numbers, names=(), before=()):
        """(number, end, {name: content}) of each run, which has a folder of its own."""
        def one(number):
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                for name in before:
                    shutil.copy(self.path(name), folder)
                done = self.run_with(arguments, number, folder)
                return number, done, {name: self.take(os.path.join(folder, name))
                                      for name in names}
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            yield from pool.map(one, numbers)

    def said(self, done):
        """What it told a person: stderr without the test's own line."""
        return "".join(line for line in done.stderr.splitlines(True)
                       if not line.startswith("scarce: "))

    def everywhere(self, arguments, written=(), said_inside=False):
        usual, numbers = self.ways(arguments)
        whole = {name: self.take(self.path(name)) for name in written}
        for number, done, found in self.each(arguments, numbers, written):
            with self.subTest(arguments=arguments[:3], allocation=number):
                self.hold_end(done)
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

    def take(self, path):
        """The content of a file that was written, which is taken away."""
        try:
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        os.unlink(path)
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

    def test_lists(self):
        with open(self.path("listed"), "w", encoding="ascii") as file:
            file.write("10.0.0.1 role=client tag=a tag=b\n10.0.1.0/30\n")
        self.everywhere(["scan", "-sL", "-iL", self.path("listed"), "--exclude",
                         "10.0.1.1,*.example", "h1.example", "h2"])

    def test_scan(self):
        """Threads allocate in another order each time: what counts is that what is told is
        true, and that the journal is whole."""
        with Domain("--hosts", "3", "--dns", "0", "--by-name") as named, \
                Domain("--hosts", "3") as domain:
            self.credentials("both", "%s[other]\n%s" % (LOGON, LOGON))
            targets = ["-iL", domain.path("targets")]
            by_name = ["-iL", named.path("targets"), "--dns",
                       "127.0.0.1:" + named.ports["dns"]]
            for truth, arguments in (
                    (domain, ["-U", "auditor"] + targets),
                    (domain, ["-A", self.path("both"), "-c", "2"] + self.tagged(domain)),
                    (named, ["-U", "auditor", "-r", "all", "--retries", "0"]
                     + by_name)):
                self.scan_everywhere(truth, arguments + ["--journal", "j"], "j")
            self.scan_everywhere(domain, ["-U", "auditor"] + targets)
            Run(domain, "-c", "1", "--max-runtime", "30ms", journal=self.path("begun"))
            self.scan_everywhere(domain, ["-U", "auditor", "--resume", "begun"] + targets,
                                 "begun", before=["begun"])

    def credentials(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)

    def tagged(self, domain):
        path = self.path("tagged")
        with open(path, "w", encoding="ascii") as file:
            for number, words in enumerate(domain.targets()):
                file.write("%s tag=t%d%s\n" % (words[0], number, " user=other" * (number % 2)))
        return ["-iL", path]

    def scan_everywhere(self, domain, arguments, journal=None, before=()):
        command = ["scan", "-q", "-o", "json"] + arguments
        usual, numbers = self.ways(command)
        self.assertIn(usual.returncode, (0, 1), usual.stderr + str(
            re.findall('"error":{[^}]*}', usual.stdout.decode())))
        if journal and not before:
            self.take(self.path(journal))
        truth = {name: host for host in domain.truth
                 for name in (host["address"], host["dns_name"])}
        for number, done, found in self.each(command, numbers, [journal or "j"], before):
            with self.subTest(arguments=arguments, allocation=number):
                self.hold_end(done)
                self.hold_scan(done, found[journal or "j"], truth, usual)

    def hold_scan(self, done, journal, truth, usual):
        told = self.said(done) + done.stdout.decode() + (journal or b"").decode()
        if done.returncode != usual.returncode:
            self.assertTrue("memory" in told, told[:200] + str(
                re.findall('"error":{[^}]*}', told)))
        if done.returncode == 2:
            self.assertIn("memory", self.said(done))
        elif done.stdout.strip():
            self.hold_report(json.loads(done.stdout), truth)
        if journal:
            self.hold_journal(done, journal, truth)

    def hold_report(self, report, truth):
        for host in report["hosts"]:
            right = host["rights"].get(IMPERSONATE, {})
            if right.get("verdict", "unknown") != "unknown":
                self.assertEqual({holder["sid"] for holder in right["holders"]},
                                 set(truth[host["host"]]["rights"][IMPERSONATE]))

    def hold_journal(self, done, journal, truth):
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            file.write(journal)
            file.flush()
            _, hosts, _ = read_journal(file.name)
        told = 0
        for records in hosts.values():
            for record in records:
                right = record["rights"].get(IMPERSONATE, {"outcome": "failed"})
                if right["outcome"] == "held":
                    _, sids = holders(record)
                    self.assertEqual(
                        sids, set(truth[record["host"]]["rights"][IMPERSONATE]))
                    told += 1
                else:
                    self.assertEqual(right["outcome"], "failed", record)
                if record["outcome"] != "answered":
                    self.assertIn(record["outcome"], ("local_error", "not_asked",
                                                      "guarded"), record)
        if told < 3:  # the rights of a host that violates another may be unknown
            self.assertNotEqual(done.returncode, 0, done.stderr)

    def test_check(self):
        with Domain("--hosts", "1") as domain:
            command = ["check", "-U", "auditor", domain.targets()[0][0]]
            usual, numbers = self.ways(command)
            self.assertEqual(usual.returncode, 0)
            for number, done, _ in self.each(command, numbers):
                with self.subTest(command="check", allocation=number):
                    self.hold_end(done)
                    if done.returncode != usual.returncode:
                        self.assertIn("memory", self.said(done) + done.stdout.decode())
                    for line in done.stdout.decode().splitlines():
                        if "  S-1-" in line:
                            self.assertIn(line.encode() + b"\n", usual.stdout)


if __name__ == "__main__":
    words = sys.argv[1:]
    if "--every" in words:
        EVERY = int(words[words.index("--every") + 1])
    ALL = "--all" in words
    unittest.main(argv=sys.argv[:1] + [word for word in words if word[:4] == "Scar"])
