// SPDX-License-Identifier: MIT
// bench/harness/options.hpp — what the caller asked for: which questions, how thoroughly, and where
// the numbers go.
#pragma once

#include "harness/text.hpp"

#include <cstdio>
#include <cstdlib>
#include <regex>
#include <string>
#include <string_view>

namespace bench {

struct options {
    std::string csv_file;
    bool full = false;
    bool smoke = false;

    /// `row` is question/subject/rule; an expression that fits the question alone selects all of
    /// its rows.
    [[nodiscard]] bool selects(const std::string& row) const {
        return !has_only || std::regex_search(row, only);
    }

    bool has_only = false;
    std::regex only;
};

[[noreturn]] inline void refuse_command_line(std::string_view what) {
    std::fprintf(stderr, "bench: %.*s\nusage: [--only REGEX] [--csv FILE] [--full] [--smoke]\n",
        static_cast<int>(what.size()), what.data());
    std::exit(64);
}

[[nodiscard]] inline options options_from(int argc, char** argv) {
    options asked;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--full") {
            asked.full = true;
        } else if (word == "--smoke") {
            asked.smoke = true;
        } else if (word == "--csv" && has_value) {
            asked.csv_file = argv[++i];
        } else if (word == "--only" && has_value) {
            try {
                asked.only.assign(argv[++i]);
            } catch (const std::regex_error&) {
                refuse_command_line("--only needs a regular expression (ECMAScript)");
            }
            asked.has_only = true;
        } else {
            refuse_command_line(joined({"not understood: ", word}));
        }
    }
    return asked;
}

}  // namespace bench
