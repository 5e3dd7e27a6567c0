// SPDX-License-Identifier: MIT
// broker/core/topic_table.hpp — topics become small numbers, once.
// Room: core. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace broker::core {

using topic_id = std::uint32_t;  // 0, 1, 2 … in the order of first sight

/// Open addressing by the 64-bit hash, then compared byte by byte.
///
/// Threads   the dispatcher only.
/// Memory    allocates for a topic that is new, never for one that is known. Topics are never
///           forgotten: a live one must not lose its number.
/// Failure   no answer when the topic is new and the table is full.
class topic_table {
public:
    explicit topic_table(std::size_t topics_max) : topics_max_(topics_max), slots_(256) {}

    [[nodiscard]] std::optional<topic_id> intern(std::uint64_t hash, std::string_view topic) {
        if (last_ < names_.size() && last_hash_ == hash && names_[last_] == topic) return last_;
        return look_up(hash, topic);
    }

    [[nodiscard]] std::string_view name(topic_id id) const { return names_[id]; }
    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

private:
    struct slot {
        std::uint64_t hash = 0;
        topic_id id_plus_one = 0;  // 0: free
    };

    [[nodiscard]] std::optional<topic_id> look_up(std::uint64_t hash, std::string_view topic);
    void grow();

    std::size_t topics_max_;
    std::vector<slot> slots_;  // a power of two, at most half full
    std::deque<std::string> names_;  // by id; never moved

    // The topic before: most events come in runs.
    std::uint64_t last_hash_ = 0;
    topic_id last_ = 0;
};

}  // namespace broker::core
