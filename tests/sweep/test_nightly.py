# SPDX-License-Identifier: Apache-2.0
"""sweep-today, night after night: what a failed night leaves behind breaks none after it."""

import datetime
import os
import re
import subprocess
import tempfile
import unittest

from domain import PASSWORD, Domain

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
TODAY = datetime.date.today().isoformat
HEADER = '{"schema":"lsasweep.journal/1","sweep":"x","started":"2026-01-02T03:00:00.000Z"}\n'


class NightlyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lsasweep-nightly.")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.state = os.path.join(folder.name, "state")
        os.mkdir(self.state)
        with open(os.path.join(HERE, "..", "..", "scanner", "packaging", "sweep-today.in"),
                  encoding="utf-8") as file:
            text = file.read().replace("program=@CMAKE_INSTALL_FULL_BINDIR@/lsasweep",
                                       "program=" + os.path.abspath(PROGRAM))
        self.script = os.path.join(folder.name, "sweep-today")
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(text)

    def night(self, targets, **more):
        variables = {"PATH": os.environ["PATH"], "HOME": self.folder,
                     "LSASWEEP_STATE": self.state, "LSASWEEP_TARGETS": targets,
                     "LSASWEEP_USER": "auditor", "LSASWEEP_PASSWORD": PASSWORD, **more}
        return subprocess.run(["sh", self.script], capture_output=True, text=True, check=False,
                              env={key: value for key, value in variables.items() if value})

    def files(self):
        return sorted(os.listdir(self.state))

    def read(self, name):
        with open(os.path.join(self.state, name), encoding="utf-8") as file:
            return file.read()

    def put(self, name, text):
        with open(os.path.join(self.state, name), "w", encoding="utf-8") as file:
            file.write(text)

    def make_older(self, day):
        """What was written today was written on `day`."""
        today = TODAY()
        for name in self.files():
            if name.startswith(today):
                os.rename(os.path.join(self.state, name),
                          os.path.join(self.state, name.replace(today, day)))

    def test_nights_with_failures_between(self):
        grant = "host srv2 member grant=SeImpersonatePrivilege:everyone"
        with Domain("--line", "host srv1 member", "--line", "host srv2 member") as domain:
            done = self.night(domain.path("targets"))
            self.assertEqual(done.returncode, 0, done.stderr)
        today = TODAY()
        self.assertEqual(self.files(), sorted(
            ["lsasweep.prom"] + [today + end for end in (".html", ".json", ".ndjson", ".txt")]))
        self.make_older("2026-01-01")
        # Nights that failed: before anything was written, and before any host.
        self.put("2026-01-02.ndjson", "")
        self.put("2026-01-03.ndjson", HEADER)
        with Domain("--line", "host srv1 member", "--line", grant) as domain:
            # The simulated domain has another port each time, a real one has not.
            journal = self.read("2026-01-01.ndjson")
            self.put("2026-01-01.ndjson", re.sub(r'"port":\d+', '"port":' +
                                                 domain.targets()[0][0].split(":")[1], journal))
            done = self.night(domain.path("targets"))
            self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("Everyone", self.read(TODAY() + ".diff.txt"))

    def test_a_sweep_that_was_cut_off_goes_on(self):
        with Domain("--hosts", "3") as domain:
            self.assertEqual(self.night(domain.path("targets")).returncode, 0)
            whole = self.read(TODAY() + ".ndjson").splitlines(keepends=True)
            facts = [line for line in whole if '"lsasweep.facts' in line]
            self.put(TODAY() + ".ndjson", "".join([whole[0], facts[0]]))
            self.assertEqual(self.night(domain.path("targets")).returncode, 0)
        again = self.read(TODAY() + ".ndjson")
        self.assertEqual(again.count('"lsasweep.facts'), 3)
        self.assertIn(facts[0], again)

    def test_a_night_without_a_host_is_no_success(self):
        empty = os.path.join(self.folder, "targets")
        with open(empty, "w", encoding="utf-8"):
            pass
        done = self.night(empty)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("no host was asked", done.stderr)
        done = self.night(os.path.join(self.folder, "nowhere"))
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_a_journal_that_cannot_be_compared_is_no_success(self):
        with Domain("--hosts", "2") as domain:
            self.put("2026-01-01.ndjson", '{"schema":"lsasweep.facts/1" nonsense\n')
            done = self.night(domain.path("targets"))
        self.assertIn(done.returncode, (0, 2), done.stderr)
        if done.returncode == 2:
            self.assertIn("could not be compared", done.stderr)

    def test_a_wrong_password_fails_the_night_and_not_the_next(self):
        with Domain("--hosts", "3") as domain:
            done = self.night(domain.path("targets"), LSASWEEP_PASSWORD="wrong")
            self.assertEqual(done.returncode, 5, done.stderr)
            done = self.night(domain.path("targets"))
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_credentials_and_places(self):
        auth = os.path.join(self.folder, "auth")
        with open(auth, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write("username = auditor\npassword = %s\n" % PASSWORD)
        metrics = os.path.join(self.folder, "sweep.prom")
        with Domain("--hosts", "2") as domain:
            done = self.night(domain.path("targets"), LSASWEEP_USER="", LSASWEEP_PASSWORD="",
                              LSASWEEP_AUTH=auth, LSASWEEP_PROMETHEUS=metrics)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(os.path.exists(metrics))
            self.assertNotIn("lsasweep.prom", self.files())
            done = self.night(domain.path("targets"), LSASWEEP_USER="", LSASWEEP_PASSWORD="")
        self.assertNotIn(done.returncode, (0, 1, 3, 4))
        self.assertIn("LSASWEEP_PRINCIPAL", done.stderr)

    def test_old_results_go(self):
        old = os.path.join(self.state, "2020-01-01.ndjson")
        self.put("2020-01-01.ndjson", HEADER)
        self.put("notes", "mine")
        os.utime(old, (0, 0))
        os.utime(os.path.join(self.state, "notes"), (0, 0))
        with Domain("--hosts", "1") as domain:
            self.assertEqual(self.night(domain.path("targets")).returncode, 0)
        self.assertFalse(os.path.exists(old))
        self.assertIn("notes", self.files())


if __name__ == "__main__":
    unittest.main()
