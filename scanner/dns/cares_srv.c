/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cares_srv.c - asks for SRV records and reads them, by the functions that the version of
 * c-ares at hand has.  What a record may say is for resolve_service.c to judge.
 */
#include "scanner/dns/cares_srv.h"

#include <stdlib.h>

#if ARES_VERSION >= 0x011c00 /* 1.28.0 */

struct search {
	ares_callback done;
	void *arg;
};

static void on_record(void *arg, ares_status_t status, size_t timeouts,
		      const ares_dns_record_t *record)
{
	struct search s = *(struct search *)arg;
	unsigned char *bytes = NULL;
	size_t len = 0;

	free(arg);
	if (status == ARES_SUCCESS)
		status = ares_dns_write(record, &bytes, &len);
	s.done(s.arg, (int)status, (int)timeouts, bytes, (int)len);
	ares_free_string(bytes);
}

static ares_status_t search_begin(ares_channel channel, const char *name,
				  struct search *s)
{
	ares_dns_record_t *record = NULL;
	ares_status_t status = ares_dns_record_create(
		&record, 0, ARES_FLAG_RD, ARES_OPCODE_QUERY, ARES_RCODE_NOERROR);

	if (status == ARES_SUCCESS)
		status = ares_dns_record_query_add(record, name, ARES_REC_TYPE_SRV,
						   ARES_CLASS_IN);
	if (status == ARES_SUCCESS) /* from here on its result comes to on_record() */
		ares_search_dnsrec(channel, record, on_record, s);
	ares_dns_record_destroy(record);
	return status;
}

void srv_search(ares_channel channel, const char *name, ares_callback done, void *arg)
{
	struct search *s = malloc(sizeof *s);
	ares_status_t status = ARES_ENOMEM;

	if (s) {
		*s = (struct search){ done, arg };
		status = search_begin(channel, name, s);
	}
	if (status == ARES_SUCCESS)
		return;
	free(s);
	done(arg, (int)status, 0, NULL, 0);
}

int srv_records_parse(const unsigned char *bytes, int len, struct srv_records *records)
{
	ares_dns_record_t *message = NULL;
	ares_status_t status = ares_dns_parse(bytes, (size_t)len, 0, &message);
	size_t answers;

	*records = (struct srv_records){ .message = message };
	if (status != ARES_SUCCESS)
		return (int)status;
	answers = ares_dns_record_rr_cnt(message, ARES_SECTION_ANSWER);
	records->at = calloc(answers + 1, sizeof *records->at);
	if (!records->at)
		return ARES_ENOMEM;
	for (size_t i = 0; i < answers; i++) {
		const ares_dns_rr_t *rr = ares_dns_record_rr_get_const(
			message, ARES_SECTION_ANSWER, i);

		if (ares_dns_rr_get_type(rr) != ARES_REC_TYPE_SRV)
			continue;
		records->at[records->count++] = (struct srv_record){
			ares_dns_rr_get_u16(rr, ARES_RR_SRV_PRIORITY),
			ares_dns_rr_get_u16(rr, ARES_RR_SRV_WEIGHT),
			ares_dns_rr_get_u16(rr, ARES_RR_SRV_PORT),
			ares_dns_rr_get_str(rr, ARES_RR_SRV_TARGET),
		};
	}
	return records->count > 0 ? ARES_SUCCESS : ARES_ENODATA;
}

void srv_records_free(struct srv_records *records)
{
	ares_dns_record_destroy(records->message);
	free(records->at);
}

#else

void srv_search(ares_channel channel, const char *name, ares_callback done, void *arg)
{
	enum { CLASS_IN = 1, TYPE_SRV = 33 };

	ares_search(channel, name, CLASS_IN, TYPE_SRV, done, arg);
}

int srv_records_parse(const unsigned char *bytes, int len, struct srv_records *records)
{
	struct ares_srv_reply *replies = NULL;
	int status = ares_parse_srv_reply(bytes, len, &replies);
	size_t count = 0;

	*records = (struct srv_records){ .message = replies };
	if (status != ARES_SUCCESS)
		return status;
	for (const struct ares_srv_reply *r = replies; r; r = r->next)
		count++;
	records->at = calloc(count + 1, sizeof *records->at);
	if (!records->at)
		return ARES_ENOMEM;
	for (const struct ares_srv_reply *r = replies; r; r = r->next)
		records->at[records->count++] =
			(struct srv_record){ r->priority, r->weight, r->port, r->host };
	return records->count > 0 ? ARES_SUCCESS : ARES_ENODATA;
}

void srv_records_free(struct srv_records *records)
{
	if (records->message)
		ares_free_data(records->message);
	free(records->at);
}

#endif
