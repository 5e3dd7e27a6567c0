// SPDX-License-Identifier: MIT
// What a ring should do, as simply as it can be said: a deque of slots in claim order. It shares no
// code with the rings.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace support {

class reference_ring {
public:
    using numbers = std::vector<std::uint64_t>;

    /// Where a claim begins, counted from the first slot ever, and how many slots it has.
    struct claimed {
        std::uint64_t at = 0;
        std::size_t granted = 0;
    };

    std::uint64_t published = 0;
    std::uint64_t consumed = 0;
    std::uint64_t skipped = 0;
    std::uint64_t refused_pushes = 0;
    std::uint64_t refused_pops = 0;
    std::size_t most_ready = 0;  // finished slots in front of the first open one

    /// On a shared ring a claim takes its slots at once, and what it does not fill is stepped over.
    reference_ring(std::size_t capacity, bool shared) : capacity_(capacity), shared_(shared) {}

    [[nodiscard]] std::size_t size() const { return slots_.size(); }
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] bool drained() const { return closed_ && slots_.empty(); }
    [[nodiscard]] std::size_t room() const { return closed_ ? 0 : capacity_ - slots_.size(); }
    void close() { closed_ = true; }

    [[nodiscard]] claimed claim(std::size_t wanted) {
        const claimed mine{published, std::min(wanted, room())};
        if (mine.granted == 0 && wanted != 0) ++refused_pushes;
        if (shared_) append(mine.granted, {state::open, 0});
        return mine;
    }

    /// Commits a claim of which only these were built; none: it was abandoned.
    void finish(claimed mine, std::span<const std::uint64_t> built) {
        if (!shared_) {
            for (const std::uint64_t value : built) append(1, {state::built, value});
            note_ready();
            return;
        }
        for (std::size_t i = 0; i < mine.granted; ++i) {
            slots_[mine.at - consumed + i] =
                i < built.size() ? slot{state::built, built[i]} : slot{state::skipped, 0};
        }
        note_ready();
    }

    /// As many as fit; the answer is how many.
    std::size_t push(std::span<const std::uint64_t> values) {
        const claimed mine = claim(values.size());
        finish(mine, values.first(mine.granted));
        return mine.granted;
    }

    [[nodiscard]] std::optional<std::uint64_t> pop() {
        step_over();
        if (slots_.empty() || slots_.front().now != state::built) return std::nullopt;
        const std::uint64_t value = slots_.front().value;
        free_front();
        return value;
    }

    [[nodiscard]] numbers drain(std::size_t max) {
        numbers seen;
        while (seen.size() != max && !slots_.empty() && slots_.front().now != state::open) {
            if (slots_.front().now == state::built) seen.push_back(slots_.front().value);
            free_front();
        }
        return seen;
    }

    [[nodiscard]] numbers peek(std::size_t max) {
        step_over();
        numbers seen;
        for (const slot& each : slots_) {
            if (seen.size() == max || each.now == state::open) break;
            if (each.now == state::built) seen.push_back(each.value);
        }
        return seen;
    }

private:
    enum class state { open, built, skipped };
    struct slot {
        state now;
        std::uint64_t value;
    };

    void append(std::size_t count, slot each) {
        slots_.insert(slots_.end(), count, each);
        published += count;
    }
    void note_ready() {
        const auto first_open = std::ranges::find(slots_, state::open, &slot::now);
        most_ready = std::max(most_ready, static_cast<std::size_t>(first_open - slots_.begin()));
    }
    void free_front() {
        if (slots_.front().now == state::skipped) ++skipped;
        slots_.pop_front();
        ++consumed;
    }
    void step_over() {
        while (!slots_.empty() && slots_.front().now == state::skipped) free_front();
    }

    std::size_t capacity_;
    bool shared_;
    bool closed_ = false;
    std::deque<slot> slots_;
};

}  // namespace support
