# SPDX-License-Identifier: Apache-2.0
"""ad.py: fills a Samba Active Directory with computers of every kind, in one transaction,
and says what a sweep of it must ask, from an export of the same database."""

import os
import time

BASE = "DC=lab,DC=example"
KINDS = ("server", "client", "disabled", "prestaged", "cluster", "linux")


def large_integer(seconds):
    return (int(seconds) + 11644473600) * 10000000


def attributes(kind, i):
    now = time.time()
    name = "SRV-%05d" % i
    record = {"dNSHostName": "%s.lab.example" % name.lower(),
              "operatingSystem": "Windows Server 2022 Standard",
              "operatingSystemVersion": "10.0 (20348)", "userAccountControl": "4096",
              "lastLogonTimestamp": str(large_integer(now - 86400))}
    if kind == "client":
        record.update(operatingSystem="Windows 11 Enterprise",
                      operatingSystemVersion="10.0 (22631)")
    elif kind == "disabled":
        record["userAccountControl"] = "4098"
    elif kind == "prestaged":
        record = {"userAccountControl": "4096"}
    elif kind == "cluster":
        record["servicePrincipalName"] = "MSClusterVirtualServer/" + name
    elif kind == "linux":
        record["operatingSystem"] = "Samba"
    return name, record


def open_database(folder):
    from samba.auth import system_session  # pylint: disable=import-outside-toplevel
    from samba.param import LoadParm  # pylint: disable=import-outside-toplevel
    from samba.samdb import SamDB  # pylint: disable=import-outside-toplevel
    lp = LoadParm()
    lp.load(os.path.join(folder, "dc1", "etc", "smb.conf"))
    return SamDB(url=os.path.join(folder, "dc1/private/sam.ldb"), lp=lp,
                 session_info=system_session())


SITES = ("Paris", "Oslo")
SUBNETS = {"127.0.0.0/8": "Paris", "127.0.0.11/32": "Oslo", "2001:db8::/32": None}


def fill_sites(sam):
    """Beside Samba's own site, where its DC lies whatever its address."""
    sites = "CN=Sites,%s" % sam.get_config_basedn()
    for name in SITES:
        sam.add({"dn": "CN=%s,%s" % (name, sites), "objectClass": "site"})
    for name, site in SUBNETS.items():
        record = {"dn": "CN=%s,CN=Subnets,%s" % (name, sites), "objectClass": "subnet"}
        if site:
            record["siteObject"] = "CN=%s,%s" % (site, sites)
        sam.add(record)


def fill(folder, count):
    """`count` computers below two OUs, every kind in turn; the DC may be running."""
    sam = open_database(folder)
    sam.transaction_start()
    for ou in ("Servers", "Clients, old"):
        sam.add({"dn": "OU=%s,%s" % (ou.replace(",", "\\,"), BASE),
                 "objectClass": "organizationalUnit"})
    for i in range(count):
        name, record = attributes(KINDS[i % len(KINDS)], i)
        ou = "Servers" if i % 2 else "Clients\\, old"
        record.update(dn="CN=%s,OU=%s,%s" % (name, ou, BASE), objectClass="computer",
                      sAMAccountName=name + "$")
        sam.add(record)
    fill_sites(sam)
    # Samba writes its own name, and so would be left out.
    sam.modify_ldif("dn: CN=DC1,OU=Domain Controllers,%s\nchangetype: modify\n"
                    "replace: operatingSystem\n"
                    "operatingSystem: Windows Server 2022 Standard\n-\n"
                    "replace: operatingSystemVersion\n"
                    "operatingSystemVersion: 10.0 (20348)\n" % BASE)
    sam.transaction_commit()


def expected(folder):
    """(names in scope in small letters, {reason: count}), by an independent reading."""
    sam = open_database(folder)
    scope, left_out = [], {}
    for found in sam.search(BASE, expression="(sAMAccountType=805306369)", attrs=[
            "dNSHostName", "sAMAccountName", "userAccountControl", "operatingSystem",
            "servicePrincipalName", "lastLogonTimestamp"]):
        values = {key: [str(value) for value in found[key]]
                  for key in found.keys() if key != "dn"}
        reason = reason_of(values)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
        else:
            scope.append(values["dNSHostName"][0].lower())
    return scope, left_out


def reason_of(values):
    system = values.get("operatingSystem", [""])[0]
    if int(values["userAccountControl"][0]) & 2:
        return "disabled"
    if not system and "lastLogonTimestamp" not in values:
        return "prestaged"
    if any(name.startswith("MSClusterVirtualServer/")
           for name in values.get("servicePrincipalName", [])):
        return "cluster"
    if system and not system.startswith("Windows"):
        return "not_windows"
    return None
