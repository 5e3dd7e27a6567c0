// SPDX-License-Identifier: MIT
// How many messages of 32 bytes a second go from 1, 2, 4 and 8 producers to one consumer, through a
// pool of rings and through a queue that also keeps nothing but each producer's order?
//
// "2p+1c" is two producers and a consumer. From there on there are more threads than cpus, two, and
// "shared" says so: the consumer is pinned to the first cpu, producers to the second, the first,
// the second … Whoever is refused pauses 64 times and then gives up its turn, whatever the
// contestant. ConcurrentQueue grows, so its producers are never refused. Rows of other names take
// many at a time and are set against nobody.

#include "contestants/lfq_pool.hpp"
#include "contestants/moodycamel.hpp"
#include "harness/looking.hpp"
#include "harness/many_to_one.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;

using value = value_of<32>;
constexpr std::array<std::size_t, 4> producers{1, 2, 4, 8};

[[nodiscard]] std::string topology(std::size_t producing) {
    return joined({std::to_string(producing), producing > 1 ? "p+1c, shared" : "p+1c"});
}

template <class Taking, class Ring>
void enter(entry_list& list, session& here, std::size_t producing, const std::string& name,
    role stands_for, std::shared_ptr<Ring> (*make)(std::size_t producing)) {
    const std::uint64_t wrapping = 4 * Ring::capacity * producing;
    list.enter(name, topology(producing), stands_for, wrapping, [&] {
        return stream_from_many<slip_and_yield, Taking>(
            here.crew(producing + 1), producing, make(producing));
    });
}

template <std::size_t Room>
void enter_all(entry_list& list, session& here, std::size_t producing) {
    using pool = lfq_pool<value, Room>;
    const auto make_pool = [](std::size_t rings) { return std::make_shared<pool>(rings); };
    enter<by_rounds, pool>(list, here, producing, pool::name, pool::stands_for, make_pool);
    enter<by_rounds_of_drain, pool>(
        list, here, producing, joined({pool::name, ", drained in place"}), role::extra, make_pool);
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
    using queue = concurrent_queue<value, 2 * Room>;
    const auto make_queue = [](std::size_t) { return std::make_shared<queue>(); };
    enter<by_try_pop, queue>(list, here, producing, queue::name, queue::stands_for, make_queue);
    enter<by_try_pop_n<value, 64>, queue>(list, here, producing,
        "moodycamel::ConcurrentQueue, taken in bulk of 64", role::extra, make_queue);
#endif
}

template <std::size_t Room>
void ask(session& here) {
    const std::string room = std::to_string(Room);
    constexpr unit_of_question rate{.name = "M/s", .pass_seconds = 0.05};
    here.ask(joined({"ring/message_pool_np_throughput/32B/", room}),
        joined({"messages of 32 bytes, room for ", room, " of each producer; shared: more threads ",
            "than the 2 cpus"}),
        rate, [&](entry_list& list) {
            for (const std::size_t producing : producers) enter_all<Room>(list, here, producing);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<16'384>(here);
    if (here.full()) ask<1'024>(here);
    return here.finish();
}
