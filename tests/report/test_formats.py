# SPDX-License-Identifier: Apache-2.0
"""Reports against parsers of their own formats: hostile names, equal runs, little memory."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import journals  # noqa: E402

ROLES = ["domain_controller", "member_server", "standalone_server", "client", "unknown"]
PEAK_KIB = 60 * 1024
SAMPLE = re.compile(
    r'^(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>.*)\})? (?P<value>[0-9.eE+-]+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')


def shown(text):
    """What a report for people makes of a string: unseen characters become visible."""
    unseen = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\ufeff\ufffe\uffff]")
    return unseen.sub(lambda m: "<U+%04X>" % ord(m.group()), text)


def identity(text):
    """A name as an id: what does not survive escaping is percent-encoded, and % itself."""
    unseen = re.compile("[%\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\ufeff\ufffd\ufffe\uffff]")
    return unseen.sub(lambda m: "".join("%%%02X" % b for b in m.group().encode()), text)


def host_identity(host, port):
    """Like a URL's host and port, but that 445 is left out where nothing else looks so."""
    plain = not set(host) & set(":[")
    address = host.count(":") > 1 and "[" not in host
    if port == 445 and (plain or address):
        return identity(host)
    return ("%s:%d" if plain else "[%s]:%d") % (identity(host), port)


def samples(text):
    """A small parser of the Prometheus text format, as strict as promtool."""
    found = {}
    typed = set()
    assert text.endswith("\n")
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            continue
        if line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert kind == "gauge" and name not in typed, line
            typed.add(name)
            continue
        match = SAMPLE.match(line)
        assert match, line
        labels, rest = [], match.group("labels") or ""
        while rest:
            label = LABEL.match(rest)
            assert label, line
            labels.append((label.group(1), re.sub(r"\\(.)", r"\1", label.group(2))))
            rest = rest[label.end():]
            assert not rest or rest[0] == ",", line
            rest = rest[1:]
        assert match.group("name") in typed, line
        assert "baseline" in dict(labels), line
        labels = [label for label in labels if label[0] not in ("baseline", "domain")]
        key = (match.group("name"), tuple(labels))
        assert key not in found, "twice: " + line
        found[key] = float(match.group("value"))
    return found


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-report.")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def journal(self, lines, name="journal.ndjson", targets=None):
        journals.write(self.path(name), lines, targets)
        return self.path(name)

    def reports(self, journal, prefix=""):
        arguments = []
        for name in journals.FORMATS:
            arguments += ["-o", "%s=%s" % (name, self.path(prefix + name))]
        done = journals.report(arguments, [journal])
        self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
        return sorted(f for f in os.listdir(self.folder) if f.startswith(prefix))


class Hostile(Folder):
    @classmethod
    def setUpClass(cls):
        cls.lines = list(journals.hostile_lines())
        cls.names = list(journals.HOSTILE.values())

    def setUp(self):
        super().setUp()
        self.reports(self.journal(self.lines))

    def test_json(self):
        report = json.loads(self.read("json"))
        wanted = {line["host"] for line in self.lines}
        self.assertEqual({h["host"] for h in report["hosts"]}, wanted)
        held = {x["name"] for h in report["hosts"] for r in h["rights"].values()
                for x in r["holders"]}
        self.assertLessEqual(set(self.names), held)
        self.assertNotIn(b"</script", self.read("json"))
        self.assertNotIn("\u202e".encode(), self.read("json"))

    def test_ndjson(self):
        found = [json.loads(line) for line in self.read("ndjson").split(b"\n")[:-1]]
        self.assertLessEqual(set(self.names), {f.get("name") for f in found})

    def test_ocsf(self):
        for line in self.read("ocsf").split(b"\n")[:-1]:
            event = json.loads(line)
            self.assertEqual(event["class_uid"], 2003)
            self.assertEqual(event["type_uid"], event["class_uid"] * 100 + event["activity_id"])

    def test_csv(self):
        text = self.read("csv").decode()
        self.assertTrue(text.endswith("\r\n"))
        self.assertEqual(text.count("\r\n"), text.count("\n"))
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        names = {row["name"].replace("'", "") for row in rows}
        for name in self.names:
            self.assertIn(shown(name).replace("'", ""), names)
        for row in rows:
            self.assertNotIn(None, row, "a row has too many fields")
            for value in row.values():
                self.assertNotRegex(value, r"^[=+\-@\t\r]")
                # Nor where another locale would cut the line.
                self.assertNotRegex(value, r'[;,\t"] *[=+\-@|]')

    def test_junit(self):
        suites = ElementTree.fromstring(self.read("junit"))
        self.assertEqual([s.get("name") for s in suites], ROLES)
        names = {case.get("name") for case in suites.iter("testcase")}
        for line in self.lines:
            self.assertIn(shown(host_identity(line["host"], 445)), names)
        for suite in suites:
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
            self.assertEqual(int(suite.get("failures")), len(suite.findall("testcase/failure")))
            self.assertEqual(int(suite.get("errors")), len(suite.findall("testcase/error")))

    def test_prometheus(self):
        text = self.read("prometheus").decode()
        found = samples(text)
        self.assertFalse([key for key in found if "evil" in key[0]])
        self.assertEqual(found[("lsasweep_hosts", (("role", "member_server"),
                                                   ("verdict", "violation")))], len(self.names))
        for name, labels in found:
            for _, value in labels:
                self.assertLessEqual(len(value), 1300)

    def test_text(self):
        text = self.read("text").decode()
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
        for line in text.split("\n"):
            self.assertLessEqual(len(line), 80, line)

    def test_markdown(self):
        """By the reference parser of GitHub's dialect: names are code, and nothing else."""
        tree = ElementTree.fromstring(subprocess.run(
            ["cmark-gfm", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough",
             "-e", "tasklist", self.path("markdown")], capture_output=True, check=True).stdout)
        kinds = {node.tag.split("}")[1] for node in tree.iter()}
        self.assertEqual(kinds - {"document", "heading", "paragraph", "text", "code", "strong",
                                  "list", "item", "table", "table_header", "table_row",
                                  "table_cell"}, set())
        code = {node.text for node in tree.iter() if node.tag.endswith("}code")}
        for name in self.names:
            wanted = " ".join(shown(name).replace("|", "<U+007C>").split())
            self.assertIn(wanted, {" ".join(text.split()) for text in code})
        for table in tree.iter("{http://commonmark.org/xml/1.0}table"):
            widths = {len(list(row)) for row in table}
            self.assertEqual(len(widths), 1, "a row has too many cells")

    def test_gpo_inf(self):
        raw = self.read("gpo-inf-member_server")
        self.assertTrue(raw.startswith(b"\xff\xfe"))
        text = raw[2:].decode("utf-16-le")
        self.assertEqual(text.count("\r\n"), text.count("\n"))
        lines = [line for line in text.split("\r\n") if line and not line.startswith(";")]
        rights = lines[lines.index("[Privilege Rights]") + 1:]
        self.assertEqual(len(rights), 1)
        name, holders = rights[0].split(" = ")
        self.assertEqual(name, journals.IMPERSONATE)
        self.assertLessEqual({"*S-1-5-32-544", "*S-1-5-6", "*S-1-5-19", "*S-1-5-20"},
                             set(holders.split(",")))
        self.assertTrue(all(h.startswith("*S-1-5-") for h in holders.split(",")))


class Names(Folder):
    """A range is swept by addresses: every format has the names that people know."""

    def test_every_format_names_the_host(self):
        everyone = ("S-1-1-0", "Everyone", "well_known_group")
        line = journals.facts("10.9.8.7", rights={
            journals.IMPERSONATE: journals.held(*journals.STOCK, everyone)},
            address="10.9.8.7", machine={
                "dns_name": "web1.corp.example", "netbios_name": "WEB1", "domain": "CORP",
                "dns_domain": "corp.example", "domain_sid": journals.DOMAIN,
                "os_version": "10.0.20348"})
        self.reports(self.journal([line]))
        for name in set(journals.FORMATS) - {"prometheus", "gpo-inf"}:
            with self.subTest(name):
                text = self.read(name).decode()
                self.assertIn("10.9.8.7", text)
                self.assertIn("web1.corp.example", text)
        host = json.loads(self.read("json"))["hosts"][0]
        found = json.loads(self.read("ndjson").split(b"\n")[0])
        row = next(csv.DictReader(io.StringIO(self.read("csv").decode(), newline="")))
        for record in host, found, row:
            self.assertEqual((record["dns_name"], record["netbios_name"], record["domain"],
                              record["windows"], record["address"]),
                             ("web1.corp.example", "WEB1", "corp.example",
                              "Windows Server 2022", "10.9.8.7"))
        self.assertEqual(found["@timestamp"], line["ts"])
        self.assertIn("Windows Server 2022", self.read("junit").decode())

    def test_ids_are_unique_and_stay(self):
        lines = list(journals.hostile_lines()) + list(journals.many_lines(200))
        self.reports(self.journal(lines))
        first = [json.loads(line)["id"] for line in self.read("ndjson").splitlines()]
        for line in lines:
            line["ts"] = "2026-02-02T03:04:05.678Z"
        self.reports(self.journal(lines))
        second = [json.loads(line)["id"] for line in self.read("ndjson").splitlines()]
        self.assertEqual(first, second)
        self.assertEqual(len(first), len(set(first)))


class Identities(Folder):
    """No two findings have one id, whatever hosts, rights and accounts are called."""

    HOSTS = [("h", 445), ("h", 1), ("h", 11), ("h:1", 445), ("h:1", 1), ("[h]:1", 445),
             ("fe80::1", 445), ("fe80::1", 1), ("fe80::1:1", 445), ("[fe80::1]:1", 445),
             ("fe80::1", 4455), ("h%", 445), ("h%25", 445), ("h\u202e", 445),
             ("h<U+202E>", 445), ("h%E2%80%AE", 445)]
    NAMES = ["a\u202eb", "a<U+202E>b", "a%E2%80%AEb", "a\u200bb", "A\u202eb"]

    def setUp(self):
        super().setUp()
        # All call themselves alike; exports name rights and accounts as they like.
        lines = [journals.facts(host, port=port, machine={
            "dns_name": "h.corp.example", "netbios_name": "H"}) for host, port in self.HOSTS]
        lines += [journals.facts("export%d" % n, source="secedit", rights={
            name: journals.held((name, None, "not_told")),
            journals.IMPERSONATE: journals.held(*journals.STOCK, (name, None, "not_told"))})
            for n, name in enumerate(self.NAMES)]
        self.count = len(self.HOSTS) + 2 * len(self.NAMES)
        self.reports(self.journal(lines))

    def test_cases_of_junit(self):
        cases = [(case.get("classname"), case.get("name"))
                 for case in ElementTree.fromstring(self.read("junit")).iter("testcase")]
        self.assertEqual((len(cases), len(set(cases))), (self.count, self.count))

    def test_uids_of_ocsf(self):
        events = [json.loads(line) for line in self.read("ocsf").split(b"\n")[:-1]]
        uids = {event["finding_info"]["uid"] for event in events}
        self.assertEqual((len(events), len(uids)), (self.count, self.count))
        hosts = {event["resources"][0]["uid"] for event in events}
        self.assertEqual(len(hosts), len(self.HOSTS) + len(self.NAMES))

    def test_series_of_prometheus(self):
        unexpected = [labels for name, labels in samples(self.read("prometheus").decode())
                      if name == "lsasweep_unexpected_holder_hosts"]
        sids = {dict(labels)["sid"] for labels in unexpected}
        self.assertLessEqual({identity(name) for name in self.NAMES}, sids)


class Summary(Folder):
    """The text report of a large sweep is a few screens, and says what it leaves out."""

    def hosts_of(self, text):
        """The hosts listed below VIOLATIONS and NOT ASSESSED, and those left out."""
        found = []
        for title in "VIOLATIONS\n", "NOT ASSESSED (unknown is never counted as compliant)\n":
            part = text.split("\n" + title, 1)[1].split("\n\n", 1)[0]
            more = re.search(r"^  and (\d+) more hosts?: --full", part, re.MULTILINE)
            found.append((len(re.findall(r"^  \S+ \(", part, re.MULTILINE)),
                          int(more.group(1)) if more else 0))
        return found

    def text(self, lines, *arguments):
        done = journals.report(["-o", "text", *arguments], [self.journal(lines)])
        self.assertIn(done.returncode, (1, 4), done.stderr)
        return done.stdout.decode()

    def test_five_thousand_hosts_are_two_hundred_lines(self):
        lines = list(journals.many_lines(5000))
        brief, full = self.text(lines), self.text(lines, "--full")
        self.assertLessEqual(brief.count("\n"), 200)
        for (shown, more), (all_of_them, none) in zip(self.hosts_of(brief), self.hosts_of(full)):
            self.assertGreater(shown, 0)
            self.assertEqual((shown + more, 0), (all_of_them, none))

    def test_fifty_hosts_are_listed(self):
        text = self.text(list(journals.many_lines(50)))
        self.assertNotIn("--full", text)

    def test_one_endless_host_is_shown_and_the_others_counted(self):
        many = [("%s-%d" % (journals.DOMAIN, 3000 + i), "CORP\\u%d" % i, "user")
                for i in range(300)]
        lines = [journals.facts("a%02d" % i, rights={
            journals.IMPERSONATE: journals.held(*journals.STOCK, *(many if i == 0 else many[:1]))})
            for i in range(60)]
        text = self.text([*lines, journals.facts("z", outcome="timeout")])
        self.assertEqual(self.hosts_of(text), [(1, 59), (1, 0)])


class Schemas(Folder):
    """What is written is what the shipped schemas say."""

    def reports_of(self, lines, *formats):
        self.reports(self.journal(lines))
        return [self.read(name) for name in formats]

    def test_reports_and_findings(self):
        for lines in (journals.hostile_lines(), journals.many_lines(400)):
            report, findings = self.reports_of(lines, "json", "ndjson")
            journals.schema("report").validate(json.loads(report))
            finding = journals.schema("finding")
            self.assertGreater(findings.count(b"\n"), 20)
            for line in findings.split(b"\n")[:-1]:
                finding.validate(json.loads(line))

    def test_differences(self):
        old = self.journal(journals.many_lines(100), "old")
        new = self.journal(list(journals.many_lines(120))[7:], "new")
        done = journals.run("diff", ["-o", "json"], [old, new])
        self.assertEqual(done.returncode, 1, done.stderr)
        difference = json.loads(done.stdout)
        journals.schema("diff").validate(difference)
        self.assertEqual(difference["summary"]["host_new"], 20)
        self.assertEqual(difference["summary"]["host_gone"], 7)
        self.assertEqual(journals.run("diff", [], [new, new]).returncode, 0)

    def test_ocsf_has_what_its_class_requires(self):
        (events,) = self.reports_of(journals.many_lines(400), "ocsf")
        for line in events.split(b"\n")[:-1]:
            event = json.loads(line)
            for key in ("activity_id", "category_uid", "class_uid", "type_uid", "severity_id",
                        "time", "metadata", "finding_info", "compliance", "resources"):
                self.assertIn(key, event)
            self.assertGreater(event["time"], 1700000000000)
            self.assertTrue(event["compliance"]["standards"])
            self.assertTrue(event["finding_info"]["uid"])
            self.assertEqual(event["metadata"]["version"], "1.3.0")
            self.assertIn((event["compliance"]["status_id"], event["compliance"]["status"]),
                          [(1, "Pass"), (2, "Warning"), (3, "Fail")])


class Dashboards(Folder):
    FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../report/render/dashboards")

    def test_alerts_and_panels_ask_for_metrics_that_are_there(self):
        lines = [journals.DIRECTORY, *journals.many_lines(400)]
        done = journals.report(["-o", "prometheus"], [self.journal(lines)])
        found = samples(done.stdout.decode())
        metrics = {name for name, _ in found}
        for name in ("lsasweep.rules.yml", "lsasweep.grafana.json"):
            with open(os.path.join(self.FOLDER, name)) as file:
                text = file.read()
            asked = set(re.findall(r"\blsasweep_[a-z_]+", text))
            self.assertGreater(len(asked), 2)
            self.assertLessEqual(asked, metrics, name)
            words = {value for _, labels in found for label, value in labels
                     if label in ("role", "verdict", "outcome", "severity", "state")}
            for label, value in re.findall(r'\b(role|verdict|outcome|severity|state)!?=\\*"([a-z_]+)', text):
                self.assertIn(value, words, name)
        with open(os.path.join(self.FOLDER, "lsasweep.grafana.json")) as file:
            panels = json.load(file)["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))

    def test_the_number_of_series_does_not_grow_with_hosts(self):
        def series(count):
            lines = (journals.facts("srv%d" % i, rights={journals.IMPERSONATE: journals.held(
                *journals.STOCK, ("%s-%d" % (journals.DOMAIN, 5000 + i), "CORP\\user%d" % i, "user"))})
                for i in range(count))
            done = journals.report(["-o", "prometheus"], [self.journal(lines, "j%d" % count)])
            return samples(done.stdout.decode())

        few, many = series(30), series(600)
        self.assertEqual(len(few), len(many))
        self.assertEqual(many[("lsasweep_unexpected_holders", ())], 600)
        self.assertEqual(sum(name == "lsasweep_unexpected_holder_hosts" for name, _ in many), 20)


class Many(Folder):
    def test_two_runs_are_equal_to_the_byte(self):
        journal = self.journal(journals.many_lines(600))
        first = self.reports(journal, "a-")
        second = self.reports(journal, "b-")
        self.assertEqual([f[2:] for f in first], [f[2:] for f in second])
        self.assertGreaterEqual(len(first), len(journals.FORMATS))
        for name in first:
            self.assertEqual(self.read(name), self.read("b-" + name[2:]), name)

    def test_the_order_of_records_does_not_matter(self):
        lines = list(journals.many_lines(300))
        forward = self.journal(lines, "forward")
        backward = self.journal(reversed(lines), "backward")
        for name in ("json", "text", "csv", "html"):
            a = journals.report(["-o", name], [forward]).stdout
            b = journals.report(["-o", name], [backward]).stdout
            self.assertEqual(a, b, name)

    def test_shards_make_the_report_of_the_whole(self):
        lines = list(journals.many_lines(300))
        whole = self.journal(lines, "whole", 300)
        shards = [self.journal(lines[i::3], "shard%d" % i, 100) for i in range(3)]
        a = json.loads(journals.report(["-o", "json"], [whole]).stdout)
        b = json.loads(journals.report(["-o", "json"], shards).stdout)
        self.assertEqual(b["sweep"]["journals"], 3)
        a["sweep"]["journals"] = 3
        self.assertEqual(a, b)

    def test_totals_are_those_of_the_hosts(self):
        report = json.loads(journals.report(
            ["-o", "json"], [self.journal(journals.many_lines(2000))]).stdout)
        summary = report["summary"]
        self.assertEqual(summary["hosts"], 2000)
        self.assertEqual(len(report["hosts"]), 2000)
        self.assertEqual(summary["compliant"] + summary["violation"], summary["assessed"])
        self.assertEqual(summary["assessed"] + summary["unknown"], summary["hosts"])
        self.assertEqual(list(report["roles"]), ROLES)
        for word in ("compliant", "violation", "unknown"):
            self.assertEqual(summary[word],
                             sum(h["verdict"] == word for h in report["hosts"]))
            self.assertEqual(summary[word], sum(r[word] for r in report["roles"].values()))
        self.assertEqual([h["host"] for h in report["hosts"]],
                         sorted(h["host"] for h in report["hosts"]))
        self.assertEqual([p["sid"] for p in report["principals"]],
                         sorted(p["sid"] for p in report["principals"]))

    def test_a_hundred_thousand_hosts_stay_below_60_mebibytes(self):
        journal = self.journal(journals.many_lines(100000))
        for name in journals.FORMATS:
            target = name + "=" + self.path("out") if name == "gpo-inf" else name
            code, peak = journals.peak_of(["-o", target], [journal])
            self.assertEqual(code, 4, name)
            if not journals.sanitized():
                self.assertLess(peak, PEAK_KIB, "%s: %d KiB" % (name, peak))
            print("%-10s 100,000 hosts: peak %d KiB" % (name, peak), file=sys.stderr)


class Files(Folder):
    def setUp(self):
        super().setUp()
        self.source = self.journal(journals.many_lines(20))

    def test_a_full_disk_is_reported_and_the_exit_code_tells(self):
        done = journals.report(["-o", "json=/dev/full"], [self.source])
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"No space left", done.stderr)

    def test_a_symbolic_link_is_not_followed(self):
        os.symlink(self.path("victim"), self.path("link"))
        done = journals.report(["-o", "json=" + self.path("link")], [self.source])
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"symbolic link", done.stderr)
        self.assertFalse(os.path.exists(self.path("victim")))

    def test_a_report_is_for_its_owner_alone(self):
        journals.report(["-o", "json=" + self.path("out")], [self.source])
        self.assertEqual(os.stat(self.path("out")).st_mode & 0o777, 0o600)

    def test_a_template_joins_the_report(self):
        with open(self.path("island.inf"), "wb") as out:
            out.write(b"\xff\xfe" + (
                "; lsasweep: host=island role=standalone_server os=10.0.20348\r\n"
                "[Privilege Rights]\r\nSeImpersonatePrivilege = *S-1-5-32-544,*S-1-5-6,"
                "*S-1-5-19,*S-1-5-20,*S-1-1-0\r\n").encode("utf-16-le"))
        done = journals.report(["-o", "json"], [self.source, self.path("island.inf")])
        report = json.loads(done.stdout)
        island = [h for h in report["hosts"] if h["host"] == "island"][0]
        self.assertEqual(island["role"], "standalone_server")
        self.assertEqual(island["source"], "secedit")
        self.assertEqual(island["verdict"], "violation")

    def test_targets_without_a_record_are_told(self):
        source = self.journal([journals.facts("a")], "short", targets=5)
        done = journals.report(["-o", "json"], [source])
        self.assertEqual(done.returncode, 3)
        self.assertEqual(json.loads(done.stdout)["summary"]["unrecorded"], 4)


if __name__ == "__main__":
    unittest.main()
