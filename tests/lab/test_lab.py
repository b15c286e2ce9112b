#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The simulated domain against clients that are not ours: impacket and rpcclient."""

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

from impacket import smb3structs
from impacket.dcerpc.v5 import dssp, lsad, lsat, transport
from impacket.dcerpc.v5.dtypes import MAXIMUM_ALLOWED
from impacket.dcerpc.v5.rpcrt import DCERPCException
from impacket.nt_errors import STATUS_ACCESS_DENIED, STATUS_LOGON_FAILURE
from impacket.smbconnection import SMBConnection, SessionError

LAB = os.environ.get("LSASWEEP_LAB", "build/tests/lab/lsasweep-lab")
HERE = os.path.dirname(os.path.abspath(__file__))

NAMES = """
user auditor Secret1 admin
user reader Secret1
user disabled Secret1 disabled
user locked Secret1
lockout 3
host dc1 dc
host plain member
host planted member grant=SeImpersonatePrivilege:svc-web,orphan,everyone,mssqlserver
host empty member nobody=SeImpersonatePrivilege unknown=SeTakeOwnershipPrivilege
host alone standalone
host client client
host german member german=yes
host sealed member encrypt=session
host share member encrypt=share
host slow member pending=yes
host stingy member pending=yes credits=1
host small member fragment=128
host old member old_calls=yes
host hostile member grant=SeImpersonatePrivilege:hostile-script,hostile-ansi,hostile-surrogate
host lonely member alter_refused=yes
"""


class Lab:
    """A running lab; hosts by name, each with its address, port and truth."""

    def __init__(self, *options, description=None):
        self.dir = tempfile.TemporaryDirectory()
        self.truth_file = os.path.join(self.dir.name, "truth")
        self.stats_file = os.path.join(self.dir.name, "stats")
        options = list(options)
        if description is not None:
            path = os.path.join(self.dir.name, "domain.lab")
            with open(path, "w") as f:
                f.write(description)
            options += ["--describe", path]
        self.process = subprocess.Popen(
            [LAB, "--port", "0", "--truth", self.truth_file, "--stats", self.stats_file,
             *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = {}
        for _ in range(3 if "--dns" in options else 2):
            word, port = self.process.stdout.readline().split()
            self.ports[word] = int(port)
        self.port = self.ports["ready"]
        with open(self.truth_file) as f:
            self.hosts = {h["name"]: h for h in map(json.loads, f)}

    def stats(self):
        os.unlink(self.stats_file) if os.path.exists(self.stats_file) else None
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(10)
        self.process.stdout.close()
        self.dir.cleanup()
        return status


def login(lab, name, user="auditor", password="Secret1", dialect=None):
    host = lab.hosts[name]
    smb = SMBConnection(host["address"], host["address"], sess_port=host["port"],
                        preferredDialect=dialect, timeout=10)
    smb.login(user, password, "CORP")
    return smb


def rpc(smb, interface):
    pipe = transport.SMBTransport(smb.getRemoteHost(), filename=r"\lsarpc",
                                  smb_connection=smb)
    dce = pipe.get_dce_rpc()
    dce.connect()
    dce.bind(interface)
    return dce


def policy(dce, access=0x801):
    return lsad.hLsarOpenPolicy2(dce, access)["PolicyHandle"]


def holders(dce, handle, right):
    """None: unknown to this Windows; else the SIDs, in order."""
    try:
        answer = lsad.hLsarEnumerateAccountsWithUserRight(dce, handle, right)
    except DCERPCException as e:
        if e.get_error_code() == 0x8000001A:
            return []
        if e.get_error_code() == 0xC0000060:
            return None
        raise
    return [e["Sid"].formatCanonical()
            for e in answer["EnumerationBuffer"]["Information"]]


class WithImpacket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(description=NAMES)

    @classmethod
    def tearDownClass(cls):
        stats = cls.lab.stats()
        assert stats["bad_signatures"] == 0, stats
        assert stats["protocol_errors"] == 0, stats
        assert stats["mic_wrong"] == 0, stats
        assert cls.lab.end() == 0

    def test_every_right_of_every_role_is_as_the_truth_says(self):
        for name in ("dc1", "plain", "planted", "empty", "alone", "client", "sealed",
                     "share", "slow", "small", "old"):
            smb = login(self.lab, name)
            dce = rpc(smb, lsad.MSRPC_UUID_LSAD)
            handle = policy(dce)
            for right, sids in self.lab.hosts[name]["rights"].items():
                with self.subTest(host=name, right=right):
                    self.assertEqual(holders(dce, handle, right), sids)
            self.assertIsNone(holders(dce, handle, "SeNoSuchPrivilege"))
            lsad.hLsarClose(dce, handle)
            smb.logoff()

    def test_stock_holders_of_the_one_right_that_matters(self):
        stock = ["S-1-5-32-544", "S-1-5-19", "S-1-5-20", "S-1-5-6"]
        rights = {n: h["rights"]["SeImpersonatePrivilege"]
                  for n, h in self.lab.hosts.items()}
        for name in ("dc1", "plain", "alone", "client"):
            self.assertEqual(rights[name], stock)
        self.assertEqual(rights["planted"][4:],
                         ["S-1-5-21-1004336348-1177238915-682003330-1105",
                          "S-1-5-21-1111111111-2222222222-3333333333-1234", "S-1-1-0",
                          "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003"])
        self.assertEqual(rights["empty"], [])

    def test_roles(self):
        roles = {"dc1": 5, "plain": 3, "alone": 2, "client": 1}
        for name, role in roles.items():
            dce = rpc(login(self.lab, name), dssp.MSRPC_UUID_DSSP)
            info = dssp.hDsRolerGetPrimaryDomainInformation(dce, 1)["DomainInfo"]
            info = info["DomainInfoBasic"]
            self.assertEqual(info["MachineRole"], role, name)
            flat = "WORKGROUP" if name == "alone" else "CORP"
            self.assertEqual(info["DomainNameFlat"].rstrip("\0"), flat)

    def test_interfaces_share_a_pipe_by_alter_context_unless_refused(self):
        for name, good in (("plain", True), ("lonely", False)):
            dce = rpc(login(self.lab, name), lsad.MSRPC_UUID_LSAD)
            if good:
                other = dce.alter_ctx(dssp.MSRPC_UUID_DSSP)
                answer = dssp.hDsRolerGetPrimaryDomainInformation(other, 1)
                self.assertEqual(
                    answer["DomainInfo"]["DomainInfoBasic"]["MachineRole"], 3)
            else:
                with self.assertRaises(DCERPCException):
                    dce.alter_ctx(dssp.MSRPC_UUID_DSSP)

    def test_policy_information(self):
        for name, domain, machine in (("dc1", "CORP", "CORP"), ("plain", "CORP", "PLAIN"),
                                      ("alone", "WORKGROUP", "ALONE")):
            dce = rpc(login(self.lab, name), lsad.MSRPC_UUID_LSAD)
            handle = policy(dce)
            told = {}
            for level, arm in ((3, "PolicyPrimaryDomainInfo"),
                               (5, "PolicyAccountDomainInfo"),
                               (12, "PolicyDnsDomainInfo")):
                enum = lsad.POLICY_INFORMATION_CLASS.enumItems(level)
                told[level] = lsad.hLsarQueryInformationPolicy2(
                    dce, handle, enum)["PolicyInformation"][arm]
            self.assertEqual(told[3]["Name"], domain)
            self.assertEqual(told[12]["Name"], domain)
            self.assertEqual(told[5]["DomainName"], machine)
            self.assertEqual(told[5]["DomainSid"].formatCanonical(),
                             self.lab.hosts[name]["machine_sid"])
            if name != "alone":
                self.assertEqual(told[12]["DnsForestName"], "corp.example")

    def names(self, host, sids):
        dce = rpc(login(self.lab, host), lsat.MSRPC_UUID_LSAT)
        handle = policy(dce)
        try:
            answer = lsat.hLsarLookupSids2(dce, handle, sids)
        except DCERPCException as e:
            answer = e.get_packet()
        domains = answer["ReferencedDomains"]["Domains"]
        return [(domains[n["DomainIndex"]]["Name"] if n["DomainIndex"] >= 0 else "",
                 n["Name"], n["Use"]) for n in answer["TranslatedNames"]["Names"]]

    def test_names_in_the_language_of_the_host(self):
        sids = ["S-1-5-32-544", "S-1-5-20", "S-1-1-0",
                "S-1-5-21-1004336348-1177238915-682003330-1105",
                "S-1-5-21-1004336348-1177238915-682003330-999999", "S-1-5-21-1-2-3-4"]
        self.assertEqual(self.names("plain", sids), [
            ("BUILTIN", "Administrators", 4), ("NT AUTHORITY", "NETWORK SERVICE", 5),
            ("", "Everyone", 5), ("CORP", "svc-web", 1), ("CORP", "000F423F", 8),
            ("", "S-1-5-21-1-2-3-4", 8)])
        self.assertEqual(self.names("german", sids)[:3], [
            ("VORDEFINIERT", "Administratoren", 4),
            ("NT-AUTORITÄT", "NETZWERKDIENST", 5), ("", "Jeder", 5)])
        self.assertEqual(self.names("hostile", [sids[3][:-4] + "1201"]),
                         [("CORP", "<script>alert(1)</script>", 1)])

    def test_every_dialect(self):
        # 3.1.1 is rpcclient's: impacket 0.10 signs it wrongly when it is pinned.
        for dialect in (smb3structs.SMB2_DIALECT_002, smb3structs.SMB2_DIALECT_21,
                        smb3structs.SMB2_DIALECT_30, None):
            smb = login(self.lab, "dc1", dialect=dialect)
            if dialect:
                self.assertEqual(smb.getDialect(), dialect)
            dce = rpc(smb, lsad.MSRPC_UUID_LSAD)
            self.assertEqual(len(holders(dce, policy(dce), "SeImpersonatePrivilege")), 4)

    def test_a_plain_user_learns_the_role_and_no_right(self):
        smb = login(self.lab, "plain", "reader")
        info = dssp.hDsRolerGetPrimaryDomainInformation(rpc(smb, dssp.MSRPC_UUID_DSSP), 1)
        self.assertEqual(info["DomainInfo"]["DomainInfoBasic"]["MachineRole"], 3)
        dce = rpc(smb, lsad.MSRPC_UUID_LSAD)
        handle = policy(dce)
        with self.assertRaises(DCERPCException) as denied:
            holders(dce, handle, "SeImpersonatePrivilege")
        self.assertEqual(denied.exception.get_error_code(), STATUS_ACCESS_DENIED)
        # More than anybody may have is refused as a whole.
        with self.assertRaises(DCERPCException):
            policy(dce, 0xF0FFF)
        with self.assertRaises(DCERPCException):
            policy(dce, 0)
        self.assertTrue(policy(dce, MAXIMUM_ALLOWED))

    def test_rights_need_the_bit_they_are_said_to_need(self):
        dce = rpc(login(self.lab, "plain"), lsad.MSRPC_UUID_LSAD)
        with self.assertRaises(DCERPCException) as denied:
            holders(dce, policy(dce, 0x800), "SeImpersonatePrivilege")
        self.assertEqual(denied.exception.get_error_code(), STATUS_ACCESS_DENIED)

    def refused(self, user, password, status):
        with self.assertRaises(SessionError) as e:
            login(self.lab, "plain", user, password)
        self.assertEqual(e.exception.getErrorCode(), status)

    def test_passwords_are_checked_and_counted(self):
        before = self.lab.stats()
        self.refused("auditor", "wrong", STATUS_LOGON_FAILURE)
        self.refused("stranger", "Secret1", STATUS_LOGON_FAILURE)
        self.refused("disabled", "Secret1", 0xC0000072)
        after = self.lab.stats()
        self.assertEqual(after["logon_attempts"] - before["logon_attempts"], 3)
        self.assertEqual(after["logon_failures"] - before["logon_failures"], 3)
        self.assertEqual(after["unknown_users"] - before["unknown_users"], 1)
        self.assertEqual(after["accounts"]["auditor"]["failures"] -
                         before["accounts"]["auditor"]["failures"], 1)

    def test_lockout_counts_over_all_hosts(self):
        for name in ("dc1", "plain", "client"):
            with self.assertRaises(SessionError) as e:
                login(self.lab, name, "locked", "wrong")
            self.assertEqual(e.exception.getErrorCode(), STATUS_LOGON_FAILURE)
        self.refused("locked", "Secret1", 0xC0000234)
        self.assertEqual(self.lab.stats()["accounts"]["locked"],
                         {"attempts": 4, "failures": 4, "successes": 0,
                          "bad_passwords": 3, "state": "enabled"})

    def test_nobody_is_not_let_in(self):
        self.refused("", "", STATUS_ACCESS_DENIED)


class WithRpcclient(unittest.TestCase):
    """Samba's own client: every signature and cipher there is."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(description=NAMES + """
host gmac member signing=gmac
host cmac member signing=cmac
host hmac member signing=hmac
host c128 member encrypt=session cipher=aes-128-ccm
host g128 member encrypt=session cipher=aes-128-gcm
host c256 member encrypt=session cipher=aes-256-ccm
host g256 member encrypt=share cipher=aes-256-gcm
host v202 member dialect=2.0.2
host v21 member dialect=2.1
host v30 member dialect=3.0 encrypt=session
host v302 member dialect=3.0.2
""")

    @classmethod
    def tearDownClass(cls):
        assert cls.lab.end() == 0

    def run_client(self, name, *options, user="auditor%Secret1"):
        host = self.lab.hosts[name]
        done = subprocess.run(
            ["rpcclient", "-U", "CORP\\" + user, "-p", str(host["port"]), *options,
             host["address"], "-c", "lsaquery; dsroledominfo; lookupsids S-1-5-32-544"],
            capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        return done.stdout

    def test_protections(self):
        sign = ("--client-protection=sign",)
        seal = ("--client-protection=encrypt",)
        for name, options in (("gmac", sign), ("cmac", sign), ("hmac", sign),
                              ("c128", sign), ("g128", sign), ("c256", sign),
                              ("g256", sign), ("plain", seal), ("v202", sign),
                              ("v21", sign), ("v30", seal), ("v302", seal),
                              ("slow", sign), ("stingy", sign), ("small", seal)):
            with self.subTest(host=name):
                out = self.run_client(name, *options)
                self.assertIn("Domain Name: CORP", out)
                self.assertIn("Machine Role = [3]", out)
                self.assertIn("S-1-5-32-544 BUILTIN\\Administrators (4)", out)
        stats = self.lab.stats()
        self.assertEqual(stats["bad_signatures"], 0)
        self.assertEqual(stats["protocol_errors"], 0)
        self.assertEqual(stats["mic_wrong"], 0)
        self.assertEqual(stats["mech_list_mic_wrong"], 0)
        self.assertGreaterEqual(stats["validated"], 2)
        self.assertGreater(stats["signed_requests"], 50)
        self.assertGreater(stats["sealed_requests"], 50)

    def test_a_host_that_signs_wrongly_is_not_believed(self):
        lab = Lab("--line", "user auditor Secret1 admin",
                  "--line", "host bad member fault=bad_signature@tree",
                  "--line", "host bare member fault=unsigned@tree")
        self.lab, kept = lab, self.lab
        try:
            for name in ("bad", "bare"):
                self.assertNotIn("Domain Name", self.run_client(
                    name, "--client-protection=sign"))
        finally:
            self.lab = kept
            lab.end()


class Interface(unittest.TestCase):
    def test_a_hundred_thousand_hosts_start_at_once(self):
        process = subprocess.Popen([LAB, "--port", "0", "--hosts", "100000"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertRegex(process.stdout.readline(), r"^ready \d+$")
        process.stdin.close()
        self.assertEqual(process.wait(10), 0)
        process.stdout.close()

    def test_the_default_domain_is_that_of_targets_example(self):
        printed = subprocess.run([LAB, "--print-targets", "--port", "4455"],
                                 capture_output=True, text=True).stdout
        with open(os.path.join(HERE, "../../targets.example")) as f:
            lines = [re.sub(r"\s+", " ", re.sub(r"#.*|role=\S+", "", line)).strip()
                     for line in f]
        live = [line for line in lines if line]
        self.assertEqual([line for line in live
                          if not line.startswith(("127.16.1.99:", "retired."))],
                         printed.split("\n")[:-1])
        self.assertGreaterEqual(len(live), 40)

    def test_the_generator_is_always_the_same_and_plants_what_it_says(self):
        one, two = (subprocess.run([LAB, "--hosts", "1000", "--print-truth", "--port", "1"],
                                   capture_output=True, text=True).stdout
                    for _ in range(2))
        self.assertEqual(one, two)
        hosts = [json.loads(line) for line in one.splitlines()]
        roles = [h["role"] for h in hosts]
        self.assertEqual({r: roles.count(r) for r in set(roles)},
                         {"domain_controller": 10, "member_server": 350,
                          "standalone_server": 40, "client": 600})
        planted = [h for h in hosts if h["planted"]]
        self.assertTrue(10 <= len(planted) <= 60, len(planted))
        changed = {(p["change"], p["right"]) for h in planted for p in h["planted"]}
        self.assertIn(("grant", "SeImpersonatePrivilege"), changed)
        self.assertIn(("nobody", "SeImpersonatePrivilege"), changed)

    def test_mistakes_in_a_description_are_named(self):
        for line, said in (("host a nowhere", "ROLE"), ("host a dc colour=red", "colour"),
                           ("host a dc fault=hang@lunch", "hang@lunch"),
                           ("host a dc grant=SeFoo:users", "SeFoo"),
                           ("host a dc grant=SeDebugPrivilege:who", "who"),
                           ("host a dc address=10.0.0.1", "10.0.0.1"),
                           ("user a b sleepy", "sleepy"), ("sing a song", "sing")):
            done = subprocess.run([LAB, "--line", line], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, line)
            self.assertIn(said, done.stderr)


class Faults(unittest.TestCase):
    """Faults as a bare socket sees them."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab("--matrix")

    @classmethod
    def tearDownClass(cls):
        assert cls.lab.end() == 0

    NEGOTIATE = bytes.fromhex(
        "fe534d42400000000000000000000100000000000000000000000000000000000000000000000000"
        "000000000000000000000000000000000000000000000000"
        "24000100010000000000000000000000000000000000000000000000000000000000000002020000")

    def at(self, fault, step):
        found = [h for h in self.lab.hosts.values()
                 if (h["fault"], h["step"]) == (fault, step)]
        self.assertEqual(len(found), 1)
        return found[0]

    def connect(self, fault, step):
        host = self.at(fault, step)
        return socket.create_connection((host["address"], host["port"]), timeout=0.7)

    def ask(self, fault, step="negotiate", most=65536):
        """The bytes until the end, until nothing comes, or until `most`; and which."""
        got = b""
        try:
            s = self.connect(fault, step)
        except ConnectionResetError:
            return got, "reset"
        if fault == "drip":
            s.settimeout(5)
        try:
            if step == "negotiate":
                s.sendall(struct.pack(">I", len(self.NEGOTIATE)) + self.NEGOTIATE)
            while len(got) < most:
                more = s.recv(65536)
                if not more:
                    return got, "end"
                got += more
            return got, "more"
        except socket.timeout:
            return got, "silence"
        except ConnectionResetError:
            return got, "reset"
        finally:
            s.close()

    def test_black_hole_answers_no_syn(self):
        with self.assertRaises(socket.timeout):
            self.connect("black_hole", "connect")

    def test_refuse(self):
        with self.assertRaises(ConnectionRefusedError):
            self.connect("refuse", "connect")

    def test_accept(self):
        self.assertEqual(self.ask("hang", "accept"), (b"", "silence"))
        self.assertEqual(self.ask("reset", "accept"), (b"", "reset"))
        self.assertEqual(self.ask("fin", "accept"), (b"", "end"))
        self.assertEqual(len(self.ask("garbage", "accept")[0]), 256)

    def test_negotiate(self):
        good = self.ask("trickle")[0]
        self.assertEqual(good[4:8], b"\xfeSMB")
        self.assertEqual(len(good), 4 + int.from_bytes(good[1:4], "big"))
        self.assertEqual(self.ask("hang"), (b"", "silence"))
        self.assertEqual(self.ask("reset"), (b"", "reset"))
        self.assertEqual(self.ask("fin"), (b"", "end"))
        begin = time.monotonic()
        self.assertEqual(self.ask("drip", most=1), (good[:1], "more"))
        self.assertGreater(time.monotonic() - begin, 0.9)
        half, how = self.ask("truncated")
        self.assertEqual((len(half), how), (len(good) // 2, "end"))
        short = self.ask("short")[0]
        self.assertEqual(len(short), 4 + int.from_bytes(short[1:4], "big"))
        self.assertLess(len(short), len(good))
        self.assertEqual(self.ask("oversize")[0][:4], b"\0\xff\xff\xff")
        self.assertTrue(self.ask("http")[0].startswith(b"HTTP/1.1 400"))
        self.assertEqual(self.ask("wrong_message_id")[0][28], 7)
        self.assertEqual(len(self.ask("early")[0]), 2 * len(good))
        self.assertEqual(self.ask("smb1_only"), (b"", "end"))
        denied = self.ask("denied")[0]
        self.assertEqual(denied[12:16], struct.pack("<I", STATUS_ACCESS_DENIED))

    def test_every_cell_has_an_outcome_of_the_closed_list(self):
        outcomes = set("""answered unresolvable unreachable refused timeout stalled
            disconnected not_smb smb1_only no_encryption logon_refused kerberos_failed
            access_denied integrity_failed protocol_error guarded not_asked
            local_error""".split())
        for host in self.lab.hosts.values():
            self.assertTrue(host["outcome"], host["name"])
            self.assertLessEqual(set(host["outcome"]), outcomes)
        self.assertGreater(len(self.lab.hosts), 300)


class NameServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab("--dns", "0", "--dns-delay", "300",
                      "--line", "host dc1 dc", "--line", "host web1 member",
                      "--line", "host late member fault=slow_dns",
                      "--line", "host mute member fault=silent_dns",
                      "--line", "host gone member fault=unresolvable")

    @classmethod
    def tearDownClass(cls):
        assert cls.lab.end() == 0

    def ask(self, name, kind=1):
        question = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(1)
            s.sendto(struct.pack(">6H", 77, 0x100, 1, 0, 0, 0) + question +
                     struct.pack(">2H", kind, 1), ("127.0.0.1", self.lab.ports["dns"]))
            try:
                answer = s.recv(2000)
            except socket.timeout:
                return None
        self.assertEqual(answer[:2], b"\0\x4d")
        return answer[3] & 15, struct.unpack(">H", answer[6:8])[0], answer

    def test_names(self):
        code, count, answer = self.ask("web1.corp.example")
        self.assertEqual((code, count), (0, 1))
        self.assertEqual(socket.inet_ntoa(answer[-4:]), self.lab.hosts["web1"]["address"])
        self.assertEqual(self.ask("WEB1.corp.example")[:2], (0, 1))
        self.assertEqual(self.ask("web1.corp.example", 28)[:2], (0, 0))
        self.assertEqual(self.ask("gone.corp.example")[:2], (3, 0))
        self.assertEqual(self.ask("unheard.corp.example")[:2], (3, 0))
        self.assertIsNone(self.ask("mute.corp.example"))
        begin = time.monotonic()
        self.assertEqual(self.ask("late.corp.example")[:2], (0, 1))
        self.assertGreater(time.monotonic() - begin, 0.25)

    def test_controllers(self):
        code, count, answer = self.ask("_ldap._tcp.dc._msdcs.corp.example", 33)
        self.assertEqual((code, count), (0, 1))
        self.assertIn(b"\x03dc1\x04corp\x07example\x00", answer)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
