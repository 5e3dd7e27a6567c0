// SPDX-License-Identifier: MIT
// Whether what was compiled for AVX2 may run here.
#pragma once

#include <lfq/base/words_in_line.hpp>

namespace support {

[[nodiscard]] inline bool vectors_work() noexcept {
#if defined(__x86_64__)
    return lfq::words_in_line_bits != 0 && __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

}  // namespace support
