// SPDX-License-Identifier: MIT
// bench/harness/options.hpp — what the caller asked for: which questions, how thoroughly, and where
// the numbers go.
#pragma once

#include "harness/text.hpp"

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace bench {

struct options {
    std::string csv_file;
    bool full = false;
    bool smoke = false;
    bool list = false;
    std::size_t rounds = 0;  // so many; 0: nine, or as many as the ratios need if full

    /// `row` is question/subject/rule; an expression that fits the question alone selects all of
    /// its rows.
    [[nodiscard]] bool selects(const std::string& row) const {
        return !has_only || std::regex_search(row, only);
    }

    bool has_only = false;
    std::regex only;
};

/// A sentence that says which word of the command line was not understood, and why.
struct refusal {
    std::string why;
};

inline constexpr std::string_view usage =
    "usage: [--only REGEX] [--csv FILE] [--rounds N] [--full] [--smoke] [--list]";

[[nodiscard]] inline std::variant<std::size_t, refusal> rounds_of(std::string_view word) {
    std::size_t rounds = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), rounds);
    if (error != std::errc() || end != word.data() + word.size() || rounds < 1 || rounds > 999)
        return refusal{joined({"--rounds needs a number from 1 to 999, not '", word, "'"})};
    return rounds;
}

/// Reads `value` into what `word` names; an empty sentence if it could.
[[nodiscard]] inline std::string set_option(
    options& asked, std::string_view word, std::string_view value) {
    if (value.empty()) return joined({word, " needs a value"});
    if (word == "--csv") {
        asked.csv_file = value;
        return {};
    }
    if (word == "--rounds") {
        const auto rounds = rounds_of(value);
        if (const auto* no = std::get_if<refusal>(&rounds)) return no->why;
        asked.rounds = std::get<std::size_t>(rounds);
        return {};
    }
    try {
        asked.only.assign(std::string(value));
    } catch (const std::regex_error&) {
        return joined({"--only needs a regular expression (ECMAScript), not '", value, "'"});
    }
    asked.has_only = true;
    return {};
}

/// Every word is understood, or the first one that is not is refused.
[[nodiscard]] inline std::variant<options, refusal> options_of(std::span<const char* const> words) {
    options asked;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--full") {
            asked.full = true;
        } else if (word == "--smoke") {
            asked.smoke = true;
        } else if (word == "--list") {
            asked.list = true;
        } else if (word == "--csv" || word == "--only" || word == "--rounds") {
            ++i;
            const std::string why = set_option(asked, word, i < words.size() ? words[i] : "");
            if (!why.empty()) return refusal{why};
        } else {
            return refusal{joined({"there is no '", word, "'"})};
        }
    }
    return asked;
}

/// The same, but a refusal ends the program with exit code 64.
[[nodiscard]] inline options options_from(int argc, char** argv) {
    const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
    auto asked = options_of(words.subspan(argc > 0 ? 1 : 0));
    if (const auto* no = std::get_if<refusal>(&asked)) {
        std::fprintf(stderr, "bench: %s\n%s\n", no->why.c_str(), usage.data());
        std::exit(64);
    }
    return std::get<options>(std::move(asked));
}

}  // namespace bench
