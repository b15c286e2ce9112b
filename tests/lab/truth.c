/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/truth.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "tests/lab/world.h"

static int port_of(const struct host *h, int port, int refused_port)
{
	return h->manner.fault == FAULT_REFUSE ? refused_port : port;
}

static void address_text(const struct host *h, char text[static 16])
{
	snprintf(text, 16, "%u.%u.%u.%u", h->address >> 24, h->address >> 16 & 255,
		 h->address >> 8 & 255, h->address & 255);
}

void truth_print_targets(FILE *to, int port, int refused_port, bool by_name)
{
	char text[HOST_NAME_MAX_LEN];

	for (size_t i = 0; i < world.count; i++) {
		const struct host *h = &world.hosts[i];
		char *rest = NULL, *tags = strdup(h->tags ? h->tags : "");

		/* A name without an address can only be asked for by name. */
		if (by_name || (h->manner.fault && h->manner.step == STEP_RESOLVE))
			host_dns_name(h, text);
		else
			address_text(h, text);
		fprintf(to, "%s:%d", text, port_of(h, port, refused_port));
		for (char *tag = strtok_r(tags, " ", &rest); tag;
		     tag = strtok_r(NULL, " ", &rest))
			fprintf(to, " tag=%s", tag);
		fputc('\n', to);
		free(tags);
	}
}

static void add_words(cJSON *to, const char *key, const char *words)
{
	cJSON *list = cJSON_AddArrayToObject(to, key);
	char *rest = NULL, *copy = strdup(words);

	for (char *word = strtok_r(copy, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		cJSON_AddItemToArray(list, cJSON_CreateString(word));
	free(copy);
}

static void add_sids(cJSON *rights, const struct host *h, unsigned right)
{
	struct lab_sid sids[HOLDERS_MAX];
	char text[LAB_SID_TEXT_MAX];
	int count = host_holders(h, right, sids);
	cJSON *list;

	if (count < 0) {
		cJSON_AddNullToObject(rights, stock_rights[right].name);
		return;
	}
	list = cJSON_AddArrayToObject(rights, stock_rights[right].name);
	for (int i = 0; i < count; i++) {
		lab_sid_text(&sids[i], text);
		cJSON_AddItemToArray(list, cJSON_CreateString(text));
	}
}

static void add_planted(cJSON *line, const struct host *h)
{
	static const char *const words[] = { "grant", "revoke", "nobody", "unknown" };
	cJSON *list = cJSON_AddArrayToObject(line, "planted");
	char text[LAB_SID_TEXT_MAX];

	for (const struct change *c = h->changes; c; c = c->next) {
		cJSON *one = cJSON_CreateObject();

		cJSON_AddStringToObject(one, "change", words[c->what]);
		cJSON_AddStringToObject(one, "right", stock_rights[c->right].name);
		if (c->what == CHANGE_GRANT || c->what == CHANGE_REVOKE) {
			lab_sid_text(&c->sid, text);
			cJSON_AddStringToObject(one, "sid", text);
		}
		cJSON_AddItemToArray(list, one);
	}
}

static void add_machine(cJSON *line, const struct host *h)
{
	char text[LAB_SID_TEXT_MAX];
	struct lab_sid sid = host_machine_sid(h);

	host_netbios_name(h, text);
	cJSON_AddStringToObject(line, "netbios_name", text);
	host_dns_name(h, text);
	cJSON_AddStringToObject(line, "dns_name", text);
	cJSON_AddStringToObject(line, "domain",
				host_in_domain(h) ? world.netbios : "WORKGROUP");
	lab_sid_text(&sid, text);
	cJSON_AddStringToObject(line, "machine_sid", text);
	cJSON_AddNumberToObject(line, "build", h->manner.build);
}

static void print_host(FILE *to, const struct host *h, int port)
{
	cJSON *line = cJSON_CreateObject(), *rights;
	enum lab_fault fault = (enum lab_fault)h->manner.fault;
	enum lab_step step = (enum lab_step)h->manner.step;
	char text[HOST_NAME_MAX_LEN], *printed;

	host_name(h, text);
	cJSON_AddStringToObject(line, "name", text);
	address_text(h, text);
	cJSON_AddStringToObject(line, "address", text);
	cJSON_AddNumberToObject(line, "port", port);
	cJSON_AddStringToObject(line, "role", role_word(h->role));
	add_machine(line, h);
	add_words(line, "tags", h->tags ? h->tags : "");
	cJSON_AddStringToObject(line, "fault", fault_word(fault));
	cJSON_AddStringToObject(line, "step", fault ? step_word(step) : "");
	add_words(line, "outcome", fault_outcome(fault, step));
	cJSON_AddBoolToObject(line, "refuses_logon",
			      fault_status(fault) != 0 &&
				      (step == STEP_SETUP1 || step == STEP_SETUP2));
	if (h->manner.ldap_fault) {
		enum ldap_fault broken = (enum ldap_fault)h->manner.ldap_fault;
		enum ldap_step at = (enum ldap_step)h->manner.ldap_step;

		cJSON_AddStringToObject(line, "directory_fault", ldap_fault_word(broken));
		cJSON_AddStringToObject(line, "directory_step", ldap_step_word(at));
		cJSON_AddStringToObject(line, "directory_outcome",
					ldap_fault_outcome(broken, at));
	}
	add_planted(line, h);
	rights = cJSON_AddObjectToObject(line, "rights");
	for (unsigned right = 0; right < stock_rights_count; right++)
		add_sids(rights, h, right);
	printed = cJSON_PrintUnformatted(line);
	fprintf(to, "%s\n", printed ? printed : "");
	free(printed);
	cJSON_Delete(line);
}

void truth_print(FILE *to, int port, int refused_port)
{
	for (size_t i = 0; i < world.count; i++)
		print_host(to, &world.hosts[i],
			   port_of(&world.hosts[i], port, refused_port));
}

void truth_print_faults(FILE *to)
{
	fprintf(to, "%-12s %-22s %-45s %s\n", "STEP", "FAULT", "OUTCOME", "THE HOST");
	for (int step = 0; step < STEP_COUNT; step++)
		for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
			if (fault_steps((enum lab_fault)fault) >> step & 1)
				fprintf(to, "%-12s %-22s %-45s %s\n",
					step_word((enum lab_step)step),
					fault_word((enum lab_fault)fault),
					fault_outcome((enum lab_fault)fault,
						      (enum lab_step)step),
					fault_says((enum lab_fault)fault));
}
