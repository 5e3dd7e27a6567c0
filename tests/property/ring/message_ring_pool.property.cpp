// SPDX-License-Identifier: MIT
// Goal: any sequence of verbs on a pool of rings is answered as plain queues answer it: leases and
//         their ends, messages, turns of the rounds, what is given back, counts, and each write
//         that wakes the consumer.
// Method: random sequences against a model, in both storages, pools within a word of the ready set
//         and beyond it; visits read a part, push, close, give back and throw; everything is also
//         used wrongly. LFQ_SEED repeats a run.
// Cannot show: anything between threads.
#include <lfq/ring/message_ring_pool.hpp>

#include "property/ring/pool_twins.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using doorbell = lfq::wait::basic_doorbell<support::counting_event_fd, support::counting_futex>;

template <class Storage>
void play(std::size_t rings, std::size_t bytes, std::uint64_t stream) {
    using pool_type = lfq::message_ring_pool<Storage, doorbell>;
    support::dice random(stream);
    pool_type pool({.rings = rings, .bytes = bytes});
    ring_twins::pool_twins<pool_type> pair(pool, random);
    const std::size_t steps = random.from_to(1, 400);
    for (std::size_t i = 0; i < steps; ++i) pair.step();
    if (!random.one_in(3)) pair.end();
}

}  // namespace

TEST_CASE("any_sequence_of_verbs_on_a_pool_is_answered_as_the_model_answers") {
    const std::uint64_t games = support::affordable(1'000);
    for (std::uint64_t game = 0; game < games; ++game) {
        const std::uint64_t stream = game * 6;
        play<lfq::storage::spill>(1, 64, stream);
        play<lfq::storage::spill>(2, 16, stream + 1);
        play<lfq::storage::spill>(4, 256, stream + 2);
        play<lfq::storage::mirrored>(3, 4096, stream + 3);
        if (game % 10 == 0) play<lfq::storage::spill>(64, 64, stream + 4);
        if (game % 10 == 0) play<lfq::storage::spill>(67, 64, stream + 5);
    }
    SUCCEED(games << " games");
}
