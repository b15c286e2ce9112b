# SPDX-License-Identifier: Apache-2.0
"""`lsasweep policy`: which GPO sets a right, from a recorded directory."""

import json
import os
import subprocess
import tempfile
import unittest

from jsonschema import Draft7Validator

from domain import PROGRAM, SANITIZERS
from recorded import CLIENT, END, computer, domain, write

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "report",
                       "render", "schemas")
TOP = "DC=corp,DC=example"
EXTENSION = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]"
RIGHT = "SeImpersonatePrivilege"
ADMINS, SERVICE = "S-1-5-32-544", "S-1-5-6"


def validator(name):
    with open(os.path.join(SCHEMAS, name + ".schema.json"), encoding="utf-8") as file:
        return Draft7Validator(json.load(file))


def line(kind, **keys):
    return dict({"schema": "lsasweep.directory/1", "kind": kind}, **keys)


def policies(**more):
    return line("policies", **dict({
        "domain": "corp.example", "controller": "dc1.corp.example", "read_at": None,
        "error": None, "scopes_complete": True, "gpos_complete": True,
        "filters_complete": True, "server_authenticated": True}, **more))


def gpo_dn(name):
    return "CN={%s},CN=Policies,CN=System,%s" % (name, TOP)


def link(name, options=0):
    return "[LDAP://%s;%d]" % (gpo_dn(name), options)


def scope(kind, dn, *links, options=None):
    return line("scope", type=kind, domain="corp.example", dn=dn,
                gp_link="".join(links) or None, gp_options=options, changed=None)


def site(name, *links):
    return scope("site", "CN=%s,CN=Sites,CN=Configuration,%s" % (name, TOP), *links)


def ace(sid, form="object", **more):
    return dict({"sid": sid, "form": form, "deny": False, "read": True, "apply": True},
                **more)


def gpo(name, rights, **more):
    """A GPO that every computer applies; `rights`: {right: [SID or name]}."""
    entries = {right: [{"text": "*" + who if who.startswith("S-1-") else who,
                        "sid": who if who.startswith("S-1-") else None} for who in holders]
               for right, holders in rights.items()}
    return line("gpo", **dict({
        "domain": "corp.example", "dn": gpo_dn(name), "id": "{%s}" % name, "name": name,
        "path": None, "flags": 0, "version": 1, "functionality": 2,
        "extensions": EXTENSION, "wmi_filter": None, "changed": None, "readable": True,
        "error": None, "dacl": "present", "aces": [ace("S-1-5-11")],
        "template": {"state": "read", "error": None, "written": None, "gpt_version": 1,
                     "rights": [{"right": right, "entries": who}
                                for right, who in entries.items()], "groups": []}}, **more))


def wmi_filter(name, condition):
    return line("wmi_filter", domain="corp.example", id="{%s}" % name, name=name,
                query="1;3;10;9;WQL;root\\CIMv2;SELECT * FROM Win32_OperatingSystem WHERE "
                + condition + ";")


def group(sid, *members, complete=True):
    return line("group", sid=sid, dn=None, name=None, changed=None, complete=complete,
                members=list(members))


# A site, the domain, two OUs; a GPO for clients alone and one for the members of a group.
DIRECTORY = [
    domain(), policies(), site("Paris", link("Site")),
    scope("domain", TOP, link("Domain"), link("Enforced", 2)),
    scope("ou", "OU=Servers," + TOP, link("Servers"), link("Off", 1), link("Gone")),
    scope("ou", "OU=SQL,OU=Servers," + TOP, link("Clients"), link("Filtered")),
    gpo("Site", {RIGHT: [ADMINS]}), gpo("Domain", {"SeTcbPrivilege": []}),
    gpo("Enforced", {"SeDebugPrivilege": [ADMINS]}),
    gpo("Servers", {RIGHT: [ADMINS, SERVICE, "CORP\\svc-web"]}), gpo("Off", {RIGHT: []}),
    gpo("Clients", {RIGHT: []}, wmi_filter="[corp.example;{Client};0]"),
    gpo("Filtered", {RIGHT: [SERVICE]},
        aces=[ace("S-1-5-11", "plain", apply=False), ace("S-1-5-21-1-2-3-2001", read=False)]),
    wmi_filter("Client", "ProductType = 1"),
    group("S-1-5-21-1-2-3-2001", "S-1-5-21-1-2-3-1002"),
    computer("srv1", 1001, ou="OU=SQL,OU=Servers"),
    computer("srv2", 1002, ou="OU=SQL,OU=Servers"),
    computer("pc1", 1003, ou="OU=SQL,OU=Servers", os=CLIENT, os_version="10.0 (19045)"),
    computer("twin", 1004), computer("twin", 1005, "twin.lab.example", "OU=Servers", domain="lab"),
    END]


def run(*arguments):
    return subprocess.run([PROGRAM, "policy", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False,
                          env=dict(os.environ, **SANITIZERS))


class Policy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = write(os.path.join(cls.folder.name, "corp.ndjson"), *DIRECTORY)
        check = validator("directory")
        for one in DIRECTORY:
            check.validate(one)

    def write(self, *lines):
        return write(os.path.join(self.folder.name, "other.ndjson"), *lines)

    def ask(self, *computers, code=0, path=None):
        done = run("--directory", path or self.path, "-o", "json", *computers)
        self.assertEqual((done.returncode, done.stderr if not code else ""), (code, ""))
        answers = [json.loads(one) for one in done.stdout.splitlines()]
        for one in answers:
            validator("policy").validate(one)
        return answers

    def test_each_gpo_has_its_reason_and_the_last_that_applies_wins(self):
        answer, = self.ask("srv1.corp.example")
        self.assertEqual(answer["computer"], "srv1.corp.example")
        self.assertEqual(answer["site"], {"name": "Paris", "source": "only_site"})
        self.assertEqual([(g["name"] or g["id"], g["applies"], g["reason"])
                          for g in answer["gpos"]],
                         [("Site", "yes", None), ("Domain", "yes", None),
                          ("Servers", "yes", None), ("Off", "no", "link_disabled"),
                          ("{Gone}", "no", "orphaned_link"), ("Clients", "no", "wmi_filter"),
                          ("Filtered", "no", "security_filtering"), ("Enforced", "yes", None)])
        right = answer["rights"][RIGHT]
        self.assertEqual((right["state"], right["gpo"], right["link"], right["enforced"]),
                         ("defined", "{Servers}", "OU=Servers," + TOP, False))
        self.assertEqual(right["declared"],
                         [{"sid": ADMINS, "text": "*" + ADMINS},
                          {"sid": SERVICE, "text": "*" + SERVICE},
                          {"sid": None, "text": "CORP\\svc-web"}])
        self.assertEqual(right["also_defined_by"], ["{Site}"])
        self.assertEqual(answer["rights"]["SeTcbPrivilege"]["declared"], [])
        self.assertTrue(answer["rights"]["SeDebugPrivilege"]["enforced"])
        self.assertEqual(answer["rights"]["SeBackupPrivilege"]["state"], "not_defined")

    def test_a_computer_is_found_by_each_of_its_names(self):
        for name in "SRV2", "srv2$", "Srv2.Corp.Example":
            answer, = self.ask(name)
            self.assertEqual(answer["rights"][RIGHT]["gpo"], "{Filtered}")

    def test_several_computers_are_a_line_each(self):
        first, second = self.ask("srv1", "pc1")
        self.assertEqual(first["computer"], "srv1.corp.example")
        self.assertEqual(second["rights"][RIGHT]["gpo"], "{Clients}")
        self.assertEqual(second["rights"][RIGHT]["declared"], [])

    def test_what_cannot_be_decided_is_uncertain_and_incomplete(self):
        lines = [one if one.get("id") != "{Client}" else wmi_filter("Client", "Caption = 'x'")
                 for one in DIRECTORY]
        answer, = self.ask("srv1", code=3, path=self.write(*lines))
        right = answer["rights"][RIGHT]
        self.assertEqual((right["state"], right["gpo"]), ("uncertain", "{Servers}"))
        self.assertEqual(right["may_be_set_by"],
                         [{"gpo": "{Clients}", "link": "OU=SQL,OU=Servers," + TOP,
                           "reason": "wmi_filter"}])
        self.assertEqual(answer["rights"]["SeTcbPrivilege"]["state"], "defined")

    def test_text_is_for_people(self):
        done = run("--directory", self.path, "srv1", "srv2")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for words in ("srv1.corp.example\n  CN=SRV1,OU=SQL,OU=Servers," + TOP,
                      "Site: Paris (only_site)", "    1  applies         Site ",
                      "    4  does not apply  Off ", "link_disabled: the link is disabled",
                      "enforced at " + TOP,
                      RIGHT + " (Impersonate a client after authentication): set by Servers, "
                      "at OU=Servers," + TOP,
                      "      *S-1-5-32-544  BUILTIN\\Administrators",
                      "      CORP\\svc-web  (not resolved)", "    also defined by Site, ",
                      "      nobody\n", "42 other rights: not defined by any GPO that applies",
                      "srv2.corp.example\n"):
            self.assertIn(words, done.stdout)

    def test_names_from_the_directory_are_harmless_on_a_terminal(self):
        lines = [one if one.get("name") != "Servers" else dict(one, name="\x1b[2Jx\u202e")
                 for one in DIRECTORY]
        done = run("--directory", self.write(*lines), "srv1")
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn("<U+202E>", done.stdout)

    def test_who_is_not_found_is_said(self):
        done = run("--directory", self.path, "-o", "json", "nobody", "srv1")
        self.assertEqual(done.returncode, 3)
        self.assertIn('"nobody": no such computer in the directory', done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        done = run("--directory", self.path, "twin")
        self.assertEqual(done.returncode, 3)
        self.assertIn("2 computers have this name, expected a DNS name", done.stderr)
        self.assertEqual(run("--directory", self.path, "twin.lab.example").returncode, 0)

    def test_a_record_that_was_cut_short_is_incomplete(self):
        done = run("--directory", self.write(*DIRECTORY[:-1]), "srv1")
        self.assertEqual(done.returncode, 3)
        self.assertIn("cut short", done.stderr)

    def test_what_is_no_directory_is_refused(self):
        cases = {
            "empty": ([], "empty"),
            "no policies": ([domain(), computer("srv1", 1001), END], "holds no Group Policy"),
            "nonsense": (["nonsense\n"], ":1: expected one JSON object a line"),
            "broken": ([policies(), dict(scope("ou", "OU=x"), type="forest")], ":2: "),
        }
        for name, (lines, words) in cases.items():
            with self.subTest(name):
                done = run("--directory", self.write(*lines), "srv1")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)
        for arguments, words in ((["--directory", self.path, "--dc", "dc1", "srv1"],
                                  "read instead of Active Directory"),
                                 (["--directory", self.path], "expected a COMPUTER"),
                                 (["--directory", "/no/such", "srv1"], "/no/such"),
                                 (["--directory", self.path, "-o", "html", "srv1"],
                                  "expected one of: text, json")):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)

    def test_no_output_takes_the_place_of_the_directory(self):
        done = run("--directory", self.path, "-o", "json=" + self.path, "srv1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is the same file as", done.stderr)

    def test_the_schema_has_every_reason(self):
        with open(os.path.join(SCHEMAS, "..", "..", "directory", "policy.h"),
                  encoding="utf-8") as file:
            text = file.read().split("POLICY_REASONS(X)")[1].split("POLICY_ANSWERS(X)")[0]
        words = {part.split('"')[1] for part in text.split("X(POLICY_")[1:]} - {"none"}
        with open(os.path.join(SCHEMAS, "policy.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        reasons = schema["properties"]["gpos"]["items"]["properties"]["reason"]["enum"]
        self.assertEqual(words, set(reasons) - {None})


class WhatIf(unittest.TestCase):
    """Which rights would change, before anybody edits anything."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = write(os.path.join(cls.folder.name, "corp.ndjson"), *DIRECTORY)

    def template(self, text):
        path = os.path.join(self.folder.name, "GptTmpl.inf")
        with open(path, "w", encoding="utf-16") as file:
            file.write(text)
        return path

    def ask(self, *arguments, code=1):
        """{computer: {right: (GPO and SIDs before, GPO and SIDs after)}}"""
        done = run("--directory", self.path, "-o", "json", *arguments)
        self.assertEqual((done.returncode, done.stderr), (code, ""))
        found = {}
        for one in map(json.loads, done.stdout.splitlines()):
            validator("policy-change").validate(one)
            found[one["computer"].split(".")[0]] = {
                right: tuple((sides[side]["gpo"], sides[side]["declared"] and
                              [who["text"] for who in sides[side]["declared"]])
                             for side in ("before", "after"))
                for right, sides in one["rights"].items()}
        return found

    SERVERS = ("{Servers}", ["*" + ADMINS, "*" + SERVICE, "CORP\\svc-web"])

    def test_a_link_that_is_disabled(self):
        found = self.ask("--what-if", "link-off:Servers@OU=Servers," + TOP)
        self.assertEqual(found, {name: {RIGHT: (self.SERVERS, ("{Site}", ["*" + ADMINS]))}
                                 for name in ("srv1", "twin")})

    def test_a_link_that_is_enabled_or_made(self):
        found = self.ask("--what-if", "link-on:{off}@OU=Servers," + TOP, "srv1")
        self.assertEqual(found, {"srv1": {RIGHT: (self.SERVERS, ("{Off}", []))}})
        # It stands in front of the others there, so it is applied before them.
        found = self.ask("--what-if", "link-on:Off@OU=SQL,OU=Servers," + TOP, "srv1", "pc1",
                         "srv2")
        self.assertEqual(found, {"srv1": {RIGHT: (self.SERVERS, ("{Off}", []))}})
        found = self.ask("--what-if", "link-on:Off@" + TOP, code=0)
        self.assertEqual(found, {})

    def test_a_template_that_is_another_one(self):
        path = self.template("[Privilege Rights]\r\nSeImpersonatePrivilege = *%s\r\n"
                             "SeBackupPrivilege =\r\n" % SERVICE)
        found = self.ask("--what-if", "template:{Servers}=" + path, "srv1")
        self.assertEqual(found, {"srv1": {
            RIGHT: (self.SERVERS, ("{Servers}", ["*" + SERVICE])),
            "SeBackupPrivilege": ((None, None), ("{Servers}", []))}})

    def test_a_computer_that_is_moved(self):
        found = self.ask("--what-if", "move:SRV1=CN=Computers," + TOP)
        self.assertEqual(found, {"srv1": {RIGHT: (self.SERVERS, ("{Site}", ["*" + ADMINS]))}})

    def test_several_changes_are_one(self):
        found = self.ask("--what-if", "link-off:Servers@OU=Servers," + TOP, "--what-if",
                         "link-off:Site@CN=Paris,CN=Sites,CN=Configuration," + TOP, "srv1")
        self.assertEqual(found, {"srv1": {RIGHT: (self.SERVERS, (None, None))}})

    def test_text_says_both_and_how_many(self):
        done = run("--directory", self.path, "--what-if",
                   "link-off:Servers@OU=Servers," + TOP)
        self.assertEqual(done.returncode, 1)
        for words in ("srv1.corp.example\n  %s\n    before: defined, set by Servers, at OU="
                      % RIGHT, "    after: defined, set by Site, at CN=Paris,",
                      "\nrights change on 3 of 5 computers\n"):
            self.assertIn(words, done.stdout)

    def test_what_cannot_be_tried_is_refused(self):
        path = self.template("[Privilege Rights]\r\nnonsense\r\n")
        for change, words in (("move", "expected template:GPO=FILE"),
                              ("move:srv1", "expected move:COMPUTER=DN"),
                              ("move:srv1=here", "expected a distinguished name"),
                              ("link-off:None@" + TOP, "no such GPO"),
                              ("link-off:Servers@OU=x," + TOP, "no such place"),
                              ("link-off:Servers@" + TOP, "not linked there"),
                              ("template:Servers=/no/such", "/no/such"),
                              ("template:Servers=" + path, "line 2")):
            with self.subTest(change):
                done = run("--directory", self.path, "--what-if", change)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)
        done = run("--directory", self.path, "--what-if", "move:nobody=" + TOP)
        self.assertEqual(done.returncode, 3)
        self.assertIn('"nobody": no such computer', done.stderr)
        done = run("--what-if", "move:srv1=" + TOP)
        self.assertEqual(done.returncode, 2)
        self.assertIn("only together with --directory FILE", done.stderr)

    def test_no_output_takes_the_place_of_the_template(self):
        path = self.template("[Privilege Rights]\r\n")
        done = run("--directory", self.path, "--what-if", "template:Servers=" + path,
                   "-o", "json=" + path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is the same file as", done.stderr)


def host(name, *holders, **more):
    """The record of a member server as `scan --directory` writes it."""
    account = computer(name, 1001, ou="OU=SQL,OU=Servers")
    return dict({
        "schema": "lsasweep.facts/1", "ts": "2026-01-02T03:04:05.678Z", "sweep": SWEEP,
        "host": account["dns_name"], "port": 445, "address": "10.1.2.3", "tags": [],
        "outcome": "answered", "step": "close", "error": None, "attempts": 1,
        "role": {"value": "member_server", "evidence": "dssetup", "conflict": None},
        "machine": {"domain_sid": "S-1-5-21-1-2-3", "os_version": "10.0.20348"},
        "smb": {"dialect": "3.1.1", "signing_required": True, "encryption": "AES-128-GCM",
                "mechanism": "kerberos"},
        "directory": {"domain": "corp.example", "dn": account["dn"], "ou": "SQL",
                      "account": account["account"], "sid": account["sid"], "site": "Paris",
                      "site_evidence": "only_site", "os": account["os"],
                      "os_version": "10.0 (20348)", "build": "10.0.20348",
                      "last_logon": None, "role": "member_server", "enabled": True},
        "rights": {RIGHT: {"outcome": "held", "holders": [
            {"sid": sid, "name": None, "kind": "not_told"} for sid in holders]}},
        "timing_ms": {"resolve": 0.2, "connect": 0.4, "authenticate": 5.1, "ask": 3.0,
                      "total": 9.1}}, **more)


SWEEP = "11111111-2222-4333-8444-555555555555"


class Reports(unittest.TestCase):
    """A journal that holds the directory is judged with its policies."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)

    def report(self, form, *lines):
        path = write(os.path.join(self.folder.name, "journal.ndjson"),
                     {"schema": "lsasweep.journal/1", "sweep": SWEEP, "version": "0.2.0",
                      "started": "2026-01-02T03:00:00.000Z", "rights": [RIGHT],
                      "targets": 1}, *lines,
                     {"schema": "lsasweep.journal/1", "sweep": SWEEP,
                      "finished": "2026-01-02T03:10:00.000Z"})
        done = subprocess.run([PROGRAM, "report", "-q", "-o", form, path],
                              capture_output=True, text=True, check=False,
                              env=dict(os.environ, **SANITIZERS))
        self.assertIn((done.returncode, done.stderr),
                      ((0, ""), (1, "lsasweep: exit 1: violations\n")))
        return done.stdout

    def right(self, *holders, lines=DIRECTORY, **more):
        document = json.loads(self.report("json", *lines[:-1], host("srv1", *holders, **more)))
        validator("report").validate(document)
        return document["hosts"][0]["rights"][RIGHT]

    def test_each_right_says_who_sets_it_and_whether_the_host_follows(self):
        policy = self.right(ADMINS, SERVICE)["policy"]
        self.assertEqual((policy["state"], policy["gpo"], policy["follows"], policy["link"]),
                         ("enforced", "{Servers}", "{Servers}", "OU=Servers," + TOP))
        self.assertEqual(policy["also_defined_by"], ["{Site}"])
        policy = self.right(SERVICE, "S-1-1-0")["policy"]
        self.assertEqual((policy["state"], policy["follows"]), ("drift", None))
        policy = self.right(ADMINS)["policy"]
        self.assertEqual((policy["state"], policy["gpo"], policy["follows"]),
                         ("other_gpo", "{Servers}", "{Site}"))

    def test_text_names_the_gpo_below_the_violation(self):
        text = self.report("text", *DIRECTORY[:-1], host("srv1", ADMINS, "S-1-1-0"))
        words = " ".join(text.split())
        self.assertIn('set by GPO "Servers", linked at OU=Servers,' + TOP, words)

    def test_places_are_told_by_how_many_hosts_one_edit_cures(self):
        other = dict(host("srv2", ADMINS, "S-1-1-0"))
        nowhere = dict(host("srv3", ADMINS, "S-1-1-0"), rights={
            "SeBackupPrivilege": {"outcome": "held", "holders": [
                {"sid": "S-1-1-0", "name": None, "kind": "not_told"}]}})
        lines = [*DIRECTORY[:-1], host("srv1", ADMINS, "S-1-1-0"), other, nowhere]
        document = json.loads(self.report("json", *lines))
        validator("report").validate(document)
        self.assertEqual([(fix["hosts"], fix["right"], fix["gpo"], fix["link"])
                          for fix in document["fixes"]],
                         [(2, RIGHT, "{Servers}", "OU=Servers," + TOP),
                          (1, "SeBackupPrivilege", None, None)])
        for form in "text", "html", "markdown":
            words = " ".join(self.report(form, *lines).replace("&quot;", '"').split())
            self.assertIn('GPO "Servers", linked at OU=Servers,' + TOP, words, form)
            self.assertIn("no GPO sets it: set it in one, or on the hosts", words, form)
        self.assertEqual(json.loads(self.report("json", host("srv1", ADMINS)))["fixes"], [])

    def test_a_finding_names_the_gpo_to_edit(self):
        found = [json.loads(one) for one in self.report(
            "ndjson", *DIRECTORY[:-1], host("srv1", ADMINS, "S-1-1-0")).splitlines()]
        for one in found:
            validator("finding").validate(one)
        broad, = [one for one in found if one.get("sid") == "S-1-1-0"]
        self.assertEqual(broad["policy"], {
            "state": "drift", "gpo": "{Servers}", "name": "Servers",
            "link": "OU=Servers," + TOP, "enforced": False, "follows": None})

    def test_no_policy_is_held_against_a_host_that_is_another_one(self):
        machine = {"domain_sid": "S-1-5-21-1-2-3", "os_version": "10.0.20348",
                   "netbios_name": "OTHER", "dns_name": "other.corp.example"}
        self.assertNotIn("policy", self.right(ADMINS, SERVICE, machine=machine))

    def test_a_journal_without_policies_has_none(self):
        self.assertNotIn("policy", self.right(ADMINS, SERVICE, lines=[domain(), END]))


if __name__ == "__main__":
    unittest.main()
