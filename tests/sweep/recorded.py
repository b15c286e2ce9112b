# SPDX-License-Identifier: Apache-2.0
"""recorded.py: recorded directories, as `discover -o directory=FILE` writes them."""

import json

DAY = "2026-01-02T03:04:05.000Z"
RECENT, OLD = "2026-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"
SERVER, CLIENT = "Windows Server 2022 Standard", "Windows 11 Enterprise"


def computer(name, number, dns_name="", ou="OU=Servers", **more):
    """The account of a member server that is in use; `more` overrides keys."""
    account = {"schema": "lsasweep.directory/1", "kind": "computer",
               "domain": "corp.example",
               "dn": "CN=%s,%s,DC=corp,DC=example" % (name.upper(), ou),
               "account": name.upper() + "$",
               "dns_name": dns_name or name + ".corp.example",
               "sid": "S-1-5-21-1-2-3-%d" % number, "os": SERVER,
               "os_version": "10.0 (20348)", "site": None, "site_evidence": None,
               "account_control": 4096,
               "primary_group": 515, "last_logon": RECENT, "password_set": RECENT,
               "created": OLD, "cluster_name": False, "service_account": False}
    account.update(more)
    return account


LEFT_OUT = [computer("off1", 901, account_control=4098),
            computer("off2", 902, account_control=4098, os=CLIENT),
            computer("old1", 903, last_logon=OLD, password_set=OLD),
            computer("new1", 904, os=None, last_logon="never", password_set="never"),
            computer("clu1", 905, cluster_name=True),
            computer("lin1", 906, os="Ubuntu"),
            computer("gms1", 907, service_account=True)]
REASONS = {"disabled": 2, "stale": 1, "prestaged": 1, "cluster": 1, "not_windows": 1,
           "service_account": 1}


def domain(**more):
    line = {"schema": "lsasweep.directory/1", "kind": "domain", "dns_name": "corp.example",
            "netbios_name": "CORP", "dn": "DC=corp,DC=example", "sid": "S-1-5-21-1-2-3",
            "forest": "corp.example", "controller": "dc1.corp.example", "read_at": DAY,
            "error": None}
    line.update(more)
    return line


END = {"schema": "lsasweep.directory/1", "kind": "end"}


def write(path, *lines):
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(line if isinstance(line, str) else json.dumps(line) + "\n")
    return path
