// SPDX-License-Identifier: MIT
// pipeline/allocations.hpp — how often this program asked for memory.
#pragma once

#include <cstdint>

namespace pipeline {

/// Calls of operator new since the program began, by all threads.
[[nodiscard]] std::uint64_t allocations() noexcept;

}  // namespace pipeline
