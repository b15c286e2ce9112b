#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers.sh: holds every #include against the rules of the house, and fails on the first
# breach.  Who may include whom:
#   rpc/      rpc/*.h; gssapi and krb5 in auth_gss*.[ch] only, libcrypto in smb2_keys.c only
#   report/   report/*.h; cJSON where named below
#   scanner/  rpc/session/session.h rpc/auth/auth.h rpc/wire/fault.h rpc/auth/auth_gss.h, report/*.h, uv.h;
#             rpc/calls/lsa.h and rpc/calls/dssetup.h in survey*.c only
#   tests/lab rpc/wire/wire.h only: a second implementation
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0

# includes FILE...: prints "FILE INCLUDED" for each include.
includes() {
	grep -H '^#include' "$@" /dev/null 2>/dev/null |
		sed -n 's/^\([^:]*\):#include *["<]\([^">]*\)[">].*/\1 \2/p'
}

# breach TEXT: reads "FILE INCLUDED" lines on stdin; each is a breach.
breach() {
	while read -r file header; do
		echo "$file: includes \"$header\": $1"
	done
}

out=$(
	includes rpc/*.[ch] | grep -E ' (report|scanner|tests)/' | breach "rpc/ knows bytes only"
	includes rpc/*.[ch] | grep -E ' (uv\.h|cjson/|time\.h|sys/time\.h|pthread\.h|sys/socket\.h)' |
		breach "rpc/ has no loop, clock, thread or socket"
	includes rpc/*.[ch] | grep -E ' gssapi' | grep -vE '^rpc/auth_gss(_kerberos\.c|_parts\.h|\.c) ' |
		breach "only auth_gss.c and its parts"
	includes rpc/*.[ch] | grep -E ' krb5' | grep -vE '^rpc/auth_gss(_kerberos\.c|_parts\.h|\.c) ' |
		breach "only auth_gss.c and its parts"
	includes rpc/*.[ch] | grep -E ' openssl/' | grep -v '^rpc/smb2_keys\.c ' | breach "only smb2_keys.c"
	includes report/*.[ch] | grep -E ' (rpc|scanner|tests)/' | breach "report/ knows facts only"
	includes report/*.[ch] | grep -E ' (uv\.h|gssapi|openssl/|pthread\.h|sys/socket\.h)' |
		breach "report/ has no loop, wire or thread"
	includes report/*.[ch] | grep -E ' cjson/' |
		grep -vE '^report/(facts_json[a-z_]*|baseline[a-z_]*|journal_lines|render_json|render_[a-z]*|drift[a-z_]*|json[a-z_]*)\.[ch] ' |
		breach "cJSON only where the design names it"
	includes scanner/*.[ch] | grep -E ' rpc/' |
		grep -vE ' rpc/(session|auth|auth_gss|fault|ntstatus)\.h$' |
		grep -vE '^scanner/survey[a-z_]*\.[ch] rpc/(lsa|dssetup|arena|sid|wire)\.h$' |
		breach "scanner/ sees the dialogue, not the wire"
	includes scanner/*.[ch] | grep -E ' seccomp\.h$' | grep -v '^scanner/sandbox_calls\.c ' |
		breach "only sandbox_calls.c"
	includes scanner/*.[ch] | grep -E ' (gssapi|openssl/|cjson/|krb5)' | breach "not in scanner/"
	includes tests/lab/*.[ch] | grep -E ' (rpc|report|scanner)/' | grep -v ' rpc/wire/wire\.h$' |
		breach "the simulated domain is a second implementation"
)
if [ -n "$out" ]; then
	echo "$out"
	bad=1
fi

# Every header compiles alone.
cc=${CC:-cc}
for header in rpc/*.h report/*.h scanner/*.h; do
	[ -e "$header" ] || continue
	printf '#include "%s"\n' "$header" |
		$cc -std=gnu11 -Wall -Wextra -Werror -I. -D_GNU_SOURCE -fsyntax-only -x c - ||
		{ echo "$header: does not compile alone"; bad=1; }
done
# Every file that can carry a comment names its licence (LICENSE says which).
out=$(git ls-files -z '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' '*.css' '*.js' \
	'*.html' '*.yml' '*.in' '*.1' '*.md' '*.bash' '*.zsh' '*.fish' '*.ps1' '*.service' '*.timer' \
	'*.supp' '*.lab' '*.env' '*.example' .ci/run .clang-format .clang-tidy .gitignore |
	xargs -0 grep -L 'SPDX-License-Identifier: Apache-2\.0')
if [ -n "$out" ]; then
	echo "$out" | sed 's/$/: has no line "SPDX-License-Identifier: Apache-2.0"/'
	bad=1
fi

[ $bad -eq 0 ] && echo "layers: the islands hold"
exit $bad
