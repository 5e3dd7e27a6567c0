// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <string_view>

namespace model {

namespace {

std::string source_line(const site& where) {
    std::ifstream file(where.file_name());
    std::string line;
    for (unsigned i = 0; i < where.line(); ++i) {
        if (!std::getline(file, line)) return {};
    }
    const std::size_t begin = line.find_first_not_of(' ');
    return begin == std::string::npos ? std::string() : line.substr(begin);
}

}  // namespace

std::string execution::trace() const {
    std::string text;
    int step = 0;
    for (const event& one : events_) {
        if (one.thread == 0) continue;
        const std::string_view path = one.where.file_name();
        const std::string_view file = path.substr(path.rfind('/') + 1);
        char place[16] = "-";
        if (one.at >= 0) std::snprintf(place, sizeof place, "a%d", one.at);
        char line[200];
        std::snprintf(line, sizeof line, "%4d  %-12s %-16s %-4s %-8s %-22" PRIu64 " %.*s:%u",
            ++step, threads_[index(one.thread)].name, one.name, place,
            std::string(name_of(one.order)).c_str(), one.value, static_cast<int>(file.size()),
            file.data(), one.where.line());
        text += line;
        if (one.stale) text += "   <- STALE";
        text += "\n        " + source_line(one.where) + "\n";
    }
    return text;
}

}  // namespace model
