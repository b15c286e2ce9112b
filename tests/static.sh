#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# static.sh BUILD: what analysers say of the program's own code, as errors: gcc -fanalyzer,
# clang-tidy (.clang-tidy) and cppcheck.  BUILD is a configured build folder.
# Exceptions stand in .clang-tidy and below, each with its reason.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$1
status=0
sources=$(ls rpc/*/*.c report/*/*.c scanner/*/*.c)

echo "== gcc -fanalyzer"
flags="-std=gnu11 -O1 -I. -D_GNU_SOURCE -DLSASWEEP_VERSION='\"0\"' -Werror -fanalyzer"
flags="$flags $(pkg-config --cflags libuv libcjson krb5-gssapi libcares libseccomp libcrypto)"
[ -d "$build/generated" ] && flags="$flags -I$build/generated"
# -Wno-analyzer-malloc-leak, -file-leak: gcc 12 loses track of what is handed over in a
# struct, or kept in one of an array; LeakSanitizer watches every test instead (a FILE is
# memory, too).
# -Wno-analyzer-use-of-uninitialized-value: gcc 12 does not follow out-parameters that
# are set on success only; clang-analyzer does, and runs below.
printf '%s\n' $sources | xargs -P 2 -I{} sh -c \
	"gcc $flags -Wno-analyzer-malloc-leak -Wno-analyzer-file-leak \
		-Wno-analyzer-use-of-uninitialized-value -c {} -o /dev/null || { echo '{}: gcc -fanalyzer complains'; exit 1; }" || status=1

echo "== clang-tidy"
printf '%s\n' $sources | xargs -P 2 -n 4 clang-tidy --quiet -p "$build" 2>/dev/null || status=1

echo "== cppcheck"
# unusedStructMember, constParameter...: style, not errors; missingIncludeSystem: system
# headers are not its business; normalCheckLevelMaxBranches: about its own limits.
# <sys/queue.h> is: without its macros cppcheck cannot parse what has such a list.
queue=$(echo '#include <sys/queue.h>' | gcc -E -xc - |
	sed -n 's/.*"\(.*sys\/queue\.h\)".*/\1/p' | head -1)
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	--suppress=missingIncludeSystem --error-exitcode=1 -j 2 -I. -D_GNU_SOURCE \
	--include="$queue" -DLSASWEEP_VERSION='"0"' $sources || status=1

[ $status -eq 0 ] && echo "static: nothing found"
exit $status
