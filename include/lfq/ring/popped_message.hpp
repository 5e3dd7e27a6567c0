// SPDX-License-Identifier: MIT
// lfq/ring/popped_message.hpp — what came of copying a message out of a ring.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// What try_pop, pop and pop_for of a ring of messages answer; true if a message was copied.
struct popped_message {
    enum class outcome : std::uint8_t {
        none,  // there is no message, or no more of them, or time was up
        copied,  // the message is in the caller's bytes and no longer in the ring
        too_short,  // the caller's bytes are too few; the message stays where it is
    };

    outcome what = outcome::none;
    /// The size of the message: so many were copied, or are needed.
    std::size_t bytes = 0;

    [[nodiscard]] explicit operator bool() const noexcept { return what == outcome::copied; }
};

}  // namespace lfq::inline LFQ_ABI
