#!/bin/sh
# SPDX-License-Identifier: MIT
# Promise: nothing outgrows its cap. Lines of a file: header or broker file 400, test, benchmark or
# example 300, numbered example 60 (100 where it opens a socket), main.cpp of the broker 80, page
# 250. Lines of a function: 70. Columns: 100; rows of tables and addresses of links cannot be broken
# and are exempt.
. tests/support/promise.sh

look() {
  awk '
    function cap(path) {
      if (path ~ /^examples\/[0-9][0-9]_/) return opens_socket ? 100 : 60
      if (path == "examples/broker/main.cpp") return 80
      if (path ~ /^(include|examples\/broker)\//) return 400
      if (path ~ /\.md$/) return 250
      return 300
    }
    function finish() {
      if (file != "" && lines > cap(file)) print file ": " lines " lines; the cap is " cap(file)
    }
    FNR == 1 { finish(); file = FILENAME; opens_socket = 0 }
    /socketpair\(|[^a-z_]socket\(/ { opens_socket = 1 }
    {
      lines = FNR
      columns = $0
      gsub(/[\200-\277]/, "", columns) # what continues a character of several bytes
      exempt = FILENAME ~ /\.md$/ && (/^ *\|/ || /\]\(/ || /https?:/)
      if (length(columns) > 100 && !exempt) print FILENAME ":" FNR ": " length(columns) " columns"
    }
    END { finish() }' $(cpp_files include examples tests bench docs) \
      $(files '*.md' README.md docs examples) \
      $(files '*.sh' examples tests bench cmake) \
      $(files CMakeLists.txt CMakeLists.txt examples tests bench) /dev/null

  # A block that belongs to no namespace and no type is a function; its braces are matched outside
  # strings.
  awk '
    FNR == 1 { depth = 0; head = "" }
    {
      code = $0
      gsub(/\\./, "", code)
      gsub(/\047.\047/, "", code)
      gsub(/"[^"]*"/, "", code)
      sub(/\/\/.*$/, "", code)
      if (code ~ /^ *#/) next
      while (match(code, /[{};]/)) {
        mark = substr(code, RSTART, 1)
        head = head " " substr(code, 1, RSTART - 1)
        code = substr(code, RSTART + 1)
        if (mark == "{") {
          while (gsub(/<[^<>]*>/, "", head)) ;
          depth++
          outside = depth == 1 || kind[depth - 1] != "function"
          type = head ~ /(^|[^a-z_])(namespace|class|struct|union|enum|extern)([^a-z_]|$)/
          begins = outside && !type && head ~ /\)/ && head !~ /(=|return) *$/
          kind[depth] = begins || !outside ? "function" : "other"
          starts[depth] = begins ? FNR : 0
        } else if (mark == "}" && depth > 0) {
          height = FNR - starts[depth] + 1
          if (starts[depth] && height > 70)
            print FILENAME ":" starts[depth] ": a function of " height " lines; the cap is 70"
          depth--
        }
        head = ""
      }
      head = head " " code
    }' $(cpp_files include examples tests bench docs) /dev/null
}

prove
