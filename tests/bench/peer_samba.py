# SPDX-License-Identifier: Apache-2.0
"""peer_samba.py ADDRESS COUNT RIGHTS USER PASSWORD DOMAIN [PROCESSES]

The best C peer there is, doing the same work: python3-samba's LSA client, one
connection a host, NTLM, the machine's domains, and who holds each right.  Debian 12 packs
no dssetup for Python, so this peer does not ask the machine's role: it has one bind and
one call a host less to do.
"""

import ipaddress
import os
import sys

from samba import NTSTATUSError, credentials, param
from samba.dcerpc import lsa


def ask(host, rights, creds, settings):
    connection = lsa.lsarpc("ncacn_np:%s[\\pipe\\lsarpc]" % host, settings, creds)
    policy = connection.OpenPolicy2(
        "", lsa.ObjectAttribute(), 0x801)
    connection.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_DNS)
    connection.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_ACCOUNT_DOMAIN)
    holders = 0
    for right in rights:
        name = lsa.String()
        name.string = right
        try:
            holders += connection.EnumAccountsWithUserRight(policy, name).num_sids
        except NTSTATUSError:
            pass
    connection.Close(policy)
    return holders


def sweep(first, count, rights, user, password, domain):
    settings = param.LoadParm()
    settings.load_default()
    settings.set("client use kerberos", "off")
    creds = credentials.Credentials()
    creds.guess(settings)
    creds.set_kerberos_state(credentials.DONT_USE_KERBEROS)
    creds.set_username(user)
    creds.set_password(password)
    creds.set_domain(domain)
    for i in range(count):
        ask(str(ipaddress.ip_address(first) + i), rights, creds, settings)


def main():
    first, count, rights, user, password, domain = sys.argv[1:7]
    count, rights = int(count), rights.split(",")
    processes = int(sys.argv[7]) if len(sys.argv) > 7 else 1
    share = count // processes
    children = []
    for i in range(processes):
        child = os.fork()
        if not child:
            begin = str(ipaddress.ip_address(first) + i * share)
            sweep(begin, share, rights, user, password, domain)
            os._exit(0)
        children.append(child)
    sys.exit(any(os.waitpid(child, 0)[1] for child in children))


main()
