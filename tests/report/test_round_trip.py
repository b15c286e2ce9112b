# SPDX-License-Identifier: Apache-2.0
"""The remediation is what the baseline wants: a template that gpo-inf writes, read back as a
policy, is compliant with the baseline it was written for."""

import json
import os
import subprocess
import tempfile
import unittest

import journals
from journals import DOMAIN, PROGRAM, facts, held

EVERYONE = ("S-1-1-0", "Everyone", "well_known_group")
SERVERS = (14393, 17763, 20348, 26100)
BUILDS = {"domain_controller": SERVERS, "member_server": SERVERS, "standalone_server": SERVERS,
          "client": (14393, 19045, 22631, 26100, 26200)}


def shipped():
    listed = subprocess.run([PROGRAM, "baseline", "list"], capture_output=True, text=True,
                            check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line[0] != " "]


def baseline(name):
    return json.loads(subprocess.run([PROGRAM, "baseline", "show", name], capture_output=True,
                                     check=True).stdout)


def is_ruled(rule, build):
    """A rule without a match of its own begins with its oldest generation."""
    return rule and ("match" in rule or min(map(int, rule["generations"])) <= build)


def machine(role, build):
    joined = role != "standalone_server"
    return {"domain_sid": DOMAIN if joined else None, "os_version": "10.0.%d" % build,
            "dns_domain": "corp.example" if joined else None,
            "forest": "corp.example" if joined else None,
            "machine_sid": "S-1-5-21-7-8-9"}


def host(name, role, build, rights):
    return facts(name, role, rights, machine=machine(role, build))


class RoundTrip(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lsasweep-round-trip.")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def template(self, name, role, build, rights):
        """What mends a host that nobody and one that everybody holds each right on."""
        journals.write(self.path("journal"), [
            host("nobody", role, build, {right: held() for right in rights}),
            host("everyone", role, build, {right: held(EVERYONE) for right in rights})], 2)
        done = journals.report(["--baseline", name, "-o", "gpo-inf=" + self.path("fix.inf")],
                               [self.path("journal")])
        self.assertIn(done.returncode, (1, 4), done.stderr)
        return self.path("fix-%s.inf" % role)

    def read_back(self, name, role, build, template):
        words = [template, "kind=policy", "role=" + role, "build=%d" % build]
        if role != "standalone_server":
            words += ["joined=yes", "domain=" + DOMAIN]
        done = subprocess.run([PROGRAM, "report", *words, "--baseline", name, "-o", "json",
                               "--fail-on", "none"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)["hosts"][0]

    def test_every_baseline_role_and_generation(self):
        for name in shipped():
            rules = baseline(name)["rights"]
            for role, builds in BUILDS.items():
                for build in builds:
                    rights = [right for right, roles in rules.items()
                              if is_ruled(roles.get(role), build)]
                    with self.subTest(baseline=name, role=role, build=build):
                        template = self.template(name, role, build, rights)
                        got = self.read_back(name, role, build, template)
                        with open(template, encoding="utf-16") as file:
                            text = file.read()
                        wrong = {right: (found["holders"], found["missing"])
                                 for right, found in got["rights"].items()
                                 if found["verdict"] not in ("compliant", "not_applicable")}
                        self.assertEqual(wrong, {}, text)
                        self.assertEqual(got["verdict"], "compliant", text)
                        for right in rights:
                            self.assertIn(right, text)

    def test_groups_of_the_root_are_not_guessed_in_a_child_domain(self):
        for forest, written in (("corp.example", True), ("CORP.example", True),
                                ("root.example", False), (None, False)):
            with self.subTest(forest=forest):
                about = dict(machine("member_server", 20348), forest=forest)
                journals.write(self.path("journal"), [
                    facts("srv", "member_server", {"SeDenyBatchLogonRight": held()},
                          machine=about)], 1)
                journals.report(["--baseline", "stig", "-o", "gpo-inf=" + self.path("fix.inf")],
                                [self.path("journal")])
                with open(self.path("fix-member_server.inf"), encoding="utf-16") as file:
                    text = file.read()
                self.assertEqual("*%s-519" % DOMAIN in text, written, text)
                self.assertEqual("DOMAIN-519 has no SID common" in text, not written, text)


if __name__ == "__main__":
    unittest.main()
