# SPDX-License-Identifier: Apache-2.0
"""domain.py: runs the program against the simulated domain; shared by the tests here."""

import json
import os
import shutil
import signal
import subprocess
import tempfile

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
LAB = os.environ.get("LSASWEEP_LAB", "build/tests/lab/lsasweep-lab")
HERE = os.path.dirname(os.path.abspath(__file__))
SANITIZERS = {
    "ASAN_OPTIONS": "fast_unwind_on_malloc=0:abort_on_error=0",
    "LSAN_OPTIONS": "suppressions=%s:print_suppressions=0" % os.path.join(
        os.path.dirname(HERE), "lsan.supp"),
}
# No domain of this machine is asked about a user of the simulated one.
NO_DOMAIN = {"KRB5_CONFIG": os.devnull}
PASSWORD = "Lab-Passw0rd"
IMPERSONATE = "SeImpersonatePrivilege"
STOCK = {"S-1-5-32-544", "S-1-5-6", "S-1-5-19", "S-1-5-20"}


class Domain:
    """A running lsasweep-lab: `with Domain("--hosts", "100") as domain:`."""

    def __init__(self, *arguments):
        self.folder = tempfile.mkdtemp(prefix="lsasweep-domain.")
        self.process = subprocess.Popen(
            [LAB, "--port", "0", "--targets", self.path("targets"), "--truth",
             self.path("truth"), "--stats", self.path("stats")] + list(arguments),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, **SANITIZERS))
        self.ports = {}
        wanted = {"ready", "refused"} | ({"dns"} if "--dns" in arguments else set())
        while wanted - set(self.ports):
            line = self.process.stdout.readline().split()
            if not line:
                raise RuntimeError("lsasweep-lab did not start")
            self.ports[line[0]] = line[1]
        with open(self.path("truth"), encoding="utf-8") as file:
            self.truth = [json.loads(line) for line in file]

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.statistics()
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def targets(self):
        """The target list's lines, the host first."""
        with open(self.path("targets"), encoding="utf-8") as file:
            return [line.split() for line in file if line.strip()]

    def statistics(self):
        """Ends the domain; what its servers saw."""
        if self.process:
            self.process.stdin.close()
            self.process.stdout.read()
            self.process.stdout.close()
            self.process.wait(30)
            self.process = None
            with open(self.path("stats"), encoding="utf-8") as file:
                self.seen = json.loads(file.read().splitlines()[-1])
        return self.seen

    def known(self):
        """The truth of each host under the name a journal gives it: its address."""
        return {host["address"]: host for host in self.truth}


def variables(password=PASSWORD, **more):
    mine = dict(os.environ, **SANITIZERS, **NO_DOMAIN)
    mine.update(more)
    if password is not None:
        mine["LSASWEEP_PASSWORD"] = password
    return mine


def read_journal(path):
    """header, {host: [records]}, trailer or None.  Every line must be whole."""
    header = trailer = None
    hosts = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record["schema"].startswith("lsasweep.facts/"):
                hosts.setdefault("%s:%d" % (record["host"], record["port"]),
                                 []).append(record)
            elif "finished" in record:
                trailer = record
            elif header is None:
                header = record
    return header, hosts, trailer


class Run:
    """One finished run of `lsasweep scan`: status, errors, report, records."""

    def __init__(self, domain, *arguments, user="auditor", password=PASSWORD,
                 targets=True, journal=None, timeout=240, within=()):
        self.journal = journal or tempfile.mktemp(dir=domain.folder, suffix=".ndjson")
        command = [*within, PROGRAM, "scan", "-q", "-U", user, "-o", "json"]
        if "--resume" not in arguments:
            command += ["--journal", self.journal]
        if targets:
            command += ["-iL", domain.path("targets")]
        done = subprocess.run(command + list(arguments), env=variables(password),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=timeout,
                              check=False)
        self.status, self.errors = done.returncode, done.stderr
        self.report = json.loads(done.stdout) if done.stdout.strip() else None
        self.header, self.all_records, self.trailer = read_journal(self.journal)
        self.hosts = {records[-1]["host"]: records[-1]
                      for records in self.all_records.values()}

    def outcomes(self):
        counts = {}
        for record in self.hosts.values():
            counts[record["outcome"]] = counts.get(record["outcome"], 0) + 1
        return counts


def start(domain, journal, *arguments, user="auditor", password=PASSWORD):
    """A sweep that goes on in the background."""
    return subprocess.Popen(
        [PROGRAM, "scan", "-q", "-U", user, "-iL", domain.path("targets"), "-o", "json"]
        + (["--resume", journal] if os.path.exists(journal) else ["--journal", journal])
        + list(arguments), env=variables(password), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stop(process, number=signal.SIGKILL):
    process.send_signal(number)
    out, errors = process.communicate(timeout=60)
    return process.returncode, out, errors


def holders(record, right=IMPERSONATE):
    found = record["rights"][right]
    return found["outcome"], {holder["sid"] for holder in found.get("holders", [])}
