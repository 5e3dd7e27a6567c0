# SPDX-License-Identifier: MIT
# bench/tables.awk — a report in Markdown of one CSV, or of those of both layouts: a table for each
# question, and last every row in which a peer is ahead.
#   awk -f bench/csv.awk -f bench/tables.awk first.csv [second.csv]
function figure() { return sprintf("%.4g [%.4g, %.4g]", field[4], field[5], field[6]) }
function ratio() { return sprintf("%.2f × [%.2f, %.2f]", field[4], field[5], field[6]) }
function remember(question) {
  if (question in known) return
  known[question] = 1
  order[++questions] = question
}
FNR == 1 { layout = FILENAME == ARGV[1] ? 1 : 2 }
/^question,subject,metric,median/ { next }
{
  read_fields($0)
  if (field[1] == "run") {
    at = index(field[3], "; ") # behind the time
    row = layout SUBSEP substr(field[3], at)
    if (!(row in first_run)) {
      first_run[row] = substr(field[3], 1, at - 1)
      runs[layout, ++run_count[layout]] = row
    }
    last_run[row] = substr(field[3], 1, at - 1)
    next
  }
  if (field[1] == "floor") {
    row = field[2]
    if (!(row in floor_of)) floors[++floor_count] = row
    floor_of[row] = 1
    floor_unit[row] = field[7]
    row = layout SUBSEP row
    if (!(row in floor_low) || field[4] + 0 < floor_low[row]) floor_low[row] = field[4] + 0
    if (!(row in floor_high) || field[4] + 0 > floor_high[row]) floor_high[row] = field[4] + 0
    next
  }
  remember(field[1])
  if (field[7] == "rounds") {
    lower_is_better[field[1]] = field[2] ~ /^lower/
    rounds[field[1]] = rounds[field[1]] (rounds[field[1]] == "" ? "" : "; ") \
      field[4] " rounds, " field[3]
    if (field[3] ~ /NOT QUIET/) unquiet[layout, field[1]] = 1
    next
  }
  row = field[1] SUBSEP field[2] SUBSEP field[3]
  if (field[7] == "x") {
    if (!(row in ratio_of)) ratios[field[1], ++ratio_count[field[1]]] = row
    ratio_of[row] = 1
    said[layout, row] = ratio()
    # Only a row's own ratio is one to a peer: a floor is none, the best peer has a row of its own,
    # and what a question compares besides is lfq's.
    if (field[3] !~ / ratio$/ || field[3] ~ / floor ratio$/) next
    behind[layout, row] = lower_is_better[field[1]] ? field[5] + 0 > 1 : field[6] + 0 < 1
  } else {
    if (!(row in rate_of)) rates[field[1], ++rate_count[field[1]]] = row
    rate_of[row] = 1
    said[layout, row] = figure()
    unit[row] = field[7]
  }
}
function cells(row) {
  return said[1, row] (layout > 1 ? " | " said[2, row] : "") " |"
}
# The same, each with whether its question was not quiet.
function noted_cells(row, question) {
  return said[1, row] ((1, question) in unquiet ? ", n. q." : "") " |" \
    (layout > 1 ? " " said[2, row] ((2, question) in unquiet ? ", n. q." : "") " |" : "")
}
function head(first, second) {
  print "| " first " | " second " | first layout |" (layout > 1 ? " second layout |" : "")
  print "|---|---|---|" (layout > 1 ? "---|" : "")
}
END {
  for (each = 1; each <= layout; each++) {
    print "Runs in the " (each == 1 ? "first" : "second") " layout:\n"
    for (i = 1; i <= run_count[each]; i++) {
      row = runs[each, i]
      split(row, part, SUBSEP)
      print "* " first_run[row] (last_run[row] == first_run[row] ? "" : " to " last_run[row]) part[2]
    }
    print ""
  }
  print "## Floors\n\nOf one program and another, the lowest and the highest median.\n"
  head("floor", "unit")
  for (i = 1; i <= floor_count; i++) {
    line = "| " floors[i] " | " floor_unit[floors[i]] " |"
    for (each = 1; each <= layout; each++)
      line = line ((each, floors[i]) in floor_low ? sprintf(" %.4g to %.4g |", \
        floor_low[each, floors[i]], floor_high[each, floors[i]]) : " |")
    print line
  }
  for (i = 1; i <= questions; i++) {
    question = order[i]
    printf "\n## %s\n\n%s", question, (rounds[question] == "" ? "" : rounds[question] ".\n\n")
    head("subject", "median [lowest, highest] of")
    for (j = 1; j <= rate_count[question]; j++) {
      row = rates[question, j]
      split(row, part, SUBSEP)
      print "| " part[2] " | " part[3] ", " unit[row] " | " cells(row)
    }
    if (!ratio_count[question]) continue
    print ""
    head("lfq " (lower_is_better[question] ? "needs" : "does") " … of it", "median [95 %] of")
    for (j = 1; j <= ratio_count[question]; j++) {
      row = ratios[question, j]
      split(row, part, SUBSEP)
      sub(/ (floor )?ratio$/, "", part[3])
      print "| " part[2] " | " part[3] " | " cells(row)
      if (behind[1, row] || behind[2, row])
        ahead[++ahead_count] = "| " question (lower_is_better[question] ? ", lower is better" : "") \
          " | " part[2] " | " part[3] " | " noted_cells(row, question)
    }
  }
  print "\n## Where a peer is ahead\n"
  print "In one layout at least the whole interval is below 1, or above 1 where lower is better."
  print "n. q.: not quiet. Rows of two of lfq's own stand among them.\n"
  print "| question | lfq does … of it (or needs) | median [95 %] of | first layout |" \
    (layout > 1 ? " second layout |" : "")
  print "|---|---|---|---|" (layout > 1 ? "---|" : "")
  for (i = 1; i <= ahead_count; i++) print ahead[i]
}
