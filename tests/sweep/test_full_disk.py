# SPDX-License-Identifier: Apache-2.0
"""A disk that is full, at each write: the journal's header, records and trailer, its sync;
each report, the file beside it, its sync and its name.  The message names the file and the
cause, what was written is whole and goes on once there is room, an old report stands.

The disk is a small tmpfs in a mount namespace of this process alone.
"""

import ctypes
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from domain import Domain, PASSWORD, PROGRAM, holders, read_journal, variables

CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000
PAGE = 4096
FULL = "No space left on device"
FORMATS = {"json": "r.json", "ndjson": "r.ndjson", "csv": "r.csv", "html": "r.html",
           "prometheus": "r.prom", "junit": "r.xml", "ocsf": "r.ocsf", "text": "r.txt"}
# A disk may find out late that it is full: when it is to sync, or to take a name.
LATE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
static int fails(const char *what)
{
	const char *wanted = getenv("DISK_FAILS");

	errno = ENOSPC;
	return wanted && strcmp(wanted, what) == 0;
}

int fsync(int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	return fails("fsync") ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) =
		(int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");

	return fails("rename") ? -1 : real(from, to);
}
"""
LIBC = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, flags, data):
    if LIBC.mount(source, target.encode(), kind, flags, data) != 0:
        raise OSError(ctypes.get_errno(), "mount: " + os.strerror(ctypes.get_errno()))


def setUpModule():
    try:
        if LIBC.unshare(CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "unshare: " +
                          os.strerror(ctypes.get_errno()))
        mount(None, "/", None, MS_REC | MS_PRIVATE, None)
    except OSError as error:
        if os.environ.get("CI"):
            raise
        raise unittest.SkipTest("NO DISK WAS FILLED: this machine lets us mount none "
                                "(%s)" % error)


class Disk:
    """A file system of `pages`; `leave(n)` fills it until n of them are free."""

    def __init__(self, pages=400, files=40):
        self.folder, self.pages = tempfile.mkdtemp(prefix="lsasweep-disk."), pages
        mount(b"none", self.folder, b"tmpfs", 0,
              b"size=%d,nr_inodes=%d,mode=700" % (pages * PAGE, files))

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        LIBC.umount2(self.folder.encode(), 2)
        os.rmdir(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def free(self):
        return os.statvfs(self.folder).f_bfree

    def leave(self, pages):
        """What was freed just now may come back late."""
        with open(self.path("filler"), "wb") as file:
            for _ in range(100):
                size = os.fstat(file.fileno()).st_size + (self.free() - pages) * PAGE
                if self.settled() and self.free() == pages:
                    return
                file.truncate(size)
                os.posix_fallocate(file.fileno(), 0, size)
        raise AssertionError("the disk cannot be filled")

    def settled(self):
        time.sleep(0.02)
        return sum(os.lstat(self.path(name)).st_blocks * 512 for name in
                   os.listdir(self.folder)) + self.free() * PAGE == self.pages * PAGE

    def names(self):
        return sorted(name for name in os.listdir(self.folder) if name != "filler")


class FullDisk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="lsasweep-full.")
        cls.shim = os.path.join(cls.folder, "late.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", cls.shim, "-", "-ldl"],
                       input=LATE, text=True, check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_program(self, *arguments, fails=None, **more):
        if fails:
            more.update(LD_PRELOAD=self.shim, DISK_FAILS=fails,
                        ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
        return subprocess.run([PROGRAM] + list(arguments), stdin=subprocess.DEVNULL,
                              env=variables(PASSWORD, **more), capture_output=True,
                              text=True, timeout=120, check=False)

    def scan(self, domain, *arguments, targets=None, **more):
        return self.run_program("scan", "-U", "auditor", "-o", "json", "-iL",
                                targets or domain.path("targets"), *arguments, **more)

    # ---- the journal ----

    def test_journal(self):
        with Domain("--line", "hosts 30 plant=50") as domain, Disk() as disk:
            journal = disk.path("j")
            before = disk.free()
            done = self.scan(domain, "--journal", journal)
            self.assertEqual(done.returncode, 1, done.stderr)
            pages = before - disk.free()
            self.assertGreater(pages, 5)
            for left in (0, 1, pages // 2, pages - 1):
                with self.subTest(pages=left, of=pages):
                    os.unlink(journal)
                    disk.leave(left)
                    done = self.scan(domain, "--journal", journal)
                    self.hold_cut(done, journal)
                    os.unlink(disk.path("filler"))
                    self.go_on(domain, journal)

    def test_trailer(self):
        """The trailer alone finds no room: tags make the records end before a page does."""
        with Domain("--line", "hosts 4 plant=50") as domain, Disk() as disk:
            journal = disk.path("j")
            for _ in range(8):
                self.scan(domain, "--journal", journal, targets=self.tagged(domain, ""))
                with open(journal, "rb") as file:
                    lines = file.read().splitlines(True)
                os.unlink(journal)
                records = sum(map(len, lines[:-1]))
                missing = (-records - len(lines[-1]) // 2) % PAGE
                disk.leave((records + missing) // PAGE + 1)
                done = self.scan(domain, "--journal", journal,
                                 targets=self.tagged(domain, "t" * missing))
                hosts = self.hold_cut(done, journal)
                os.unlink(disk.path("filler"))
                self.go_on(domain, journal)
                os.unlink(journal)
                if hosts == 4:
                    return
            self.fail("each time a record found no room")

    def tagged(self, domain, tag):
        path = os.path.join(self.folder, "tagged")
        with open(path, "w", encoding="ascii") as file:
            for words in domain.targets():
                file.write("%s tag=t%s\n" % (words[0], tag[:1300]))
                tag = tag[1300:]
        return path

    def test_sync(self):
        with Domain("--line", "hosts 30 plant=50") as domain, Disk() as disk:
            journal = disk.path("j")
            done = self.scan(domain, "--journal", journal, fails="fsync")
            self.assertIn("%s: %s" % (journal, FULL), done.stderr)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.go_on(domain, journal)

    def test_no_file_to_be_had(self):
        with Domain("--hosts", "3") as domain, Disk(files=2) as disk:
            with open(disk.path("last"), "wb"):
                pass
            done = self.scan(domain, "--journal", disk.path("j"))
            self.assertEqual(done.returncode, 2)
            self.assertIn("%s: cannot create a file beside it: %s\n" % (
                disk.path("j"), FULL), done.stderr)
            done = self.scan(domain, TMPDIR=disk.folder)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, "%s/lsasweep-[^ ]*: %s\n" % (disk.folder, FULL))

    def test_without_a_journal(self):
        """The facts' own file is no better off."""
        with Domain("--line", "hosts 30 plant=50") as domain, Disk() as disk:
            disk.leave(3)
            done = self.scan(domain, TMPDIR=disk.folder)
            self.assertIn(done.returncode, (3, 4), done.stderr)
            self.assertRegex(done.stderr, "%s/lsasweep-.*: %s\n" % (disk.folder, FULL))
            self.assertGreater(json.loads(done.stdout)["summary"]["hosts"], 3)
            self.assertEqual(disk.names(), [])

    def hold_cut(self, done, journal):
        """Said, incomplete, and whole lines are left; how many hosts."""
        self.assertIn("%s: %s" % (journal, FULL), done.stderr)
        header, hosts, trailer = read_journal(journal)
        self.assertIsNone(trailer)
        if not header:  # no report without one
            self.assertEqual((done.returncode, done.stdout, os.path.getsize(journal)),
                             (2, "", 0), done.stderr)
            return 0
        self.assertIn(done.returncode, (3, 4), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["summary"]["hosts"], len(hosts))
        return len(hosts)

    def go_on(self, domain, journal):
        _, before, _ = read_journal(journal)
        done = self.scan(domain, "--resume", journal)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        _, hosts, trailer = read_journal(journal)
        self.assertTrue(trailer)
        known = domain.known()
        self.assertEqual({records[-1]["host"] for records in hosts.values()}, set(known))
        for name, records in hosts.items():
            self.assertTrue(len(records) == 1 or name not in before)
            self.assertEqual(holders(records[-1])[1],
                             set(known[records[-1]["host"]]["rights"][
                                 "SeImpersonatePrivilege"]))

    # ---- reports ----

    def journal_elsewhere(self):
        path = os.path.join(self.folder, "facts")
        if not os.path.exists(path):
            with Domain("--line", "hosts 40 plant=50") as domain:
                self.scan(domain, "--journal", path)
        return path

    def test_reports(self):
        journal = self.journal_elsewhere()
        for name, file in FORMATS.items():
            with Disk() as disk:
                path = disk.path(file)
                used = disk.free()
                self.report(journal, name, path)
                used -= disk.free()
                with open(path, "rb") as written:
                    old = written.read()+ b"older"
                for left in sorted({0, used - 1}):
                    with self.subTest(format=name, pages=left, of=used):
                        self.put(path, old)
                        disk.leave(left)
                        self.hold_old(self.report(journal, name, path), disk, path, old)
                        os.unlink(disk.path("filler"))
                for fails in ("fsync", "rename"):
                    with self.subTest(format=name, fails=fails):
                        done = self.report(journal, name, path, fails=fails)
                        self.hold_old(done, disk, path, old)
                self.assertEqual(self.report(journal, name, path).returncode, 1)
                with open(path, "rb") as written:
                    self.assertNotEqual(written.read(), old)

    def test_no_file_beside_a_report(self):
        journal = self.journal_elsewhere()
        with Disk(files=3) as disk:
            for name in ("old", "last"):
                self.put(disk.path(name), b"old")
            done = self.report(journal, "json", disk.path("old"))
            self.hold_old(done, disk, disk.path("old"), b"old", others=["last"])

    def test_a_scan_whose_report_finds_no_room(self):
        """Nothing is lost: the journal is elsewhere, and whole."""
        with Domain("--hosts", "30") as domain, Disk() as disk:
            path, journal = disk.path("r.json"), domain.path("j")
            self.put(path, b"old")
            disk.leave(1)
            done = self.run_program("scan", "-U", "auditor", "-iL", domain.path("targets"),
                                    "--journal", journal, "-o", "json=" + path)
            self.hold_old(done, disk, path, b"old")
            _, hosts, trailer = read_journal(journal)
            self.assertEqual(len(hosts), 30)
            self.assertEqual(trailer["hosts"], 30)

    def put(self, path, content):
        with open(path, "wb") as file:
            file.write(content)

    def report(self, journal, name, path, **more):
        return self.run_program("report", "-o", "%s=%s" % (name, path), journal, **more)

    def hold_old(self, done, disk, path, old, others=()):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, "%s: [a-z ]*: %s" % (re.escape(path), FULL))
        with open(path, "rb") as file:
            self.assertEqual(file.read(), old)
        self.assertEqual(disk.names(), sorted([os.path.basename(path), *others]))


if __name__ == "__main__":
    unittest.main()
