// SPDX-License-Identifier: MIT
// How many keys a second are looked up and inserted, by one thread and by two, beside a concurrent
// set and a set behind a lock?
//
// A million random keys, each offered twice: by one thread, all of them and then all of them again;
// by two, all by each, the second one beginning in the middle. Half of the answers must be "new".
// One at a time, 16 at a time, and 16 at a time by vector where the build has one.

#include "contestants/sets.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"

#include <lfq/base/mix.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace bench;

constexpr std::size_t keys = 1'000'000;

using order_of_keys = std::vector<std::uint64_t>;

/// What each thread offers.
std::vector<order_of_keys> orders_for(std::size_t threads) {
    order_of_keys once(keys);
    for (std::size_t i = 0; i < keys; ++i) once[i] = lfq::mix(3 * i + 1);
    order_of_keys other = once;
    if (threads == 1) {
        once.insert(once.end(), other.begin(), other.end());
        return {once};
    }
    std::rotate(other.begin(), other.begin() + keys / 2, other.end());
    return {once, other};
}

template <std::size_t Batch, class Set>
std::size_t offer_all(Set& set, const order_of_keys& order) {
    std::size_t fresh = 0;
    for (std::size_t at = 0; at < order.size(); at += Batch)
        fresh += set.offer(some_keys(order).subspan(at, Batch));
    return fresh;
}

template <std::size_t Batch, class Set>
pass offer_twice(team& pinned, std::shared_ptr<const std::vector<order_of_keys>> orders) {
    const auto set = std::make_shared<Set>(keys);
    return [&pinned, orders, set](std::uint64_t count) {
        double seconds = 0;
        bool right = true;
        std::uint64_t offered = 0;
        for (; offered < count; offered += 2 * keys) {
            set->begin();
            std::size_t first = 0;
            std::size_t second = 0;
            seconds +=
                pinned.seconds_together([&] { first = offer_all<Batch>(*set, orders->front()); },
                    [&] {
                        if (orders->size() > 1) second = offer_all<Batch>(*set, orders->back());
                    });
            // Those that heard full are missing: a few in a million.
            right = right && first + second <= keys && first + second > keys - keys / 10'000;
        }
        return outcome{seconds, static_cast<double>(offered) / seconds / 1e6, right};
    };
}

void ask(session& here, std::size_t threads) {
    const auto orders = std::make_shared<const std::vector<order_of_keys>>(orders_for(threads));
    const auto make = [&]<std::size_t Batch, class Set>(
                          entry_list& list, const char* rule, role stands_for) {
        list.enter(Set::name, rule, stands_for, 2 * keys,
            [&] { return offer_twice<Batch, Set>(here.pinned(), orders); });
    };
    const auto peers = [&]<std::size_t Batch>(entry_list& list, const char* rule) {
        make.operator()<Batch, locked_set>(list, rule, locked_set::stands_for);
#if LFQ_BENCH_HAS_TBB
        make.operator()<Batch, tbb_set>(list, rule, tbb_set::stands_for);
#endif
#if LFQ_BENCH_HAS_BOOST_FLAT_SET
        make.operator()<Batch, boost_set>(list, rule, boost_set::stands_for);
#endif
    };
    const std::string in_words = "keys looked up and inserted by " + std::to_string(threads) +
        (threads == 1 ? " thread" : " threads");
    here.ask("dedup/deduplicator_nt_throughput/" + std::to_string(threads) + "t", in_words,
        {.name = "M/s", .one_thread = threads == 1}, [&](entry_list& list) {
            using scalar = lfq_set<lfq::compare::scalar>;
            using vector = lfq_set<lfq::compare::vector>;
            make.operator()<1, scalar>(list, "single", role::ours);
            make.operator()<1, lfq_counting_set>(list, "single", role::extra);
            peers.operator()<1>(list, "single");
            make.operator()<16, scalar>(list, "batch of 16", role::ours);
            make.operator()<16, lfq_counting_set>(list, "batch of 16", role::extra);
            peers.operator()<16>(list, "batch of 16");
            if constexpr (lfq::compare::vector::vector_bits != 0) {
                make.operator()<1, vector>(list, "vector", role::ours);
                peers.operator()<1>(list, "vector");
                make.operator()<16, vector>(list, "vector, 16", role::ours);
                peers.operator()<16>(list, "vector, 16");
            }
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask(here, 1);
    if (here.full()) ask(here, 2);
    return here.finish();
}
