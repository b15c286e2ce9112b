# SPDX-License-Identifier: Apache-2.0
"""A Slurm array is one sweep: scanner/packaging/slurm-sweep.sh on a real Slurm, with one
node on loopback and a munge key of its own."""

import getpass
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from domain import HERE, PROGRAM, Domain, read_journal, variables

SCRIPT = os.path.join(HERE, "..", "..", "scanner", "packaging", "slurm-sweep.sh")
TASKS = 8
CONFIGURATION = """\
ClusterName=lsasweep
SlurmctldHost={host}(127.0.0.1)
SlurmctldAddr=127.0.0.1
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
MailProg=/bin/true
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=10 State=UP
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """munged, slurmctld and slurmd in a folder of their own, ended by their ids."""

    def __init__(self):
        for program in ("munged", "slurmctld", "slurmd", "sbatch", "sinfo"):
            if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"):
                raise unittest.SkipTest("%s is not installed" % program)
        self.folder = tempfile.mkdtemp(prefix="lsasweep-slurm.")
        self.running = []
        try:
            self.begin()
        except BaseException:
            self.end()
            raise

    def begin(self):
        os.chmod(self.folder, 0o755)  # munge asks for it
        controller, node = free_ports(2)
        for name in ("state", "spool"):
            os.mkdir(self.path(name))
        with open(self.path("munge.key"), "wb") as file:
            file.write(os.urandom(128))
        os.chmod(self.path("munge.key"), 0o600)
        with open(self.path("slurm.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(
                host=socket.gethostname().split(".")[0], folder=self.folder, cpus=TASKS,
                user=getpass.getuser(), controller=controller, node=node))
        self.environment = variables(None, SLURM_CONF=self.path("slurm.conf"),
                                     LSASWEEP=os.path.abspath(PROGRAM))
        self.environment["PATH"] += ":/usr/sbin"
        self.start("munged", "--foreground", "--force", "--socket",
                   self.path("munge.socket"), "--key-file", self.path("munge.key"),
                   "--pid-file", self.path("munged.pid"), "--log-file",
                   self.path("munged.log"), "--seed-file", self.path("munged.seed"))
        self.wait_for(lambda: os.path.exists(self.path("munge.socket")))
        self.start("slurmctld", "-D", "-c", "-f", self.path("slurm.conf"))
        self.start("slurmd", "-D", "-f", self.path("slurm.conf"))
        self.wait_for(lambda: self.ask("sinfo", "-h", "-o", "%T").strip() == "idle")

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *command):
        with open(self.path(command[0] + ".out"), "wb") as out:
            self.running.append(subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, cwd=self.folder))

    def ask(self, *command):
        return subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60, check=False).stdout

    def wait_for(self, ready):
        end = time.monotonic() + 90
        while not ready():
            ended = [one.args[0] for one in self.running if one.poll() is not None]
            if ended or time.monotonic() > end:
                raise unittest.SkipTest("Slurm does not start here: %s\n%s" % (
                    " ".join(ended) or "the node is not idle", self.logs()))
            time.sleep(0.1)

    def logs(self):
        text = ""
        for path in sorted(glob.glob(self.path("*.out")) + glob.glob(self.path("*.log"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += "%s: %s\n" % (path, file.read()[-1500:])
        return text

    def end(self):
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []
        shutil.rmtree(self.folder, ignore_errors=True)

    def sweep(self, domain, password):
        """An array over the domain: its outcomes, and what its tasks said."""
        with open(domain.path("auth"), "w", encoding="utf-8") as file:
            file.write("username = auditor\npassword = %s\n" % password)
        os.chmod(domain.path("auth"), 0o600)
        done = subprocess.run(
            ["sbatch", "--parsable", "--wait", "--array=0-%d" % (TASKS - 1),
             "--output=%s" % domain.path("%a.out"), SCRIPT, domain.path("targets"),
             domain.path("out"), "-A", domain.path("auth"), "-o", "json"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=240, check=False)
        said = "sbatch: %d %s\n" % (done.returncode, done.stderr)
        for path in sorted(glob.glob(domain.path("*.out"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                said += file.read()
        counts = {}
        self.journals = glob.glob(domain.path("out/%s/*.ndjson" % done.stdout.strip()))
        for path in self.journals:
            for records in read_journal(path)[1].values():
                outcome = records[-1]["outcome"]
                counts[outcome] = counts.get(outcome, 0) + 1
        return done.returncode, counts, said


def domain_of(*statements):
    return Domain(*[word for line in statements for word in ("--line", line)])


class Array(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.slurm = Slurm()

    @classmethod
    def tearDownClass(cls):
        cls.slurm.end()

    def test_a_wrong_password_costs_one_login_in_all(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 80") as domain:
            status, outcomes, said = self.slurm.sweep(domain, "wrong")
            self.assertEqual(outcomes, {"logon_refused": 1, "guarded": 79}, said)
            self.assertEqual(status, 5, said)
            self.assertEqual(domain.statistics()["logon_attempts"], 1, said)

    def test_a_right_one_lets_every_host_answer(self):
        with domain_of("user auditor Lab-Passw0rd admin", "lockout 5", "base 127.30.0.0",
                       "hosts 80") as domain:
            _, outcomes, said = self.slurm.sweep(domain, "Lab-Passw0rd")
            self.assertEqual(outcomes, {"answered": 80}, said)
            self.assertEqual(len(self.slurm.journals), TASKS)
            report = subprocess.run([PROGRAM, "report", "-q", "-o", "json",
                                     *self.slurm.journals], stdout=subprocess.PIPE,
                                    check=False, env=self.slurm.environment)
            self.assertIn(report.returncode, (0, 1))
            self.assertEqual(domain.statistics()["logon_attempts"], 80)


class Script(unittest.TestCase):
    def run_script(self, *arguments, **environment):
        return subprocess.run(["sh", SCRIPT, *arguments], env=variables(**environment),
                              stderr=subprocess.PIPE, text=True, check=False)

    def test_outside_of_an_array_it_says_what_to_do(self):
        done = self.run_script("targets", "out")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("sbatch --array=0-7", done.stderr)
        self.assertEqual(self.run_script("targets").returncode, 2)

    def test_an_array_with_a_gap_is_refused(self):
        done = self.run_script("targets", "out", SLURM_ARRAY_JOB_ID="1",
                               SLURM_ARRAY_TASK_MIN="0", SLURM_ARRAY_TASK_MAX="7",
                               SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_ID="0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("expected all from 0", done.stderr)


if __name__ == "__main__":
    unittest.main()
