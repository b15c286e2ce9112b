/* SPDX-License-Identifier: Apache-2.0 */
/*
 * computer_fact.h - a computer account as it stands in the record of its host.
 */
#ifndef REPORT_DIRECTORY_COMPUTER_FACT_H
#define REPORT_DIRECTORY_COMPUTER_FACT_H

#include "report/directory/directory.h"
#include "report/facts/facts.h"
#include "report/text/timestamp.h"

/* What is made anew; the rest of the fact borrows from the account. */
struct computer_fact_texts {
	char build[40], last_logon[TIMESTAMP_MAX];
};

void computer_fact(const struct directory_computer *c, struct computer_fact_texts *texts,
		   struct directory_fact *f);

#endif
