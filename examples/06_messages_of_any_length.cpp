// SPDX-License-Identifier: MIT
// A logger: lines of any length, put together where they will lie and written from there. A line
// that finds the ring full is dropped, and every drop is counted.
#include <lfq/ring/message_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <thread>

using log_ring = lfq::message_ring<>;

void log_line(log_ring& lines, int task, int items) {
    auto room = lines.claim(128);
    if (!room) return;  // full: dropped, and the ring has counted it
    char* const text = reinterpret_cast<char*>(room.bytes().data());
    std::size_t used = static_cast<std::size_t>(std::snprintf(text, 32, "task %d:", task));
    for (int i = 0; i < items; ++i) text[used++] = static_cast<char>('a' + i);
    text[used++] = '\n';
    room.commit(used);  // what is not used of the claim costs nothing
}

int main() {
    constexpr int tasks = 100'000;
    log_ring lines(1 << 14);

    std::jthread worker([&lines] {
        for (int task = 0; task < tasks; ++task) {
            log_line(lines, task, task % 26);
            if (task % 64 == 0) std::this_thread::yield();
        }
        lines.close();
    });

    std::FILE* const file = std::tmpfile();
    if (file == nullptr) return 1;
    std::uint64_t bytes = 0;
    while (!lines.drained()) {
        const std::size_t count = lines.drain([&](std::span<const std::byte> line) {
            bytes += std::fwrite(line.data(), 1, line.size(), file);
        });
        if (count == 0) std::this_thread::yield();
    }
    std::fclose(file);

    worker.join();
    const lfq::message_statistics seen = lines.statistics();
    std::printf("%llu lines of %llu bytes written, %llu dropped\n",
        static_cast<unsigned long long>(seen.consumed), static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(seen.refused_pushes));
    const bool all_counted = seen.published + seen.refused_pushes == tasks;
    return all_counted && seen.consumed == seen.published && bytes == seen.consumed_bytes ? 0 : 1;
}
