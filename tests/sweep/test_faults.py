# SPDX-License-Identifier: Apache-2.0
"""Every fault at every step of a dialogue: each cell of the matrix has the outcome that is
right, the step that is right, and no fact that is not true.  The tables are printed."""

import unittest

from domain import Domain, IMPERSONATE, Run, holders

# How the hosts of a matrix speak.  A service account holds the right everywhere, so that
# there is a name to be looked up after the rights were told.
MANNERS = {
    "3.1.1, signed": "",
    "3.1.1, sealed": "encrypt=session cipher=aes-128-gcm",
    "3.0.2, sealed from the tree on": "dialect=3.0.2 encrypt=share",
    "2.1, signed": "dialect=2.1",
}
GRANT = "grant=SeImpersonatePrivilege:svc-web"
FIRST, SEALED, SHARE, OLD = MANNERS

LETTERS = {
    "answered": "+", "unresolvable": "U", "refused": "R", "timeout": "T", "stalled": "S",
    "disconnected": "D", "not_smb": "N", "smb1_only": "1", "logon_refused": "L",
    "access_denied": "A", "integrity_failed": "I", "protocol_error": "P",
}

# The program's steps in which a fault at the domain's step may come to light.  What is
# wrong behind a good answer shows at the next one.
QUESTIONS = {"call", "role", "open policy", "dns domain", "account domain", "right",
             "names"}
SHOWN_AT = {
    "resolve": {"resolve"}, "connect": {"connect"}, "accept": {"connect", "negotiate"},
    "negotiate": {"negotiate", "authenticate", "validate"}, "setup1": {"authenticate"},
    "setup2": {"authenticate", "tree connect"},
    "tree": {"tree connect", "validate", "open pipe"}, "create": {"open pipe", "bind"},
    "bind": {"bind"} | QUESTIONS, "alter": {"bind"} | QUESTIONS,
    "dssetup": {"bind"} | QUESTIONS, "openpolicy": QUESTIONS, "query": QUESTIONS,
    "enum": QUESTIONS | {"close"}, "lookup": QUESTIONS | {"close"}, "close": set(),
    "logoff": {"close"},
}
SIGNED_STEPS = ("create", "bind", "alter", "dssetup", "openpolicy", "query", "enum",
                "lookup")
SEALED_STEPS = ("tree",) + SIGNED_STEPS + ("logoff",)


def due(manner, fault, step, allowed):
    """The one outcome that is right here, where the domain leaves a choice: it tells what
    any scanner may say, and this is what ours can know."""
    if step == "close":
        return "answered"        # handles end with the session: CLOSE is never said
    if fault in ("garbage", "noise") and step == "negotiate":
        return "not_smb"         # nothing there has spoken SMB yet
    if fault == "denied" and step == "negotiate":
        return "protocol_error"  # access is denied to who has logged on
    if fault in ("absurd_count", "referents") and step != "lookup":
        return "protocol_error"  # who lies once is asked no more
    if fault == "no_encryption":
        return "answered"        # encryption was not required
    if fault == "short" and step in SIGNED_STEPS and manner in (FIRST, OLD):
        return "integrity_failed"  # cut on the way or by the host: the signature is wrong
    if fault == "absurd_offset" and step == "setup2":
        return "answered"        # bare NTLM ends without a token: the offset is of nothing
    if fault == "unsigned" and step in SEALED_STEPS and (
            manner == SEALED or (manner == SHARE and step != "tree")):
        return "answered"        # a sealed answer needs no signature
    if fault == "unencrypted" and manner == OLD:
        return "answered"        # there was nothing to encrypt
    if fault == "downgrade_encryption" and manner in (SHARE, OLD):
        return "answered"        # that context is of 3.1.1 alone
    return allowed[0]


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = []
        for words in MANNERS.values():
            lines += ["--line", "matrix %s %s" % (GRANT, words)]
        with Domain(*lines, "--dns", "0") as domain:
            cls.run_of_all = Run(domain, "-c", "64", "--timeout", "6s",
                                 "--connect-timeout", "3s", "--host-timeout", "20s",
                                 "--retries", "0", "--max-logon-failures", "1000",
                                 "--dns", "127.0.0.1:" + domain.ports["dns"])
            cls.targets = [words[0].rsplit(":", 1)[0] for words in domain.targets()]
            cls.truth = domain.truth

    def cells(self):
        """(manner, truth, record) of each host."""
        manners = list(MANNERS)
        each = len(self.truth) // len(manners)
        for number, (target, truth) in enumerate(zip(self.targets, self.truth)):
            yield manners[number // each], truth, self.run_of_all.hosts[target]

    def test_every_cell(self):
        seen = 0
        for manner, truth, record in self.cells():
            fault, step = truth["fault"], truth["step"]
            wanted = due(manner, fault, step, truth["outcome"])
            if wanted not in truth["outcome"]:
                self.assertEqual(wanted, "answered")
            with self.subTest(manner=manner, fault=fault, step=step):
                self.assertEqual(record["outcome"], wanted, record["error"])
                if wanted == "answered":
                    self.assertIsNone(record["error"])
                else:
                    self.assertIn(record["error"]["step"], SHOWN_AT[step])
                    self.assertTrue(record["error"]["text"])
            seen += 1
        self.assertGreaterEqual(seen, 1460)

    def test_nothing_is_told_that_is_not_true(self):
        """Also of a host that failed later on: what stands in its record was told."""
        for manner, truth, record in self.cells():
            with self.subTest(manner=manner, fault=truth["fault"], step=truth["step"]):
                outcome, sids = ("failed", set()) if IMPERSONATE not in record["rights"] \
                    else holders(record)
                self.assertIn(outcome, ("held", "denied", "failed"))
                if outcome == "held":
                    self.assertEqual(sids, set(truth["rights"][IMPERSONATE]))
                if outcome == "denied":
                    self.assertEqual(truth["fault"], "denied")
                self.assertIn(record["role"]["value"], ("member_server", "unknown"))
                self.assertIn(record["machine"]["netbios_name"],
                              (truth["netbios_name"], None))
                self.assertIn(record["machine"]["domain"], (truth["domain"], None))

    def test_nobody_passes_who_broke_down(self):
        """A host that told who holds the right is a violation even if it failed later on:
        the account that holds it everywhere is too many for every role.  No host that
        failed is compliant, and unknown is all the rest."""
        verdicts = {host["host"]: host["verdict"] for host in
                    self.run_of_all.report["hosts"]}
        for _manner, truth, record in self.cells():
            told = IMPERSONATE in record["rights"] and holders(record)[0] == "held"
            with self.subTest(fault=truth["fault"], step=truth["step"]):
                self.assertEqual(verdicts[record["host"]],
                                 "violation" if told else "unknown")
        self.assertEqual(self.run_of_all.status, 4, self.run_of_all.errors)

    @classmethod
    def tearDownClass(cls):
        cells = {(manner, truth["fault"], truth["step"]):
                 LETTERS.get(record["outcome"], "?")
                 for manner, truth, record in cls.cells(cls)}
        print("\n%s" % "  ".join("%s %s" % pair[::-1] for pair in LETTERS.items()))
        for wanted in MANNERS:
            steps = list(dict.fromkeys(step for manner, _, step in cells
                                       if manner == wanted))
            print("\nSMB %s\n%-21s" % (wanted, ""), *("%-6.6s" % step for step in steps))
            for fault in dict.fromkeys(fault for _, fault, _ in cells):
                row = ["%-6s" % cells.get((wanted, fault, step), ".") for step in steps]
                print("%-21s" % fault, " ".join(row).rstrip())


if __name__ == "__main__":
    unittest.main()
