# SPDX-License-Identifier: MIT
# bench/csv.awk — reads a line of a benchmark's CSV into field[1..], quotes and all. Used before
# another script: awk -f bench/csv.awk -f bench/json.awk rates.csv
function read_fields(line, letters, place, letter, quoted) {
  split("", field)
  fields = 1
  field[1] = ""
  letters = length(line)
  for (place = 1; place <= letters; place++) {
    letter = substr(line, place, 1)
    if (quoted && letter == "\"" && substr(line, place + 1, 1) == "\"") {
      field[fields] = field[fields] letter
      place++
    } else if (letter == "\"") {
      quoted = !quoted
    } else if (letter == "," && !quoted) {
      field[++fields] = ""
    } else {
      field[fields] = field[fields] letter
    }
  }
}
