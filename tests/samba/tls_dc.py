# SPDX-License-Identifier: Apache-2.0
"""tls_dc.py: what a domain controller's port 636 may be: its certificate good or not, its
TLS old, or no TLS at all.  It takes one NTLM login, refuses it, and tells what the login
was bound to."""

import hashlib
import os
import socket
import ssl
import struct
import subprocess
import threading
import warnings

UNBIND = b"0\x05\x02\x01\x01B\x00"
CHANNEL_BINDINGS = 0x0A  # MsvAvChannelBindings, [MS-NLMP] 2.2.2.1


class Authority:
    """A certificate authority in a folder, made with openssl."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        self.path = os.path.join(folder, "ca.pem")
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                     "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Authority")

    def openssl(self, *arguments):
        subprocess.run(("openssl",) + arguments, cwd=self.folder, check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)

    def certificate(self, name, digest="sha256", days="30"):
        """(certificate, key) for that name."""
        stem = "%s-%s%s" % (name, digest, days)
        with open(os.path.join(self.folder, stem + ".ext"), "w", encoding="ascii") as out:
            out.write("subjectAltName=DNS:%s\n" % name)
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", stem + ".key",
                     "-out", stem + ".csr", "-subj", "/CN=%s" % name)
        self.openssl("x509", "-req", "-in", stem + ".csr", "-CA", "ca.pem", "-CAkey",
                     "ca.key", "-CAcreateserial", "-days", days, "-" + digest, "-extfile",
                     stem + ".ext", "-out", stem + ".pem")
        return [os.path.join(self.folder, stem + end) for end in (".pem", ".key")]


def element(tag, *parts):
    """BER, definite length."""
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    return bytes([tag, 0x82]) + struct.pack(">H", len(body)) + body


def bind_response(number, result, token=b""):
    credentials = element(0x87, token) if token else b""
    return element(0x30, element(2, bytes([number])),
                   element(0x61, element(0x0A, bytes([result])), element(4), element(4),
                           credentials))


def challenge():
    """NTLM's second message, with a domain's name and no time."""
    pairs = struct.pack("<HH", 2, 6) + "LAB".encode("utf-16-le") + struct.pack("<HH", 0, 0)
    flags = 0xA2888205
    name = "LAB".encode("utf-16-le")
    return (b"NTLMSSP\0" + struct.pack("<IHHII", 2, len(name), len(name), 56, flags)
            + b"\1" * 8 + b"\0" * 8
            + struct.pack("<HHI", len(pairs), len(pairs), 56 + len(name))
            + b"\x0a\0\x7c\x4f\0\0\0\x0f" + name + pairs)


def binding_in(message):
    """The channel binding in an AUTHENTICATE message; None: there is none."""
    length, _, offset = struct.unpack_from("<HHI", message, 20)
    at, end = offset + 16 + 28, offset + length
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", message, at)
        if kind == CHANNEL_BINDINGS:
            return message[at + 4:at + 4 + size]
        if kind == 0:
            break
        at += 4 + size
    return None


def expected_binding(certificate, digest):
    """RFC 5929 4.1 in a gss_channel_bindings_struct, MD5 of it."""
    with open(certificate, encoding="ascii") as file:
        der = ssl.PEM_cert_to_DER_cert(file.read())
    data = b"tls-server-end-point:" + hashlib.new(digest, der).digest()
    return hashlib.md5(struct.pack("<IIIII", 0, 0, 0, 0, len(data)) + data).digest()


class Controller:
    """Takes connections until stop(); `heard` is every byte behind TLS, `raw` what came
    where no TLS was spoken, `binding` what the last login was bound to."""

    def __init__(self, address, certificate=None, newest=None):
        self.heard, self.raw, self.binding = b"", b"", None
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
            if newest:
                self.context.set_ciphers("ALL:@SECLEVEL=0")
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self.context.minimum_version = ssl.TLSVersion.TLSv1
                    self.context.maximum_version = newest
        self.socket = socket.create_server((address, 636))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                self.answer(connection)

    def answer(self, connection):
        if not self.context:
            self.raw += connection.recv(65536)
            connection.sendall(bind_response(1, 0))
            return
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                self.converse(tls)
        except (OSError, ssl.SSLError):
            pass

    def converse(self, tls):
        while True:
            request = tls.recv(65536)
            if not request:
                return
            self.heard += request
            at = request.find(b"NTLMSSP\0")
            number = request[request.index(b"\x02\x01") + 2]
            if at >= 0 and request[at + 8] == 1:
                tls.sendall(bind_response(number, 14, challenge()))
            elif at >= 0:
                self.binding = binding_in(request[at:])
                tls.sendall(bind_response(number, 49))
