// SPDX-License-Identifier: MIT
// Goal: bytes come out of `retained` as they went in, and each frame is accounted for once, sent or
//       cleared, however the pieces and the calls cut it.
// Method: random frames and random amounts sent, against a string and a list; tiny pieces, so that
//         most frames are cut. LFQ_SEED repeats a run.
// Cannot show: what the kernel makes of the parts; the end-to-end tests do.
#include "broker/net/retained.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>

namespace {

using broker::core::booked_alone;
using broker::core::booking;
using broker::core::not_booked;
using broker::core::slab_pool;
using broker::core::tally_lane;
using broker::core::tally_table;
using broker::net::retained;
using broker::test::dice;

struct frame {
    std::size_t left;
    bool event;
    booking how;
};

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// What sending `bytes` finishes, by the list of frames.
retained::outcome take(std::deque<frame>& frames, std::size_t bytes) {
    retained::outcome all;
    while (bytes != 0) {
        frame& first = frames.front();
        const std::size_t n = std::min(bytes, first.left);
        bytes -= n;
        first.left -= n;
        if (first.event) all.event_bytes += n;
        if (first.left != 0) break;
        if (first.event) ++all.deliveries;
        if (first.how == booked_alone) ++all.events;
        frames.pop_front();
    }
    return all;
}

std::string gathered(const retained& from) {
    std::array<iovec, 64> parts;
    std::string all;
    const std::size_t count = from.gather(parts);
    for (std::size_t i = 0; i < count; ++i) {
        all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    }
    return all;
}

}  // namespace

TEST_CASE("retained_bytes_and_their_accounts_survive_any_cutting") {
    dice random("retained");
    for (int run = 0; run < 60; ++run) {
        slab_pool pool(64, random.from_to(3, 40) * 16);
        tally_table tallies(64);
        std::string bytes;
        std::deque<frame> frames;
        {
            retained under_test(pool, tallies);
            for (int step = 0; step < 400; ++step) {
                if (bytes.size() < 1'000 && random.one_in(2)) {
                    const std::string head = random.bytes(random.from_to(1, 40));
                    const std::string body = random.bytes(random.from_to(0, 200));
                    const bool event = !random.one_in(4);
                    const booking how = event && random.one_in(2) ? booked_alone : not_booked;
                    REQUIRE(under_test.add(bytes_of(head), bytes_of(body), event));
                    under_test.end_frame({event, how});
                    bytes += head + body;
                    frames.push_back({head.size() + body.size(), event, how});
                } else if (!bytes.empty()) {
                    const std::size_t n = random.from_to(1, bytes.size());
                    const retained::outcome wanted = take(frames, n);
                    const retained::outcome got = under_test.sent(n);
                    bytes.erase(0, n);
                    REQUIRE(got.deliveries == wanted.deliveries);
                    REQUIRE(got.events == wanted.events);
                    REQUIRE(got.event_bytes == wanted.event_bytes);
                }
                REQUIRE(under_test.bytes() == bytes.size());
                REQUIRE(under_test.empty() == bytes.empty());
                REQUIRE(gathered(under_test) == bytes);
            }
            std::size_t left = 0;
            for (const frame& each : frames) left += each.how == booked_alone ? 1U : 0U;
            CHECK(under_test.clear().events == left);
        }
        CHECK(pool.taken_approx() == 0);
    }
}

TEST_CASE("a_copy_decides_its_shared_event_when_it_is_sent_or_cleared") {
    slab_pool pool(8, 256);
    tally_table tallies(16);
    const booking how = tally_lane(tallies, 0, 1).begin(2);
    retained first(pool, tallies);
    retained second(pool, tallies);
    for (retained* const each : {&first, &second}) {
        REQUIRE(each->add(bytes_of("head"), bytes_of("body"), true));
        each->end_frame({true, how});
    }
    CHECK(first.clear().events == 0);  // the other may still arrive
    CHECK(second.sent(7).events == 0);
    CHECK(second.sent(1).events == 1);
}

TEST_CASE("an_empty_pool_is_an_answer") {
    slab_pool pool(1, 64);
    tally_table tallies(16);
    retained under_test(pool, tallies);
    CHECK(under_test.add(bytes_of("0123456789"), {}, true));
    under_test.end_frame({true, booked_alone});
    CHECK_FALSE(under_test.add(bytes_of(std::string(100, 'x')), {}, true));
    CHECK(under_test.clear().events == 1);
    CHECK(pool.taken_approx() == 0);
}
