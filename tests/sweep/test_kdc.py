# SPDX-License-Identifier: Apache-2.0
"""A wrong password or key is proved to one KDC, once, whatever the KDCs do."""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

import kdc
from domain import PROGRAM, Domain, variables

NO_VERDICT = "the KDC did not answer the proof of the password or key"
REFUSED = "the KDC refused the password or key"


class NameServer:
    """Knows `records`: {(name, type): [text]}."""

    def __init__(self, records):
        self.records, self.asked = records, []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.udp.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            query, whom = self.udp.recvfrom(4096)
            if not query:
                return
            question = dns.message.from_wire(query)
            reply = dns.message.make_response(question)
            about = question.question[0]
            kind = dns.rdatatype.to_text(about.rdtype)
            key = (str(about.name).lower().rstrip("."), kind)
            self.asked.append(key)
            if key in self.records:
                reply.answer.append(dns.rrset.from_text(about.name, 60, "IN", kind,
                                                        *self.records[key]))
            elif not any(name == key[0] for name, _ in self.records):
                reply.set_rcode(dns.rcode.NXDOMAIN)
            self.udp.sendto(reply.to_wire(), whom)

    def close(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.udp.getsockname())
        self.thread.join()
        self.udp.close()


class Attempt:
    """One start of the program, with a wrong password."""

    def __init__(self, *kdcs, arguments=(), more="", names=None, records=None):
        """`names` makes krb5.conf's entries of the KDCs; `records` those of DNS."""
        folder = tempfile.mkdtemp(prefix="lsasweep-kdc.")
        realm = kdc.Realm()
        self.kdcs = [kdc.Kdc(realm, *how) for how in kdcs]
        server = NameServer(records(self.kdcs) if records else {})
        try:
            path = os.path.join(folder, "krb5.conf")
            kdc.configuration(path, names(self.kdcs) if names else self.kdcs, more)
            done = subprocess.run(
                [PROGRAM, "check", "-U", "svc@" + kdc.REALM, "--dns",
                 server.address, *arguments, DOMAIN.targets()[0][0]],
                env=variables("Wr0ng", KRB5_CONFIG=path),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=100, check=False)
        finally:
            server.close()
            for one in self.kdcs:
                one.close()
            shutil.rmtree(folder)
        self.asked = {name for name, kind in server.asked if kind == "SRV"}
        self.status, self.output = done.returncode, done.stdout
        if "Sanitizer" in self.output:
            raise AssertionError(self.output)
        ports = [one.port for one in self.kdcs]
        self.proofs = [ports.index(port) for port in realm.proofs]
        self.requests = [one.requests for one in self.kdcs]


class OneProof(unittest.TestCase):
    def judge(self, attempt, proofs, words):
        self.assertEqual(attempt.proofs, proofs, attempt.output)
        self.assertIn(words, attempt.output)
        self.assertNotEqual(attempt.status, 0, attempt.output)

    def test_three_kdcs_that_take_two_seconds_to_refuse(self):
        self.judge(Attempt(*[("preauth", (2, kdc.PREAUTH_FAILED))] * 3), [0], REFUSED)

    def test_three_kdcs_that_take_twelve_seconds_to_refuse(self):
        self.judge(Attempt(*[("preauth", (12, kdc.PREAUTH_FAILED))] * 3), [0], REFUSED)

    def test_a_kdc_that_never_answers_a_proof(self):
        for what in ("silent", "close", "reset", "garbage", 52):
            with self.subTest(what):
                self.judge(Attempt(*[("preauth", what)] * 3,
                                   arguments=("--login-timeout", "1s")), [0], NO_VERDICT)

    def test_no_ntlm_login_follows_a_proof_without_a_verdict(self):
        attempt = Attempt(("preauth", "close"), arguments=("--ntlm-fallback",))
        self.judge(attempt, [0], NO_VERDICT)

    def test_every_error_ends_the_exchange(self):
        """Also those to which libkrb5 would answer with another proof."""
        def one(code):
            return code, Attempt(*[("preauth", code)] * 3)

        with ThreadPoolExecutor(4) as pool:
            for code, attempt in pool.map(one, (6, 12, 14, 18, 23, 24, 25, 31, 37, 41,
                                                60, 68, 90, 91, 93, 127, 200, -1)):
                with self.subTest(code):
                    self.assertEqual(attempt.proofs, [0], attempt.output)
                    self.assertNotEqual(attempt.status, 0)

    def test_every_mixture_of_three_kdcs(self):
        """Who does not answer what proves nothing is passed over; the first who asks for a
        proof gets the only one."""
        first = ("closed", "reset", "garbage", 29, "preauth")

        def one(mixture):
            ways = [(what, "reset" if i else kdc.SKEW) for i, what in enumerate(mixture)]
            alone = [] if "preauth" in mixture else ["--no-ntlm"]
            return mixture, Attempt(*ways, arguments=alone)

        with ThreadPoolExecutor(4) as pool:
            for mixture, attempt in pool.map(one, itertools.product(first, repeat=3)):
                with self.subTest(mixture):
                    asked = [i for i, what in enumerate(mixture) if what == "preauth"]
                    self.assertEqual(attempt.proofs, asked[:1], attempt.output)

    def test_silent_kdcs_are_passed_over_before_the_proof(self):
        self.judge(Attempt(("silent",), ("preauth", 24), ("preauth", 24)), [1], REFUSED)

    def test_an_error_without_a_proof_is_asked_once(self):
        attempt = Attempt(*[(6,)] * 3)
        self.judge(attempt, [], "the KDC does not know this user")
        self.assertEqual(attempt.requests, [1, 0, 0])

    def test_a_kdc_without_tcp_is_asked_by_udp(self):
        self.judge(Attempt(("udp", 24), ("udp", 24)), [0], REFUSED)

    def test_a_proof_by_udp_is_sent_once(self):
        for what in ("silent", "garbage", 52):
            with self.subTest(what):
                self.judge(Attempt(("udp", what), ("preauth", 24),
                                   names=lambda all: ["udp/127.0.0.1:%d" % all[0].port,
                                                      "tcp/127.0.0.1:%d" % all[1].port],
                                   arguments=("--login-timeout", "1s")),
                           [1], REFUSED)
                self.judge(Attempt(("udp", what), ("udp", 24),
                                   arguments=("--login-timeout", "1s")), [0], NO_VERDICT)


class Where(unittest.TestCase):
    """Which KDC is asked."""

    def records(self, proto="tcp", name="kdc1.corp.example"):
        return lambda all: {
            ("_kerberos._%s.corp.example" % proto, "SRV"):
                ["0 0 %d %s." % (one.port, name) for one in all],
            (name, "A"): ["127.0.0.1"],
        }

    def test_srv_records_where_krb5_conf_names_none(self):
        attempt = Attempt(("preauth", 24), records=self.records(), names=lambda all: [])
        self.assertEqual(attempt.proofs, [0], attempt.output)
        self.assertEqual(attempt.asked, {"_kerberos._tcp.corp.example"})

    def test_srv_records_of_udp_where_there_are_none_of_tcp(self):
        attempt = Attempt(("udp", 24), records=self.records("udp"),
                          names=lambda all: [])
        self.assertEqual(attempt.proofs, [0], attempt.output)

    def test_dns_is_not_asked_where_krb5_conf_names_one(self):
        attempt = Attempt(("preauth", 24), records=self.records())
        self.assertEqual(attempt.proofs, [0], attempt.output)
        self.assertEqual(attempt.asked, set())

    def test_dns_is_not_asked_where_krb5_conf_forbids_it(self):
        attempt = Attempt(("preauth", 24), records=self.records(), names=lambda all: [],
                          more=" dns_lookup_kdc = false\n", arguments=["--no-ntlm"])
        self.assertEqual((attempt.proofs, attempt.asked), ([], set()))
        self.assertIn("no KDC is known for the realm", attempt.output)

    def test_the_forms_of_a_name(self):
        for form in ("127.0.0.1:%d", "[127.0.0.1]:%d", "tcp/127.0.0.1:%d",
                     "kdc1.corp.example:%d"):
            with self.subTest(form):
                attempt = Attempt(("preauth", 24), records=self.records(),
                                  names=lambda all: [form % all[0].port])
                self.assertEqual(attempt.proofs, [0], attempt.output)

    def test_a_name_that_cannot_be_asked_is_passed_over(self):
        attempt = Attempt(("preauth", 24), records=self.records(), names=lambda all: [
            "https://127.0.0.1/KdcProxy", "nowhere.corp.example",
            "127.0.0.1:%d" % all[0].port])
        self.assertEqual(attempt.proofs, [0], attempt.output)


def setUpModule():
    global DOMAIN
    DOMAIN = Domain("--hosts", "1")


def tearDownModule():
    """No host got a login that the KDC had refused, or had given no verdict on."""
    with DOMAIN:
        attempts = DOMAIN.statistics()["logon_attempts"]
    if attempts:
        raise AssertionError("%d logins by NTLM followed" % attempts)


if __name__ == "__main__":
    unittest.main()
