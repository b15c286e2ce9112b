# SPDX-License-Identifier: Apache-2.0
"""Is it the host that was asked?  A connection that leads to another member of the domain,
unaltered, gives that member's facts, signed, under the wrong name."""

import socket
import threading
import unittest

from domain import Domain, IMPERSONATE, Run

ZONE = ("--line", "host srv1 member address=127.30.0.1",
        "--line", "host srv2 member address=127.30.0.2 grant=%s:everyone" % IMPERSONATE)


class Redirect:
    """What comes to one address goes on to another one, unaltered."""

    def __init__(self, here, there):
        self.there = there
        self.listener = socket.create_server((here, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(self.there)
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=(one, other),
                                 daemon=True).start()

    @staticmethod
    def pass_on(one, other):
        try:
            while True:
                data = one.recv(65536)
                if not data:
                    break
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def sweep(domain, *targets):
    run = Run(domain, "--dns", "127.0.0.1:" + domain.ports["dns"], *targets, targets=False)
    return run, {host["host"]: host for host in run.report["hosts"]}


class IdentityTest(unittest.TestCase):
    def test_a_redirected_host_is_not_compliant_by_anothers_facts(self):
        with Domain(*ZONE, "--dns", "0") as domain:
            port = int(domain.ports["ready"])
            with Redirect("127.30.0.2", ("127.30.0.1", port)) as redirect:
                run, hosts = sweep(domain, "srv1.corp.example:%d" % port,
                                   "srv2.corp.example:%d" % redirect.port)
            self.assertEqual(hosts["srv2.corp.example"]["verdict"], "unknown")
            self.assertIn('calls itself "srv1.corp.example"',
                          hosts["srv2.corp.example"]["identity_conflict"])
            # The true one is what it was, and says that another one claims its name.
            self.assertEqual(hosts["srv1.corp.example"]["verdict"], "compliant")
            self.assertIn("the same name", hosts["srv1.corp.example"]["identity_conflict"])
            self.assertEqual(run.report["summary"]["identity_conflicts"], 2)
            self.assertEqual(run.status, 3)

    def test_hosts_by_their_own_names_have_no_conflict(self):
        with Domain(*ZONE, "--dns", "0") as domain:
            port = domain.ports["ready"]
            run, hosts = sweep(domain, "srv1.corp.example:" + port, "SRV2.corp.example:" + port)
            self.assertEqual(run.report["summary"]["identity_conflicts"], 0)
            self.assertEqual(hosts["srv1.corp.example"]["verdict"], "compliant")
            self.assertEqual(hosts["SRV2.corp.example"]["verdict"], "violation")


if __name__ == "__main__":
    unittest.main()
