# SPDX-License-Identifier: Apache-2.0
"""What the program says on stderr, and what -sL and check show: steps, the summary, how to
go on, verdicts."""

import os
import resource
import shlex
import signal
import subprocess
import time
import unittest

from domain import Domain, PROGRAM, start, stop, variables

SERVICE = "_ldap._tcp.dc._msdcs.corp.example"
EVERYONE = "grant=SeImpersonatePrivilege:S-1-1-0"


def run(*words, stdin=None):
    return subprocess.run([PROGRAM, *words], env=variables(), input=stdin, text=stdin is None
                          or isinstance(stdin, str), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False)


def hosts(*lines):
    return Domain(*[word for line in lines for word in ("--line", "host " + line)],
                  "--dns", "0")


class Steps(unittest.TestCase):
    def test_verbose_shows_each_step_of_each_host(self):
        with hosts("web1 member", "web2 member") as domain:
            done = run("scan", "-v", "-U", "auditor", "-iL", domain.path("targets"))
            for host, *_ in domain.targets():
                address = host.split(":")[0]
                for step in ("connect", "negotiate", "authenticate", "tree connect",
                             "open pipe", "bind", "role", "right", "close"):
                    self.assertIn("\n%s: %s: " % (address, step), "\n" + done.stderr)

    def test_without_verbose_no_step_is_shown(self):
        with hosts("web1 member") as domain:
            done = run("scan", "-U", "auditor", "-iL", domain.path("targets"))
            self.assertNotIn("negotiate", done.stderr)

    def test_what_a_host_sends_cannot_act_on_the_terminal(self):
        with hosts("web1 member grant=SeImpersonatePrivilege:hostile-ansi") as domain:
            done = run("scan", "-v", "-U", "auditor", "-iL", domain.path("targets"))
            self.assertNotIn("\x1b", done.stderr)


class Summary(unittest.TestCase):
    def test_a_scan_ends_with_counts_outputs_and_the_exit_code(self):
        with hosts("web1 member", "web2 member " + EVERYONE) as domain:
            journal, csv = domain.path("j.ndjson"), domain.path("o.csv")
            done = run("scan", "-U", "auditor", "-iL", domain.path("targets"), "--journal",
                       journal, "-o", "csv=" + csv, "127.0.0.1:1")
            self.assertEqual(done.stderr.splitlines()[-4:], [
                "lsasweep: assessed 2 of 3 hosts by microsoft: 1 compliant, 1 in violation",
                "lsasweep: journal: " + journal,
                "lsasweep: csv: " + csv,
                "lsasweep: exit 4: incomplete, and violations"])

    def test_a_whole_sweep_says_nothing_of_resuming(self):
        with hosts("web1 member") as domain:
            done = run("scan", "-U", "auditor", "-iL", domain.path("targets"), "--journal",
                       domain.path("j"))
            self.assertNotIn("resume", done.stderr)


class Resuming(unittest.TestCase):
    def test_the_last_line_resumes_an_interrupted_sweep(self):
        with Domain("--line", "hosts 300 delay=20") as domain:
            journal = domain.path("it's a journal")
            sweep = start(domain, journal, "-c", "4")
            while sweep.poll() is None and (not os.path.exists(journal)
                                            or os.path.getsize(journal) < 4000):
                time.sleep(0.01)
            status, _, errors = stop(sweep, signal.SIGINT)
            self.assertEqual(status, 130, errors)
            last = errors.splitlines()[-1]
            self.assertTrue(last.startswith("lsasweep: to resume: "), errors)
            words = shlex.split(last.removeprefix("lsasweep: to resume: "))
            self.assertEqual(words[words.index("--resume") + 1], journal)
            done = run(*words[1:], "-c", "64")
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertNotIn("to resume", done.stderr)

    def test_time_that_is_up_is_resumed_too(self):
        with hosts("web1 member") as domain:
            done = run("scan", "-U", "auditor", "-iL", domain.path("targets"),
                       "--journal=" + domain.path("j"), "--max-runtime", "1ms")
            if "exit 0" not in done.stderr:
                self.assertIn("to resume: ", done.stderr.splitlines()[-1])

    def test_a_stopped_guard_is_resumed_too(self):
        with hosts("web1 member", "web2 member") as domain:
            done = subprocess.run(
                [PROGRAM, "scan", "-U", "auditor", "-iL", domain.path("targets"),
                 "--journal", domain.path("j")], env=variables("wrong"), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("--resume " + domain.path("j"), done.stderr.splitlines()[-1])

    def test_a_journal_that_is_not_whole_is_said_to_be_so(self):
        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        with Domain("--hosts", "30") as domain:
            journal = domain.path("j")
            done = subprocess.run(
                [PROGRAM, "scan", "-U", "auditor", "-iL", domain.path("targets"),
                 "--journal", journal], env=variables(), text=True, preexec_fn=small_files,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                timeout=120, check=False)
            self.assertIn(done.returncode, (3, 4), done.stderr)
            self.assertIn("lsasweep: journal: %s: not whole, writing failed; hosts that "
                          "answered may be missing in it and in the reports\n" % journal,
                          done.stderr)
            last = done.stderr.splitlines()[-1]
            start = ("lsasweep: once %s can be written, this asks the hosts that are missing "
                     "in it: " % journal)
            self.assertTrue(last.startswith(start), done.stderr)
            self.assertNotIn("to resume:", done.stderr)
            again = run(*shlex.split(last.removeprefix(start))[1:])
            self.assertIn(again.returncode, (0, 1), again.stderr)
            self.assertIn("of 30 hosts", again.stderr)

    def test_without_a_journal_it_is_said_what_would_help(self):
        with hosts("web1 member", "web2 member") as domain:
            done = subprocess.run(
                [PROGRAM, "scan", "-U", "auditor", "-iL", domain.path("targets")],
                env=variables("wrong"), text=True, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, timeout=120, check=False)
            self.assertIn("with --journal FILE it could be resumed", done.stderr)


class Listing(unittest.TestCase):
    def list(self, domain, *words, **more):
        return run("scan", "-sL", "-U", "auditor", "--dns", "127.0.0.1:" + domain.ports["dns"],
                   *words, **more)

    def test_hosts_of_a_service_are_listed_and_none_is_asked(self):
        with hosts("dc1 dc", "dc2 dc", "web1 member") as domain:
            done = self.list(domain, SERVICE, "web1", "--exclude", "dc2*")
            self.assertEqual(sorted(done.stdout.split()), ["dc1.corp.example", "web1"])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(domain.statistics()["connections"], 0)

    def test_a_service_without_hosts_is_said(self):
        with hosts("dc1 dc") as domain:
            done = self.list(domain, "_x._tcp.nowhere", "web1")
            self.assertEqual((done.returncode, done.stdout), (3, "web1\n"))
            self.assertIn("_x._tcp.nowhere: resolve: ", done.stderr)

    def test_skipped_lines_are_said_and_counted(self):
        with hosts("dc1 dc") as domain:
            done = self.list(domain, "-iL", "-", "--skip-bad-lines",
                             stdin="srv1\na/1\nsrv2 role=x\nsrv3\n")
            self.assertEqual(done.stdout, "srv1\nsrv3\n")
            self.assertEqual(done.returncode, 3)
            self.assertIn('stdin:2: "a/1": ', done.stderr)
            self.assertIn('stdin:3: "role=x": ', done.stderr)
            self.assertIn("2 bad lines of the target lists skipped", done.stderr)

    def test_outputs_and_baselines_are_checked(self):
        with hosts("dc1 dc") as domain:
            for words in (["-o", "nonsense"], ["-o", "html=/nowhere/a.html"],
                          ["--baseline", "nonsense"], ["--journal", "/nowhere/j"]):
                with self.subTest(words=words):
                    done = self.list(domain, "web1", *words)
                    self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)


class Verdicts(unittest.TestCase):
    def test_check_exits_by_the_verdict_of_its_host(self):
        with hosts("web1 member", "web2 member " + EVERYONE) as domain:
            (good, *_), (bad, *_) = domain.targets()
            done = run("check", "-U", "auditor", good)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("verdict        compliant, compared with microsoft", done.stdout)
            done = run("check", "-U", "auditor", bad)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("violation", done.stdout)
            self.assertIn("Everyone (S-1-1-0)", done.stdout)
            done = run("check", "-U", "auditor", "--fail-on", "none", bad)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            done = run("check", "-U", "reader", good)
            self.assertEqual(done.returncode, 3, done.stdout)
            done = run("check", "-U", "auditor", "127.0.0.1:1")
            self.assertEqual(done.returncode, 3, done.stdout)


if __name__ == "__main__":
    unittest.main()
