# SPDX-License-Identifier: Apache-2.0
"""lsasweep discover and scan --domain against a real Samba Active Directory that this
test fills with 5,000 computers.

What it reads is held against ldapsearch's answer, sorted by rules written here once more.
Needs root or sudo; runs in its own namespaces (lab.py).
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]
import ad  # noqa: E402
import lab  # noqa: E402
from jsonschema import Draft7Validator  # noqa: E402
import tls_dc  # noqa: E402

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
SCHEMA = os.path.join(HERE, "..", "..", "report", "render", "schemas",
                      "directory.schema.json")
COMPUTERS = int(os.environ.get("LSASWEEP_AD_COMPUTERS", "5000"))


def discover(*arguments, password=lab.ADMIN_PASSWORD, environment=None):
    variables = dict(os.environ, **(environment or {}))
    if password is not None:
        variables["LSASWEEP_PASSWORD"] = password
    if "--dc" not in arguments:
        arguments += ("--dc", "dc1.lab.example")
    done = subprocess.run([PROGRAM, "discover"] + list(arguments), env=variables,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def traffic(which, run):
    """The packets on loopback, `which` in tcpdump's words, while `run` is under way, and
    until the last mark after it was seen."""
    path = tempfile.mktemp(dir=FOLDER, suffix=".pcap")
    mark = os.urandom(8).hex().encode()
    with subprocess.Popen(["tcpdump", "-i", "lo", "-w", path, "-U", "-B", "65536", "-s", "4000",
                           "--immediate-mode",
                           "(%s) or udp port 9" % which], stderr=subprocess.PIPE,
                          text=True) as tcpdump:
        try:
            tcpdump.stderr.readline()
            run()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(mark, ("127.0.0.1", 9))
            seen = b""
            while mark not in seen:
                with open(path, "rb") as file:
                    seen = file.read()
        finally:
            tcpdump.terminate()
    return seen


def bad_password_count(user):
    found = ad.open_database(FOLDER).search(
        ad.BASE, expression="(sAMAccountName=%s)" % user, attrs=["badPwdCount"])
    return int(str(found[0].get("badPwdCount", "0")))


class Discover(unittest.TestCase):
    def same_as_ldapsearch(self, *arguments, **more):
        status, found, errors = discover("--domain", "lab.example", "-o", "json",
                                         *arguments, **more)
        self.assertEqual(status, 0, errors)
        counts = json.loads(found)["computers"]
        scope, left_out = ad.expected(FOLDER)
        self.assertEqual(counts["in_scope"], len(scope))
        self.assertEqual({k: v for k, v in counts["left_out"].items() if v}, left_out)
        status, found, errors = discover("--domain", "lab.example", "-o", "targets",
                                         *arguments, **more)
        self.assertEqual(status, 0, errors)
        self.assertEqual(sorted(line.split()[0].lower() for line in found.splitlines()),
                         sorted(scope))

    def test_by_ntlm(self):
        self.same_as_ldapsearch("-U", "LAB\\auditor")

    def test_by_kerberos(self):
        self.same_as_ldapsearch("-U", "auditor@LAB.EXAMPLE", "--no-ntlm")

    def test_by_a_ticket(self):
        ccache = "FILE:" + os.path.join(FOLDER, "cc-auditor")
        lab.run("kinit", "-c", ccache, "auditor", input=lab.ADMIN_PASSWORD + "\n")
        self.same_as_ldapsearch("-k", password=None, environment={"KRB5CCNAME": ccache})

    def ca(self):
        """Samba's own authority, made at its first start."""
        return os.path.join(FOLDER, "dc1", "private", "tls", "ca.pem")

    def test_by_ldaps_and_kerberos(self):
        self.same_as_ldapsearch("-U", "auditor@LAB.EXAMPLE", "--no-ntlm", "--ldaps",
                                "--ca", self.ca())

    def test_by_ldaps_and_ntlm(self):
        self.same_as_ldapsearch("-U", "LAB\\auditor", "--ldaps", "--ca", self.ca())

    def test_a_certificate_that_proves_nothing_gets_no_password(self):
        before = bad_password_count("auditor4")
        for arguments in ((), ("--ca", self.ca(), "--dc", "alias.lab.example"),
                          ("--ca", self.ca(), "--dc", "127.0.0.10")):
            status, _, errors = discover("-U", "LAB\\auditor4", "--ldaps", *arguments,
                                         password="not-the-password")
            self.assertEqual(status, 3, errors)
            self.assertIn("no trusted TLS connection", errors)
        self.assertEqual(bad_password_count("auditor4"), before)

    def test_a_refused_ldaps_bind_costs_one_bad_password(self):
        before = bad_password_count("auditor4")
        status, _, errors = discover("-U", "LAB\\auditor4", "--ldaps", "--ca", self.ca(),
                                     password="not-the-password")
        self.assertEqual(status, 5, errors)
        self.assertEqual(bad_password_count("auditor4"), before + 1)

    def test_the_record_holds_every_account(self):
        status, found, errors = discover("-U", "LAB\\auditor", "-o", "directory")
        self.assertEqual(status, 0, errors)
        lines = [json.loads(line) for line in found.splitlines()]
        self.assertEqual({line["schema"] for line in lines}, {"lsasweep.directory/1"})
        kinds = [line["kind"] for line in lines]
        scope, left_out = ad.expected(FOLDER)
        self.assertEqual(kinds.count("computer"), len(scope) + sum(left_out.values()))
        self.assertEqual(kinds[-2:], ["domain", "end"])
        self.assertEqual({line["name"]: line["site"] for line in lines
                          if line["kind"] == "subnet"}, ad.SUBNETS)
        self.assertEqual({line["name"] for line in lines if line["kind"] == "site"},
                         {"Default-First-Site-Name", *ad.SITES})
        server, = [line for line in lines if line["kind"] == "server"]
        self.assertEqual((server["site"], server["computer"].upper()),
                         ("Default-First-Site-Name",
                          "CN=DC1,OU=DOMAIN CONTROLLERS,DC=LAB,DC=EXAMPLE"))
        with open(SCHEMA, encoding="utf-8") as file:
            validator = Draft7Validator(json.load(file))
        for line in lines[:20] + [line for line in lines if line["kind"] != "computer"]:
            validator.validate(line)
        self.assertEqual(lines[-2]["netbios_name"], "LAB")

    def test_a_refused_ldap_bind_costs_one_bad_password(self):
        before = bad_password_count("auditor2")
        status, _, errors = discover("-U", "LAB\\auditor2", "--dc", "dc1.lab.example",
                                     "--dc", "127.0.0.10",
                                     password="not-the-password")
        self.assertEqual(status, 5, errors)
        self.assertIn("the user name or password is wrong", errors)
        self.assertEqual(bad_password_count("auditor2"), before + 1)

    def count_by_kerberos(self, user, *arguments, **more):
        """Bad passwords that one attempt costs where three KDCs are named."""
        path = os.path.join(FOLDER, "krb5-three.conf")
        with open(path, "w", encoding="ascii") as out:
            out.write(lab.KRB5.replace("  kdc = 127.0.0.10\n",
                                       "  kdc = 127.0.0.10\n  kdc = dc1.lab.example:88\n"
                                       "  kdc = tcp/127.0.0.10\n"))
        before = bad_password_count(user)
        status, _, errors = discover(*arguments, environment={"KRB5_CONFIG": path}, **more)
        self.assertEqual(status, 5, errors)
        self.assertIn("the KDC refused the password or key", errors)
        return bad_password_count(user) - before

    def test_a_wrong_kerberos_password_costs_one_bad_password(self):
        self.assertEqual(self.count_by_kerberos("auditor2", "-U", "auditor2@LAB.EXAMPLE",
                                                password="not-the-password"), 1)

    def test_a_wrong_key_in_a_keytab_costs_one_bad_password(self):
        keytab = os.path.join(FOLDER, "wrong.keytab")
        lab.run("ktutil", input="add_entry -password -p auditor2@LAB.EXAMPLE -k 1 "
                "-e aes256-cts-hmac-sha1-96\nnot-the-password\nwrite_kt %s\nquit\n"
                % keytab)
        self.assertEqual(self.count_by_kerberos(
            "auditor2", "--keytab", keytab, "--principal", "auditor2@LAB.EXAMPLE",
            password=None), 1)

    def test_bases_that_overlap_count_an_account_once(self):
        base = "OU=Servers,DC=lab,DC=example"
        counts = []
        for arguments in ((base,), (base, base)):
            options = [word for name in arguments for word in ("--base", name)]
            status, found, errors = discover("-U", "LAB\\auditor", "-o", "json", *options)
            self.assertEqual(status, 0, errors)
            counts.append(json.loads(found)["computers"])
        self.assertEqual(counts[0], counts[1])
        self.assertGreater(counts[0]["total"], 0)

    def test_a_base_that_is_not_there_is_said(self):
        status, _, errors = discover("-U", "LAB\\auditor", "--base", "OU=x,DC=nowhere")
        self.assertNotEqual(status, 0)
        self.assertIn("noSuchObject", errors)

    def test_another_domain_is_refused(self):
        status, _, errors = discover("-U", "LAB\\auditor", "--domain", "other.example")
        self.assertEqual(status, 3, errors)
        self.assertIn('serves "lab.example", not "other.example"', errors)

    def test_include_keeps_what_is_left_out(self):
        _, found, _ = discover("-U", "LAB\\auditor", "-o", "json", "--include", "all")
        left_out = {k: v for k, v in
                    json.loads(found)["computers"]["left_out"].items() if v}
        self.assertLessEqual(set(left_out), {"entra", "service_account", "duplicate"})

    def test_no_computer_name_goes_in_clear(self):
        def run():
            self.same_as_ldapsearch("-U", "LAB\\auditor")

        seen = traffic("port 389", run).lower()
        self.assertIn(b"ntlmssp", seen)
        self.assertNotIn(b"srv-0", seen)
        self.assertNotIn("srv-0".encode("utf-16-le"), seen)


class Tls(unittest.TestCase):
    """Port 636 of a domain controller that is none of ours."""
    address, name = "127.0.0.20", "dc9.lab.example"

    @classmethod
    def setUpClass(cls):
        cls.authority = tls_dc.Authority(os.path.join(FOLDER, "authority"))
        cls.good = cls.authority.certificate(cls.name)

    def ask(self, controller, ca=None):
        with controller:
            return discover("-U", "LAB\\auditor", "--dc", self.name, "--domain",
                            "lab.example", "--ldaps", "--ca", ca or self.authority.path)

    def test_the_login_is_bound_to_the_certificate(self):
        for digest in ("sha256", "sha384", "sha512"):
            pair = self.authority.certificate(self.name, digest)
            controller = tls_dc.Controller(self.address, pair)
            status, _, errors = self.ask(controller)
            self.assertEqual(status, 5, errors)
            self.assertEqual(controller.binding, tls_dc.expected_binding(pair[0], digest))

    def refused(self, controller, **more):
        status, _, errors = self.ask(controller, **more)
        self.assertEqual(status, 3, errors)
        self.assertIn("no trusted TLS connection", errors)
        self.assertIn(controller.heard, (b"", tls_dc.UNBIND))
        self.assertNotIn(b"NTLMSSP", controller.raw)

    def test_nothing_is_said_to_who_proves_nothing(self):
        wrong = self.authority.certificate("other.lab.example")
        for certificate in (wrong, self.authority.certificate(self.name, days="-1")):
            self.refused(tls_dc.Controller(self.address, certificate))
        another = tls_dc.Authority(os.path.join(FOLDER, "another"))
        self.refused(tls_dc.Controller(self.address, self.good), ca=another.path)

    def test_old_tls_is_refused(self):
        self.refused(tls_dc.Controller(self.address, self.good,
                                       newest=ssl.TLSVersion.TLSv1_1))

    def test_no_tls_is_no_way_back(self):
        controller = tls_dc.Controller(self.address)
        self.refused(controller)
        self.assertEqual(controller.raw[:1], b"\x16")

    def test_authorities_that_cannot_be_read_are_said_at_once(self):
        status, _, errors = discover("-U", "LAB\\auditor", "--ldaps", "--ca",
                                     "/nowhere.pem")
        self.assertNotEqual(status, 0)
        self.assertIn("--ca: /nowhere.pem: No such file or directory", errors)


class Sandbox(unittest.TestCase):
    """What the process has given up by the time a domain controller can answer."""

    def test_the_directory_is_read_without_privileges(self):
        for words in (("discover",), ("scan", "--domain", "lab.example"),
                      ("scan", "-sL", "--domain", "lab.example")):
            with socket.create_server(("127.0.0.20", 389)) as controller:
                process = subprocess.Popen(
                    [PROGRAM, *words, "--dc", "dc9.lab.example", "-U", "LAB\\auditor"],
                    env=dict(os.environ, LSASWEEP_PASSWORD=lab.ADMIN_PASSWORD),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE)
                connection, _ = controller.accept()
                threads = [self.status(process.pid, thread) for thread in
                           os.listdir("/proc/%d/task" % process.pid)]
                connection.close()
            process.communicate(timeout=60)
            for thread in threads:
                self.assertEqual((thread["NoNewPrivs"], thread["Seccomp"]), ("1", "2"))
                self.assertEqual(int(thread["CapEff"], 16), 0, words)

    @staticmethod
    def status(pid, thread):
        with open("/proc/%d/task/%s/status" % (pid, thread), encoding="utf-8") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file
                        if ":\t" in line)


class Names(unittest.TestCase):
    """Domain SIDs that hosts hold, named by the directory: 200 names of one member."""
    right = "SeBackupPrivilege"
    groups = ["Backup Team %d" % i for i in range(3)]

    @classmethod
    def setUpClass(cls):
        sam = ad.open_database(FOLDER)
        domain = sam.get_domain_sid()
        for name in cls.groups:
            lab.run("samba-tool", "group", "add", name, "-s", DC.conf)
        cls.holders = {"LAB\\" + name: "group" for name in cls.groups}
        cls.holders.update({"LAB\\auditor2": "user", "LAB\\MEM1$": "computer"})
        for holder in cls.holders:
            cls.rights("grant", holder)
        # One more, whose account is deleted: the directory has no name for it.
        lab.run("samba-tool", "group", "add", "Gone", "-s", DC.conf)
        cls.gone = "%s-%s" % (domain, cls.rid(sam, "Gone"))
        cls.rights("grant", "LAB\\Gone")
        lab.run("samba-tool", "group", "delete", "Gone", "-s", DC.conf)
        cls.list = os.path.join(FOLDER, "names")
        with open(cls.list, "w", encoding="ascii") as out:
            out.writelines("n%03d.lab.example\n" % i for i in range(200))

    @classmethod
    def rights(cls, verb, holder):
        lab.run("net", "rpc", "rights", verb, holder, cls.right, "-S", "mem1.lab.example",
                "-U", "LAB\\Administrator%" + lab.ADMIN_PASSWORD)

    @staticmethod
    def rid(sam, name):
        sid = sam.search(ad.BASE, expression="(sAMAccountName=%s)" % name,
                         attrs=["objectSid"])[0]["objectSid"][0]
        return int.from_bytes(sid[-4:], "little")

    def scan(self, *arguments):
        path = tempfile.mktemp(dir=FOLDER, suffix=".ndjson")
        done = subprocess.run(
            [PROGRAM, "scan", "-q", "-U", "LAB\\Administrator", "-r", self.right, "-iL",
             self.list, "-c", "16", "--journal", path, "-o", "json", *arguments],
            env=dict(os.environ, LSASWEEP_PASSWORD=lab.ADMIN_PASSWORD),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=300, check=False)
        self.assertNotIn("not named", done.stderr)
        with open(path, encoding="utf-8") as file:
            journal = [json.loads(line) for line in file]
        return json.loads(done.stdout), journal

    def lookups(self, *arguments):
        """LsarLookupSids calls during a sweep, {address: number}, its report and its
        journal."""
        found = []
        both = (lab.MEMBER_ADDRESS, lab.DC_ADDRESS)
        seen = traffic("tcp and (host %s or host %s)" % both, lambda: found.extend(
            self.scan(*arguments)))
        path = os.path.join(FOLDER, "lookups.pcap")
        with open(path, "wb") as out:
            out.write(seen)
        calls = subprocess.run(
            ["tshark", "-r", path, "-Y", "dcerpc.pkt_type == 0", "-T", "fields", "-e",
             "ip.dst", "-e", "dcerpc.opnum"], check=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, timeout=120)
        opnums = {address: [] for address in both}
        for line in calls.stdout.splitlines():
            address, numbers = line.split("\t")
            opnums.setdefault(address, []).extend(numbers.split(","))
        # Each host was asked who holds the right.
        self.assertEqual(opnums[lab.MEMBER_ADDRESS].count("35"), 200)
        counts = {address: sum(number in ("15", "57", "76") for number in opnums[address])
                  for address in both}
        return counts, found[0], found[1]

    def named(self, report):
        """What the first host's holders are called."""
        host = [host for host in report["hosts"] if host["host"].startswith("n000.")][0]
        return {holder["name"].lower() for holder in host["rights"][self.right]["holders"]
                if holder["name"]}

    def test_no_host_is_asked_for_what_the_directory_knows(self):
        directory = ("--domain", "lab.example", "--dc", "dc1.lab.example", "--base",
                     "OU=Domain Controllers,DC=lab,DC=example")
        calls, report, journal = self.lookups(*directory)
        self.assertEqual(calls, {lab.MEMBER_ADDRESS: 0, lab.DC_ADDRESS: 0})
        names = {line["name"]: line["type"] for line in journal
                 if line.get("kind") == "name" and line["name"]}
        self.assertEqual(names, self.holders)
        gone, = [line for line in journal
                 if line.get("kind") == "name" and not line["name"]]
        self.assertEqual((gone["sid"], gone["type"]), (self.gone, "unknown"))
        self.assertLessEqual({name.lower() for name in self.holders},
                             self.named(report))

    def test_without_a_directory_every_host_is_asked(self):
        calls, report, _ = self.lookups()
        self.assertEqual(calls[lab.MEMBER_ADDRESS], 200)
        self.assertGreater(calls[lab.DC_ADDRESS], 0)
        self.assertLessEqual({name.lower() for name in self.holders},
                             self.named(report))


class Sweep(unittest.TestCase):
    """The whole domain: two of its machines are real, DNS does not know the others."""

    def sweep(self, *arguments, password=lab.ADMIN_PASSWORD, user="LAB\\Administrator"):
        journal = tempfile.mktemp(dir=FOLDER, suffix=".ndjson")
        done = subprocess.run(
            [PROGRAM, "scan", "-q", "--domain", "lab.example", "--dc", "dc1.lab.example",
             "--dns", lab.DC_ADDRESS, "-U", user, "-o", "json", "--journal", journal]
            + list(arguments), env=dict(os.environ, LSASWEEP_PASSWORD=password),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=300, check=False)
        with open(journal, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        hosts = {line["host"].lower(): line for line in lines if "outcome" in line}
        domains = [line for line in lines if line["schema"] == "lsasweep.directory/1"]
        return done, hosts, domains

    def whole(self, *arguments, **more):
        done, hosts, lines = self.sweep(*arguments, **more)
        self.done = done
        domains = [line for line in lines if line["kind"] == "domain"]
        scope, left_out = ad.expected(FOLDER)
        self.assertEqual(set(hosts), set(scope), done.stderr)
        self.assertEqual(len(domains), 1)
        counts = domains[0]["computers"]
        self.assertEqual(counts["in_scope"], len(scope))
        self.assertEqual({k: v for k, v in counts["left_out"].items() if v}, left_out)
        self.assertEqual({name for name, host in hosts.items()
                          if host["outcome"] == "answered"},
                         {"dc1.lab.example", "mem1.lab.example"})
        self.assertEqual({host["outcome"] for host in hosts.values()},
                         {"answered", "unresolvable"})
        return hosts

    def sites(self):
        """The DC is where its server object lies, the member where its address does."""
        report = json.loads(self.done.stdout)
        found = {host["host"]: (host["directory"]["site"],
                                host["directory"]["site_evidence"])
                 for host in report["hosts"] if host["outcome"] == "answered"}
        self.assertEqual(found, {
            "dc1.lab.example": ("Default-First-Site-Name", "server_object"),
            "mem1.lab.example": ("Oslo", "subnet")})
        asked = {site["name"]: site["asked"] for site in report["coverage"]["sites"]}
        self.assertEqual((asked["Oslo"], asked["Default-First-Site-Name"]), (1, 1))

    def test_a_domain_is_swept_without_a_list(self):
        hosts = self.whole()
        self.sites()
        account = hosts["dc1.lab.example"]["directory"]
        self.assertEqual((account["account"], account["role"], account["enabled"]),
                         ("DC1$", "domain_controller", True))
        self.assertEqual(hosts["srv-00001.lab.example"]["directory"]["ou"],
                         "OU=Servers,DC=lab,DC=example")

    def test_by_kerberos(self):
        hosts = self.whole("--no-ntlm", user="Administrator@LAB.EXAMPLE")
        machine = hosts["dc1.lab.example"]["machine"]
        self.assertEqual((machine["os_version"], machine["os_version_evidence"]),
                         ("10.0.20348", "directory"))

    def test_the_directorys_build_spares_the_ntlm_probe(self):
        def run():
            _, hosts, _ = self.sweep("--base", "OU=Domain Controllers,DC=lab,DC=example",
                                     user="Administrator@LAB.EXAMPLE")
            self.assertEqual({host["outcome"] for host in hosts.values()}, {"answered"})

        seen = traffic("port 445", run)
        self.assertIn(b"\xfeSMB", seen)
        self.assertNotIn(b"NTLMSSP", seen)

    def test_a_base_narrows_it(self):
        done, hosts, _ = self.sweep("--base", "OU=Domain Controllers,DC=lab,DC=example")
        self.assertEqual(set(hosts), {"dc1.lab.example"}, done.stderr)

    def test_the_list_is_shown_without_asking(self):
        done = subprocess.run(
            [PROGRAM, "scan", "-sL", "--domain", "lab.example", "--dc", "dc1.lab.example",
             "-U", "LAB\\auditor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, LSASWEEP_PASSWORD=lab.ADMIN_PASSWORD), text=True,
            stdin=subprocess.DEVNULL, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(name.lower() for name in done.stdout.splitlines()),
                         sorted(ad.expected(FOLDER)[0]))

    def test_a_refused_bind_stops_the_sweep_at_one_bad_password(self):
        before = bad_password_count("auditor3")
        done, hosts, _ = self.sweep("mem1.lab.example", user="LAB\\auditor3",
                                    password="not-the-password")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual({host["outcome"] for host in hosts.values()}, {"guarded"})
        self.assertEqual(bad_password_count("auditor3"), before + 1)

    def test_a_directory_that_fails_leaves_the_other_targets(self):
        done, hosts, domains = self.sweep("--base", "OU=x,DC=nowhere", "mem1.lab.example")
        self.assertEqual({name: host["outcome"] for name, host in hosts.items()},
                         {"mem1.lab.example": "answered"}, done.stderr)
        self.assertIn("noSuchObject", done.stderr)
        self.assertIn("noSuchObject", [line["error"] for line in domains
                                       if line["kind"] == "domain"][0])
        self.assertIn(done.returncode, (3, 4))


if __name__ == "__main__":
    missing = lab.missing_programs()
    if missing:
        sys.exit("missing: " + " ".join(missing))
    lab.in_namespaces()
    FOLDER = tempfile.mkdtemp(prefix="lsasweep-ad.")
    LAB = lab.Lab(FOLDER)
    try:
        DC = LAB.domain_controller(lambda: ad.fill(FOLDER, COMPUTERS))
        LAB.member()
        lab.run("samba-tool", "domain", "passwordsettings", "set",
                "--account-lockout-threshold=50", "-s", DC.conf)
        lab.run("samba-tool", "spn", "add", "ldap/dc1.lab.example", "DC1$", "-s", DC.conf)
        for user in ("auditor", "auditor2", "auditor3", "auditor4"):
            lab.run("samba-tool", "user", "add", user, lab.ADMIN_PASSWORD,
                    "-s", DC.conf)
        unittest.main()
    finally:
        LAB.stop()
