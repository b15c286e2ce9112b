# SPDX-License-Identifier: Apache-2.0
"""Another user of the jump host, who plants links, pipes and files under the names that a
sweep will write to, in a folder all may write to: nothing of theirs is touched, read or
followed, no host is asked for it, and the message says what is wrong with what."""

import os
import stat
import subprocess
import tempfile
import unittest

from domain import Domain, PASSWORD, PROGRAM, variables

STRANGER = 4711
FORMATS = ("json", "html", "csv", "prometheus")
SECRET = "what stands in a file of ours\n"


@unittest.skipUnless(os.geteuid() == 0, "only root can give files to another user")
class Planted(unittest.TestCase):
    """Root sweeps, which is where it would hurt most."""

    @classmethod
    def setUpClass(cls):
        cls.domain = Domain("--hosts", "2")

    @classmethod
    def tearDownClass(cls):
        cls.domain.__exit__()

    def setUp(self):
        base = tempfile.mkdtemp(dir=self.domain.folder)
        self.shared = os.path.join(base, "shared")
        os.mkdir(self.shared)
        os.chmod(self.shared, 0o1777)
        self.name = os.path.join(self.shared, "name")
        self.target = os.path.join(base, "target")
        with open(self.target, "w", encoding="ascii") as file:
            file.write(SECRET)

    def scan(self, *arguments):
        return subprocess.run(
            [PROGRAM, "scan", "-q", "-U", "auditor", "-iL", self.domain.path("targets")]
            + list(arguments), env=variables(PASSWORD), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False)

    def uses(self, name):
        """Each way to have `name` written."""
        yield ["--journal", name]
        yield ["--resume", name]
        for word in FORMATS:
            yield ["-o", "%s=%s" % (word, name)]

    def hold_refused(self, words, *patterns, among=None):
        for arguments in among or self.uses(self.name):
            with self.subTest(arguments=arguments):
                before = os.lstat(self.name)
                done = self.scan(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(self.name, done.stderr)
                self.assertRegex(done.stderr, words)
                for pattern in patterns:
                    self.assertRegex(done.stderr, pattern)
                self.assertEqual(done.stdout, "")
                with open(self.target, encoding="ascii") as file:
                    self.assertEqual(file.read(), SECRET)
                after = os.lstat(self.name)
                self.assertEqual((after.st_ino, after.st_size, after.st_mode),
                                 (before.st_ino, before.st_size, before.st_mode))
                self.assertEqual(os.listdir(self.shared), [os.path.basename(self.name)])

    def test_a_symbolic_link(self):
        for target in (self.target, self.target + ".new", "/dev/null"):
            os.symlink(target, self.name)
            os.lchown(self.name, STRANGER, STRANGER)
            self.hold_refused("symbolic link of another user .uid 4711")
            self.assertFalse(os.path.exists(self.target + ".new"))
            os.unlink(self.name)

    def test_a_symbolic_link_of_our_own(self):
        """Is no attack, but a file would be changed that was not named."""
        os.symlink(self.target, self.name)
        self.hold_refused("symbolic link")

    def test_a_pipe(self):
        os.mkfifo(self.name, 0o666)
        os.chown(self.name, STRANGER, STRANGER)
        reader = os.open(self.name, os.O_RDONLY | os.O_NONBLOCK)
        self.hold_refused("pipe of another user")
        self.assertEqual(os.read(reader, 1), b"")
        os.close(reader)

    def test_a_file_that_they_can_read(self):
        os.close(os.open(self.name, os.O_CREAT | os.O_WRONLY, 0o666))
        os.chown(self.name, STRANGER, STRANGER)
        self.hold_refused("file of another user")

    def test_a_hard_link_to_a_file_of_ours(self):
        """Where the kernel lets them make one (fs.protected_hardlinks = 0)."""
        os.truncate(self.target, 0)
        os.link(self.target, self.name)
        done = self.scan("--journal", self.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn("hard link", done.stderr)
        self.assertEqual(os.stat(self.target).st_size, 0)

    def test_a_folder_on_the_way(self):
        inner = os.path.join(self.shared, "name", "inner")
        for plant in (lambda: os.symlink(os.path.dirname(self.target), self.name),
                      lambda: os.mkdir(self.name, 0o777)):
            plant()
            os.lchown(self.name, STRANGER, STRANGER)
            self.hold_refused("(symbolic link|folder) of another user", among=[
                use for use in self.uses(inner) if use[0] != "--resume"])
            self.assertEqual(len(os.listdir(os.path.dirname(self.target))), 2)
            if os.path.islink(self.name):
                os.unlink(self.name)

    def test_the_file_of_a_role(self):
        self.name += "-member_server"
        os.symlink(self.target, self.name)
        self.hold_refused("symbolic link", among=[
            ["-o", "gpo-inf=%s" % os.path.join(self.shared, "name")]])

    def test_nobody_was_asked_for_that(self):
        os.symlink(self.target, self.name)
        with Domain("--hosts", "1") as domain:
            mine, self.domain = self.domain, domain
            for arguments in self.uses(self.name):
                self.scan(*arguments)
            self.domain = mine
            self.assertEqual(domain.statistics()["connections"], 0)

    def test_what_is_ours_is_written(self):
        """The folder of all, with nothing planted: private files, and a later run too."""
        for _ in range(2):
            for number, arguments in enumerate(self.uses(self.name)):
                if arguments[0] == "--journal":
                    continue
                if arguments[0] == "--resume":
                    arguments[0] = "--journal"
                    if os.path.exists(self.name):
                        os.unlink(self.name)
                done = self.scan(*arguments)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                made = os.stat(self.name)
                self.assertEqual(stat.S_IMODE(made.st_mode),
                                 0o644 if "prometheus" in arguments[-1] else 0o600)
                self.assertGreater(made.st_size, 0, number)
        self.assertEqual(os.listdir(self.shared), ["name"])


if __name__ == "__main__":
    unittest.main()
