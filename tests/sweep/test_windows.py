# SPDX-License-Identifier: Apache-2.0
"""What hardened Windows hosts answer, which Samba does not: the outcome and the advice of
each, and that none of them stops the sweep of the others."""

import subprocess
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


if __name__ == "__main__":
    unittest.main()
