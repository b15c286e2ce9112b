# SPDX-License-Identifier: Apache-2.0
"""Journals made by hand or by the thousand, and the program run over them."""

import json
import os
import subprocess

PROGRAM = os.environ.get("LSASWEEP", "build/lsasweep")
SWEEP = "11111111-2222-4333-8444-555555555555"
DOMAIN = "S-1-5-21-1111111111-2222222222-3333333333"
ADMINISTRATORS = ("S-1-5-32-544", "BUILTIN\\Administrators", "alias")
SERVICE = ("S-1-5-6", "NT AUTHORITY\\SERVICE", "well_known_group")
LOCAL_SERVICE = ("S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE", "well_known_group")
NETWORK_SERVICE = ("S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE", "well_known_group")
STOCK = [ADMINISTRATORS, SERVICE, LOCAL_SERVICE, NETWORK_SERVICE]
IMPERSONATE = "SeImpersonatePrivilege"
MACHINE_ROLES = {"standalone_workstation": 0, "client": 1, "standalone_server": 2,
                 "member_server": 3, "domain_controller": 5}



def formats():
    """All that the program writes, from its own list of topics."""
    topics = subprocess.run([PROGRAM, "explain"], capture_output=True, check=True).stdout.decode()
    listed = topics.split("Report formats (-o)\n", 1)[1].split("\n\n", 1)[0]
    return [line.split()[0] for line in listed.splitlines() if line[2] != " "]


FORMATS = formats()

# What a host could call itself, or its accounts, to harm whoever reads the report.
HOSTILE = {
    "script": "</script><script>document.title='harmed'</script>",
    "image": "<img src=x onerror=\"document.title='harmed'\">",
    "formula": "=cmd|'/C calc'!A0",
    "plus": "+1+1",
    "at": "@SUM(1)",
    "ansi": "\x1b[2J\x1b]0;harmed\x07red",
    "rtl": "user\u202etxt.exe",
    "zero": "ad\u200bmin\ufeff",
    "surrogate": "\ufffd\ufffe\uffff",
    "newline": "first\r\nsecond\nlsasweep_hosts{role=\"evil\"} 1",
    "quote": "a\"b'c`d\\",
    "label": "x\"} 1\nlsasweep_evil{a=\"",
    "comma": "a,b;c\td|=1",
    "cdata": "]]>&amp;<![CDATA[",
    "comment": "<!--<script>",
    "long": "L" * 10000,
    "nul-like": "a\x01b\x7fc\x85d",
    "template": "{{json}}{{css}}",
    "separators": "a\u2028b\u2029c",
    "markdown": "[x](http://e.example) ![y](http://e.example/z.png) **b** ~~s~~ <http://e.example>"
                " www.e.example http://e.example @admin a\\|b|c``d```",
    "backticks": "``` x",
}


# The line of a journal whose targets a directory gave.
DIRECTORY = {"schema": "lsasweep.directory/1", "kind": "domain", "dns_name": "corp.example",
             "netbios_name": "CORP", "dn": "DC=corp,DC=example", "sid": DOMAIN,
             "forest": "corp.example", "controller": "dc1.corp.example",
             "read_at": "2026-01-02T03:00:00Z", "error": None,
             "computers": {"total": 1100, "in_scope": 1000, "left_out": {"disabled": 100}}}


def holders(*who):
    return [{"sid": sid, "name": name, "kind": kind} for sid, name, kind in who]


def held(*who):
    return {"outcome": "held" if who else "nobody", "holders": holders(*who)}


def facts(host, role="member_server", rights=None, outcome="answered", **more):
    told = outcome == "answered"
    line = {
        "schema": "lsasweep.facts/1", "ts": "2026-01-02T03:04:05.678Z", "sweep": SWEEP,
        "host": host, "port": 445, "address": "10.1.2.3" if told else None, "tags": [],
        "outcome": outcome, "step": "close" if told else "connect", "error": None, "attempts": 1,
        "role": {"value": role if told else "unknown", "evidence": "dssetup" if told else "none",
                 "conflict": None},
        "machine": {"domain_sid": DOMAIN, "os_version": "10.0.20348"} if told else None,
        "smb": {"dialect": "3.1.1", "signing_required": True, "encryption": "AES-128-GCM",
                "mechanism": "kerberos"} if told else None,
        "rights": rights if rights is not None else ({IMPERSONATE: held(*STOCK)} if told else {}),
        "timing_ms": {"resolve": 0.2, "connect": 0.4, "authenticate": 5.1, "ask": 3.0, "total": 9.1},
    }
    line.update(more)
    return line


def header(targets):
    return {"schema": "lsasweep.journal/1", "sweep": SWEEP, "started": "2026-01-02T03:00:00.000Z",
            "version": "0.1.0", "rights": [IMPERSONATE], "targets": targets}


def trailer():
    return {"schema": "lsasweep.journal/1", "sweep": SWEEP, "finished": "2026-01-02T03:10:00.000Z"}


def write(path, lines, targets=None):
    """Writes a journal; `lines` may be a generator."""
    count = 0
    with open(path, "w") as out:
        out.write(json.dumps(header(targets if targets is not None else 0)) + "\n")
        for line in lines:
            out.write(json.dumps(line) + "\n")
            count += 1
        out.write(json.dumps(trailer()) + "\n")
    return count


def hostile_lines():
    """One host for each hostile string, which is its name, its holder's and its error's."""
    for i, (name, text) in enumerate(HOSTILE.items()):
        who = [*STOCK, ("%s-%d" % (DOMAIN, 2000 + i), text, "user")]
        yield facts(text[:3000] + name, rights={IMPERSONATE: held(*who)}, tags=[text])
        yield facts("refused-" + name, outcome="logon_refused",
                    error={"step": text, "code": text, "value": "0xC000006D", "text": text})


def many_lines(count):
    """A domain of `count` hosts: mostly well, some not, some out of reach."""
    for i in range(count):
        role = ("domain_controller" if i % 500 == 0 else "client" if i % 3 == 0 else
                "standalone_server" if i % 50 == 7 else "member_server")
        name = "%s%05d.corp.example" % ({"domain_controller": "dc", "client": "pc",
                                         "standalone_server": "dmz"}.get(role, "srv"), i)
        if i % 40 == 13:
            yield facts(name, outcome="timeout",
                        error={"step": "connect", "code": "ETIMEDOUT", "value": None,
                               "text": "no answer in 4 s"})
        elif i % 60 == 17:
            yield facts(name, role, {IMPERSONATE: {
                "outcome": "denied", "holders": [],
                "error": {"step": "ask", "code": "STATUS_ACCESS_DENIED", "value": "0xC0000022",
                          "text": "access denied"}}})
        else:
            who = list(STOCK)
            if i % 11 == 5:
                who.append((DOMAIN + "-1601", "CORP\\svc-web", "user"))
            if i % 23 == 3:
                who.append((DOMAIN + "-1777", None, "unknown"))
            if i % 97 == 4:
                who.append(("S-1-1-0", "Everyone", "well_known_group"))
            if i % 31 == 2:
                who.append(("S-1-5-32-568", "BUILTIN\\IIS_IUSRS", "alias"))
            yield facts(name, role, {IMPERSONATE: held(*who)}, tags=["site-%d" % (i % 4)])


def run(command, arguments, journals):
    """Runs the program; returns the finished process."""
    return subprocess.run([PROGRAM, command, *arguments, *journals], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)


def report(arguments, journals):
    return run("report", arguments, journals)


def peak_of(arguments, journals):
    """The exit code and the peak resident memory in KiB of `lsasweep report`."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(PROGRAM, [PROGRAM, "report", *arguments, *journals])
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss




def sanitized():
    """True when the program carries a sanitizer, whose own memory would be measured."""
    with open(PROGRAM, "rb") as program:
        return b"__asan_init" in program.read()


def schema(name):
    """The shipped JSON Schema of that name, ready to validate."""
    import jsonschema
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../../report/render/schemas", name + ".schema.json")) as file:
        document = json.load(file)
    jsonschema.Draft7Validator.check_schema(document)
    return jsonschema.Draft7Validator(document)
