// SPDX-License-Identifier: MIT
// How long does it take to lease a ring of a pool and to get it back?
//
// One thread does both sides in turn: lease, close, see the end, give back; and the same with a
// message in between. Tokens of a queue that grows are what comes closest among the peers.

#include "contestants/moodycamel.hpp"
#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"
#include "harness/values.hpp"

#include <lfq/ring/message_ring_pool.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace {

using namespace bench;

using value = value_of<32>;

/// Nanoseconds for one of `count` calls of cycle(number).
template <class Cycle>
[[nodiscard]] outcome timed(std::uint64_t count, Cycle&& cycle) {
    bool right = true;
    const auto began = steady::now();
    for (std::uint64_t i = 0; i < count; ++i) right = cycle(i) && right;
    const double seconds = std::chrono::duration<double>(steady::now() - began).count();
    return {seconds, seconds * 1e9 / static_cast<double>(count), right};
}

[[nodiscard]] pass leasing(std::size_t rings, bool with_a_message) {
    auto pool = std::make_shared<lfq::message_ring_pool<>>(
        lfq::message_ring_pool<>::sizes{.rings = rings, .bytes = 4096});
    const auto cycle = [pool, with_a_message](std::uint64_t number) {
        auto lease = pool->lease();
        if (!lease) return false;
        value sent{};
        set_number(sent, number);
        if (with_a_message && !lease->try_push(std::as_bytes(std::span(&sent, 1)))) return false;
        lease->close();
        bool back = false;
        value got{};
        pool->for_each_ready([&](std::size_t id, auto ring) {
            if (with_a_message)
                static_cast<void>(ring.try_pop(std::as_writable_bytes(std::span(&got, 1))));
            if (ring.drained()) back = pool->give_back(id);
        });
        return back && (!with_a_message || differs(got, number) == 0);
    };
    return [cycle](std::uint64_t count) { return timed(count, cycle); };
}

void enter_pools(entry_list& list, std::size_t rings) {
    const std::string name = joined({"lfq::message_ring_pool of ", std::to_string(rings)});
    const bool few = rings < 1000;
    list.enter(name, "lease only", few ? role::ours : role::extra, 1'000,
        [&] { return leasing(rings, false); });
    list.enter(name, "with a message", few ? role::ours : role::extra, 1'000,
        [&] { return leasing(rings, true); });
}

#if LFQ_BENCH_HAS_CONCURRENTQUEUE
[[nodiscard]] pass taking_tokens(bool with_a_message) {
    using queue_type = moodycamel::ConcurrentQueue<value>;
    auto queue = std::make_shared<queue_type>(1024);
    auto consumer = std::make_shared<moodycamel::ConsumerToken>(*queue);
    const auto cycle = [queue, consumer, with_a_message](std::uint64_t number) {
        const moodycamel::ProducerToken token(*queue);
        if (!with_a_message) return token.valid();
        value sent{};
        set_number(sent, number);
        value got{};
        return queue->enqueue(token, sent) && queue->try_dequeue(*consumer, got) &&
            differs(got, number) == 0;
    };
    return [cycle](std::uint64_t count) { return timed(count, cycle); };
}
#endif

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("ring/message_pool_1t_latency", "lease a ring, close it, see its end, give it back",
        {.name = "ns", .lower_is_better = true, .one_thread = true}, [](entry_list& list) {
            enter_pools(list, 8);
            enter_pools(list, 1000);
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
            list.enter("token of moodycamel::ConcurrentQueue", "lease only", role::growing_peer,
                1'000, [] { return taking_tokens(false); });
            list.enter("token of moodycamel::ConcurrentQueue", "with a message", role::growing_peer,
                1'000, [] { return taking_tokens(true); });
#endif
        });
    return here.finish();
}
