// SPDX-License-Identifier: MIT
// tests/model/dedup/tables.hpp — a table of one bucket whose stamps come round after four flips.
#pragma once

#include "checker/env.hpp"
#include "checker/scenario.hpp"

#include <lfq/dedup/generation_table.hpp>
#include <lfq/policy/storage.hpp>

#include <cstddef>
#include <cstdint>

namespace model {

/// One word in the first line, beside the mark, and two in the second. A key of generation g is
/// live in g and g + 1, swept once in g + 2 or g + 3, and would be live again in g + 4.
struct tiny_layout {
    static constexpr unsigned stamp_bits = 3;
    static constexpr std::size_t line_words = 2;
    static constexpr std::uint64_t generations = 1;
    static constexpr std::uint64_t shares = 2;
    static constexpr std::size_t strip_buckets = 1;
    static constexpr std::size_t buckets_min = 1;
};

class tiny_table : public lfq::dedup::generation_table<tiny_layout, lfq::compare::scalar,
                       lfq::storage::heap, env> {
public:
    using base =
        lfq::dedup::generation_table<tiny_layout, lfq::compare::scalar, lfq::storage::heap, env>;
    tiny_table() : base(1, {}) {}

    /// An insertion as a caller makes it.
    struct outcome {
        lfq::dedup::answer said;
        std::uint64_t began;
        std::uint64_t ended;
    };
    outcome offer(std::uint64_t key) {
        generation current = now();
        const std::uint64_t began = current.number();
        const lfq::dedup::answer said = insert(key, current);
        return {said, began, current.number()};
    }
    [[nodiscard]] bool has(std::uint64_t key) { return holds(key, now()); }
};

using lfq::dedup::answer;

}  // namespace model
