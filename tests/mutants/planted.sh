#!/bin/sh
# SPDX-License-Identifier: MIT
# Demands that kill.sh rejects a planted mutant, in the words that the patch has behind `Error:`. A
# runner that cannot tell a kill from an accident shows nothing.
#
# usage: planted.sh <the words of kill.sh...>
set -eu
wanted=$(sed -n 's/^Error: *//p' "$2")
status=0
said=$(LFQ_MUTANT_SECONDS=5 sh "$(dirname "$0")/kill.sh" "$@") || status=$?
first=$(printf '%s\n' "$said" | head -n 1)
if [ "$status" = 1 ] && [ "$first" = "error: planted/${2##*/} $wanted" ]; then
  echo "seen: $first"
  exit 0
fi
echo "expected: error: planted/${2##*/} $wanted"
printf 'found, with status %s: %s\n' "$status" "$said"
exit 1
