# SPDX-License-Identifier: MIT
# bench/compare.awk — reads the CSVs of pairs of runs, a.1.csv b.1.csv a.2.csv b.2.csv … (any
# order), and says of each row whether b differs from a: the median of the pairs' ratios and its
# 95 % interval from order statistics. A pair in which the cpus were not equally far apart does not
# count.
function sort_ratios(count, i, j, held) {
  for (i = 2; i <= count; i++) {
    held = ratio[i]
    for (j = i - 1; j >= 1 && ratio[j] > held; j--) ratio[j + 1] = ratio[j]
    ratio[j + 1] = held
  }
}
# How many ratios lie outside the interval on either side; -1 if there are too few.
function places_cut(count, below, term, cut) {
  term = 0.5 ^ count
  for (cut = 0; 2 * cut + 1 < count; cut++) {
    below += term
    if (below > 0.025) break
    term *= (count - cut) / (cut + 1)
  }
  return cut - 1
}
FNR == 1 {
  split(FILENAME, path, "/")
  for (last = 1; last + 1 in path; last++) ;
  split(path[last], part, ".")
  side = part[1]
  pair = part[2]
  if (pair > pairs) pairs = pair
}
{
  read_fields($0)
  if (field[7] == "" || field[7] == "x" || field[7] == "unit") next
  if (field[7] == "rounds" || field[1] == "floor") next
  if (field[3] ~ /^distance/) {
    distance[side, pair, field[1]] = field[4]
    next
  }
  key = field[1] SUBSEP field[2] SUBSEP field[3]
  if (!(key in unit)) order[++keys] = key
  unit[key] = field[7]
  value[side, pair, key] = field[4]
}
END {
  for (each = 1; each <= keys; each++) {
    key = order[each]
    split(key, name, SUBSEP)
    count = 0
    for (pair = 1; pair <= pairs; pair++) {
      if (!(("a", pair, key) in value) || !(("b", pair, key) in value)) continue
      far = distance["a", pair, name[1]]
      near = distance["b", pair, name[1]]
      if (far > 1.25 * near || near > 1.25 * far) continue
      if (value["a", pair, key] + 0 == 0) continue
      ratio[++count] = value["b", pair, key] / value["a", pair, key]
    }
    printf "%s %s (%s): ", name[1], name[2], name[3]
    cut = places_cut(count)
    if (cut < 0) {
      printf "%d pairs count, too few to say\n", count
      continue
    }
    sort_ratios(count)
    middle = (ratio[int((count + 1) / 2)] + ratio[int((count + 2) / 2)]) / 2
    low = ratio[1 + cut]
    high = ratio[count - cut]
    lower_is_better = unit[key] == "ns" || unit[key] == "us" || unit[key] == "ms"
    verdict = low <= 1 && high >= 1 ? "no difference shown" : \
      (low > 1) == !lower_is_better ? "BETTER" : "WORSE"
    printf "%.3f x [%.3f, %.3f] of %d pairs: %s\n", middle, low, high, count, verdict
  }
}
