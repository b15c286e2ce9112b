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


class Foreign(unittest.TestCase):
    """A host outside of the account's domain is not sent anything of the password."""

    DOMAIN = ("user auditor Lab-Passw0rd admin", "host w1 client address=127.29.0.1 workgroup=yes",
              "host s1 standalone address=127.29.0.2",
              "host m1 member address=127.30.0.1", "host m2 client address=127.30.0.2",
              "host d1 dc address=127.30.0.3")

    def test_no_password_is_sent_to_hosts_of_no_domain(self):
        with domain_of(*self.DOMAIN) as domain:
            run = Run(domain, "-c", "1", user="CORP\\auditor")
            self.assertEqual(run.outcomes(), {"foreign": 2, "answered": 3}, run.errors)
            self.assertEqual(run.status & 3, 3)
            error = run.hosts["127.29.0.1"]["error"]
            self.assertEqual((error["step"], error["reason"]), ("authenticate", "no_domain"))
            # They are final for --resume, but not for one that insists.
            again = Run(domain, "--resume", run.journal, user="CORP\\auditor",
                        journal=run.journal)
            self.assertEqual(again.outcomes(), {"foreign": 2, "answered": 3}, again.errors)
            again = Run(domain, "--resume", run.journal, "--insist", user="CORP\\auditor",
                        journal=run.journal)
            self.assertEqual(again.outcomes(), {"answered": 5}, again.errors)
            self.assertEqual(domain.statistics()["logon_attempts"], 3 + 2)

    def test_a_user_of_a_dns_domain_is_of_the_forest(self):
        with domain_of(*self.DOMAIN) as domain:
            run = Run(domain, user="child.corp.example\\auditor")
            self.assertEqual(run.outcomes(), {"foreign": 2, "answered": 3}, run.errors)

    def test_a_user_of_another_domain_logs_on_nowhere(self):
        with domain_of(*self.DOMAIN) as domain:
            run = Run(domain, user="OTHER\\auditor")
            self.assertEqual(run.outcomes(), {"foreign": 5}, run.errors)
            self.assertEqual(run.status, 3)
            self.assertEqual(run.hosts["127.30.0.1"]["error"]["reason"], "other_domain")
            self.assertIn('"CORP"', run.hosts["127.30.0.1"]["error"]["text"])
            self.assertEqual(domain.statistics()["logon_attempts"], 0)

    def test_a_user_without_a_domain_logs_on_everywhere(self):
        with domain_of(*self.DOMAIN) as domain:
            self.assertEqual(Run(domain).outcomes(), {"answered": 5})

    def test_a_section_for_a_host_means_that_host(self):
        with domain_of(*self.DOMAIN) as domain:
            with open(domain.path("auth"), "w", encoding="utf-8") as file:
                file.write("[local]\nusername = CORP\\auditor\npassword = Lab-Passw0rd\n")
            os.chmod(domain.path("auth"), 0o600)
            with open(domain.path("list"), "w", encoding="utf-8") as file:
                for words in domain.targets():
                    file.write("%s user=local\n" % words[0])
            run = Run(domain, "-A", domain.path("auth"), "-iL", domain.path("list"),
                      user="CORP\\other", targets=False)
            self.assertEqual(run.outcomes(), {"answered": 5}, run.errors)


class Canary(unittest.TestCase):
    """--canary HOST: the first login is made where a verdict is given."""

    def test_a_wrong_password_is_refused_at_the_canary_once(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5",
                       *hosts(*["hang"] * 6), "host d dc address=127.31.0.1") as domain:
            run = Run(domain, "-c", "4", "--canary", "127.31.0.1:%s" % domain.ports["ready"],
                      *SHORT, password="wrong")
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes(), {"guarded": 7})
            self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_a_right_one_then_logs_on_everywhere_at_once(self):
        with domain_of("user auditor Lab-Passw0rd admin", *hosts(*["hang"] * 3),
                       "base 127.31.0.0", "hosts 9") as domain:
            run = Run(domain, "-c", "4", "--canary", domain.targets()[-1][0], *SHORT)
            self.assertEqual(run.outcomes(), {"stalled": 3, "answered": 9}, run.errors)
            # The canary's login is one more; it is in no record.
            self.assertEqual(domain.statistics()["logon_attempts"], 12 + 1)

    def test_a_canary_without_a_verdict_leaves_it_to_the_next_host(self):
        with domain_of("user auditor Lab-Passw0rd admin", "base 127.31.0.0",
                       "hosts 4") as domain:
            run = Run(domain, "--canary", "127.0.0.1:%s" % domain.ports["refused"])
            self.assertEqual(run.outcomes(), {"answered": 4}, run.errors)


class Resuming(unittest.TestCase):
    """What refused a mistyped password is asked again with the right one."""

    DOMAIN = ("user auditor Lab-Passw0rd admin", "base 127.30.0.0", "hosts 6")

    def resume(self, domain, first, *arguments):
        return Run(domain, "--resume", first.journal, *arguments, journal=first.journal)

    def test_a_stopped_sweep_asks_the_refused_host_again(self):
        with domain_of(*self.DOMAIN) as domain:
            first = Run(domain, password="mistyped")
            self.assertEqual(first.outcomes(), {"logon_refused": 1, "guarded": 5})
            self.assertIs(first.trailer["guard_stopped"], True)
            again = self.resume(domain, first)
            self.assertEqual(again.outcomes(), {"answered": 6}, again.errors)
            self.assertNotIn("guard_stopped", again.trailer)

    def test_one_that_was_cut_short_does_so_too(self):
        with domain_of(*self.DOMAIN) as domain:
            first = Run(domain, password="mistyped")
            with open(first.journal, encoding="utf-8") as file:
                lines = file.readlines()
            with open(first.journal, "w", encoding="utf-8") as file:
                file.writelines(line for line in lines if '"finished"' not in line)
            self.assertEqual(self.resume(domain, first).outcomes(), {"answered": 6})

    def test_what_was_the_host_s_own_refusal_is_final(self):
        with domain_of(*self.DOMAIN, "host own member address=127.31.0.1 "
                       "logon_status=c000015b") as domain:
            first = Run(domain)
            again = self.resume(domain, first)
            self.assertEqual(again.outcomes(), {"answered": 6, "logon_refused": 1})
            self.assertEqual(domain.statistics()["logon_attempts"], 7)


    def test_a_stopped_sweep_stays_open_over_one_that_was_interrupted(self):
        """The sweep that goes on ends before it comes to the refused host."""
        with domain_of(*self.DOMAIN) as domain:
            first = Run(domain, password="mistyped")
            refused = [name for name, record in first.hosts.items()
                       if record["outcome"] == "logon_refused"]
            second = self.resume(domain, first, "--exclude", refused[0].split(":")[0])
            self.assertEqual(second.outcomes(), {"logon_refused": 1, "answered": 5})
            self.assertEqual(self.resume(domain, first).outcomes(), {"answered": 6})

    def test_what_was_refused_to_one_account_is_asked_with_another(self):
        with domain_of("user auditor Lab-Passw0rd", "user root Lab-Passw0rd admin",
                       *self.DOMAIN[1:], "host own member address=127.31.0.1 "
                       "logon_status=c000015b") as domain:
            first = Run(domain)
            self.assertEqual(first.outcomes(), {"answered": 6, "logon_refused": 1})
            self.assertEqual({record.get("account") for record in first.hosts.values()},
                             {"auditor"})
            again = self.resume(domain, first)
            self.assertEqual(sum(map(len, again.all_records.values())), 7, again.errors)
            again = Run(domain, "--resume", first.journal, user="root",
                        journal=first.journal)
            self.assertEqual(again.outcomes(), {"answered": 6, "logon_refused": 1})
            self.assertEqual(sum(map(len, again.all_records.values())), 14, again.errors)
            self.assertEqual([record.get("account") for record in again.hosts.values()
                              if record["outcome"] != "answered"], ["root"])
            self.assertNotIn("denied", {record["rights"]["SeImpersonatePrivilege"]["outcome"]
                                        for record in again.hosts.values()
                                        if record["rights"]})


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
