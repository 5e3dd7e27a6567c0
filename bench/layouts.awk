# SPDX-License-Identifier: MIT
# bench/layouts.awk — which ratios hold in both layouts: reads the CSV of the first and that of the
# second. A ratio that is above 1 in one build and not in the other is a matter of where the
# compiler put the code.
function side(low, high) { return low > 1 ? "above" : high < 1 ? "below" : "around" }
FNR == 1 { layout++ }
{
  read_fields($0)
  if (field[7] != "x") next
  key = field[1] ": " field[2] " (" field[3] ")"
  if (layout == 1) {
    first[key] = sprintf("%.2f [%.2f, %.2f]", field[4], field[5], field[6])
    first_side[key] = side(field[5], field[6])
    next
  }
  if (!(key in first)) next
  second_side = side(field[5], field[6])
  verdict = second_side == first_side[key] ? "in both " second_side " 1" : \
    "NOT in both: " first_side[key] ", " second_side " 1"
  printf "  %s: %s and %.2f [%.2f, %.2f]: %s\n", key, first[key], field[4], field[5], field[6], verdict
}
