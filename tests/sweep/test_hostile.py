# SPDX-License-Identifier: Apache-2.0
"""Hostile hosts among healthy ones: 1, 100 and 10,000 of them.  What a healthy host said is
recorded and judged as if it had been alone; what is true of it stays in every summary; and
memory and the turns of the loop are bounded, by counts and not by time."""

import json
import re
import subprocess
import sys
import unittest

from domain import PROGRAM, Domain, read_journal, variables

MIB = 1 << 20
HEALTHY = 300
LOUD = 160
# They end at once, each at another step.
MIX = ("garbage@enum noise@bind truncated@query short@enum oversize@create "
       "wrong_message_id@enum unsigned@enum bad_signature@lookup replayed@enum early@bind "
       "reset@enum fin@query garbage@negotiate wrong_session@tree absurd_count@query "
       "oversize@setup1").split()
# Held by each hostile host under the same name, so that they are more widespread than
# anything true.
INVENTED = ["S-1-5-21-9-9-9-%d" % (1000 + n) for n in range(25)]
# TURN_PIECES, TURN_WORK_MOST and the logins that may end at once: scanner/host/turn.h.
PIECES_MOST = 128 + 130 + 128
EVERYONE = "S-1-1-0"


def healthy():
    return ["base 127.31.0.1", "hosts %d plant=20" % HEALTHY]


def hostile(count):
    """A quarter hold what nobody else does, some invent thousands of holders, most break
    down at all steps.  They come before the healthy ones in the order of names."""
    liars, inventors = count // 4, count // 200
    return ["base 127.2.0.1",
            "hosts %d plant=0 hostile_banner=yes grant=SeImpersonatePrivilege:%s"
            % (liars, ",".join(INVENTED)),
            "hosts %d plant=0 invents=1000 long_names=100" % inventors,
            "mix " + " ".join("%s=6.2" % fault for fault in MIX),
            "hosts %d plant=0" % (count - liars - inventors)]


# The peak of a process is at least that of the one that started it: a small one here.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Sweep:
    """A finished scan: its records, its report, its peak memory (bytes), its turns."""

    def __init__(self, description, *arguments, outputs=()):
        with Domain(*[word for line in description for word in ("--line", line)]) as domain:
            journal, report = domain.path("journal"), domain.path("report")
            command = [PROGRAM, "scan", "-v", "-U", "auditor", "--retries", "0", "-iL",
                       domain.path("targets"), "--journal", journal, "-o",
                       "json=" + report, *arguments]
            for output in outputs:
                command += ["-o", "%s=%s" % (output, domain.path(output))]
            with open(domain.path("errors"), "w", encoding="utf-8") as errors:
                done = subprocess.run([sys.executable, "-c", MEASURED, *command],
                                      env=variables(), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=errors, check=True)
            self.peak = int(done.stdout) * 1024
            with open(domain.path("errors"), encoding="utf-8") as file:
                said = re.search(r"the longest turn .* (\d+) pieces", file.read())
            self.pieces = int(said.group(1))
            self.records = {records[-1]["host"]: records[-1]
                            for records in read_journal(journal)[1].values()}
            with open(report, encoding="utf-8") as file:
                self.report = json.load(file)
            self.written = {}
            for output in outputs:
                with open(domain.path(output), encoding="utf-8") as file:
                    self.written[output] = file.read()
            self.truth = domain.known()

    def healthy(self):
        return {host: record for host, record in self.records.items()
                if host.startswith("127.31.")}

    def verdicts(self):
        return {host["host"]: (host["verdict"], host["rights"])
                for host in self.report["hosts"] if host["host"].startswith("127.31.")}

    def principals(self):
        return {row["sid"]: row["rights"].get("SeImpersonatePrivilege", {})
                for row in self.report["principals"]}


def lasting(record):
    """What another sweep of the same host must say again."""
    return {key: value for key, value in record.items()
            if key not in ("ts", "timing_ms", "sweep", "port")}


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.alone = Sweep(healthy())

    def check(self, sweep, count):
        """Nothing of the healthy hosts is other than it was without the hostile ones."""
        self.assertEqual(len(sweep.records), HEALTHY + count)
        self.assertEqual(set(sweep.healthy()), set(self.alone.healthy()))
        for host, record in self.alone.healthy().items():
            self.assertEqual(lasting(sweep.records[host]), lasting(record))
            self.assertEqual(
                {holder["sid"] for holder in
                 record["rights"]["SeImpersonatePrivilege"].get("holders", [])},
                set(sweep.truth[host]["rights"]["SeImpersonatePrivilege"]), host)
        self.assertEqual(sweep.verdicts(), self.alone.verdicts())
        told = sweep.principals()
        for sid, roles in self.alone.principals().items():
            for role, hosts in roles.items():
                self.assertGreaterEqual(told[sid][role], hosts, (sid, role))
        self.assertLessEqual(sweep.pieces, PIECES_MOST)

    def test_one(self):
        self.check(Sweep(healthy() + ["host liar member address=127.2.0.1 "
                                      "invents=20000 hostile_banner=yes"]), 1)

    def test_a_hundred(self):
        self.check(Sweep(healthy() + hostile(100)), 100)

    def test_ten_thousand(self):
        """The summaries, which are cut, keep the worst of what is true."""
        sweep = Sweep(healthy() + hostile(10000),
                      outputs=("text", "prometheus", "html"))
        self.check(sweep, 10000)
        on = sum(self.alone.principals()[EVERYONE].values())
        self.assertGreater(on, 0)
        for output, line in (
                ("text", r"critical Everyone \(S-1-1-0\): holds SeImpersonatePrivilege"),
                ("text", r"  Everyone can impersonate on"),
                ("prometheus", r'lsasweep_unexpected_holder_hosts\{.*sid="S-1-1-0"'),
                ("html", r"Everyone")):
            self.assertRegex(sweep.written[output], line)
        self.assertLess(sweep.peak, 96 * MIB)


class Streamed(unittest.TestCase):
    """`--journal -`: heavy hosts are judged beside the loop, and count like others."""

    def run_over(self, *description):
        with Domain(*[word for line in description for word in ("--line", line)]) as domain:
            done = subprocess.run(
                [PROGRAM, "scan", "-v", "-U", "auditor", "-iL", domain.path("targets"),
                 "--journal", "-"], env=variables(), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, check=False)
        hosts = [json.loads(line) for line in done.stdout.splitlines()]
        hosts = [host for host in hosts if host["schema"].startswith("lsasweep.facts/")]
        said = re.search(r"assessed ([0-9,]+) of ([0-9,]+) hosts?", done.stderr, re.I)
        pieces = int(re.search(r"(\d+) pieces", done.stderr).group(1))
        self.assertLessEqual(pieces, PIECES_MOST)
        return done.returncode, len(hosts), said.groups()

    def test_the_verdict_is_of_all_hosts(self):
        healthy = "hosts 20 plant=0"
        heavy = "host heavy member address=127.9.0.%d invents=15000"
        broken = "host broken member address=127.9.1.1 fault=garbage@negotiate"
        self.assertEqual(self.run_over(healthy), (0, 20, ("20", "20")))
        self.assertEqual(self.run_over(healthy, heavy % 1, heavy % 2),
                         (1, 22, ("22", "22")))
        self.assertEqual(self.run_over(healthy, heavy % 1, broken), (4, 22, ("21", "22")))
        self.assertEqual(self.run_over(heavy % 1), (1, 1, ("1", "1")))


class Memory(unittest.TestCase):
    def test_hosts_that_all_invent_at_once(self):
        """Each has more than a megabyte to tell: the pot of a sweep, 128 MiB (budget.h), is
        what all of them have together beside their shares.  How many tell it at the same
        time, and whether the pot is ever empty, depends on the machine."""
        sweep = Sweep(["base 127.2.0.1", "hosts %d plant=0 invents=2800 long_names=350" % LOUD,
                       *healthy()], "-c", "256")
        self.assertEqual([host for host, record in sweep.healthy().items()
                          if record["outcome"] != "answered"], [])
        self.assertLess(sweep.peak, 256 * MIB)
        self.assertLessEqual(sweep.pieces, PIECES_MOST)


if __name__ == "__main__":
    unittest.main()
