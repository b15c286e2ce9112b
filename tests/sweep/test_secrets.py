# SPDX-License-Identifier: Apache-2.0
"""Where the password is not: memory after logon, /proc, the core, what is written and said.
Held in the middle of a sweep, by hosts that never answer.

Each host is answered by NTLM from the NT hash, so that one stays in its credential until
the sweep ends: exactly one copy, which tests/rpc/test_auth_memory.c sees wiped at its end."""

import fcntl
import os
import pty
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from impacket.ntlm import NTOWFv2, compute_nthash

from domain import Domain, PASSWORD, PROGRAM, read_journal, variables
from memory import copies, is_locked

IS_ROOT = os.geteuid() == 0
NOBODY = 65534
NT_HASH = compute_nthash(PASSWORD)
PLAIN = {"UTF-8": PASSWORD.encode(), "UTF-16": PASSWORD.encode("utf-16le")}
# As good as the password for logging on as its owner.
KEYS = {"NTLMv2 key": NTOWFv2("auditor", PASSWORD, ""),
        "NTLMv2 key of CORP": NTOWFv2("auditor", PASSWORD, "CORP")}
FORMATS = {"text": "r.txt", "json": "r.json", "ndjson": "r.ndjson", "csv": "r.csv",
           "html": "r.html", "prometheus": "r.prom", "junit": "r.xml", "ocsf": "r.ocsf",
           "gpo-inf": "r.inf"}
HELD = ["--line", "hosts 4", "--line", "host held member fault=hang@dssetup"]


def is_sanitized():
    """Then a leak checker of the same user must be let in."""
    with open(PROGRAM, "rb") as file:
        return b"__asan_init" in file.read()


def status(pid, word):
    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
        return dict(line.split(":", 1) for line in file)[word].strip()


class Held:
    """A sweep that waits for a host which will not answer, after logon."""

    def __init__(self, domain, *arguments, program=PROGRAM, answered=4, **more):
        self.journal = tempfile.mktemp(dir=more.pop("folder", domain.folder),
                                       suffix=".ndjson")
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                   "stderr": subprocess.DEVNULL, "env": variables()}
        options.update(more)
        with open(domain.path("targets"), encoding="utf-8") as file:
            targets = file.read().split("\n")
        targets = [line.split()[0] for line in targets if line.strip()]
        self.process = subprocess.Popen(
            [program, "scan", "--timeout", "50s", "--journal", self.journal]
            + list(arguments) + targets, **options)
        self.pid = self.process.pid
        self.answered = answered

    def wait(self):
        end = time.monotonic() + 40
        while time.monotonic() < end and self.process.poll() is None:
            if os.path.exists(self.journal):
                with open(self.journal, encoding="utf-8") as file:
                    if file.read().count('"outcome":"answered"') >= self.answered:
                        return self
            time.sleep(0.05)
        raise RuntimeError("the sweep did not come so far")

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.process.kill()
        self.process.wait()


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.domain = Domain(*HELD)
        cls.folder = cls.domain.folder

    @classmethod
    def tearDownClass(cls):
        cls.domain.__exit__()

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def hold_memory(self, pid):
        for name, needle in PLAIN.items():
            self.assertEqual(copies(pid, needle), [], name)
        for name, needle in KEYS.items():
            self.assertEqual(copies(pid, needle), [], name)
        kept = copies(pid, NT_HASH)
        self.assertEqual(len(kept), 1)
        self.assertTrue(is_locked(pid, kept[0][0]), kept)
        # What stays of it may not be let out by a core.
        with open("/proc/%d/limits" % pid, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"(?m)^Max core file size +0 +0 ")
        for name in ("environ", "cmdline"):
            with open("/proc/%d/%s" % (pid, name), "rb") as file:
                content = file.read()
            for secret in list(PLAIN.values()) + [NT_HASH, NT_HASH.hex().encode()]:
                self.assertNotIn(secret, content, name)
        self.assertEqual(status(pid, "NoNewPrivs"), "1")

    @unittest.skipUnless(IS_ROOT, "only root may look")
    def test_a_password_from_the_environment(self):
        with Held(self.domain, "-U", "auditor").wait() as held:
            with open("/proc/%d/environ" % held.pid, "rb") as file:
                self.assertIn(b"LSASWEEP_PASSWORD=\0", file.read())
            self.hold_memory(held.pid)

    @unittest.skipUnless(IS_ROOT, "only root may look")
    def test_a_password_from_a_file(self):
        path = self.file("auth", "username = auditor\npassword = %s\n" % PASSWORD)
        with Held(self.domain, "-A", path, env=variables(None)).wait() as held:
            self.hold_memory(held.pid)
            self.assertNotIn(path, [os.readlink("/proc/%d/fd/%s" % (held.pid, fd))
                                    for fd in os.listdir("/proc/%d/fd" % held.pid)])

    @unittest.skipUnless(IS_ROOT, "only root may look")
    def test_a_password_from_the_service_manager(self):
        self.file("password", PASSWORD + "\n")
        with Held(self.domain, "-U", "auditor", env=variables(
                None, CREDENTIALS_DIRECTORY=self.folder)).wait() as held:
            self.hold_memory(held.pid)

    @unittest.skipUnless(IS_ROOT, "only root may look")
    def test_a_password_from_the_terminal(self):
        ours, theirs = pty.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(theirs, 0x540E, 0)  # TIOCSCTTY
        with Held(self.domain, "-U", "auditor", env=variables(None), stdin=theirs,
                  stdout=theirs, stderr=theirs, preexec_fn=take_terminal) as held:
            os.close(theirs)
            shown = b""
            while b"Password" not in shown:
                shown += os.read(ours, 4096)
            os.write(ours, PASSWORD.encode() + b"\n")
            held.wait()
            self.hold_memory(held.pid)
            shown += os.read(ours, 65536)
            self.assertNotIn(PASSWORD.encode(), shown)
        os.close(ours)

    @unittest.skipUnless(IS_ROOT, "only root may become somebody else")
    @unittest.skipIf(is_sanitized(), "a leak checker reads the memory, as a debugger would")
    def test_another_process_of_the_same_user(self):
        """A stolen account on the jump host does not give the domain's."""
        folder = tempfile.mkdtemp(prefix="lsasweep-nobody.")
        self.addCleanup(shutil.rmtree, folder)
        program = shutil.copy(PROGRAM, folder)
        os.chown(folder, NOBODY, NOBODY)
        look = "cat /proc/%d/environ >/dev/null && echo environ; " \
               "dd if=/proc/%d/mem of=/dev/null count=0 2>/dev/null && echo mem; " \
               "ls /proc/%d/fd >/dev/null && echo fd"
        with Held(self.domain, "-U", "auditor", program=program, folder=folder,
                  user=NOBODY, group=NOBODY, extra_groups=[], cwd=folder).wait() as held:
            other = subprocess.Popen(["sleep", "60"], user=NOBODY, group=NOBODY,
                                     extra_groups=[])
            try:
                seen = [subprocess.run(
                    ["sh", "-c", look % (pid, pid, pid)], user=NOBODY, group=NOBODY,
                    extra_groups=[], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                    text=True, check=False).stdout.split() for pid in (other.pid, held.pid)]
            finally:
                other.kill()
                other.wait()
            self.assertIn("environ", seen[0])  # this user sees its other processes
            self.assertEqual(seen[1], [])
            # Pages are locked where the limit allows it; nobody's allows as much.
            self.assertGreaterEqual(int(status(held.pid, "VmLck").split()[0]), 64)

    def test_no_core(self):
        """The limit of the caller is wide; where cores go through a pipe, which heeds no
        limit, they are not made of who cannot be dumped."""
        folder = tempfile.mkdtemp(dir=self.folder)
        limit = resource.getrlimit(resource.RLIMIT_CORE)[1]

        def widely():
            resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
            signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # ignored in the background

        for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT):
            with Held(self.domain, "-U", "auditor", cwd=folder,
                      preexec_fn=widely).wait() as held:
                held.process.send_signal(number)
                held.process.wait(20)
                self.assertEqual(os.listdir(folder), [])
                os.unlink(held.journal)

    def test_what_is_said_and_written(self):
        """Also the loudest sweep, and one whose password is wrong."""
        wrong = PASSWORD + "-not"
        path = self.file("wrong", "username = auditor\npassword = %s\n" % wrong)
        for number, (credential, password, code) in enumerate((
                (["-U", "auditor"], PASSWORD, 3), (["-A", path], None, 5))):
            folder = tempfile.mkdtemp(dir=self.folder)
            reports = sum((["-o", "%s=%s" % (name, os.path.join(folder, file))]
                           for name, file in FORMATS.items()), [])
            done = subprocess.run(
                [PROGRAM, "scan", "-v", "--timeout", "1s", "--retries", "0", "--journal",
                 os.path.join(folder, "j"), "-iL", self.domain.path("targets")]
                + credential + reports, env=variables(password), stdin=subprocess.DEVNULL,
                capture_output=True, timeout=60, check=False)
            with self.subTest(number=number):
                self.assertIn(done.returncode, (code, code + 1), done.stderr)
                self.hold_words(done.stdout + done.stderr)
                for name in os.listdir(folder):
                    with open(os.path.join(folder, name), "rb") as file:
                        self.hold_words(file.read())
        check = subprocess.run(
            [PROGRAM, "check", "-v", "-U", "auditor",
             self.domain.targets()[0][0]], env=variables(wrong), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60, check=False)
        self.assertIn(b"STATUS_LOGON_FAILURE", check.stdout + check.stderr)
        self.hold_words(check.stdout + check.stderr)

    def hold_words(self, content):
        self.assertTrue(content)
        for secret in list(PLAIN.values()) + list(KEYS.values()) + [NT_HASH]:
            self.assertNotIn(secret, content)
            self.assertNotIn(secret.hex().encode(), content.lower())

    def test_an_authentication_file_is_never_shown(self):
        """Whatever is wrong with it; and it must be its owner's alone."""
        for text, mode, word in (
                (PASSWORD + "\n", 0o600, "expected KEY = VALUE"),
                ("username = a\npassword = %s\npassword = %s\n" % (PASSWORD, PASSWORD),
                 0o600, "a second password"),
                ("username = a\npassword = %s%s\n" % (PASSWORD, "x" * 600), 0o600,
                 "longer than"),
                ("username = a\npassword = %s\n" % PASSWORD, 0o640, "0600")):
            path = self.file("bad", text, mode)
            done = subprocess.run([PROGRAM, "scan", "-A", path, "127.0.0.1"],
                                  env=variables(None), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=20, check=False)
            with self.subTest(word=word):
                self.assertEqual(done.returncode, 2)
                self.assertIn(path, done.stderr)
                self.assertIn(word, done.stderr)
                self.assertNotIn(PASSWORD, done.stdout + done.stderr)

    def test_no_word_of_the_command_line_is_a_password(self):
        for option in ("--password", "--pass", "--secret"):
            done = subprocess.run([PROGRAM, "scan", option, PASSWORD, "127.0.0.1"],
                                  env=variables(None), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(option, done.stderr)
            self.assertNotIn(PASSWORD, done.stderr)

    def test_modes_whatever_the_umask(self):
        folder = tempfile.mkdtemp(dir=self.folder)
        before = os.umask(0)
        try:
            subprocess.run(
                [PROGRAM, "scan", "-q", "-U", "auditor", "--timeout", "1s", "--retries", "0",
                 "--journal", os.path.join(folder, "j"),
                 "-iL", self.domain.path("targets")]
                + sum((["-o", "%s=%s" % (name, os.path.join(folder, file))]
                       for name, file in FORMATS.items()), []),
                env=variables(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=60, check=False)
        finally:
            os.umask(before)
        modes = {name: os.stat(os.path.join(folder, name)).st_mode & 0o7777
                 for name in os.listdir(folder)}
        self.assertGreaterEqual(set(modes), {"j", "r.json", "r.html", "r.prom"})
        for name, mode in modes.items():
            self.assertEqual(mode, 0o644 if name == "r.prom" else 0o600, name)
        self.assertEqual(read_journal(os.path.join(folder, "j"))[2]["hosts"], 5)


if __name__ == "__main__":
    unittest.main()
