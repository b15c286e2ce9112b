#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers.sh [FOLDER]: compares every #include with the rules of the house, and fails with a
# line for each breach.  FOLDER is the project's root (default: the one this file is in).
#
#   rooms       which room may include which: the table below, lowest first in each island
#   islands     rpc/ sees nothing of report/ or scanner/, report/ nothing of the others,
#               scanner/ sees of rpc/ the dialogue and not the wire (two rooms excepted)
#   libraries   each one is included where the design names it and nowhere else
#   private     X_internal.h is included in its own room alone
#   cycles      no file includes a file that includes it, over any number of steps
#   root        includes are written from the root
#   alone       every header compiles alone
#   licence     an SPDX line stands in every file that can carry one
set -u
root=${1:-$(dirname "$0")/..}
cd "$root" || exit 2

# ROOM: the rooms of the same island that it may include besides itself.
rooms='
rpc/wire:
rpc/smb2: rpc/wire
rpc/dce: rpc/wire
rpc/calls: rpc/wire rpc/dce
rpc/auth: rpc/wire
rpc/session: rpc/wire rpc/smb2 rpc/dce rpc/calls rpc/auth
report/text:
report/files:
report/facts: report/text
report/directory: report/text report/facts
report/journal: report/text report/files report/facts report/directory
report/baseline: report/text report/facts report/directory
report/judge: report/text report/facts report/directory report/journal report/baseline
report/render: report/text report/files report/facts report/directory report/journal report/baseline report/judge
scanner/console:
scanner/settings:
scanner/sandbox: scanner/console
scanner/targets: scanner/console scanner/settings
scanner/journal: scanner/console
scanner/dns: scanner/console scanner/targets
scanner/kdc: scanner/dns
scanner/login: scanner/console scanner/settings
scanner/discover: scanner/console scanner/settings scanner/targets scanner/dns scanner/login scanner/sandbox
scanner/host: scanner/console scanner/settings scanner/targets scanner/dns scanner/login
scanner/sweep: scanner/console scanner/settings scanner/targets scanner/journal scanner/dns scanner/login scanner/host scanner/discover
scanner/cli: scanner/console scanner/settings scanner/sandbox scanner/targets scanner/journal scanner/dns scanner/kdc scanner/login scanner/discover scanner/host scanner/sweep
'

# What a room may include of another island: ROOM <- HEADER.  Both are patterns (ERE).
bridges='
scanner/[a-z]+ <- report/[a-z]+/[a-z0-9_]+\.h
scanner/[a-z]+ <- rpc/session/session\.h
scanner/[a-z]+ <- rpc/auth/[a-z0-9_]+\.h
scanner/[a-z]+ <- rpc/smb2/dialect\.h
scanner/[a-z]+ <- rpc/wire/(fault|ntstatus|limits)\.h
scanner/(host|discover) <- rpc/calls/[a-z0-9_]+\.h
scanner/(host|discover) <- rpc/wire/[a-z0-9_]+\.h
'

# A library's header: HEADER <- FILES that may include it (ERE).
libraries='
uv\.h <- ^scanner/
(gssapi/.*|gssapi|krb5|profile)\.h <- ^rpc/auth/
openssl/.* <- ^(rpc/(smb2/keys|auth/(ntlm_crypto|channel_binding))|report/facts/derived_sid)\.c$
(ldap|lber|sasl/.*)\.h <- ^scanner/discover/
cjson/.* <- ^report/(text|facts|directory|journal|baseline|render)/
ares.*\.h <- ^scanner/dns/
seccomp\.h <- ^scanner/sandbox/
(sys/)?time\.h <- ^(rpc/auth|report/text|report/render|scanner/.*)/
(pthread|sys/socket|netdb|netinet/in|signal)\.h <- ^scanner/
poll\.h <- ^(report/files|scanner/.*)/
arpa/inet\.h <- ^(rpc/auth/|report/directory/subnet\.c$|scanner/.*/)
'

includes=$(find rpc report scanner -name '*.[ch]' | sort | xargs grep -H '^#include' |
	sed -n 's/^\([^:]*\):#include *["<]\([^">]*\)[">].*/\1 \2/p')

# Prints a line for each breach of the tables.
breaches() {
	printf '%s\n' "$includes" | awk -v rooms="$rooms" -v bridges="$bridges" \
		-v libraries="$libraries" -v headers="$(find rpc report scanner -name '*.h')" '
	function room(path) { sub(/\/[^\/]*$/, "", path); return path }
	function island(path) { sub(/\/.*/, "", path); return path }
	function breach(why) { print $1 ": includes \"" $2 "\": " why }
	BEGIN {
		n = split(rooms, lines, "\n")
		for (i = 1; i <= n; i++) {
			if (split(lines[i], side, ":") < 2)
				continue
			known[side[1]] = 1
			m = split(side[2], may, " ")
			for (j = 1; j <= m; j++)
				allowed[side[1], may[j]] = 1
		}
		n = split(headers, lines, "\n")
		for (i = 1; i <= n; i++)
			header[lines[i]] = 1
		bridge_count = split(bridges, bridge, "\n")
		library_count = split(libraries, library, "\n")
	}
	{
		from = room($1)
		if (!known[from])
			breach("its folder is no room of the house")
		ours = $2 ~ /^(rpc|report|scanner|tests)\//
		if (!ours && (room($1) "/" $2) in header)
			breach("written from its folder, not from the root")
		if (!ours) {
			for (i = 1; i <= library_count; i++) {
				if (split(library[i], side, " <- ") == 2 &&
				    $2 ~ "^(" side[1] ")$" && $1 !~ side[2])
					breach("this library belongs elsewhere (" side[2] ")")
			}
			next
		}
		to = room($2)
		if ($2 ~ /^tests\//)
			breach("no island knows the tests")
		if ($2 ~ /_internal\.h$/ && from != to)
			breach("private to " to "/")
		if (from == to)
			next
		if (island($1) == island($2)) {
			if (!allowed[from, to])
				breach(from "/ stands below " to "/ or beside it")
			next
		}
		for (i = 1; i <= bridge_count; i++) {
			if (split(bridge[i], side, " <- ") == 2 &&
			    from ~ "^" side[1] "$" && $2 ~ "^" side[2] "$")
				next
		}
		breach(island($1) "/ does not see this of " island($2) "/")
	}'
}

# The simulated domain is a second implementation: it takes the cursors and nothing else.
lab_breaches() {
	grep -H '^#include "\(rpc\|report\|scanner\)/' tests/lab/*.[ch] /dev/null 2>/dev/null |
		grep -v '"rpc/wire/wire\.h"' |
		sed 's/#include/ includes/; s/$/: the simulated domain is a second implementation/'
}

# A file that comes back to itself by its includes: tsort names the ring.
cycles() {
	printf '%s\n' "$includes" | grep -E ' (rpc|report|scanner)/' | grep -E '\.h ' |
		tsort 2>&1 >/dev/null | sed -n 's/^tsort: \([a-z].*\.h\)$/\1: includes itself by a ring of headers/p'
}

# Every source file begins with its licence, behind a #! line where there is one.
unlicensed() {
	git ls-files -z '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' '*.css' '*.js' \
		'*.html' '*.yml' '*.in' '*.1' '*.md' '*.bash' '*.zsh' '*.fish' '*.ps1' \
		'*.service' '*.timer' '*.supp' '*.lab' '*.env' '*.example' .ci/run \
		.clang-format .clang-tidy .gitignore ':!tests/golden' 2>/dev/null |
		xargs -0 grep -L 'SPDX-License-Identifier: Apache-2\.0' |
		sed 's/$/: has no line "SPDX-License-Identifier: Apache-2.0"/'
}

# Every header compiles alone.
alone() {
	cc=${CC:-cc}
	find rpc report scanner -name '*.h' | sort | xargs -P 2 -I{} sh -c \
		"printf '#include \"{}\"\n' | $cc -std=gnu11 -Wall -Wextra -Werror -I. \
			-D_GNU_SOURCE -fsyntax-only -x c - >/dev/null 2>&1 ||
			echo '{}: does not compile alone'"
}

found=$(
	breaches
	lab_breaches
	cycles
	unlicensed
	[ "${LAYERS_QUICK:-}" ] || alone
)
if [ -n "$found" ]; then
	printf '%s\n' "$found"
	exit 1
fi
echo "layers: the islands hold"
