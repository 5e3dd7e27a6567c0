#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: no file, folder or namespace is called detail, utils, common, misc, helpers or manager;
# acquire and release name memory orders only, so no function is called so; a ring's verbs have one
# name each; nothing is left to do, commented out, or set off by a banner; no tabs, no blanks at the
# end of a line.
. tests/support/promise.sh

look() {
  find include examples tests bench docs cmake -name planted -prune -o -print 2>/dev/null |
    grep -E '(^|[/_])(details?|utils?|utilities|common|misc|helpers?|managers?|impl)([._/]|$)' |
    sed 's/$/: a name that says nothing/'

  awk '
    function bad(what) { print FILENAME ":" FNR ": " what }
    FILENAME ~ /^tests\/tidy\/|\/promise\.sh$/ { next } # they name what they forbid
    { text = " " $0 " " }
    text ~ /[^A-Za-z](TO[D]O|FIX[M]E|HA[C]K|XX[X])[^A-Za-z]/ { bad("something is left to do") }
    /\t/ && FILENAME !~ /Makefile/ { bad("a tab") }
    /[ ]$/ { bad("a blank at the end") }
    FILENAME !~ /\.[ch]pp$/ { next }
    /^ *(\/\/|\/\*) *[-=*#~][-=*#~][-=*#~]/ { bad("a banner") }
    /^ *\/\/ .*(;|\{|\}) *$/ && !/^ *\/\/.*[a-z,] [a-z]+ [a-z]+ / {
      bad("code that is commented out")
    }
    {
      code = text
      sub(/\/\/.*$/, "", code)
      gsub(/"[^"]*"/, "", code)
      if (code ~ /namespace [a-z_:]*(detail|utils?|common|misc|helpers?|manager|impl)[^a-z_]/)
        bad("a name that says nothing")
    }
    # Who declares a function writes a type before its name.
    code ~ /[A-Za-z_>&*\]] +[&*]*([a-z_]+::)?(acquire|release)(_[a-z_]+)?\(/ &&
      code !~ /(return|co_return|throw|else) +(acquire|release)/ {
      bad("acquire and release name memory orders only")
    }
    FILENAME ~ /^(include|examples)\// &&
      code ~ /[^a-z_](try_)?(enqueue|dequeue)(_[a-z]+)?[^a-z_]/ {
      bad("the verbs are push and pop")
    }
    FILENAME ~ /^include\/lfq\/ring\// &&
      code ~ /[^a-z_:](reserve|prepare|checkout|unsubscribe|notify|flush|kill)\(/ {
      bad("not a word of the vocabulary")
    }
  ' $(cpp_files include examples tests bench docs) $(files '*.sh' examples tests bench cmake) \
    $(files '*.md' README.md docs examples) $(files '*.cmake' cmake tests) \
    $(files CMakeLists.txt CMakeLists.txt examples tests bench) /dev/null
}

prove
