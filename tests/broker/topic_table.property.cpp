// SPDX-License-Identifier: MIT
// Goal: topics get numbers 0, 1, 2 … once, however their hashes collide; mark_topic finds control
//       bytes exactly where check_topic does.
// Method: against std::map, with hashes cut down to a few bits; every byte value at every place.
//         LFQ_SEED repeats a run.
// Cannot show: how well the hash spreads over real topics.
#include "broker/core/topic_table.hpp"
#include "broker/core/filter.hpp"
#include "broker/core/topic_hash.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>
#include <string>

namespace {

using broker::core::check_topic;
using broker::core::mark_topic;
using broker::core::topic_error;
using broker::core::topic_id;
using broker::core::topic_table;
using broker::test::dice;

}  // namespace

TEST_CASE("a_topic_keeps_its_number_and_no_two_share_one") {
    dice random("topic_table");
    for (const std::uint64_t hash_mask : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
        topic_table table(2'000);
        std::map<std::string, topic_id> known;
        for (int i = 0; i < 6'000; ++i) {
            const std::string topic = random.text(random.from_to(1, 3), "abcdefghij");
            const std::uint64_t hash = mark_topic(topic, 1).hash & hash_mask;
            const auto id = table.intern(hash, topic);
            REQUIRE(id.has_value());
            const auto [found, is_new] = known.emplace(topic, known.size());
            REQUIRE(*id == found->second);
            REQUIRE(table.name(*id) == topic);
        }
        CHECK(table.size() == known.size());
    }
}

TEST_CASE("a_full_table_knows_its_topics_and_refuses_new_ones") {
    topic_table table(3);
    for (const char* const topic : {"a", "b", "c"}) CHECK(table.intern(5, topic).has_value());
    CHECK_FALSE(table.intern(5, "d").has_value());
    CHECK_FALSE(table.intern(6, "d").has_value());
    CHECK(table.intern(5, "b") == topic_id{1});
}

TEST_CASE("mark_topic_finds_control_bytes_wherever_they_stand") {
    for (std::size_t size = 1; size <= 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (unsigned value = 0; value < 256; ++value) {
                std::string topic(size, 'x');
                topic[at] = static_cast<char>(value);
                const bool clean = check_topic(topic) == topic_error::none;
                if (mark_topic(topic, 7).clean != clean) {
                    FAIL("size " << size << ", byte " << value << " at " << at);
                }
            }
        }
    }
    SUCCEED("all bytes at all places of all sizes");
}

TEST_CASE("mark_topic_agrees_with_check_topic_on_random_bytes") {
    dice random("mark_topic");
    for (int i = 0; i < 50'000; ++i) {
        const std::string topic = random.one_in(2)
            ? random.bytes(random.from_to(1, 30))
            : random.text(random.from_to(1, 30), "az\x7e\x7f\x80\xff \x1f\x20");
        REQUIRE(mark_topic(topic, 3).clean == (check_topic(topic) == topic_error::none));
    }
}

TEST_CASE("the_hash_depends_on_every_byte_the_size_and_the_seed") {
    std::set<std::uint64_t> seen;
    const std::string base = "sensors/hall-7/temperature/celsius";
    std::size_t made = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        std::string other = base;
        other[i] ^= 1;
        seen.insert(mark_topic(other, 1).hash);
        seen.insert(mark_topic(base.substr(0, i + 1), 1).hash);
        seen.insert(mark_topic(base, i + 2).hash);
        made += 3;
    }
    CHECK(seen.size() == made);
}
