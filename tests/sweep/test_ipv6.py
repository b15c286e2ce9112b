# SPDX-License-Identifier: Apache-2.0
"""Sweeps over IPv6: the simulated domain has none, so a forwarder stands before it."""

import contextlib
import os
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

from domain import Domain, Run, STOCK, holders

HOST = "127.30.0.1"
TYPE_AAAA = 28


def carry(source, sink):
    """All bytes from one socket to another, and then the end."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class Forwarder:
    """A port of ::1 that leads to an address of the domain."""

    def __init__(self, address):
        self.address = address
        self.listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        self.port = self.listener.getsockname()[1]
        self.taken = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near = self.listener.accept()[0]
                self.taken += 1
                far = socket.create_connection(self.address)
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.listener.close()


class NameServer:
    """Knows of each name one record: AAAA ::1."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.text = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.asked = set()
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self):
        with contextlib.suppress(OSError):
            while True:
                query, client = self.socket.recvfrom(512)
                end = query.index(0, 12) + 5
                kind = struct.unpack_from(">H", query, end - 4)[0]
                self.asked.add(kind)
                reply = query[:2] + struct.pack(">HHHHH", 0x8180, 1, kind == TYPE_AAAA,
                                                0, 0) + query[12:end]
                if kind == TYPE_AAAA:
                    reply += struct.pack(">HHHIH", 0xc00c, TYPE_AAAA, 1, 60, 16)
                    reply += socket.inet_pton(socket.AF_INET6, "::1")
                self.socket.sendto(reply, client)

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()


def has_ipv6():
    with contextlib.suppress(OSError):
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        return True
    return False


# A mount namespace of its own, in which another file is /etc/hosts.
UNSHARE = ("unshare", "--map-root-user", "--mount", "sh", "-c",
           'mount --bind "$0" /etc/hosts && exec "$@"')


def can_unshare():
    try:
        return subprocess.run([*UNSHARE, "/etc/hosts", "true"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


@unittest.skipUnless(has_ipv6(), "this machine has no ::1")
class OverIpv6(unittest.TestCase):
    def sweep(self, target, *arguments, **more):
        with Domain("--line", "host a member address=" + HOST) as domain, \
                Forwarder((HOST, int(domain.ports["ready"]))) as forwarder:
            run = Run(domain, target % forwarder.port, *arguments, targets=False, **more)
            self.assertEqual(run.outcomes(), {"answered": 1}, run.errors)
            # By NTLM nothing proves that "six" is the host that calls itself "a".
            self.assertEqual(run.status, 0 if target.startswith("[") else 3, run.errors)
            self.assertEqual(forwarder.taken, 1)
            (record,), = run.all_records.values()
            self.assertEqual(record["port"], forwarder.port)
            self.assertEqual(record["address"], "::1")
            self.assertEqual(holders(record), ("held", STOCK))
            self.assertEqual(record["machine"]["netbios_name"],
                             domain.truth[0]["netbios_name"])
            self.assertEqual(domain.statistics()["logon_attempts"], 1)
            return record

    def test_a_literal_address(self):
        self.assertEqual(self.sweep("[::1]:%d")["host"], "::1")

    def test_a_name_that_has_an_ipv6_address_alone(self):
        with NameServer() as server:
            record = self.sweep("six.corp.example:%d", "--dns", server.text)
            self.assertEqual(record["host"], "six.corp.example")
            self.assertIn(TYPE_AAAA, server.asked)

    @unittest.skipUnless(can_unshare(), "no mount namespace is to be had here")
    def test_a_name_of_etc_hosts(self):
        with tempfile.NamedTemporaryFile("w", prefix="lsasweep-hosts.") as hosts, \
                NameServer() as server:
            hosts.write("127.30.0.9 other\n# ::2 six\n\t::1\tSix.Corp.Example six # here\n")
            hosts.flush()
            os.chmod(hosts.name, 0o644)
            for name in ("six.corp.example", "six"):
                record = self.sweep(name + ":%d", "--dns", server.text,
                                    within=(*UNSHARE, hosts.name))
                self.assertEqual(record["host"], name)
            self.assertEqual(server.asked, set())


if __name__ == "__main__":
    unittest.main()
