// SPDX-License-Identifier: MIT
// expected: (exception handling disabled|with exceptions disabled)
#pragma once

#include <lfq/base/config.hpp>

namespace lfq::inline LFQ_ABI {

[[noreturn]] inline void refuse() { throw 1; }

}  // namespace lfq::inline LFQ_ABI
