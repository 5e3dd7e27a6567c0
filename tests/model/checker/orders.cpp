// SPDX-License-Identifier: MIT
#include "orders.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

namespace model {

namespace {

std::string trimmed(const std::string& line) {
    const std::size_t begin = line.find_first_not_of(' ');
    return begin == std::string::npos ? std::string() : line.substr(begin);
}

// "// acquire publish: pairs with…" and "// count" name an edge; "// and goes on" does not.
std::string edge_of(const std::string& comment) {
    static constexpr std::string_view words[] = {
        "acquire", "release", "acq_rel", "total", "own", "hint", "count"};
    const std::string text = trimmed(comment.substr(2));
    const std::string first = text.substr(0, text.find_first_of(" :"));
    if (std::find(std::begin(words), std::end(words), first) == std::end(words)) return {};
    return text.substr(0, text.find(':'));
}

// The comment of a line: behind it, or the nearest above it within the same statement.
std::string edge_at(const std::vector<std::string>& lines, std::size_t at) {
    for (std::size_t i = at + 1; i-- > 0 && i + 8 > at;) {
        const std::size_t comment = lines[i].find("// ");
        if (comment == std::string::npos) continue;
        if (std::string edge = edge_of(lines[i].substr(comment)); !edge.empty()) return edge;
    }
    return "–";
}

}  // namespace

std::vector<written_order> orders_in_text(const std::string& include) {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(include)) {
        if (entry.path().extension() == ".hpp") files.push_back(entry.path());
    }
    if (files.empty()) throw std::runtime_error("no headers under " + include);
    std::sort(files.begin(), files.end());
    constexpr std::string_view mark = "std::memory_order_";
    std::vector<written_order> found;
    for (const fs::path& file : files) {
        std::ifstream in(file);
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        std::map<std::string, int> had;  // how many lines of this file read so
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::string code = lines[i].substr(0, lines[i].find("//"));
            if (code.find(mark) == std::string::npos) continue;
            std::string text = trimmed(code);
            if (const int count = ++had[text]; count != 1)
                text += " (" + std::to_string(count) + ")";
            for (std::size_t at = code.find(mark); at != std::string::npos;
                 at = code.find(mark, at + 1)) {
                const std::size_t begin = at + mark.size();
                std::size_t end = begin;
                while (end < code.size() && (std::isalpha(code[end]) != 0 || code[end] == '_'))
                    ++end;
                found.push_back(
                    {fs::relative(file, include).generic_string(), static_cast<unsigned>(i + 1),
                        code.substr(begin, end - begin), edge_at(lines, i), text});
            }
        }
    }
    return found;
}

std::string path_in_include(const site& where) {
    const std::string_view path = where.file_name();
    const std::size_t at = path.rfind("/include/");
    return at == std::string_view::npos ? std::string() : std::string(path.substr(at + 9));
}

const written_order* find_written(const std::vector<written_order>& text, const met& one) {
    const std::string file = path_in_include(one.where);
    const written_order* best = nullptr;
    for (const written_order& each : text) {
        if (each.file != file || each.order != name_of(one.order)) continue;
        const long away = static_cast<long>(each.line) - static_cast<long>(one.where.line());
        if (away < -2 || away > 3) continue;
        const auto distance = [&](const written_order& other) {
            const long off = static_cast<long>(other.line) - static_cast<long>(one.where.line());
            return off < 0 ? 1 - 2 * off : 2 * off;  // below rather than above
        };
        if (best == nullptr || distance(each) < distance(*best) + (one.of_failure ? 1 : 0))
            best = &each;
    }
    return best;
}

std::optional<mutation> mutation_from(
    const std::string& place, std::string_view order, bool of_failure) {
    using enum std::memory_order;
    mutation one;
    one.of_failure = of_failure;
    char file[256];
    int length = 0;
    if (std::sscanf(place.c_str(), "%255[^:]:%u:%u%n", file, &one.line, &one.column, &length) !=
            3 ||
        length != static_cast<int>(place.size()))
        return std::nullopt;
    one.file = file;
    for (const std::memory_order each : {relaxed, consume, acquire, release, acq_rel, seq_cst}) {
        if (name_of(each) != order) continue;
        one.to = each;
        return one;
    }
    return std::nullopt;
}

std::string text_of(const mutation& one) {
    return one.file + ":" + std::to_string(one.line) + ":" + std::to_string(one.column) + " " +
        std::string(name_of(one.to)) + (one.of_failure ? " failure" : "");
}

std::vector<std::memory_order> weaker(const met& one) {
    using enum std::memory_order;
    const std::string_view operation = one.operation;
    const bool loads = operation == "load" || one.of_failure;
    const bool stores = operation == "store";
    std::vector<std::memory_order> list;
    switch (one.order) {
        case seq_cst:
            if (loads) return {acquire, relaxed};
            if (stores) return {release, relaxed};
            return {acq_rel, acquire, release, relaxed};
        case acq_rel: return {acquire, release, relaxed};
        case acquire:
        case release: return {relaxed};
        default: return {};
    }
}

}  // namespace model
