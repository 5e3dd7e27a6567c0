// SPDX-License-Identifier: MIT
// tests/model/checker/orders.hpp — every memory order of lfq: where it stands in the text, which
// scenario meets it, which weaker one it could be.
#pragma once

#include "execution.hpp"

#include <atomic>
#include <optional>
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
    std::string text;  // its line, trimmed; with (2) and so on where the file has several of them
};

/// Every std::memory_order_… of the headers under `include`, in order of file and line.
[[nodiscard]] std::vector<written_order> orders_in_text(const std::string& include);

/// From include/ on; empty for a place that is no header of lfq.
[[nodiscard]] std::string path_in_include(const site& where);

/// Where the order of an operation that was met is written. A call's place may be any line of its
/// statement; its orders stand there or a few lines below. Of two on a line the second is that of
/// failure. Null: nowhere.
[[nodiscard]] const written_order* find_written(
    const std::vector<written_order>& text, const met& one);

/// FILE:LINE:COLUMN and the name of an order. Nothing: they are not of that form.
[[nodiscard]] std::optional<mutation> mutation_from(
    const std::string& place, std::string_view order, bool of_failure);
/// What mutation_from() reads.
[[nodiscard]] std::string text_of(const mutation& one);

/// The weaker orders that the language allows there, weakest last.
[[nodiscard]] std::vector<std::memory_order> weaker(const met& one);

}  // namespace model
