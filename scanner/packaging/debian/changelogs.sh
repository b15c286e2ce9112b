#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# changelogs.sh CHANGELOG.md MAINTAINER FOLDER: writes into FOLDER changelog.gz, and
# changelog.Debian.gz, which says the same in Debian's form.
# A version is a heading "## [1.2.3] ... 2026-11-27"; an item begins with "- ".
set -eu
changelog=$1
maintainer=$2
folder=$3

# The items of one version, in lines of at most 78 characters.
items() {
	awk -v heading="## [$1]" '
	function flush(   n, words, i, line) {
		n = split(item, words, " ")
		line = "  *"
		for (i = 1; i <= n; i++) {
			if (length(line) + 1 + length(words[i]) > 78) {
				print line
				line = "   "
			}
			line = line " " words[i]
		}
		if (n)
			print line
		item = ""
	}
	/^## / { flush(); inside = index($0, heading) == 1; next }
	/^<!--/ { flush(); inside = 0 }
	!inside || /^$/ { next }
	/^### / { flush(); printf "  [ %s ]\n", substr($0, 5); next }
	/^- / { flush(); item = substr($0, 3); next }
	{ item = item " " $0 }
	END { flush() }' "$changelog"
}

sed -n 's/^## \[\([0-9.]*\)\].*\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\).*/\1 \2/p' "$changelog" |
	while read -r version date; do
		printf 'lsasweep (%s-1) unstable; urgency=medium\n\n' "$version"
		items "$version"
		printf '\n -- %s  %s\n\n' "$maintainer" "$(LC_ALL=C date -u -R -d "$date")"
	done | gzip -9n >"$folder/changelog.Debian.gz"
gzip -9n <"$changelog" >"$folder/changelog.gz"
