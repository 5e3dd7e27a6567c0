// SPDX-License-Identifier: MIT
#include "broker/core/filter.hpp"

#include <algorithm>
#include <stdexcept>

namespace broker::core {

namespace {

constexpr bool is_separator(char c) noexcept { return c == '.' || c == '/'; }

constexpr bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

constexpr std::size_t token_end(std::string_view text, std::size_t from) noexcept {
    while (from < text.size() && !is_separator(text[from])) ++from;
    return from;
}

}  // namespace

topic_error check_topic(std::string_view topic, std::size_t bytes_max) noexcept {
    if (topic.empty()) return topic_error::empty;
    if (topic.size() > bytes_max) return topic_error::too_long;
    if (std::any_of(topic.begin(), topic.end(), is_control)) return topic_error::control_byte;
    return topic_error::none;
}

const char* to_string(topic_error error) noexcept {
    switch (error) {
        case topic_error::none: return "none";
        case topic_error::empty: return "a topic has at least one byte";
        case topic_error::too_long: return "the topic is longer than the limit";
        case topic_error::control_byte: return "a topic has no control bytes";
    }
    return "unknown";
}

filter_error check_filter(std::string_view text) noexcept {
    if (text.empty()) return filter_error::empty;
    if (text.size() > topic_bytes_max) return filter_error::too_long;
    if (std::any_of(text.begin(), text.end(), is_control)) return filter_error::control_byte;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = token_end(text, from);
        const std::string_view token = text.substr(from, end - from);
        if (token.size() > 1 && token.find_first_of("*>") != std::string_view::npos) {
            return filter_error::wildcard_inside_token;
        }
        if (token == ">" && end != text.size()) return filter_error::rest_not_last;
        from = end + 1;
    }
    return filter_error::none;
}

const char* to_string(filter_error error) noexcept {
    switch (error) {
        case filter_error::none: return "none";
        case filter_error::empty: return "a filter has at least one byte";
        case filter_error::too_long: return "a filter has at most 255 bytes";
        case filter_error::control_byte: return "a filter has no control bytes";
        case filter_error::wildcard_inside_token: return "a wildcard is a whole token";
        case filter_error::rest_not_last: return "> is the last token";
    }
    return "unknown";
}

bool filter_matches(std::string_view filter_text, std::string_view topic) noexcept {
    std::size_t at = 0;  // in the topic; both stand at a token's first byte
    for (std::size_t from = 0;;) {
        const std::size_t filter_end = token_end(filter_text, from);
        const std::string_view wanted = filter_text.substr(from, filter_end - from);
        if (wanted == ">") return true;
        const std::size_t topic_end = token_end(topic, at);
        if (wanted != "*" && wanted != topic.substr(at, topic_end - at)) return false;
        const bool filter_over = filter_end == filter_text.size();
        const bool topic_over = topic_end == topic.size();
        if (filter_over || topic_over) return filter_over && topic_over;
        from = filter_end + 1;
        at = topic_end + 1;
    }
}

filter::filter(std::string_view text) : text_(text) {
    if (const filter_error error = check_filter(text); error != filter_error::none) {
        throw std::invalid_argument(to_string(error));
    }
}

}  // namespace broker::core
