// SPDX-License-Identifier: MIT
// bench/harness/occupancy.hpp — one side works on every value, so the ring stays near empty or near
// full.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/keep.hpp"
#include "harness/looking.hpp"
#include "harness/question.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"
#include "harness/values.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// About 50 to 100 ns of work: a chain of multiplications, each of which waits for the one before.
inline void work_on_a_value() {
    std::uint64_t link = 3;
    for (int i = 0; i < 64; ++i) {
        link *= 0x9e37'79b9'7f4a'7c15;
        changed(link);
    }
}

/// Before each push: the consumer is there first, and the ring near empty.
template <class Looking>
struct producer_works : one_at_a_time<Looking> {
    template <class Ring>
    [[gnu::noinline]] static void produce(Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            work_on_a_value();
            set_number(value, number);
            changed(value);
            while (!ring.try_push(value)) Looking::after_refusal();
        }
    }
};

/// After each pop: the producer is there first, and the ring near full.
template <class Looking>
struct consumer_works : one_at_a_time<Looking> {
    template <class Ring>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Ring& ring, std::uint64_t first, std::uint64_t count) {
        typename Ring::value_type value{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count; ++number) {
            while (!ring.try_pop(value)) Looking::after_refusal();
            read_whole(value);
            wrong |= differs(value, number);
            work_on_a_value();
        }
        return wrong;
    }
};

/// The work alone, with no ring around it: what the working side could do at most.
[[nodiscard]] inline pass work_alone() {
    return [](std::uint64_t count) {
        const auto began = steady::now();
        for (std::uint64_t i = 0; i < count; ++i) work_on_a_value();
        const double seconds = std::chrono::duration<double>(steady::now() - began).count();
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, true};
    };
}

template <class Field, template <class> class Working, std::size_t Capacity>
void ask_where_one_works(session& here, const std::string& where, const std::string& in_words) {
    using value = value_of<8>;
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/", Field::name, "_1p1c_occupancy/", where, "/8B/", slots}),
        joined({in_words, ", ", slots, " slots"}), {.name = "M/s", .rules_compete = true},
        [&](entry_list& list) {
            const auto enter = [&]<class Ring>(role stands_for) {
                enter_stream<Ring, Working<spin>>(
                    list, here.pinned(), Ring::name, spin::name, stands_for);
                enter_stream<Ring, Working<slip>>(
                    list, here.pinned(), Ring::name, slip::name, stands_for);
            };
            enter.template operator()<typename Field::template ours<value, Capacity>>(role::ours);
            Field::template for_each_peer<value, Capacity>(
                [&]<class Peer>() { enter.template operator()<Peer>(Peer::stands_for); });
            for (const char* rule : {spin::name, slip::name})
                list.enter("the work alone", rule, role::floor, 20'000, work_alone);
        });
}

/// `Field` is our ring and its peers.
template <class Field, std::size_t Capacity>
void ask_about_occupancy(session& here) {
    ask_where_one_works<Field, producer_works, Capacity>(
        here, "near_empty", "the producer works on each value");
    ask_where_one_works<Field, consumer_works, Capacity>(
        here, "near_full", "the consumer works on each value");
}

}  // namespace bench
