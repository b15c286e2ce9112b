# SPDX-License-Identifier: Apache-2.0
"""What a sweep gives up once it has begun, as the kernel tells it; and that all of it goes
on without.  For a release build: a leak checker needs what is given up."""

import os
import re
import signal
import shutil
import subprocess
import tempfile
import time
import unittest

from domain import PASSWORD, PROGRAM, Domain, read_journal

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("LSASWEEP_BUILD", "build")
PACKAGING = os.path.join(TOP, "scanner", "packaging")
NOBODY = 65534
OUTPUTS = ("text", "json", "ndjson", "csv", "html", "junit", "prometheus", "ocsf")
THREADS = 2  # the loop's, and at least one that logs on


def statuses(pid):
    """Of each thread: {"NoNewPrivs": "1", ...}."""
    found = []
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, thread), encoding="utf-8") as file:
            found.append(dict(line.rstrip("\n").split(":\t", 1) for line in file
                              if ":\t" in line))
    return found


def recorded(journal):
    """How many hosts a journal holds by now, behind its header."""
    if not os.path.exists(journal):
        return 0
    with open(journal, "rb") as file:
        return file.read().count(b"\n") - 1


class GivesUp(unittest.TestCase):
    def test_every_thread_as_the_kernel_tells_it(self):
        with Domain("--hosts", "40") as domain:
            sweep = subprocess.Popen(
                [PROGRAM, "scan", "-v", "-U", "auditor", "-iL", domain.path("targets"),
                 "--rate", "10", "--stats-every", "1h", "--journal", domain.path("journal"), "-o",
                 "text=" + domain.path("report")],
                env=dict(os.environ, LSASWEEP_PASSWORD=PASSWORD),
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            end = time.monotonic() + 20
            while time.monotonic() < end and sweep.poll() is None and (
                    len(os.listdir("/proc/%d/task" % sweep.pid)) < THREADS
                    or recorded(domain.path("journal")) < 1):
                time.sleep(0.05)
            threads = statuses(sweep.pid)
            sweep.send_signal(signal.SIGUSR1)
            errors = sweep.communicate(timeout=60)[1]
        self.assertGreaterEqual(len(threads), THREADS)
        for thread in threads:
            self.assertEqual(thread["NoNewPrivs"], "1")
            self.assertEqual(thread["Seccomp"], "2")
            for which in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(int(thread[which], 16), 0, which)
        self.assertRegex(errors, r"\b[1-9]\d*/40 ")
        # What this kernel lacks is told; on any of today's, at most Landlock.
        self.assertEqual([line for line in errors.splitlines() if "without" in line
                          and "without Landlock" not in line], [])

    def test_what_an_intruder_would_try(self):
        done = subprocess.run([os.path.join(BUILD, "tests", "test_sandbox")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("SKIPPED ] no_copy_outlives_the_sweep", done.stdout)


class GoesOn(unittest.TestCase):
    """As nobody, without a home, with a temporary folder of its own."""

    def setUp(self):
        self.domain = Domain("--line", "hosts 30 plant=50", "--dns", "0")
        self.addCleanup(self.domain.__exit__)
        self.folder = tempfile.mkdtemp(prefix="lsasweep-nobody.", dir="/var/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        self.prefix = []
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            self.prefix = ["setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY,
                           "--clear-groups"]
        # Where nobody can read and start them.
        for source, name in ((PROGRAM, "lsasweep"), (self.domain.path("targets"),
                                                     "targets")):
            shutil.copy(source, self.path(name))
            os.chmod(self.path(name), 0o755)
        first = self.domain.truth[0]
        with open(self.path("targets"), "a", encoding="ascii") as file:
            file.write("%s:%d\n" % (first["dns_name"], first["port"]))
        os.mkdir(self.path("tmp"))
        os.chmod(self.path("tmp"), 0o777)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_as_nobody(self, *arguments, stdin=subprocess.DEVNULL, scratch="tmp"):
        return subprocess.run(
            self.prefix + [self.path("lsasweep")] + list(arguments), cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LSASWEEP_PASSWORD": PASSWORD,
                 "TMPDIR": os.path.join(self.folder, scratch)},
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=120, check=False)

    def scan(self, *arguments, **more):
        return self.run_as_nobody(
            "scan", "-U", "auditor", "-iL", "targets", "--dns",
            "127.0.0.1:" + self.domain.ports["dns"], *arguments, **more)

    def test_a_sweep_of_every_report_and_what_follows(self):
        outputs = ["%s=report.%s" % (word, word) for word in OUTPUTS]
        done = self.scan("--journal", "facts",
                         *(word for output in outputs for word in ("-o", output)))
        self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
        hosts = read_journal(self.path("facts"))[1]
        self.assertEqual(len(hosts), len(self.domain.targets()) + 1)
        self.assertEqual({host[-1]["outcome"] for host in hosts.values()}, {"answered"})
        for word in OUTPUTS:
            self.assertGreater(os.path.getsize(self.path("report." + word)), 0, word)
        # Over what is there; then the other commands.
        again = self.scan("--resume", "facts", "-o", "html=report.html")
        self.assertEqual(again.returncode, done.returncode, again.stderr)
        judged = self.run_as_nobody("report", "-o", "junit", "-o", "csv=again.csv",
                                    "facts")
        self.assertEqual(judged.returncode, done.returncode, judged.stderr)
        self.assertIn("<testsuites", judged.stdout)
        # From stdin, which is copied to be read twice.
        with open(self.path("facts"), encoding="utf-8") as facts:
            piped = self.run_as_nobody("report", "-o", "junit", "-", stdin=facts)
        self.assertEqual((piped.returncode, piped.stdout), (done.returncode, judged.stdout))
        # A file for each role has a name that is not the one given.
        fixes = self.run_as_nobody("report", "-o", "gpo-inf=fix.inf", "facts")
        self.assertEqual(fixes.returncode, done.returncode, fixes.stderr)
        self.assertGreater(os.path.getsize(self.path("fix-member_server.inf")), 0)
        drift = self.run_as_nobody("diff", "-o", "json=drift.json", "facts", "facts")
        self.assertEqual((drift.returncode, drift.stderr), (0, ""))

    def test_without_a_journal_nothing_is_left(self):
        for scratch in ("tmp", "/tmp"):
            done = self.scan("-o", "text", "-o", "html=report.html", scratch=scratch)
            self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
            self.assertIn("Assessed", done.stdout)
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def test_one_host(self):
        address = self.domain.targets()[0][0]
        done = self.run_as_nobody("check", "-U", "auditor", address)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("SeImpersonatePrivilege", done.stdout)


class Unit(unittest.TestCase):
    """The systemd unit asks for no more than the program keeps."""

    def setUp(self):
        with open(os.path.join(PACKAGING, "lsasweep.service.in"),
                  encoding="utf-8") as file:
            self.text = file.read()

    def test_it_is_hardened(self):
        words = dict(line.split("=", 1) for line in self.text.splitlines()
                     if "=" in line and not line.startswith("#"))
        for key, value in {
                "DynamicUser": "yes", "NoNewPrivileges": "yes", "LimitCORE": "0",
                "CapabilityBoundingSet": "", "AmbientCapabilities": "",
                "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
                "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes",
                "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
                "SystemCallArchitectures": "native"}.items():
            self.assertEqual(words.get(key), value, key)
        self.assertIn("\nSystemCallFilter=@system-service\n", self.text)
        locked = re.fullmatch(r"(\d+)M", words["LimitMEMLOCK"])
        self.assertTrue(locked and int(locked[1]) >= 1)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd here")
    def test_systemd_understands_it(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = os.path.join(folder, "lsasweep.service")
            with open(unit, "w", encoding="utf-8") as file:
                file.write(self.text.replace(
                    "@CMAKE_INSTALL_FULL_LIBEXECDIR@/lsasweep/sweep-today", "/bin/true"))
            shutil.copy(os.path.join(PACKAGING, "lsasweep.timer"), folder)
            for arguments in (["verify", "--man=no"],
                              ["security", "--offline=true", "--threshold=15"]):
                done = subprocess.run(
                    ["systemd-analyze"] + arguments + [unit], stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
