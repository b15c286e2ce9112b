# SPDX-License-Identifier: Apache-2.0
"""Sweeps of the simulated domain: what is reported is what is true of each host."""

import json
import os
import random
import signal
import subprocess
import time
import unittest

from domain import (Domain, IMPERSONATE, PROGRAM, Run, STOCK, holders, read_journal, start,
                    stop, variables)

ROLES = {"dc": "domain_controller", "member": "member_server",
         "standalone": "standalone_server", "client": "client"}


class Truth(unittest.TestCase):
    def test_a_thousand_hosts_and_exactly_the_planted_violations(self):
        with Domain("--hosts", "1000") as domain:
            run = Run(domain, "-c", "64")
            known = domain.known()
            self.assertEqual(set(run.hosts), set(known), run.errors)
            expected = set()
            for address, record in run.hosts.items():
                truth = known[address]
                self.assertEqual(record["outcome"], "answered", record)
                self.assertEqual(record["role"]["value"],
                                 ROLES.get(truth["role"], truth["role"]))
                self.assertEqual(record["machine"]["netbios_name"],
                                 truth["netbios_name"])
                self.assertEqual(record["machine"]["domain"], truth["domain"])
                self.assertTrue(record["machine"]["os_version"].endswith(
                    ".%d" % truth["build"]))
                held = truth["rights"][IMPERSONATE]
                self.assertEqual(holders(record)[1], set(held or ()))
                if set(held or ()) != STOCK:
                    expected.add(address)
            self.assertTrue(expected)
            found = {host["host"] for host in run.report["hosts"]
                     if host["verdict"] == "violation"}
            self.assertEqual(found, expected)
            self.assertEqual(run.report["summary"]["violation"], len(expected))
            self.assertEqual(run.report["summary"]["unknown"], 0)
            self.assertEqual(run.status, 1, run.errors)
            for role in ROLES.values():
                section = run.report["roles"][role]
                members = [h for h in known.values() if ROLES.get(h["role"], h["role"])
                           == role]
                self.assertEqual(section["hosts"], len(members))
            seen = domain.statistics()
            for counter in ("bad_signatures", "unsigned_requests", "protocol_errors",
                            "ntlmv1_attempts", "mic_wrong", "reads_of_nothing",
                            "mech_list_mic_wrong", "anonymous_attempts"):
                self.assertEqual(seen[counter], 0, counter)
            self.assertEqual(seen["logon_attempts"], 1000)
            self.assertEqual(seen["logoffs"], 1000)

    def test_all_rights_of_every_role(self):
        with Domain("--hosts", "60") as domain:
            run = Run(domain, "-r", "all")
            known = domain.known()
            for address, record in run.hosts.items():
                for right, truth in known[address]["rights"].items():
                    outcome, sids = holders(record, right)
                    if truth is None:
                        self.assertEqual(outcome, "undefined", (address, right))
                    elif not truth:
                        self.assertEqual(outcome, "nobody", (address, right))
                    else:
                        self.assertEqual((outcome, sids), ("held", set(truth)))

    def test_every_manner_of_speaking(self):
        manners = ["dialect=2.0.2", "dialect=2.1", "dialect=3.0", "dialect=3.0.2",
                   "signing=hmac", "signing=cmac", "signing=gmac", "pending=yes",
                   "credits=1", "fragment=128", "alter_refused=yes", "old_calls=yes",
                   "german=yes", "hostile_banner=yes", "fault=trickle@tree"]
        manners += ["encrypt=%s cipher=%s" % (how, cipher) for how in ("session", "share")
                    for cipher in ("aes-128-ccm", "aes-128-gcm", "aes-256-ccm",
                                   "aes-256-gcm")]
        lines = []
        for number, manner in enumerate(manners):
            lines += ["--line", "host srv%d member address=127.30.0.%d %s"
                      % (number, number + 1, manner)]
        with Domain(*lines) as domain:
            run = Run(domain, "-r", "SeImpersonatePrivilege,SeDebugPrivilege")
            for number, manner in enumerate(manners):
                record = run.hosts["127.30.0.%d" % (number + 1)]
                with self.subTest(manner=manner):
                    self.assertEqual(record["outcome"], "answered", record)
                    self.assertEqual(holders(record), ("held", STOCK))
                    if "cipher=" in manner:
                        self.assertEqual(record["smb"]["encryption"],
                                         manner.split("cipher=")[1].upper())

    def test_nobody_undefined_and_orphan_are_three_answers(self):
        lines = ("host a member address=127.30.0.1 nobody=SeImpersonatePrivilege",
                 "host b member address=127.30.0.2 unknown=SeImpersonatePrivilege",
                 "host c member address=127.30.0.3 nobody=SeDebugPrivilege "
                 "grant=SeDebugPrivilege:orphan")
        with Domain(*[word for line in lines for word in ("--line", line)]) as domain:
            run = Run(domain, "-r", "SeImpersonatePrivilege,SeDebugPrivilege")
            self.assertEqual(holders(run.hosts["127.30.0.1"])[0], "nobody")
            self.assertEqual(holders(run.hosts["127.30.0.2"])[0], "undefined")
            debug = run.hosts["127.30.0.3"]["rights"]["SeDebugPrivilege"]
            truth = domain.known()["127.30.0.3"]["rights"]["SeDebugPrivilege"]
            self.assertEqual([h["sid"] for h in debug["holders"]], truth)
            self.assertEqual([h.get("name") for h in debug["holders"]], [None])


class Accounts(unittest.TestCase):
    def test_a_wrong_password_is_tried_once_however_many_targets(self):
        with Domain("--hosts", "200") as domain:
            run = Run(domain, "-c", "64", password="wrong")
            self.assertEqual(run.status, 5, run.errors)
            self.assertEqual(run.outcomes(), {"logon_refused": 1, "guarded": 199})
            seen = domain.statistics()
            self.assertEqual(seen["logon_attempts"], 1)
            self.assertEqual(seen["accounts"]["auditor"]["bad_passwords"], 1)

    def test_the_limit_of_refused_logins_is_kept(self):
        with Domain("--hosts", "50") as domain:
            run = Run(domain, "--max-logon-failures", "3", password="wrong")
            self.assertEqual(run.status, 5)
            self.assertEqual(domain.statistics()["logon_attempts"], 3)
            self.assertEqual(run.outcomes(), {"logon_refused": 3, "guarded": 47})

    def test_the_canary_survives_hosts_that_are_down(self):
        lines = ("host a member address=127.30.0.1 fault=reset@negotiate",
                 "host b member address=127.30.0.2 fault=hang@setup1",
                 "host c member address=127.30.0.3", "host d member address=127.30.0.4")
        with Domain(*[word for line in lines for word in ("--line", line)]) as domain:
            run = Run(domain, "--timeout", "500ms", "--retries", "0")
            self.assertEqual(run.outcomes(), {"disconnected": 1, "stalled": 1,
                                              "answered": 2})

    def test_each_refusal_stops_the_credential(self):
        for state in ("disabled", "expired", "must_change", "locked"):
            with self.subTest(state=state), Domain(
                    "--line", "user auditor Lab-Passw0rd admin " + state,
                    "--hosts", "20") as domain:
                run = Run(domain)
                self.assertEqual(run.status, 5, run.errors)
                self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_a_user_who_may_not_read_rights(self):
        with Domain("--hosts", "20") as domain:
            run = Run(domain, user="reader")
            known = domain.known()
            self.assertEqual(run.outcomes(), {"answered": 20})
            for address, record in run.hosts.items():
                self.assertEqual(record["rights"][IMPERSONATE]["outcome"], "denied")
                self.assertEqual(record["role"]["value"],
                                 ROLES.get(known[address]["role"],
                                           known[address]["role"]))
                self.assertTrue(record["machine"]["domain"])
            self.assertEqual({host["verdict"] for host in run.report["hosts"]},
                             {"unknown"})
            self.assertEqual(run.status, 3)
            first = " ".join(domain.targets()[0][:1])
            told = subprocess.run([PROGRAM, "check", "-U", "reader", first],
                                  env=variables(), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, timeout=60, check=False)
            self.assertIn("Administrators", told.stdout)
            self.assertIn("LocalAccountTokenFilterPolicy", told.stdout)

    def test_many_credentials_one_wrong(self):
        with Domain("--hosts", "40") as domain:
            path = domain.path("credentials")
            with open(path, "w", encoding="ascii") as out:
                out.write("username=auditor\npassword=Lab-Passw0rd\n"
                          "[other]\nusername=reader\npassword=wrong\n")
            os.chmod(path, 0o600)
            lines = domain.targets()
            with open(domain.path("targets"), "w", encoding="ascii") as out:
                for number, words in enumerate(lines):
                    more = ["user=other"] if number % 4 == 0 else []
                    out.write(" ".join(words + more) + "\n")
            journal = domain.path("journal")
            done = subprocess.run([PROGRAM, "scan", "-q", "-A", path, "-iL",
                                   domain.path("targets"), "--journal", journal],
                                  env=variables(None), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 5, done.stderr)
            counts = {}
            for records in read_journal(journal)[1].values():
                outcome = records[-1]["outcome"]
                counts[outcome] = counts.get(outcome, 0) + 1
            self.assertEqual(counts, {"answered": 30, "logon_refused": 1, "guarded": 9})


class Outcomes(unittest.TestCase):
    def test_each_trouble_is_its_own_outcome_and_harms_nobody_else(self):
        lines = ("host good1 member address=127.30.0.1",
                 "host old member address=127.30.0.2 fault=smb1_only@negotiate",
                 "host shut member address=127.30.0.3 fault=refuse",
                 "host silent member address=127.30.0.4 fault=hang@negotiate",
                 "host gone member address=127.240.0.5 fault=black_hole",
                 "host good2 member address=127.30.0.6",
                 "host lost member address=127.30.0.7 fault=unresolvable")
        with Domain(*[word for line in lines for word in ("--line", line)],
                    "--dns", "0") as domain:
            run = Run(domain, "--connect-timeout", "500ms", "--timeout", "500ms",
                      "--retries", "0", "--dns", "127.0.0.1:" + domain.ports["dns"])
            self.assertEqual(
                run.outcomes(), {"answered": 2, "smb1_only": 1, "refused": 1,
                                 "stalled": 1, "timeout": 1, "unresolvable": 1},
                run.errors)
            self.assertEqual(run.hosts["127.30.0.4"]["error"]["step"], "negotiate")
            self.assertEqual(run.status, 3)
            self.assertEqual(run.report["summary"]["assessed"], 2)
            self.assertEqual(run.report["summary"]["unknown"], 5)


class Interrupted(unittest.TestCase):
    def test_a_killed_sweep_goes_on_where_it_was(self):
        with Domain("--line", "hosts 600 delay=5") as domain:
            journal = domain.path("journal")
            chance = random.Random(20)
            kills = 0
            while kills < 6:
                sweep = start(domain, journal, "-c", "16")
                time.sleep(chance.uniform(0.05, 0.4))
                if sweep.poll() is not None:
                    sweep.communicate()
                    break
                stop(sweep)
                kills += 1
            self.assertGreater(kills, 0)
            run = Run(domain, "--resume", journal, journal=journal)
            self.assertEqual(run.status, 1, run.errors)
            self.assertEqual(set(run.hosts), set(domain.known()))
            repeated = [host for host, records in run.all_records.items()
                        if len(records) > 1]
            self.assertEqual(repeated, [])
            self.assertEqual(run.report["summary"]["hosts"], 600)

    def test_a_resumed_sweep_asks_again_for_rights_that_it_did_not_ask_for(self):
        debug = "SeDebugPrivilege"
        with Domain("--line", "hosts 20", "--line",
                    "host bad member grant=SeDebugPrivilege:everyone") as domain:
            first = Run(domain, "-r", IMPERSONATE)
            self.assertEqual(first.outcomes(), {"answered": 21})
            again = Run(domain, "-r", "all", "--resume", first.journal,
                        journal=first.journal)
            for record in again.hosts.values():
                self.assertIn(debug, record["rights"])
            self.assertEqual(again.status, 1, again.errors)
            # As many rights, or fewer: nobody is asked again.
            records = len([r for rs in again.all_records.values() for r in rs])
            for rights in ("all", debug):
                more = Run(domain, "-r", rights, "--resume", first.journal,
                           journal=first.journal)
                self.assertEqual(len([r for rs in more.all_records.values() for r in rs]),
                                 records)

    def test_resume_starts_a_journal_where_there_is_none(self):
        with Domain("--hosts", "5") as domain:
            journal = domain.path("new.ndjson")
            run = Run(domain, "--resume", journal, journal=journal)
            self.assertEqual(run.outcomes(), {"answered": 5})
            self.assertEqual(os.stat(journal).st_mode & 0o777, 0o600)

    def test_ctrl_c_leaves_a_journal_and_a_report(self):
        with Domain("--line", "hosts 300 delay=20") as domain:
            journal = domain.path("journal")
            sweep = start(domain, journal, "-c", "8")
            time.sleep(1)
            status, out, errors = stop(sweep, signal.SIGINT)
            self.assertEqual(status, 130, errors)
            header, hosts, trailer = read_journal(journal)
            self.assertIsNotNone(header)
            self.assertIsNotNone(trailer)
            answered = sum(r[-1]["outcome"] == "answered" for r in hosts.values())
            self.assertGreater(answered, 0)
            self.assertLess(answered, 300)
            report = json.loads(out)
            self.assertEqual(report["summary"]["assessed"], answered)

    def test_a_thousand_hosts_in_flight_cancelled_at_once(self):
        with Domain("--line", "hosts 1024 fault=hang@enum") as domain:
            journal = domain.path("journal")
            sweep = start(domain, journal, "-c", "1024", "--timeout", "60s")
            time.sleep(4)
            sweep.send_signal(signal.SIGINT)
            time.sleep(0.2)
            status, _, errors = stop(sweep, signal.SIGINT)
            self.assertEqual(status, 130, errors)
            self.assertNotIn("Sanitizer", errors)
            _, hosts, trailer = read_journal(journal)
            self.assertIsNotNone(trailer)
            self.assertEqual(len(hosts), 1024)

    def test_two_sweeps_do_not_share_a_journal(self):
        with Domain("--line", "hosts 50 delay=50") as domain:
            journal = domain.path("journal")
            first = start(domain, journal, "-c", "2")
            while not os.path.exists(journal) or not os.path.getsize(journal):
                self.assertIsNone(first.poll())
                time.sleep(0.01)
            second = start(domain, journal)
            out, errors = second.communicate(timeout=30)
            self.assertEqual(second.returncode, 2, errors)
            self.assertIn(journal, errors)
            stop(first, signal.SIGTERM)
            self.assertEqual(first.returncode, 143)

    def test_max_runtime(self):
        with Domain("--line", "hosts 200 delay=100") as domain:
            run = Run(domain, "-c", "2", "--max-runtime", "8s")
            counts = run.outcomes()
            self.assertGreater(counts["answered"], 0)
            self.assertEqual(counts["answered"] + counts["not_asked"], 200)
            self.assertIn(run.status, (3, 4))


class Parts(unittest.TestCase):
    def test_shards_are_disjoint_and_whole_and_merge(self):
        with Domain("--hosts", "120") as domain:
            runs = [Run(domain, "--shard", "%d/3" % part) for part in range(3)]
            sets = [set(run.hosts) for run in runs]
            self.assertEqual(set.union(*sets), set(domain.known()))
            self.assertEqual(sum(len(one) for one in sets), 120)
            self.assertTrue(all(sets))
            done = subprocess.run([PROGRAM, "report", "-o", "json"]
                                  + [run.journal for run in runs], env=variables(),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=60, check=False)
            self.assertEqual(json.loads(done.stdout)["summary"]["hosts"], 120,
                             done.stderr)

    def test_each_connection_is_a_client_of_its_own(self):
        """A server with multichannel keeps clients by their ClientGuid: two connections with
        one GUID are one client to it, and it answers on either ([MS-SMB2] 3.3.5.5)."""
        with Domain("--hosts", "200") as domain:
            run = Run(domain, "-c", "64")
            self.assertEqual(run.outcomes(), {"answered": 200})
            seen = domain.statistics()
        self.assertEqual(seen["guids_repeated"], 0)

    def test_the_first_record_does_not_wait_for_the_last(self):
        with Domain("--line", "hosts 400 delay=20") as domain:
            journal = domain.path("journal")
            sweep = start(domain, journal, "-c", "4")
            lines = 0
            while lines < 2 and sweep.poll() is None:
                time.sleep(0.02)
                if os.path.exists(journal):
                    with open(journal, encoding="utf-8") as file:
                        lines = file.read().count("\n")
            self.assertIn(lines, range(2, 400))
            stop(sweep, signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
