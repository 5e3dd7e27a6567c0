// SPDX-License-Identifier: MIT
// tests/model/checker/runner.hpp — runs scenarios by name and says what came out.
#pragma once

#include "scenario.hpp"

#include <string_view>
#include <vector>

namespace model {

/// Those whose name begins so, by name; the deep ones only when asked for.
[[nodiscard]] std::vector<const scenario*> chosen(std::string_view prefix, scenario::effort effort);

/// Runs one scenario and prints its line. False: it failed, or its search ended before it had every
/// execution, which shows nothing.
[[nodiscard]] bool run_one(execution& here, const scenario& one, execution::result& found);

/// The verdict, the execution, and how to have it again.
void print_failure(
    const scenario& one, const execution::result& found, const mutation* change = nullptr);

}  // namespace model
