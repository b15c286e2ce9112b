"""witness.py: what an independent client says a server holds.

python3-samba, Samba's own client library, asks the same servers the same questions; the
answers are what lsasweep's are held against.
"""

from samba import NTSTATUSError, credentials, param
from samba.dcerpc import dssetup, lsa

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
    return (lsa.lsarpc(binding, settings, creds),
            dssetup.dssetup(binding, settings, creds))


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


def ask(address, user, password, domain, rights):
    connection, role = connect(address, user, password, domain)
    basic = role.DsRoleGetPrimaryDomainInformation(dssetup.DS_ROLE_BASIC_INFORMATION)
    policy = connection.OpenPolicy2("", lsa.ObjectAttribute(), 0x801)
    dns = connection.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_DNS)
    account = connection.QueryInfoPolicy2(policy, lsa.LSA_POLICY_INFO_ACCOUNT_DOMAIN)
    return {
        "role": ROLES[basic.role],
        "domain": basic.domain,
        "dns_domain": basic.dns_domain or None,
        "forest": basic.forest or None,
        "domain_sid": str(dns.sid) if dns.sid else None,
        "account_domain": account.name.string,
        "account_sid": str(account.sid),
        "rights": {name: right(connection, policy, name) for name in rights},
    }
