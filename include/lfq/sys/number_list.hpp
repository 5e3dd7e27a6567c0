// SPDX-License-Identifier: MIT
// lfq/sys/number_list.hpp — sets of cpus and nodes as Linux writes them: 0-3,8.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/sys/sentence.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace lfq::inline LFQ_ABI::sys {

/// No list holds a higher number: what a damaged file says must not become gigabytes.
inline constexpr unsigned listed_number_max = 65'535;

/// {0, 1, 2, 3, 8}, which ascend, as "0-3,8"; nothing as "none".
[[nodiscard]] inline std::string number_list(std::span<const unsigned> numbers) {
    std::string text;
    for (std::size_t first = 0, last = 0; first < numbers.size(); first = last + 1) {
        last = first;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
        if (first != 0) text.append(",");
        text.append(std::to_string(numbers[first]));
        if (last != first) text.append("-").append(std::to_string(numbers[last]));
    }
    return text.empty() ? "none" : text;
}

/// "0-3,8" as {0, 1, 2, 3, 8}, ascending and each once; an empty line as {}. Nothing for a text
/// that is no list.
[[nodiscard]] inline std::optional<std::vector<unsigned>> numbers_from(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    std::vector<unsigned> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto number = [&at, end](unsigned& into) {
        const auto [behind, error] = std::from_chars(at, end, into);
        at = behind;
        return error == std::errc() && into <= listed_number_max;
    };
    while (at != end) {
        unsigned first = 0;
        if (!number(first)) return std::nullopt;
        unsigned last = first;
        if (at != end && *at == '-' && (++at, !number(last) || last < first)) return std::nullopt;
        for (unsigned each = first; each <= last; ++each) numbers.push_back(each);
        if (at == end) break;
        if (*at != ',' || ++at == end) return std::nullopt;
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

}  // namespace lfq::inline LFQ_ABI::sys
