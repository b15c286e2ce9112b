# SPDX-License-Identifier: Apache-2.0
"""What a malicious host, or a man in the middle who plays one, can and cannot do to a sweep
and to its credential: the README's threat model.  What he does to single answers is held by
test_faults.py and test_mitm.py, what other users do by test_secrets.py and test_planted.py,
what a full disk does by test_machine.py."""

import json
import os
import signal
import subprocess
import time
import unittest

from domain import PASSWORD, PROGRAM, Domain, Run, holders, read_journal, stop, variables

REFUSALS = ("logon_failure", "locked_out", "disabled", "guest", "null", "denied")


def lines(*descriptions):
    return [word for line in descriptions for word in ("--line", line)]


class Refusals(unittest.TestCase):
    """Before the logon nothing is signed: whoever sits there may say that the password is
    wrong.  That stops a sweep; it never makes us try more often than we were told to."""

    def test_the_first_host_refuses_a_good_password(self):
        for fault in REFUSALS:
            step = "setup2"
            with self.subTest(fault=fault), Domain(*lines(
                    "host evil member address=127.30.0.1 fault=%s@%s" % (fault, step),
                    "base 127.30.1.0", "hosts 30")) as domain:
                run = Run(domain, "-c", "16")
                self.assertEqual(run.hosts["127.30.0.1"]["outcome"], "logon_refused")
                told = run.outcomes()
                if run.status == 5:
                    self.assertEqual(told, {"logon_refused": 1, "guarded": 30})
                    self.assertEqual(domain.statistics()["logon_attempts"], 1)
                else:  # no word against the credential: the others are asked
                    self.assertIn(fault, ("guest", "null", "denied"))
                    self.assertEqual(told, {"logon_refused": 1, "answered": 30})
                self.assertEqual(domain.statistics()["accounts"]["auditor"]["state"],
                                 "enabled")

    def test_a_later_host_stops_nobody(self):
        with Domain(*lines("hosts 30", "host evil member address=127.30.0.1 "
                           "fault=logon_failure@setup2", "base 127.31.0.0",
                           "hosts 200")) as domain:
            run = Run(domain, "-c", "4")
            self.assertNotEqual(run.status, 5, run.errors)
            told = run.outcomes()
            # One login where it was accepted before settles it.
            self.assertEqual(told, {"answered": 230, "logon_refused": 1})
            self.assertEqual(domain.statistics()["logon_attempts"], 231 + 1)

    def test_who_expects_it_allows_for_it(self):
        evil = ["host evil%d member address=127.30.0.%d fault=locked_out@setup2"
                % (n, n + 1) for n in range(2)]
        with Domain(*lines("hosts 20", *evil, "base 127.31.0.0", "hosts 20")) as domain:
            run = Run(domain, "-c", "4", "--max-logon-failures", "3")
            self.assertEqual(run.outcomes(), {"answered": 40, "logon_refused": 2})
            self.assertIn(run.status, (3, 4))
            self.assertLessEqual(domain.statistics()["logon_attempts"], 42 + 2)


class Others(unittest.TestCase):
    """What one host says or withholds is no other host's matter."""

    def test_a_host_that_says_it_is_another(self):
        with Domain(*lines(
                "host srv1 member address=127.30.0.1",
                "host srv1 dc address=127.30.0.2 grant=SeImpersonatePrivilege:everyone",
                "host srv3 member address=127.30.0.3 hostile_banner=yes")) as domain:
            run = Run(domain)
            self.assertEqual(run.outcomes(), {"answered": 3})
            for address, truth in domain.known().items():
                self.assertEqual(holders(run.hosts[address]),
                                 ("held", set(truth["rights"]["SeImpersonatePrivilege"])))
            verdicts = {host["host"]: host["verdict"] for host in run.report["hosts"]}
            self.assertEqual(verdicts, {"127.30.0.1": "compliant",
                                        "127.30.0.2": "violation",
                                        "127.30.0.3": "compliant"})

    def test_slow_hosts_make_nobody_late(self):
        """They cost a place in flight and no more: all others are told while they go on."""
        slow = ["host slow%d member address=127.30.0.%d fault=%s" % (n, n + 1, fault)
                for n, fault in enumerate(("drip@negotiate", "trickle@tree", "hang@bind",
                                           "endless_pending@enum"))]
        with Domain(*lines(*slow, "base 127.31.0.0", "hosts 60")) as domain:
            journal = domain.path("journal")
            sweep = subprocess.Popen(
                [PROGRAM, "scan", "-q", "-U", "auditor", "-c", "8", "--timeout", "60s",
                 "--host-timeout", "120s", "--retries", "0", "--journal", journal, "-iL",
                 domain.path("targets"), "-o", "json=" + domain.path("r")],
                env=variables(), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while self.plain(journal) < 60:
                self.assertIsNone(sweep.poll(), "the sweep ended by itself")
                time.sleep(0.05)
            told = read_journal(journal)[1]
            self.assertNotIn("127.30.0.3", told)  # it hangs, and its time is not up
            stop(sweep, signal.SIGTERM)
            hosts = read_journal(journal)[1]
            self.assertEqual(len(hosts), 64)
            for host, records in hosts.items():
                if host.startswith("127.31."):
                    self.assertEqual(records[-1]["outcome"], "answered", host)

    def plain(self, journal):
        """How many hosts without a fault have a record by now."""
        if not os.path.exists(journal):
            return 0
        with open(journal, "rb") as file:
            return file.read().count(b'"host":"127.31.')


class Readers(unittest.TestCase):
    """Names that a host gives reach people by terminals, pages and spreadsheets: the
    reports are held by tests/report; here what is said while the sweep goes on."""

    def test_no_name_writes_to_the_terminal(self):
        with Domain(*lines(
                "host evil member address=127.30.0.1 hostile_banner=yes "
                "grant=SeImpersonatePrivilege:hostile-script,hostile-formula,"
                "hostile-ansi,hostile-rtl,hostile-lines,hostile-long")) as domain:
            target = domain.targets()[0][0]
            for words in (["check", "-v"], ["scan", "-v"], ["scan", "-v", "-o", "csv"]):
                done = subprocess.run(
                    [PROGRAM, *words, "-U", "auditor", target], env=variables(),
                    stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
                with self.subTest(words=words):
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    said = (done.stdout + done.stderr).replace(b"\r\n", b"\n")
                    self.assertEqual([c for c in said if c < 32 and c not in b"\n"], [])
                    for character in "\x7f\x9b\u202e\u2028":
                        self.assertNotIn(character, said.decode())
                    self.assertIn(b"script", said)


class Credential(unittest.TestCase):
    def test_what_a_host_gets_of_it(self):
        """NTLMv2 with its integrity code, which names the host it is for; nothing older,
        no guest, no anonymous try after a refusal."""
        with Domain("--hosts", "20", *lines(
                "host old member dialect=2.0.2", "host evil member fault=null@setup2",
                "host worse member fault=guest@setup2")) as domain:
            Run(domain, "--max-logon-failures", "100")
            seen = domain.statistics()
            for what in ("ntlmv1_attempts", "anonymous_attempts", "mic_wrong",
                         "unsigned_requests", "bad_signatures"):
                self.assertEqual(seen[what], 0, what)
            self.assertEqual(seen["mic_present"], seen["logon_attempts"])
            self.assertEqual(seen["logon_attempts"], 23)

    def test_a_journal_tells_nothing_of_it(self):
        with Domain("--hosts", "3") as domain:
            run = Run(domain)
            with open(run.journal, encoding="utf-8") as file:
                text = file.read()
            self.assertNotIn("auditor", text)
            self.assertNotIn(PASSWORD, json.dumps(run.report) + text)


if __name__ == "__main__":
    unittest.main()
