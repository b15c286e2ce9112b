# SPDX-License-Identifier: Apache-2.0
"""A careless machine: no descriptors, no threads, no room on the disk, a sudden death, a
clock that jumps.  Nothing recorded is lost, what is missing is said, the exit code tells."""

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from domain import (Domain, PASSWORD, PROGRAM, holders, read_journal, start, stop,
                    variables)

FORMATS = {"json": "r.json", "ndjson": "r.ndjson", "csv": "r.csv", "html": "r.html",
           "prometheus": "r.prom", "junit": "r.xml", "ocsf": "r.ocsf", "text": "r.txt"}
NOBODY_ELSE = 64123  # a user of no other processes
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
/* The wall clock jumps by a day, to and fro; the monotonic clock does not. */
int clock_gettime(clockid_t id, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	static unsigned calls;
	int err;

	if (!real)
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	err = real(id, t);
	if (id == CLOCK_REALTIME)
		t->tv_sec += __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % 2 ? 86400 : -86400;
	return err;
}
"""
THREADS = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
/* So many threads, and no more.  The second and later ones, those that log on, begin to work
 * when one was refused: until then the queue grows, whatever the speed of the machine. */
static void *(*work_of[64])(void *);
static void *arg_of[64];
static int made, refused;

static void *wait_and_work(void *place)
{
	long number = (long)place;

	while (number > 1 && !__atomic_load_n(&refused, __ATOMIC_ACQUIRE))
		usleep(1000);
	return work_of[number](arg_of[number]);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*work)(void *),
		   void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	long number = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
	int error = EAGAIN;

	if (!real)
		real = dlsym(RTLD_NEXT, "pthread_create");
	if (number < 64 && number <= atoi(getenv("THREADS"))) {
		work_of[number] = work;
		arg_of[number] = arg;
		error = real(thread, attr, wait_and_work, (void *)number);
	}
	if (error)
		__atomic_store_n(&refused, 1, __ATOMIC_RELEASE);
	return error;
}
"""


def scan(domain, *arguments, limits=(), timeout=120, program=PROGRAM, become=None, **more):
    def prepare():
        if become is not None:
            os.setgroups([])
            os.setgid(become)
            os.setuid(become)
        for what, value in limits:
            resource.setrlimit(what, (value, value))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return subprocess.run(
        [program, "scan", "-U", "auditor", "-iL", domain.path("targets")]
        + list(arguments), env=variables(PASSWORD, **more), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=timeout, check=False,
        preexec_fn=prepare)


class Machine(unittest.TestCase):
    def hold(self, domain, journal, all_of_them=True):
        """Every record is true; every host has one."""
        known = domain.known()
        _, hosts, trailer = read_journal(journal)
        for records in hosts.values():
            record = records[-1]
            if record["outcome"] == "answered":
                truth = known[record["host"]]["rights"]["SeImpersonatePrivilege"]
                self.assertEqual(holders(record)[1], set(truth or ()))
        if all_of_them:
            self.assertEqual({records[-1]["host"] for records in hosts.values()},
                             set(known))
            for records in hosts.values():
                self.assertEqual(records[-1]["outcome"], "answered", records[-1])
            self.assertTrue(trailer)
        return hosts

    def test_few_descriptors(self):
        with Domain("--hosts", "200") as domain:
            for files in (40, 64):
                journal = domain.path("j%d" % files)
                done = scan(domain, "-c", "200", "-o", "json", "--journal", journal,
                            limits=[(resource.RLIMIT_NOFILE, files)])
                self.assertEqual(done.returncode, 1, done.stderr)
                self.hold(domain, journal)
                self.assertRegex(done.stderr, "only %d open files are allowed" % files)

    def test_few_threads(self):
        """The journal has one thread, logons the others.  Of those one does, and without
        any the sweep does not begin: no host is blamed for it."""
        shim = self.shim(THREADS)
        with Domain("--line", "hosts 400 plant=50") as domain:
            for threads in (0, 1, 2, 3):
                with self.subTest(threads=threads):
                    self.hold_threads(domain, threads, LD_PRELOAD=shim,
                                      THREADS=str(threads), **self.unordered())

    def test_the_kernel_gives_few_threads(self):
        if os.getuid() != 0:
            self.skipTest("only root can become a user of no other processes")
        shim = self.shim(THREADS)
        os.chmod(os.path.dirname(shim), 0o711)
        with Domain("--line", "hosts 400 plant=50") as domain:
            program = domain.path("lsasweep")
            shutil.copy(PROGRAM, program)
            for path, mode in ((domain.folder, 0o711), (domain.path("targets"), 0o644)):
                os.chmod(path, mode)
            for threads in (0, 1, 2):
                with self.subTest(threads=threads):
                    folder = domain.path("of%d" % threads)
                    os.mkdir(folder)
                    os.chown(folder, NOBODY_ELSE, NOBODY_ELSE)
                    self.hold_threads(
                        domain, threads, folder=folder, program=program, become=NOBODY_ELSE,
                        limits=[(resource.RLIMIT_NPROC, 1 + threads)], LD_PRELOAD=shim,
                        THREADS="63", **self.unordered())

    def hold_threads(self, domain, threads, folder=None, **more):
        journal = os.path.join(folder or domain.folder, "j%d" % threads)
        done = scan(domain, "-c", "400", "-o", "json", "--journal", journal, **more)
        if threads < 2:
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertRegex(done.stderr, (
                "%s: no thread to write it with: resource temporarily" % journal,
                "the sweep cannot begin: no thread to log on with: resource temp")[threads])
            self.hold_header(journal, threads)
            return
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(re.findall(
            "no more than %d of 16 threads to log on with: resource temporarily "
            "unavailable; logons wait for one another\n" % (threads - 1),
            done.stderr)), 1, done.stderr)
        self.hold(domain, journal)

    def hold_header(self, journal, lines):
        """Nobody was asked, and nobody is said to have been."""
        with open(journal, encoding="ascii") as file:
            self.assertEqual(len(file.readlines()), lines)

    def shim(self, source):
        """A library to be loaded before all others, compiled from `source`."""
        folder = tempfile.mkdtemp(prefix="lsasweep-shim.")
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "shim.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", path, "-", "-ldl"],
                       input=source, text=True, check=True)
        return path

    def unordered(self):
        """What lets a sanitized program be loaded after a shim."""
        if not self.is_sanitized():
            return {}
        return {"ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}

    def is_sanitized(self):
        with open(PROGRAM, "rb") as file:
            return b"__asan_init" in file.read()

    def test_a_full_disk_at_every_write_of_a_journal(self):
        """RLIMIT_FSIZE cuts each file at so many bytes, as a full disk does."""
        with Domain("--hosts", "30") as domain:
            whole = domain.path("whole")
            scan(domain, "-o", "json", "--journal", whole)
            size = os.path.getsize(whole)
            chance = random.Random(1)
            for limit in [0, 1, 200] + sorted(chance.sample(range(300, size), 6)):
                with self.subTest(limit=limit, of=size):
                    journal = domain.path("j%d" % limit)
                    done = scan(domain, "-o", "json", "--journal", journal,
                                limits=[(resource.RLIMIT_FSIZE, limit)])
                    self.assertIn(done.returncode, (2, 3, 4), done.stderr)
                    self.assertRegex(done.stderr, "journal|%s" % journal)
                    self.assertRegex(done.stderr, "File too large|no space|full")
                    self.hold_cut(domain, journal)

    def hold_cut(self, domain, journal):
        """What was written is whole lines and at most one torn one, and goes on."""
        if not os.path.exists(journal) or not os.path.getsize(journal):
            return
        with open(journal, "rb") as file:
            lines = file.read().split(b"\n")
        for line in lines[:-1]:
            json.loads(line)
        if len(lines) > 1:
            done = scan(domain, "-o", "json", "--resume", journal)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.hold(domain, journal)

    def test_a_full_disk_at_every_write_of_a_report(self):
        with Domain("--line", "hosts 20 plant=50") as domain:
            journal = domain.path("j")
            scan(domain, "-o", "json", "--journal", journal)
            for name, file in FORMATS.items():
                path = domain.path(file)
                self.report(journal, name, path, resource.RLIM_INFINITY)
                with open(path, "rb") as written:
                    before = written.read()
                for limit in (0, 1, 100, len(before) // 2, len(before) - 1):
                    with self.subTest(format=name, limit=limit):
                        done = self.report(journal, name, path, limit)
                        self.assertEqual(done.returncode, 2, done.stderr)
                        self.assertRegex(done.stderr, "%s.*File too large|temporary"
                                         % path)
                        with open(path, "rb") as written:
                            self.assertEqual(written.read(), before)
                left = [n for n in os.listdir(domain.folder) if n.startswith(file + ".")]
                self.assertEqual(left, [])

    def report(self, journal, name, path, limit):
        def prepare():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return subprocess.run([PROGRAM, "report", "-o", "%s=%s" % (name, path), journal],
                              env=variables(None), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False,
                              preexec_fn=prepare)

    def test_full_pipes(self):
        with Domain("--hosts", "5") as domain:
            with open("/dev/full", "w", encoding="ascii") as full:
                done = subprocess.run(
                    [PROGRAM, "scan", "-q", "-U", "auditor", "-iL", domain.path("targets"),
                     "-o", "json"], env=variables(), stdin=subprocess.DEVNULL, stdout=full,
                    stderr=subprocess.PIPE, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("No space left", done.stderr)

    def test_death_at_any_moment(self):
        """The list comes through a pipe that stays open, so that the sweep is always in the
        middle of its work when it dies: after as many lines of its journal as we wait for."""
        with Domain("--hosts", "300") as domain:
            with open(domain.path("targets"), encoding="utf-8") as file:
                targets = file.read()
            for wanted in (0, 1, 2, 5, 17, 80, 150, 299, 301):
                journal = domain.path("j%d" % wanted)
                sweep = self.endless(journal, targets, "-c", "16")
                self.wait_for_lines(journal, wanted, sweep)
                stop(sweep, signal.SIGKILL)
                lines = self.lines(journal)
                for line in lines[:-1]:
                    json.loads(line)
                named = [json.loads(line)["host"] for line in lines[1:-1]]
                self.assertEqual(len(named), len(set(named)))
                if len(lines) > 1:
                    done = scan(domain, "-o", "json", "--resume", journal)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.hold(domain, journal)

    def endless(self, journal, targets, *arguments):
        """A sweep whose list never ends; it takes all of `targets` at once."""
        sweep = subprocess.Popen(
            [PROGRAM, "scan", "-q", "-U", "auditor", "-iL", "-", "-o", "json", "--journal",
             journal] + list(arguments), env=variables(PASSWORD), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        sweep.stdin.write(targets)
        sweep.stdin.flush()
        return sweep

    def lines(self, journal):
        """What the journal holds by now; the last one is empty, or half of a line."""
        if not os.path.exists(journal):
            return [b""]
        with open(journal, "rb") as file:
            return file.read().split(b"\n")

    def wait_for_lines(self, journal, wanted, sweep):
        while len(self.lines(journal)) - 1 < wanted:
            self.assertIsNone(sweep.poll(), "the sweep ended by itself")
            time.sleep(0.002)

    def test_death_leaves_no_facts_behind(self):
        """Facts that nobody asked to keep have no name while the sweep runs."""
        chance = random.Random(3)
        with Domain("--hosts", "300") as domain:
            temporary = domain.path("tmp")
            os.mkdir(temporary)
            for _ in range(6):
                sweep = subprocess.Popen(
                    [PROGRAM, "scan", "-q", "-U", "auditor", "-iL", domain.path("targets"),
                     "-o", "json=" + domain.path("r.json")], stdin=subprocess.DEVNULL,
                    env=variables(TMPDIR=temporary), stderr=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.1, 0.8))
                sweep.kill()
                sweep.wait()
                self.assertEqual(os.listdir(temporary), [])

    def test_death_while_reports_are_written(self):
        """Each file is the old one or the new one, at any moment."""
        chance = random.Random(4)
        with Domain("--line", "hosts 100 plant=50") as domain:
            journal = domain.path("j")
            scan(domain, "-c", "500", "-o", "json", "--journal", journal)
            outputs = [word for name, file in FORMATS.items()
                       for word in ("-o", "%s=%s" % (name, domain.path(file)))]
            began = time.monotonic()
            self.write_reports(journal, outputs).wait()
            took = time.monotonic() - began
            new = {file: self.content(domain, file) for file in FORMATS.values()}
            seen = set()
            for number in range(6):
                for file in new:
                    with open(domain.path(file), "wb") as old:
                        old.write(b"older")
                writing = self.write_reports(journal, outputs)
                time.sleep(took * (0.3 + 0.7 * number / 6) * chance.uniform(0.9, 1.1))
                writing.kill()
                writing.wait()
                for file, whole in new.items():
                    content = self.content(domain, file)
                    self.assertIn(content, (b"older", whole), file)
                    seen.add(content == whole)
                for name in os.listdir(domain.folder):  # what was not renamed yet
                    if re.match(r"r\.\w+\.", name):
                        self.assertIn(os.stat(domain.path(name)).st_mode & 0o777,
                                      (0o600, 0o644))
                        os.unlink(domain.path(name))
            self.assertIn(False, seen)

    def write_reports(self, journal, outputs):
        return subprocess.Popen([PROGRAM, "report"] + outputs + [journal],
                                env=variables(None), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def content(self, domain, file):
        with open(domain.path(file), "rb") as written:
            return written.read()

    def test_a_clock_that_jumps(self):
        """Time limits run by the monotonic clock: a sweep neither ends early nor hangs."""
        more, shim = self.unordered(), self.shim(CLOCK)
        with Domain("--hosts", "60", "--line",
                    "host slow member fault=hang@create") as domain:
            journal = domain.path("j")
            done = scan(domain, "-o", "json", "--journal", journal, "--timeout", "5s",
                        "--retries", "0", LD_PRELOAD=shim, **more)
            self.assertEqual(done.returncode, 3, done.stderr)
            hosts = self.hold(domain, journal, all_of_them=False)
            outcomes = sorted(records[-1]["outcome"] for records in hosts.values())
            self.assertEqual(outcomes, ["answered"] * 60 + ["stalled"])
            for records in hosts.values():
                total = records[-1]["timing_ms"]["total"]
                self.assertTrue(0 <= total < 30000, total)


if __name__ == "__main__":
    unittest.main()
