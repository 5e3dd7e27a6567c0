// SPDX-License-Identifier: MIT
// Goal: on rings and waits, too, the reduced search comes to every outcome of the whole tree.
// Method: programs small enough for the whole tree; an outcome is all that their threads were told.
// Cannot show: that the outcomes are right; ring/ and policy/ are for that.
#include "litmus.hpp"

#include "ring/rings.hpp"
#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace {

using namespace litmus;
using model::mpsc_of;
using model::spsc_of;
using model::thread;
using model::tracked;

/// What the threads were told, each in its own place.
struct answers {
    std::array<int, 8> of{};

    [[nodiscard]] std::string text() const {
        std::string all;
        for (const int each : of) all += std::to_string(each) + " ";
        return all;
    }
};

template <class Program>
void agree(const Program& program, model::options how = {}) {
    const auto told = [&](model::execution& here, const auto& note) {
        answers to;
        program(here, to);
        note(to.text());
    };
    const found all = search(how, told);
    const found whole = search(unreduced(how), told);
    CHECK(all.how.why.text == "");
    CHECK(all.how.complete);
    CHECK(whole.how.complete);
    CHECK(all.outcomes.size() > 1);
    CHECK(lines(all.outcomes) == lines(whole.outcomes));
    CHECK(all.how.executions < whole.how.executions);
}

/// 0: empty.
template <class Ring>
int popped(Ring& ring, tracked& out) {
    return ring.try_pop(out) ? out.get() : 0;
}

template <std::size_t Capacity>
void one_to_one(model::execution& here, answers& to) {
    spsc_of<tracked, Capacity> ring;
    here.run(thread{"producer",
                 [&] {
                     for (std::size_t i = 0; i < 2; ++i)
                         to.of[i] = ring.try_push(tracked(static_cast<int>(i) + 1)) ? 1 : 0;
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   for (std::size_t i = 2; i < 4; ++i) to.of[i] = popped(ring, out);
               }});
    to.of[4] = static_cast<int>(ring.size_approx());
}

template <std::size_t Capacity>
void two_to_one(model::execution& here, answers& to) {
    mpsc_of<tracked, Capacity> ring;
    const auto push = [&](int value) {
        return [&, value] {
            to.of[static_cast<std::size_t>(value)] = ring.try_push(tracked(value)) ? 1 : 0;
        };
    };
    here.run(thread{"one", push(1)}, thread{"two", push(2)}, thread{"consumer", [&] {
                                                                        tracked out;
                                                                        to.of[3] =
                                                                            popped(ring, out);
                                                                    }});
    to.of[4] = static_cast<int>(ring.size_approx());
}

void wakes_the_consumer(model::execution& here, answers& to) {
    spsc_of<tracked, 1, model::doorbell> ring;
    here.run(thread{"producer",
                 [&] {
                     to.of[0] = ring.try_push(tracked(1)) ? 1 : 0;
                     to.of[1] = static_cast<int>(ring.size_approx());
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   to.of[2] = ring.pop(out) ? out.get() : 0;
               }});
}

}  // namespace

TEST_CASE("one_producer_and_one_consumer_at_capacity_1") { agree(one_to_one<1>); }
TEST_CASE("one_producer_and_one_consumer_at_capacity_2") { agree(one_to_one<2>); }

TEST_CASE("two_producers_and_a_consumer_at_capacity_1") { agree(two_to_one<1>); }
TEST_CASE("two_producers_and_a_consumer_at_capacity_2") { agree(two_to_one<2>); }

TEST_CASE("weak_compare_exchanges_of_a_shared_ring_fail_by_themselves") {
    agree(
        [](model::execution& here, answers& to) {
            mpsc_of<tracked, 2> ring;
            const auto push = [&](int value) {
                return [&, value] {
                    to.of[static_cast<std::size_t>(value)] = ring.try_push(tracked(value)) ? 1 : 0;
                };
            };
            here.run(thread{"one", push(1)}, thread{"two", push(2)});
            tracked out;
            to.of[3] = popped(ring, out);
        },
        {.spurious = 1});
}

TEST_CASE("a_sleeping_consumer_is_woken") { agree(wakes_the_consumer); }

TEST_CASE("a_consumer_gives_up_when_time_passes") {
    agree([](model::execution& here, answers& to) {
        spsc_of<tracked, 1, model::park> ring;
        here.run(thread{"producer", [&] { (void)ring.push(tracked(1)); }},
            thread{"consumer", [&] {
                       tracked out;
                       to.of[0] = ring.pop_for(out, std::chrono::seconds(1)) ? out.get() : 0;
                   }});
    });
}

TEST_CASE("a_ring_is_closed_under_way") {
    agree([](model::execution& here, answers& to) {
        mpsc_of<tracked, 1> ring;
        here.run(thread{"producer", [&] { to.of[0] = ring.try_push(tracked(1)) ? 1 : 0; }},
            thread{"closer", [&] { ring.close(); }}, thread{"consumer", [&] {
                                                                tracked out;
                                                                to.of[1] = popped(ring, out);
                                                                to.of[2] = ring.drained() ? 1 : 0;
                                                            }});
    });
}

TEST_CASE("a_producer_dies_on_its_way") {
    agree(
        [](model::execution& here, answers& to) {
            spsc_of<int, 1> ring;
            here.run(thread{"producer",
                         [&] {
                             for (int i = 1; i <= 2; ++i) to.of[0] += ring.try_push(i) ? i : 0;
                         },
                         true},
                thread{"consumer", [&] {
                           for (std::size_t i = 1; i < 3; ++i) (void)ring.try_pop(to.of[i]);
                       }});
            to.of[3] = here.died(1) ? 1 : 0;
        },
        {.deaths = 1});
}

TEST_CASE("stores_of_a_ring_stand_before_older_ones") {
    agree(one_to_one<1>, with_reordered_stores());
    agree(two_to_one<1>, with_reordered_stores());
}
