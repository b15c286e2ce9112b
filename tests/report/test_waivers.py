# SPDX-License-Identifier: Apache-2.0
"""--waivers, baselines that extend another, and `lsasweep baseline`."""

import json
import os
import subprocess
import tempfile
import unittest

from journals import DOMAIN, IMPERSONATE, PROGRAM, STOCK, facts, held

IIS = ("S-1-5-32-568", "BUILTIN\\IIS_IUSRS", "alias")
SVC = (DOMAIN + "-1105", "CORP\\svc", "user")
LONG = "2999-12-31"
PAST = "2020-01-31"


class WaiversTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.journal = self.write("j.ndjson", *(
            facts(host, rights={IMPERSONATE: held(*STOCK, who)})
            for host, who in (("web1.corp.example", IIS), ("web2.corp.example", IIS),
                              ("sql1.corp.example", SVC))))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, *lines):
        with open(self.path(name), "w", encoding="utf-8") as file:
            for line in lines:
                file.write(json.dumps(line) + "\n")
        return self.path(name)

    def waivers(self, name, *entries):
        keys = ("host", "right", "principal", "reason", "expires")
        return self.write(name, {"schema": "lsasweep.waivers/1",
                                 "waivers": [dict(zip(keys, entry)) for entry in entries]})

    def report(self, *arguments):
        out = self.path("out.json")
        run = subprocess.run([PROGRAM, "report", self.journal, *arguments, "-o", "json=" + out,
                              "-o", "text"], capture_output=True, text=True, check=False)
        document = None
        if os.path.exists(out):
            with open(out, encoding="utf-8") as file:
                document = json.load(file)
        return run, document

    def test_a_waived_finding_does_not_count_and_is_shown(self):
        run, document = self.report()
        self.assertEqual(run.returncode, 1)
        first = self.waivers("w1.json", ("web*", IMPERSONATE, "IIS_IUSRS", "Web farm", LONG))
        second = self.waivers("w2.json", ("sql1*", "all", "CORP\\svc", "Old agent", LONG))
        run, document = self.report("--waivers", first, "--waivers", second)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(document["summary"]["compliant"], 3)
        self.assertEqual(document["summary"]["findings"]["waived"], 3)
        self.assertEqual([(w["file"], w["line"], w["waived"]) for w in document["waivers"]],
                         [(first, 1, 2), (second, 1, 1)])
        text = " ".join(run.stdout.split())
        self.assertIn("SeImpersonatePrivilege on web*, IIS_IUSRS: waives 2 findings until " + LONG,
                      text)
        self.assertIn("waived until %s: Web farm" % LONG, text)
        self.assertIn("waived until %s: Old agent" % LONG, text)

    def test_what_is_expired_or_matches_nothing_is_said(self):
        waivers = self.waivers("w.json", ("web1*", "*", "IIS_IUSRS", "Over", PAST),
                               ("web9*", "*", "IIS_IUSRS", "Idle", LONG),
                               ("web2*", "*", "IIS_IUSRS", "Good", LONG))
        run, document = self.report("--waivers", waivers)
        self.assertEqual(run.returncode, 1)
        self.assertEqual([(w["waived"], w["expired"]) for w in document["waivers"]],
                         [(0, 1), (0, 0), (1, 0)])
        text = " ".join(run.stdout.split())
        self.assertIn("1 waiver matches no finding, 1 has expired.", text)
        self.assertIn("expired on %s: 1 finding counts again" % PAST, text)
        self.assertIn("matches no finding (last day %s)" % LONG, text)

    def test_every_baseline_has_them(self):
        waivers = self.waivers("w.json", ("*", "*", "IIS_IUSRS", "Web", LONG),
                               ("*", "*", "CORP\\svc", "Agent", LONG))
        for names in ("stig", "cis"), ("cis", "windows-default"):
            run, document = self.report("--waivers", waivers, "--baseline", names[0],
                                        "--baseline", names[1])
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertEqual(document["also_compared"][0]["summary"]["compliant"], 3)

    def test_a_file_that_is_wrong_is_refused_before_anything_is_written(self):
        cases = (("{}", "w.json:1: found no key \"schema\", expected it"),
                 ("nonsense", "w.json:1: found \"nonsense\", expected JSON"),
                 (json.dumps({"schema": "lsasweep.waivers/1", "waivers": [
                     {"host": "*", "right": "SeNothing", "principal": "x", "reason": "r",
                      "expires": LONG}]}), "waivers[0].right: found \"SeNothing\""))
        for content, why in cases:
            with open(self.path("w.json"), "w", encoding="utf-8") as file:
                file.write(content)
            run, document = self.report("--waivers", self.path("w.json"))
            self.assertEqual(run.returncode, 2, content)
            self.assertIn("--waivers: ", run.stderr)
            self.assertIn(why, run.stderr)
            self.assertIsNone(document)
        run, _ = self.report("--waivers", self.path("nowhere.json"))
        self.assertEqual(run.returncode, 2)
        self.assertIn("nowhere.json: No such file or directory", run.stderr)

    def test_an_output_never_replaces_the_waivers(self):
        waivers = self.waivers("w.json", ("*", "*", "IIS_IUSRS", "Web", LONG))
        run = subprocess.run([PROGRAM, "report", self.journal, "--waivers", waivers,
                              "-o", "json=" + waivers], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("is the same file as --waivers", run.stderr)

    def test_an_extension_needs_only_what_differs(self):
        ours = self.write("ours.json", {
            "schema": "lsasweep.baseline/1", "name": "ours", "version": "1", "source": "us",
            "extend": "microsoft", "rights": {IMPERSONATE: {"member_server": {"allow": [
                {"principal": "CORP\\svc", "reason": "agent"}, {"principal": "IIS_IUSRS"}]}}}})
        run, document = self.report("--baseline", ours)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(document["baseline"]["name"], "ours")
        rule = document["roles"]["member_server"]["rights"][IMPERSONATE]["rule"]
        _, shipped = self.report("--baseline", "microsoft")
        self.assertEqual(rule,
                         shipped["roles"]["member_server"]["rights"][IMPERSONATE]["rule"])

    def test_the_shipped_baselines_are_listed_and_shown(self):
        listed = subprocess.run([PROGRAM, "baseline", "list"], capture_output=True, text=True,
                                check=True).stdout
        names = [line.split()[0] for line in listed.splitlines() if line[0] != " "]
        self.assertEqual(names, ["windows-default", "microsoft", "cis", "stig"])
        self.assertLessEqual(max(map(len, listed.splitlines())), 80)
        for name in names:
            shown = subprocess.run([PROGRAM, "baseline", "show", name], capture_output=True,
                                   text=True, check=True).stdout
            self.assertEqual(json.loads(shown)["name"], name)
            with open(self.path("own.json"), "w", encoding="utf-8") as file:
                file.write(shown)
            mine, theirs = (self.report("--baseline", b)[1]
                            for b in (self.path("own.json"), name))
            self.assertEqual(mine["roles"], theirs["roles"])
        for words in ((), ("list", "x"), ("show",), ("show", "mine"), ("show", "cis", "stig")):
            run = subprocess.run([PROGRAM, "baseline", *words], capture_output=True, text=True,
                                 check=False)
            self.assertEqual((run.returncode, run.stdout), (2, ""), words)
            self.assertIn("expected", run.stderr)


if __name__ == "__main__":
    unittest.main()
