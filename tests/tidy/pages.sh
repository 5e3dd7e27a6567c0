#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: a page has one title, in its first line; its links within the tree lead to a file, and
# those with a # to a heading of that page; files and folders named in backticks are there; every
# page of docs/ is reached from docs/README.md.
. tests/support/promise.sh

# Prints "page:line target" for each link that is no address.
links() {
  awk '
    FNR == 1 { fenced = 0 }
    /^ *```/ { fenced = !fenced }
    fenced { next }
    {
      left = $0
      gsub(/`[^`]*`/, "", left)
      while (match(left, /\]\([^) ]+\)/)) {
        target = substr(left, RSTART + 2, RLENGTH - 3)
        left = substr(left, RSTART + RLENGTH)
        if (target !~ /^[a-z]+:/) print FILENAME ":" FNR, target
      }
    }' "$@" /dev/null
}

# Prints "page:line path" for each path from the root in backticks.
named() {
  awk '
    FNR == 1 { fenced = 0 }
    /^ *```/ { fenced = !fenced }
    fenced { next }
    {
      left = $0
      while (match(left, /`[^`]*`/)) {
        path = substr(left, RSTART + 1, RLENGTH - 2)
        left = substr(left, RSTART + RLENGTH)
        sub(/ .*$/, "", path)
        if (path ~ /^(include|examples|tests|bench|docs|cmake)\/[A-Za-z0-9_.\/-]+$/)
          print FILENAME ":" FNR, path
      }
    }' "$@" /dev/null
}

has_heading() {
  awk -v wanted="$2" '
    /^ *```/ { fenced = !fenced }
    !fenced && /^#+ / {
      name = tolower($0)
      sub(/^#+ +/, "", name)
      gsub(/[^a-z0-9 _-]/, "", name)
      gsub(/ /, "-", name)
      if (name == wanted) found = 1
    }
    END { exit !found }' "$1"
}

# The path without its "." and "a/.." steps.
straight() {
  echo "$1" | awk -F/ '{
    n = 0
    for (i = 1; i <= NF; i++) {
      if ($i == "." || $i == "") continue
      if ($i == ".." && n > 0 && part[n] != "..") n--
      else part[++n] = $i
    }
    path = part[1]
    for (i = 2; i <= n; i++) path = path "/" part[i]
    print path
  }'
}

look() {
  pages=$(files '*.md' README.md docs examples bench tests)
  awk '
    function finish() { if (file != "" && titles != 1) print file ": " titles + 0 " titles" }
    FNR == 1 {
      finish(); file = FILENAME; titles = fenced = 0
      if (!/^# [^ ]/) print FILENAME ":1: the first line is no title"
    }
    /^ *```/ { fenced = !fenced }
    !fenced && /^# / { titles++ }
    END { finish() }' $pages /dev/null

  links $pages | while read -r place target; do
    page=${place%%:*}
    file=${target%%#*}
    case $target in
      '#'*) at=$page ;;
      *) at=$(straight "$(dirname "$page")/$file") ;;
    esac
    if [ ! -e "$at" ]; then
      echo "$place: leads nowhere: $target"
    else
      case $target in
        *'#'*) has_heading "$at" "${target#*#}" || echo "$place: no such heading: $target" ;;
      esac
    fi
  done

  named $pages | while read -r place path; do
    [ -e "$path" ] || echo "$place: there is no $path"
  done

  # Walks from the map along the links.
  reached=docs/README.md
  found=$reached
  while [ -n "$found" ]; do
    next=
    for line in $(links $found | sed 's/:[0-9]* /|/'); do
      target=${line#*|}
      target=$(straight "$(dirname "${line%%|*}")/${target%%#*}")
      case $target in *.md) ;; *) continue ;; esac
      [ -f "$target" ] || continue
      case " $(echo $reached) " in *" $target "*) continue ;; esac
      reached="$reached $target"
      next="$next $target"
    done
    found=$next
  done
  for page in $(files '*.md' docs); do
    case " $reached " in *" $page "*) ;; *) echo "$page: is not reached from docs/README.md" ;; esac
  done
}

prove
