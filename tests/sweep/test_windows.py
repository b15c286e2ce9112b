# SPDX-License-Identifier: Apache-2.0
"""What hardened Windows hosts answer, which Samba does not: the outcome and the advice of
each, and that none of them stops the sweep of the others."""

import socket
import struct
import subprocess
import threading
import unittest

from domain import Domain, PASSWORD, PROGRAM, Run, variables

ACCOUNT = "user auditor Lab-Passw0rd admin"


def domain_with(*words):
    """Three members; the one in the middle has these settings."""
    lines = [ACCOUNT, "host before member address=127.16.1.1",
             "host hard member address=127.16.1.2 " + " ".join(words),
             "host after member address=127.16.1.3"]
    return Domain(*[word for line in lines for word in ("--line", line)])


def check(domain, host, *arguments):
    address = [words[0] for words in domain.targets() if words[0].startswith(host)][0]
    done = subprocess.run([PROGRAM, "check", "-U", "CORP\\auditor", *arguments, address],
                          env=variables(PASSWORD), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False)
    return " ".join(done.stdout.split())


class Hardened(unittest.TestCase):
    def hold(self, settings, outcome, *advice):
        with domain_with(settings) as domain:
            run = Run(domain, "-c", "1", "--retries", "0", "--timeout", "1s",
                      "--login-timeout", "1s", user="CORP\\auditor")
            self.assertEqual(run.hosts["127.16.1.2"]["outcome"], outcome, run.errors)
            self.assertEqual(run.hosts["127.16.1.3"]["outcome"], "answered")
            self.assertEqual(run.status, 3, run.errors)
            said = check(domain, "127.16.1.2", "--timeout", "1s", "--login-timeout", "1s")
            for words in advice:
                self.assertIn(words, said)
            return run.hosts["127.16.1.2"]["error"]

    def test_ntlm_switched_off(self):
        for settings in ("fault=ntlm_blocked@setup1", "logon_status=c00000bb",
                         "logon_status=c0000418"):
            error = self.hold(settings, "logon_refused", "NTLM is blocked", "Kerberos")
            self.assertEqual(error["reason"], "ntlm_refused")

    def test_target_name_validation(self):
        self.hold("fault=denied@setup2", "logon_refused", "SPN target name validation",
                  "full name")

    def test_a_host_that_ends_it_when_ntlm_is_offered(self):
        for fault, outcome in (("fin", "disconnected"), ("reset", "disconnected"),
                               ("hang", "stalled")):
            error = self.hold("fault=%s@setup1" % fault, outcome,
                              "NTLM may be switched off", "use Kerberos")
            self.assertEqual(error["reason"], "login_unanswered")

    def test_a_host_that_ends_it_at_the_proof_of_the_password(self):
        error = self.hold("fault=fin@setup2", "disconnected", "without a verdict",
                          "--canary")
        self.assertEqual(error["reason"], "no_verdict")
        error = self.hold("fault=hang@setup2", "stalled", "domain controller",
                          "--login-timeout")
        self.assertEqual(error["reason"], "no_verdict")

    def test_what_a_domain_out_of_reach_looks_like(self):
        for code in ("c000005e", "c0000192", "c0000233", "c000018d", "c0000190",
                     "c000018a", "c000019b", "c00000e5", "c0000413"):
            self.hold("logon_status=" + code, "logon_refused")

    def test_a_provider_s_own_codes(self):
        for code in ("8009030c", "80090302", "80090311", "80090322"):
            error = self.hold("logon_status=" + code, "logon_refused")
            self.assertTrue(error["code"].startswith("SEC_E_"), error)


class Tap:
    """A relay to a host of the lab, which keeps the AV pairs of the NTLM answers."""

    def __init__(self, address, port):
        self.listener = socket.create_server((address, 0))
        self.port, self.server = self.listener.getsockname()[1], (address, port)
        self.answers, self.open = [], [self.listener]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            host = socket.create_connection(self.server)
            self.open += [client, host]
            for pair in ((client, host), (host, client)):
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    def pump(self, source, sink):
        try:
            while data := source.recv(65536):
                self.see(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def see(self, data):
        """[MS-NLMP] 2.2.1.3: NtChallengeResponseFields at 20; 2.2.2.7: the pairs at 44."""
        at = data.find(b"NTLMSSP\0\3\0\0\0")
        if at < 0:
            return
        length, _, offset = struct.unpack_from("<HHI", data, at + 20)
        answer, at, pairs = data[at + offset:at + offset + length], 44, {}
        while True:
            kind, length = struct.unpack_from("<HH", answer, at)
            if kind == 0:
                break
            pairs[kind] = answer[at + 4:at + 4 + length]
            at += 4 + length
        self.answers.append(pairs)

    def close(self):
        for each in self.open:
            each.close()


class TargetName(unittest.TestCase):
    FLAGS, TARGET_NAME = 6, 9  # MsvAvFlags, MsvAvTargetName

    def test_the_service_is_named_as_the_host_was_and_without_the_last_dot(self):
        """A host with SmbServerNameHardeningLevel compares it with its own names."""
        with Domain("--line", ACCOUNT, "--line", "host m1 member address=127.16.1.1",
                    "--dns", "0") as domain:
            tap = Tap("127.16.1.1", int(domain.ports["ready"]))
            try:
                for name in ("m1.corp.example", "M1.corp.example.", "127.16.1.1"):
                    done = subprocess.run(
                        [PROGRAM, "check", "-U", "CORP\\auditor", "--dns", "127.0.0.1:"
                         + domain.ports["dns"], "%s:%d" % (name, tap.port)],
                        env=variables(PASSWORD), stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                        timeout=60, check=False)
                    self.assertIn(done.returncode, (0, 1), done.stdout)
            finally:
                tap.close()
            self.assertEqual([pairs[self.TARGET_NAME].decode("utf-16-le").lower()
                              for pairs in tap.answers],
                             ["cifs/m1.corp.example", "cifs/m1.corp.example",
                              "cifs/127.16.1.1"])
            for pairs in tap.answers:
                self.assertEqual(struct.unpack("<I", pairs[self.FLAGS])[0] & 2, 2)


class OddHolders(unittest.TestCase):
    KINDS = {"S-1-12-1-1111111111-1222222222-3333333333-444444444": "named_account",
             "S-1-15-3-1024-1-2-3-4-5-6-7-8": "unidentified",
             "S-1-5-83-1-11-22-33-44": "virtual_account",
             "S-1-5-90-0": "virtual_account", "S-1-5-96-0": "virtual_account",
             "S-1-16-12288": "builtin_principal", "S-1-18-1": "builtin_principal",
             "S-1-5-5-0-1234567": "unidentified",
             "S-1-0x123456789abc-5": "unidentified",
             "S-1-5-32-599": "builtin_principal",
             "S-1-5-80-1-2-3-4-5": "service_identity",
             "S-1-5-82-1-2-3-4-5": "app_pool",
             "S-1-0-0": "nobody"}

    def test_each_is_what_its_sid_says(self):
        with Domain("--line", ACCOUNT, "--line", "host m1 member address=127.16.1.1 grant="
                    "SeImpersonatePrivilege:" + ",".join(self.KINDS)) as domain:
            right = Run(domain).report["hosts"][0]["rights"]["SeImpersonatePrivilege"]
        found = {holder["sid"]: holder.get("finding", holder["label"])
                 for holder in right["holders"]}
        for sid, kind in self.KINDS.items():
            self.assertEqual(found[next(s for s in found if s.lower() == sid.lower())],
                             "allowed" if kind == "nobody" else kind, sid)

    def test_a_german_windows_is_compliant(self):
        with Domain("--line", ACCOUNT, "--line",
                    "host m2 member address=127.16.1.2 german=yes") as domain:
            run = Run(domain)
        self.assertEqual((run.status, run.report["hosts"][0]["verdict"]), (0, "compliant"))


if __name__ == "__main__":
    unittest.main()
