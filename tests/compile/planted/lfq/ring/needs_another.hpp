// SPDX-License-Identifier: MIT
// expected: vector.* in namespace
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>

namespace lfq::inline LFQ_ABI {

inline std::vector<int> numbers() { return {1, 2, 3}; }

}  // namespace lfq::inline LFQ_ABI
