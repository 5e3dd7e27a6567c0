// SPDX-License-Identifier: MIT
#include "broker/core/topic_table.hpp"

#include <utility>

namespace broker::core {

std::optional<topic_id> topic_table::look_up(std::uint64_t hash, std::string_view topic) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t index = hash & mask;
    for (; slots_[index].id_plus_one != 0; index = (index + 1) & mask) {
        const topic_id id = slots_[index].id_plus_one - 1;
        if (slots_[index].hash == hash && names_[id] == topic) {
            last_hash_ = hash;
            last_ = id;
            return id;
        }
    }
    if (names_.size() == topics_max_) return std::nullopt;
    const auto id = static_cast<topic_id>(names_.size());
    names_.emplace_back(topic);
    slots_[index] = {hash, id + 1};
    if (names_.size() * 2 > slots_.size()) grow();
    last_hash_ = hash;
    last_ = id;
    return id;
}

void topic_table::grow() {
    std::vector<slot> larger(slots_.size() * 2);
    const std::size_t mask = larger.size() - 1;
    for (const slot& each : slots_) {
        if (each.id_plus_one == 0) continue;
        std::size_t index = each.hash & mask;
        while (larger[index].id_plus_one != 0) index = (index + 1) & mask;
        larger[index] = each;
    }
    slots_ = std::move(larger);
}

}  // namespace broker::core
