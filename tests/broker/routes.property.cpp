// SPDX-License-Identifier: MIT
// Goal: a route names exactly the subscriptions whose filters match, grouped by worker, after any
//       sequence of changes; a replaced generation stays valid while it is kept.
// Method: random changes against a plain list. LFQ_SEED repeats a run.
// Cannot show: when a generation may be given up; the dispatcher's test does.
#include "broker/core/routes.hpp"
#include "broker/core/subscriber.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace broker::core;
using broker::test::dice;

constexpr std::uint32_t workers = 3;

struct expected {
    subscriber* who;
    std::uint32_t sid;
    std::string filter;
};

using pairs = std::multiset<std::pair<subscriber*, std::uint32_t>>;

/// What the route says; false in `grouped` when a worker's slice names somebody else's subscriber.
pairs pairs_of(const route& where, bool& grouped) {
    pairs all;
    if (where.copies == 0) return all;
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
        const route::slice& mine = where.by_worker[worker];
        for (std::uint32_t i = 0; i < mine.count; ++i) {
            grouped = grouped && mine.first[i].to->worker == worker;
            all.emplace(mine.first[i].to, mine.first[i].sid);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("a_route_names_the_subscriptions_that_match_after_any_changes") {
    dice random("routes");
    port reach(64);
    pressure pressing{0};
    std::vector<std::unique_ptr<subscriber>> people;
    for (std::uint32_t i = 0; i < 6; ++i) {
        people.push_back(std::make_unique<subscriber>(reach, pressing, 4, 1000, i % workers));
    }
    const std::vector<std::string> filters{"a", "b", "a.b", "a.*", "*.b", "a.>", ">", "*"};
    const std::vector<std::string> topics{"a", "b", "c", "a.b", "a/c", "b.b", "a.b.c", "x.y.z"};

    routes under_test(workers, 1'000'000);
    std::vector<expected> model;
    std::vector<std::unique_ptr<generation>> kept;
    for (std::uint32_t step = 0; step < 3'000; ++step) {
        subscriber& who = *people[random.from_to(0, people.size() - 1)];
        const auto dice_roll = random.from_to(0, 9);
        if (dice_roll < 3) {
            const std::string filter = filters[random.from_to(0, filters.size() - 1)];
            kept.push_back(under_test.subscribe(who, who.worker, step, filter));
            model.push_back({&who, step, filter});
        } else if (dice_roll < 5 && !model.empty()) {
            const expected gone = model[random.from_to(0, model.size() - 1)];
            kept.push_back(under_test.unsubscribe(*gone.who, gone.sid));
            std::erase_if(model,
                [&](const expected& each) { return each.who == gone.who && each.sid == gone.sid; });
        } else if (dice_roll == 5) {
            kept.push_back(under_test.leave(who));
            std::erase_if(model, [&](const expected& each) { return each.who == &who; });
        }
        const auto id = static_cast<topic_id>(random.from_to(0, topics.size() - 1));
        const route& where = *under_test.of(id, topics[id]);
        pairs wanted;
        for (const expected& each : model) {
            if (filter_matches(each.filter, topics[id])) wanted.emplace(each.who, each.sid);
        }
        bool grouped = true;
        REQUIRE(pairs_of(where, grouped) == wanted);
        REQUIRE(grouped);
        REQUIRE(where.copies == wanted.size());
        REQUIRE(under_test.subscriptions() == model.size());
    }
}

TEST_CASE("topics_with_the_same_subscribers_share_a_route") {
    port reach(64);
    pressure pressing{0};
    subscriber one(reach, pressing, 4, 1000, 0);
    routes under_test(1, 1'000);
    const auto replaced = under_test.subscribe(one, 0, 1, ">");
    CHECK(under_test.of(0, "a") == under_test.of(1, "b"));
}

TEST_CASE("a_replaced_route_is_valid_while_its_generation_is_kept") {
    port reach(64);
    pressure pressing{0};
    subscriber one(reach, pressing, 4, 1000, 0);
    routes under_test(1, 1'000);
    const auto before = under_test.subscribe(one, 0, 7, "a");
    const route& old = *under_test.of(0, "a");
    const auto kept = under_test.leave(one);
    CHECK(under_test.of(0, "a")->copies == 0);
    REQUIRE(old.copies == 1);
    CHECK(old.by_worker[0].first->sid == 7);
}

TEST_CASE("a_route_beyond_the_limit_is_refused_until_the_subscriptions_change") {
    port reach(64);
    pressure pressing{0};
    subscriber one(reach, pressing, 4, 1000, 0);
    routes under_test(1, 3);
    std::vector<std::unique_ptr<generation>> kept;
    kept.push_back(under_test.subscribe(one, 0, 1, ">"));
    kept.push_back(under_test.subscribe(one, 0, 2, "a"));
    kept.push_back(under_test.subscribe(one, 0, 3, "b"));
    REQUIRE(under_test.of(0, "a") != nullptr);  // two targets
    CHECK(under_test.of(1, "b") == nullptr);  // two more
    CHECK(under_test.of(1, "b") == nullptr);  // and that is remembered
    REQUIRE(under_test.of(2, "c") != nullptr);  // one: the limit is reached
    CHECK(under_test.of(3, "d") == under_test.of(2, "c"));  // a shared one needs nothing
    CHECK(under_test.of(0, "a")->copies == 2);
    kept.push_back(under_test.unsubscribe(one, 2));
    CHECK(under_test.of(1, "b")->copies == 2);  // the others were forgotten
}
