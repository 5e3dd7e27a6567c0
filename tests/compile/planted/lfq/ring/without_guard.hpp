// SPDX-License-Identifier: MIT
// expected: redefinition of .*there_twice
#include <lfq/base/config.hpp>

namespace lfq::inline LFQ_ABI {

inline int there_twice() { return 2; }

}  // namespace lfq::inline LFQ_ABI
