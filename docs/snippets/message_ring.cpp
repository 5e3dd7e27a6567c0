// SPDX-License-Identifier: MIT
// The code that docs/reference/message_ring.md and docs/guide/bytes_and_messages.md show, run.
#include <lfq/ring/message_ring.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

using text = std::string_view;

text text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Two threads: log lines of any length, written out where they lie.
std::size_t log_lines() {
    lfq::message_ring<> lines(1 << 16);

    std::jthread worker([&lines] {
        for (int task = 1; task <= 100; ++task) {
            const std::string line = "task " + std::to_string(task) + " is done\n";
            if (!lines.push(std::as_bytes(std::span(line)))) break;
        }
        lines.close();
    });

    std::size_t written = 0;
    while (!lines.drained()) {
        written += lines.drain([](std::span<const std::byte> line) {
            std::fwrite(line.data(), 1, line.size(), stderr);
        });
        std::this_thread::yield();
    }
    return written;
}

// A message is built where it will lie, and may turn out shorter than was claimed.
std::size_t write_in_place() {
    lfq::message_ring<> lines(4096);
    if (auto claimed = lines.claim(64)) {
        char* const room = reinterpret_cast<char*>(claimed.bytes().data());
        const int used = std::snprintf(room, claimed.bytes().size(), "%d orders, %d late", 40, 2);
        claimed.commit(static_cast<std::size_t>(used));
    }
    const auto oldest = lines.peek();
    return oldest ? text_of(*oldest).size() : 0;
}

// The consumer looks at some messages, and frees those that it has done with.
std::size_t look_then_free() {
    lfq::message_ring<> lines(4096);
    for (const text line : {"one", "two", "three"})
        static_cast<void>(lines.try_push(std::as_bytes(std::span(line))));

    std::size_t sent = 0;
    for (const std::span<const std::byte> line : lines.peek(10)) {
        if (text_of(line) == "three") break;  // not now
        ++sent;
    }
    lines.consume(sent);
    return lines.peek(10).size();
}

// Out into bytes of the caller's. A message that is longer stays and tells its size.
std::size_t copy_out() {
    lfq::message_ring<> lines(4096);
    const text line = "longer than eight bytes";
    static_cast<void>(lines.try_push(std::as_bytes(std::span(line))));

    std::string out(8, ' ');
    auto popped = lines.try_pop(std::as_writable_bytes(std::span(out)));
    if (popped.what == lfq::popped_message::outcome::too_short) {
        out.resize(popped.bytes);
        popped = lines.try_pop(std::as_writable_bytes(std::span(out)));
    }
    return popped && out == line ? out.size() : 0;
}

// A full ring drops nothing by itself: who does not try again drops, and the ring counts.
std::uint64_t drop_and_count() {
    lfq::message_ring<lfq::storage::spill> lines(256);
    const std::array<std::byte, 24> record{};
    int dropped = 0;
    for (int i = 0; i < 10; ++i) {
        if (!lines.try_push(record)) ++dropped;
    }
    const lfq::message_statistics seen = lines.statistics();
    return dropped == 2 && seen.published == 8 ? seen.refused_pushes : 0;
}

// What can never fit is a mistake, not a full ring.
bool push_from_outside(
    lfq::message_ring<lfq::storage::spill>& lines, std::span<const std::byte> record) {
    if (record.size() > lines.message_bytes_max()) return false;  // it never fits
    return lines.push(record);
}

bool refuse_what_is_too_long() {
    lfq::message_ring<lfq::storage::spill> lines(64);
    const std::array<std::byte, 57> record{};
    if (push_from_outside(lines, record)) return false;
    try {
        return lines.try_push(record);
    } catch (const std::length_error& refused) {
        std::printf("%s\n", refused.what());
        return true;
    }
}

}  // namespace

int main() {
    const std::size_t written = log_lines();
    const std::size_t in_place = write_in_place();
    const std::size_t kept = look_then_free();
    const std::size_t copied = copy_out();
    const std::uint64_t dropped = drop_and_count();
    const bool refused = refuse_what_is_too_long();
    std::printf("%zu lines, %zu bytes in place, %zu kept, %zu copied, %llu dropped\n", written,
        in_place, kept, copied, static_cast<unsigned long long>(dropped));
    return written == 100 && in_place == 17 && kept == 1 && copied == 23 && dropped == 2 && refused
        ? 0
        : 1;
}
