# SPDX-License-Identifier: MIT
# Sourced by tests/tidy/*.sh, which run in the root of the tree. Each defines look(), which prints a
# line for every violation in the current folder, and ends with `prove`.
export LC_ALL=C # bytes: the same answers from every awk and sort

# Holds if look() finds nothing in the tree, and in tests/tidy/planted/<script>/ exactly the lines
# of its file `expected`: a check that cannot fail shows nothing.
prove() {
  name=$(basename "$0" .sh)
  plant=tests/tidy/planted/$name
  violations=$(look)
  if [ -n "$violations" ]; then
    echo "$name: broken here:"
    printf '%s\n' "$violations"
    broken=1
  else
    broken=0
  fi
  if [ ! -s "$plant/expected" ]; then
    echo "$name: $plant/expected is missing: nothing shows that the check can fail"
    exit 1
  fi
  caught=$(cd "$plant" && look | sort)
  if [ "$caught" != "$(sort "$plant/expected")" ]; then
    echo "$name: the planted violations are not the ones found. Expected, in $plant/expected:"
    cat "$plant/expected"
    echo "Found:"
    printf '%s\n' "$caught"
    broken=1
  fi
  plants=$(wc -l <"$plant/expected")
  [ "$broken" = 1 ] || echo "$name: holds; $plants planted violations were caught"
  exit "$broken"
}

# files PATTERN FOLDER...: the files of that name below these folders, without the planted ones,
# sorted.
files() {
  pattern=$1
  shift
  find "$@" -name planted -prune -o -type f -name "$pattern" -print 2>/dev/null | sort
}

# cpp_files FOLDER...: the same for C++.
cpp_files() {
  files '*.[ch]pp' "$@"
}
