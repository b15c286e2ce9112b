# SPDX-License-Identifier: Apache-2.0
"""policy.py: fills a Samba Active Directory with Group Policy of every kind, in one
transaction: links at a site, the domain and three levels of OU, filters by groups, WMI
filters, and their files in SYSVOL.

    fill(folder)            the domain; returns {name: GPO}
    read_record(text)       the lines of a recorded directory, by kind
"""

import json
import os
import struct

import ad

BASE = ad.BASE
SECURITY = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]"
APPLY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
STOCK = ("(A;CI;CCDCLCSWRPWPLOCRSDRCWDWO;;;DA)(A;CI;CCDCLCSWRPWPLOCRSDRCWDWO;;;EA)"
         "(A;CIIO;CCDCLCSWRPWPDTLOSDRCWDWO;;;CO)(A;CI;CCDCLCSWRPWPLOCRSDRCWDWO;;;SY)")
READ = "(A;CI;RPLCLORC;;;AU)"
APPLY_ALL = "(OA;CI;CR;%s;;AU)" % APPLY
RIGHT = "SeImpersonatePrivilege"
SECEDIT = os.path.join("Machine", "Microsoft", "Windows NT", "SecEdit")


class Gpo:  # pylint: disable=too-few-public-methods
    """One Group Policy Object; its number makes its GUID and its own SIDs."""

    count = 0

    def __init__(self, name, **more):
        Gpo.count += 1
        self.name, self.number = name, Gpo.count
        self.id = "{%08X-0000-4000-8000-0123456789AB}" % self.number
        self.dn = "CN=%s,CN=Policies,CN=System,%s" % (self.id, BASE)
        self.flags = more.get("flags", 0)
        self.version = more.get("version", 1)
        self.functionality = more.get("functionality", 2)
        self.extensions = more.get("extensions", SECURITY)
        self.wmi = more.get("wmi")
        self.path = more.get("path", "\\\\lab.example\\SysVol\\lab.example\\Policies\\"
                             + self.id)
        self.dacl = more.get("dacl", STOCK + READ + APPLY_ALL)
        self.encoding = more.get("encoding", "utf-16")
        self.entries = more.get("entries", "*S-1-5-32-544,*S-1-5-21-9-9-9-%d"
                                % (1000 + self.number))
        self.body = more.get("body")

    def template(self):
        """The bytes of GptTmpl.inf; None: there is no such file."""
        if self.body is not None:
            return self.body or None
        text = ("[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\n"
                "Revision=1\r\n[Privilege Rights]\r\n%s = %s\r\n"
                "SeBatchLogonRight = *S-1-5-21-8-8-8-%d\r\n"
                % (RIGHT, self.entries, self.number))
        return text.encode(self.encoding)


def link(*entries):
    return "".join("[LDAP://%s;%d]" % (gpo if isinstance(gpo, str) else gpo.dn, options)
                   for gpo, options in entries)


def wmi_query(*queries):
    return "%d;" % len(queries) + "".join(
        "3;10;%d;WQL;root\\CIMv2;%s;" % (len(query), query) for query in queries)


WMI = {  # name: queries
    "type": ["SELECT * FROM Win32_OperatingSystem WHERE ProductType = 3"],
    "version": ["SELECT * FROM Win32_OperatingSystem WHERE Version LIKE \"10.%\""],
    "role": ["select * from Win32_ComputerSystem where DomainRole <> 5"],
    "build": ["SELECT * FROM Win32_OperatingSystem WHERE BuildNumber > 20000 AND "
              "ProductType <> 1"],
    "unknown": ["SELECT * FROM Win32_LogicalDisk WHERE FreeSpace > 1000; --"],
}


def wmi_id(name):
    return "{%08X-1111-4000-8000-0123456789AB}" % (sorted(WMI).index(name) + 1)


def make_gpos(sids):
    """`sids`: of the groups filter, inner, denied."""
    def filtered(group):
        return "(OA;CI;CR;%s;;%s)" % (APPLY, sids[group])

    gpos = [
        Gpo("site"), Gpo("domain"), Gpo("enforced-domain"), Gpo("one-a"), Gpo("one-b"),
        Gpo("one-c"), Gpo("two"), Gpo("enforced-two"), Gpo("three"), Gpo("link-off"),
        Gpo("half-2", flags=2), Gpo("half-3", flags=3),
        Gpo("filter", dacl=STOCK + READ + filtered("filter")),
        Gpo("deny", dacl="(OD;CI;CR;%s;;%s)" % (APPLY, sids["denied"]) + STOCK + READ
            + APPLY_ALL),
        Gpo("no-read", dacl=STOCK + filtered("filter")),
        Gpo("plain", dacl=STOCK + READ + "(A;CI;CR;;;AU)"),
        Gpo("no-extension", extensions="[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"
            "{53D6AB1B-2488-11D1-A28C-00C04FB94F17}]"),
        Gpo("version-0", version=0), Gpo("empty-list", entries=""),
        Gpo("old", functionality=1),
        Gpo("unreadable", dacl="(A;CI;CCDCLCSWRPWPLOCRSDRCWDWO;;;DA)"),
        Gpo("ansi", encoding="cp1252",
            entries="*S-1-5-32-544,LAB\\auditor,Kühlraum,NT SERVICE\\MSSQLSERVER"),
        Gpo("utf-8", encoding="utf-8", entries="Administrators,LAB\\Äußere"),
        Gpo("no-file", body=b""), Gpo("no-folder"), Gpo("denied-file"),
        Gpo("elsewhere", path="\\\\evil.example\\SysVol\\lab.example\\Policies\\{0}"),
        Gpo("dots", path="\\\\lab.example\\SysVol\\lab.example\\Policies\\..\\..\\x"),
    ]
    gpos += [Gpo("wmi-" + name, wmi=name) for name in sorted(WMI)]
    return {gpo.name: gpo for gpo in gpos}


def scopes(gpos):
    """{DN: (gPLink, gPOptions)}, from the domain down, and the site."""
    gone = "CN={DEADBEEF-0000-4000-8000-0123456789AB},CN=Policies,CN=System," + BASE
    stock = "CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies,CN=System," + BASE
    others = [(gpos[name], 0) for name in gpos if name.startswith("wmi-")]
    return {
        BASE: (link((gpos["domain"], 0), (gpos["enforced-domain"], 2), (stock, 0)), None),
        "OU=One," + BASE: (link((gpos["one-a"], 0), (gpos["one-b"], 0),
                                (gpos["one-c"], 0)), None),
        "OU=Two,OU=One," + BASE: (link((gpos["two"], 0), (gpos["enforced-two"], 2)),
                                  None),
        "OU=Three,OU=Two,OU=One," + BASE: (link((gpos["three"], 0),
                                                (gpos["link-off"], 1)), 1),
        "OU=Kinds," + BASE: (link(*[(gpos[name], 0) for name in (
            "half-2", "half-3", "filter", "deny", "no-read", "plain", "no-extension",
            "version-0", "empty-list", "old", "unreadable", "ansi", "utf-8", "no-file",
            "no-folder", "denied-file", "elsewhere", "dots")], (gone, 0)), 0),
        # libgpo gives up at the first link to an object that is gone.
        "OU=Filters," + BASE: (link((gpos["filter"], 0), (gpos["deny"], 0)), None),
        "OU=Wmi," + BASE: (link(*others), None),
        "OU=Blank," + BASE: (" ", None),
        "OU=Plain," + BASE: (None, None),
        "CN=Berlin,CN=Sites,CN=Configuration," + BASE: (link((gpos["site"], 0)), None),
    }


COMPUTERS = {  # name: DN of its parent
    "c-one": "OU=One", "c-two": "OU=Two,OU=One", "c-three": "OU=Three,OU=Two,OU=One",
    "c-kinds": "OU=Kinds", "c-member": "OU=Filters", "c-denied": "OU=Filters",
    "c-neither": "OU=Filters",
    "c-wmi": "OU=Wmi", "c-container": "CN=Computers",
}
GROUPS = {"filter": ["inner"], "inner": ["c-member", "outer"], "outer": ["inner"],
          "denied": ["c-denied", "auditor"]}


def add_gpo(sam, gpo):
    from samba.dcerpc import security  # pylint: disable=import-outside-toplevel
    from samba.ndr import ndr_pack  # pylint: disable=import-outside-toplevel
    sid = security.dom_sid(sam.get_domain_sid())
    descriptor = security.descriptor.from_sddl("O:DAG:DAD:P" + gpo.dacl, sid)
    record = {"dn": gpo.dn, "objectClass": "groupPolicyContainer",
              "displayName": gpo.name, "flags": str(gpo.flags),
              "versionNumber": str(gpo.version), "gPCFileSysPath": gpo.path,
              "gPCFunctionalityVersion": str(gpo.functionality),
              "gPCMachineExtensionNames": gpo.extensions,
              "nTSecurityDescriptor": ndr_pack(descriptor)}
    if gpo.wmi:
        record["gPCWQLFilter"] = "[lab.example;%s;0]" % wmi_id(gpo.wmi)
    sam.add(record)


def add_wmi_filter(sam, name):
    sam.add({"dn": "CN=%s,CN=SOM,CN=WMIPolicy,CN=System,%s" % (wmi_id(name), BASE),
             "objectClass": "msWMI-Som", "msWMI-ID": wmi_id(name), "msWMI-Name": name,
             "msWMI-Parm2": wmi_query(*WMI[name])})


def add_people(sam):
    """OUs, a site, computers and groups; returns the groups' SIDs as text."""
    from samba.dcerpc import security  # pylint: disable=import-outside-toplevel
    from samba.ndr import ndr_unpack  # pylint: disable=import-outside-toplevel
    for ou in ("One", "Two,OU=One", "Three,OU=Two,OU=One", "Kinds", "Filters", "Wmi",
               "Blank", "Plain"):
        sam.add({"dn": "OU=%s,%s" % (ou, BASE), "objectClass": "organizationalUnit"})
    sam.add({"dn": "CN=Berlin,CN=Sites,CN=Configuration," + BASE, "objectClass": "site"})
    for name, parent in COMPUTERS.items():
        sam.add({"dn": "CN=%s,%s,%s" % (name, parent, BASE), "objectClass": "computer",
                 "sAMAccountName": name + "$", "userAccountControl": "4096",
                 "dNSHostName": name + ".lab.example",
                 "operatingSystem": "Windows Server 2022 Standard",
                 "operatingSystemVersion": "10.0 (20348)"})
    sids, dns = {}, {}
    for name in GROUPS:
        dns[name] = "CN=g-%s,CN=Users,%s" % (name, BASE)
        sam.add({"dn": dns[name], "objectClass": "group", "sAMAccountName": "g-" + name})
        found = sam.search(dns[name], attrs=["objectSid"])
        sids[name] = str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))
    for name, members in GROUPS.items():
        for member in members:
            dn = dns.get(member) or (
                "CN=%s,%s,%s" % (member, COMPUTERS[member], BASE) if member in COMPUTERS
                else "CN=%s,CN=Users,%s" % (member, BASE))
            sam.modify_ldif("dn: %s\nchangetype: modify\nadd: member\nmember: %s\n"
                            % (dns[name], dn))
    return sids


def policies_folder(folder):
    return os.path.join(folder, "dc1/state/sysvol/lab.example/Policies")


def write_files(folder, gpo):
    top = os.path.join(policies_folder(folder), gpo.id)
    os.makedirs(os.path.join(top, "Machine"))
    with open(os.path.join(top, "GPT.INI"), "w", encoding="ascii", newline="") as out:
        out.write("[General]\r\nVersion=%d\r\n" % gpo.version)
    if gpo.template() is not None:
        os.makedirs(os.path.join(top, SECEDIT))
        with open(os.path.join(top, SECEDIT, "GptTmpl.inf"), "wb") as out:
            out.write(gpo.template())


def fill(folder):
    sam = ad.open_database(folder)
    sam.transaction_start()
    gpos = make_gpos(add_people(sam))
    for gpo in gpos.values():
        add_gpo(sam, gpo)
    for name in WMI:
        add_wmi_filter(sam, name)
    for dn, (links, options) in scopes(gpos).items():
        for name, value in (("gPLink", links), ("gPOptions", options)):
            if value is not None:
                sam.modify_ldif("dn: %s\nchangetype: modify\nreplace: %s\n%s: %s\n"
                                % (dn, name, name if value != " " else name + ":",
                                   value if value != " " else "IA=="))
    sam.transaction_commit()
    for gpo in gpos.values():
        write_files(folder, gpo)
    return gpos


def read_record(text):
    kinds = {}
    for line in text.splitlines():
        record = json.loads(line)
        kinds.setdefault(record["kind"], []).append(record)
    return kinds


def file_times(folder, gpo):
    """The last write of a template, in whole seconds."""
    path = os.path.join(policies_folder(folder), gpo.id, SECEDIT, "GptTmpl.inf")
    return int(os.stat(path).st_mtime)


def sized_bodies():
    """Contents of the sizes at which a reader may err, none of them all of one byte."""
    unit = struct.pack("<256H", *range(256))
    for size in (0, 1, 65536, 65537, 3 << 20):
        yield size, (unit * (size // len(unit) + 1))[:size]
