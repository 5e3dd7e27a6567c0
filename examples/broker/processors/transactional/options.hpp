// SPDX-License-Identifier: MIT
// broker/processors/transactional/options.hpp — what a transactional processor may be told.
// Room: processors/transactional. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>

namespace broker::processors {

struct transactional_options {
    std::size_t keys = 65'536;  // remembered at the same time
    std::int64_t window_ns = 60'000'000'000;  // for at least this long
};

}  // namespace broker::processors
