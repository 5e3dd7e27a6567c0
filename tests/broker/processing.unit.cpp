// SPDX-License-Identifier: MIT
// Goal: a topic's rule is the first that matches it; each processor gets its own events, run by
//       run; what is held is asked for in time, and given up when slabs run short, before any
//       network thread stops reading for it.
// Method: processors that only write down what they are told, and intakes that only take slabs, in
//         this thread.
// Cannot show: threads and routes (processing.stress.cpp).
#include "broker/core/processing.hpp"
#include "broker/net/intake.hpp"

#include "crowd.hpp"
#include "support/catch.hpp"

#include <lfq/sys/clock.hpp>
#include <lfq/sys/node_memory.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace {

using namespace broker::crowd;

struct listening final : processor {
    void take(std::span<event> events, std::int64_t, outcome&) override {
        taken.push_back(events.size());
    }
    [[nodiscard]] std::int64_t due_ns() const noexcept override { return due; }
    void expire(std::int64_t now_ns, outcome&) override {
        if (now_ns < due) return;
        ++expired;
        due = never_ns;
    }
    void flush(outcome&) override {
        ++flushed;
        due = never_ns;
    }

    std::vector<std::size_t> taken;
    std::int64_t due = never_ns;
    int expired = 0;
    int flushed = 0;
};

std::vector<event> of_rules(const std::vector<std::uint8_t>& numbers) {
    std::vector<event> all;
    for (const std::uint8_t each : numbers) all.emplace_back().rule = each;
    return all;
}

struct desk {
    explicit desk(const thread_plan& plan = {}, const options& settings = tiny())
        : shared(settings, plan, 16, seed) {
        inside.add(1, first);
        inside.add(3, third);
    }

    exchange shared;
    outlet out{shared, 0, shared.dispatcher_probe()};
    processing inside{shared, out};
    listening first;
    listening third;
};

constexpr std::int64_t hour_ns = 3'600'000'000'000;

/// Network threads on two nodes, of which the second need not be there: only rings are bound.
thread_plan on_two_nodes(std::uint32_t net_threads) {
    const unsigned node = lfq::sys::memory_nodes().front();
    thread_plan plan;
    plan.net_threads = net_threads;
    plan.places.assign(plan.threads(), {.cpu = 0, .node = node, .memory = node});
    plan.places.back() = {.cpu = 0, .node = node + 1, .memory = node + 1};
    plan.homes = {node, node + 1};
    return plan;
}

}  // namespace

TEST_CASE("the_first_rule_that_matches_is_a_topics_rule") {
    listening one;
    const processing_rules rules{one,
        {{filter("a.b"), processor_kind::transactional, &one},
            {filter("a.c"), processor_kind::realtime, &one},
            {filter("a.>"), processor_kind::batch, &one},
            {filter("a.b"), processor_kind::batch, &one}}};
    CHECK(rules.rule_of("a/b") == 1);
    CHECK(rules.rule_of("a/c") == 0);  // realtime is no rule of its own
    CHECK(rules.rule_of("a/d/e") == 3);
    CHECK(rules.rule_of("b") == 0);
}

TEST_CASE("each_processor_gets_the_runs_of_its_rule") {
    desk d;
    std::vector<event> batch = of_rules({1, 1, 3, 1, 3, 3, 3});
    d.inside.take(batch);
    CHECK(d.first.taken == std::vector<std::size_t>{2, 1});
    CHECK(d.third.taken == std::vector<std::size_t>{1, 3});
    CHECK(d.inside.wait_ns() == processor::never_ns);
}

TEST_CASE("the_earliest_of_what_is_held_decides_for_how_long_to_wait") {
    desk d;
    std::vector<event> batch = of_rules({1, 3});
    const std::int64_t now = lfq::sys::clock::now_ns();
    d.first.due = now + 2 * hour_ns;
    d.third.due = now + hour_ns;
    d.inside.take(batch);
    CHECK(d.inside.wait_ns() < hour_ns / 1'000);  // it looks at the slabs now and then
    CHECK(d.inside.wait_ns() > 0);
    d.inside.expire();
    CHECK(d.third.expired == 0);

    d.first.due = now - 1;
    d.inside.take(batch);
    CHECK(d.inside.wait_ns() == 0);
    d.inside.expire();
    CHECK(d.first.expired == 1);
    CHECK(d.inside.wait_ns() > 0);
    d.first.due = processor::never_ns;
    d.third.due = lfq::sys::clock::now_ns() + 1'000'000;  // sooner than that look
    d.inside.take(batch);
    CHECK(d.inside.wait_ns() <= 1'000'000);
}

TEST_CASE("nobody_is_flushed_while_nothing_is_held") {
    desk d;
    d.inside.flush();
    CHECK(d.first.flushed == 0);
    std::vector<event> batch = of_rules({1});
    d.first.due = lfq::sys::clock::now_ns() + hour_ns;
    d.inside.take(batch);
    d.inside.flush();
    CHECK(d.first.flushed == 1);
    CHECK(d.inside.wait_ns() == processor::never_ns);
}

TEST_CASE("when_slabs_run_short_nothing_is_held_any_longer_though_no_event_comes") {
    desk d;
    std::vector<event> batch = of_rules({1});
    d.first.due = lfq::sys::clock::now_ns() + hour_ns;
    d.inside.take(batch);
    std::vector<slab*> taken;
    const std::size_t few = d.shared.slabs.count() / 16 + 2;  // see processing
    while (taken.size() + 1 < few) taken.push_back(d.shared.slabs.home(0).take(1));
    d.inside.expire();
    CHECK(d.first.flushed == 0);
    taken.push_back(d.shared.slabs.home(0).take(1));
    d.inside.expire();
    CHECK(d.first.flushed == 1);
    CHECK(d.inside.wait_ns() == processor::never_ns);
    d.inside.expire();  // nothing is held: it does not look
    CHECK(d.first.flushed == 1);
    for (slab* const each : taken) each->drop_references(1);
}

TEST_CASE("what_is_held_stops_no_home_even_if_each_thread_has_just_taken_a_slab") {
    const auto net_threads = GENERATE(2U, 3U, 5U, 8U);
    const auto slabs_a_thread = GENERATE(4U, 5U, 8U, 16U, 60U);
    const auto home = GENERATE(std::size_t{0}, std::size_t{1});
    options settings = tiny();
    settings.slab_count = net_threads * slabs_a_thread;
    desk d(on_two_nodes(net_threads), settings);
    REQUIRE(d.shared.slabs.homes() == 2);
    slab_pool& slabs = d.shared.slabs.home(home);

    // As many as may be taken for what is held, and one more: this home alone is enough.
    std::vector<event> batch = of_rules({1});
    d.first.due = lfq::sys::clock::now_ns() + hour_ns;
    d.inside.take(batch);
    std::vector<slab*> held;
    while (d.first.flushed == 0) {
        held.push_back(slabs.take(1));
        REQUIRE(held.back() != nullptr);
        d.inside.expire();
    }
    held.back()->drop_references(1);
    held.pop_back();

    broker::net::probe counts;
    std::vector<std::unique_ptr<broker::net::intake>> reading;
    for (std::uint32_t i = 0; i < net_threads; ++i) {
        if (d.shared.plan.home_of(i) != home) continue;
        reading.push_back(std::make_unique<broker::net::intake>(d.shared, i, counts));
        REQUIRE_FALSE(reading.back()->space(1).empty());
    }
    REQUIRE_FALSE(reading.empty());
    for (const auto& each : reading) CHECK(each->has_room());
    for (slab* more = slabs.take(1); more != nullptr; more = slabs.take(1)) held.push_back(more);
    for (const auto& each : reading) CHECK_FALSE(each->has_room());
    for (slab* const each : held) each->drop_references(1);
}
