// SPDX-License-Identifier: MIT
#include "broker/cli/figures.hpp"

#include <array>
#include <cstdio>

namespace broker::cli {

namespace {

std::string decimal(double value, int decimals) {
    std::array<char, 64> room;
    std::snprintf(room.data(), room.size(), "%.*f", decimals, value);
    return room.data();
}

}  // namespace

void figures::add(std::string_view name, std::uint64_t value) {
    all_.push_back({std::string(name), std::to_string(value), false});
}

void figures::add(std::string_view name, double value, int decimals) {
    all_.push_back({std::string(name), decimal(value, decimals), false});
}

void figures::add(std::string_view name, const char* word) {
    all_.push_back({std::string(name), word, true});
}

std::string figures::pairs() const {
    std::string out;
    for (const auto& [name, value, is_word] : all_) {
        out.append(name).append(" ").append(value).append("\n");
    }
    return out;
}

std::string figures::json() const {
    std::string out;
    for (const auto& [name, value, is_word] : all_) {
        out += out.empty() ? "{" : ", ";
        const char* const quote = is_word ? "\"" : "";
        out.append("\"").append(name).append("\": ");
        out.append(quote).append(value).append(quote);
    }
    return out + "}\n";
}

std::string grouped(std::uint64_t value) {
    std::string out = std::to_string(value);
    for (std::size_t end = out.size(); end > 3; end -= 3) out.insert(end - 3, 1, ',');
    return out;
}

std::string spoken_time(std::uint64_t ns) {
    const auto value = static_cast<double>(ns);
    if (ns < 10'000) return decimal(value / 1e3, 2) + " us";
    if (ns < 1'000'000) return decimal(value / 1e3, 0) + " us";
    if (ns < 1'000'000'000) return decimal(value / 1e6, 2) + " ms";
    return decimal(value / 1e9, 2) + " s";
}

const char* state_name(std::uint8_t state) {
    constexpr std::array names{"RUNNING", "PAUSED", "DRAINING", "DROPPING", "EMERGENCY"};
    return state < names.size() ? names[state] : "UNKNOWN";
}

}  // namespace broker::cli
