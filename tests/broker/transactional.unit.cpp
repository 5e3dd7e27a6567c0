// SPDX-License-Identifier: MIT
// Goal: an event that came within the window before is dropped, every other is handed on, in order.
// Method: the processor alone, with a clock of its own; fingerprints of all that is nearly alike.
// Cannot show: how likely it is that two events share a fingerprint.
#include "broker/processors/transactional/transactional.hpp"

#include "dice.hpp"
#include "processed.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace broker::test;
using broker::core::drop_reason;
using broker::core::event;
using broker::processors::fingerprint;
using broker::processors::transactional;

namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t start = 1'000 * ms;

}  // namespace

TEST_CASE("a_duplicate_is_dropped_and_the_rest_keeps_its_order") {
    event_maker events;
    recorded seen;
    transactional one({.keys = 64, .window_ns = 100 * ms}, 7);
    std::vector<event> batch{events.make(1, 0, "a"), events.make(2, 0, "b"), events.make(3, 0, "a"),
        events.make(4, 1, "a"), events.make(5, 0, "c", 9)};
    one.take(batch, start, seen);
    CHECK(seen.numbers() == std::vector<std::uint64_t>{1, 2, 4, 5});
    REQUIRE(seen.dropped.size() == 1);
    CHECK(seen.dropped[0].received_ns == 3);
    CHECK(seen.reasons[0] == drop_reason::duplicate);
    CHECK(one.counts().fresh.read() == 4);
    CHECK(one.counts().full.read() == 0);

    seen.forget();
    std::vector<event> again{events.make(6, 0, "c", 1), events.make(7, 0, "d")};
    one.take(again, start + 50 * ms, seen);
    CHECK(seen.numbers() == std::vector<std::uint64_t>{7});  // a priority makes no other event
    CHECK(one.due_ns() == transactional::never_ns);
}

TEST_CASE("what_came_long_ago_is_new_again") {
    event_maker events;
    recorded seen;
    transactional one({.keys = 64, .window_ns = 100 * ms}, 7);
    const auto give = [&](std::uint64_t number, std::int64_t at_ns) {
        std::vector<event> batch{events.make(number, 0, "same")};
        one.take(batch, at_ns, seen);
    };
    give(1, start);
    give(2, start + 99 * ms);  // within the window for sure
    give(3, start + 1'000 * ms);  // beyond it for sure
    CHECK(seen.numbers() == std::vector<std::uint64_t>{1, 3});
    CHECK(seen.dropped.size() == 1);
}

TEST_CASE("when_no_more_can_be_remembered_events_are_handed_on_and_counted") {
    event_maker events;
    recorded seen;
    transactional one({.keys = 16, .window_ns = 100 * ms}, 7);
    constexpr std::uint64_t count = 10'000;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::vector<event> batch{events.make(i, 0, std::to_string(i))};
        one.take(batch, start, seen);
    }
    CHECK(seen.handed.size() == count);
    CHECK(seen.dropped.empty());
    CHECK(one.counts().full.read() > 0);
    CHECK(one.counts().fresh.read() >= 16);
    CHECK(one.counts().fresh.read() + one.counts().full.read() == count);
}

TEST_CASE("any_batches_are_decided_as_by_a_set_of_topics_and_payloads") {
    dice random("transactional");
    for (int round = 0; round < 50; ++round) {
        event_maker events;
        recorded seen;
        transactional one({.keys = 4'096, .window_ns = 1'000'000 * ms}, 7);
        std::set<std::pair<std::uint32_t, std::string>> known;
        std::vector<std::uint64_t> wanted;
        std::uint64_t number = 0;
        for (int pass = 0; pass < 20; ++pass) {
            std::vector<event> batch;
            for (auto left = random.from_to(0, 200); left != 0; --left, ++number) {
                const auto topic = static_cast<std::uint32_t>(random.from_to(0, 3));
                const std::string payload(random.from_to(0, 40), static_cast<char>('a' + topic));
                batch.push_back(events.make(number, topic, payload));
                if (known.emplace(topic, payload).second) wanted.push_back(number);
            }
            one.take(batch, start + pass, seen);
        }
        REQUIRE(seen.numbers() == wanted);
        REQUIRE(seen.handed.size() + seen.dropped.size() == number);
    }
}

TEST_CASE("what_is_nearly_alike_has_another_fingerprint") {
    event_maker events;
    const fingerprint prints(42);
    std::set<std::uint64_t> all;
    std::size_t count = 0;
    for (std::size_t size = 0; size < 70; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            std::string payload(size, '\0');
            if (at < size) payload[at] = 1;
            all.insert(prints.of(events.make(0, 1, payload)));
            ++count;
        }
    }
    CHECK(all.size() == count);
    CHECK(prints.of(events.make(0, 1, "1x")) != prints.of(events.make(0, 11, "x")));
    CHECK(prints.of(events.make(0, 1, "x")) == prints.of(events.make(5, 1, "x", 9)));
    CHECK(prints.of(events.make(0, 1, "x")) != fingerprint(43).of(events.make(0, 1, "x")));
}
