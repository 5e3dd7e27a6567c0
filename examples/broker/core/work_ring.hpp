// SPDX-License-Identifier: MIT
// broker/core/work_ring.hpp — what one worker gets, from one outlet or from several.
// Room: core. Reads: own room, lfq rings.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/placed.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace broker::core {

/// Without processor threads there is one outlet, and what it sends needs no stamps and is read
/// where it lies. So topics that use no such processor pay nothing for those that do.
///
/// Threads, Progress, Order   those of the lfq ring that it is.
class work_ring {
public:
    work_ring(std::size_t outlets, std::size_t capacity, const placed& where,
        const lfq::wait::park& wait) {
        if (outlets == 1) {
            lone_.emplace(capacity, where, wait);
        } else {
            shared_.emplace(capacity, where, wait);
        }
    }

    // An outlet's side.

    [[nodiscard]] std::size_t try_push_n(std::span<const work> entries) {
        return lone_ ? lone_->try_push_n(entries) : shared_->try_push_n(entries);
    }
    void push(const work& entry) {
        static_cast<void>(lone_ ? lone_->push(entry) : shared_->push(entry));
    }
    /// The last outlet.
    void close() noexcept { lone_ ? lone_->close() : shared_->close(); }

    // The worker's side.

    /// False: closed and drained.
    [[nodiscard]] bool pop(work& entry) { return lone_ ? lone_->pop(entry) : shared_->pop(entry); }

    /// Visits what there is, at most `batch_entries`, a span at a time; answers how many it was.
    template <class Visit>
    [[nodiscard]] std::size_t visit(Visit&& visit) {
        std::size_t count = 0;
        if (lone_) {
            for (const std::span<work> part : lone_->peek(batch_entries)) {
                if (part.empty()) continue;
                visit(part);
                count += part.size();
            }
            if (count != 0) lone_->consume(count);
            return count;
        }
        count = shared_->try_pop_n(batch_);
        if (count != 0) visit(std::span<work>(batch_.data(), count));
        return count;
    }

private:
    static constexpr std::size_t batch_entries = 256;

    std::optional<lfq::spsc_ring<work, placed, lfq::wait::park>> lone_;
    std::optional<lfq::mpsc_ring<work, placed, lfq::wait::park>> shared_;
    std::array<work, batch_entries> batch_;  // the worker's
};

}  // namespace broker::core
