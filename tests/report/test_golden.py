# SPDX-License-Identifier: Apache-2.0
"""Every kind of finding, in every format, word for word.

The journal and the baseline stand here; the reports in tests/golden.  After a change that
is meant, `LSASWEEP_GOLDEN=write python3 tests/report/test_golden.py` writes them anew, and
the difference is there to be reviewed.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import journals  # noqa: E402
from journals import DOMAIN, IMPERSONATE, STOCK, facts, held  # noqa: E402

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../golden")
SUFFIX = {"text": "txt", "markdown": "md", "json": "json", "ndjson": "ndjson", "csv": "csv", "prometheus": "prom",
          "junit": "xml", "ocsf": "ocsf.ndjson"}
SVC = (DOMAIN + "-1601", "CORP\\svc-web", "user")
OLD = (DOMAIN + "-1602", "CORP\\svc-old", "user")
GONE = (DOMAIN + "-1777", None, "unknown")
EVERYONE = ("S-1-1-0", "Everyone", "well_known_group")
IIS = ("S-1-5-32-568", "BUILTIN\\IIS_IUSRS", "alias")
MACHINE = "S-1-5-21-7-8-9"
ASPNET = (MACHINE + "-1004", "SRV\\ASPNET", "user")
POOL = ("S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415",
        "IIS APPPOOL\\DefaultAppPool", "well_known_group")
DENIED = {"outcome": "denied", "holders": [], "error": {
    "step": "ask", "code": "STATUS_ACCESS_DENIED", "value": "0xC0000022", "text": "access denied"}}
FAILED = {"outcome": "failed", "holders": [], "error": {
    "step": "ask", "code": None, "value": None, "text": "the answer was cut short"}}
DEBUG = "SeDebugPrivilege"


def every_case():
    """One host a case."""
    def host(name, *extra, role="member_server", **more):
        return facts(name + ".corp.example", role, {IMPERSONATE: held(*STOCK, *extra)}, **more)

    yield host("dc1", role="domain_controller")
    yield host("dc2", SVC, role="domain_controller")
    yield host("compliant")
    yield host("extra-account", SVC)
    yield host("extra-everyone", EVERYONE)
    yield host("orphan", GONE)
    yield host("app-pool", POOL)
    yield host("obsolete", ASPNET, machine={"domain_sid": DOMAIN, "machine_sid": MACHINE,
                                            "os_version": "10.0.20348"})
    yield host("iis-tagged", IIS, tags=["iis"])
    yield host("iis-untagged", IIS)
    yield host("waived", SVC)
    yield host("expired", OLD)
    yield facts("missing.corp.example", rights={DEBUG: held(), IMPERSONATE: held(*STOCK)})
    yield facts("suspect.corp.example", rights={IMPERSONATE: held(*STOCK[:2])})
    yield facts("nobody.corp.example", rights={IMPERSONATE: held()})
    yield facts("undefined.corp.example", "client",
                {IMPERSONATE: {"outcome": "undefined", "holders": []}})
    yield facts("denied.corp.example", rights={IMPERSONATE: DENIED})
    yield facts("failed.corp.example", rights={IMPERSONATE: FAILED})
    yield facts("partly.corp.example", rights={IMPERSONATE: held(*STOCK, SVC), DEBUG: DENIED})
    yield host("conflict")
    yield facts("timeout.corp.example", outcome="timeout", error={
        "step": "connect", "code": "ETIMEDOUT", "value": None, "text": "no answer in 4 s"})
    yield facts("refused.corp.example", outcome="logon_refused", error={
        "step": "authenticate", "code": "STATUS_LOGON_FAILURE", "value": "0xC000006D",
        "text": "the user name or password is wrong"})
    yield facts("guarded.corp.example", outcome="guarded")
    yield facts("dmz.example", "standalone_server", port=4455)


def lines():
    for line in every_case():
        if line["host"].startswith("conflict"):
            line["role"]["conflict"] = "dssetup says member server, the server type says controller"
        yield line


BASELINE = {
    "schema": "lsasweep.baseline/1", "name": "golden", "version": "1", "source": "tests",
    "rights": {
        IMPERSONATE: {role: {"match": "exactly", "rule": "2.2.%d" % (32 + i),
                             "principals": ["S-1-5-32-544", "S-1-5-6", "S-1-5-19", "S-1-5-20"],
                             "allow": [{"principal": "S-1-5-32-568", "when": {"tag": "iis"},
                                        "reason": "Web Server (IIS) role"}]}
                      for i, role in enumerate(("domain_controller", "member_server",
                                                "standalone_server", "client"))},
        DEBUG: {"member_server": {"match": "exactly", "principals": ["S-1-5-32-544"]}},
    },
    "waivers": [
        {"host": "waived*", "right": IMPERSONATE, "principal": "CORP\\svc-web",
         "reason": "CHG-1", "expires": "2999-12-31"},
        {"host": "expired*", "right": IMPERSONATE, "principal": "CORP\\svc-old",
         "reason": "CHG-2", "expires": "2020-12-31"},
    ],
}


class Golden(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="lsasweep-golden.")
        cls.path = lambda name: os.path.join(cls.folder, name)
        journals.write(cls.path("journal"), lines(), 26)
        with open(cls.path("baseline.json"), "w") as out:
            json.dump(BASELINE, out)
        arguments = ["--baseline", cls.path("baseline.json"), "-o", "gpo-inf=" + cls.path("fix.inf")]
        for name in SUFFIX:
            arguments += ["-o", "%s=%s" % (name, cls.path(name))]
        cls.done = journals.report(arguments, [cls.path("journal")])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def compare(self, produced, golden):
        with open(os.path.join(self.folder, produced), "rb") as file:
            got = file.read()
        if got.startswith(b"\xff\xfe"):  # kept as UTF-8, so that it can be reviewed
            got = got[2:].decode("utf-16-le").encode()
        got = got.replace(self.folder.encode() + b"/", b"")
        # The version of the program is no part of what is compared.
        got = re.sub(rb"lsasweep [0-9]+\.[0-9]+\.[0-9]+:", b"lsasweep VERSION:", got)
        got = re.sub(rb'("vendor_name":"lsasweep","version":")[0-9.]+"', rb'\1VERSION"', got)
        path = os.path.join(GOLDEN, golden)
        if os.environ.get("LSASWEEP_GOLDEN") == "write":
            with open(path, "wb") as file:
                file.write(got)
        with open(path, "rb") as file:
            self.assertEqual(got.decode(), file.read().decode(), golden)

    def test_exit_code(self):
        self.assertEqual(self.done.returncode, 4, self.done.stderr)

    def test_templates(self):
        for role in ("domain_controller", "member_server"):
            self.compare("fix-%s.inf" % role, "report-%s.inf" % role)

    def test_verdicts(self):
        with open(os.path.join(self.folder, "json")) as file:
            report = json.load(file)
        verdicts = {h["host"].split(".")[0]: h["verdict"] for h in report["hosts"]}
        for name in ("dc2", "extra-account", "extra-everyone", "orphan", "app-pool", "obsolete",
                     "iis-untagged", "expired", "missing", "partly", "suspect", "nobody"):
            self.assertEqual(verdicts[name], "violation", name)
        for name in ("dc1", "compliant", "iis-tagged", "waived", "conflict"):
            self.assertEqual(verdicts[name], "compliant", name)
        for name in ("denied", "failed", "timeout", "refused", "guarded"):
            self.assertEqual(verdicts[name], "unknown", name)
        labels = {h["host"].split(".")[0]: {x["label"] for r in h["rights"].values()
                                            for x in r["holders"] + r["missing"]}
                  for h in report["hosts"]}
        suspect = [h for h in report["hosts"] if h["host"].startswith("suspect")][0]
        self.assertTrue(suspect["rights"][IMPERSONATE]["collection_suspect"])
        self.assertIn("extra", labels["extra-account"])
        self.assertIn("obsolete", labels["obsolete"])
        self.assertIn("missing", labels["missing"])
        self.assertIn("allowed", labels["iis-tagged"])
        self.assertIn("allowed", labels["waived"])


def add(name):
    setattr(Golden, "test_" + name,
            lambda self: self.compare(name, "report." + SUFFIX[name]))


for each in SUFFIX:
    add(each)

if __name__ == "__main__":
    unittest.main()
