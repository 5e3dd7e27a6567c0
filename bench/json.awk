# SPDX-License-Identifier: MIT
# bench/json.awk — the same rows as JSON: {"runs": [machine lines], "rows": [{...}]}.
function text(words) {
  gsub(/\\/, "\\\\", words)
  gsub(/"/, "\\\"", words)
  return "\"" words "\""
}
/^question,subject,metric,median/ { next }
{
  read_fields($0)
  if (field[1] == "run") {
    if (!(field[3] in seen)) runs = runs (runs == "" ? "" : ",\n    ") text(field[3])
    seen[field[3]] = 1
    next
  }
  rows = rows (rows == "" ? "" : ",\n    ") "{\"question\": " text(field[1]) ", \"subject\": " \
    text(field[2]) ", \"metric\": " text(field[3]) ", \"median\": " (field[4] + 0) \
    ", \"low\": " (field[5] + 0) ", \"high\": " (field[6] + 0) ", \"unit\": " text(field[7]) "}"
}
END { printf "{\n  \"runs\": [\n    %s\n  ],\n  \"rows\": [\n    %s\n  ]\n}\n", runs, rows }
