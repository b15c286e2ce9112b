# SPDX-License-Identifier: Apache-2.0
"""Every fault of a directory at every step: how the reading ends, what is said of it, what
of the domain is kept, and that no login is made a second time once one was refused."""

import concurrent.futures
import json
import os
import sys
import unittest

import kdc
from domain import Run, read_journal
from ldaplab import Directory, own_network, without_zeros
from mit_kdc import Kdc

SMALL = "directory computers=60 page=150"  # two pages with the controllers' own
STATUS = {"whole": 0, "incomplete": 3, "refused": 5}
IN_TIME = "connected, then no answer in time"
CLOSED = "the domain controller closed the connection"
NO_LDAP = "an answer is not LDAP"
NO_BUFFER = "what follows the login is no SASL buffer"
ALTERED = "an answer was not encrypted, or was altered on the way"
NO_DIRECTORY = "this LDAP server is not Active Directory"
CUT_SHORT = "the host's NTLM challenge is not answered: it is cut short"

# fault: what must be said; of a controller at a step the more exact key counts.
WORDS = {
    "silence": IN_TIME, "drip": IN_TIME, "wrong_id": IN_TIME,
    "reset": CLOSED, "fin": CLOSED, "cut": CLOSED,
    "noise": NO_BUFFER, "noise@accept": NO_LDAP, "noise@bind1": NO_LDAP,
    "noise@bind2": NO_LDAP, "unsealed": NO_BUFFER,
    "garbage": NO_LDAP, "oversize": NO_LDAP, "big_entry": NO_LDAP, "bad_control": NO_LDAP,
    "bad_seal": ALTERED, "replayed": ALTERED,
    "no_seal": "strongAuthRequired", "strong_auth": "strongAuthRequired",
    "early_success": "the domain controller did not prove itself",
    "endless_bind": CUT_SHORT, "no_token": CUT_SHORT,
    "referral": "refers to another server, which is never followed",
    "busy": "the domain controller is busy",
    "unwilling": "unwillingToPerform", "cookie_refused": "unwillingToPerform",
    "strange_result": "answered with LDAP result 4096",
    "data_525": "does not know this user", "data_52e": "user name or password is wrong",
    "data_530": "may not log on at this hour", "data_531": "not log on from this machine",
    "data_532": "the password has expired", "data_533": "the account is disabled",
    "data_534": "not granted this type of logon", "data_701": "the account has expired",
    "data_773": "must be changed before the first logon",
    "data_775": "the account is locked out",
    "no_data": "the credential was refused (invalidCredentials)",
    "not_ad": NO_DIRECTORY, "bare_root": NO_DIRECTORY, "no_entry": NO_DIRECTORY,
    "other_domain": 'serves "elsewhere.example", not "corp.example"',
    "size_limit": "sizeLimitExceeded", "time_limit": "timeLimitExceeded",
    "no_paging": "unavailableCriticalExtension",
    "no_control": "does not say whether it is the last",
    "long_page": "a page holds more answers than were asked for",
    "empty_pages": "sends empty pages without end",
    "endless_pages": "sends the same page again",
}
# What a fault adds to the domain, and how many accounts of that are left out nameless.
HOSTILE_ENTRIES = 13
ADDED = {"hostile": None, "missing": (3, 1), "many_values": (1, 1)}
SLOW = ("silence", "drip", "wrong_id")  # they wait for a deadline
WAITING = SLOW + ("busy", "busy_once")
BEFORE_PROOF = ("accept", "bind1")
# The proof was sent, and nobody knows what became of it: no other controller gets one.
NO_VERDICT = ("silence", "drip", "wrong_id", "reset", "fin", "cut", "noise", "oversize",
              "endless_bind")
GOOD = "dc1.corp.example"


class Cell:
    """One controller that misbehaves, read alone and with a good one behind it."""

    def __init__(self, truth, number):
        self.fault, self.step = truth["directory_fault"], truth["directory_step"]
        self.outcome = truth["directory_outcome"]
        self.name = self.fault + "@" + self.step
        self.address = truth["address"]
        self.users = ["alone%d" % number, "both%d" % number]
        self.limits = (["--login-timeout", "2s", "--timeout", "2s"]
                       if self.fault in SLOW else [])

    def users_as_lines(self):
        return [word for user in self.users
                for word in ("--line", "user %s Lab-Passw0rd" % user)]

    def read(self, lab, user, *more):
        record = lab.path("record." + user)
        status, out, errors = lab.discover(
            "--dc", self.address, *more, *self.limits, "--no-policy", "-o", "json", "-o",
            "directory=" + record, user="CORP\\" + user)
        lines = []
        if os.path.exists(record):
            with open(record, encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
        return {"status": status, "errors": errors, "lines": lines,
                "found": json.loads(out)}

    def play(self, lab):
        self.alone = self.read(lab, self.users[0])
        self.both = (self.read(lab, self.users[1], "--dc", GOOD)
                     if self.outcome != "whole" else None)


def play_all(lab, cells):
    """Those that wait side by side, the others two at a time."""
    for threads, group in ((16, [cell for cell in cells if cell.fault in WAITING]),
                           (2, [cell for cell in cells if cell.fault not in WAITING])):
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda cell: cell.play(lab), group))


def matrix():
    """The truth of each controller: it must be known before users can be made for them."""
    with Directory("--line", "host dc1 dc", "--line", "directory-matrix") as lab:
        return [host for host in lab.truth if "directory_fault" in host]


def words_of(cell, said):
    """What must be said.  A reset may come before connect() has told that it is done."""
    if cell.name == "reset@accept" and "connect: " in said:
        return "Connection reset by peer"
    return WORDS.get(cell.name) or WORDS[cell.fault]


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells = [Cell(host, n) for n, host in enumerate(matrix())]
        users = [word for cell in cls.cells for word in cell.users_as_lines()]
        with Directory("--line", "host dc1 dc", "--line", "directory-matrix", "--line",
                       SMALL, *users) as lab:
            play_all(lab, cls.cells)
            cls.counts = lab.counts()
            cls.accounts = lab.statistics()["accounts"]

    def each(self, check):
        for cell in self.cells:
            with self.subTest(cell.name):
                check(cell)

    def test_the_whole_matrix_was_played(self):
        self.assertGreater(len(self.cells), 150)
        self.assertEqual({cell.step for cell in self.cells},
                         {"accept", "bind1", "bind2", "root", "objects", "page1", "entry",
                          "page2", "end"})

    def test_the_exit_code(self):
        def check(cell):
            self.assertEqual(cell.alone["status"], STATUS[cell.outcome],
                             cell.alone["errors"])

        self.each(check)

    def test_the_words(self):
        def check(cell):
            errors = cell.alone["errors"]
            if cell.outcome == "whole":
                self.assertEqual(errors, "")
                return
            said = [line for line in errors.splitlines()
                    if line.startswith("lsasweep: %s: " % cell.address)]
            self.assertEqual(len(said), 1, errors)
            self.assertIn(words_of(cell, said[0]), said[0])
            step = said[0].split(": ")[2]
            self.assertIn(step, ("connect", "authenticate") if cell.step == "accept" else
                          ("authenticate",) if cell.step in ("bind1", "bind2") else
                          ("search", "protect", "read"))
            self.assertTrue(errors.isprintable() or "\033" not in errors)
            self.assertNotIn("<script>", errors)

        self.each(check)

    def test_what_came_is_counted_and_what_is_missing_is_said(self):
        def check(cell):
            found = without_zeros(cell.alone["found"]["computers"])
            domain, = cell.alone["found"]["domains"]
            if cell.fault in ADDED:
                added = ADDED[cell.fault]
                self.assertGreater(found["total"], self.counts["total"])
                if cell.fault == "hostile":  # none is dropped, whatever its name is
                    self.assertEqual(found["total"], self.counts["total"] + HOSTILE_ENTRIES)
                self.assertGreaterEqual(found["in_scope"], self.counts["in_scope"])
                if added:
                    self.assertEqual(found["total"], self.counts["total"] + added[0])
                    self.assertEqual(found["left_out"]["no_name"], added[1])
            elif cell.outcome == "whole":
                self.assertEqual(found, self.counts)
            if cell.outcome == "whole":
                self.assertIsNone(domain["error"])
                return
            self.assertIn(words_of(cell, domain["error"]), domain["error"])
            least = {"page2": 150, "end": 150, "entry": 2}.get(cell.step, 0)
            self.assertGreaterEqual(found["total"], least)
            self.assertLessEqual(found["total"], self.counts["total"])

        self.each(check)

    def test_a_record_is_whole_or_lacks_its_end(self):
        def check(cell):
            lines = cell.alone["lines"]
            kinds = [line["kind"] for line in lines]
            if cell.outcome == "whole":
                self.assertEqual(kinds[-2:], ["domain", "end"])
            elif lines:
                self.assertEqual(kinds[-1], "domain")
                self.assertEqual(kinds.count("computer"),
                                 cell.alone["found"]["computers"]["total"])
            self.assertEqual(len({line["dn"] for line in lines if "account" in line}),
                             kinds.count("computer"))

        self.each(check)

    def test_no_login_is_made_twice_at_one_controller(self):
        def check(cell):
            attempts = self.accounts[cell.users[0]]["attempts"]
            before = (cell.step in BEFORE_PROOF and cell.outcome != "whole" and
                      cell.fault != "no_seal")
            self.assertEqual(attempts, 0 if before else 1)
            self.assertEqual(self.accounts[cell.users[0]]["failures"], 0)

        self.each(check)

    def test_another_controller_is_asked_unless_the_login_was_refused(self):
        def check(cell):
            if not cell.both:
                return
            attempts = self.accounts[cell.users[1]]["attempts"]
            errors = cell.both["errors"]
            if cell.outcome == "refused":
                self.assertEqual((cell.both["status"], attempts), (5, 1), errors)
            elif cell.step == "bind2" and cell.fault in NO_VERDICT:
                self.assertEqual((cell.both["status"], attempts), (3, 1), errors)
            else:
                self.assertEqual(cell.both["status"], 0, errors)
                self.assertEqual(without_zeros(cell.both["found"]["computers"]),
                                 self.counts)
                self.assertEqual(attempts, 1 if cell.step in BEFORE_PROOF and
                                 cell.fault != "no_seal" else 2)

        self.each(check)

    def test_hostile_names_reach_no_list_of_targets(self):
        cell, = [cell for cell in self.cells if cell.fault == "hostile"]
        evil = [line for line in cell.alone["lines"]
                if "evil" in (line.get("account") or "")]
        self.assertGreaterEqual(len(evil), 6)
        for line in evil:
            self.assertIsNone(line["sid"])
            self.assertEqual(line["last_logon"], None)


# Where the security layer and the end of the login are another mechanism's.
KERBEROS = ["cut@bind2", "silence@bind2", "data_52e@bind2", "strong_auth@bind2",
            "bad_seal@root", "replayed@root", "unsealed@root", "noise@page1",
            "garbage@entry", "trickle@page1"]


class Kerberos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kdc = Kdc()
        lines, keytab = ["--line", "host dc1 dc"], None
        for n, pair in enumerate(KERBEROS):
            lines += ["--line", "host k%d dc directory=%s" % (n, pair)]
            keytab = cls.kdc.keytab("ldap/k%d.corp.example" % n)
        cls.lab = Directory(*lines, "--line", "directory computers=250 page=150",
                            "--keytab", keytab)

    @classmethod
    def tearDownClass(cls):
        cls.lab.__exit__()
        cls.kdc.close()

    def read(self, n, *more):
        limits = ["--login-timeout", "2s"] if KERBEROS[n].startswith("silence") else []
        return self.lab.discover(
            "--dc", "k%d.corp.example" % n, *more, "-o", "json", *limits, "--no-ntlm",
            user="svc@" + kdc.REALM, password="Right-1",
            KRB5_CONFIG=self.kdc.path("krb5.conf"))

    def test_each_fault_ends_as_it_does_by_ntlm(self):
        for n, pair in enumerate(KERBEROS):
            with self.subTest(pair):
                truth, = [host for host in self.lab.truth if host["name"] == "k%d" % n]
                status, out, errors = self.read(n)
                fault = pair.split("@")[0]
                if fault == "data_52e":  # the KDC has judged the password already
                    self.assertEqual(status, 3, errors)
                else:
                    self.assertEqual(status, STATUS[truth["directory_outcome"]], errors)
                if status:
                    self.assertIn(WORDS[fault], errors)
                json.loads(out)
        self.assertEqual(self.kdc.failures("svc"), 0)


# A sweep whose directory breaks: what was read is swept, and the journal is whole.
SWEPT = ["fin@accept", "data_52e@bind2", "no_entry@root", "cut@objects", "cut@page1",
         "garbage@entry", "cookie_refused@page2", "reset@end", "hostile@entry"]


class Sweep(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = ["--line", "user auditor Lab-Passw0rd admin", "--line", "host srv1 member"]
        for n, pair in enumerate(SWEPT):
            lines += ["--line", "host s%d dc directory=%s" % (n, pair)]
        cls.lab = Directory(*lines, "--line", "directory computers=50 page=40")

    @classmethod
    def tearDownClass(cls):
        cls.lab.__exit__()

    def test_a_sweep_says_what_of_the_domain_it_does_not_know(self):
        for n, pair in enumerate(SWEPT):
            with self.subTest(pair):
                run = Run(self.lab, "--domain", "corp.example", "--dns",
                          self.lab.server(), "--dc", "s%d.corp.example" % n, "-p",
                          self.lab.ports["ready"], targets=False, user="CORP\\auditor")
                fault, step = pair.split("@")
                self.assertIsNotNone(run.trailer)
                self.assertEqual(set(run.hosts), {key.rsplit(":", 1)[0] for key in
                                                  read_journal(run.journal)[1]})
                if fault == "data_52e":
                    self.assertEqual(run.status, 5, run.errors)
                    self.assertEqual(run.hosts, {})
                    continue
                self.assertIn(run.status, (3, 4), run.errors)
                if fault == "hostile":
                    self.assertIn("srv1.corp.example", run.hosts)
                    continue
                self.assertIn(WORDS[fault], run.errors)
                domain, = run.report["coverage"]["domains"]
                self.assertIn(WORDS[fault], domain["error"])
                self.assertEqual("srv1.corp.example" in run.hosts,
                                 step in ("entry", "page2", "end"))


if __name__ == "__main__":
    if not os.path.exists("/usr/sbin/krb5kdc"):
        sys.exit("missing: the package krb5-kdc")
    own_network()
    unittest.main()
