/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extended_dn.h - DNs as the extended DN control gives them: "<GUID=...>;<SID=...>;DN"
 * ([MS-ADTS] 3.1.1.3.4.1.5).
 */
#ifndef SCANNER_DISCOVER_EXTENDED_DN_H
#define SCANNER_DISCOVER_EXTENDED_DN_H

#include <stdbool.h>

#include "rpc/wire/sid.h"
#include "rpc/wire/wire.h"

/* The DN behind them, or the whole of a name that has none of them. */
struct bytes extended_dn_name(struct bytes value);
/* The SID of such a name; false: it has none (a contact), or is of another form. */
bool extended_dn_sid(struct bytes value, struct sid *sid);

#endif
