// SPDX-License-Identifier: MIT
// tests/model/checker/survivors.hpp — the weakened orders that may survive, each with its reason.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// survivors.txt: `file | text of the line | order | reason` a line, the text as in written_order.
struct survivor {
    std::string file;
    std::string text;
    std::string to;
    bool used = false;
};

[[nodiscard]] inline std::vector<survivor> read_survivors(const std::string& survivors_path) {
    std::vector<survivor> list;
    std::ifstream in(survivors_path);
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> parts;
        std::size_t begin = 0;
        for (std::size_t bar = line.find(" | "); bar != std::string::npos;
             bar = line.find(" | ", begin)) {
            parts.push_back(line.substr(begin, bar - begin));
            begin = bar + 3;
        }
        parts.push_back(line.substr(begin));
        if (parts.size() != 4 || parts[3].empty())
            std::exit(
                (std::fprintf(stderr, "%s: expected file | line | order | reason, found: %s\n",
                     survivors_path.c_str(), line.c_str()),
                    78));
        list.push_back({parts[0], parts[1], parts[2], false});
    }
    return list;
}

[[nodiscard]] inline bool excused(std::vector<survivor>& list, const std::string& file,
    const std::string& text, std::string_view to) {
    for (survivor& each : list) {
        if (each.file != file || each.text != text || each.to != to) continue;
        each.used = true;
        return true;
    }
    return false;
}

}  // namespace model
