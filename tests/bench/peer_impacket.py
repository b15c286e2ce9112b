# SPDX-License-Identifier: Apache-2.0
"""peer_impacket.py ADDRESS COUNT RIGHTS USER PASSWORD DOMAIN: the same work by impacket."""

import ipaddress
import sys

from impacket.dcerpc.v5 import dssp, lsad, transport
from impacket.dcerpc.v5.rpcrt import DCERPCException


def ask(host, rights, user, password, domain):
    pipe = transport.SMBTransport(host, 445, r"\lsarpc", username=user,
                                  password=password, domain=domain)
    pipe.set_connect_timeout(10)
    dce = pipe.get_dce_rpc()
    dce.connect()
    dce.bind(lsad.MSRPC_UUID_LSAD)
    role = dce.alter_ctx(dssp.MSRPC_UUID_DSSP)
    dssp.hDsRolerGetPrimaryDomainInformation(role, 1)
    policy = lsad.hLsarOpenPolicy2(dce, 0x801)["PolicyHandle"]
    lsad.hLsarQueryInformationPolicy2(
        dce, policy, lsad.POLICY_INFORMATION_CLASS.PolicyDnsDomainInformation)
    lsad.hLsarQueryInformationPolicy2(
        dce, policy, lsad.POLICY_INFORMATION_CLASS.PolicyAccountDomainInformation)
    for right in rights:
        try:
            lsad.hLsarEnumerateAccountsWithUserRight(dce, policy, right)
        except DCERPCException:
            pass
    lsad.hLsarClose(dce, policy)
    pipe.get_smb_connection().logoff()


def main():
    first, count, rights, user, password, domain = sys.argv[1:7]
    for i in range(int(count)):
        ask(str(ipaddress.ip_address(first) + i), rights.split(","), user, password, domain)


main()
