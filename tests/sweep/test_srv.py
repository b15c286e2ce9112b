# SPDX-License-Identifier: Apache-2.0
"""Services as targets: DNS names the hosts, and all rules of a sweep hold for them."""

import contextlib
import json
import signal
import socket
import struct
import subprocess
import threading
import unittest

from domain import Domain, PROGRAM, Run, read_journal, start, stop, variables

SERVICE = "_ldap._tcp.dc._msdcs.corp.example"
LINES = [word for name in ("dc1 dc", "dc2 dc", "dc3 dc", "dc4 dc", "dc5 dc", "dc6 dc",
                           "web1 member") for word in ("--line", "host " + name)]
CONTROLLERS = {"dc%d.corp.example" % i for i in range(1, 7)}


def controllers():
    return Domain(*LINES, "--dns", "0")


def sweep(domain, *arguments, dns=None, **more):
    return Run(domain, "-p", domain.ports["ready"], "--dns",
               dns or "127.0.0.1:" + domain.ports["dns"], *arguments, targets=False,
               **more)


class SilentNameServer:
    """Takes questions and says nothing."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.text = "127.0.0.1:%d" % self.socket.getsockname()[1]
        return self

    def __exit__(self, *ignored):
        self.socket.close()


class LateNameServer(SilentNameServer):
    """Lets the first questions go; further ones are answered by the domain's server."""

    def __init__(self, silent, port):
        self.silent, self.port = silent, port

    def __enter__(self):
        super().__enter__()
        threading.Thread(target=self.answer, daemon=True).start()
        return self

    def answer(self):
        with contextlib.suppress(OSError), \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as beyond:
            for _ in range(self.silent):
                self.socket.recvfrom(512)
            while True:
                query, client = self.socket.recvfrom(512)
                self.socket.sendto(self.reply(query, beyond), client)

    def reply(self, query, beyond):
        beyond.sendto(query, ("127.0.0.1", self.port))
        return beyond.recv(4096)


class OddNameServer(LateNameServer):
    """Of a service it names dc1 and two that are no names of hosts."""

    def reply(self, query, beyond):
        if query[13:14] != b"_":
            return super().reply(query, beyond)
        end = query.index(0, 12) + 5
        records = b""
        for name in (b"\x0210\x010\x010\x011\0", b"\x03dc1\x04corp\x07example\0",
                     b"\x05_ldap\x04_tcp\x04corp\x07example\0"):
            records += struct.pack(">HHHIHHHH", 0xc00c, 33, 1, 60, 6 + len(name), 0, 0, 389)
            records += name
        return query[:2] + struct.pack(">HHHHH", 0x8180, 1, 3, 0, 0) + query[12:end] + records


class Services(unittest.TestCase):
    def test_every_host_of_a_service_is_asked_once(self):
        with controllers() as domain:
            run = sweep(domain, "web1.corp.example", "DC3.corp.example tag=first",
                        SERVICE + " tag=dc tag=site role=client", SERVICE.upper(),
                        "dc5.corp.example tag=late", "_kerberos._tcp.corp.example")
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual({name.lower() for name in run.hosts},
                             CONTROLLERS | {"web1.corp.example"})
            self.assertEqual(run.outcomes(), {"answered": 7})
            self.assertEqual(run.hosts["dc1.corp.example"]["tags"], ["dc", "site"])
            self.assertEqual(run.hosts["DC3.corp.example"]["tags"], ["first"])
            self.assertEqual(run.hosts["dc1.corp.example"]["port"],
                             int(domain.ports["ready"]))
            role = run.hosts["dc1.corp.example"]["role"]
            self.assertEqual((role["value"], role["hint"]), ("domain_controller", "client"))
            self.assertEqual(run.report["summary"]["hosts"], 7)
            self.assertEqual(run.trailer["outcomes"], {"answered": 7})
            self.assertEqual(domain.statistics()["logon_attempts"], 7)

    def test_a_port_of_its_own(self):
        with controllers() as domain:
            run = sweep(domain, SERVICE + ":" + domain.ports["refused"])
            self.assertEqual(run.outcomes(), {"refused": 6}, run.errors)

    def test_exclusion_wins(self):
        with controllers() as domain:
            run = sweep(domain, SERVICE, "--exclude", "dc2.*,DC4.corp.example")
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(set(run.hosts),
                             CONTROLLERS - {"dc2.corp.example", "dc4.corp.example"})
            run = sweep(domain, SERVICE, "--exclude", "127.16.0.1")
            self.assertEqual(run.outcomes(), {"answered": 5, "not_asked": 1}, run.errors)
            self.assertEqual(run.hosts["dc1.corp.example"]["outcome"], "not_asked")
            run = sweep(domain, SERVICE, "--exclude", SERVICE)
            self.assertEqual(run.hosts, {})

    def test_parts_are_whole_and_disjoint(self):
        with controllers() as domain:
            runs = [sweep(domain, SERVICE, "--shard", "%d/2" % i) for i in range(2)]
            sets = [set(run.hosts) for run in runs]
            self.assertEqual(sets[0] | sets[1], CONTROLLERS)
            self.assertEqual(sets[0] & sets[1], set())
            self.assertTrue(all(sets), sets)
            done = subprocess.run([PROGRAM, "report", "-o", "json"]
                                  + [run.journal for run in runs], env=variables(),
                                  stdout=subprocess.PIPE, text=True, timeout=60,
                                  check=False)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(json.loads(done.stdout)["summary"]["hosts"], 6)

    def test_a_wrong_password_is_tried_once(self):
        with controllers() as domain:
            run = sweep(domain, SERVICE, "-c", "64", password="wrong")
            self.assertEqual(run.status, 5)
            self.assertEqual(run.outcomes(), {"logon_refused": 1, "guarded": 5})
            self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_one_in_flight_finds_them_all(self):
        with controllers() as domain:
            run = sweep(domain, SERVICE, "-c", "1", "--per-subnet", "1", "--rate", "100")
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(set(run.hosts), CONTROLLERS)


class GoingOn(unittest.TestCase):
    def test_only_what_is_missing_is_asked_again(self):
        with controllers() as domain:
            first = sweep(domain, SERVICE, "--exclude", "dc2.*")
            run = sweep(domain, SERVICE, "--resume", first.journal, journal=first.journal)
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(set(run.hosts), CONTROLLERS)
            self.assertEqual({len(records) for records in run.all_records.values()}, {1})
            self.assertEqual(domain.statistics()["logon_attempts"], 6)

    def test_a_service_found_at_last_is_no_unresolvable_host(self):
        with controllers() as domain, SilentNameServer() as silent:
            first = sweep(domain, SERVICE, "--host-timeout", "200ms", dns=silent.text)
            self.assertEqual(first.outcomes(), {"unresolvable": 1}, first.errors)
            self.assertEqual(first.status, 3)
            again = sweep(domain, SERVICE, "--resume", first.journal, "--retry",
                          "unresolvable", journal=first.journal)
            self.assertEqual(again.status, 0, again.errors)
            self.assertEqual(again.report["summary"]["hosts"], 6)
            self.assertEqual(again.report["summary"]["unknown"], 0)


class NotFound(unittest.TestCase):
    def test_a_name_that_does_not_exist_is_one_record(self):
        with controllers() as domain:
            run = sweep(domain, "_ldap._tcp.nowhere.example tag=x", "dc1.corp.example")
            self.assertEqual(run.status, 3, run.errors)
            self.assertEqual(run.outcomes(), {"unresolvable": 1, "answered": 1})
            record = run.hosts["_ldap._tcp.nowhere.example"]
            self.assertEqual(record["error"]["text"], "there is no such name")
            self.assertEqual(record["error"]["step"], "resolve")
            self.assertEqual(record["tags"], ["x"])
            self.assertEqual(record["attempts"], 1)

    def test_silence_is_asked_again_and_harms_nobody_else(self):
        with controllers() as domain, \
                LateNameServer(2, int(domain.ports["dns"])) as late:
            run = sweep(domain, SERVICE, "127.16.0.7", dns=late.text)
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(set(run.hosts), CONTROLLERS | {"127.16.0.7"})
            self.assertEqual(list(run.hosts)[0], "127.16.0.7")

    def test_what_is_no_host_is_not_asked_and_said(self):
        with controllers() as domain, \
                OddNameServer(0, int(domain.ports["dns"])) as odd:
            run = sweep(domain, SERVICE, dns=odd.text)
            self.assertEqual(run.status, 3, run.errors)
            self.assertIn(SERVICE + ": resolve: 2 of its SRV records are not asked",
                          run.errors)
            self.assertEqual(set(run.hosts), {"dc1.corp.example"})
            self.assertEqual(run.trailer["outcomes"], {"answered": 1, "not_asked": 2})
            self.assertEqual(domain.statistics()["logon_attempts"], 1)

    def test_the_time_of_a_host_holds_for_a_service(self):
        with controllers() as domain, SilentNameServer() as silent:
            run = sweep(domain, SERVICE, "--host-timeout", "200ms", dns=silent.text)
            self.assertEqual(run.hosts[SERVICE]["error"]["text"],
                             "no name server answered in time")

    def test_check_wants_one_host(self):
        done = subprocess.run([PROGRAM, "check", "-U", "x", SERVICE], env=variables(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("a network or service is for scan", done.stderr)


class Interrupted(unittest.TestCase):
    def asking(self, domain, silent, *arguments):
        """A sweep that has asked and got no answer."""
        journal = domain.path("journal")
        with open(domain.path("targets"), "w", encoding="utf-8") as file:
            file.write(SERVICE + "\n")
        process = start(domain, journal, "-p", domain.ports["ready"], "--dns",
                        silent.text, *arguments)
        silent.socket.settimeout(30)
        silent.socket.recvfrom(512)
        return journal, process

    def test_ctrl_c_while_asking_loses_nothing(self):
        with controllers() as domain, SilentNameServer() as silent:
            journal, process = self.asking(domain, silent)
            status, out, errors = stop(process, signal.SIGINT)
            self.assertEqual(status, 130, errors)
            self.assertEqual(json.loads(out)["summary"]["unknown"], 1)
            hosts, trailer = read_journal(journal)[1:]
            (record,), = hosts.values()
            self.assertEqual((record["host"], record["outcome"]), (SERVICE, "not_asked"))
            self.assertEqual(trailer["outcomes"], {"not_asked": 1})
            run = sweep(domain, SERVICE, "--resume", journal, journal=journal)
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(run.report["summary"]["hosts"], 6)

    def test_the_end_of_its_time_while_asking(self):
        with controllers() as domain, SilentNameServer() as silent:
            journal, process = self.asking(domain, silent, "--max-runtime", "300ms")
            _, errors = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 3, errors)
            self.assertEqual(read_journal(journal)[2]["outcomes"], {"not_asked": 1})

    def test_a_killed_sweep_is_whole_later(self):
        with controllers() as domain, SilentNameServer() as silent:
            journal, process = self.asking(domain, silent)
            stop(process, signal.SIGKILL)
            run = sweep(domain, SERVICE, "--resume", journal, journal=journal)
            self.assertEqual(run.status, 0, run.errors)
            self.assertEqual(set(run.hosts), CONTROLLERS)


if __name__ == "__main__":
    unittest.main()
