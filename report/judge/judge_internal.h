/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_internal.h - what the files of the judge share among themselves.
 */
#ifndef REPORT_JUDGE_JUDGE_INTERNAL_H
#define REPORT_JUDGE_JUDGE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "report/judge/judge.h"

/* One host being judged. */
struct bench {
	struct judgement *judgement;
	const struct facts *facts;
	const struct baseline *baseline;
	const char *today;
	bool joined, joined_known, build_known;
	/* NTLM reports the first build of a branch; the machine's is one up to the last.
	 */
	uint32_t build, last_build;
	unsigned products; /* bits 1 << enum product: there by a tag or a trace */
	bool out_of_memory;
};

/* judge_identity.c: who `h` is, as far as the host of `f` makes it known. */
void judge_identify(const struct facts *f, const struct holder *h, struct principal *p);
/* judge_identity.c: the host has another name than the one it was asked by, and nothing
 * proves that it is the host that was meant. */
bool judge_is_other_host(const struct facts *f);
/* judge_identity.c: S-1-0-0, the NULL SID, which no token carries. */
bool judge_is_nobody(const struct holder *h);
/* judge_identity.c: what the relative id of the SID stands for in the domain that issued
 * it ("Domain Admins"), and the id itself; NULL: nothing that is the same everywhere. */
const char *judge_name_of_rid(const char *sid, uint32_t *rid);
/* judge_holders.c: the holders of `r` as the host lists them, sorted, each once. */
void judge_holders(struct bench *b, struct right_judgement *r);
/* judge_holders.c: who is wanted, who is too many, who is missing under `rule`;
 * NULL: nobody is judged. */
void judge_label(struct bench *b, struct right_judgement *r,
		 const struct baseline_rule *rule);
/* judge_holders.c: as if nobody had been compared. */
void judge_clear_label(struct finding *f);
/* judge_state.c: default, user-defined or empty; and whether the floor is there. */
enum right_state judge_state(const struct bench *b, const struct right_judgement *r);
bool judge_floor_missing(const struct right_judgement *r);
/* An answer that no Windows of the host's build can give. */
bool judge_is_impossible(const struct bench *b, const struct right_judgement *r);
/* judge_state.c: Windows itself gives `h` the right on that role and build. */
bool judge_is_stock(const struct bench *b, const struct right_judgement *r,
		    const struct holder *h);
/* judge_severity.c: of a finding whose kind is known. */
enum severity judge_severity(const struct bench *b, const struct right_judgement *r,
			     const struct finding *f);
/* True when `sid` is one of the rights' floor, which Windows never removes. */
bool judge_is_floor(const struct right *right, const char *sid);
/* judge_reason.c: why somebody is there, in words; NULL: nothing is known, or memory is
 * out (then `b` says so).  `hint` is an `allow` entry whose condition does not hold. */
const char *judge_reason(struct bench *b, const struct right_judgement *r,
			 const struct finding *f, const struct baseline_allow *hint);

/* judge.c: what a right comes to, and why. */
void judge_verdict(struct right_judgement *r, enum verdict v, enum finding_kind kind,
		   const char *reason);
/* judge.c: a right whose holders are known, under that rule (NULL: none). */
void judge_under(struct bench *b, struct right_judgement *r,
		 const struct baseline_rule *rule);
/* judge_cases.c: the same under every rule that may be the machine's. */
void judge_cases(struct bench *b, struct right_judgement *r);
/* judge_cases.c: false where no rule can be the machine's. */
bool judge_has_rules(const struct bench *b, const char *right);

#endif
