# SPDX-License-Identifier: Apache-2.0
"""kdc.py: simulated KDCs of one realm, which count the proofs of a password they get.

    Realm()                what the KDCs share: how many proofs have come
    Kdc(realm, first, proof, ...)
        first   what becomes of a request without a proof: "preauth" asks for one, a
                number is an error code, "silent", "close", "reset", "garbage",
                "closed" (nothing listens), "udp" (TCP is closed, UDP asks for one)
        proof   what becomes of a proof: an error code, "silent", "close", "reset",
                "garbage", or a pair (seconds, code)
"""

import socket
import struct
import threading
import time

REALM = "CORP.EXAMPLE"
PREAUTH_REQUIRED, PREAUTH_FAILED, SKEW = 25, 24, 37
PADATA_TIMESTAMP = b"\xa1\x03\x02\x01\x02"  # [1] INTEGER 2
REQUEST_MAX = 65536


def der(tag, body):
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    return bytes([tag, 0x82]) + struct.pack(">H", size) + body


def integer(number):
    return der(2, number.to_bytes((number.bit_length() + 8) // 8, "big", signed=True))


def text(words):
    return der(0x1b, words.encode())


def padata(kind, value):
    return der(0x30, der(0xa1, integer(kind)) + der(0xa2, der(4, value)))


def methods(user):
    """METHOD-DATA: AES-256 with the usual salt, and a time stamp is asked for."""
    info = der(0x30, der(0x30, der(0xa0, integer(18)) + der(0xa1, text(REALM + user))))
    return der(0x30, padata(19, info) + padata(2, b""))


def error(code, user="svc"):
    """KRB-ERROR (RFC 4120 5.9.1)."""
    now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
    name = der(0x30, der(0xa0, integer(2)) +
               der(0xa1, der(0x30, text("krbtgt") + text(REALM))))
    fields = (der(0xa0, integer(5)) + der(0xa1, integer(30)) +
              der(0xa4, der(0x18, now.encode())) + der(0xa5, integer(1)) +
              der(0xa6, integer(code)) + der(0xa9, text(REALM)) + der(0xaa, name))
    if code == 68:  # KDC_ERR_WRONG_REALM: the client's realm is another
        fields = (der(0xa0, integer(5)) + der(0xa1, integer(30)) +
                  der(0xa4, der(0x18, now.encode())) + der(0xa5, integer(1)) +
                  der(0xa6, integer(code)) + der(0xa7, text("OTHER.EXAMPLE")) +
                  der(0xa9, text(REALM)) + der(0xaa, name))
    if code in (PREAUTH_REQUIRED, 91):
        fields += der(0xac, der(4, methods(user)))
    return der(0x7e, der(0x30, fields))


class Realm:
    def __init__(self):
        self.lock = threading.Lock()
        self.proofs = []  # the port of each KDC that got one
        self.second = threading.Event()

    def note(self, port):
        with self.lock:
            self.proofs.append(port)
            if len(self.proofs) > 1:
                self.second.set()


class Kdc:
    def __init__(self, realm, first="preauth", proof=PREAUTH_FAILED, host="127.0.0.1"):
        self.realm, self.first, self.proof = realm, first, proof
        self.requests = 0
        self.closing = threading.Event()
        self.threads = []
        self.tcp = socket.create_server((host, 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if first in ("closed", "udp"):
            self.tcp.close()
            self.tcp = None
        if first == "udp":
            self.udp.bind((host, self.port))
            self.start(self.serve_udp)
        if self.tcp:
            self.start(self.serve_tcp)

    def start(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def close(self):
        """Ends all threads."""
        self.closing.set()
        self.realm.second.set()
        for end in (self.tcp, self.udp):
            if end:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        for thread in self.threads:
            thread.join(10)
        for end in (self.tcp, self.udp):
            if end:
                end.close()

    def serve_tcp(self):
        while not self.closing.is_set():
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            self.start(self.answer_tcp, connection)

    def serve_udp(self):
        while not self.closing.is_set():
            request, whom = self.udp.recvfrom(REQUEST_MAX)
            if not request:
                return
            reply = self.reply_to(request)
            if isinstance(reply, bytes):
                self.udp.sendto(reply, whom)

    def reply_to(self, request):
        """Bytes, or what becomes of the connection."""
        self.requests += 1
        if PADATA_TIMESTAMP in request:
            self.realm.note(self.port)
            what = self.proof
        else:
            what = self.first
        if isinstance(what, tuple):  # a second proof anywhere ends the wait: it is seen
            self.realm.second.wait(what[0])
            what = what[1]
        if what in ("preauth", "udp"):
            what = PREAUTH_REQUIRED
        if what == "garbage":
            return b"\x7e\x84\xff\xff\xff\xff not Kerberos"
        return error(what) if isinstance(what, int) else what

    def answer_tcp(self, connection):
        with connection:
            head = connection.recv(4, socket.MSG_WAITALL)
            if len(head) < 4:
                return
            size = struct.unpack(">I", head)[0]
            reply = self.reply_to(connection.recv(size, socket.MSG_WAITALL))
            if isinstance(reply, bytes):
                connection.sendall(struct.pack(">I", len(reply)) + reply)
            elif reply == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
            elif reply == "silent":
                connection.recv(1)  # until the other side gives up


def configuration(path, kdcs=(), more=""):
    """krb5.conf that names these KDCs."""
    with open(path, "w", encoding="ascii") as out:
        out.write("[libdefaults]\n default_realm = %s\n rdns = false\n"
                  " dns_canonicalize_hostname = false\n%s" % (REALM, more))
        if kdcs:
            out.write("[realms]\n %s = {\n%s }\n" % (REALM, "".join(
                "  kdc = %s\n" % (kdc if isinstance(kdc, str) else
                                  "127.0.0.1:%d" % kdc.port) for kdc in kdcs)))
