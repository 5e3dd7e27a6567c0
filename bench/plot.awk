# SPDX-License-Identifier: MIT
# bench/plot.awk — writes gnuplot's commands for the rows of a CSV; `into` is a directory.
function unquoted(words) {
  gsub(/"/, "", words)
  return words
}
{
  read_fields($0)
  if (field[7] == "" || field[7] == "x" || field[7] == "unit" || field[1] == "floor") next
  if (field[3] ~ /^distance/ || field[7] == "rounds") next
  question = field[1]
  sub(/\/[0-9]+p$/, "", question) # one picture for all numbers of producers
  if (!(question in rows)) order[++questions] = question
  at = ++rows[question]
  subject[question, at] = field[2]
  metric[question, at] = field[3]
  median[question, at] = field[4]
  low[question, at] = field[5]
  high[question, at] = field[6]
  unit[question] = field[7]
  if (field[3] !~ /^[0-9]+p\+1c/) bars[question] = 1
}
function begin_picture(question, height, file) {
  file = question
  gsub(/[^A-Za-z0-9_]/, "_", file)
  printf "set terminal svg size 1000,%d noenhanced background rgb 'white'\n", height
  printf "set output \"%s/%s.svg\"\nset title \"%s\"\n", into, file, unquoted(question)
}
function draw_bars(question, count, i) {
  count = rows[question]
  begin_picture(question, 90 + 22 * count)
  printf "unset key\nset logscale x\nset xlabel \"%s, lowest, median, highest round\"\n", unit[question]
  printf "set yrange [%d.6:0.4]\nset ytics (", count
  for (i = 1; i <= count; i++)
    printf "%s\"%s (%s)\" %d", (i == 1 ? "" : ", "), unquoted(subject[question, i]), \
      unquoted(metric[question, i]), i
  printf ")\nset grid x\nplot '-' using 1:4:2:3 with xerrorbars pt 7 lw 2\n"
  for (i = 1; i <= count; i++)
    print median[question, i], low[question, i], high[question, i], i
  print "e\nreset"
}
function draw_lines(question, count, i, j, series, name, names) {
  count = rows[question]
  begin_picture(question, 500)
  for (i = 1; i <= count; i++) {
    if (!((question, subject[question, i]) in named)) {
      named[question, subject[question, i]] = 1
      name[++series] = subject[question, i]
    }
  }
  printf "set logscale xy\nset xlabel \"producers\"\nset ylabel \"%s\"\n", unit[question]
  print "set key outside right\nset grid\nset xtics (1, 2, 4, 8)"
  for (j = 1; j <= series; j++)
    printf "%s'-' using 1:2 with linespoints title \"%s\"", (j == 1 ? "plot " : ", "), \
      unquoted(name[j])
  print ""
  for (j = 1; j <= series; j++) {
    for (i = 1; i <= count; i++)
      if (subject[question, i] == name[j]) print metric[question, i] + 0, median[question, i]
    print "e"
  }
  print "reset"
}
END {
  for (each = 1; each <= questions; each++) {
    if (order[each] in bars) draw_bars(order[each])
    else draw_lines(order[each])
  }
}
