// SPDX-License-Identifier: MIT
// Random numbers of a test: seeded by LFQ_SEED, or by chance and then printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace broker::test {

class dice {
public:
    explicit dice(const char* test) : dice(test, chosen_seed()) {}

    // Both ends included.
    std::uint64_t from_to(std::uint64_t low, std::uint64_t high) {
        return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
    }
    bool one_in(std::uint64_t count) { return from_to(1, count) == 1; }

    // `size` bytes, each one of `alphabet`.
    std::string text(std::size_t size, const std::string& alphabet) {
        std::string out;
        for (std::size_t i = 0; i < size; ++i) {
            out += alphabet[static_cast<std::size_t>(from_to(0, alphabet.size() - 1))];
        }
        return out;
    }
    std::string bytes(std::size_t size) {
        std::string out;
        for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(from_to(0, 255));
        return out;
    }

private:
    dice(const char* test, std::uint64_t seed) : engine_(seed) {
        std::printf("%s: LFQ_SEED=%llu\n", test, static_cast<unsigned long long>(seed));
    }

    static std::uint64_t chosen_seed() {
        const char* const given = std::getenv("LFQ_SEED");
        if (given != nullptr) return std::strtoull(given, nullptr, 10);
        return std::random_device{}();
    }

    std::mt19937_64 engine_;
};

}  // namespace broker::test
