// SPDX-License-Identifier: MIT
// Goal: for any sequence of insertions and times: never seen what was not inserted in the window or
//       an eighth before, never fresh what was inserted in it, and whatever is said of `full`, the
//       key is not kept.
// Method: a map of when each key was last fresh, beside the deduplicator; times that rest, creep,
//       jump and go back; few keys, so that they come again, and tables that are too small, so that
//       words are wanted again; more than a thousand rounds of the stamps.
// Cannot show: threads.
#include <lfq/dedup/deduplicator.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace {

using lfq::dedup::answer;
using numbers = lfq::deduplicator<std::uint64_t>;

/// What may be said of a key that was fresh at some time, or never.
class reference {
public:
    reference(std::uint64_t window, std::uint64_t longest) : window_(window), longest_(longest) {}

    [[nodiscard]] bool allows(std::uint64_t key, answer said, std::uint64_t now) const {
        const auto found = fresh_at_.find(key);
        const bool known = found != fresh_at_.end();
        const std::uint64_t age = known ? now - found->second : 0;
        const bool must_be_seen = known && age <= window_;
        const bool may_be_seen = known && age < longest_;
        return said == answer::seen ? may_be_seen : !must_be_seen;
    }
    void note(std::uint64_t key, answer said, std::uint64_t now) {
        if (said == answer::fresh) fresh_at_[key] = now;
    }

private:
    std::uint64_t window_;
    std::uint64_t longest_;
    std::unordered_map<std::uint64_t, std::uint64_t> fresh_at_;
};

/// Keys that lie in few buckets, and in few places of these.
std::uint64_t some_key(support::dice& dice, std::size_t kinds) {
    const std::uint64_t name = dice.from_to(0, kinds);
    return dice.one_in(2) ? name : lfq::unmix(name | std::uint64_t{dice.from_to(0, 1)} << 63);
}

}  // namespace

TEST_CASE("a_window_of_time_answers_as_its_reference_does") {
    support::dice dice(1);
    for (int round = 0; round < 20; ++round) {
        const std::uint64_t length = dice.from_to(1, 50);
        const std::size_t kinds = dice.from_to(1, 60);
        numbers seen(lfq::dedup::by_time{.window = 8 * length, .keys = 100});
        reference model(8 * length, 9 * length);
        std::uint64_t now = dice.one_in(2) ? 0 : dice.from_to(0, UINT64_MAX / 256);
        std::uint64_t latest = 0;
        for (std::uint64_t i = 0; i < support::affordable(30'000); ++i) {
            if (dice.one_in(3)) now += dice.from_to(0, length);
            if (dice.one_in(200)) now += dice.from_to(0, 300 * length);
            const bool backwards = dice.one_in(20);
            const std::uint64_t told =
                backwards ? latest - std::min(latest, std::uint64_t{dice.from_to(0, 99)}) : now;
            latest = std::max(latest, told);  // as which it counts
            const std::uint64_t key = some_key(dice, kinds);
            const answer said = seen.insert_if_new(key, told);
            REQUIRE(model.allows(key, said, latest));
            model.note(key, said, latest);
        }
    }
}

TEST_CASE("a_window_of_keys_answers_as_its_reference_does") {
    support::dice dice(2);
    for (int round = 0; round < 20; ++round) {
        const std::size_t keys = dice.from_to(1, 300);
        const std::uint64_t length = (keys + 7) / 8;
        numbers seen(lfq::dedup::by_count{.keys = keys});
        reference model(keys, 9 * length);
        std::uint64_t fresh = 0;
        for (std::uint64_t i = 0; i < support::affordable(30'000); ++i) {
            const std::uint64_t key = some_key(dice, dice.one_in(4) ? keys / 2 : 3 * keys);
            const answer said = seen.insert_if_new(key);
            REQUIRE(model.allows(key, said, fresh));
            model.note(key, said, fresh);
            if (said == answer::fresh) ++fresh;
        }
        REQUIRE(seen.statistics().fresh == fresh);
    }
}

TEST_CASE("a_batch_says_what_its_keys_would_hear_one_by_one") {
    support::dice dice(3);
    for (int round = 0; round < 30; ++round) {
        const std::size_t keys = dice.from_to(1, 300);
        numbers singly(lfq::dedup::by_count{.keys = keys});
        numbers at_once(lfq::dedup::by_count{.keys = keys});
        for (int batch = 0; batch < 60; ++batch) {
            std::vector<std::uint64_t> some(dice.from_to(0, 200));
            for (std::uint64_t& each : some) each = some_key(dice, 2 * keys);
            std::vector<answer> answers(some.size());
            lfq::dedup::tally expected;
            const lfq::dedup::tally all = at_once.insert_if_new_n(some, answers);
            for (std::size_t i = 0; i < some.size(); ++i) {
                const answer said = singly.insert_if_new(some[i]);
                expected.add(said);
                REQUIRE(answers[i] == said);
            }
            REQUIRE(all.fresh == expected.fresh);
            REQUIRE(all.seen == expected.seen);
            REQUIRE(all.full == expected.full);
        }
    }
}

// Buckets are left alone for whole rounds of the stamps: only the sweep can have cleared them.
TEST_CASE("what_nobody_touches_does_not_come_to_life_again") {
    support::dice dice(4);
    const std::uint64_t window = 8;
    numbers seen(lfq::dedup::by_time{.window = window, .keys = 4000});
    std::uint64_t now = 0;
    std::uint64_t key = 0;
    for (std::uint64_t round = 0; round < support::affordable(1000); ++round) {
        const std::uint64_t first = key;
        const std::size_t some = dice.from_to(1, 40);
        for (std::size_t i = 0; i < some; ++i)
            REQUIRE(seen.insert_if_new(key++, now) == answer::fresh);
        // About one round of the stamps, in steps of every size.
        for (std::uint64_t until = now + dice.from_to(100, 400); now < until;) {
            now += dice.one_in(5) ? dice.from_to(1, 40) : 1;
            const std::uint64_t asked = dice.from_to(first, key - 1);
            if (dice.one_in(4)) static_cast<void>(seen.contains(asked, now));
        }
        now += window + 1;
        for (std::uint64_t each = first; each < key; ++each)
            REQUIRE_FALSE(seen.contains(each, now));
    }
}
