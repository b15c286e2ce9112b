# SPDX-License-Identifier: Apache-2.0
"""The laboratory itself: ended by any signal it leaves no process and no folder."""

import glob
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lab  # noqa: E402


def stay():
    """What runs inside: one server, until somebody ends it."""
    lab.in_namespaces()
    folder = tempfile.mkdtemp(prefix="lsasweep-samba.")
    lab.Lab(folder).standalone()
    print(os.readlink("/proc/self/ns/net"), folder, flush=True)
    time.sleep(60)


def processes_in(namespace):
    found = 0
    for link in glob.glob("/proc/[0-9]*/ns/net"):
        try:
            found += os.readlink(link) == namespace
        except OSError:
            pass
    return found


class Ends(unittest.TestCase):
    def ended_by(self, number):
        with subprocess.Popen(["/usr/bin/python3", "-B", __file__, "stay"], text=True,
                              stdout=subprocess.PIPE) as outside:
            namespace, folder = outside.stdout.readline().split()
            self.assertGreater(processes_in(namespace), 1)
            outside.send_signal(number)
        end = time.monotonic() + 10
        while processes_in(namespace) or os.path.exists(folder):
            self.assertLess(time.monotonic(), end, "something of the laboratory is left")
            time.sleep(0.05)

    def test_terminate(self):
        self.ended_by(signal.SIGTERM)

    def test_interrupt(self):
        self.ended_by(signal.SIGINT)

    def test_kill(self):
        self.ended_by(signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:] == ["stay"]:
        stay()
    if os.geteuid() != 0:  # other users' namespaces cannot be read
        os.execvp("sudo", ["sudo", "-E", "/usr/bin/python3", "-B"] + sys.argv)
    unittest.main()
