# SPDX-License-Identifier: Apache-2.0
"""ldaplab.py: the simulated directory at its true port, in a network namespace of its own
where the name of the first controller, dc1.corp.example, has its address.

    own_network()           first of all: starts this program again in one
    with Directory("--line", "host dc1 dc", ...) as lab:
        lab.discover("-o", "json")
"""

import json
import os
import subprocess
import sys

from domain import LAB, PROGRAM, Domain, variables

MARK = "LSASWEEP_OWN_NETWORK"
# What is said of every directory that was read so; test_ldap.py sees that it is.
BY_NTLM = "the directory was read by NTLM"
NAMES = """ip link set lo up &&
hosts=$(mktemp) && printf '127.0.0.1 localhost\n127.16.0.1 dc1.corp.example\n' >$hosts &&
mount --bind $hosts /etc/hosts && rm $hosts && exec "$@"
"""


def own_network():
    if os.environ.get(MARK):
        return
    command = ["unshare"] + (["--map-root-user"] if os.getuid() else []) + [
        "--net", "--mount", "sh", "-c", NAMES, "sh", sys.executable]
    os.environ[MARK] = "yes"
    os.execvp("unshare", command + (["-B"] if sys.dont_write_bytecode else []) + sys.argv)


class Directory(Domain):
    """A domain whose controllers serve LDAP at port 389 and whose names are served."""

    def __init__(self, *arguments):
        self.description = [word for word in arguments if word not in ("--keytab",)]
        super().__init__(*arguments, "--dns", "0", "--ldap", "389")

    def server(self):
        return "127.0.0.1:" + self.ports["dns"]

    def counts(self):
        """What is true of the computers."""
        words = [word for word in self.description if not word.startswith("/")]
        done = subprocess.run([LAB, *words, "--print-directory"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True, check=True)
        counts = json.loads(done.stdout)
        counts["left_out"] = {k: v for k, v in counts["left_out"].items() if v}
        return counts

    def run(self, command, *arguments, password=True, **more):
        given = variables(**more) if password is True else variables(password, **more)
        done = subprocess.run(
            [PROGRAM, command, "--dns", self.server(), *arguments], env=given,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def discover(self, *arguments, user="CORP\\auditor", domain="corp.example", **more):
        who = ("-U", user) if user else ()
        where = ("--domain", domain) if domain else ()
        status, out, errors = self.run("discover", *where, *who, *arguments, **more)
        return status, out, "".join(line for line in errors.splitlines(True)
                                    if BY_NTLM not in line)


def without_zeros(counts):
    """The counts of `discover -o json` as Directory.counts() gives them."""
    return {"total": counts["total"], "in_scope": counts["in_scope"],
            "left_out": {k: v for k, v in counts["left_out"].items() if v}}
