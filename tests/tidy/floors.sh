#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: a header of lfq includes its own room and lower floors only; its `Room:` line tells its
# place and its `Reads:` what it really includes; only sys/ sees the OS and only policy/ sees sys/;
# no include goes round in a circle.
. tests/support/promise.sh

look() {
  headers=$(cpp_files include)
  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    function on_floor(room) { return room in floor ? floor[room] : -1 }
    BEGIN {
      floor["base"] = 0; floor["sys"] = 1; floor["policy"] = 2
      floor["ring"] = floor["pool"] = floor["dedup"] = floor["codec"] = 3
    }
    function check_reads(    i, n, words, told) {
      if (file == "" || room == "") return
      n = split(reads, words, /, */)
      for (i = 1; i <= n; i++) if (words[i] != "nothing") told[words[i]] = 1
      for (i in told) if (!(i in read)) print file ":3: says that it reads " i ", but does not"
      for (i in read) if (!(i in told)) print file ":3: does not say that it reads " i
    }
    FNR == 1 {
      check_reads()
      delete read
      file = FILENAME; reads = ""; room = FILENAME
      if (!sub(/^include\/lfq\//, "", room)) bad("is not in include/lfq")
      if (!sub(/\/[^\/]*$/, "", room)) room = ""
      if (room != "" && on_floor(room) < 0) bad("there is no room " room)
    }
    FNR == 3 && room != "" {
      expected = "// Room: " room " (floor " on_floor(room) "). Reads: "
      if (index($0, expected) != 1 || $0 !~ /\.$/)
        bad("the third line must be: " expected "<rooms>.")
      reads = substr($0, length(expected) + 1)
      sub(/\.$/, "", reads)
    }
    /^ *# *include/ {
      if (match($0, /"[^"]*"/)) bad("headers of lfq include each other as <lfq/...>")
      if (!match($0, /<[^>]*>/)) next
      what = substr($0, RSTART + 1, RLENGTH - 2)
      if (sub(/^lfq\//, "", what)) {
        if (FILENAME == "include/lfq/lfq.hpp") next
        if (what == "version.hpp") {
          read["version"] = 1
          if (room != "base") bad("only base/ reads version.hpp")
          next
        }
        other = what
        sub(/\/[^\/]*$/, "", other)
        if (other == room) next
        read[other] = 1
        if (on_floor(other) < 0) bad("includes the unknown room " other)
        else if (on_floor(other) == on_floor(room)) bad(room " and " other " are on one floor")
        else if (on_floor(other) > on_floor(room)) bad(other " is above " room)
        else if (other == "sys" && room != "policy") bad("only policy/ sees sys/")
      } else if (what ~ /[.\/]/ && room != "sys" &&
                 !(room == "base" && what ~ /^(immintrin|cpuid)\.h$/)) {
        bad("only sys/ sees the OS: <" what ">")
      }
    }
    END { check_reads() }' $headers /dev/null

  # tsort names a circle on its error stream.
  awk '
    match($0, /^ *# *include <lfq\/[^>]*>/) {
      what = $0
      sub(/^[^<]*</, "", what)
      sub(/>.*$/, "", what)
      print FILENAME, "include/" what
    }' $headers /dev/null | tsort 2>&1 >/dev/null |
    sed -n 's/^tsort: *\(include.*\)/\1: is part of a circle of includes/p'
}

prove
