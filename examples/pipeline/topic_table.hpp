// SPDX-License-Identifier: MIT
// pipeline/topic_table.hpp — which processor a topic belongs to.
#pragma once

#include "pipeline/event.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pipeline {

/// Threads   any number look up what was built before they started.
/// Memory    none for a look-up.
class topic_table {
public:
    /// A topic that is there already gets another processor.
    void assign(std::string_view topic, processor to) { table_[std::string(topic)] = to; }

    /// What nobody assigned is realtime.
    [[nodiscard]] processor processor_of(std::string_view topic) const {
        const auto found = table_.find(topic);
        return found == table_.end() ? processor::realtime : found->second;
    }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::unordered_map<std::string, processor, hash, std::equal_to<>> table_;
};

}  // namespace pipeline
