# SPDX-License-Identifier: Apache-2.0
"""Exports and policies as people have them: no machine is lost, nothing is a false pass,
names are who they are, and what a file does not tell is not guessed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import journals  # noqa: E402

FOUR = "*S-1-5-19,*S-1-5-20,*S-1-5-32-544,*S-1-5-6"
FRAME = "[Unicode]\nUnicode=yes\n[Version]\nsignature=\"$CHICAGO$\"\nRevision=1\n"
MEMBER = ["role=member_server", "os=10.0.20348"]
GUIDS = ["{31B2F340-016D-11D2-945F-00C04FB984F9}", "{6AC1786C-016F-11D2-945F-00C04FB984F9}"]


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-files.")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, rights, frame=FRAME, encoding="utf-16-le", mark=b"\xff\xfe"):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        text = frame + "[Privilege Rights]\n" + rights
        with open(self.path(name), "wb") as out:
            out.write(mark + text.replace("\n", "\r\n").encode(encoding))
        return self.path(name)

    def run_report(self, *arguments):
        return subprocess.run([journals.PROGRAM, "report", "-o", "json"] + list(arguments),
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def report(self, *arguments):
        done = self.run_report(*arguments)
        self.assertIn(done.returncode, (0, 1, 3, 4), done.stderr)
        report = json.loads(done.stdout)
        return {host["host"]: host for host in report["hosts"]}, done

    def refused(self, expected, *arguments):
        done = self.run_report(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(expected, done.stderr.decode())

    def people(self, host, right, label=None):
        found = host["rights"][right]
        return {(p["label"], p["sid"]) for p in
                (found.get("holders") or []) + (found.get("missing") or [])
                if label in (None, p["label"])}

    # ---- whose a file is ----

    def test_exports_of_one_name_are_as_many_hosts(self):
        paths = [self.write("%s/secpol.cfg" % host, "SeImpersonatePrivilege = %s\n" % who)
                 for host, who in (("SRV1", FOUR + ",*S-1-1-0"), ("SRV2", FOUR),
                                   ("SRV3", FOUR))]
        hosts, _ = self.report(*paths, *MEMBER)
        self.assertEqual(sorted(hosts), ["SRV1/secpol", "SRV2/secpol", "SRV3/secpol"])
        self.assertEqual(self.people(hosts["SRV1/secpol"], "SeImpersonatePrivilege", "extra"),
                         {("extra", "S-1-1-0")})

    def test_two_files_of_one_host_are_refused(self):
        one = self.write("a/x.inf", "SeTcbPrivilege =\n")
        two = self.write("b/y.inf", "SeTcbPrivilege =\n")
        self.refused('are both of "srv1"', one, "host=srv1", two, "host=SRV1")
        journal = self.path("journal")
        journals.write(journal, [journals.facts("srv1")])
        self.refused('are both of "srv1"', journal, one, "host=srv1")

    def test_one_policy_of_two_domains_is_two(self):
        for domain in ("corp.example", "child.corp.example"):
            self.write("%s/Policies/%s/Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf"
                       % (domain, GUIDS[0]), "SeDebugPrivilege = *S-1-5-32-544\n")
        hosts, _ = self.report(self.folder)
        self.assertEqual(sorted(hosts), ["child.corp.example/" + GUIDS[0],
                                         "corp.example/" + GUIDS[0]])

    # ---- what is whole ----

    def test_an_export_has_no_line_for_nobody(self):
        path = self.write("srv.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        for baseline in ("cis", "stig", "microsoft"):
            hosts, done = self.report("--baseline", baseline, path, *MEMBER)
            self.assertEqual(hosts["srv"]["rights"]["SeDenyNetworkLogonRight"]["verdict"],
                             "violation", baseline)
            self.assertEqual(done.returncode, 1)

    def test_a_part_of_an_export_is_said_to_be_one(self):
        path = self.write("part.inf", "SeImpersonatePrivilege = %s\n" % FOUR, frame="")
        hosts, done = self.report(path, *MEMBER)
        self.assertEqual(list(hosts["part"]["rights"]), ["SeImpersonatePrivilege"])
        self.assertIn(b"rights without a line are not assessed", done.stderr)
        whole = self.write("whole.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        self.assertNotIn(b"not assessed", self.report(whole, *MEMBER)[1].stderr)

    def test_diff_sees_what_is_no_longer_there(self):
        old = self.write("old/srv.inf", "SeDebugPrivilege = *S-1-1-0\n")
        new = self.write("new/srv.inf", "SeTcbPrivilege =\n")
        done = subprocess.run([journals.PROGRAM, "diff", "-o", "json", old, new],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"S-1-1-0", done.stdout)

    def test_a_policy_leaves_rights_alone_and_is_no_answer(self):
        path = self.write("%s/GptTmpl.inf" % GUIDS[1],
                          "SeChangeNotifyPrivilege = *S-1-1-0\n")
        hosts, _ = self.report("--baseline", "windows-default", path,
                               "role=domain_controller", "build=20348")
        self.assertEqual(list(hosts[GUIDS[1]]["rights"]), ["SeChangeNotifyPrivilege"])
        self.assertNotIn("collection_suspect", json.dumps(hosts))

    # ---- files that are no use do not take the others away ----

    def test_a_policy_without_rights_is_counted(self):
        with_rights = self.write("%s/GptTmpl.inf" % GUIDS[0], "SeTcbPrivilege = *S-1-1-0\n")
        os.makedirs(self.path(GUIDS[1]))
        with open(self.path(GUIDS[1], "GptTmpl.inf"), "w", encoding="ascii") as out:
            out.write("[System Access]\nMinimumPasswordLength = 14\n")
        hosts, done = self.report(with_rights, self.path(GUIDS[1], "GptTmpl.inf"))
        self.assertEqual(list(hosts), [GUIDS[0]])
        self.assertIn(b"1 of 2 files are policies that set no user rights", done.stderr)

    def test_one_bad_file_is_named_and_the_others_go_on(self):
        good = self.write("good.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        bad = self.write("bad.inf", "SeTcbPrivilege *S-1-5-6\n")
        hosts, done = self.report(good, bad, *MEMBER)
        self.assertEqual(list(hosts), ["good"])
        self.assertIn(done.returncode, (3, 4))
        self.assertRegex(done.stderr.decode(), r"bad\.inf:7: expected RIGHT = HOLDERS")
        self.refused("bad.inf:7: expected RIGHT", bad)

    def test_ten_thousand_files_and_a_bad_one(self):
        for number in range(10000):
            self.write("in/srv%d.inf" % number, "SeImpersonatePrivilege = %s\n" % FOUR)
        self.write("in/bad.inf", "SeTcbPrivilege *S-1-5-6\n")
        done = subprocess.run(
            [journals.PROGRAM, "report", "-o", "json=" + self.path("r.json"),
             self.path("in")] + MEMBER, capture_output=True, check=False)
        self.assertIn(done.returncode, (3, 4), done.stderr)
        self.assertIn(b"bad.inf:7", done.stderr)
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["summary"]["hosts"], 10000)

    # ---- what a file cannot tell ----

    def test_attributes_of_the_command_line_and_of_lists(self):
        one = self.write("one.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        two = self.write("with blank/two.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        hosts, _ = self.report("tag=all", one, "role=client", "joined=no", "build=26100",
                               two, "role=member_server", "host=web.corp")
        self.assertEqual((hosts["one"]["role"], hosts["one"]["os_version"]),
                         ("client", "10.0.26100"))
        self.assertEqual(hosts["web.corp"]["role"], "member_server")
        for mark, encoding in ((b"", "utf-8"), (b"\xff\xfe", "utf-16-le")):
            with open(self.path("list"), "wb") as out:
                out.write(mark + ("# both\r\n%s role=client\r\n\r\n%s\trole=member_server "
                                  "tag=web\r\n" % (one, two)).encode(encoding))
            hosts, _ = self.report("-iL", self.path("list"))
            self.assertEqual({name: host["role"] for name, host in hosts.items()},
                             {"one": "client", "two": "member_server"})

    def test_bad_attributes_are_refused(self):
        path = self.write("one.inf", "SeTcbPrivilege =\n")
        self.refused('"role=king": expected domain_controller', path, "role=king")
        self.refused('"joined=maybe": expected yes or no', path, "joined=maybe")
        self.refused('"build=new": expected a build', path, "build=new")
        with open(self.path("list"), "w", encoding="utf-8") as out:
            out.write("\n%s os=eleven\n" % path)
        self.refused('list:2: "os=eleven": expected a version', "-iL", self.path("list"))

    def test_what_is_wrong_for_every_role_is_a_finding(self):
        path = self.write("x.inf", "SeTcbPrivilege = *S-1-1-0\nSeImpersonatePrivilege = %s\n"
                          "SeDenyNetworkLogonRight = *S-1-5-32-546\n" % FOUR)
        hosts, _ = self.report(path, "build=20348")
        rights = hosts["x"]["rights"]
        self.assertEqual(rights["SeTcbPrivilege"]["verdict"], "violation")
        self.assertEqual(self.people(hosts["x"], "SeTcbPrivilege", "extra"),
                         {("extra", "S-1-1-0")})
        self.assertEqual(rights["SeImpersonatePrivilege"]["verdict"], "compliant")
        self.assertEqual(rights["SeDenyNetworkLogonRight"]["verdict"], "unknown")

    def test_whether_a_client_is_joined_may_decide(self):
        path = self.write("pc.inf", "SeDenyNetworkLogonRight = *S-1-5-32-546\n", frame="")
        for said, verdict in (([], "unknown"), (["joined=yes"], "violation"),
                              (["joined=no"], "compliant")):
            hosts, _ = self.report("--baseline", "stig", path, "role=client", "build=22631",
                                   *said)
            self.assertEqual(hosts["pc"]["rights"]["SeDenyNetworkLogonRight"]["verdict"],
                             verdict, said)

    # ---- names ----

    def test_names_are_who_they_are(self):
        for names in ("Administrators,LOCAL SERVICE,NETWORK SERVICE,SERVICE",
                      "Administratoren,Lokaler Dienst,Netzwerkdienst,Dienst",
                      "BUILTIN\\Administrateurs,AUTORITE NT\\SERVICE LOCAL,"
                      "AUTORITE NT\\SERVICE RÉSEAU,SERVICE"):
            path = self.write("srv.inf", "SeImpersonatePrivilege = %s\n" % names)
            hosts, _ = self.report(path, *MEMBER)
            self.assertEqual(hosts["srv"]["rights"]["SeImpersonatePrivilege"]["verdict"],
                             "compliant", names)

    def test_what_stays_a_name_is_unidentified(self):
        path = self.write("srv.inf", "SeTcbPrivilege = svc-backup,ASPNET,IUSR_SRV\n")
        hosts, _ = self.report(path, *MEMBER)
        found = {p["name"]: p["finding"]
                 for p in hosts["srv"]["rights"]["SeTcbPrivilege"]["holders"]}
        self.assertEqual(found, {"svc-backup": "unidentified", "ASPNET": "obsolete_account",
                                 "IUSR_SRV": "obsolete_account"})

    def test_encodings(self):
        for number, (encoding, mark) in enumerate((
                ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""),
                ("utf-16-be", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-8", b""),
                ("cp1252", b""))):
            path = self.write("e%d.inf" % number, "SeTcbPrivilege = Gäste\n",
                              encoding=encoding, mark=mark)
            hosts, _ = self.report(path, *MEMBER)
            self.assertEqual(self.people(hosts["e%d" % number], "SeTcbPrivilege"),
                             {("extra", "S-1-5-32-546")}, (encoding, mark))

    # ---- the remediation ----

    def test_the_template_never_drops_a_principal_in_silence(self):
        path = self.write("srv.inf", "SeImpersonatePrivilege = %s\n" % FOUR)
        fix = self.path("fix.inf")
        self.run_report("--baseline", "stig", "-o", "gpo-inf=" + fix, path, *MEMBER)
        with open(self.path("fix-member_server.inf"), "rb") as file:
            lines = file.read().decode("utf-16").split("\r\n")
        service = [line for line in lines if "SeDenyServiceLogonRight" in line]
        self.assertTrue(any("DOMAIN-519" in line for line in service), service)
        self.assertNotIn("SeDenyServiceLogonRight =", service)
        self.assertTrue(any("not set here" in line for line in service), service)


if __name__ == "__main__":
    unittest.main()
