// SPDX-License-Identifier: MIT
// broker/core/filter.hpp — which topics are valid, and which of them a subscriber asked for.
// Room: core. Reads: std. Pure: no thread, no clock, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace broker::core {

/// The longest topic and the longest filter. The seeds' frame could carry more; routes and logs
/// could not.
inline constexpr std::size_t topic_bytes_max = 255;

enum class topic_error : std::uint8_t { none, empty, too_long, control_byte };

/// A topic is 1…`bytes_max` bytes without control bytes (below 0x20, and 0x7f). Everything else is
/// the publisher's business: it is delivered as sent, and an empty token (`a..b`, `/a`) is a token
/// like any other.
[[nodiscard]] topic_error check_topic(
    std::string_view topic, std::size_t bytes_max = topic_bytes_max) noexcept;
[[nodiscard]] const char* to_string(topic_error error) noexcept;

enum class filter_error : std::uint8_t {
    none,
    empty,
    too_long,
    control_byte,
    wildcard_inside_token,  // `a*`, `>b`: a wildcard stands for whole tokens, so it stands alone
    rest_not_last,  // `a.>.b`
};

/// Tokens separated by `.` or `/` (alike, on both sides). `*` is any one token, `>` (last only) is
/// one token or more.
[[nodiscard]] filter_error check_filter(std::string_view text) noexcept;
[[nodiscard]] const char* to_string(filter_error error) noexcept;

/// Whether `topic` is one of those that `filter_text` asks for. Both must have passed their check.
/// Linear, no memory.
[[nodiscard]] bool filter_matches(std::string_view filter_text, std::string_view topic) noexcept;

/// A filter that has passed check_filter, with memory of its own.
class filter {
public:
    /// Throws std::invalid_argument with the error's sentence; callers that answer instead call
    /// check_filter first.
    explicit filter(std::string_view text);

    [[nodiscard]] bool matches(std::string_view topic) const noexcept {
        return filter_matches(text_, topic);
    }

    /// As the subscriber sent it.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace broker::core
