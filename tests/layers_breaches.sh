#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers_breaches.sh: plants a breach of each rule of layers.sh in a copy of the tree and
# expects it to be refused by name.  Ends as unittest does: "Ran N tests in ...".
set -u
cd "$(dirname "$0")/.." || exit 2
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
git -C "$copy" init -q
ran=0
failed=0

# refused NAME WORDS FILE LINE...: with each LINE appended to FILE, layers.sh must fail and
# say WORDS.
refused() {
	name=$1 words=$2 file=$3
	shift 3
	mkdir -p "$(dirname "$copy/$file")"
	new=yes
	[ -e "$copy/$file" ] && new= && cp "$copy/$file" "$copy/.kept"
	printf '%s\n' "$@" >>"$copy/$file"
	git -C "$copy" add -A
	ran=$((ran + 1))
	out=$(sh "$copy/tests/layers.sh" "$copy" 2>&1)
	if [ $? -ne 1 ] || ! printf '%s\n' "$out" | grep -qF "$words"; then
		failed=$((failed + 1))
		printf 'FAIL: %s: expected "%s"; layers.sh said:\n%s\n' "$name" "$words" "$out"
	fi
	if [ "$new" ]; then rm "$copy/$file"; else mv "$copy/.kept" "$copy/$file"; fi
}

spdx='/* SPDX-License-Identifier: Apache-2.0 */'
export LAYERS_QUICK=yes
git -C "$copy" add -A
sh "$copy/tests/layers.sh" "$copy" >/dev/null || {
	echo "FAIL: the tree itself breaks a rule"
	exit 1
}
refused "rpc/ includes report/" "rpc/ does not see this of report/" \
	rpc/wire/wire.c '#include "report/facts/facts.h"'
refused "rpc/ includes the loop" "this library belongs elsewhere" \
	rpc/session/session.c '#include <uv.h>'
refused "rpc/ has a clock" "this library belongs elsewhere" \
	rpc/session/session.c '#include <time.h>'
refused "report/ includes scanner/" "report/ does not see this of scanner/" \
	report/judge/judge.c '#include "scanner/host/host.h"'
refused "report/ includes rpc/" "report/ does not see this of rpc/" \
	report/facts/facts.c '#include "rpc/wire/sid.h"'
refused "scanner/ includes the wire" "scanner/ does not see this of rpc/" \
	scanner/sweep/sweep.c '#include "rpc/smb2/frame.h"'
refused "the sweep includes a call" "scanner/ does not see this of rpc/" \
	scanner/sweep/sweep.c '#include "rpc/calls/lsa.h"'
refused "an arrow back inside rpc/" "stands below" \
	rpc/smb2/frame.c '#include "rpc/session/session.h"'
refused "an arrow back inside report/" "stands below" \
	report/facts/facts.c '#include "report/judge/judge.h"'
refused "an arrow back inside scanner/" "stands below" \
	scanner/login/guard.c '#include "scanner/sweep/sweep.h"'
refused "a private header outside of its room" "private to rpc/session/" \
	scanner/host/host.c '#include "rpc/session/session_internal.h"'
refused "a private header outside, same island" "private to report/baseline/" \
	report/judge/judge.c '#include "report/baseline/baseline_internal.h"'
refused "GSSAPI outside of its room" "this library belongs elsewhere" \
	scanner/cli/main.c '#include <gssapi/gssapi.h>'
refused "libcrypto outside of its file" "this library belongs elsewhere" \
	rpc/smb2/frame.c '#include <openssl/evp.h>'
refused "LDAP outside of its room" "this library belongs elsewhere" \
	scanner/cli/main.c '#include <ldap.h>'
refused "cJSON outside of its rooms" "this library belongs elsewhere" \
	report/judge/judge.c '#include <cjson/cJSON.h>'
refused "c-ares outside of its room" "this library belongs elsewhere" \
	scanner/host/host.c '#include <ares.h>'
refused "seccomp outside of its room" "this library belongs elsewhere" \
	scanner/cli/main.c '#include <seccomp.h>'
refused "sockets in report/" "this library belongs elsewhere" \
	report/journal/journal_read.c '#include <sys/socket.h>'
refused "a wait in rpc/" "this library belongs elsewhere" \
	rpc/session/session.c '#include <poll.h>'
refused "addresses in report/" "this library belongs elsewhere" \
	report/facts/facts.c '#include <arpa/inet.h>'
refused "a folder that is no room" "its folder is no room of the house" \
	report/attic/old.c "$spdx" '#include "report/facts/facts.h"'
refused "an include not written from the root" "not from the root" \
	rpc/wire/sid.c '#include "wire.h"'
refused "an island that knows the tests" "no island knows the tests" \
	scanner/cli/main.c '#include "tests/hex.h"'
refused "a ring of two headers" "a ring of headers" \
	rpc/wire/arena.h '#include "rpc/wire/utf16.h"'
refused "a simulated domain that borrows" "second implementation" \
	tests/lab/main.c '#include "rpc/wire/sid.h"'
refused "a file without a licence" "no line \"SPDX" \
	rpc/wire/new.c 'int nothing;'
refused "a script without a licence" "no line \"SPDX" \
	tests/new.sh '#!/bin/sh'
export LAYERS_QUICK=
refused "a header that does not compile alone" "does not compile alone" \
	rpc/wire/alone.h "$spdx" 'size_t missing(void);'

echo "Ran $ran tests in layers_breaches.sh"
[ $failed -eq 0 ] || { echo "FAILED (failures=$failed)"; exit 1; }
