# SPDX-License-Identifier: Apache-2.0
"""sssd.py: SSSD's Active Directory provider as a witness of Group Policy: run as one
computer of the domain, its log says which GPOs it applies and what they come to.

    resultant(conf, computer, site, right)    what applies in which order, and the winner

Each run has its own mount namespace, in which SSSD's folders are empty.
"""

import os
import re
import shutil
import tempfile

import lab

PASSWORD = "C0mputer-of-the-lab"
CONF = """[sssd]
services = nss, pam
domains = lab.example
[pam]
pam_verbosity = 0
[domain/lab.example]
id_provider = ad
access_provider = ad
ad_server = dc1.lab.example
ad_domain = lab.example
ad_hostname = %(computer)s.lab.example
ad_enable_gc = false
ad_enable_dns_sites = false
ad_site = %(site)s
krb5_keytab = %(keytab)s
ldap_krb5_keytab = %(keytab)s
krb5_realm = LAB.EXAMPLE
ldap_sasl_authid = %(account)s@LAB.EXAMPLE
ad_gpo_access_control = enforcing
ad_gpo_ignore_unreadable = true
ad_gpo_map_batch = +witness
ad_gpo_cache_timeout = 1
dyndns_update = false
ldap_id_mapping = true
ldap_use_tokengroups = false
"""
SCRIPT = """set -e
for folder in /var/lib/sss /var/log/sssd /etc/sssd; do mount -t tmpfs tmpfs $folder; done
mkdir -p /var/lib/sss/db /var/lib/sss/pipes/private /var/lib/sss/mc /var/lib/sss/pubconf \\
    /var/lib/sss/pubconf/krb5.include.d /var/lib/sss/gpo_cache /var/lib/sss/secrets
mkdir -p %(folder)s/pam.d && echo 'account required pam_sss.so' >%(folder)s/pam.d/witness
mount --bind %(folder)s/pam.d /etc/pam.d
cp %(folder)s/sssd.conf /etc/sssd/sssd.conf && chmod 600 /etc/sssd/sssd.conf
sssd -i -d 6 >%(folder)s/log 2>&1 &
daemon=$!
while ! [ -S /var/lib/sss/pipes/pam ]; do sleep 0.05; kill -0 $daemon; done
sssctl user-checks auditor -a acct -s witness >%(folder)s/said 2>&1 || true
kill $daemon
wait $daemon || true
"""


def keytab(folder, conf, account):
    path = os.path.join(folder, "keytab")
    lab.run("samba-tool", "user", "setpassword", account, "--newpassword=" + PASSWORD,
            "-s", conf)
    lab.run("samba-tool", "domain", "exportkeytab", path, "--principal=" + account, "-s",
            conf)
    return path


def resultant(conf, computer, site, right):
    """(ids of the GPOs in the order in which SSSD applies them, the value of `right`)."""
    folder = tempfile.mkdtemp(prefix="lsasweep-sssd.")
    try:
        account = computer + "$"
        with open(os.path.join(folder, "sssd.conf"), "w", encoding="ascii") as out:
            out.write(CONF % {"computer": computer, "account": account, "site": site,
                              "keytab": keytab(folder, conf, account)})
        lab.run("unshare", "-m", "sh", "-c", SCRIPT % {"folder": folder})
        with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as file:
            log = file.read()
    finally:
        shutil.rmtree(folder)
    order = re.findall(r"cse filtered_gpos\[\d+\]->gpo_guid is (\{[^}]*\})", log)
    values = re.findall(r"Storing setting: key \[%s\] value \[([^]]*)\]" % right, log)
    if not order or not values:
        raise RuntimeError("SSSD gave no policy:\n" + log[-3000:])
    return order, values[-1]


def missing_programs():
    return [program for program in ("sssd", "sssctl") if not shutil.which(program)]
