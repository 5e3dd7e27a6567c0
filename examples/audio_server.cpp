// SPDX-License-Identifier: MIT
// An audio server: streams of 8 kHz, 16 bits, mono, each with a ring of 1 MiB, which holds more
// than a minute, and one consumer that mixes them. usage: audio_server [streams], 1000 unless told.
#include <lfq/ring/message_ring_pool.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iterator>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t ring_bytes = 1 << 20;
constexpr std::size_t threads = 4;
constexpr std::size_t frames = 50;  // one second
using frame = std::array<std::int16_t, 160>;  // 20 ms
using pool_type = lfq::message_ring_pool<>;

// A thread feeds every fourth stream, a frame of each in turn, as a network thread does.
void feed(pool_type& pool, std::size_t streams, std::size_t thread) {
    std::vector<pool_type::lease_type> mine;
    for (std::size_t i = thread; i < streams; i += threads) {
        if (auto ring = pool.lease()) mine.push_back(std::move(*ring));
    }
    for (std::size_t number = 0; number < frames; ++number) {
        for (pool_type::lease_type& each : mine) {
            frame samples;
            samples.fill(static_cast<std::int16_t>(number + 1));
            static_cast<void>(each.try_push(std::as_bytes(std::span(samples))));  // or dropped
        }
    }
}

int serve(std::size_t streams) {
    namespace files = std::filesystem;
    pool_type pool({.rings = streams, .bytes = ring_bytes});
    const auto open = std::distance(files::directory_iterator("/proc/self/fd"), {});
    std::printf("%zu rings of %zu bytes; open descriptors of the process: %td\n", pool.rings(),
        pool.ring_capacity(), open - 1);  // without the one that looks

    std::vector<std::jthread> feeders;
    for (std::size_t i = 0; i < threads; ++i)
        feeders.emplace_back([&pool, streams, i] { feed(pool, streams, i); });

    std::uint64_t sum = 0;
    for (std::size_t ended = 0; ended < streams;) {
        pool.for_each_ready([&](std::size_t id, auto ring) {
            ring.drain([&sum](std::span<const std::byte> found) {
                frame samples;
                std::memcpy(samples.data(), found.data(), sizeof samples);
                for (const std::int16_t each : samples) sum += static_cast<std::uint64_t>(each);
            });
            if (ring.drained() && pool.give_back(id)) ++ended;
        });
        if (ended < streams) pool.wait();
    }
    feeders.clear();  // joins

    const lfq::message_statistics all = pool.statistics();
    // Every ring has room for all frames, so nothing may be missing.
    const std::uint64_t expected = streams * 160 * frames * (frames + 1) / 2;
    const bool fine = all.consumed == streams * frames && all.refused_pushes == 0 &&
        sum == expected && pool.free_approx() == streams;
    std::printf("%s: %zu streams sent %llu frames, %llu bytes; dropped %llu\n",
        fine ? "ok" : "NOT SO", streams, static_cast<unsigned long long>(all.consumed),
        static_cast<unsigned long long>(all.consumed_bytes),
        static_cast<unsigned long long>(all.refused_pushes));
    return fine ? 0 : 1;
}

}  // namespace

int main(int count, char** words) try {
    std::size_t streams = 1'000;
    const std::string_view said = count > 1 ? words[1] : "1000";
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), streams);
    if (count > 2 || error != std::errc() || end != said.data() + said.size() || streams == 0) {
        std::fputs("audio_server: streams must be one number, 1 or more\n", stderr);
        return 64;
    }
    return serve(streams);
} catch (const std::exception& failure) {
    std::fprintf(stderr, "audio_server: %s\n", failure.what());
    return 1;
}
