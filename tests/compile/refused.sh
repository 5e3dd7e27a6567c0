#!/bin/sh
# SPDX-License-Identifier: MIT
# refused.sh SOURCE COMPILER...: passes if the compiler refuses SOURCE and one line of what it says
# matches the regular expression behind `// expected: ` in SOURCE, so that the user's mistake is
# named, not only its consequences.
set -eu
source=$1
shift
expected=$(sed -n 's|^// expected: ||p' "$source" | head -n 1)
[ -n "$expected" ] || { echo "$source has no line '// expected: <regex>'"; exit 1; }
if said=$("$@" "$source" 2>&1); then
  echo "$source compiled, but must be refused"
  exit 1
fi
naming=$(printf '%s\n' "$said" | grep -E '(error|note): ' | grep -E -m 1 -- "$expected") || naming=
if [ -n "$naming" ]; then
  printf '%s\n' "$naming"
  exit 0
fi
printf '%s\n' "$said" | head -n 30
echo "refused, but no line says: $expected"
exit 1
