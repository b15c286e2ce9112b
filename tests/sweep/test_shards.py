# SPDX-License-Identifier: Apache-2.0
"""Several shards are one sweep: one of them proves the credential for all, and a wrong
password costs one login."""

import fcntl
import glob
import json
import os
import signal
import struct
import subprocess
import time
import unittest

import kdc
from domain import PROGRAM, Domain, read_journal, variables

SHARDS = 8
FAST = ("--timeout", "5s", "--login-timeout", "1s", "--retries", "3")


def domain_of(*statements):
    return Domain(*[word for line in statements for word in ("--line", line)])


class Shards:
    """Shards that run side by side, and what they came to."""

    def __init__(self, domain, *arguments, password="wrong", parts=range(SHARDS),
                 user="auditor", **environment):
        self.domain, self.arguments, self.user = domain, arguments, user
        self.environment = variables(password, **environment)
        self.folder = domain.path("out")
        os.makedirs(self.folder, exist_ok=True)
        self.running = {part: self.start(part) for part in parts}
        self.status, self.errors = {}, {}

    def journal(self, part):
        return os.path.join(self.folder, "%d.ndjson" % part)

    def start(self, part):
        journal = self.journal(part)
        return subprocess.Popen(
            [PROGRAM, "scan", "-U", self.user, "-iL", self.domain.path("targets"), "-o",
             "json", "--resume" if os.path.exists(journal) else "--journal", journal,
             "--shard", "%d/%d" % (part, SHARDS), *FAST, *self.arguments],
            env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self):
        for part, process in self.running.items():
            self.errors[part] = process.communicate(timeout=240)[1]
            self.status[part] = process.returncode
        return self

    def outcomes(self):
        counts = {}
        for path in glob.glob(os.path.join(self.folder, "*.ndjson")):
            for records in read_journal(path)[1].values():
                outcome = records[-1]["outcome"]
                counts[outcome] = counts.get(outcome, 0) + 1
        return counts

    def lock(self):
        found = glob.glob(os.path.join(self.folder, "lsasweep-shards-*.lock"))
        assert len(found) == 1, found
        return found[0]


class Refused(unittest.TestCase):
    def test_a_wrong_password_costs_one_login_in_all(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 80") as domain:
            shards = Shards(domain).finish()
            self.assertEqual(shards.outcomes(), {"logon_refused": 1, "guarded": 79},
                             shards.errors)
            self.assertEqual(set(shards.status.values()), {5}, shards.errors)
            self.assertEqual(domain.statistics()["logon_attempts"], 1)
            told = [text for text in shards.errors.values()
                    if "was refused to shard" in text]
            self.assertEqual(len(told), SHARDS - 1, shards.errors)
            self.assertIn("STATUS_LOGON_FAILURE", told[0])
            self.assertIn(shards.lock(), told[0])

    def test_so_it_does_when_they_run_one_after_the_other(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 80") as domain:
            for part in range(SHARDS):
                shards = Shards(domain, parts=[part]).finish()
                self.assertEqual(shards.status[part], 5, shards.errors)
            self.assertEqual(shards.outcomes(), {"logon_refused": 1, "guarded": 79})
            self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_hosts_without_a_verdict_cost_two_logins_in_all(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", *[
                "host h%d member address=127.30.0.%d fault=%s@setup2"
                % (n, n, ("hang", "reset", "fin")[n % 3]) for n in range(1, 61)]) as domain:
            shards = Shards(domain).finish()
            self.assertEqual(set(shards.status.values()), {5}, shards.errors)
            seen = domain.statistics()
            self.assertLessEqual(seen["logon_attempts"], 2, shards.errors)
            self.assertEqual(seen["accounts"]["auditor"]["state"], "enabled")

    def test_the_right_password_after_a_mistyped_one_is_not_held_up(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 40") as domain:
            Shards(domain).finish()
            shards = Shards(domain, password="Lab-Passw0rd").finish()
            self.assertEqual(shards.outcomes(), {"answered": 40}, shards.errors)
            self.assertEqual(domain.statistics()["logon_attempts"], 41)


class Accepted(unittest.TestCase):
    def test_a_right_password_lets_all_of_them_answer_and_the_report_is_whole(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 80") as domain:
            shards = Shards(domain, password="Lab-Passw0rd").finish()
            self.assertEqual(shards.outcomes(), {"answered": 80}, shards.errors)
            report = subprocess.run(
                [PROGRAM, "report", "-o", "json",
                 *glob.glob(os.path.join(shards.folder, "*.ndjson"))],
                stdout=subprocess.PIPE, check=False)
            self.assertEqual(json.loads(report.stdout)["summary"]["hosts"], 80)
            self.assertEqual(domain.statistics()["logon_attempts"], 80)

    def test_a_password_changed_in_mid_sweep_is_checked_by_one_shard(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 30",
                       "change auditor 8", "base 127.30.0.0", "hosts 240") as domain:
            # so soon that no shard has asked all of its hosts by then
            shards = Shards(domain, "-c", "2", password="Lab-Passw0rd").finish()
            account = domain.statistics()["accounts"]["auditor"]
            self.assertEqual(account["state"], "enabled")
            self.assertLessEqual(account["bad_passwords"], 2 * SHARDS + 1, shards.errors)
            self.assertEqual(set(shards.status.values()), {5}, shards.errors)


def wait_for_proof(folder, shard):
    """Until the process has recorded that the credential was accepted."""
    proven = 2 * 4 + 16 + 8 + 2 * 4  # behind magic, size, salt, time, author, fingerprint
    while shard.poll() is None:
        for path in glob.glob(os.path.join(folder, "lsasweep-shards-*.lock")):
            with open(path, "rb") as file:
                record = file.read()
            if record[proven:proven + 1] == b"\1":
                return
        time.sleep(0.01)
    raise AssertionError("the shard ended without a proof")


def members_of(part, *targets):
    return subprocess.run([PROGRAM, "scan", "-sL", "--shard", "%d/%d" % (part, SHARDS),
                           *targets], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.split()


class PlaceOfAnother(unittest.TestCase):
    """A shard that took over the proof has no host of its own that accepted it."""

    def run_second_shard(self, *more, lies):
        """Shard 0 proves the credential and stays; then shard 1, all of whose hosts but
        one lie."""
        first = members_of(0, "127.30.0.1-60")[0]
        members = members_of(1, "127.30.0.1-60")
        liars, good = members[:-1], members[-1]
        self.assertGreater(len(liars), 2)
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5",
                       "host a member address=%s fault=hang@tree" % first,
                       *["host l%d member address=%s logon_status=%s" % (n, liar, lies)
                         for n, liar in enumerate(liars)],
                       "host b member address=" + good, *more) as domain:
            shards = Shards(domain, "-c", "1", "--timeout", "10m", "--host-timeout", "10m",
                            password="Lab-Passw0rd", parts=[0])
            self.addCleanup(shards.running[0].kill)
            wait_for_proof(shards.folder, shards.running[0])
            first = shards.running.pop(0)
            shards.running = {1: shards.start(1)}
            shards.finish()
            first.kill()
            first.communicate()
            outcomes = sorted(records[-1]["outcome"] for records in
                              read_journal(shards.journal(1))[1].values())
            return shards, outcomes, domain.statistics()

    def test_hosts_that_lie_never_stop_it(self):
        shards, outcomes, seen = self.run_second_shard(lies="c000006d")
        liars = len(outcomes) - 1
        self.assertEqual(outcomes, ["answered"] + ["logon_refused"] * liars, shards.errors)
        self.assertNotEqual(shards.status[1], 5, shards.errors)
        # each lie costs a check; shard 0's first host was asked once before
        self.assertEqual(seen["logon_attempts"], 1 + 2 * liars + 1)

    def test_a_changed_password_is_checked_there(self):
        shards, _, seen = self.run_second_shard("change auditor 1", lies="c000006d")
        self.assertEqual(shards.status[1], 5, shards.errors)
        self.assertIn("also where it was accepted before", shards.errors[1])
        self.assertEqual(seen["accounts"]["auditor"]["bad_passwords"], 2)


def turn_holder(shards):
    """The process that has the turn to log on, as soon as there is one."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for path in glob.glob(os.path.join(shards.folder, "lsasweep-shards-*.lock")):
            with open(path, "rb") as file:
                asked = struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, 0, 1, 0)
                kind, _, _, _, holder = struct.unpack(
                    "hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, asked))
            if kind != fcntl.F_UNLCK:
                return holder
        time.sleep(0.01)
    raise AssertionError("no shard took the turn")


class ByKerberos(unittest.TestCase):
    def proofs(self, answer):
        """How many proofs of a wrong password eight shards send to the KDC."""
        with domain_of("base 127.30.0.0", "hosts 40") as domain:
            realm = kdc.Realm()
            one = kdc.Kdc(realm, "preauth", answer)
            try:
                kdc.configuration(domain.path("krb5.conf"), [one], "")
                shards = Shards(domain, user="svc@" + kdc.REALM,
                                KRB5_CONFIG=domain.path("krb5.conf")).finish()
            finally:
                one.close()
            return len(realm.proofs), shards, shards.outcomes()

    def test_one_shard_asks_the_kdc(self):
        proofs, shards, outcomes = self.proofs(kdc.PREAUTH_FAILED)
        self.assertEqual(proofs, 1, shards.errors)
        self.assertEqual(set(shards.status.values()), {5}, shards.errors)
        self.assertEqual(outcomes, {"logon_refused": 1, "guarded": 39})

    def test_a_kdc_without_a_verdict_gets_two_proofs_in_all(self):
        proofs, shards, _ = self.proofs("silent")
        self.assertEqual(proofs, 2, shards.errors)
        self.assertEqual(set(shards.status.values()), {2, 5}, shards.errors)


class Killed(unittest.TestCase):
    def test_a_shard_that_dies_while_it_tries_the_credential_is_followed_by_another(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5",
                       "base 127.30.0.0", "hosts 80 delay=300") as domain:
            shards = Shards(domain, password="Lab-Passw0rd")
            holder = turn_holder(shards)
            dead = [part for part, process in shards.running.items()
                    if process.pid == holder]
            self.assertEqual(len(dead), 1)
            shards.running[dead[0]].send_signal(signal.SIGKILL)
            shards.finish()
            self.assertEqual(shards.status.pop(dead[0]), -signal.SIGKILL)
            self.assertLessEqual(set(shards.status.values()), {0, 1}, shards.errors)
            shards.running = {dead[0]: shards.start(dead[0])}
            shards.finish()
            self.assertEqual(shards.outcomes(), {"answered": 80}, shards.errors)


if __name__ == "__main__":
    unittest.main()
