/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to ask, in which order, and what becomes of the answers. */
#include "scanner/discover/discover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "report/text/timestamp.h"
#include "scanner/discover/directory_reader.h"
#include "scanner/discover/locate.h"
#include "scanner/discover/policy_files.h"
#include "scanner/console/log.h"
#include "scanner/login/guard.h"
#include "scanner/targets/computer_sorter.h"

enum { DOMAINS_MAX = 200, LOGIN_MS = 30000, PAGE_MS = 150000 };

struct discovery {
	const struct discover_options *options;
	struct discover_guard guard;
	struct pool pool; /* names of domains */
	const char *domains[DOMAINS_MAX];
	size_t domain_count;
	struct computer_sorter sorter;
	struct directory_sites sites; /* of the forest */

	/* of the domain in hand */
	struct directory_domain domain;
	struct directory_counts counts;
	struct pool domain_pool;
	struct policy_set policies;
	const char *proof; /* static; of the controller in hand */
	bool refused;      /* the credential */
	char *why;
	size_t why_size;
};

/* ---- what the reader hands on ---- */

static void on_accepted(enum auth_mechanism mechanism, void *arg)
{
	struct discovery *d = arg;

	if (d->options->tls)
		d->proof = DIRECTORY_PROOF_TLS;
	else
		d->proof = mechanism == AUTH_KERBEROS ? DIRECTORY_PROOF_KERBEROS
						      : DIRECTORY_PROOF_NONE;
	d->guard.tell(LDAP_ACCEPTED, NULL, d->guard.arg);
}

static const char *keep(struct pool *pool, const char *text)
{
	return text ? pool_text(pool, text, strlen(text)) : NULL;
}

static void on_domain(const struct directory_domain *found, void *arg)
{
	struct discovery *d = arg;
	char now[TIMESTAMP_MAX];
	struct pool *pool = &d->domain_pool;

	timestamp_write((int64_t)time(NULL) * 1000, now);
	d->domain = (struct directory_domain){
		.dns_name = keep(pool, found->dns_name),
		.netbios_name = keep(pool, found->netbios_name),
		.dn = keep(pool, found->dn),
		.sid = keep(pool, found->sid),
		.forest = keep(pool, found->forest),
		.controller = keep(pool, found->controller),
		.proof = d->proof,
		.read_at = keep(pool, now),
	};
	if (d->options->events.opened)
		d->options->events.opened(&d->domain, d->options->events.arg);
}

static void on_sites(const struct directory_sites *sites, void *arg)
{
	struct discovery *d = arg;
	char *lines = directory_sites_to_json(sites);

	if (lines && !*lines)
		free(lines);
	else
		d->options->events.lines(lines, d->options->events.arg);
}

static void on_sibling(const char *dns_name, void *arg)
{
	struct discovery *d = arg;

	for (size_t i = 0; i < d->domain_count; i++)
		if (d->domains[i] && strcasecmp(d->domains[i], dns_name) == 0)
			return;
	if (d->domain_count < DOMAINS_MAX)
		d->domains[d->domain_count++] = keep(&d->pool, dns_name);
}

static void take_computer(struct discovery *d, const struct directory_computer *c)
{
	enum computer_reason reason = COMPUTER_DUPLICATE;
	char name[COMPUTER_NAME_MAX];
	enum computer_place place = computer_sort(&d->sorter, c, &d->counts, name,
						  &reason);

	if (place != COMPUTER_MET)
		d->options->events.computer(c, place == COMPUTER_IN_SCOPE, reason,
					    d->options->events.arg);
}

static void on_computers(struct computer_batch *batch, void *arg)
{
	struct discovery *d = arg;

	for (size_t i = 0; i < batch->count; i++)
		take_computer(d, &batch->at[i]);
	/* Without a usable DN there is no name either: in no record, but counted. */
	d->counts.total += batch->unreadable;
	d->counts.left_out[COMPUTER_NO_NAME] += batch->unreadable;
	computer_batch_free(batch);
	if (d->options->events.page)
		d->options->events.page(d->options->events.arg);
}

/* ---- one domain ---- */

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static void note(struct discovery *d, const char *who, const struct fault *fault)
{
	snprintf(d->why, d->why_size, "%s: %s: %s", who, fault->step, fault->what);
}

void discover_tell_guard(struct guard_seat *seat, enum ldap_login login,
			 const struct fault *fault)
{
	switch (login) {
	case LDAP_ACCEPTED:
		guard_accepted(seat);
		return;
	case LDAP_NO_VERDICT:
		guard_proof_sent(seat);
		break;
	case LDAP_REFUSED_LOGIN:
	case LDAP_NOT_TRIED:
		if (fault->kind == FAULT_LOGON_REFUSED) {
			guard_refused(seat, fault);
			return;
		}
		break;
	}
	guard_leave(seat);
}

static bool was_refused(enum ldap_login login, const struct fault *fault)
{
	return login != LDAP_ACCEPTED && fault->kind == FAULT_LOGON_REFUSED;
}

/* The controller's SYSVOL, by a login of its own that passes the guard like any other.
 * What a controller says before it got the proof of a password says nothing of it. */
static struct sysvol *open_sysvol(struct discovery *d, const struct controller *from)
{
	static const struct fault nothing = { .kind = FAULT_REFUSED };
	const struct settings *s = d->options->settings;
	union host_address address = from->address;
	const struct sysvol_options options = {
		.host = from->name,
		.address = &address.any,
		.provider = d->options->provider,
		.require_encryption = s->require_encryption,
		.dialect_min = s->dialect_min,
		.dialect_max = s->dialect_max,
		.connect_ms = s->connect_ms ? s->connect_ms : LOGIN_MS,
		.login_ms = LOGIN_MS,
		.request_ms = s->request_ms ? s->request_ms : LOGIN_MS,
		.abandon = d->options->abandon,
	};
	struct fault fault = { 0 };
	enum ldap_login login;
	struct sysvol *v;

	if (address.any.sa_family == AF_INET6)
		address.v6.sin6_port = htons(SYSVOL_PORT);
	else
		address.v4.sin_port = htons(SYSVOL_PORT);
	if (!d->guard.ask(d->guard.arg)) {
		policy_set_note(&d->policies, "SYSVOL: the credential guard had stopped");
		return NULL;
	}
	v = sysvol_open(&options, &login, &fault);
	d->guard.tell(login, login == LDAP_REFUSED_LOGIN ? &fault : &nothing,
		      d->guard.arg);
	if (!v)
		policy_set_note(&d->policies, "SYSVOL of %s: %s: %s", from->name,
				fault.step, fault.what);
	return v;
}

static void hand_over_policies(struct discovery *d, const struct controller *from)
{
	struct policy_set *set = &d->policies;
	struct sysvol *v = set->gpo_count ? open_sysvol(d, from) : NULL;

	set->policies.read_at = d->domain.read_at;
	set->policies.server_authenticated = v && sysvol_mechanism(v) == AUTH_KERBEROS;
	if (set->policies.domain)
		policy_files_hand_over(set, v, d->domain.sid, d->options->policies);
	sysvol_close(v);
}

/* True: read to its end.  `*stop`: no further domain controller may be asked. */
static bool read_from(struct discovery *d, const char *domain,
		      const struct controller *from, bool first, bool *stop)
{
	const struct settings *s = d->options->settings;
	const struct directory_request request = {
		.link = { .host = from->name,
			  .address = &from->address.any,
			  .tls = d->options->tls,
			  .ca_file = d->options->ca_file,
			  .provider = d->options->provider,
			  .connect_ms = s->connect_ms ? s->connect_ms : LOGIN_MS,
			  .login_ms = s->login_ms ? s->login_ms : LOGIN_MS,
			  .request_ms = s->request_ms ? s->request_ms : LOGIN_MS,
			  .page_ms = PAGE_MS,
			  .abandon = d->options->abandon },
		.domain = domain,
		.bases = d->options->bases,
		.base_count = count(d->options->bases),
		.filter = d->options->filter,
		.siblings = d->options->forest && first,
		.policies = d->options->policies ? &d->policies : NULL,
		.site_links = first,
		.sites = &d->sites,
		.names = d->options->names,
		.events = { on_accepted, on_domain, on_sites, on_sibling, on_computers,
			    d },
	};
	enum ldap_login login;
	struct fault fault = { 0 };
	bool good;

	if (!d->guard.ask(d->guard.arg)) {
		snprintf(d->why, d->why_size, "the credential guard had stopped");
		*stop = d->refused = true;
		return false;
	}
	good = directory_read(&request, &login, &fault);
	if (good && request.policies)
		hand_over_policies(d, from);
	policy_set_clear(&d->policies);
	if (good)
		return true;
	note(d, from->name, &fault);
	if (login != LDAP_ACCEPTED)
		d->guard.tell(login, &fault, d->guard.arg);
	d->refused = d->refused || was_refused(login, &fault);
	*stop = d->refused || login == LDAP_NO_VERDICT || fault.kind == FAULT_LOCAL;
	return false;
}

static bool read_domain(struct discovery *d, const char *domain, bool first, bool *stop)
{
	struct controllers found = { 0 };
	bool good = false;

	d->counts = (struct directory_counts){ 0 };
	d->domain = (struct directory_domain){ .dns_name = domain };
	if (!locate_controllers(domain, first ? d->options->controllers : NULL,
				d->options->tls ? LDAP_PORT_TLS : LDAP_PORT_PLAIN,
				d->options->settings->dns_servers, &found, d->why,
				d->why_size))
		return false;
	for (size_t i = 0; i < found.count && !good && !*stop; i++)
		good = read_from(d, domain, &found.at[i], first, stop);
	controllers_free(&found);
	return good;
}

static void finish_domain(struct discovery *d, bool good)
{
	d->domain.error = good ? NULL : d->why;
	if (d->domain.dns_name)
		d->options->events.domain(&d->domain, &d->counts, d->options->events.arg);
	pool_clear(&d->domain_pool);
}

/* ---- the guard, where the caller keeps none ---- */

struct own_guard {
	struct guard *guard;
	struct guard_seat seat;
};

static bool ask_own(void *arg)
{
	struct own_guard *own = arg;

	return own->guard && guard_ask(own->guard, &own->seat) == GUARD_GO;
}

static void tell_own(enum ldap_login login, const struct fault *fault, void *arg)
{
	struct own_guard *own = arg;

	discover_tell_guard(&own->seat, login, fault);
}

enum discover_end discover(const struct discover_options *options, char *why,
			   size_t why_size)
{
	struct own_guard own = { 0 };
	struct discovery d = { .options = options,
			       .guard = options->guard,
			       .sorter.rules = options->rules,
			       .why = why,
			       .why_size = why_size };
	bool stop = false, all = true, any = false;

	if (!d.guard.ask) {
		own.guard = guard_new("", 1);
		d.guard = (struct discover_guard){ ask_own, tell_own, &own };
	}
	d.domains[d.domain_count++] = options->domain;
	for (size_t i = 0; i < d.domain_count && !stop; i++) {
		bool good = read_domain(&d, d.domains[i], i == 0, &stop);

		all = all && good;
		any = any || good || d.counts.total;
		finish_domain(&d, good);
	}
	guard_free(own.guard);
	computer_sorter_clear(&d.sorter);
	directory_sites_free(&d.sites);
	pool_free(&d.domain_pool);
	pool_free(&d.pool);
	if (d.refused)
		return DISCOVER_GUARDED;
	return !any ? DISCOVER_FAILED : all ? DISCOVER_DONE : DISCOVER_INCOMPLETE;
}

void discover_say_proof(const struct directory_domain *domain)
{
	if (!domain->proof || strcmp(domain->proof, DIRECTORY_PROOF_NONE) != 0)
		return;
	log_say(LOG_WARNINGS, domain->dns_name, NULL,
		"the directory was read by NTLM: nothing proves that \"%s\" is a domain "
		"controller; Kerberos (USER@REALM, -k) or --ldaps does",
		domain->controller ? domain->controller : "");
}
