# SPDX-License-Identifier: Apache-2.0
"""lsasweep against real Samba servers: a domain controller, a member, a standalone server.

Every answer is held against what an independent client (witness.py) says of the same
servers, with rights granted by the test beforehand.  Needs root or sudo; runs in its own
namespaces (lab.py).
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from impacket.krb5.crypto import string_to_key
from impacket.ntlm import compute_nthash

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "sweep")]
import lab  # noqa: E402
from memory import copies  # noqa: E402

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
IMPERSONATE, OWNERSHIP = "SeImpersonatePrivilege", "SeTakeOwnershipPrivilege"
ORPHAN = "S-1-5-21-1111111111-2222222222-3333333333-4444"
RIGHTS = (IMPERSONATE, OWNERSHIP)
ADMIN = "LAB\\Administrator"
MANY_NAMES = ["n%d.lab.example" % n for n in range(250)]  # of the member


class Sweep:
    """One run of the program and what it left."""

    def __init__(self, *arguments, password=lab.ADMIN_PASSWORD, environment=None):
        self.journal = tempfile.mktemp(suffix=".ndjson")
        variables = dict(os.environ, **(environment or {}))
        if password is not None:
            variables["LSASWEEP_PASSWORD"] = password
        done = subprocess.run(
            [PROGRAM, "scan", "-q", "--journal", self.journal, "-o", "json"]
            + list(arguments), env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600,
            check=False)
        self.status, self.errors = done.returncode, done.stderr
        self.report = json.loads(done.stdout) if done.stdout.strip() else None
        self.hosts = {}
        if os.path.exists(self.journal):
            with open(self.journal, encoding="utf-8") as file:
                for line in file:
                    record = json.loads(line)
                    if record["schema"].startswith("lsasweep.facts/"):
                        self.hosts[record["host"]] = record
            os.unlink(self.journal)


def holders(record, right):
    found = record["rights"][right]
    return found["outcome"], {holder["sid"] for holder in found.get("holders", [])}


def rpcclient(address, user, *commands):
    return lab.run("rpcclient", "-U", "%s%%%s" % (user, lab.ADMIN_PASSWORD), address,
                   "-c", "; ".join(commands))


def setUpModule():
    # pylint: disable=global-statement
    global LAB, DC, FOLDER
    missing = lab.missing_programs() + [PROGRAM] * (not os.access(PROGRAM, os.X_OK))
    if missing:
        raise RuntimeError("these programs are missing: " + " ".join(missing))
    FOLDER = tempfile.mkdtemp(prefix="lsasweep-samba.")
    LAB = lab.Lab(FOLDER)
    unittest.addModuleCleanup(lab.run, "rm", "-rf", FOLDER)
    unittest.addModuleCleanup(LAB.stop)
    with open(LAB.path("hosts"), "a", encoding="ascii") as hosts:
        hosts.write("".join("%s %s\n" % (lab.MEMBER_ADDRESS, name) for name in MANY_NAMES))
    DC = LAB.domain_controller()
    LAB.standalone()
    LAB.member()
    # Without a limit Samba does not count bad passwords.
    lab.run("samba-tool", "domain", "passwordsettings", "set",
            "--account-lockout-threshold=50", "-s", DC.conf)
    lab.run("samba-tool", "user", "create", "svc-web", "Serv1ce-of-the-lab", "-s", DC.conf)
    lab.run("samba-tool", "user", "create", "svc-sweep", "Sw33p-of-the-lab", "-s", DC.conf)
    svc_web = sid_of("svc-web")
    for address, user in ((lab.DC_ADDRESS, ADMIN), (lab.MEMBER_ADDRESS, ADMIN),
                          (lab.STANDALONE_ADDRESS, "root")):
        rpcclient(address, user,
                  "lsaaddacctrights S-1-5-20 SeTakeOwnershipPrivilege",
                  "lsaaddacctrights %s SeTakeOwnershipPrivilege" % svc_web,
                  "lsaaddacctrights %s SeTakeOwnershipPrivilege" % ORPHAN)
    rpcclient(lab.DC_ADDRESS, ADMIN,
              "lsaaddacctrights %s SeImpersonatePrivilege" % svc_web,
              "lsaaddacctrights %s SeUndockPrivilege" % ORPHAN,
              "lsaremoveacctrights S-1-5-32-544 SeUndockPrivilege",
              "lsaremoveacctrights S-1-5-32-544 SeLoadDriverPrivilege",
              "lsaremoveacctrights S-1-5-32-550 SeLoadDriverPrivilege")
    os.chmod(FOLDER, 0o755)


def sid_of(user):
    out = rpcclient(lab.DC_ADDRESS, ADMIN, "lookupnames " + user)
    return re.search(r"(S-1-5-21[-0-9]+)", out).group(1)


def bad_password_count(user):
    out = lab.run("samba-tool", "user", "show", user, "-s", DC.conf)
    found = re.search(r"badPwdCount: (\d+)", out)
    return int(found.group(1)) if found else 0


def ntlm_logons():
    """Tried at the domain controller, by the audit in its log, refused or not."""
    with open(LAB.path("output"), encoding="utf-8", errors="replace") as file:
        return len(re.findall(r"Auth: \[(?!Kerberos KDC)", file.read()))


class Truth(unittest.TestCase):
    """Roles, machine facts and holders equal to the witness's answer."""

    def compare(self, record, address, user, domain):
        import witness  # pylint: disable=import-outside-toplevel
        said = witness.ask(address, user, lab.ADMIN_PASSWORD, domain, RIGHTS)
        self.assertEqual(record["outcome"], "answered", record)
        self.assertEqual(record["role"]["value"], said["role"])
        self.assertEqual(record["role"]["evidence"], "dssetup")
        machine = record["machine"]
        for key in ("domain", "dns_domain", "forest", "domain_sid"):
            if key in said:
                self.assertEqual(machine.get(key), said[key], key)
        for right in RIGHTS:
            self.assertEqual(holders(record, right), said["rights"][right], right)

    def sweep_domain(self, *arguments, **more):
        sweep = Sweep("-r", ",".join(RIGHTS), *arguments, "dc1.lab.example",
                      "mem1.lab.example", **more)
        for name, address in (("dc1.lab.example", lab.DC_ADDRESS),
                              ("mem1.lab.example", lab.MEMBER_ADDRESS)):
            self.assertIn(name, sweep.hosts, sweep.errors)
            self.compare(sweep.hosts[name], address, "Administrator", "LAB")
        return sweep

    def test_ntlm(self):
        sweep = self.sweep_domain("-U", ADMIN)
        for record in sweep.hosts.values():
            self.assertEqual(record["smb"]["mechanism"], "ntlm")
            self.assertEqual(record["smb"]["dialect"], "3.1.1")
        found = holders(sweep.hosts["dc1.lab.example"], OWNERSHIP)[1]
        self.assertTrue({"S-1-5-20", ORPHAN, sid_of("svc-web")} <= found)

    def test_ntlm_standalone(self):
        sweep = Sweep("-r", ",".join(RIGHTS), "-U", "root", lab.STANDALONE_ADDRESS)
        self.compare(sweep.hosts[lab.STANDALONE_ADDRESS], lab.STANDALONE_ADDRESS, "root",
                     "STA1")

    def test_kerberos_ccache(self):
        ccache = "FILE:" + os.path.join(FOLDER, "cc-admin")
        lab.run("kinit", "-c", ccache, "Administrator", input=lab.ADMIN_PASSWORD + "\n")
        sweep = self.sweep_domain("-k", password=None, environment={"KRB5CCNAME": ccache})
        for record in sweep.hosts.values():
            self.assertEqual(record["smb"]["mechanism"], "kerberos")

    def test_kerberos_keytab(self):
        keytab = os.path.join(FOLDER, "admin.keytab")
        lab.run("samba-tool", "domain", "exportkeytab", keytab,
                "--principal=Administrator@" + lab.REALM, "-s", DC.conf)
        sweep = self.sweep_domain("--keytab", keytab, "--principal",
                                  "Administrator@" + lab.REALM, password=None)
        for record in sweep.hosts.values():
            self.assertEqual(record["smb"]["mechanism"], "kerberos")

    def test_kerberos_password(self):
        sweep = self.sweep_domain("-U", "Administrator@" + lab.REALM)
        for record in sweep.hosts.values():
            self.assertEqual(record["smb"]["mechanism"], "kerberos")

    def test_kerberos_encrypted_with_a_32_byte_key(self):
        sweep = self.sweep_domain("-U", "Administrator@" + lab.REALM,
                                  "--require-encryption")
        for record in sweep.hosts.values():
            self.assertTrue(record["smb"]["encryption"])

    def test_names(self):
        record = Sweep("-r", ",".join(RIGHTS), "-U", ADMIN,
                       "dc1.lab.example").hosts["dc1.lab.example"]
        names = {holder["sid"]: holder.get("name")
                 for holder in record["rights"][OWNERSHIP]["holders"]}
        self.assertEqual(names[sid_of("svc-web")], "LAB\\svc-web")
        self.assertEqual(names["S-1-5-32-544"], "BUILTIN\\Administrators")
        self.assertIsNone(names[ORPHAN])

    def test_nobody_undefined_and_orphan_are_three_answers(self):
        record = Sweep("-r", "SeLoadDriverPrivilege,SeUndockPrivilege,"
                       "SeDelegateSessionUserImpersonatePrivilege", "-U", ADMIN,
                       "dc1.lab.example").hosts["dc1.lab.example"]
        self.assertEqual(holders(record, "SeLoadDriverPrivilege"), ("nobody", set()))
        self.assertEqual(holders(record, "SeUndockPrivilege"), ("held", {ORPHAN}))
        self.assertEqual(
            holders(record, "SeDelegateSessionUserImpersonatePrivilege")[0], "undefined")

    def test_all_rights_in_one_connection(self):
        import witness  # pylint: disable=import-outside-toplevel
        record = Sweep("-r", "all", "-U", ADMIN,
                       "dc1.lab.example").hosts["dc1.lab.example"]
        self.assertEqual(len(record["rights"]), 45)
        said = witness.ask(lab.DC_ADDRESS, "Administrator", lab.ADMIN_PASSWORD, "LAB",
                           record["rights"])
        for right in record["rights"]:
            self.assertEqual(holders(record, right), said["rights"][right], right)

    def test_report_finds_what_was_planted(self):
        sweep = Sweep("-U", ADMIN, "dc1.lab.example")
        self.assertEqual(sweep.status, 1, sweep.errors)
        host = sweep.report["hosts"][0]
        extra = [h["sid"] for h in host["rights"][IMPERSONATE]["holders"]
                 if h["label"] == "extra"]
        self.assertEqual(extra, [sid_of("svc-web")])
        self.assertEqual(host["verdict"], "violation")

    def test_unknown_is_not_a_pass(self):
        # What members may hold depends on their Windows, and Samba tells of none.
        sweep = Sweep("-U", ADMIN, "mem1.lab.example")
        self.assertEqual(sweep.status, 3, sweep.errors)
        self.assertEqual(sweep.report["hosts"][0]["verdict"], "unknown")


class Kerberos(unittest.TestCase):
    """Tickets: what is not to be had, why, and what is left then."""

    def ccache(self, name, *arguments):
        path = os.path.join(FOLDER, name)
        lab.run("kinit", "-c", path, *arguments, "Administrator",
                input=lab.ADMIN_PASSWORD + "\n")
        return path

    def test_a_name_the_kdc_does_not_know(self):
        ccache = self.ccache("cc-alias")
        sweep = Sweep("-k", "alias.lab.example", "dc1.lab.example", password=None,
                      environment={"KRB5CCNAME": ccache})
        failed = sweep.hosts["alias.lab.example"]
        self.assertEqual(failed["outcome"], "kerberos_failed")
        self.assertIn("the KDC has no service cifs/", failed["error"]["text"])
        self.assertEqual(sweep.hosts["dc1.lab.example"]["outcome"], "answered")
        self.assertEqual(sweep.status, 4, sweep.errors)

    def test_a_name_the_kdc_does_not_know_by_password(self):
        sweep = Sweep("--ntlm-fallback", "-U", "Administrator@lab.example",
                      "alias.lab.example", lab.MEMBER_ADDRESS, "mem1.lab.example")
        found = {name: (record["outcome"], record["smb"]["mechanism"])
                 for name, record in sweep.hosts.items()}
        self.assertEqual(found, {"alias.lab.example": ("answered", "ntlm"),
                                 lab.MEMBER_ADDRESS: ("answered", "ntlm"),
                                 "mem1.lab.example": ("answered", "kerberos")})

    def test_a_name_steps_down_to_ntlm_only_where_the_user_allowed_it(self):
        sweep = Sweep("-U", "Administrator@lab.example", "alias.lab.example",
                      lab.MEMBER_ADDRESS)
        self.assertEqual(sweep.hosts["alias.lab.example"]["outcome"], "kerberos_failed")
        self.assertEqual(sweep.hosts[lab.MEMBER_ADDRESS]["smb"]["mechanism"], "ntlm")

    def test_without_ntlm_there_is_no_way_round(self):
        sweep = Sweep("--no-ntlm", "-U", "Administrator@" + lab.REALM, "alias.lab.example",
                      lab.DC_ADDRESS)
        self.assertEqual([record["outcome"] for record in sweep.hosts.values()],
                         ["kerberos_failed"] * 2)

    def test_the_users_ccache_stays_as_it_was(self):
        path = self.ccache("cc-kept")
        with open(path, "rb") as file:
            before = file.read()
        Sweep("-k", "dc1.lab.example", password=None, environment={"KRB5CCNAME": path})
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_an_expired_ticket(self):
        path = self.ccache("cc-old", "-l", "1s")
        time.sleep(1.5)
        sweep = Sweep("-k", "dc1.lab.example", password=None,
                      environment={"KRB5CCNAME": path})
        self.assertIn("the Kerberos ticket has expired",
                      sweep.errors + json.dumps(sweep.hosts))
        self.assertNotEqual(sweep.status, 0)

    def test_a_host_introduces_itself_all_the_same(self):
        # Samba tells no build of its own, and so no version that means anything.
        names = ("dc1.lab.example", "mem1.lab.example")
        ntlm = Sweep("-U", ADMIN, *names).hosts
        before = ntlm_logons(), bad_password_count("Administrator")
        for arguments in ((), ("--require-encryption",), ("--smb", "2.1"),
                          ("--smb", "3.0")):
            with self.subTest(arguments=arguments):
                told = Sweep("-k", *arguments, *names, password=None, environment={
                    "KRB5CCNAME": self.ccache("cc-look")}).hosts
                for name in names:
                    self.assertEqual(told[name]["outcome"], "answered", told[name])
                    self.assertEqual(told[name]["smb"]["mechanism"], "kerberos")
                    for key in ("netbios_name", "dns_name", "os_version"):
                        self.assertEqual(told[name]["machine"].get(key),
                                         ntlm[name]["machine"].get(key), key)
        self.assertEqual(ntlm["dc1.lab.example"]["machine"]["dns_name"], "dc1.lab.example")
        self.assertGreater(before[0], 0)
        self.assertEqual((ntlm_logons(), bad_password_count("Administrator")), before)
        for unasked in ("--no-ntlm", "--no-version-probe"):
            told = Sweep("-k", unasked, *names, password=None, environment={
                "KRB5CCNAME": self.ccache("cc-look")}).hosts
            for name in names:
                self.assertEqual(told[name]["outcome"], "answered", unasked)
                self.assertFalse(told[name]["machine"].get("dns_name"), unasked)

    def test_needs_a_name(self):
        sweep = Sweep("-k", lab.DC_ADDRESS, password=None,
                      environment={"KRB5CCNAME": self.ccache("cc-name")})
        self.assertEqual(sweep.hosts[lab.DC_ADDRESS]["outcome"], "kerberos_failed")


class Dialogue(unittest.TestCase):
    """Dialects, ciphers, signing, credits: each against a server of its own."""

    def with_server(self, arguments=(), **options):
        server = LAB.standalone("old1", "127.0.0.13", **options)
        try:
            sweep = Sweep("-r", ",".join(RIGHTS), "-U", "root", *arguments, "127.0.0.13")
        finally:
            server.stop()
        self.assertIn("127.0.0.13", sweep.hosts, sweep.errors)
        return sweep.hosts["127.0.0.13"]

    def answered(self, arguments=(), **options):
        record = self.with_server(arguments, **options)
        self.assertEqual(record["outcome"], "answered", record)
        self.assertEqual(record["role"]["value"], "standalone_server")
        self.assertEqual(holders(record, OWNERSHIP)[0], "held")
        return record["smb"]

    def test_each_dialect(self):
        for option, dialect in (("SMB2_02", "2.0.2"), ("SMB2_10", "2.1"),
                                ("SMB3_00", "3.0"), ("SMB3_02", "3.0.2"),
                                ("SMB3_11", "3.1.1")):
            with self.subTest(dialect=dialect):
                smb = self.answered(server_min_protocol=option,
                                    server_max_protocol=option,
                                    server_signing="mandatory")
                self.assertEqual(smb["dialect"], dialect)
                self.assertTrue(smb["signing_required"])

    def test_each_signing_algorithm(self):
        for name in ("AES-128-GMAC", "AES-128-CMAC", "HMAC-SHA256"):
            with self.subTest(algorithm=name):
                self.answered(server_smb3_signing_algorithms=name,
                              server_signing="mandatory")

    def test_each_cipher(self):
        for name in ("AES-128-GCM", "AES-128-CCM", "AES-256-GCM", "AES-256-CCM"):
            with self.subTest(cipher=name):
                smb = self.answered(server_smb3_encryption_algorithms=name,
                                    server_smb_encrypt="required")
                self.assertEqual(smb["encryption"], name)

    def test_encryption_below_3_1_1(self):
        smb = self.answered(server_max_protocol="SMB3_00", server_smb_encrypt="required")
        self.assertEqual((smb["dialect"], smb["encryption"]), ("3.0", "AES-128-CCM"))

    def test_encryption_wanted_and_not_to_be_had(self):
        record = self.with_server(("--require-encryption",), server_max_protocol="SMB2_10")
        self.assertEqual(record["outcome"], "no_encryption")

    def test_encryption_wanted_and_had(self):
        record = self.with_server(("--require-encryption",))
        self.assertEqual(record["outcome"], "answered", record)
        self.assertTrue(record["smb"]["encryption"])

    def test_few_credits(self):
        self.answered(smb2_max_credits="16")

    def test_smb1_only(self):
        record = self.with_server(server_min_protocol="NT1", server_max_protocol="NT1")
        self.assertEqual(record["outcome"], "smb1_only", record)

    def test_guest_is_refused(self):
        server = LAB.standalone("old1", "127.0.0.13", map_to_guest="bad user",
                                guest_account="nobody")
        try:
            sweep = Sweep("-U", "nosuchuser", "127.0.0.13", password="anything")
        finally:
            server.stop()
        record = sweep.hosts["127.0.0.13"]
        self.assertEqual(record["outcome"], "logon_refused", record)
        self.assertIn("guest", record["error"]["text"])


class ManyNames(unittest.TestCase):
    def test_all_names_of_one_member_at_once_are_answered(self):
        """With multichannel a server takes a second connection with the same client GUID
        for a further channel of the first client, and answers on either: with one GUID for
        all, ten of these names are never answered."""
        sweep = Sweep("-U", ADMIN, "-c", "16", "--retries", "0", "--connect-timeout", "2m",
                      "--timeout", "2m", "--host-timeout", "5m", *MANY_NAMES)
        wrong = {name: record["outcome"] for name, record in sweep.hosts.items()
                 if record["outcome"] != "answered"}
        self.assertEqual((wrong, len(sweep.hosts)), ({}, len(MANY_NAMES)), sweep.errors)


class Accounts(unittest.TestCase):
    def test_a_wrong_password_is_tried_once(self):
        before = bad_password_count("svc-sweep")
        names = ["dc1.lab.example", "mem1.lab.example", "127.0.0.10", "127.0.0.11"]
        sweep = Sweep("-U", "LAB\\svc-sweep", *names, password="not-the-password")
        self.assertEqual(sweep.status, 5, sweep.errors)
        self.assertEqual(bad_password_count("svc-sweep"), before + 1)
        outcomes = sorted(record["outcome"] for record in sweep.hosts.values())
        self.assertEqual(outcomes, ["guarded"] * 3 + ["logon_refused"])

    def test_a_wrong_password_of_a_user_without_a_domain(self):
        """Kerberos' default realm knows the name too; its KDC is not asked besides."""
        before = bad_password_count("svc-sweep")
        sweep = Sweep("-U", "svc-sweep", "dc1.lab.example", password="not-the-password")
        self.assertEqual(sweep.status, 5, sweep.errors)
        self.assertEqual(bad_password_count("svc-sweep"), before + 1)

    def test_a_wrong_kerberos_password_is_tried_once(self):
        before = bad_password_count("svc-web")
        sweep = Sweep("-U", "svc-web@" + lab.REALM, "dc1.lab.example", "mem1.lab.example",
                      password="not-the-password")
        self.assertEqual(sweep.status, 5, sweep.errors)
        self.assertEqual(bad_password_count("svc-web"), before + 1)

    def test_an_ordinary_user_gets_what_samba_gives(self):
        sweep = Sweep("-U", "LAB\\svc-sweep", "dc1.lab.example",
                      password="Sw33p-of-the-lab")
        self.assertEqual(sweep.hosts["dc1.lab.example"]["outcome"], "answered")

    def test_check_tells_the_story(self):
        done = subprocess.run([PROGRAM, "check", "-U", ADMIN, "dc1.lab.example"],
                              env=dict(os.environ, LSASWEEP_PASSWORD=lab.ADMIN_PASSWORD),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, timeout=60, check=False)
        for words in ("3.1.1", "ntlm", "domain controller", "LAB\\svc-web"):
            self.assertIn(words, done.stdout)


class Secrets(unittest.TestCase):
    """What Kerberos leaves of a password in memory: nothing, nor the key made of it.  The
    NT hash stays only where NTLM may still be needed."""

    def held(self, *arguments):
        """Copies in memory of password, password as UTF-16, key and NT hash, while the last
        host does not answer."""
        auth = os.path.join(FOLDER, "auth")
        with open(os.open(auth, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as file:
            file.write("username = Administrator@%s\npassword = %s\n"
                       % (lab.REALM, lab.ADMIN_PASSWORD))
        silent = socket.create_server((lab.DC_ADDRESS, 0))
        self.addCleanup(silent.close)
        sweep = subprocess.Popen(
            [PROGRAM, "scan", "-v", "-A", auth, "-c", "1", "--timeout", "50s", *arguments,
             "dc1.lab.example", "dc1.lab.example:%d" % silent.getsockname()[1]],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True)
        try:
            said = ""
            while "answered" not in said and sweep.poll() is None:
                said += sweep.stderr.readline()
            self.assertIn("answered", said)
            silent.accept()[0].close()
            key = string_to_key(18, lab.ADMIN_PASSWORD, lab.REALM + "Administrator")
            return [len(copies(sweep.pid, needle)) for needle in (
                lab.ADMIN_PASSWORD.encode(), lab.ADMIN_PASSWORD.encode("utf-16le"),
                key.contents, compute_nthash(lab.ADMIN_PASSWORD))]
        finally:
            sweep.kill()
            sweep.stderr.close()
            sweep.wait()

    def test_kerberos_alone(self):
        self.assertEqual(self.held("--no-ntlm"), [0, 0, 0, 0])

    def test_kerberos_with_ntlm_at_hand(self):
        self.assertEqual(self.held(), [0, 0, 0, 1])


class Traffic(unittest.TestCase):
    """What goes over the wire, read by somebody else's dissector."""

    def capture(self, *arguments, **options):
        path = os.path.join(FOLDER, "traffic.pcap")
        server = LAB.standalone("old1", "127.0.0.13", **options)
        tap = subprocess.Popen(["tcpdump", "-i", "lo", "-U", "--immediate-mode", "-w", path,
                                "port", "445"],
                               stderr=subprocess.PIPE, text=True)
        tap.stderr.readline()
        try:
            sweep = Sweep("-r", "all", "-U", "root", *arguments, "127.0.0.13")
            time.sleep(0.5)
        finally:
            tap.terminate()
            tap.wait()
            tap.stderr.close()
            server.stop()
        self.assertEqual(sweep.hosts["127.0.0.13"]["outcome"], "answered")
        return path

    def frames(self, path, display_filter):
        return lab.run("tshark", "-r", path, "-o",
                       "ntlmssp.nt_password:" + lab.ADMIN_PASSWORD, "-Y", display_filter)

    def test_no_malformed_packet(self):
        for name, options in (("3.1.1", {}), ("2.0.2", {"server_max_protocol": "SMB2_02"}),
                              ("3.0", {"server_max_protocol": "SMB3_00"})):
            with self.subTest(dialect=name):
                path = self.capture(**options)
                bad = self.frames(path, "_ws.malformed || _ws.expert.severity == error")
                self.assertNotIn("127.0.0.13", bad)
                self.assertIn("EnumAccountsWithUserRight", self.frames(path, "lsarpc"))

    def test_sealed_traffic_tells_nothing(self):
        path = self.capture("--require-encryption",
                            server_smb3_encryption_algorithms="AES-128-GCM")
        self.assertIn("Encrypted", lab.run("tshark", "-r", path))
        with open(path, "rb") as file:
            self.assertNotIn("SeImpersonatePrivilege".encode("utf-16-le"), file.read())
        # With the password the dissector opens it, and finds nothing wrong inside.
        self.assertIn("EnumAccountsWithUserRight", self.frames(path, "lsarpc"))
        self.assertNotIn("127.0.0.13", self.frames(path, "_ws.malformed"))


if __name__ == "__main__":
    lab.in_namespaces()
    unittest.main()
