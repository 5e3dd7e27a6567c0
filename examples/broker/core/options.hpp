// SPDX-License-Identifier: MIT
// broker/core/options.hpp — what the core room may be told at the start.
// Room: core. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>

namespace broker::core {

struct options {
    std::size_t ingest_capacity = 65'536;  // events, network threads → dispatcher
    std::size_t worker_capacity = 16'384;  // events, dispatcher → one worker
    std::uint32_t workers = 0;  // 0: chosen by the number of cpus (1, fused, on few)
    std::size_t slab_bytes = 262'144;  // of one slab; a frame never spans two
    std::size_t slab_count = 512;  // reserved at the start, touched on first use
    std::uint32_t topics_max = 65'536;  // different topics remembered
    std::size_t route_targets_max = 4'194'304;  // remembered for all topics; 16 bytes each
};

}  // namespace broker::core
