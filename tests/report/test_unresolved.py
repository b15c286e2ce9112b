# SPDX-License-Identifier: Apache-2.0
"""SIDs that name nobody, or nobody that the host can name, in a report: what is not known
is not reported as known."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import journals  # noqa: E402

NOBODY = "S-1-0-0"
GONE = "S-1-5-21-9999-8888-7777"
ROLE = ("role=member_server", "os=10.0.20348")


class Unresolved(unittest.TestCase):
    def report(self, name, text, *arguments):
        """The one host of a file, and the exit code."""
        with tempfile.TemporaryDirectory(prefix="lsasweep-unresolved.") as folder:
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            done = subprocess.run([journals.PROGRAM, "report", "-o", "json", path, *arguments],
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False)
        hosts = json.loads(done.stdout)["hosts"]
        self.assertEqual(len(hosts), 1, done.stderr)
        return hosts[0], done.returncode

    def export(self, who, baseline):
        return self.report("srv.inf", "[Privilege Rights]\n" + "".join(
            "%s = %s\n" % (right, who) for right in (
                "SeTrustedCredManAccessPrivilege", "SeTcbPrivilege")),
            "--baseline", baseline, *ROLE)

    def test_the_null_sid_holds_nothing(self):
        for baseline in ("cis", "stig", "microsoft"):
            host, _ = self.export("*" + NOBODY, baseline)
            for name in ("SeTrustedCredManAccessPrivilege", "SeTcbPrivilege"):
                right = host["rights"][name]
                self.assertEqual(right["verdict"], "compliant", (baseline, name))
                holder = right["holders"][0]
                self.assertEqual((holder["sid"], holder["label"]), (NOBODY, "allowed"))
                self.assertIn("nobody holds the right by it", holder["reason"])

    def test_but_another_group_beside_it_does(self):
        host, _ = self.export("*%s,*S-1-1-0" % NOBODY, "cis")
        right = host["rights"]["SeTcbPrivilege"]
        self.assertEqual(right["verdict"], "violation")
        self.assertEqual({holder["sid"]: holder["label"] for holder in right["holders"]},
                         {NOBODY: "allowed", "S-1-1-0": "extra"})

    def in_a_journal(self, *sids):
        """{SID: holder} of a member where the host could name none of them."""
        held = journals.held(*journals.STOCK, *((sid, None, "unknown") for sid in sids))
        host, code = self.report("facts.ndjson", json.dumps(journals.facts(
            "mem", rights={journals.IMPERSONATE: held})) + "\n")
        self.assertEqual(code & 1, 1)
        return {holder["sid"]: holder
                for holder in host["rights"][journals.IMPERSONATE]["holders"]}

    def test_a_well_known_rid_of_a_domain_that_is_gone_is_unidentified(self):
        rids = {512: "Domain Admins", 513: "Domain Users", 514: "Domain Guests",
                519: "Enterprise Admins", 500: "", 1105: ""}
        found = self.in_a_journal(*("%s-%d" % (GONE, rid) for rid in rids))
        for rid, name in rids.items():
            holder = found["%s-%d" % (GONE, rid)]
            self.assertEqual((holder["finding"], holder["severity"]),
                             ("unidentified", "medium"), holder)
            self.assertIsNone(holder["name"])
            self.assertIn("the host knows no name for this SID", holder["reason"])
            if name:
                self.assertIn("RID %d is %s in the domain that issued it" % (rid, name),
                              holder["reason"])

    def test_of_the_host_s_own_domain_it_is_who_it_says(self):
        sid = journals.DOMAIN + "-513"
        holder = self.in_a_journal(sid)[sid]
        self.assertEqual((holder["finding"], holder["severity"]),
                         ("broad_principal", "critical"))


if __name__ == "__main__":
    unittest.main()
