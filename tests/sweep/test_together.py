# SPDX-License-Identifier: Apache-2.0
"""Journals that are put together and differ: in rights, in parts of a divided sweep.  What
is not in the report is said, and the report is not compliant as if nothing were."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from domain import IMPERSONATE, PASSWORD, PROGRAM, Domain, Run, variables

DEBUG = "SeDebugPrivilege"
TODAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scanner",
                     "packaging", "sweep-today.in")
STOCK = ["S-1-5-32-544", "S-1-5-6", "S-1-5-19", "S-1-5-20"]


def host(name, rights, day=2, outcome="answered"):
    """A member server that holds what `rights` says: {right: SIDs}."""
    return {"schema": "lsasweep.facts/1", "ts": "2026-01-%02dT03:04:05.678Z" % day,
            "host": name, "port": 445, "outcome": outcome, "step": "close",
            "role": {"value": "member_server", "evidence": "dssetup"},
            "machine": {"os_version": "10.0.20348"},
            "rights": {right: {"outcome": "held", "holders": [
                {"sid": sid, "name": None, "kind": "not_told"} for sid in sids]}
                for right, sids in rights.items()}}


class Together(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-together.")
        self.addCleanup(shutil.rmtree, self.folder)

    def journal(self, name, *lines, shard=None, version="0.2.0"):
        path = os.path.join(self.folder, name)
        header = {"schema": "lsasweep.journal/1", "sweep": name, "version": version,
                  "started": "2026-01-02T03:00:00.000Z", "targets": len(lines)}
        if shard:
            header["shard"] = {"part": shard[0], "parts": shard[1]}
        trailer = {"schema": "lsasweep.journal/1", "sweep": name, "hosts": len(lines),
                   "finished": "2026-01-02T03:10:00.000Z",
                   "outcomes": {"answered": len(lines)}}
        with open(path, "w", encoding="utf-8") as file:
            for line in (header, *lines, trailer):
                file.write(json.dumps(line) + "\n")
        return path

    def report(self, *journals):
        done = subprocess.run([PROGRAM, "report", "-o", "json", *journals],
                              env=variables(None), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, json.loads(done.stdout), done.stderr

    def test_journals_of_different_versions_are_said(self):
        one = self.journal("one", host("srv1", {IMPERSONATE: STOCK}))
        same = self.journal("same", host("srv2", {IMPERSONATE: STOCK}))
        older = self.journal("older", host("srv3", {IMPERSONATE: STOCK}), version="0.1.0")
        self.assertNotIn("versions", self.report(one, same)[2])
        status, _, errors = self.report(one, same, older)
        self.assertEqual(status, 0)
        self.assertIn("written by versions 0.2.0 and 0.1.0 of lsasweep", errors)

    def test_a_newer_record_for_other_rights_is_no_answer_to_the_older_ones(self):
        violation = host("srv1", {IMPERSONATE: STOCK + ["S-1-1-0"]})
        debug = host("srv1", {DEBUG: ["S-1-5-32-544"]}, day=3)
        both = [self.journal("old", violation), self.journal("new", debug)]
        one = [self.journal("one", violation, debug)]  # a resumed sweep's
        for journals in (both, both[::-1], one):
            status, report, errors = self.report(*journals)
            self.assertEqual(status, 3, errors)
            self.assertIn("1 host has a newer record that was not asked for all rights",
                          errors)
            self.assertEqual(list(report["hosts"][0]["rights"]), [DEBUG])
            self.assertEqual(report["sweep"]["rights_replaced"], 1)
            text = subprocess.run([PROGRAM, "report", *journals], env=variables(None),
                                  capture_output=True, text=True, check=False).stdout
            self.assertIn("an older record has answers for rights", " ".join(text.split()))

    def test_a_newer_record_for_more_rights_is(self):
        old = self.journal("old", host("srv1", {IMPERSONATE: STOCK + ["S-1-1-0"]}))
        new = self.journal("new", host("srv1", {IMPERSONATE: STOCK,
                                                DEBUG: ["S-1-5-32-544"]}, day=3))
        status, _, errors = self.report(old, new)
        self.assertEqual(status, 0, errors)
        self.assertNotIn("rights", errors)

    def test_a_newer_record_without_an_answer_leaves_the_host_unknown(self):
        old = self.journal("old", host("srv1", {IMPERSONATE: STOCK}))
        new = self.journal("new", host("srv1", {}, day=3, outcome="timeout"))
        self.assertEqual(self.report(old, new)[0], 3)

    def test_hosts_that_were_asked_for_fewer_rights_are_said(self):
        both = host("srv1", {IMPERSONATE: STOCK, DEBUG: ["S-1-5-32-544"]})
        status, _, errors = self.report(
            self.journal("a", both), self.journal("b", host("srv2", {IMPERSONATE: STOCK})))
        self.assertEqual(status, 0)
        self.assertIn("1 of 2 hosts that answered were asked for fewer rights", errors)

    def parts(self, *shards):
        return self.report(*[
            self.journal("part%d" % n, host("srv%d" % n, {IMPERSONATE: STOCK}), shard=shard)
            for n, shard in enumerate(shards)])

    def test_parts_of_a_sweep_that_are_missing(self):
        status, report, errors = self.parts((0, 4), (3, 4), (1, 4))
        self.assertEqual((status, report["sweep"]["parts_missing"]), (3, 1))
        self.assertIn("1 of the 4 parts of the sweep is missing, the first is --shard 2/4",
                      errors)
        status, _, errors = self.parts((3, 4), (3, 4))
        self.assertEqual(status, 3)
        self.assertIn("3 of the 4 parts of the sweep are missing, the first is --shard 0/4",
                      errors)
        for whole in ([(1, 2), (0, 2)], [(1, 2), (0, 2), (1, 2)], [(1, 2)], [None, None]):
            status, _, errors = self.parts(*whole)
            self.assertEqual((status, "part" in errors), (0, False), errors)

    def test_parts_of_differently_divided_sweeps(self):
        status, _, errors = self.parts((0, 2), (1, 3), (2, 3))
        self.assertEqual(status, 3)
        self.assertIn("differently divided", errors)


HOST = '{"schema":"lsasweep.facts/1"}'


class Nightly(unittest.TestCase):
    """What sweep-today compares today's sweep with."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-today.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.state = os.path.join(self.folder, "state")
        os.mkdir(self.state)
        with open(TODAY, encoding="utf-8") as file:
            script = file.read().replace("@CMAKE_INSTALL_FULL_BINDIR@", self.folder)
        with open(self.path("sweep-today"), "w", encoding="utf-8") as file:
            file.write(script)
        with open(self.path("lsasweep"), "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\necho "$@" >>%s/said\n[ "$1" = diff ] || '
                       'echo \'%s\' >"%s/$(date +%%F).ndjson"\n' % (
                           self.folder, HOST, self.state))
        os.chmod(self.path("lsasweep"), 0o700)

    def path(self, name):
        return os.path.join(self.folder, name)

    def compared(self, *dates):
        for date in dates:
            with open(os.path.join(self.state, date + ".ndjson"), "w",
                      encoding="utf-8") as file:
                file.write(HOST + "\n")
        subprocess.run(["sh", self.path("sweep-today")], check=True, env=dict(
            os.environ, LSASWEEP_STATE=self.state, LSASWEEP_PRINCIPAL="p@R",
            LSASWEEP_KEYTAB="/keytab"))
        with open(self.path("said"), encoding="utf-8") as file:
            return [os.path.basename(line.split()[1])[:10] for line in file
                    if line.startswith("diff")]

    def test_the_first_night_is_compared_with_nothing(self):
        self.assertEqual(self.compared(), [])

    def test_the_last_one_before_today_and_none_of_the_future(self):
        self.assertEqual(self.compared("2020-01-01", "2020-03-01", "2099-01-01"),
                         ["2020-03-01"])


class Resumed(unittest.TestCase):
    def resume(self, domain, journal, *arguments):
        return subprocess.run(
            [PROGRAM, "scan", "-U", "auditor", "-iL", domain.path("targets"), "-o", "json",
             "--resume", journal, *arguments], env=variables(PASSWORD),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def test_hosts_that_are_no_targets_any_more_are_said(self):
        with Domain("--hosts", "6") as domain:
            journal = domain.path("j")
            Run(domain, journal=journal)
            again = self.resume(domain, journal)
            self.assertNotIn("no target of this run", again.stderr)
            gone = ",".join(target[0].split(":")[0] for target in domain.targets()[:2])
            again = self.resume(domain, journal, "--exclude", gone)
            self.assertIn("%s: 2 hosts in it are no target of this run; the reports have them"
                          % journal, again.stderr)
            self.assertEqual(len(json.loads(again.stdout)["hosts"]), 6)


class Shards(unittest.TestCase):
    def test_a_part_is_resumed_as_that_part(self):
        with Domain("--hosts", "40") as domain:
            journal = domain.path("j")
            run = Run(domain, "--shard", "1/2", journal=journal)
            self.assertEqual(run.header["shard"], {"part": 1, "parts": 2})
            count = len(run.hosts)
            for arguments, expected in ((["--shard", "0/2"], 2), (["--shard", "1/3"], 2),
                                        ([], 2), (["--shard", "1/2"], run.status)):
                again = Run(domain, "--resume", journal, *arguments, journal=journal)
                self.assertEqual(again.status, expected, again.errors)
                self.assertEqual(len(again.hosts), count)
                if expected == 2:
                    self.assertIn("is of part 1/2 of a sweep", again.errors)
            self.assertNotIn("shard", Run(domain).header)


if __name__ == "__main__":
    unittest.main()
