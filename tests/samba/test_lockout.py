# SPDX-License-Identifier: Apache-2.0
"""What a sweep costs an account of a real Samba domain that locks at three bad passwords:
badPwdCount and lockoutTime, as the domain controller stores them.

Needs root or sudo; runs in its own namespaces (lab.py).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]
import ad  # noqa: E402
import lab  # noqa: E402

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
PASSWORD, CHANGED = "R1ght-of-the-lab", "Chang3d-of-the-lab"
NAMES = ("dc1.lab.example", "dc1", "127.0.0.10", "alias.lab.example")
THRESHOLD, SHARDS = 3, 8
MANY_NAMES = ["n%d.lab.example" % n for n in range(5 * SHARDS)]
# A domain controller may take its time where the machine is busy with other things.
PATIENT = ("--retries", "3", "--connect-timeout", "10m", "--timeout", "10m",
           "--login-timeout", "10m", "--host-timeout", "20m")
NTLM_AUTHENTICATE = b"NTLMSSP\0\3\0\0\0"


def variables_of(password):
    return dict(os.environ, **({"LSASWEEP_PASSWORD": password} if password else {}))


def run(command, *arguments, password="not-the-password"):
    done = subprocess.run([PROGRAM, command, *arguments], env=variables_of(password),
                          timeout=300, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)
    return done.returncode, done.stderr


def lock_at(threshold):
    lab.run("samba-tool", "domain", "passwordsettings", "set",
            "--account-lockout-threshold=%d" % threshold, "-s", DC.conf)


def new_user(name):
    lab.run("samba-tool", "user", "create", name, PASSWORD, "-s", DC.conf)
    return name


def wrong_keytab(user):
    path = os.path.join(FOLDER, user + ".keytab")
    lab.run("ktutil", input="add_entry -password -p %s@%s -k 1 -e aes256-cts-hmac-sha1-96\n"
            "not-the-password\nwrite_kt %s\nquit\n" % (user, lab.REALM, path))
    return path


class Counted(unittest.TestCase):
    def assert_counters(self, user, bad_passwords, locked=False, why=""):
        found = ad.open_database(FOLDER).search(
            ad.BASE, expression="(sAMAccountName=%s)" % user,
            attrs=["badPwdCount", "lockoutTime"])[0]
        count, time = (int(str(found.get(name, "0"))) for name in ("badPwdCount",
                                                                   "lockoutTime"))
        self.assertEqual((count, time != 0), (bad_passwords, locked), why)


class Wrong(Counted):
    def test_the_domain_counts_and_locks(self):
        """By another client, which has no guard: what the counters are worth."""
        user = new_user("control")
        for count in range(1, THRESHOLD + 1):
            subprocess.run(["rpcclient", "-U", "LAB\\%s%%not-the-password" % user,
                            lab.DC_ADDRESS, "-c", "lsaquery"], check=False, timeout=120,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            self.assert_counters(user, count, locked=count == THRESHOLD)

    def assert_costs_one(self, user, *arguments, **more):
        for command in ("scan", "discover"):
            targets = NAMES if command == "scan" else ("--dc", NAMES[0])
            name = new_user("%s-%s" % (user, command))
            words = [word.replace("USER", name) for word in arguments]
            if "--keytab" in words:
                words += [wrong_keytab(name)]
            status, errors = run(command, *words, *targets, **more)
            self.assertEqual(status, 5, errors)
            self.assert_counters(name, 1, why=errors)

    def test_a_wrong_password_by_ntlm(self):
        self.assert_costs_one("by-ntlm", "-U", "LAB\\USER")

    def test_a_wrong_password_by_ntlm_without_a_domain(self):
        self.assert_costs_one("by-name", "-U", "USER")

    def test_a_wrong_password_by_kerberos(self):
        self.assert_costs_one("by-krb", "-U", "USER@" + lab.REALM)

    def test_a_wrong_password_by_kerberos_alone(self):
        self.assert_costs_one("by-krb-alone", "--no-ntlm", "-U", "USER@" + lab.REALM)

    def test_a_wrong_key_in_a_keytab(self):
        self.assert_costs_one("by-keytab", "--principal", "USER@" + lab.REALM, "--keytab",
                              password=None)

    def test_a_right_password_costs_none(self):
        user = new_user("right")
        status, errors = run("scan", "-U", "LAB\\" + user, *NAMES, password=PASSWORD)
        self.assertNotEqual(status, 5, errors)
        self.assert_counters(user, 0, why=errors)


class Sweep:
    """A sweep in the background, in as many shards that run side by side."""

    def __init__(self, shards, *arguments, password):
        variables = variables_of(password)
        self.folder = tempfile.mkdtemp(dir=FOLDER)
        self.running = [self.start(part, shards, arguments, variables)
                        for part in range(shards)]

    def log(self, part):
        return os.path.join(self.folder, "%d.log" % part)

    def start(self, part, shards, arguments, variables):
        with open(self.log(part), "wb") as log:
            return subprocess.Popen(
                [PROGRAM, "scan", "-q", "--shard", "%d/%d" % (part, shards), "--journal",
                 os.path.join(self.folder, "%d.ndjson" % part), *arguments],
                env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=log)

    def finish(self):
        """Their exit codes, and what they said."""
        codes = [process.wait() for process in self.running]
        errors = []
        for part in range(len(codes)):
            with open(self.log(part), encoding="utf-8") as log:
                errors.append(log.read())
        return codes, "\n".join(errors)

    def any_ended(self):
        return any(process.poll() is not None for process in self.running)

    def stop(self):
        for process in self.running:
            process.kill()
            process.wait()


class InShards(Counted):
    def assert_costs_one(self, user, *arguments, password="not-the-password"):
        shards = Sweep(SHARDS, *arguments, *PATIENT, *MANY_NAMES, password=password)
        self.addCleanup(shards.stop)
        codes, errors = shards.finish()
        self.assertEqual(codes, [5] * SHARDS, errors)
        self.assertEqual(errors.count("was refused to shard"), SHARDS - 1, errors)
        self.assert_counters(user, 1, why=errors)

    def test_a_wrong_password_by_ntlm(self):
        user = new_user("shards-ntlm")
        self.assert_costs_one(user, "-U", "LAB\\" + user)

    def test_a_wrong_password_by_kerberos(self):
        user = new_user("shards-krb")
        self.assert_costs_one(user, "-U", "%s@%s" % (user, lab.REALM))

    def test_a_wrong_password_where_all_read_the_directory(self):
        for user, name in (("shards-ldap", "LAB\\%s"), ("shards-ldap-krb", "%%s@%s"
                                                        % lab.REALM)):
            with self.subTest(user):
                new_user(user)
                self.assert_costs_one(user, "-U", name % user, "--domain", "lab.example",
                                      "--dc", "dc1.lab.example")

    def test_a_wrong_key_in_a_keytab(self):
        user = new_user("shards-keytab")
        self.assert_costs_one(user, "--keytab", wrong_keytab(user), "--principal",
                              "%s@%s" % (user, lab.REALM), password=None)


class Gate:
    """Relays to the domain controller.  It lets the first AUTHENTICATE pass, and holds the
    next `held`; they wait until open()."""

    def __init__(self, held):
        self.listener = socket.create_server(("0.0.0.0", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.lock, self.opened = threading.Lock(), threading.Event()
        self.all_held = threading.Event()
        self.proofs, self.held, self.connections = 0, held, []
        threading.Thread(target=self.serve, daemon=True).start()

    def targets(self, count):
        return ["127.0.9.%d:%d" % (n, self.port) for n in range(1, count + 1)]

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection((lab.DC_ADDRESS, 445))
            except OSError:
                return
            self.connections += [client, server]
            for relay, pair in ((self.requests, (client, server)),
                                (self.answers, (server, client))):
                threading.Thread(target=self.until_closed, args=(relay, *pair),
                                 daemon=True).start()

    @staticmethod
    def until_closed(relay, source, sink):
        try:
            relay(source, sink)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def requests(self, client, server):
        stream = client.makefile("rb")
        while True:
            head = stream.read(4)
            if len(head) < 4:
                return
            message = stream.read(int.from_bytes(head[1:], "big"))
            if NTLM_AUTHENTICATE in message:
                self.wait_for_turn()
            server.sendall(head + message)

    def wait_for_turn(self):
        with self.lock:
            self.proofs += 1
            first = self.proofs == 1
            if self.proofs == self.held + 1:
                self.all_held.set()
        if not first:
            self.opened.wait()

    @staticmethod
    def answers(server, client):
        while True:
            data = server.recv(65536)
            if not data:
                return
            client.sendall(data)

    def close(self):
        self.opened.set()
        for each in [self.listener] + self.connections:
            each.close()


class Changed(Counted):
    """A password that is changed while proofs of it are on their way: they are counted, and
    one more login, which shows that it is refused where it was accepted."""

    def hold_changed_password(self, user, shards, each):
        """`shards` with `each` logins in flight."""
        in_flight = shards * each
        lock_at(in_flight + 2)
        self.addCleanup(lock_at, THRESHOLD)
        new_user(user)
        gate = Gate(in_flight)
        self.addCleanup(gate.close)
        sweep = Sweep(shards, "-U", "LAB\\" + user, "-c", str(each), *PATIENT,
                      *gate.targets(20 * in_flight), password=PASSWORD)
        self.addCleanup(sweep.stop)
        while not gate.all_held.wait(1):
            self.assertFalse(sweep.any_ended(), "%d of %d proofs reached the gate"
                             % (gate.proofs, in_flight + 1))
        lab.run("samba-tool", "user", "setpassword", user, "--newpassword=" + CHANGED,
                "-s", DC.conf)
        gate.opened.set()
        codes, errors = sweep.finish()
        self.assertEqual(set(codes), {5}, errors)
        self.assertIn("also where it was accepted before", errors)
        self.assertEqual(gate.proofs, 1 + in_flight + 1, errors)
        self.assert_counters(user, in_flight + 1, why=errors)

    def test_one_at_a_time_locks_no_account_at_three(self):
        self.hold_changed_password("changed-1", 1, 1)

    def test_eight_at_once_cost_eight_and_one(self):
        self.hold_changed_password("changed-8", 1, 8)

    def test_eight_shards_cost_one_each_and_one(self):
        self.hold_changed_password("changed-shards", SHARDS, 1)


if __name__ == "__main__":
    missing = lab.missing_programs()
    if missing:
        sys.exit("missing: " + " ".join(missing))
    lab.in_namespaces()
    FOLDER = tempfile.mkdtemp(prefix="lsasweep-lockout.")
    LAB = lab.Lab(FOLDER)
    try:
        with open(LAB.path("hosts"), "a", encoding="ascii") as hosts:
            hosts.write("".join("%s %s\n" % (lab.DC_ADDRESS, name) for name in MANY_NAMES))
        DC = LAB.domain_controller()
        # A password of the history is neither counted nor, for an hour, refused.
        lab.run("samba-tool", "domain", "passwordsettings", "set", "--history-length=0",
                "--min-pwd-age=0", "-s", DC.conf)
        lock_at(THRESHOLD)
        lab.run("samba-tool", "spn", "add", "ldap/dc1.lab.example", "DC1$", "-s", DC.conf)
        unittest.main()
    finally:
        LAB.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)
