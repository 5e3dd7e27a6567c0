// SPDX-License-Identifier: MIT
// Four producers, each with a ring of a pool, and one consumer: every message is checked, every
// drop is counted, and the sums are compared. What it does is told by --help.
#include <lfq/ring/message_ring_pool.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t producers = 4;
constexpr std::size_t ring_bytes = 4096;
constexpr std::size_t payload_bytes_max = 160;
constexpr std::chrono::milliseconds pause_between_messages{1};
constexpr int exit_bad_usage = 64;

constexpr const char* help =
    "usage: message_ring_pool_demo [consumer_delay_us [messages]]\n"
    "\n"
    "4 producers send messages with checksums and sequence numbers through a pool of 4 rings of\n"
    "4 KiB. They only try, pause about 1 ms after each message, and drop what finds its ring "
    "full.\n"
    "\n"
    "  consumer_delay_us  the consumer's pause after each message, 0 to 1000000 (0: none). With\n"
    "                     5000 most messages are dropped\n"
    "  messages           of each producer, 1 to 1000000 (5000)\n"
    "\n"
    "Exit code: 0, or 1 when the counts disagree, or 64 when an argument is wrong.\n";

struct options {
    std::uint64_t delay_us = 0;
    std::uint64_t messages = 5'000;
};

struct header {
    std::uint32_t producer;
    std::uint32_t payload_bytes;
    std::uint64_t sequence;
    std::uint32_t checksum;  // of the payload
    std::uint32_t unused;
};

struct sent {
    std::uint64_t published = 0;
    std::uint64_t dropped = 0;
    std::uint64_t gaps = 0;  // runs of drops with a message behind them
};

struct received {
    std::uint64_t messages = 0;
    std::uint64_t expected = 0;  // the next sequence number
    std::uint64_t sequence_errors = 0;
};

struct totals {
    std::uint64_t received = 0;
    std::uint64_t bytes = 0;
    std::uint64_t checksum_errors = 0;
    std::uint64_t across_the_end = 0;
    std::uint64_t wrapped = 0;  // those whose bytes do not go on there
};

std::uint32_t crc32(std::span<const std::byte> of) {
    std::uint32_t rest = 0xFFFFFFFFu;
    for (const std::byte each : of) {
        rest ^= static_cast<std::uint32_t>(each);
        for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ ((rest & 1) != 0 ? 0xEDB88320u : 0);
    }
    return ~rest;
}

std::size_t write_message(
    std::span<std::byte> room, std::uint32_t producer, std::uint64_t sequence) {
    const std::size_t size = 16 + (sequence * 37 + producer * 11) % (payload_bytes_max - 15);
    const auto payload = room.subspan(sizeof(header), size);
    for (std::size_t i = 0; i < size; ++i)
        payload[i] = static_cast<std::byte>((sequence * 131 + i * 29 + producer) & 0xFF);
    const header first{producer, static_cast<std::uint32_t>(size), sequence, crc32(payload), 0};
    std::memcpy(room.data(), &first, sizeof first);
    return sizeof first + size;
}

template <class Pool>
void produce(Pool& pool, std::uint32_t producer, std::uint64_t messages, sent& book) {
    auto ring = pool.lease();
    if (!ring) return;
    std::array<std::byte, sizeof(header) + payload_bytes_max> room{};
    bool dropping = false;
    for (std::uint64_t sequence = 0; sequence < messages; ++sequence) {
        const std::size_t bytes = write_message(room, producer, sequence);
        if (ring->try_push(std::span(room).first(bytes))) {
            ++book.published;
            if (dropping) ++book.gaps;
            dropping = false;
        } else {
            ++book.dropped;
            dropping = true;
        }
        std::this_thread::sleep_for(pause_between_messages);
    }
    ring->close();
}

class checker {
public:
    void note(std::size_t ring, std::span<const std::byte> message) {
        ++all_.received;
        all_.bytes += message.size();
        // The first message of a ring lies at its beginning, behind its length.
        if (begins_[ring] == nullptr) begins_[ring] = message.data() - sizeof(std::uint64_t);
        const auto offset = static_cast<std::size_t>(message.data() - begins_[ring]) % ring_bytes;
        const bool across = offset + message.size() > ring_bytes;
        const bool whole = note_whole(message);
        all_.across_the_end += across ? 1u : 0u;
        all_.wrapped += across && !whole ? 1u : 0u;
    }

    [[nodiscard]] const totals& all() const { return all_; }
    [[nodiscard]] const received& of(std::size_t producer) const { return from_[producer]; }

private:
    bool note_whole(std::span<const std::byte> message) {
        header first{};
        if (message.size() >= sizeof first) std::memcpy(&first, message.data(), sizeof first);
        if (message.size() != sizeof first + first.payload_bytes || first.producer >= producers ||
            crc32(message.subspan(sizeof first)) != first.checksum) {
            ++all_.checksum_errors;
            return false;
        }
        received& book = from_[first.producer];
        if (first.sequence != book.expected) ++book.sequence_errors;
        book.expected = first.sequence + 1;
        ++book.messages;
        return true;
    }

    totals all_;
    std::array<received, producers> from_;
    std::array<const std::byte*, producers> begins_{};
};

template <class Pool>
void consume(Pool& pool, std::uint64_t delay_us, checker& check) {
    for (std::size_t ended = 0; ended < producers;) {
        pool.for_each_ready([&](std::size_t id, auto ring) {
            // One message a turn, so that a slow consumer serves all of them alike.
            if (const auto message = ring.peek()) {
                check.note(id, *message);
                ring.consume();
                if (delay_us != 0) std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
            }
            if (ring.drained() && pool.give_back(id)) ++ended;
        });
        if (ended < producers) pool.wait();
    }
}

double percent(std::uint64_t part, std::uint64_t of) {
    return of == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(of);
}

// Prints the account; false: it does not add up.
bool report(const options& wanted, const std::array<sent, producers>& books, const checker& check,
    const lfq::message_statistics& life) {
    sent all;
    std::uint64_t sequence_errors = 0;
    bool agrees = true;
    for (std::size_t i = 0; i < producers; ++i) {
        const sent& book = books[i];
        std::printf("producer %zu: sent %" PRIu64 ", published %" PRIu64 ", dropped %" PRIu64
                    " (%.1f %%), received %" PRIu64 "\n",
            i, book.published + book.dropped, book.published, book.dropped,
            percent(book.dropped, book.published + book.dropped), check.of(i).messages);
        all.published += book.published;
        all.dropped += book.dropped;
        all.gaps += book.gaps;
        sequence_errors += check.of(i).sequence_errors;
        agrees = agrees && check.of(i).messages == book.published &&
            check.of(i).sequence_errors == book.gaps;
    }
    const totals& got = check.all();
    const std::uint64_t sent_all = all.published + all.dropped;
    std::printf("all leases: published %" PRIu64 ", dropped %" PRIu64
                " (%.1f %%), consumed %" PRIu64 ", %" PRIu64 " bytes, at most %" PRIu64
                " bytes in a ring at once\n",
        life.published, life.refused_pushes, percent(life.refused_pushes, sent_all), life.consumed,
        life.consumed_bytes, life.high_water_bytes);
    std::printf("messages across the end of a ring: %" PRIu64 ", in one piece: %" PRIu64 "\n",
        got.across_the_end, got.across_the_end - got.wrapped);
    std::printf("wrapped messages: %" PRIu64 " (%.1f %%)\n", got.wrapped,
        percent(got.wrapped, got.received));
    agrees = agrees && sent_all == producers * wanted.messages && got.received == all.published &&
        got.wrapped == 0 && got.checksum_errors == 0 && life.published == all.published &&
        life.consumed == got.received && life.refused_pushes == all.dropped &&
        life.consumed_bytes == got.bytes;
    std::printf("%s: sent %" PRIu64 " = published %" PRIu64 " + dropped %" PRIu64
                ", received %" PRIu64 " = %" PRIu64 ", wrapped %" PRIu64
                ", checksum errors %" PRIu64 ", sequence errors %" PRIu64
                " = gaps explained by drops\n",
        agrees ? "ok" : "NOT SO", sent_all, all.published, all.dropped, got.received, all.published,
        got.wrapped, got.checksum_errors, sequence_errors);
    return agrees;
}

// False: `said` is no number from `least` to a million; a sentence says so.
bool read_number(
    const char* name, std::string_view said, std::uint64_t least, std::uint64_t& into) {
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), into);
    if (error == std::errc() && end == said.data() + said.size() && into >= least &&
        into <= 1'000'000)
        return true;
    std::fprintf(stderr,
        "message_ring_pool_demo: %s: '%.*s' is no number from %" PRIu64 " to 1000000\n", name,
        static_cast<int>(said.size()), said.data(), least);
    return false;
}

bool run(const options& wanted) {
    lfq::message_ring_pool<> pool({.rings = producers, .bytes = ring_bytes});
    std::array<sent, producers> books;
    checker check;
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t i = 0; i < producers; ++i)
            threads.emplace_back([&, i] { produce(pool, i, wanted.messages, books[i]); });
        consume(pool, wanted.delay_us, check);
    }
    return report(wanted, books, check, pool.statistics());
}

}  // namespace

int main(int count, char** words) {
    const std::span said(words, static_cast<std::size_t>(count));
    options wanted;
    if (count > 1 && std::string_view(said[1]) == "--help") {
        std::fputs(help, stdout);
        return 0;
    }
    if (count > 3) {
        std::fputs("message_ring_pool_demo: too many arguments; --help tells\n", stderr);
        return exit_bad_usage;
    }
    if (count > 1 && !read_number("consumer_delay_us", said[1], 0, wanted.delay_us))
        return exit_bad_usage;
    if (count > 2 && !read_number("messages", said[2], 1, wanted.messages)) return exit_bad_usage;
    try {
        return run(wanted) ? 0 : 1;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "message_ring_pool_demo: %s\n", failure.what());
        return 1;
    }
}
