# SPDX-License-Identifier: Apache-2.0
"""A wrong password locks no account, whatever hosts do once they have got its proof: the
domain counts the attempts.  One host that refuses a good password does not stop a sweep."""

import unittest

from domain import Domain, Run

SHORT = ("--timeout", "1s", "--login-timeout", "1s")


def domain_of(*statements):
    return Domain(*[word for line in statements for word in ("--line", line)])


def hosts(*faults):
    """Hosts from 127.30.0.1 on, with these faults after AUTHENTICATE."""
    return ["host h%d member address=127.30.0.%d fault=%s@setup2" % (n, n, fault)
            for n, fault in enumerate(faults, 1)]


class Silence(unittest.TestCase):
    def hold_two_attempts(self, *faults):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5",
                       *hosts(*faults)) as domain:
            run = Run(domain, "-c", "8", "--retries", "3", *SHORT, password="wrong")
            self.assertEqual(run.status, 5, run.errors)
            seen = domain.statistics()
            self.assertLessEqual(seen["logon_attempts"], 2, run.errors)
            self.assertLessEqual(seen["accounts"]["auditor"]["bad_passwords"], 2)
            self.assertEqual(seen["accounts"]["auditor"]["state"], "enabled")
            return run

    def test_hosts_silent_after_the_proof_stop_the_sweep(self):
        run = self.hold_two_attempts(*["hang"] * 12)
        self.assertEqual(run.outcomes(), {"stalled": 2, "guarded": 10})
        self.assertIn("no verdict", run.errors)

    def test_hosts_that_reset_after_the_proof_stop_the_sweep(self):
        run = self.hold_two_attempts(*["reset"] * 12)
        self.assertEqual(run.outcomes(), {"disconnected": 2, "guarded": 10})

    def test_hosts_that_close_after_the_proof_stop_the_sweep(self):
        run = self.hold_two_attempts(*["fin"] * 12)
        self.assertEqual(run.outcomes(), {"disconnected": 2, "guarded": 10})

    def test_hosts_that_answer_nonsense_to_the_proof_stop_the_sweep(self):
        self.hold_two_attempts(*["garbage", "noise", "truncated", "wrong_message_id"] * 3)

    def test_a_mixture_of_them_stops_the_sweep(self):
        self.hold_two_attempts(*["hang", "reset", "fin", "drip"] * 3)

    def test_before_the_proof_silence_does_not_count(self):
        with domain_of("user auditor Lab-Passw0rd admin", *[
                "host h%d member address=127.30.0.%d fault=reset@setup1" % (n, n)
                for n in range(1, 7)], "base 127.31.0.0", "hosts 5") as domain:
            run = Run(domain, "-c", "2", "--retries", "0", *SHORT)
            self.assertEqual(run.outcomes(), {"disconnected": 6, "answered": 5})

    def test_a_host_without_a_verdict_is_not_asked_again_after_a_proof(self):
        with domain_of("user auditor Lab-Passw0rd admin",
                       "host good member address=127.29.0.1",
                       *hosts("reset", "fin")) as domain:
            run = Run(domain, "-c", "1", "--retries", "3", *SHORT)
            self.assertEqual(run.outcomes(), {"disconnected": 2, "answered": 1})
            self.assertEqual(domain.statistics()["logon_attempts"], 3)

    def test_a_login_has_a_limit_of_its_own(self):
        with domain_of("user auditor Lab-Passw0rd admin",
                       "host slow member address=127.30.0.1 delay=600") as domain:
            run = Run(domain, "--timeout", "5s", "--login-timeout", "100ms",
                      "--retries", "3")
            self.assertEqual(run.outcomes(), {"stalled": 1}, run.errors)
            self.assertEqual(run.hosts["127.30.0.1"]["error"]["step"], "authenticate")
            self.assertEqual(run.hosts["127.30.0.1"]["attempts"], 1)


class Refusals(unittest.TestCase):
    def test_what_a_host_refuses_for_its_own_sake_stops_nothing(self):
        with domain_of("user auditor Lab-Passw0rd admin",
                       *hosts("denied", "ntlm_blocked", "no_logon_servers", "busy",
                              "not_granted"),
                       "base 127.31.0.0", "hosts 10") as domain:
            run = Run(domain, "-c", "2", "--retries", "0")
            self.assertNotEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes()["answered"], 10)

    def test_a_locked_account_stops_whatever_the_limit(self):
        with domain_of("user auditor Lab-Passw0rd admin locked", "base 127.31.0.0",
                       "hosts 10") as domain:
            run = Run(domain, "--max-logon-failures", "100")
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes(), {"logon_refused": 1, "guarded": 9})


if __name__ == "__main__":
    unittest.main()
