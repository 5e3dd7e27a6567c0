// SPDX-License-Identifier: MIT
// bench/harness/text.hpp — words put together.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace bench {

/// One string of all parts. (g++ 12 warns about chains of operator+ on strings that are in order.)
[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) all.append(part);
    return all;
}

}  // namespace bench
