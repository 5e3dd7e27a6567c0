// SPDX-License-Identifier: MIT
// broker/processors/batch/batch.hpp — events of a topic are handed on together, window by window.
// Room: processors/batch. Reads: core, own room.
#pragma once

#include "broker/core/processor.hpp"
#include "broker/processors/batch/held_events.hpp"
#include "broker/processors/batch/options.hpp"
#include "broker/processors/batch/probe.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace broker::processors {

/// A window opens with the first event of a topic that is held, and closes by count or by time,
/// whichever comes first.
///
/// Memory    a window for each topic that it has seen; events lie in the pool.
class batch final : public core::processor {
public:
    /// Several processors of one thread may share a pool, which outlives them. What one still holds
    /// at its end is not handed on: flush it before.
    batch(const batch_options& settings, held_events& pool) : settings_(settings), pool_(pool) {}
    ~batch() override;

    void take(std::span<core::event> events, std::int64_t now_ns, core::outcome& to) override;
    [[nodiscard]] std::int64_t due_ns() const noexcept override;
    void expire(std::int64_t now_ns, core::outcome& to) override;
    void flush(core::outcome& to) override;

    [[nodiscard]] const batch_probe& counts() const noexcept { return counts_; }

private:
    using window_index = std::uint32_t;
    static constexpr window_index none = UINT32_MAX;
    static constexpr std::size_t together_max = 256;

    struct window {
        held* first = nullptr;
        held* last = nullptr;
        std::uint32_t count = 0;  // 0: not open
        std::int64_t due_ns = 0;
        window_index older = none;  // of the open ones
        window_index newer = none;
    };

    [[nodiscard]] window_index window_of(std::uint32_t topic_number);
    void hold(const core::event& one, std::int64_t now_ns, core::outcome& to);
    void open(window_index which, std::int64_t now_ns);
    void close(window_index which, core::outcome& to);
    void hand_on(held* first, core::outcome& to);

    const batch_options settings_;
    held_events& pool_;
    batch_probe counts_;

    std::vector<window> windows_;
    std::vector<window_index> window_of_topic_;
    window_index oldest_ = none;  // of the open ones: all are open equally long, so it is due first
    window_index newest_ = none;
    std::array<core::event, together_max> together_;
};

}  // namespace broker::processors
