#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: the broker's rooms include each other in one direction: core <- storage, net, control,
# processors <- cluster <- broker.* <- main.cpp. No room reads the configuration, only the root sees
# all of them, and the client (cli) sees the protocol and nothing else of the broker. Each room has
# a README of at most 25 lines that tells who is admitted.
. tests/support/promise.sh

look() {
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    BEGIN {
      may["core"] = " core "
      may["storage"] = " storage core "
      may["net"] = " net core "
      may["control"] = " control core "
      may["cluster"] = " cluster storage net control core "
      may["processors/realtime"] = " processors/realtime core "
      may["processors/transactional"] = " processors/transactional core "
      may["processors/batch"] = " processors/batch core "
      may["cli"] = " cli "
    }
    FNR == 1 {
      room = FILENAME
      sub(/^examples\/broker\//, "", room)
      if (!sub(/\/[^\/]*$/, "", room)) room = ""
      if (room != "" && !(room in may)) bad("there is no room " room)
    }
    /^ *# *include *"/ {
      what = $0
      sub(/^[^"]*"/, "", what)
      sub(/".*$/, "", what)
      if (!sub(/^broker\//, "", what)) {
        bad("include it by its whole path: \"broker/...\"")
        next
      }
      other = what
      if (!sub(/\/[^\/]*$/, "", other)) other = ""
      if (room == "") {
        if (other == "cli") bad("the broker does not know its client")
        if (other != "" && FILENAME ~ /\/main\.cpp$/)
          bad("main.cpp knows the root only, not the room " other)
      } else if (other == "") {
        bad("a room does not see the root: " what)
      } else if (room == "cli" && what == "net/protocol.hpp") {
        next
      } else if (!index(may[room], " " other " ")) {
        bad(room " does not see " other)
      }
    }
    /^ *# *include *<lfq\// && room == "cli" && !/<lfq\/(codec\/|version\.hpp)/ {
      bad("the client uses the codec only")
    }
  ' $(cpp_files examples/broker) /dev/null

  for room in examples/broker/*/ examples/broker/processors/*/; do
    [ -d "$room" ] || continue
    readme=${room}README.md
    if [ ! -f "$readme" ]; then
      echo "$readme: is missing"
      continue
    fi
    [ "$(wc -l <"$readme")" -le 25 ] || echo "$readme: is longer than 25 lines"
    grep -qi 'admi' "$readme" || echo "$readme: does not tell who is admitted"
  done
}

prove
