// SPDX-License-Identifier: MIT
// arguments.hpp — the numbers on an example's command line.
#pragma once

#include <charconv>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace example {

inline constexpr int exit_bad_usage = 64;

/// False after a sentence on stderr.
inline bool read_number(std::string_view name, std::string_view text, std::uint64_t least,
    std::uint64_t most, std::uint64_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc{} && end == text.data() + text.size() && out >= least && out <= most)
        return true;
    std::fprintf(stderr, "%.*s: '%.*s' is no number from %" PRIu64 " to %" PRIu64 "\n",
        static_cast<int>(name.size()), name.data(), static_cast<int>(text.size()), text.data(),
        least, most);
    return false;
}

}  // namespace example
