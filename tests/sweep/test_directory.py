# SPDX-License-Identifier: Apache-2.0
"""A recorded directory as the source of targets: `scan --directory FILE`."""

import json
import os
import subprocess
import unittest

from jsonschema import Draft7Validator

from domain import Domain, PROGRAM, Run, variables
from recorded import CLIENT, END, LEFT_OUT, REASONS, computer, domain, write

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "report",
                      "render", "schemas", "report.schema.json")


def schema(name):
    path = os.path.join(os.path.dirname(SCHEMA), name + ".schema.json")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


LINES = [word for name in ("srv1 member", "srv2 member", "pc1 client", "new1 member")
         for word in ("--line", "host " + name)]
COMPUTERS = [computer("srv1", 1001), computer("srv2", 1002, ou="OU=SQL,OU=Servers"),
             computer("pc1", 1003, ou="OU=Desks", os=CLIENT, os_version="10.0 (19045)")]
HOSTS = {"srv1.corp.example", "srv2.corp.example", "pc1.corp.example"}


def sweep(lab, *arguments, **more):
    return Run(lab, "-p", lab.ports["ready"], "--dns", "127.0.0.1:" + lab.ports["dns"],
               *arguments, targets=False, **more)


def listed(*arguments):
    done = subprocess.run([PROGRAM, "scan", "-sL"] + list(arguments), env=variables(None),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.split("\n")[:-1], done.stderr


def directory_lines(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return [line for line in lines if line["schema"] == "lsasweep.directory/1"]


class Directory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Domain(*LINES, "--dns", "0")
        cls.record = write(cls.lab.path("ad.ndjson"), *COMPUTERS, *LEFT_OUT, domain(), END)

    @classmethod
    def tearDownClass(cls):
        cls.lab.__exit__()

    def written(self, *lines):
        return write(self.lab.path(self.id() + ".ndjson"), *lines)

    def test_the_computers_in_scope_are_asked_and_no_other(self):
        run = sweep(self.lab, "--directory", self.record)
        self.assertEqual(set(run.hosts), HOSTS, run.errors)
        self.assertEqual(run.outcomes(), {"answered": 3})
        self.assertEqual(run.header["targets"], 3)

    def test_a_directory_that_was_read_by_ntlm_is_said_to_be_unproven(self):
        """Any member of the domain can answer in a controller's place then."""
        for proof, said in (("none", True), ("kerberos", False), ("tls", False),
                            (None, False)):
            record = self.written(*COMPUTERS, domain(proof=proof) if proof else domain(),
                                  END)
            errors = listed("--directory", record)[2]
            self.assertEqual('nothing proves that "dc1.corp.example" is' in errors, said)
            run = sweep(self.lab, "--directory", record)
            kept = [line.get("proof") for line in directory_lines(run.journal)
                    if line["kind"] == "domain"]
            self.assertEqual(kept, [proof])

    def test_a_host_has_its_account_in_its_facts(self):
        run = sweep(self.lab, "--directory", self.record)
        self.assertEqual(run.hosts["srv2.corp.example"]["directory"], {
            "domain": "corp.example", "dn": COMPUTERS[1]["dn"],
            "ou": "OU=SQL,OU=Servers,DC=corp,DC=example", "account": "SRV2$",
            "sid": "S-1-5-21-1-2-3-1002", "site": None,
            "site_evidence": None, "os": COMPUTERS[1]["os"],
            "os_version": "10.0 (20348)", "build": "10.0.20348",
            "last_logon": COMPUTERS[1]["last_logon"], "role": "member_server",
            "enabled": True})

    def test_the_journal_holds_the_domain_and_what_was_left_out(self):
        run = sweep(self.lab, "--directory", self.record)
        found, = directory_lines(run.journal)
        self.assertEqual(found["computers"]["total"], 3 + len(LEFT_OUT))
        self.assertEqual(found["computers"]["in_scope"], 3)
        self.assertEqual({k: v for k, v in found["computers"]["left_out"].items() if v},
                         REASONS)
        self.assertEqual(found["controller"], "dc1.corp.example")

    def test_sites_of_the_record_are_in_the_journal_and_the_reports(self):
        base = {"schema": "lsasweep.directory/1", "forest": "corp.example"}
        sites = [dict(base, kind="subnet", name=name, site=site) for name, site in (
            ("0.0.0.0/0", "Rest"), ("127.0.0.0/8", "Paris"), ("127.0.0.0/30", None),
            ("127.0.0.0/8\nCNF:1", "Ghost"))]
        placed = dict(COMPUTERS[0], site="Oslo", site_evidence="server_object")
        record = self.written(placed, *COMPUTERS[1:], *LEFT_OUT, *sites, domain(), END)
        run = sweep(self.lab, "--directory", record)
        found = [line for line in directory_lines(run.journal) if line["kind"] == "subnet"]
        self.assertEqual(found, sites)
        self.assertIsNone(run.hosts["srv2.corp.example"]["directory"]["site"])
        addresses = {host["host"]: host["address"] for host in run.hosts.values()}
        hosts = {host["host"]: host["directory"] for host in run.report["hosts"]}
        expected = {"srv1.corp.example": ("Oslo", "server_object")}
        for name in HOSTS - set(expected):
            low = int(addresses[name].split(":")[0].split(".")[3]) < 4
            expected[name] = (None, None) if low and addresses[name].startswith(
                "127.0.0.") else ("Paris", "subnet")
        self.assertEqual({name: (hosts[name]["site"], hosts[name]["site_evidence"])
                          for name in hosts}, expected)
        counted = {site["name"]: site["asked"]
                   for site in run.report["coverage"]["sites"]}
        self.assertEqual(counted.get("Oslo"), 1)
        self.assertEqual(sum(counted.values()), len(HOSTS))

    def test_a_journal_with_a_directory_is_resumed_and_reported(self):
        run = sweep(self.lab, "--directory", self.record)
        again = sweep(self.lab, "--directory", self.record, "--resume", run.journal,
                      journal=run.journal)
        self.assertEqual(len(again.all_records), 3, again.errors)
        done = subprocess.run([PROGRAM, "report", "-q", "-o", "json", run.journal],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        self.assertEqual(done.stderr, "")
        self.assertEqual(json.loads(done.stdout)["summary"]["hosts"], 3)

    def conflict(self, **more):
        path = self.written(computer("srv1", 1, **more), domain(), END)
        run = sweep(self.lab, "--directory", path)
        self.assertEqual(run.report["summary"]["directory_conflicts"],
                         "directory_conflict" in run.report["hosts"][0])
        return run.report["hosts"][0].get("directory_conflict")

    def test_a_host_that_is_not_its_account_is_said(self):
        self.assertIsNone(self.conflict(os_version=None))
        self.assertIn("its account is OTHER$", self.conflict(account="OTHER$"))
        self.assertIn("its account is in other.example",
                      self.conflict(domain="other.example", os_version=None))
        self.assertIn("Active Directory has 6.1.7601",
                      self.conflict(os_version="6.1 (7601)"))

    def every_format(self, *lines):
        """The reports of one sweep, {format: text}."""
        files = {form: self.lab.path("every." + form) for form in (
            "text", "markdown", "ndjson", "csv", "html", "junit", "prometheus", "ocsf")}
        sweep(self.lab, "--directory", self.written(*lines), *[
            word for form, file in files.items() for word in ("-o", form + "=" + file)])
        found = {}
        for form, path in files.items():
            with open(path, encoding="utf-8") as file:
                found[form] = file.read()
        return found

    def test_every_format_has_the_coverage_by_site_and_unit(self):
        placed = [dict(COMPUTERS[0], site="Oslo", site_evidence="only_site"),
                  dict(COMPUTERS[1], site="Paris } <1>", site_evidence="only_site"),
                  computer("gone", 7, dns_name="gone.invalid", ou="OU=Lost")]
        found = self.every_format(*placed, *LEFT_OUT, domain(), END)
        lines = [json.loads(line) for line in found["ndjson"].splitlines()]
        groups = [line for line in lines if line["schema"] == "lsasweep.coverage/1"]
        for line in groups:
            Draft7Validator(schema("coverage")).validate(line)
        for line in lines[:-len(groups)]:
            Draft7Validator(schema("finding")).validate(line)
        counted = {(line["by"], line["name"]): (line["asked"], line["assessed"])
                   for line in groups}
        self.assertEqual(counted["total", None], (3, 2))
        self.assertEqual(groups[0]["computers"]["in_scope"], 3)
        self.assertEqual(counted["site", "Paris } <1>"], (1, 1))
        self.assertEqual(counted["site", None], (1, 0))
        self.assertEqual(counted["organizational_unit", "OU=Lost,DC=corp,DC=example"],
                         (1, 0))
        gone, = [line for line in lines if line.get("host") == "gone.invalid"]
        self.assertEqual((gone["outcome"], gone["directory"]["last_logon"]),
                         ("unresolvable", placed[2]["last_logon"]))
        event = json.loads(found["ocsf"].splitlines()[-1])
        self.assertEqual(event["compliance"]["status"], "Warning")
        self.assertEqual({(group["by"], group["name"]): (group["asked"], group["assessed"])
                          for group in event["unmapped"]["groups"]},
                         {key: value for key, value in counted.items()
                          if key[0] != "total"})
        self.assertRegex(found["prometheus"], r'(?m)^lsasweep_directory_site_asked\{'
                         r'site="Paris } <1>",[^{}]*\} 1$')
        self.assertIn('<property name="directory.site.Paris } &lt;1&gt;.assessed" value="1"/>',
                      found["junit"])
        self.assertIn("<td>Site</td><td>Paris } &lt;1&gt;</td>", found["html"])
        self.assertRegex(found["markdown"], r"\| `site` \| Oslo \| 1 of 1")
        self.assertRegex(found["text"], r"OU=Lost,DC=corp,DC=example")

    def test_every_format_says_that_a_host_is_not_its_account(self):
        found = self.every_format(computer("srv1", 1, account="OTHER$"), domain(), END)
        words = "its account is OTHER$"
        for form in ("csv", "html"):
            self.assertIn(words, found[form], form)
        for form in ("text", "markdown"):
            self.assertIn("not what Active Directory has", found[form], form)
        line, = [line for line in map(json.loads, found["ndjson"].splitlines())
                 if line.get("finding") == "directory_conflict"]
        self.assertIn(words, line["reason"])
        self.assertIn(words, json.loads(found["ocsf"].splitlines()[0])["unmapped"]
                      ["directory"]["conflict"])
        self.assertRegex(found["prometheus"],
                         r"(?m)^lsasweep_directory_conflicts\{[^{}]*\} 1$")
        self.assertIn('<property name="directory.conflicts" value="1"/>', found["junit"])

    def test_reports_say_of_how_many_computers_they_are(self):
        path = self.written(*COMPUTERS, computer("gone", 7, dns_name="gone.invalid",
                                                 ou="OU=Lost"), *LEFT_OUT, domain(), END)
        files = {form: self.lab.path(form) for form in ("text", "csv", "html", "junit",
                                                        "prometheus")}
        run = sweep(self.lab, "--directory", path, "new1.corp.example", *[
            word for form, file in files.items() for word in ("-o", form + "=" + file)])
        coverage = run.report["coverage"]
        self.assertEqual(coverage["computers"]["total"], 4 + len(LEFT_OUT))
        self.assertEqual(coverage["computers"]["in_scope"], 4)
        self.assertEqual((coverage["asked"], coverage["assessed"]), (4, 3))
        self.assertEqual({unit["name"]: (unit["asked"], unit["assessed"])
                          for unit in coverage["organizational_units"]},
                         {"OU=Servers,DC=corp,DC=example": (1, 1),
                          "OU=SQL,OU=Servers,DC=corp,DC=example": (1, 1),
                          "OU=Desks,DC=corp,DC=example": (1, 1),
                          "OU=Lost,DC=corp,DC=example": (1, 0)})
        self.assertEqual({system["name"]: system["assessed"]
                          for system in coverage["operating_systems"]},
                         {CLIENT: 1, COMPUTERS[0]["os"]: 2})
        self.assertEqual(coverage["not_listed"], 1)
        self.assertEqual(coverage["domains"][0]["read_at"], domain()["read_at"])
        with open(SCHEMA, encoding="utf-8") as file:
            Draft7Validator(json.load(file)).validate(run.report)
        read = {}
        for form, path in files.items():
            with open(path, encoding="utf-8") as file:
                read[form] = file.read()
        for form in "text", "html":
            self.assertIn("Active Directory lists 11 computers: 4 in scope, 2 disabled",
                          " ".join(read[form].split()))
            self.assertIn("3 of 4 (75.0 %) were assessed", " ".join(read[form].split()))
            self.assertIn("1 host that answered is not in Active Directory",
                          " ".join(read[form].split()))
        self.assertIn("gone.invalid: unresolvable, 2026-01-01", read["text"])
        self.assertIn("OU=Lost,DC=corp,DC=example", read["text"])
        labels = ',baseline="microsoft",domain="corp.example"}'
        self.assertIn('lsasweep_directory_computers{state="stale"%s 1' % labels,
                      read["prometheus"])
        self.assertIn('lsasweep_directory_assessed{role="member_server"%s 2' % labels,
                      read["prometheus"])
        self.assertIn('<property name="directory.in_scope" value="4"/>', read["junit"])
        self.assertIn('"OU=Lost,DC=corp,DC=example","2026-01-01T00:00:00.000Z"', read["csv"])

    def test_shards_of_one_directory_are_one(self):
        journals = [sweep(self.lab, "--directory", self.record, "--shard", part).journal
                    for part in ("0/2", "1/2")]
        done = subprocess.run([PROGRAM, "report", "-q", "-o", "json"] + journals,
                              stdout=subprocess.PIPE, check=False)
        coverage = json.loads(done.stdout)["coverage"]
        self.assertEqual(coverage["computers"]["in_scope"], 3)
        self.assertEqual((coverage["asked"], coverage["assessed"]), (3, 3))

    def test_a_report_without_a_directory_has_no_coverage(self):
        self.assertIsNone(sweep(self.lab, "srv1.corp.example").report["coverage"])

    def test_a_host_that_is_named_as_well_is_asked_once(self):
        run = sweep(self.lab, "--directory", self.record, "SRV1.corp.example",
                    "srv2.corp.example:%s" % self.lab.ports["refused"])
        ready, refused = self.lab.ports["ready"], self.lab.ports["refused"]
        self.assertEqual(set(run.all_records), {"%s:%s" % (host, ready) for host in HOSTS} |
                         {"srv2.corp.example:" + refused})

    def test_what_is_left_out_can_be_included(self):
        every = listed("--directory", self.record, "--include", "all")[1]
        self.assertEqual(len(every), 3 + len(LEFT_OUT) - 1)
        old = listed("--directory", self.record, "--stale-days", "0")[1]
        self.assertIn("old1.corp.example", old)
        self.assertEqual(len(old), 4)

    def test_exclusion_and_shards_hold_for_it(self):
        status, found, _ = listed("--directory", self.record, "--exclude", "srv*")
        self.assertEqual((status, found), (0, ["pc1.corp.example"]))
        parts = [listed("--directory", self.record, "--shard", "%d/2" % i)[1]
                 for i in (0, 1)]
        self.assertEqual(set(parts[0]) | set(parts[1]), HOSTS)
        self.assertFalse(set(parts[0]) & set(parts[1]))

    def test_what_is_stale_is_judged_by_the_day_of_the_record(self):
        """The record is older than any limit by now."""
        self.assertEqual(set(listed("--directory", self.record, "--stale-days", "3")[1]),
                         HOSTS)

    def test_two_accounts_of_one_name_are_one_host(self):
        path = self.written(*COMPUTERS, computer("srv1", 1009), domain(), END)
        self.assertEqual(set(listed("--directory", path)[1]), HOSTS)

    def test_a_record_that_was_cut_short_is_incomplete(self):
        path = self.written(*COMPUTERS, domain())
        run = sweep(self.lab, "--directory", path, "--fail-on", "incomplete")
        self.assertIn("not read to its end", run.errors)
        self.assertIn(run.status, (3, 4))
        path = self.written(*COMPUTERS, domain(error="dc1: search: closed"), END)
        self.assertIn("not read to its end",
                      sweep(self.lab, "--directory", path).errors)

    def refused(self, path, *words):
        status, found, errors = listed("--directory", path)
        self.assertEqual((status, found), (2, []))
        for word in words:
            self.assertIn(word, errors)

    def test_a_bad_record_is_refused_with_its_line(self):
        self.refused(self.written(), "empty, expected a recorded directory")
        self.refused(self.written(COMPUTERS[0], "no JSON\n"), ":2: ",
                     "expected one JSON object a line")
        self.refused(self.written(dict(COMPUTERS[0], sid=7)), ":1: ", '"sid"',
                     "expected a string or null")
        self.refused(self.written(dict(COMPUTERS[0], dn="nonsense")), "a distinguished name")
        self.refused(self.written(dict(COMPUTERS[0], os="x" * 300000)), ":1: a line of ")
        self.refused("/nowhere/ad.ndjson", "/nowhere/ad.ndjson: No such file")
        self.refused(os.devnull, "expected a file")

    def test_include_needs_a_directory(self):
        status, _, errors = listed("--include", "stale", "srv1")
        self.assertEqual(status, 2)
        self.assertIn("--include", errors)

    def test_hosts_that_are_not_reached_have_their_role_from_the_directory(self):
        path = self.written(computer("gone", 1, dns_name="gone.invalid"), domain(), END)
        run = sweep(self.lab, "--directory", path)
        record, = run.hosts.values()
        self.assertEqual(record["outcome"], "unresolvable")
        self.assertEqual((record["role"]["value"], record["role"]["evidence"]),
                         ("member_server", "directory"))


if __name__ == "__main__":
    unittest.main()
