// SPDX-License-Identifier: MIT
// Goal: frames that go through the kernel, cut wherever it cuts, arrive once, whole and in order.
// Method: writers and readers on pipes of one page; frames, writes and reads of random sizes; all
//         readers share one decoder. The ledger is the number in each frame.
// Cannot show: cuts that the kernel never makes; frame_codec.property.cpp cuts at every byte.
#include <lfq/codec/frame_codec.hpp>

#include "support/catch.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr lfq::frame_limits limits{.frame_bytes_max = 300, .topic_bytes_max = 20};
constexpr std::uint64_t frames_each = 50'000;
constexpr std::size_t streams = 3;

// What a frame's number decides about it: an extension frame now and then, any size within limits.
struct numbered_frame {
    explicit numbered_frame(std::uint64_t number)
        : topic(number % 7 == 0 ? 0 : 1 + number % 20, 't'),
          payload(sizeof number + number * 31 % 250, static_cast<std::byte>(number % 256)) {
        std::memcpy(payload.data(), &number, sizeof number);
    }

    [[nodiscard]] std::uint8_t priority() const { return topic.empty() ? 0x90 : 3; }

    [[nodiscard]] bool equals(const lfq::frame& seen) const {
        return seen.priority == priority() && seen.topic == topic &&
            std::ranges::equal(seen.payload, payload);
    }

    std::string topic;
    std::vector<std::byte> payload;
};

struct ledger {
    std::uint64_t written_badly = 0;
    std::uint64_t arrived = 0;
    std::uint64_t wrong = 0;
    lfq::frame_error error = lfq::frame_error::none;
    std::size_t left_over = 0;
};

void write_all(int to, std::span<const std::byte> bytes, support::dice& random) {
    while (!bytes.empty()) {
        const std::size_t piece = std::min(bytes.size(), random.from_to(1, 700));
        const ssize_t sent = ::write(to, bytes.data(), piece);
        if (sent <= 0) return;
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

void write_frames(int to, std::uint64_t stream, ledger& books) {
    support::dice random(stream);
    std::array<std::byte, 4096> out{};
    std::size_t filled = 0;
    for (std::uint64_t number = 0; number != frames_each;) {
        const numbered_frame next(number);
        const auto rest = std::span(out).subspan(filled);
        const auto result = next.topic.empty()
            ? lfq::encode_extension(rest, next.priority(), next.payload, limits)
            : lfq::encode(rest, {next.priority(), next.topic, next.payload}, limits);
        if (result.error == lfq::frame_error::none) {
            filled += result.bytes;
            ++number;
        } else if (result.error == lfq::frame_error::output_too_small && filled != 0) {
            write_all(to, std::span(out).first(filled), random);
            filled = 0;
        } else {
            ++books.written_badly;
            ++number;
        }
    }
    write_all(to, std::span(out).first(filled), random);
    ::close(to);
}

void read_frames(int from, std::uint64_t stream, const lfq::frame_decoder& decoder, ledger& books) {
    support::dice random(stream);
    std::vector<std::byte> buffer(decoder.encoded_bytes_max());
    std::size_t kept = 0;
    for (;;) {
        const std::size_t most = std::min(buffer.size() - kept, random.from_to(1, 400));
        const ssize_t arrived = ::read(from, buffer.data() + kept, most);
        if (arrived <= 0) break;
        const auto bytes = std::span(buffer).first(kept + static_cast<std::size_t>(arrived));
        const auto result = decoder.decode(bytes, [&books](const lfq::frame& seen) {
            if (!numbered_frame(books.arrived).equals(seen)) ++books.wrong;
            ++books.arrived;
        });
        books.error = result.error;
        if (result.error != lfq::frame_error::none) break;
        kept = bytes.size() - result.consumed;
        std::memmove(buffer.data(), buffer.data() + result.consumed, kept);
    }
    books.left_over = kept;
    ::close(from);
}

}  // namespace

TEST_CASE("every_frame_through_a_pipe_arrives_once_whole_and_in_order") {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that met an error is gone; its ledger says so
    const lfq::frame_decoder decoder(limits);
    std::array<ledger, streams> written{};
    std::array<ledger, streams> read{};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i != streams; ++i) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        static_cast<void>(::fcntl(ends[1], F_SETPIPE_SZ, 4096));  // larger is a smaller test only
        threads.emplace_back([=, &written] { write_frames(ends[1], 2 * i, written[i]); });
        threads.emplace_back(
            [=, &decoder, &read] { read_frames(ends[0], 2 * i + 1, decoder, read[i]); });
    }
    for (std::jthread& each : threads) each.join();
    for (std::size_t i = 0; i != streams; ++i) {
        CHECK(written[i].written_badly == 0);
        CHECK(read[i].arrived == frames_each);
        CHECK(read[i].wrong == 0);
        CHECK(read[i].error == lfq::frame_error::none);
        CHECK(read[i].left_over == 0);
    }
}
