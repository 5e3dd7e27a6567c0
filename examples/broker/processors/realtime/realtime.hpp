// SPDX-License-Identifier: MIT
// broker/processors/realtime/realtime.hpp — of what waits together, the more urgent goes first.
// Room: processors/realtime. Reads: core, own room.
#pragma once

#include "broker/core/processor.hpp"
#include "broker/processors/realtime/probe.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace broker::processors {

/// Holds nothing: what is taken is handed on at once.
class realtime final : public core::processor {
public:
    /// Equal priorities keep their order. Of more than `together_max` events, the first so many are
    /// handed on before the others.
    void take(std::span<core::event> events, std::int64_t now_ns, core::outcome& to) override;

    [[nodiscard]] const realtime_probe& counts() const noexcept { return counts_; }

    static constexpr std::size_t together_max = 256;

private:
    void order(std::span<const core::event> events, core::outcome& to);

    std::array<core::event, together_max> sorted_;
    realtime_probe counts_;
};

}  // namespace broker::processors
