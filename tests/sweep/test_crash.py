# SPDX-License-Identifier: Apache-2.0
"""A library crashes inside a login: the sweep ends in order.  Its journal has an end, its
reports are written, the host is named and not asked again, the others are."""

import os
import subprocess
import tempfile
import unittest

from domain import Domain, PASSWORD, PROGRAM, Run, read_journal, variables

# Stands for the library that makes tokens: the nth call off the main thread crashes.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
static int deeper(volatile char *above)
{
	volatile char here[4096];

	here[0] = above ? above[0] : 0;
	return deeper(here) + here[0];
}

static void crash(const char *how)
{
	if (strcmp(how, "abort") == 0)
		abort();
	else if (strcmp(how, "stack") == 0)
		deeper(NULL);
	else
		*(volatile char *)8 = 1;
}

unsigned char *HMAC(const void *md, const void *key, int key_len, const unsigned char *in,
	size_t len, unsigned char *out, unsigned *out_len)
{
	static atomic_int calls;
	unsigned char *(*real)(const void *, const void *, int, const unsigned char *,
		size_t, unsigned char *, unsigned *) = dlsym(RTLD_NEXT, "HMAC");
	const char *how = getenv("CRASH");

	if (how && gettid() != getpid() && ++calls == atoi(getenv("CRASH_AT")))
		crash(how);
	return real(md, key, key_len, in, len, out, out_len);
}
"""
SANITIZED = b"__asan_init" in open(PROGRAM, "rb").read() or \
    b"__tsan_init" in open(PROGRAM, "rb").read()


@unittest.skipIf(SANITIZED, "a sanitizer reports crashes in its own way")
class CrashTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        source = os.path.join(cls.folder.name, "shim.c")
        cls.shim = os.path.join(cls.folder.name, "shim.so")
        with open(source, "w", encoding="utf-8") as file:
            file.write(SHIM)
        subprocess.run(["cc", "-shared", "-fPIC", "-O0", "-o", cls.shim, source, "-ldl"],
                       check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def sweep(self, domain, how, *arguments):
        journal = tempfile.mktemp(dir=domain.folder, suffix=".ndjson")
        done = subprocess.run(
            [PROGRAM, "scan", "-q", "-U", "auditor", "-c", "4", "--journal", journal, "-o",
             "json", "-iL", domain.path("targets"), *arguments],
            env=variables(PASSWORD, LD_PRELOAD=self.shim, CRASH=how, CRASH_AT="40"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=120, check=False)
        return done, journal

    def check(self, how):
        with Domain("--hosts", "60") as domain:
            done, journal = self.sweep(domain, how)
            self.assertIn(done.returncode, (3, 4), done.stderr)
            self.assertIn("a library crashed during a login", done.stderr)
            header, hosts, trailer = read_journal(journal)
            self.assertIsNotNone(trailer, "the journal has no end")
            self.assertTrue(done.stdout.startswith("{"), "no report was written")
            crashed = [name for name, records in hosts.items()
                       if (records[-1]["error"] or {}).get("reason") == "login_crashed"]
            self.assertEqual(len(crashed), 1)
            self.assertEqual(len(hosts), 60)
            run = Run(domain, "--resume", journal, journal=journal)
            again = {name: records[-1] for name, records in run.all_records.items()}
            self.assertEqual(again[crashed[0]]["error"]["reason"], "login_crashed")
            self.assertEqual([name for name in again
                              if again[name]["outcome"] == "not_asked"], [])
            self.assertIn(run.status, (3, 4))

    def test_a_write_to_nowhere_ends_the_sweep_in_order(self):
        self.check("segv")

    def test_an_abort_ends_the_sweep_in_order(self):
        self.check("abort")

    def test_a_stack_that_overflows_ends_the_sweep_in_order(self):
        self.check("stack")


if __name__ == "__main__":
    unittest.main()
