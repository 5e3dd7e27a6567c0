// SPDX-License-Identifier: MIT
// Filters and topics as docs/broker/protocol.md has them, read plainly: lists of tokens, no
// cleverness. It shares no code with the broker.
#pragma once

#include "broker/core/filter.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace filter_model {

using broker::core::filter_error;
using broker::core::topic_error;
using tokens = std::vector<std::string>;

[[nodiscard]] inline tokens cut(const std::string& text) {
    tokens list(1);
    for (const char c : text) {
        if (c == '.' || c == '/')
            list.emplace_back();
        else
            list.back() += c;
    }
    return list;
}

[[nodiscard]] inline bool has_control_byte(const std::string& text) {
    for (const char c : text) {
        const int byte = static_cast<unsigned char>(c);
        if (byte < 32 || byte == 127) return true;
    }
    return false;
}

[[nodiscard]] inline filter_error filter_error_of(const std::string& text) {
    if (text.empty()) return filter_error::empty;
    if (text.size() > 255) return filter_error::too_long;
    if (has_control_byte(text)) return filter_error::control_byte;
    const tokens list = cut(text);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const bool wild = list[i].find_first_of("*>") != std::string::npos;
        if (wild && list[i].size() != 1) return filter_error::wildcard_inside_token;
        if (list[i] == ">" && i + 1 != list.size()) return filter_error::rest_not_last;
    }
    return filter_error::none;
}

[[nodiscard]] inline topic_error topic_error_of(const std::string& topic, std::size_t bytes_max) {
    if (topic.empty()) return topic_error::empty;
    if (topic.size() > bytes_max) return topic_error::too_long;
    return has_control_byte(topic) ? topic_error::control_byte : topic_error::none;
}

[[nodiscard]] inline bool matches(const tokens& filter, const tokens& topic) {
    const bool rest = filter.back() == ">";
    const std::size_t alike = filter.size() - (rest ? 1 : 0);
    if (rest ? topic.size() <= alike : topic.size() != alike) return false;
    for (std::size_t i = 0; i < alike; ++i) {
        if (filter[i] != "*" && filter[i] != topic[i]) return false;
    }
    return true;
}

}  // namespace filter_model
