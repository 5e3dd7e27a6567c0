// SPDX-License-Identifier: MIT
// broker/cli/figures.hpp — numbers with names, as `name value` lines or JSON, and spoken to people.
// Room: cli. Reads: std.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace broker::cli {

class figures {
public:
    void add(std::string_view name, std::uint64_t value);
    void add(std::string_view name, std::uint32_t value) { add(name, std::uint64_t{value}); }
    void add(std::string_view name, double value, int decimals);
    void add(std::string_view name, const char* word);  // of letters and digits

    [[nodiscard]] std::string pairs() const;  // `name value` a line
    [[nodiscard]] std::string json() const;  // one object on one line

private:
    struct figure {
        std::string name;
        std::string value;
        bool is_word;
    };
    std::vector<figure> all_;
};

[[nodiscard]] std::string grouped(std::uint64_t value);  // 1,000,000
[[nodiscard]] std::string spoken_time(std::uint64_t ns);  // 1.25 ms

// PONG's state byte in the words of the protocol.
[[nodiscard]] const char* state_name(std::uint8_t state);

}  // namespace broker::cli
