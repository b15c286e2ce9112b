# SPDX-License-Identifier: Apache-2.0
"""Group Policy read from a real Samba Active Directory that this test fills (policy.py).

Files of SYSVOL are held against smbclient's, records against an independent reading of
the same database.  Needs root or sudo; runs in its own namespaces (lab.py).
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]
import ad  # noqa: E402
import lab  # noqa: E402
import policy  # noqa: E402
import sssd  # noqa: E402

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
SYSVOL_GET = os.path.join(os.environ.get("LSASWEEP_BUILD", os.path.dirname(PROGRAM)),
                          "tests/samba/lsasweep-sysvol-get")
DIALECTS = ("0x0202", "0x0210", "0x0300", "0x0302", "0x0311")
STATUS_NO_FILE, STATUS_NO_PATH, STATUS_DIRECTORY = "c0000034", "c000003a", "c00000ba"
STATUS_DENIED = "c0000022"


@contextlib.contextmanager
def relay(address, port):
    """Connections to that address go to the controller's port."""
    def carry(source, target):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(65536)
                if not data:
                    break
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection((lab.DC_ADDRESS, port))
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    listener = socket.create_server((address, port))
    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.close()


def discover(*arguments, user="LAB\\auditor", dc="dc1.lab.example", environment=None):
    variables = dict(os.environ, LSASWEEP_PASSWORD=lab.ADMIN_PASSWORD,
                     **(environment or {}))
    done = subprocess.run(
        [PROGRAM, "discover", "--dc", dc, "-U", user] + list(arguments),
        env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def get_files(paths, *protection):
    """[(outcome, status, bytes)] by our own client, and its last line."""
    done = subprocess.run(
        [SYSVOL_GET] + list(protection) + ["LAB\\auditor", lab.DC_ADDRESS] + paths,
        input=lab.ADMIN_PASSWORD.encode() + b"\n", stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    rest, files = done.stdout, []
    for _ in paths:
        head, rest = rest.split(b"\n", 1)
        outcome, status, size = head.split()
        files.append((int(outcome), status.decode(), rest[:int(size)]))
        rest = rest[int(size):]
    return files, rest.decode().strip()


def smbclient_get(path):
    target = tempfile.mktemp(dir=FOLDER)
    lab.run("smbclient", "//%s/sysvol" % lab.DC_ADDRESS, "-U",
            "LAB\\auditor%" + lab.ADMIN_PASSWORD, "-c", 'get "%s" "%s"' % (path, target))
    with open(target, "rb") as file:
        return file.read()


class Live(unittest.TestCase):
    """`lsasweep policy` without a record."""

    def ask(self, *arguments, password=lab.ADMIN_PASSWORD):
        return subprocess.run(
            [PROGRAM, "policy", "-o", "json", "c-kinds", *arguments],
            env=dict(os.environ, LSASWEEP_PASSWORD=password), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False)

    def test_the_directory_answers_as_its_record_does(self):
        record = os.path.join(FOLDER, "live.ndjson")
        status, _, errors = discover("-o", "directory=" + record)
        self.assertEqual(status, 0, errors)
        live = self.ask("--dc", "dc1.lab.example", "-U", "LAB\\auditor")
        recorded = self.ask("--directory", record)
        self.assertEqual(live.returncode, 3, live.stderr)  # some of it is unreadable
        self.assertIn('"applies":"yes"', live.stdout)
        self.assertEqual((live.stdout, live.returncode),
                         (recorded.stdout, recorded.returncode))

    def test_a_wrong_password_is_one_login_and_no_answer(self):
        done = self.ask("--dc", "dc1.lab.example", "-U", "LAB\\auditor", password="wrong")
        self.assertEqual((done.returncode, done.stdout), (5, ""), done.stderr)


class Files(unittest.TestCase):
    """The bytes of files in SYSVOL."""

    @classmethod
    def setUpClass(cls):
        cls.paths, cls.bodies = [], []
        for size, body in policy.sized_bodies():
            cls.paths.append("lab.example\\sizes\\%d.inf" % size)
            cls.bodies.append(body)

    def test_bytes_are_smbclients(self):
        for path, body in zip(self.paths, self.bodies):
            self.assertEqual(smbclient_get(path), body)

    def test_every_dialect_gives_them_signed(self):
        for dialect in DIALECTS:
            files, said = get_files(self.paths, dialect)
            self.assertEqual(said, "%s signed" % dialect[2:])
            self.assertEqual([(0, "00000000", body) for body in self.bodies], files)

    def test_and_sealed_where_there_is_encryption(self):
        for dialect in DIALECTS[2:]:
            files, said = get_files(self.paths, dialect, "seal")
            self.assertEqual(said, "%s sealed" % dialect[2:])
            self.assertEqual([(0, "00000000", body) for body in self.bodies], files)

    def test_what_is_no_file_is_told_and_the_session_goes_on(self):
        files, _ = get_files(["lab.example\\sizes\\none.inf", "lab.example\\no\\x.inf",
                              "lab.example\\sizes", "lab.example\\sizes\\secret.inf",
                              "LAB.EXAMPLE\\Sizes\\1.INF"])
        self.assertEqual([status for _, status, _ in files[:4]],
                         [STATUS_NO_FILE, STATUS_NO_PATH, STATUS_DIRECTORY,
                          STATUS_DENIED])
        self.assertEqual(files[4], (0, "00000000", self.bodies[1]))


class Record(unittest.TestCase):
    """What `discover -o directory` says, held against the database."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        status, text, errors = discover("-o", "directory")
        if status:
            raise RuntimeError(errors)
        cls.kinds = policy.read_record(text)
        cls.gpos = {gpo["name"]: gpo for gpo in cls.kinds["gpo"] if gpo["name"]}
        cls.sam = ad.open_database(FOLDER)

    def test_all_of_it_was_read(self):
        self.assertEqual(len(self.kinds["policies"]), 1)
        line = self.kinds["policies"][0]
        self.assertEqual(
            [line[key] for key in ("domain", "controller", "error", "scopes_complete",
                                   "gpos_complete", "filters_complete",
                                   "server_authenticated")],
            ["lab.example", "dc1.lab.example", None, True, True, True, False])

    def test_kerberos_proves_the_server(self):
        status, text, errors = discover("-o", "directory", "--no-ntlm",
                                        user="auditor@LAB.EXAMPLE")
        self.assertEqual(status, 0, errors)
        kinds = policy.read_record(text)
        self.assertTrue(kinds["policies"][0]["server_authenticated"])
        self.assertEqual({gpo["id"]: gpo["template"] for gpo in kinds["gpo"]},
                         {gpo["id"]: gpo["template"] for gpo in self.kinds["gpo"]})

    def test_scopes_have_their_links(self):
        expected = {ad.BASE.lower(): ("domain", None, None)}
        for base, kind in ((ad.BASE, "ou"), ("CN=Sites,CN=Configuration," + ad.BASE,
                                             "site")):
            for found in self.sam.search(
                    base, expression="(|(objectClass=organizationalUnit)(objectClass=site)"
                    "(objectClass=domainDNS))", attrs=["gPLink", "gPOptions"]):
                options = found.get("gPOptions")
                dn = str(found.dn).lower()
                expected[dn] = ("domain" if dn == ad.BASE.lower() else kind,
                                str(found["gPLink"]) if "gPLink" in found else None,
                                int(str(options)) if options else None)
        self.assertEqual({scope["dn"].lower(): (scope["type"], scope["gp_link"],
                                                scope["gp_options"])
                          for scope in self.kinds["scope"]}, expected)
        by_dn = {scope["dn"].lower(): scope for scope in self.kinds["scope"]}
        self.assertEqual(by_dn[("OU=Blank," + ad.BASE).lower()]["gp_link"], " ")
        for scope in self.kinds["scope"]:
            self.assertEqual(scope["domain"], "lab.example")

    def test_gpos_have_their_attributes(self):
        for name, gpo in GPOS.items():
            if name in ("unreadable", "no-read"):
                continue
            found = self.gpos[name]
            self.assertEqual(
                [found[key] for key in ("id", "domain", "flags", "version",
                                        "functionality", "path", "extensions",
                                        "wmi_filter", "readable", "error")],
                [gpo.id, "lab.example", gpo.flags, gpo.version, gpo.functionality,
                 gpo.path, gpo.extensions,
                 "[lab.example;%s;0]" % policy.wmi_id(gpo.wmi) if gpo.wmi else None,
                 True, None], name)
        self.assertEqual(len(self.kinds["gpo"]), len(GPOS) + 2)  # the stock ones

    def test_what_may_not_be_read_is_not_left_out(self):
        by_id = {gpo["id"]: gpo for gpo in self.kinds["gpo"]}
        for name in ("unreadable", "no-read"):
            found = by_id[GPOS[name].id]
            self.assertFalse(found["readable"], name)
            self.assertEqual((found["dacl"], found["template"]["state"]),
                             ("not_read", "not_read"), name)

    def aces(self, dn):
        """The entries that speak of reading or applying, by Samba's own unpacking."""
        from samba.dcerpc import security  # pylint: disable=import-outside-toplevel
        from samba.ndr import ndr_unpack  # pylint: disable=import-outside-toplevel
        found = self.sam.search(dn, scope=0, attrs=["nTSecurityDescriptor"])
        descriptor = ndr_unpack(security.descriptor,
                                found[0]["nTSecurityDescriptor"][0])
        entries = []
        for ace in descriptor.dacl.aces:
            is_object = ace.type in (5, 6)
            kind = str(ace.object.type) if is_object and ace.object.flags & 1 else None
            read = bool(ace.access_mask & 0x10) and kind is None
            applies = bool(ace.access_mask & 0x100) and kind in (None, policy.APPLY)
            if not ace.flags & 8 and (read or applies):
                entries.append({"sid": str(ace.trustee),
                                "form": "object" if is_object else "plain",
                                "deny": ace.type in (1, 6), "read": read,
                                "apply": applies})
        return entries

    def test_gpos_have_their_dacl(self):
        compared = 0
        for found in self.kinds["gpo"]:
            if found["readable"]:
                self.assertEqual(found["dacl"], "present")
                self.assertEqual(found["aces"], self.aces(found["dn"]), found["name"])
                compared += 1
        self.assertEqual(compared, len(GPOS))
        self.assertTrue(any(ace["deny"] for ace in self.gpos["deny"]["aces"]))

    def test_templates_are_what_sysvol_holds(self):
        states = {"no-file": "no_file", "no-folder": "no_folder", "elsewhere": "failed",
                  "dots": "failed", "denied-file": "denied"}
        for name, gpo in GPOS.items():
            if name in ("unreadable", "no-read"):
                continue
            found = self.gpos[name]["template"]
            self.assertEqual(found["state"], states.get(name, "read"),
                             (name, found["error"]))
            if found["state"] != "read":
                continue
            rights = {right["right"]: right["entries"] for right in found["rights"]}
            self.assertEqual([entry["text"] for entry in rights[policy.RIGHT]],
                             [entry for entry in gpo.entries.split(",") if entry], name)
            self.assertEqual(rights["SeBatchLogonRight"][0]["sid"],
                             "S-1-5-21-8-8-8-%d" % gpo.number)
            self.assertEqual(found["gpt_version"], gpo.version)
            self.assertTrue(found["written"].startswith(
                time_text(policy.file_times(FOLDER, gpo))), found["written"])
        self.assertIn("is not followed", self.gpos["elsewhere"]["template"]["error"])

    def test_groups_have_their_members(self):
        names = {"LAB\\g-" + name: members for name, members in policy.GROUPS.items()}
        groups = {group["name"]: group for group in self.kinds["group"]}
        sids = {computer["account"][:-1]: computer["sid"]
                for computer in self.kinds["computer"]}
        sids.update({name[6:]: group["sid"] for name, group in groups.items()})
        for name, members in names.items():
            self.assertEqual(sorted(groups[name]["members"]),
                             sorted(sids[member] for member in members
                                    if member != "auditor"), name)
            self.assertTrue(groups[name]["complete"])

    def test_wmi_filters_have_their_queries(self):
        self.assertEqual(
            {found["name"]: (found["id"], found["query"])
             for found in self.kinds["wmi_filter"]},
            {name: (policy.wmi_id(name), policy.wmi_query(*queries))
             for name, queries in policy.WMI.items()})

    def test_without_sysvol_the_rest_is_recorded_and_it_is_said(self):
        """By an address where LDAP alone is served."""
        with relay("127.0.0.20", 389):
            status, text, errors = discover("-o", "directory", dc="127.0.0.20")
        self.assertEqual(status, 3, errors)
        self.assertIn("Group Policy was not read to its end: SYSVOL of 127.0.0.20: "
                      "connect: Connection refused", errors)
        kinds = policy.read_record(text)
        self.assertIn("Connection refused", kinds["policies"][0]["error"])
        self.assertTrue(kinds["policies"][0]["gpos_complete"])
        self.assertEqual({gpo["template"]["state"] for gpo in kinds["gpo"]}, {"not_read"})
        self.assertEqual(kinds["scope"], self.kinds["scope"])
        self.assertIn("end", kinds)  # of computers nothing is missing

    def test_without_policy_there_is_none(self):
        status, text, errors = discover("-o", "directory", "--no-policy")
        self.assertEqual(status, 0, errors)
        kinds = set(policy.read_record(text))
        self.assertLessEqual({"domain", "computer", "end"}, kinds)
        self.assertFalse(kinds & {"policies", "scope", "gpo", "wmi_filter", "group"})


class Policy(unittest.TestCase):
    """`lsasweep policy` on what was recorded.  Beside each expectation the rule of Group
    Policy that it follows from; where other programs are known to differ it is these
    rules that count ([MS-GPOL] 3.2.5.1, [MS-ADTS] 5.1.3.3.4)."""

    maxDiff = None
    ABOVE = [("site", "uncertain", "site_unknown"),    # no subnet has the computer
             ("domain", "yes", None),
             ("Default Domain Policy", "no", "empty")]  # version 0, as provisioned
    LAST = [("enforced-domain", "yes", None)]
    ONE = [("one-a", "yes", None), ("one-b", "yes", None), ("one-c", "yes", None)]
    BLOCKED = [(name, "no", "inheritance_blocked") for name in (
        "domain", "Default Domain Policy", "one-a", "one-b", "one-c", "two")]

    @classmethod
    def setUpClass(cls):
        status, text, errors = discover("-o", "directory")
        if status:
            raise RuntimeError(errors)
        cls.record = os.path.join(FOLDER, "record.ndjson")
        with open(cls.record, "w", encoding="utf-8") as out:
            out.write(text)
        cls.names = {gpo.id: gpo.name for gpo in GPOS.values()}

    def policy(self, computer):
        done = subprocess.run(
            [PROGRAM, "policy", "--directory", self.record, "-o", "json", computer],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout)

    def chain(self, found):
        """(name, whether it applies, why not), lowest precedence first."""
        return [(self.names.get(gpo["id"], gpo["name"] or gpo["id"]), gpo["applies"],
                 gpo["reason"]) for gpo in found["gpos"]]

    def test_order_in_a_link_and_down_the_tree(self):
        self.assertEqual(self.chain(self.policy("c-one")),
                         self.ABOVE + self.ONE + self.LAST)

    def test_the_enforced_link_highest_in_the_tree_wins(self):
        found = self.policy("c-two")
        self.assertEqual(self.chain(found), self.ABOVE + self.ONE + [
            ("two", "yes", None), ("enforced-two", "yes", None)] + self.LAST)
        self.assertEqual([gpo["enforced"] for gpo in found["gpos"][-3:]],
                         [False, True, True])
        right = found["rights"]["SeBatchLogonRight"]
        self.assertEqual((right["state"], right["name"]), ("defined", "enforced-domain"))
        self.assertEqual([entry["sid"] for entry in right["declared"]],
                         ["S-1-5-21-8-8-8-%d" % GPOS["enforced-domain"].number])

    def test_blocked_inheritance_lets_enforced_links_through(self):
        found = self.policy("c-three")
        self.assertEqual(self.chain(found), self.BLOCKED + [
            ("three", "yes", None), ("link-off", "no", "link_disabled"),
            ("enforced-two", "yes", None)] + self.LAST)

    def test_every_reason_not_to_apply(self):
        gone = "{DEADBEEF-0000-4000-8000-0123456789AB}"
        self.assertEqual(self.chain(self.policy("c-kinds")), self.ABOVE + [
            ("half-2", "no", "computer_settings_disabled"),
            ("half-3", "no", "computer_settings_disabled"),  # a bit, no equality
            ("filter", "no", "security_filtering"), ("deny", "yes", None),
            ("no-read", "uncertain", "not_readable"),        # nor are we the computer
            ("plain", "uncertain", "plain_ace"),
            ("no-extension", "no", "no_security_extension"), ("version-0", "no", "empty"),
            ("empty-list", "yes", None), ("old", "no", "functionality_version"),
            ("unreadable", "uncertain", "not_readable"), ("ansi", "yes", None),
            ("utf-8", "yes", None), ("no-file", "yes", "no_template"),
            ("no-folder", "yes", "no_template"),
            ("denied-file", "uncertain", "not_readable"),
            ("elsewhere", "uncertain", "not_readable"),
            ("dots", "uncertain", "not_readable"), (gone, "no", "orphaned_link")]
            + self.LAST)

    def test_filters_by_nested_groups_and_denials_are_libgpos(self):
        """Its list of GPOs has the right ones in no order that counts; it asks for no
        version."""
        expected = {"c-member": ["deny", "filter"], "c-denied": [], "c-neither": ["deny"]}
        for computer, names in expected.items():
            found = self.policy(computer)
            ours = {gpo["id"] for gpo in found["gpos"]
                    if gpo["applies"] == "yes" or gpo["reason"] == "empty"}
            self.assertEqual(sorted(name for name in ("filter", "deny")
                                    if GPOS[name].id in ours), names)
            listed = lab.run("net", "ads", "gpo", "list", computer + "$", "-s",
                             MEMBER.conf, "-S", "dc1.lab.example", "-U",
                             "Administrator%" + lab.ADMIN_PASSWORD)
            theirs = set(re.findall(r"(\{[0-9A-F]{8}-[0-9A-F-]{27}\})", listed))
            self.assertEqual(ours, theirs & ({gpo.id for gpo in GPOS.values()} | ours),
                             listed)

    def test_wmi_filters_that_the_directory_can_answer(self):
        self.assertEqual(self.chain(self.policy("c-wmi")), self.ABOVE + [
            ("wmi-build", "yes", None), ("wmi-role", "yes", None),
            ("wmi-type", "yes", None), ("wmi-unknown", "uncertain", "wmi_filter"),
            ("wmi-version", "yes", None)] + self.LAST)

    def test_a_container_that_is_no_ou_has_no_links(self):
        self.assertEqual(self.chain(self.policy("c-container")), self.ABOVE + self.LAST)

    def test_order_and_winner_are_ssds(self):
        """As computers of the site Berlin, where every GPO of these scopes is read.  SSSD
        takes GPOs of version 0 for applied and asks no WMI filter."""
        for computer in ("c-one", "c-two", "c-three", "c-wmi", "c-container"):
            found = self.policy(computer)
            ours = [gpo["id"] for gpo in found["gpos"]
                    if gpo["applies"] != "no" or gpo["reason"] == "empty"]
            theirs, value = sssd.resultant(DC.conf, computer, "Berlin",
                                           "SeBatchLogonRight")
            if computer == "c-three":  # blocked for it, open for an enforced one
                self.assertNotIn(GPOS["site"].id, ours)
            self.assertEqual(ours, theirs, computer)
            right = found["rights"]["SeBatchLogonRight"]
            self.assertEqual(",".join(entry["text"] for entry in right["declared"]),
                             value, computer)

    def test_a_moved_computer_has_the_policy_of_its_new_place(self):
        sam = ad.open_database(FOLDER)
        old, new = ("CN=c-container,CN=Computers," + ad.BASE,
                    "CN=c-container,OU=Three,OU=Two,OU=One," + ad.BASE)
        sam.rename(old, new)
        try:
            self.setUpClass()
            self.assertEqual(self.chain(self.policy("c-container")),
                             self.chain(self.policy("c-three")))
        finally:
            sam.rename(new, old)
            self.setUpClass()


def time_text(seconds):
    import time  # pylint: disable=import-outside-toplevel
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def prepare():
    """Files whose bytes are compared, and one that the auditor may not read."""
    sizes = os.path.join(FOLDER, "dc1/state/sysvol/lab.example/sizes")
    os.makedirs(sizes)
    for size, body in policy.sized_bodies():
        with open(os.path.join(sizes, "%d.inf" % size), "wb") as out:
            out.write(body)
    with open(os.path.join(sizes, "secret.inf"), "wb") as out:
        out.write(b"secret")
    lab.run("samba-tool", "ntacl", "sysvolreset", "-s", DC.conf)
    shutil.rmtree(os.path.join(policy.policies_folder(FOLDER), GPOS["no-folder"].id))
    denied = (os.path.join(sizes, "secret.inf"),
              os.path.join(policy.policies_folder(FOLDER), GPOS["denied-file"].id,
                           policy.SECEDIT, "GptTmpl.inf"))
    for path in denied:
        lab.run("samba-tool", "ntacl", "set", "O:DAG:DAD:P(A;;0x001f01ff;;;DA)", path,
                "-s", DC.conf)


if __name__ == "__main__":
    missing = lab.missing_programs() + sssd.missing_programs()
    if missing:
        sys.exit("missing: " + " ".join(missing))
    lab.in_namespaces()
    FOLDER = tempfile.mkdtemp(prefix="lsasweep-policy.")
    os.chmod(FOLDER, 0o755)  # SYSVOL is read as the account that logs on
    LAB = lab.Lab(FOLDER)
    try:
        DC = LAB.domain_controller()
        lab.run("samba-tool", "user", "add", "auditor", lab.ADMIN_PASSWORD, "-s", DC.conf)
        lab.run("samba-tool", "spn", "add", "ldap/dc1.lab.example", "DC1$", "-s", DC.conf)
        MEMBER = LAB.member()
        GPOS = policy.fill(FOLDER)
        prepare()
        unittest.main()
    finally:
        LAB.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)
