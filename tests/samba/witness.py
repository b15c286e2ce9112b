# SPDX-License-Identifier: Apache-2.0
"""witness.py: what an independent client says a server holds.

Samba's own client library (python3-samba) and rpcclient ask the same servers the same
questions; the answers are what lsasweep's are held against.
"""

import re
import subprocess

from samba import NTSTATUSError, credentials, param
from samba.dcerpc import lsa

ROLES = {0: "client", 1: "client", 2: "standalone_server", 3: "member_server",
         4: "domain_controller", 5: "domain_controller"}
NO_MORE_ENTRIES, NO_SUCH_PRIVILEGE = 0x8000001A, 0xC0000060


def connect(address, user, password, domain):
    settings = param.LoadParm()
    settings.load_default()
    creds = credentials.Credentials()
    creds.guess(settings)
    creds.set_kerberos_state(credentials.DONT_USE_KERBEROS)
    creds.set_username(user)
    creds.set_password(password)
    creds.set_domain(domain)
    binding = "ncacn_np:%s[\\pipe\\lsarpc]" % address
    return lsa.lsarpc(binding, settings, creds)


def machine_role(address, user, password, domain):
    out = subprocess.run(["rpcclient", "-U", "%s\\%s%%%s" % (domain, user, password),
                          address, "-c", "dsroledominfo"], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, check=True).stdout
    return ROLES[int(re.search(r"Machine Role = \[(\d)\]", out).group(1))]


def right(connection, policy, name):
    """("held", {sid...}), ("nobody", set()) or ("undefined", set())."""
    text = lsa.String()
    text.string = name
    try:
        sids = connection.EnumAccountsWithUserRight(policy, text)
    except NTSTATUSError as error:
        code = error.args[0] & 0xFFFFFFFF
        if code == NO_MORE_ENTRIES:
            return "nobody", set()
        if code == NO_SUCH_PRIVILEGE:
            return "undefined", set()
        raise
    holders = {str(sids.sids[i].sid) for i in range(sids.num_sids)}
    return ("held" if holders else "nobody"), holders


def domain_of(connection, policy):
    """The primary domain; a Samba file server tells no DNS names here."""
    try:
        dns = connection.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_DNS)
        return {"domain": dns.name.string, "dns_domain": dns.dns_domain.string or None,
                "forest": dns.dns_forest.string or None,
                "domain_sid": str(dns.sid) if dns.sid else None}
    except NTSTATUSError:
        primary = connection.QueryInfoPolicy(policy, lsa.LSA_POLICY_INFO_DOMAIN)
        return {"domain": primary.name.string,
                "domain_sid": str(primary.sid) if primary.sid else None}


def ask(address, user, password, domain, rights):
    connection = connect(address, user, password, domain)
    policy = connection.OpenPolicy2("", lsa.ObjectAttribute(), 0x801)
    told = domain_of(connection, policy)
    account = connection.QueryInfoPolicy(policy, lsa.LSA_POLICY_INFO_ACCOUNT_DOMAIN)
    return {
        **told,
        "role": machine_role(address, user, password, domain),
        "account_domain": account.name.string,
        "account_sid": str(account.sid),
        "rights": {name: right(connection, policy, name) for name in rights},
    }
