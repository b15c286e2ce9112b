/* SPDX-License-Identifier: Apache-2.0 */
/* Names of domains, compared by what they are allowed to look like. */
#include "scanner/login/membership.h"

#include <string.h>
#include <strings.h>

static bool same(const char *a, const char *b)
{
	return a && b && *a && strcasecmp(a, b) == 0;
}

/* "CORP" and "corp.example": a NetBIOS name is by default the first label. */
static bool begins(const char *label, const char *dns_name)
{
	size_t len = strlen(label);

	return dns_name && !strchr(label, '.') &&
	       strncasecmp(label, dns_name, len) == 0 && dns_name[len] == '.';
}

/* "emea.corp.example" lies below "corp.example". */
static bool lies_below(const char *name, const char *top)
{
	size_t len = strlen(name), below = top ? strlen(top) : 0;

	return below && len > below && name[len - below - 1] == '.' &&
	       strcasecmp(name + len - below, top) == 0;
}

static bool is_local(const struct ntlm_challenge *host, const char *domain)
{
	return strcmp(domain, ".") == 0 || same(domain, host->netbios_computer) ||
	       same(domain, host->dns_computer);
}

static bool is_same(const struct ntlm_challenge *host, const char *domain)
{
	return same(domain, host->netbios_domain) || same(domain, host->dns_domain) ||
	       same(domain, host->dns_forest) || begins(domain, host->dns_domain) ||
	       begins(domain, host->dns_forest) || lies_below(domain, host->dns_forest) ||
	       (host->netbios_domain && begins(host->netbios_domain, domain));
}

/* Windows names itself in place of the domain; others set the flag alone. */
static bool is_alone(const struct ntlm_challenge *host)
{
	return host->flags & NTLM_TARGET_IS_SERVER ||
	       same(host->netbios_domain, host->netbios_computer);
}

enum membership membership_of(const struct ntlm_challenge *host, const char *domain)
{
	if (!domain || !*domain)
		return MEMBERSHIP_UNKNOWN;
	if (is_local(host, domain) || is_same(host, domain))
		return MEMBERSHIP_SAME;
	if (is_alone(host))
		return MEMBERSHIP_NONE;
	return host->netbios_domain || host->dns_domain ? MEMBERSHIP_OTHER
							: MEMBERSHIP_UNKNOWN;
}
