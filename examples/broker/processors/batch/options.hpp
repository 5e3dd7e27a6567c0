// SPDX-License-Identifier: MIT
// broker/processors/batch/options.hpp — what a batch processor may be told.
// Room: processors/batch. Reads: std.
#pragma once

#include <cstdint>

namespace broker::processors {

struct batch_options {
    std::uint32_t events = 256;  // a window closes when it has so many
    std::int64_t window_ns = 100'000'000;  // or when it was open for this long
};

}  // namespace broker::processors
