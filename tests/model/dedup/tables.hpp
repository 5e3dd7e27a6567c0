// SPDX-License-Identifier: MIT
// tests/model/dedup/tables.hpp — a table of one bucket whose stamps come round after eight flips.
#pragma once

#include "checker/env.hpp"
#include "checker/scenario.hpp"

#include <lfq/dedup/generation_table.hpp>
#include <lfq/policy/storage.hpp>

#include <cstddef>
#include <cstdint>

namespace model {

/// One word in the first line, beside the mark, and two in the second. A key of generation g is
/// live in g and g + 1, and would be live again in g + 8. The bucket is swept before generations 1,
/// 6, 11 and so on; a key of 2 is swept in 4 or 5, and then not before 9.
struct tiny_layout {
    static constexpr unsigned stamp_bits = 4;
    static constexpr std::size_t line_words = 2;
    static constexpr std::uint64_t generations = 1;
    static constexpr std::uint64_t shares = 5;
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
    /// By one flip for each generation.
    void step_to(std::uint64_t number) {
        while (now().number() < number) turn_to(now().number() + 1);
    }
};

using lfq::dedup::answer;

}  // namespace model
