#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh TARGET CORPUS.hex: run every seed of the corpus through the fuzz target once.
set -eu
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sh "$here/unhex.sh" "$2" "$dir/seeds"
set -- "$1" "$dir"/seeds/*
[ -e "$2" ] || { echo "replay.sh: no seed in the corpus of $1" >&2; exit 1; }
"$@"
