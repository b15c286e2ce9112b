# SPDX-License-Identifier: Apache-2.0
"""lab.py: real Samba servers on loopback, in namespaces of their own.

    in_namespaces()     re-executes the calling script in fresh network, mount and process
                        namespaces; when it ends, however it ends, all of it is gone
    Lab(folder)         .domain_controller(), .member(), .standalone(**options)

Nothing here touches the machine's network, /etc or /run: the namespaces have their own
loopback, /etc/hosts, /etc/samba and /run/samba.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

REALM = "LAB.EXAMPLE"
DOMAIN = "LAB"
ADMIN_PASSWORD = "Adm1n-of-the-lab"
DC_ADDRESS, MEMBER_ADDRESS, STANDALONE_ADDRESS = "127.0.0.10", "127.0.0.11", "127.0.0.12"
HOSTS = """127.0.0.1 localhost
127.0.0.10 dc1.lab.example dc1 alias.lab.example
127.0.0.11 mem1.lab.example mem1
127.0.0.12 sta1
127.0.0.13 old1
127.0.0.20 dc9.lab.example
""" + "".join("127.0.0.11 n%03d.lab.example\n" % i for i in range(200))
KRB5 = """[libdefaults]
 default_realm = LAB.EXAMPLE
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 LAB.EXAMPLE = {
  kdc = 127.0.0.10
  admin_server = 127.0.0.10
 }
[domain_realm]
 .lab.example = LAB.EXAMPLE
"""
FOLDERS = []  # of this process's laboratories


def in_namespaces():
    """Returns only inside the namespaces, where this script is process 1.

    The lifeline is standard input: when the process outside ends, by whatever signal, it
    breaks, and everything inside ends with process 1."""
    if os.environ.get("LSASWEEP_IN_NAMESPACES") == "1":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        threading.Thread(target=end_with_the_lifeline, daemon=True).start()
        return
    command = [] if os.geteuid() == 0 else ["sudo", "-E"]
    command += ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
                "--mount-proc", "--propagation", "private", "env",
                "LSASWEEP_IN_NAMESPACES=1", "/usr/bin/python3", "-B"] + sys.argv
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, frame: child.stdin.close())
    sys.exit(child.wait())


def end_with_the_lifeline():
    while os.read(0, 1):
        pass
    os.kill(-1, signal.SIGKILL)
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def run(*command, **more):
    """A command that must succeed; its output."""
    if "input" not in more:
        more["stdin"] = subprocess.DEVNULL
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=600, **more)
    if done.returncode:
        raise RuntimeError("%s: exit %d\n%s" % (" ".join(command), done.returncode,
                                                done.stdout))
    return done.stdout


def wait_for(address, port=445, seconds=300):
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((address, port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise RuntimeError("%s:%d does not listen" % (address, port)) from None
            time.sleep(0.05)


class Server:
    """One running Samba; its daemons are the children of `process`."""

    def __init__(self, conf, processes, address):
        self.conf, self.processes, self.address = conf, processes, address

    def stop(self):
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self.processes = []


class Lab:
    def __init__(self, folder):
        self.folder = folder
        FOLDERS.append(folder)
        self.servers = []
        for path, text in (("hosts", HOSTS), ("krb5.conf", KRB5), ("resolv.conf", "")):
            with open(os.path.join(folder, path), "w", encoding="ascii") as out:
                out.write(text)
        run("mount", "--bind", os.path.join(folder, "hosts"), "/etc/hosts")
        run("mount", "--bind", os.path.join(folder, "resolv.conf"), "/etc/resolv.conf")
        for path in ("/etc/samba", "/run/samba", "/var/lib/samba", "/var/cache/samba",
                     "/var/log/samba"):
            os.makedirs(path, exist_ok=True)
            run("mount", "-t", "tmpfs", "tmpfs", path)
        self.environment = dict(os.environ, KRB5_CONFIG=os.path.join(folder, "krb5.conf"),
                                KRB5CCNAME="FILE:" + os.path.join(folder, "ccache"),
                                TDB_NO_FSYNC="1")
        os.environ.update(self.environment)

    def stop(self):
        for server in self.servers:
            server.stop()

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def configuration(self, name, address, options):
        """smb.conf of one server with all its folders of its own."""
        top = self.path(name)
        lines = ["[global]", "interfaces = %s/8" % address, "bind interfaces only = yes",
                 "disable netbios = yes", "load printers = no", "disable spoolss = yes",
                 "netbios name = %s" % name.upper(), "log file = %s/log" % top,
                 "smb ports = 445"]
        for option in ("private dir", "state directory", "cache directory",
                       "lock directory", "pid directory", "ncalrpc dir"):
            folder = os.path.join(top, option.replace(" ", "-"))
            os.makedirs(folder, exist_ok=True)
            lines.append("%s = %s" % (option, folder))
        lines += ["%s = %s" % item for item in options.items()]
        path = os.path.join(top, "smb.conf")
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")
        return path

    def start(self, conf, address, *daemons):
        """The daemons in a mount namespace of their own: winbindd's socket is fixed."""
        out = open(self.path("output"), "ab")
        script = "mount -t tmpfs tmpfs /run/samba && " + " ".join(
            "%s -F -s %s --no-process-group --debug-stdout &" % (daemon, conf)
            for daemon in daemons) + " wait"
        process = subprocess.Popen(["unshare", "-m", "sh", "-c", script], stdout=out,
                                   stderr=out, stdin=subprocess.DEVNULL,
                                   start_new_session=True)
        server = Server(conf, [process], address)
        self.servers.append(server)
        wait_for(address)
        return server

    def standalone(self, name="sta1", address=STANDALONE_ADDRESS, **options):
        """A standalone file server that knows root with the laboratory's password."""
        settings = {"server role": "standalone server", "workgroup": "WORKGROUP",
                    "security": "user", "passdb backend": "tdbsam"}
        settings.update((key.replace("_", " "), value) for key, value in options.items())
        conf = self.configuration(name, address, settings)
        run("smbpasswd", "-c", conf, "-s", "-a", "root",
            input="%s\n%s\n" % (ADMIN_PASSWORD, ADMIN_PASSWORD))
        return self.start(conf, address, "smbd")

    def domain_controller(self, fill=None):
        """`fill` is called before it starts: what it adds costs a third less then."""
        folder = self.path("dc1")
        run("samba-tool", "domain", "provision", "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL", "--realm=" + REALM, "--domain=" + DOMAIN,
            "--adminpass=" + ADMIN_PASSWORD, "--host-name=dc1",
            "--host-ip=" + DC_ADDRESS, "--targetdir=" + folder,
            "--option=interfaces=%s/8" % DC_ADDRESS,
            "--option=bind interfaces only=yes")
        conf = os.path.join(folder, "etc", "smb.conf")
        with open(conf, encoding="ascii") as file:
            text = file.read()
        with open(conf, "w", encoding="ascii") as file:
            file.write(text.replace(
                "[global]", "[global]\n\tserver services = s3fs rpc ldap cldap kdc winbindd "
                "dns\n\tldap server require strong auth = allow_sasl_over_tls"
                "\n\tlog file = %s/log\n\tlog level = 1 auth_audit:3" % folder, 1))
        if fill:
            fill()
        out = open(self.path("output"), "ab")
        process = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /run/samba && "
             "exec samba -F --no-process-group --debug-stdout -s " + conf],
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)
        server = Server(conf, [process], DC_ADDRESS)
        self.servers.append(server)
        for port in (445, 88, 389):
            wait_for(DC_ADDRESS, port)
        return server

    def member(self):
        settings = {"server role": "member server", "security": "ads", "realm": REALM,
                    "workgroup": DOMAIN, "min domain uid": "0",
                    "idmap config * : backend": "tdb",
                    "idmap config * : range": "100000-200000",
                    "kerberos method": "secrets only", "winbind cache time": "0",
                    "server multi channel support": "yes",
                    "username map": self.path("mem1", "users.map")}
        conf = self.configuration("mem1", MEMBER_ADDRESS, settings)
        with open(self.path("mem1", "users.map"), "w", encoding="ascii") as out:
            out.write("!root = LAB\\Administrator LAB\\administrator\n")
        run("net", "ads", "join", "-s", conf, "-S", "dc1.lab.example",
            "-U", "Administrator%" + ADMIN_PASSWORD, "--no-dns-updates")
        return self.start(conf, MEMBER_ADDRESS, "winbindd", "smbd")

    def log(self):
        """What the servers said, for a failing test."""
        with open(self.path("output"), encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]


def missing_programs():
    wanted = ("samba", "smbd", "winbindd", "samba-tool", "net", "smbpasswd", "rpcclient",
              "kinit", "ktutil", "tshark", "tcpdump", "unshare", "ip")
    return [program for program in wanted if not shutil.which(program)]
