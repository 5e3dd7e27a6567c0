// SPDX-License-Identifier: MIT
// Random numbers of a test: seeded by LFQ_SEED, else by chance; printed, so that a failure can be
// repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace support {

/// The seed of this run, the same for every test of the process; printed once.
[[nodiscard]] inline std::uint64_t run_seed() {
    static const std::uint64_t seed = [] {
        const char* const given = std::getenv("LFQ_SEED");
        const std::uint64_t chosen =
            given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        std::printf("LFQ_SEED=%llu\n", static_cast<unsigned long long>(chosen));
        std::fflush(stdout);
        return chosen;
    }();
    return seed;
}

class dice {
public:
    /// `stream` tells the dice of one run apart.
    explicit dice(std::uint64_t stream = 0) : engine_(run_seed() + 0x9E3779B97F4A7C15u * stream) {}

    /// Both ends included.
    std::size_t from_to(std::size_t low, std::size_t high) {
        return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
    }
    bool one_in(std::size_t count) { return from_to(1, count) == 1; }

private:
    std::mt19937_64 engine_;
};

}  // namespace support
