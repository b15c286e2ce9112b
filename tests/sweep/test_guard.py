# SPDX-License-Identifier: Apache-2.0
"""A wrong password locks no account, whatever hosts do once they have got its proof: the
domain counts the attempts.  One host that refuses a good password does not stop a sweep."""

import os
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


class Doubts(unittest.TestCase):
    """After a proof: one odd host never stops a sweep, a changed password always does."""

    def test_hosts_that_lie_cost_one_login_each_and_never_the_sweep(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5",
                       "base 127.29.0.0", "hosts 60", *[
                           "host l%d member address=127.30.0.%d logon_status=%s"
                           % (n, n, ("c000006d", "c000006a", "c0000234", "8009030c")[n % 4])
                           for n in range(1, 13)],
                       "base 127.31.0.0", "hosts 60") as domain:
            run = Run(domain, "-c", "8")
            self.assertEqual(run.outcomes(), {"answered": 120, "logon_refused": 12},
                             run.errors)
            self.assertNotEqual(run.status, 5)
            self.assertLessEqual(domain.statistics()["logon_attempts"], 120 + 2 * 12)

    def test_a_first_place_that_is_gone_is_replaced_by_another(self):
        with domain_of("user auditor Lab-Passw0rd admin",
                       "host a member address=127.29.0.1",
                       "host b member address=127.30.0.1 logon_status=c000006d",
                       "host c member address=127.31.0.1") as domain:
            run = Run(domain, "-c", "1")
            self.assertEqual(run.outcomes(), {"answered": 2, "logon_refused": 1})
            self.assertEqual(domain.statistics()["logon_attempts"], 4)

    def hold_changed_password(self, in_flight):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout %d" % (in_flight + 2),
                       "change auditor 40", "base 127.30.0.0", "hosts 200") as domain:
            run = Run(domain, "-c", str(in_flight), "--retries", "3")
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(set(run.outcomes()) - {"answered"},
                             {"logon_refused", "guarded"}, run.outcomes())
            account = domain.statistics()["accounts"]["auditor"]
            self.assertEqual(account["state"], "enabled")
            self.assertGreaterEqual(account["bad_passwords"], 2)
            self.assertLessEqual(account["bad_passwords"], in_flight + 1)
            self.assertIn("also where it was accepted before", run.errors)

    def test_a_password_changed_in_mid_sweep_costs_the_proofs_on_their_way_and_one(self):
        for in_flight in (1, 4, 32):
            self.hold_changed_password(in_flight)

    def test_logon_hours_stop_the_sweep_at_the_third_host(self):
        for status in ("c000006f", "c0000070"):
            with domain_of("user auditor Lab-Passw0rd admin", "base 127.30.0.0",
                           "hosts 20 logon_status=%s" % status) as domain:
                run = Run(domain, "-c", "8")
                self.assertEqual(run.status, 5, run.errors)
                self.assertEqual(run.outcomes(), {"logon_refused": 3, "guarded": 17})
                self.assertEqual(domain.statistics()["logon_attempts"], 3)

    def test_an_unknown_code_is_no_verdict(self):
        with domain_of("user auditor Lab-Passw0rd admin",
                       "host good member address=127.29.0.1", *[
                           "host u%d member address=127.30.0.%d logon_status=%s"
                           % (n, n, ("80090302", "80090308", "c0ffee00")[n % 3])
                           for n in range(1, 10)]) as domain:
            run = Run(domain, "-c", "1")
            self.assertNotEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes()["answered"], 1)
            self.assertNotIn("guarded", run.outcomes())
        with domain_of("user auditor Lab-Passw0rd admin", "base 127.30.0.0",
                       "hosts 10 logon_status=80090302") as domain:
            run = Run(domain, "-c", "4")
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes(), {"logon_refused": 2, "guarded": 8})


class Accounts(unittest.TestCase):
    """One account has one guard, however sections and options name it."""

    SECTIONS = ("[a]\nusername = AUDITOR\ndomain = corp\n",
                "[b]\nusername = corp.example\\auditor\n",
                "[c]\nusername = Corp\\Auditor\n",
                "[d]\nusername = auditor\n",
                "[e]\nusername = CORP/auditor\n")

    def sweep(self, domain, passwords):
        with open(domain.path("auth"), "w", encoding="utf-8") as file:
            file.write("username = auditor\ndomain = CORP\npassword = %s\n" % passwords[0])
            for n, section in enumerate(self.SECTIONS, 1):
                file.write("%spassword = %s\n" % (section, passwords[n % len(passwords)]))
        os.chmod(domain.path("auth"), 0o600)
        with open(domain.path("list"), "w", encoding="utf-8") as file:
            for n, words in enumerate(domain.targets()):
                section = "-abcde"[n % 6]
                file.write(words[0] + ("\n" if section == "-" else " user=%s\n" % section))
        return Run(domain, "-A", domain.path("auth"), "-iL", domain.path("list"),
                   "-c", "8", "--retries", "3", user="CORP\\auditor", targets=False)

    def test_six_names_of_one_account_cost_one_wrong_password(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.1",
                       "hosts 12") as domain:
            run = self.sweep(domain, ["Wr0ng"])
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes(), {"logon_refused": 1, "guarded": 11})
            self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_all_of_them_log_on_with_the_right_one(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.1",
                       "hosts 12") as domain:
            run = self.sweep(domain, ["Lab-Passw0rd"])
            self.assertEqual(run.outcomes(), {"answered": 12}, run.errors)


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
