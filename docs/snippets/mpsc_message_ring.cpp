// SPDX-License-Identifier: MIT
// The code that docs/reference/mpsc_message_ring.md shows, run.
#include <lfq/ring/mpsc_message_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

using log_ring = lfq::mpsc_message_ring<>;

[[nodiscard]] std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

// Three producers, each with its handle; who is last closes.
std::size_t gather() {
    log_ring lines({.bytes = 64 * 1024, .producers_max = 3, .message_bytes_max = 500});

    std::jthread sources([&lines] {
        std::vector<std::jthread> threads;
        for (int source = 0; source < 3; ++source) {
            threads.emplace_back([&lines, source] {
                auto handle = lines.producer();
                if (!handle) return;  // more producers than stated
                for (int number = 0; number < 100; ++number) {
                    const std::string line =
                        std::to_string(source) + std::string(static_cast<std::size_t>(number), '.');
                    if (!handle->push(bytes_of(line))) return;  // closed
                }
            });
        }
        threads.clear();  // joins
        lines.close();
    });

    std::size_t bytes = 0;
    std::array<std::byte, 500> line;
    while (const lfq::popped_message popped = lines.pop(line)) bytes += popped.bytes;
    return bytes;
}

// A message whose length is known when it is written.
std::size_t claim_and_cut_short() {
    log_ring lines({.bytes = 4096, .producers_max = 1, .message_bytes_max = 200});
    auto handle = lines.producer();
    if (auto claimed = handle->claim(200)) {
        auto* const text = reinterpret_cast<char*>(claimed.bytes().data());
        const int used = std::snprintf(text, claimed.bytes().size(), "%d of %d", 7, 9);
        claimed.commit(static_cast<std::size_t>(used));
    }
    static_cast<void>(handle->claim(100));  // destroyed uncommitted: nothing of it is delivered
    static_cast<void>(handle->try_push(bytes_of("after it")));

    std::size_t seen = 0;
    lines.drain([&seen](std::span<const std::byte> line) { seen += line.size(); });
    return seen;
}

// Bytes that are too few leave the message where it is.
std::size_t ask_for_the_size() {
    log_ring lines({.bytes = 4096, .producers_max = 1, .message_bytes_max = 200});
    static_cast<void>(lines.producer()->try_push(bytes_of("a line of 21 bytes...")));
    std::vector<std::byte> line(8);
    lfq::popped_message popped = lines.try_pop(line);
    if (popped.what == lfq::popped_message::outcome::too_short) {
        line.resize(popped.bytes);
        popped = lines.try_pop(line);
    }
    return popped ? popped.bytes : 0;
}

}  // namespace

int main() {
    const std::size_t gathered = gather();
    const std::size_t seen = claim_and_cut_short();
    const std::size_t asked = ask_for_the_size();
    std::printf("%zu bytes gathered, %zu in place, %zu asked for\n", gathered, seen, asked);
    return gathered == 3 * (100 + 4950) && seen == 14 && asked == 21 ? 0 : 1;
}
