# SPDX-License-Identifier: Apache-2.0
"""The command line as a user meets it: help, mistakes, streams, exit codes, bad files."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

from domain import PASSWORD, PROGRAM, Domain, read_journal, variables

COMMANDS = ("scan", "check", "discover", "policy", "report", "diff", "explain")
GARBAGE = bytes(range(256)) * 20


def lsasweep(*arguments, password=None, **more):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, "timeout": 60, "check": False}
    environment = variables(password, **more.pop("environment", {}))
    environment.pop("KRB5CCNAME", None)
    options.update(more)
    done = subprocess.run([PROGRAM, *arguments], env=environment, **options)
    done.stdout = (done.stdout or b"").decode()
    done.stderr = (done.stderr or b"").decode()
    return done


class Case(unittest.TestCase):
    def hold_mistake(self, arguments, *words, **more):
        """Exit code 2, nothing on stdout, and stderr says what was found and expected."""
        with self.subTest(arguments=arguments):
            done = lsasweep(*arguments, **more)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stdout, "")
            for word in words:
                self.assertIn(word, done.stderr)
            self.assertTrue(done.stderr.startswith("lsasweep: "), done.stderr)
            return done.stderr


class Help(Case):
    def test_of_each_command(self):
        for words in [["--help"], ["-h"]] + [[command, "--help"] for command in COMMANDS]:
            with self.subTest(words=words):
                done = lsasweep(*words)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith("usage: lsasweep"))
                self.assertIn("Exit codes", done.stdout)
                self.assertLess(max(map(len, done.stdout.splitlines())), 81)

    def test_version(self):
        done = lsasweep("--version")
        self.assertRegex(done.stdout, r"^lsasweep \d+\.\d+\.\d+\n$")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_nothing_said_is_a_mistake_with_examples(self):
        done = lsasweep()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertGreaterEqual(done.stderr.count("\n  lsasweep "), 3)


class Mistakes(Case):
    def test_unknown_words_bring_the_nearest(self):
        for words, *said in (
                (["scna"], '"scna"', "did you mean scan?", "lsasweep --help"),
                (["scan", "--timeot", "3s", "a"], "--timeot", "did you mean --timeout?",
                 "lsasweep scan --help"),
                (["scan", "--no-nltm", "a"], "did you mean --no-ntlm?"),
                (["explain", "SeImpersonat"], "did you mean SeImpersonatePrivilege?"),
                (["report", "--quite", "j"], "did you mean --quiet?")):
            self.hold_mistake(words, *said)

    def test_values_are_shown_with_what_was_expected(self):
        for words, *said in (
                (["scan", "--timeout", "3x", "a"], "--timeout", '"3x"', "ms, s, m or h"),
                (["scan", "--timeout"], "--timeout", "expected D after it, such as"),
                (["scan", "a", "--journal"], "--journal: expected FILE after it"),
                (["scan", "--journal", "-q", "a"], "--journal: expected FILE"),
                (["scan", "-c", "0", "a"], "-c", '"0"', "1 to 65536"),
                (["scan", "-p", "70000", "a"], "-p", '"70000"', "1 to 65535"),
                (["scan", "a:99999"], '"a:99999"', "1 to 65535"),
                (["scan", "10.0.0.0/33"], '"10.0.0.0/33"', "/0 to /32"),
                (["scan", "1.2.3.4-1"], '"1.2.3.4-1"', "ends before it begins"),
                (["scan", "--exclude", "10.0.0.0/99", "a"], "--exclude", "10.0.0.0/99"),
                (["scan", "-r", "SeImp", "a"], "-r", '"SeImp"', "names such as"),
                (["scan", "-o", "jsn", "a"], "-o", '"jsn"', "there are text, json"),
                (["scan", "--baseline", "cys", "a"], "--baseline", "cys", "microsoft"),
                (["scan", "--smb", "1", "a"], "--smb", '"1"', "SMB1 is never spoken"),
                (["scan", "--shard", "3/2", "a"], "--shard", '"3/2"', "0 to 1"),
                (["scan", "--shard", "auto/2", "a"], "JOB_COMPLETION_INDEX"),
                (["scan", "--retry", "foo", "--resume", "j", "a"], '"foo"', "timeout"),
                (["scan", "--retry", "timeout", "a"], "--retry", "--resume"),
                (["scan", "--dns", "foo", "a"], "--dns", '"foo"', "address"),
                (["scan", "--fail-on", "x", "a"], "--fail-on", '"x"', "none, violation"),
                (["scan", "--keytab", "k", "a"], "--keytab", "--principal"),
                (["scan", "-k", "-U", "u", "a"], "-k", "-U"),
                (["report", "-U", "u", "j"], "-U", "-U: not an option of report"),
                (["scan"], "TARGET", "-iL"), (["check"], "HOST"), (["report"], "FILE"),
                (["diff", "a"], "OLD and NEW"), (["check", "a", "b"], "one HOST"),
                (["scan", "--password", "x", "a"], "--password", "no option takes")):
            self.hold_mistake(words, *said)

    def test_a_mistake_costs_no_password(self):
        """It is told before anybody is asked for one."""
        for words, *said in (
                (["--resume", "/nonexistent/j"], "/nonexistent/j"),
                (["--journal", "/nonexistent/j"], "/nonexistent/j"),
                (["-o", "html=/nonexistent/r"], "/nonexistent/r"),
                (["--baseline", "/nonexistent/b"], "/nonexistent/b"),
                (["-r", "Nothing"], '"Nothing"')):
            said_there = self.hold_mistake(["scan", "-U", "u", *words, "a"], *said)
            self.assertNotIn("password", said_there)


class Files(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lsasweep-cli.")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name, content in (("empty", b""), ("garbage", GARBAGE),
                              ("words", b"hello\nwor ld=\n")):
            with open(os.open(self.path(name), os.O_CREAT | os.O_WRONLY, 0o600),
                      "wb") as file:
                file.write(content)

    def path(self, name):
        return os.path.join(self.folder, name)

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_missing_and_folders(self):
        for path in (self.path("missing"), self.folder):
            resume = [] if path.endswith("missing") else [["scan", "-U", "u", "--resume"]]
            for words in (["scan", "-U", "u", "-iL"], ["scan", "-A"], *resume,
                          ["scan", "-U", "u", "--excludefile"],
                          ["scan", "-U", "u", "--baseline"], ["report"],
                          ["report", "--baseline", "cis"], ["diff", "/dev/null"]):
                last = [] if words[0] in ("report", "diff") else ["127.0.0.1:1"]
                if words[0] == "diff":
                    words = ["diff", path]
                self.hold_mistake([*words, path, *last], path, password="x")

    def test_empty_and_garbage(self):
        for name in ("empty", "garbage", "words"):
            path = self.path(name)
            before = self.content(name)
            uses = [["report", path], ["diff", path, path],
                    ["scan", "-U", "u", "--baseline", path, "127.0.0.1:1"]]
            if name != "empty":
                uses += [["scan", "-U", "u", "--journal", path, "127.0.0.1:1"],
                         ["scan", "-U", "u", "--resume", path, "127.0.0.1:1"],
                         ["scan", "-A", path, "127.0.0.1:1"],
                         ["scan", "-U", "u", "-iL", path]]
            for words in uses:
                said = self.hold_mistake(words, path, password="x") or ""
                self.assertEqual([c for c in said if c < " " and c != "\n"], [])
                self.assertLess(len(said), 20000)
            self.assertEqual(self.content(name), before)

    def test_an_empty_password_is_refused_whatever_its_source(self):
        """Before any host is contacted: it would count as a failed logon."""
        for name in ("nothing", "newline"):
            os.mkdir(self.path(name))
        for name, text in (("nothing/password", ""), ("newline/password", "\n"),
                           ("auth", "username=u\npassword=\n"),
                           ("blank", "username=u\npassword= \n"),
                           ("section", "username=u\npassword=x\n"
                                       "[other]\nusername=o\npassword=\n")):
            with open(os.open(self.path(name), os.O_CREAT | os.O_WRONLY, 0o600), "w",
                      encoding="utf-8") as file:
                file.write(text)
        said = "is empty; expected a password"
        journal = self.path("journal")
        for command in (["scan", "--journal", journal, "127.0.0.1:1"],
                        ["check", "127.0.0.1:1"],
                        ["discover", "--dc", "127.0.0.1:1", "--domain", "corp.example"],
                        ["policy", "--dc", "127.0.0.1:1", "srv1"]):
            self.hold_mistake([*command, "-U", "u"], '"u"', said, password="")
            for name in ("auth", "blank", "section"):
                self.hold_mistake([*command, "-A", self.path(name)], said)
                self.hold_mistake([*command, "-A", self.path(name)], said, password="y")
            for name in ("nothing", "newline"):
                self.hold_mistake([*command, "-U", "u"], "empty", environment={
                    "CREDENTIALS_DIRECTORY": self.path(name)})
        self.assertFalse(os.path.exists(journal))

    def test_an_empty_list_is_no_pass(self):
        for words in (["-iL", self.path("empty")],
                      ["127.0.0.1", "--exclude", "127.0.0.1"]):
            done = lsasweep("scan", "-q", "-U", "u", *words, password="x")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("no host was asked", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_unreadable(self):
        """As nobody, whom root's files are not for."""
        os.chmod(self.folder, 0o755)
        program = self.path("lsasweep")
        with open(PROGRAM, "rb") as source, open(program, "wb") as copy:
            copy.write(source.read())
        os.chmod(program, 0o755)
        path = self.path("words")
        for words in (["report", path], ["scan", "-U", "u", "-iL", path],
                      ["scan", "-A", path, "a"], ["scan", "-U", "u", "--baseline", path, "a"],
                      ["scan", "-U", "u", "--resume", path, "a"],
                      ["scan", "-U", "u", "--journal", self.path("new"), "a"]):
            done = subprocess.run([program, *words], user=65534, group=65534,
                                  extra_groups=[], env=variables("x"), cwd="/",
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=30, check=False)
            with self.subTest(words=words):
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn("Permission denied", done.stderr)
                self.assertIn(words[-1] if words[-1] != "a" else words[-2], done.stderr)


class Streams(Case):
    @classmethod
    def setUpClass(cls):
        cls.domain = Domain("--line", "hosts 30 plant=40")
        cls.journal = cls.domain.path("journal")
        lsasweep("scan", "-q", "-U", "auditor", "-iL", cls.domain.path("targets"),
                 "--journal", cls.journal, password=PASSWORD)

    @classmethod
    def tearDownClass(cls):
        cls.domain.__exit__()

    def scan(self, *arguments, **more):
        return lsasweep("scan", "-U", "auditor", "-iL", self.domain.path("targets"),
                        *arguments, password=PASSWORD, **more)

    def test_stdout_holds_the_report_alone(self):
        """Progress, notes and the loudest words go to stderr."""
        readers = {"json": json.loads, "ndjson": lambda text: [
            json.loads(line) for line in text.splitlines()],
            "csv": lambda text: list(csv.reader(io.StringIO(text))),
            "junit": ElementTree.fromstring,
            "ocsf": lambda text: [json.loads(line) for line in text.splitlines()]}
        for name, read in readers.items():
            for words in (["-o", name], ["-o", name + "=-"], ["-o", name + "=/dev/stdout"]):
                done = self.scan("-v", *words)
                with self.subTest(words=words):
                    self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
                    self.assertTrue(read(done.stdout))
                    self.assertRegex(done.stderr, r"lsasweep: exit \d: ")
                    self.assertEqual(done.stderr.count("answered:"), 30)

    def test_a_journal_on_stdout_is_one(self):
        done = self.scan("--journal", "-")
        path = self.domain.path("streamed")
        with open(path, "w", encoding="utf-8") as file:
            file.write(done.stdout)
        header, hosts, trailer = read_journal(path)
        self.assertEqual((header["schema"], len(hosts), trailer["hosts"]),
                         ("lsasweep.journal/1", 30, 30))
        self.assertEqual(lsasweep("report", "-q", path).returncode, done.returncode)

    def test_quiet_is_quiet(self):
        done = self.scan("-q", "-o", "json=" + self.domain.path("r.json"))
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^lsasweep: exit \d: [^\n]*\n$")

    def test_a_reader_that_leaves(self):
        for words in (["report", "-o", "ndjson", self.journal], ["report", self.journal],
                      ["explain"], ["--help"], ["diff", self.journal, self.journal]):
            script = '"$@" 2>err | head -1 >/dev/null; echo ${PIPESTATUS[0]}'
            done = subprocess.run(
                ["bash", "-c", "cd %s; %s" % (self.domain.folder, script), "-", PROGRAM,
                 *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=30, check=False, env=variables(None))
            with self.subTest(words=words):
                self.assertIn(int(done.stdout), (0, 1, 2, 3, 4))
                with open(self.domain.path("err"), encoding="utf-8") as file:
                    self.assertNotRegex(file.read(), "Sanitizer|assert|Broken")

    def test_colour_is_for_terminals_that_want_it(self):
        escape = "\x1b["
        self.assertNotIn(escape, lsasweep("report", self.journal).stdout)
        for environment, wanted in (({"TERM": "xterm"}, True),
                                    ({"TERM": "xterm", "NO_COLOR": "1"}, False),
                                    ({"TERM": "dumb"}, False)):
            with self.subTest(environment=environment):
                said = self.on_terminal(environment, "report", self.journal)
                self.assertEqual(escape in said, wanted)

    def on_terminal(self, environment, *words):
        ours, theirs = pty.openpty()
        mine = {name: value for name, value in variables(None).items()
                if name != "NO_COLOR"}
        with subprocess.Popen([PROGRAM, *words], stdin=theirs, stdout=theirs,
                              stderr=theirs, env=dict(mine, **environment)) as process:
            os.close(theirs)
            said = b""
            try:
                while True:
                    block = os.read(ours, 65536)
                    if not block:
                        break
                    said += block
            except OSError:
                pass  # the terminal is gone
            process.wait(30)
        os.close(ours)
        return said.decode()


class SameFile(Case):
    """No output may destroy an input or another output, by whatever name it is called."""

    @classmethod
    def setUpClass(cls):
        cls.domain = Domain("--line", "hosts 3")
        cls.journal = cls.domain.path("journal")
        lsasweep("scan", "-q", "-U", "auditor", "-iL", cls.domain.path("targets"),
                 "--journal", cls.journal, password=PASSWORD)
        os.link(cls.journal, cls.domain.path("hard"))
        os.symlink("journal", cls.domain.path("soft"))
        os.symlink(".", cls.domain.path("folder"))
        for name, text in (("secret", "username=auditor\npassword=x\n"),
                           ("excluded", "10.9.9.9\n"), ("base", "{}\n")):
            with open(cls.domain.path(name), "w", encoding="utf-8") as file:
                file.write(text)

    @classmethod
    def tearDownClass(cls):
        cls.domain.__exit__()

    def hold_refused(self, words, *files, output="-o", **more):
        """Exit code 2; no file is changed, and none comes to be."""
        before = self.contents()
        said = self.hold_mistake(words, output + ": ", "is the same file as", *files,
                                 **more)
        self.assertEqual(self.contents(), before)
        return said

    def contents(self):
        found = {}
        for name in os.listdir(self.domain.folder):
            if not os.path.isdir(self.domain.path(name)):
                with open(self.domain.path(name), "rb") as file:
                    found[name] = file.read()
        return found

    def test_a_report_never_overwrites_its_journal(self):
        for name in ("journal", "hard", "soft", "folder/journal", "./journal"):
            path = self.domain.path(name)
            for form in ("text", "json", "ndjson", "csv", "html"):
                self.hold_refused(["report", "-o", form + "=" + path, self.journal], path)

    def test_nor_one_of_several(self):
        other = self.domain.path("secret")
        self.hold_refused(["report", "-o", "json=" + self.journal, other, self.journal],
                          self.journal)

    def test_a_difference_overwrites_neither_journal(self):
        other = self.domain.path("other")
        with open(self.journal, "rb") as source, open(other, "wb") as copy:
            copy.write(source.read())
        for words in ([self.journal, other], [other, self.journal]):
            for form in ("text", "json"):
                self.hold_refused(["diff", "-o", form + "=" + self.journal, *words])

    def test_a_scan_overwrites_nothing_that_it_reads(self):
        for option, name in (("-iL", "targets"), ("--excludefile", "excluded"),
                             ("-A", "secret"), ("--baseline", "base"),
                             ("--keytab", "secret"), ("--resume", "journal")):
            path = self.domain.path(name)
            self.hold_refused(["scan", option, path, "-o", "json=" + path, "127.0.0.1:1"],
                              path, option)
            if option != "--resume":
                self.hold_refused(["scan", option, path, "--journal", path,
                                   "127.0.0.1:1"], path, option, output="--journal")

    def test_a_report_overwrites_no_baseline(self):
        path = self.domain.path("base")
        self.hold_refused(["report", "--baseline", path, "-o", "json=" + path,
                           self.journal], path, "--baseline")

    def test_what_the_environment_names_is_an_input_too(self):
        path = self.domain.path("secret")
        for variable in ("KRB5_KTNAME", "KRB5_CLIENT_KTNAME", "KRB5_CONFIG"):
            self.hold_refused(["scan", "-o", "json=" + path, "127.0.0.1:1"], variable,
                              environment={variable: path})

    def test_two_outputs_need_two_files(self):
        for name in ("new", "base"):
            one, same = self.domain.path(name), self.domain.path("folder/" + name)
            for first, second in ((one, one), (one, same)):
                outputs = ["-o", "json=" + first, "-o", "html=" + second]
                self.hold_refused(["report", *outputs, self.journal])
                self.hold_refused(["scan", *outputs, "127.0.0.1:1"])
            self.hold_refused(["diff", "-o", "json=" + one, "-o", "text=" + same,
                               self.journal, "/dev/null"])
            self.hold_refused(["discover", "-o", "targets=" + one,
                               "-o", "directory=" + same])
        self.hold_refused(["scan", "--journal", self.domain.path("new"), "-o",
                           "json=" + self.domain.path("new"), "127.0.0.1:1"])

    def test_one_of_the_files_of_a_role_counts(self):
        role = self.domain.path("fix-member_server.inf")
        self.hold_refused(["report", "-o", "gpo-inf=" + self.domain.path("fix.inf"),
                           "-o", "json=" + role, self.journal], role)

    def test_an_output_without_a_name_is_a_mistake(self):
        for words in (["report", self.journal], ["scan", "127.0.0.1:1"],
                      ["diff", self.journal, self.journal], ["discover"]):
            self.hold_mistake([words[0], "-o", "html=", *words[1:]], '"html="',
                              "name of a file")

    def test_a_list_of_targets_is_held_to_the_same(self):
        path = self.domain.path("targets")
        self.hold_refused(["scan", "-sL", "-iL", path, "-o", "json=" + path], path)

    def test_streams_that_are_files_count(self):
        with open(self.journal, "rb+") as stdout:
            done = lsasweep("report", self.journal, stdout=stdout)
        self.assertEqual(done.returncode, 2)
        self.assertIn('"stdout" is the same file as "%s"' % self.journal, done.stderr)

    def test_a_streamed_journal_may_go_to_a_file(self):
        path = self.domain.path("streamed")
        with open(path, "wb") as stdout:
            done = lsasweep("scan", "-q", "-U", "auditor", "-iL",
                            self.domain.path("targets"), "--journal", "-",
                            password=PASSWORD, stdout=stdout)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(len(read_journal(path)[1]), 3)
        os.unlink(path)

    def test_devices_are_no_files(self):
        done = lsasweep("report", "-o", "json=/dev/null", "-o", "html=/dev/null",
                        self.journal)
        self.assertIn(done.returncode, (0, 1), done.stderr)


class ExitCodes(Case):
    def test_each(self):
        """As SPEC has it; --fail-on decides what is an error."""
        good, bad = ("host good%d member" % n for n in (1, 2)), \
            "host bad member grant=SeImpersonatePrivilege:everyone"
        gone = "host gone member fault=refuse"
        good = list(good)
        for lines, words, code, meaning in (
                (good, [], 0, "every host assessed and compliant"),
                (good + [bad], [], 1, "violations"),
                (good + [gone], [], 3, "incomplete"),
                (good + [bad, gone], [], 4, "incomplete, and violations"),
                (good + [bad, gone], ["--fail-on", "violation"], 1, "violations"),
                (good + [gone], ["--fail-on", "violation"], 0,
                 "by --fail-on; otherwise 3: incomplete"),
                (good + [bad, gone], ["--fail-on", "none"], 0,
                 "by --fail-on; otherwise 4: incomplete, and violations")):
            arguments = [word for line in lines for word in ("--line", line)]
            with self.subTest(code=code, words=words), Domain(*arguments) as domain:
                done = lsasweep("scan", "-U", "auditor", "-iL", domain.path("targets"),
                                *words, password=PASSWORD)
                self.assertEqual(done.returncode, code, done.stderr)
                last = done.stderr.splitlines()[-1]
                self.assertTrue(re.match("lsasweep: exit %d: " % code, last), last)
                self.assertIn(meaning, last)

    def test_the_guard(self):
        with Domain("--hosts", "3") as domain:
            done = lsasweep("scan", "-U", "auditor", "-iL", domain.path("targets"),
                            password="wrong")
            self.assertEqual(done.returncode, 5)
            self.assertIn("credential guard", done.stderr.splitlines()[-1])

    def test_differences(self):
        folder = tempfile.TemporaryDirectory(prefix="lsasweep-cli.")
        self.addCleanup(folder.cleanup)
        paths = []
        for grant in ("svc-web", "everyone"):
            paths.append(os.path.join(folder.name, grant))
            with Domain("--line", "host srv member grant=SeImpersonatePrivilege:"
                        + grant) as domain:
                lsasweep("scan", "-q", "-U", "auditor", "--journal", paths[-1],
                         "-iL", domain.path("targets"), password=PASSWORD)
            # Each domain has a port of its own, by which hosts are told apart.
            with open(paths[-1], encoding="utf-8") as file:
                facts = re.sub(r'"port":\d+', '"port":445', file.read())
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(facts)
        self.assertEqual(lsasweep("diff", paths[0], paths[0]).returncode, 0)
        done = lsasweep("diff", *paths)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(lsasweep("diff", paths[0], paths[0] + "x").returncode, 2)


if __name__ == "__main__":
    unittest.main()
