# SPDX-License-Identifier: Apache-2.0
"""The simulated directory: held against OpenLDAP's ldapsearch, and read by discover and
scan --domain, by NTLM and by Kerberos from MIT's KDC."""

import base64
import json
import os
import subprocess
import sys
import unittest

import kdc
from domain import PASSWORD, Run
from ldaplab import BY_NTLM, Directory, own_network, without_zeros
from mit_kdc import Kdc

COMPUTERS = 2600
BASE = "DC=corp,DC=example"
ALL = "(sAMAccountType=805306369)"
LINES = [word for line in ("host dc1 dc", "host lie1 member logon_status=c000006d",
                           "host lie2 member logon_status=c000006d", "host srv1 member", "host srv2 member",
                           "host pc1 client", "host alone standalone",
                           "user auditor Lab-Passw0rd admin",
                           "user nosy Lab-Passw0rd", "directory computers=%d" % COMPUTERS)
         for word in ("--line", line)]
HOSTS = {"dc1", "srv1", "srv2", "pc1"}


def entries(text):
    """LDIF as a list of {attribute: [values]}; values are bytes where LDIF has them so."""
    found = []
    for block in text.replace("\n ", "").split("\n\n"):
        entry = {}
        for line in block.splitlines():
            if line.startswith("#") or ":" not in line:
                continue
            name, value = line.split(":", 1)
            entry.setdefault(name, []).append(
                base64.b64decode(value[1:]) if value.startswith(":") else value.strip())
        if "dn" in entry:
            found.append(entry)
    return found


def search(*arguments, mechanism=("-Y", "GSSAPI"), expected=0, **more):
    command = ["ldapsearch", "-LLL", "-N", "-o", "ldif-wrap=no", *mechanism, "-H",
               "ldap://dc1.corp.example", *(["-Q"] if "-Y" in mechanism else []),
               *arguments]
    environment = dict(os.environ, LDAPNOINIT="", HOME="/nonexistent", **TICKET)
    environment.update(more)
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=60, check=False)
    if done.returncode != expected:
        raise AssertionError("%s: %d\n%s" % (command, done.returncode, done.stderr))
    return entries(done.stdout)


class Ldapsearch(unittest.TestCase):
    """A client that is not ours: the server does what Active Directory does."""

    def test_every_way_to_log_on(self):
        ntlm = os.path.join(LAB.folder, "ntlm")
        with open(ntlm, "w", encoding="ascii") as out:
            out.write("CORP:auditor:%s\n" % PASSWORD)
        for mechanism, more in (("GSSAPI", {}), ("GSS-SPNEGO", {}),
                                ("GSS-SPNEGO", {"NTLM_USER_FILE": ntlm,
                                                "KRB5CCNAME": "/none"})):
            with self.subTest(mechanism, **more):
                found = search("-b", BASE, "-s", "base", "objectSid",
                               mechanism=("-Y", mechanism, "-O", "minssf=56"), **more)
                self.assertEqual([entry["dn"] for entry in found], [[BASE]])

    def test_a_bind_without_encryption_is_refused(self):
        for properties in ("maxssf=0", "minssf=1,maxssf=1"):
            search("-b", BASE, "-s", "base", expected=8,
                   mechanism=("-Y", "GSSAPI", "-O", properties))
        search("-b", BASE, "-s", "base", expected=8,
               mechanism=("-x", "-D", "cn=auditor", "-w", PASSWORD))

    def test_a_search_before_a_bind_sees_the_root_and_no_more(self):
        root, = search("-b", "", "-s", "base", "supportedCapabilities",
                       mechanism=("-x",))
        self.assertEqual(root["supportedCapabilities"], ["1.2.840.113556.1.4.800"])
        search("-b", BASE, "-s", "base", mechanism=("-x",), expected=1)

    def test_a_search_without_pages_is_cut_at_1000(self):
        self.assertEqual(len(search("-b", BASE, ALL, "dn", expected=4)), 1000)

    def test_pages_give_every_computer_once(self):
        for size in 7, 1000, 5000:
            with self.subTest(size):
                base = "OU=Servers," + BASE if size == 7 else BASE
                found = search("-E", "pr=%d/noprompt" % size, "-b", base, ALL,
                               "objectSid")
                names = {entry["dn"][0] for entry in found}
                self.assertEqual(len(names), len(found))
                if size > 7:
                    self.assertEqual(len(names), LAB.counts()["total"])

    def test_filters(self):
        for wanted, names in (
                ("(&%s(dNSHostName=SRV1.corp.example))" % ALL, {"CN=SRV1"}),
                ("(&(objectCategory=computer)(sAMAccountName=srv*))",
                 {"CN=SRV1", "CN=SRV2"}),
                ("(&(objectClass=computer)(userAccountControl:"
                 "1.2.840.113556.1.4.803:=8192))", {"CN=DC1"}),
                ("(|(ou=sql)(&(ou=*)(!(ou=*e*))))", {"OU=SQL"}),
                ("(objectCategory=groupPolicyContainer)",
                 {"CN={31B2F340-016D-11D2-945F-00C04FB984F9}"}),
                ("(&(objectClass=crossRef)(systemFlags>=2))", {"CN=CORP"})):
            with self.subTest(wanted):
                found = search("-b", BASE, wanted, "dn")
                self.assertEqual({entry["dn"][0].split(",")[0] for entry in found}, names)

    def test_more_than_1500_values_come_in_ranges(self):
        where = ("-b", "CN=All Machines,CN=Users," + BASE, "-s", "base", "(objectClass=*)")
        first, = search(*where, "member")
        self.assertEqual(set(first), {"dn", "member;range=0-1499"})
        last, = search(*where, "member;range=1500-*")
        self.assertEqual(set(last), {"dn", "member;range=1500-*"})
        members = first["member;range=0-1499"] + last["member;range=1500-*"]
        self.assertEqual(len(set(members)), 3000)
        few, = search(*where, "member;range=10-19")
        self.assertEqual(few["member;range=10-19"], members[10:20])
        search(*where, "member;range=3000-*", expected=1)
        past, = search("-E", "!1.2.840.113556.1.4.1948", *where, "member;range=3000-*")
        self.assertEqual(set(past), {"dn"})

    def test_a_descriptor_comes_without_its_audit_part(self):
        where = ("-b", BASE, "(objectClass=groupPolicyContainer)", "nTSecurityDescriptor")
        self.assertEqual(set(search(*where)[0]), {"dn"})
        for flags, keys in (("MAMCAQQ=", {"dn", "nTSecurityDescriptor"}),
                            ("MAMCAQ8=", {"dn"})):
            found, = search("-E", "1.2.840.113556.1.4.801=::" + flags, *where)
            self.assertEqual(set(found), keys)

    def test_what_is_not_there_is_said(self):
        search("-b", "OU=Nowhere," + BASE, "(objectClass=*)", expected=32)
        search("-E", "!1.2.3.4", "-b", BASE, "-s", "base", expected=12)


class Discover(unittest.TestCase):
    def check(self, *arguments, **more):
        status, found, errors = LAB.discover("-o", "json", *arguments, **more)
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(without_zeros(json.loads(found)["computers"]), LAB.counts())

    def test_by_ntlm(self):
        self.check()

    def test_only_kerberos_proves_the_controller(self):
        for who, said in ((("-U", "CORP\\auditor"), True), (("-k",), False)):
            _, _, errors = LAB.run("discover", "--domain", "corp.example", *who,
                                   password=PASSWORD if said else None,
                                   **({} if said else TICKET))
            self.assertEqual(BY_NTLM in errors, said, errors)

    def test_by_ntlm_at_an_address(self):
        self.check("--dc", LAB.known()[next(iter(LAB.known()))]["address"])

    def test_by_a_ticket(self):
        self.check("-k", user=None, password=None, **TICKET)

    def test_by_a_kerberos_password(self):
        self.check("--no-ntlm", user="svc@" + kdc.REALM, password="Right-1",
                   KRB5_CONFIG=KDC.path("krb5.conf"))

    def test_the_same_computers_as_ldapsearch(self):
        status, found, errors = LAB.discover("--no-policy", "-o", "directory")
        self.assertEqual((status, errors), (0, ""))
        ours = {line["dn"]: line for line in map(json.loads, found.splitlines())
                if line["kind"] == "computer"}
        theirs = search("-E", "pr=1000/noprompt", "-b", BASE, ALL)
        self.assertEqual(set(ours), {entry["dn"][0] for entry in theirs})
        for entry in theirs:
            line = ours[entry["dn"][0]]
            self.assertEqual(line["account"], entry["sAMAccountName"][0])
            self.assertEqual(line["dns_name"], entry.get("dNSHostName", [None])[0])
            self.assertEqual(line["os"], entry.get("operatingSystem", [None])[0])
            self.assertEqual(line["account_control"],
                             int(entry["userAccountControl"][0]))

    def test_a_base_and_a_filter(self):
        status, found, errors = LAB.discover(
            "-o", "json", "--base", "OU=Servers," + BASE, "--ldap-filter",
            "sAMAccountName=srv*")
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(json.loads(found)["computers"]["in_scope"], 2)

    def test_a_wrong_password_is_tried_once(self):
        status, _, errors = LAB.discover(
            "--dc", "127.16.0.1", "--dc", "dc1.corp.example", user="CORP\\nosy",
            password="wrong")
        self.assertEqual(status, 5, errors)
        self.assertIn("the user name or password is wrong", errors)


class Scan(unittest.TestCase):
    def sweep(self, *arguments, **more):
        return Run(LAB, "--domain", "corp.example", "--dns", LAB.server(), "-p",
                   LAB.ports["ready"], "--ldap-filter",
                   "(|(sAMAccountName=srv*)(sAMAccountName=dc*)(sAMAccountName=pc1$))",
                   *arguments, targets=False, user="CORP\\auditor", **more)

    def test_a_domain_is_swept_without_a_list(self):
        run = self.sweep()
        self.assertEqual({host.split(".")[0] for host in run.hosts}, HOSTS, run.errors)
        self.assertEqual(run.outcomes(), {"answered": len(HOSTS)})
        self.assertEqual(run.report["coverage"]["computers"]["in_scope"], len(HOSTS))
        self.assertEqual(run.hosts["srv1.corp.example"]["directory"]["account"], "SRV1$")

    def test_hosts_that_lie_before_any_has_accepted_are_checked_at_the_controller(self):
        """The directory has accepted the password: its controller is a host to check it at."""
        def sweep(*arguments):
            return Run(LAB, "--domain", "corp.example", "--dns", LAB.server(), "-p",
                       LAB.ports["ready"], "--ldap-filter",
                       "(|(sAMAccountName=lie*)(sAMAccountName=srv*))", "-c", "1",
                       *arguments, targets=False, user="CORP\\auditor")
        for more in (), ("--canary", "dc1.corp.example:" + LAB.ports["ready"]):
            run = sweep(*more)
            self.assertEqual(run.outcomes(), {"logon_refused": 2, "answered": 2}, run.errors)
            self.assertNotEqual(run.status, 5)

    def test_its_machines_that_do_not_exist_are_in_the_report(self):
        run = Run(LAB, "--domain", "corp.example", "--dns", LAB.server(), "-p",
                  LAB.ports["ready"], "--base", "OU=SQL,OU=Servers," + BASE,
                  targets=False, user="CORP\\auditor")
        coverage = run.report["coverage"]
        self.assertGreater(coverage["computers"]["in_scope"], 100)
        self.assertEqual(run.outcomes(),
                         {"unresolvable": coverage["computers"]["in_scope"]}, run.errors)
        self.assertEqual(coverage["assessed"], 0)


def setUpModule():
    global KDC, LAB, TICKET
    KDC = Kdc()
    keytab = KDC.keytab("ldap/dc1.corp.example")
    LAB = Directory(*LINES, "--keytab", keytab)
    TICKET = {"KRB5_CONFIG": KDC.path("krb5.conf"),
              "KRB5CCNAME": "FILE:" + KDC.path("ccache")}
    subprocess.run(["kinit", "svc@" + kdc.REALM], input="Right-1\n", text=True,
                   env=dict(os.environ, **TICKET), stdout=subprocess.DEVNULL, check=True)


def tearDownModule():
    seen = LAB.statistics()
    with LAB:
        KDC.close()
    for counter in "protocol_errors", "bad_signatures", "strangers":
        if seen[counter]:
            raise AssertionError("%s: %d" % (counter, seen[counter]))
    if seen["accounts"]["nosy"]["attempts"] != 1:
        raise AssertionError("a refused login was tried again")


if __name__ == "__main__":
    for needed in "/usr/sbin/krb5kdc", "/usr/bin/kinit", "/usr/bin/ldapsearch":
        if not os.path.exists(needed):
            sys.exit("missing: " + needed)
    own_network()
    unittest.main()
