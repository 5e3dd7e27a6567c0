// SPDX-License-Identifier: MIT
// A log aggregator: threads that come and go log into rings of their own; one writer puts all lines
// into one file. A thread that ends without a word has closed its ring by that.
#include <lfq/ring/message_ring_pool.hpp>

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <thread>
#include <vector>

int main() {
    std::FILE* const file = std::tmpfile();
    if (file == nullptr) {
        std::perror("08_log_aggregator: tmpfile");
        return 1;
    }
    constexpr std::size_t workers = 6;
    constexpr std::size_t lines_each = 5'000;
    lfq::message_ring_pool<> pool({.rings = 3, .bytes = 1 << 18});  // three at work at once

    std::vector<std::jthread> threads;
    for (std::size_t worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&pool, worker] {
            auto log = pool.lease();
            for (; !log; log = pool.lease()) std::this_thread::yield();
            for (std::size_t i = 0; i < lines_each; ++i) {
                const std::string line =
                    "worker " + std::to_string(worker) + ": line " + std::to_string(i) + "\n";
                static_cast<void>(log->try_push(std::as_bytes(std::span(line))));  // or dropped
            }
        });
    }

    std::uint64_t bytes = 0;
    for (std::size_t ended = 0; ended < workers;) {
        pool.for_each_ready([&](std::size_t id, auto log) {
            log.drain([&](std::span<const std::byte> line) {
                bytes += std::fwrite(line.data(), 1, line.size(), file);
            });
            if (log.drained() && pool.give_back(id)) ++ended;
        });
        if (ended < workers) pool.wait();
    }
    std::fclose(file);

    threads.clear();  // joins
    const lfq::message_statistics all = pool.statistics();
    std::printf("%llu lines of %llu bytes written, %llu dropped\n",
        static_cast<unsigned long long>(all.consumed), static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(all.refused_pushes));
    const bool all_counted = all.published + all.refused_pushes == workers * lines_each;
    return all_counted && all.consumed == all.published && bytes == all.consumed_bytes ? 0 : 1;
}
