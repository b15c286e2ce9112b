#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# unhex.sh CORPUS.hex DIRECTORY: write each seed of a corpus as a file of its own.
# A corpus is text: a line a seed, "NAME HEX", '#' comments; so it can be read and
# reviewed.  An empty HEX is the empty input.
set -eu
mkdir -p "$2"
grep -v '^#' "$1" | while read -r name hex; do
	[ -n "$name" ] || continue
	printf '%s' "$hex" | tr -d ' \r\n' | xxd -r -p >"$2/$name"
done
