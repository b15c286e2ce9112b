/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phrases.h - sentences and numbers that several renderers share.
 */
#ifndef REPORT_RENDER_PHRASES_H
#define REPORT_RENDER_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/render/render.h"

/* "1,234,567" into `out` (32 bytes do); returns `out`. */
char *phrase_count(size_t n, char *out, size_t out_size);
/* "4,700 of 4,908 hosts (95.8 %)", or "0 of 0 hosts"; `what` may be "".  A percentage
 * never stands alone. */
char *phrase_share(size_t part, size_t whole, const char *what, char *out,
		   size_t out_size);
/* "member servers", "member server" for 1. */
const char *phrase_role(enum role role, size_t n);
/* "412 member servers and 3 domain controllers", controllers first. */
char *phrase_where(const size_t hosts[ROLE_COUNT], char *out, size_t out_size);

/* What a reader has to know of the sweep as a whole, said in the same words everywhere.
 */
enum phrase_notice {
	NOTICE_COMPUTERS,  /* what Active Directory lists */
	NOTICE_COVERAGE,   /* of these: in scope, asked, assessed */
	NOTICE_PARTLY,     /* a domain that was not read to its end */
	NOTICE_STRANGERS,  /* hosts that Active Directory does not know */
	NOTICE_UNRECORDED, /* targets without a record */
	NOTICE_PARTS,      /* parts of a divided sweep that were not given */
	NOTICE_REPLACED,   /* answers to other rights than a newer record's */
	NOTICE_CONFLICTS,  /* roles that sources disagree on */
	NOTICE_DIRECTORY,  /* hosts that their accounts do not fit */
	NOTICE_IDENTITY,   /* hosts that may be other ones */
	NOTICE_SUSPECT,  /* answers that cannot be complete: do they count as assessed? */
	NOTICE_UNLISTED, /* holders that are counted and not listed */
	NOTICE_RIGHTS,   /* rights of no catalogue that are counted nowhere else */
	NOTICE_WAIVERS,  /* those without effect, or expired */
	PHRASE_NOTICES,
};
enum { PHRASE_ROOM = 600 };
/* Into `out` (PHRASE_ROOM bytes do); false when there is nothing to say. */
bool phrase_notice(const struct render_context *about, enum phrase_notice notice,
		   char *out, size_t out_size);

/* What a waiver does in this report: "waives 3 findings until 2026-12-31". */
char *phrase_waiver(const struct baseline_waiver *w, const struct score_waiver *score,
		    char *out, size_t out_size);

/* Where a fix is made: "GPO "Servers", linked at OU=..."; of no GPO that it is not set by
 * one.  Into `out` (PHRASE_ROOM bytes do); returns `out`. */
char *phrase_place(const struct fix *f, char *out, size_t out_size);
/* The name that people know the host by, where it is not the one it was asked by: its DNS
 * name, else its NetBIOS name.  NULL: none that differs. */
const char *phrase_alias(const struct facts *f);
/* The host's domain: its DNS name, else its NetBIOS name; NULL: none, or not told. */
const char *phrase_domain(const struct facts *f);

/* True for a holder that a reader has to know of: extra or obsolete, also when waived. */
bool phrase_unexpected(const struct finding *f);
/* Why a right of a host is not assessed, with the likely cause. */
const char *phrase_unknown_right(const struct right_judgement *r);
/* The same for a whole host. */
const char *phrase_unknown_host(const struct judgement *j);

#endif
