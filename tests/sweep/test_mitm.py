# SPDX-License-Identifier: Apache-2.0
"""Sweeps through a man in the middle (tests/mitm/mitm.py): no altered fact is ever told.

    test_mitm.py [--runs N] [--seed WORD]

One run is one host asked through him; N (400) are spread over both phases, before and
after the host has accepted the logon, and over hosts of every manner of speaking.  What
each host told when nobody stood between is the truth that its record is held against.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from domain import HERE, Domain, Run

RUNS, SEED = 400, "1"
MITM = os.path.join(os.path.dirname(HERE), "mitm", "mitm.py")
A_SWEEP = 1000  # hosts

MANNERS = (
    "", "", "signing=hmac", "signing=cmac", "signing=gmac", "dialect=2.0.2",
    "dialect=2.1", "dialect=3.0", "dialect=3.0.2", "encrypt=session cipher=aes-128-gcm",
    "encrypt=session cipher=aes-256-ccm", "encrypt=share cipher=aes-128-ccm",
    "encrypt=share cipher=aes-256-gcm", "dialect=3.0.2 encrypt=session",
    "dialect=3.0 encrypt=share", "fragment=300", "pending=yes", "alter_refused=yes",
    "old_calls=yes", "credits=1",
)
# After the host has accepted us the line is protected: what he does is noticed as just
# that, or ends the conversation.
AFTER = {"integrity_failed", "protocol_error", "disconnected", "stalled", "answered"}
# Before, he may also play a host that refuses.
BEFORE = AFTER | {"logon_refused", "access_denied", "not_smb", "smb1_only",
                  "no_encryption", "kerberos_failed"}
PATIENCE = ("-c", "48", "--timeout", "1500ms", "--host-timeout", "8s", "--retries", "0",
            "--max-logon-failures", "1000", "-r",
            "SeImpersonatePrivilege,SeDebugPrivilege,SeTcbPrivilege")


def describe(hosts):
    words = []
    for number in range(hosts):
        words.append("host srv%d member %s grant=SeImpersonatePrivilege:svc-web" % (
            number, MANNERS[number % len(MANNERS)]))
    return words


class Meddler:
    """A running mitm.py in front of a domain."""

    def __init__(self, domain, seed, phase):
        self.log = domain.path("mitm.%s.%s" % (phase, seed))
        lab_port = domain.ports["ready"]
        self.process = subprocess.Popen(
            [sys.executable, "-B", MITM, "--lab", lab_port, "--seed", seed, "--phase",
             phase, "--log", self.log], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        port = self.process.stdout.readline().split()[1]
        self.targets = domain.path("targets.%s.%s" % (phase, seed))
        with open(self.targets, "w", encoding="utf-8") as file:
            for words in domain.targets():
                file.write(words[0].replace(":" + lab_port, ":" + port) + "\n")

    def end(self):
        """What was done to each host, by address."""
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        with open(self.log, encoding="utf-8") as file:
            notes = [json.loads(line) for line in file]
        done = {}
        for note in notes:
            done.setdefault(note["address"], []).append(note)
        return done


class ManInTheMiddle(unittest.TestCase):
    runs = meddled = 0
    outcomes = {}

    def sweep(self, seed, phase, hosts):
        lines = describe(hosts)
        with Domain("--describe", self.write(lines)) as domain:
            told = Run(domain, *PATIENCE[:2], *PATIENCE[-2:]).hosts
            for host in domain.known():
                self.assertEqual(told[host]["outcome"], "answered", told[host])
            meddler = Meddler(domain, seed, phase)
            run = Run(domain, *PATIENCE, "-iL", meddler.targets, targets=False)
            done = meddler.end()
            self.assertEqual(set(run.hosts), set(told), run.errors)
            for host, record in run.hosts.items():
                with self.subTest(seed=seed, done=done.get(host)):
                    self.hold(record, told[host], done.get(host, []), phase)

    def write(self, lines):
        with tempfile.NamedTemporaryFile("w", suffix=".lab", delete=False) as file:
            file.write("\n".join(lines) + "\n")
        self.addCleanup(os.unlink, file.name)
        return file.name

    def hold(self, record, truth, done, phase):
        cls = ManInTheMiddle
        cls.runs += 1
        was_meddled = any(note["done"] for note in done)
        cls.meddled += was_meddled
        row = cls.outcomes.setdefault((phase, done[-1]["kind"] if done else "none"), {})
        row[record["outcome"]] = row.get(record["outcome"], 0) + was_meddled
        self.assertIn(record["outcome"], self.allowed(record, phase), record)
        if not was_meddled:
            self.assertIn(record["outcome"], ("answered", "stalled"), record)
        if record["outcome"] == "answered":
            self.assertEqual(record["smb"], truth["smb"])
            for key in ("value", "evidence", "conflict"):
                self.assertEqual(record["role"][key], truth["role"][key])
        else:
            self.assertTrue(record["error"]["text"])
        for part in ("role", "machine"):
            for key, value in record[part].items():
                if value not in (None, "unknown", "none"):
                    self.assertEqual(value, truth[part][key], (part, key))
        for right, found in record["rights"].items():
            if found["outcome"] == "failed":
                self.assertTrue(found["error"]["text"] or record["error"]["text"])
            if found["outcome"] != "failed":
                self.hold_right(found, truth["rights"][right])

    def hold_right(self, found, truth):
        """Names may be missing when he came in between; they are never others."""
        holders = {holder["sid"]: holder for holder in truth.get("holders", [])}
        self.assertEqual(found["outcome"], truth["outcome"])
        self.assertEqual({holder["sid"] for holder in found.get("holders", [])},
                         set(holders))
        for holder in found.get("holders", []):
            if holder["kind"] != "not_told":
                self.assertEqual(holder, holders[holder["sid"]])

    def allowed(self, record, phase):
        """A refusal can be forged until the host has proved itself; and who alters a
        question on the way to the host has it refused in the host's own words."""
        step = (record["error"] or {}).get("step")
        if phase == "before" or step in ("negotiate", "authenticate"):
            return BEFORE
        return AFTER | ({"access_denied"} if step in ("tree connect", "open pipe")
                        else set())

    def test_he_changes_nothing(self):
        left, number = RUNS, 0
        while left > 0:
            phase = ("after", "before")[number % 3 == 2]
            hosts = min(left, A_SWEEP, max(RUNS // 3, 20))
            self.sweep("%s.%d" % (SEED, number), phase, hosts)
            left -= hosts
            number += 1
        self.assertGreater(self.meddled, self.runs // 3)

    @classmethod
    def tearDownClass(cls):
        print("\n%d runs, mischief done in %d" % (cls.runs, cls.meddled))
        for (phase, kind), row in sorted(cls.outcomes.items()):
            print("%-7s %-24s %s" % (phase, kind, "  ".join(
                "%s %d" % pair for pair in sorted(row.items()) if pair[1])))


if __name__ == "__main__":
    words = sys.argv[1:]
    if "--runs" in words:
        RUNS = int(words[words.index("--runs") + 1])
    if "--seed" in words:
        SEED = words[words.index("--seed") + 1]
    unittest.main(argv=sys.argv[:1])
