// SPDX-License-Identifier: MIT
// tests/model/checker/weakening.hpp — every memory order of lfq made weaker, one at a time, until
// a scenario fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace model {

/// Compare: the outcome must be the committed table. Write: it becomes the table.
enum class table : std::uint8_t { compare, write };

/// Runs every scenario, then every weakened order that they meet, and prints what survives without
/// a reason, what no scenario meets, and what the survivors' file says in vain. The number of
/// complaints.
[[nodiscard]] int weaken_all(const std::string& root, table what);

/// Weakens the orders of one line, `FILE:LINE`, and prints the executions that fail. The number of
/// orders found there; -1: the place is not of that form.
[[nodiscard]] int weaken_at(const std::string& place, std::string_view prefix);

}  // namespace model
