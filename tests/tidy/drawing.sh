#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: the two drawings in docs/design/architecture.md show who includes whom, no arrow more and
# none less. They are mermaid blocks that contain `%% rooms of lfq` and `%% rooms of the broker`.
. tests/support/promise.sh

# drawn TITLE: the arrows "a b" of the block with this title.
drawn() {
  awk -v title="%% $1" '
    /^```mermaid/ { block = 1; ours = 0; next }
    /^```/ { block = 0 }
    block && index($0, title) { ours = 1 }
    ours && block && /^ *[a-z_]+ --> [a-z_]+ *$/ { print $1, $3 }
  ' docs/design/architecture.md | sort
}

# real FOLDER PREFIX ROOT MAIN: the arrows between the rooms below FOLDER, whose files include each
# other by paths that begin with PREFIX; files of the folder itself are ROOT, or MAIN. What the
# broker includes of lfq is lfq.
real() {
  awk -v folder="$1/" -v prefix="$2/" -v root="$3" -v main="$4" '
    function room_of(path) {
      if (path == main) { sub(/\..*$/, "", path); return path }
      return sub(/\/.*$/, "", path) ? path : root
    }
    FNR == 1 { from = room_of(substr(FILENAME, length(folder) + 1)) }
    match($0, /^ *# *include *[<"][^">]*[">]/) {
      what = $0
      sub(/^[^<"]*[<"]/, "", what)
      sub(/[">].*$/, "", what)
      if (index(what, prefix) == 1) to = room_of(substr(what, length(prefix) + 1))
      else if (index(what, "lfq/") == 1) to = "lfq"
      else next
      if (from != to) print from, to
    }' $(cpp_files "$1") /dev/null | sort -u
}

compare() {
  { drawn "$1"; echo --; shift; real "$@"; } | awk -v title="$1" '
    /^--$/ { second = 1; next }
    !second { drawing[$0] = 1; next }
    { real[$0] = 1 }
    END {
      page = "docs/design/architecture.md, " title ": "
      for (arrow in drawing) if (!(arrow in real)) print page "drawn, but not there: " arrow
      for (arrow in real) if (!(arrow in drawing)) print page "there, but not drawn: " arrow
    }'
}

look() {
  compare 'rooms of lfq' include/lfq lfq version lfq.hpp
  compare 'rooms of the broker' examples/broker broker broker main.cpp
}

prove
