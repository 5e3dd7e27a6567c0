// SPDX-License-Identifier: MIT
// lfq/ring/message_record.hpp — where a message lies in a ring.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// What the consumer of a ring of messages found when it looked for one.
struct message_record {
    std::uint64_t at;
    std::uint64_t behind;  // where to look for the next one; of none, `at`
    bool there = false;
    const std::byte* first = nullptr;
    std::size_t bytes = 0;
};

}  // namespace lfq::inline LFQ_ABI
