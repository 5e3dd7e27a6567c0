// SPDX-License-Identifier: MIT
// tests/model/checker/orders.hpp — every memory order of lfq: where it stands in the text, which
// scenario meets it, which weaker one it could be.
#pragma once

#include "execution.hpp"

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// An order as it is written in a header.
struct written_order {
    std::string file;  // from include/ on
    unsigned line = 0;
    std::string order;  // "acquire"
    std::string edge;  // the words of its comment before the colon: "acquire publish", "count"
    std::string text;  // its line, trimmed
};

/// Every std::memory_order_… of the headers under `include`, in order of file and line.
[[nodiscard]] std::vector<written_order> orders_in_text(const std::string& include);

/// The weaker orders that the language allows there, weakest last.
[[nodiscard]] std::vector<std::memory_order> weaker(const met& one);

}  // namespace model
