// SPDX-License-Identifier: MIT
// How many objects a second go from one thread to another, taken on one side and given back on the
// other?
//
// Objects of 64 bytes, one line, numbered; their handles go through the same spsc_ring of 1,024,
// looked at in the same way. What differs is where they come from and where they go.

#include "contestants/lfq_spsc.hpp"
#include "contestants/pools.hpp"
#include "harness/keep.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace {

using namespace bench;

/// A user's constructor that does nothing: new does not clear it.
struct object : wide_value<64> {
    object() noexcept {}  // NOLINT: = default would let value-initialisation clear it
};

template <class Pool>
struct line {
    Pool pool;
    lfq_spsc<typename Pool::handle, 1'024> ring;
    std::uint64_t next = 1;
};

template <class Looking, class Pool>
[[gnu::noinline]] void produce(line<Pool>& all, std::uint64_t first, std::uint64_t count) {
    typename Pool::local mine(all.pool);
    for (std::uint64_t number = first; number != first + count; ++number) {
        auto one = mine.take();
        while (!one) {
            Looking::after_refusal();
            one = mine.take();
        }
        set_number(*one, number);
        while (!all.ring.try_push(std::move(one))) Looking::after_refusal();
    }
}

template <class Looking, class Pool>
[[nodiscard, gnu::noinline]] std::uint64_t consume(
    line<Pool>& all, std::uint64_t first, std::uint64_t count) {
    typename Pool::local mine(all.pool);
    std::uint64_t wrong = 0;
    for (std::uint64_t number = first; number != first + count; ++number) {
        typename Pool::handle one{};
        while (!all.ring.try_pop(one)) Looking::after_refusal();
        wrong |= differs(*one, number);
        mine.give_back(std::move(one));
    }
    return wrong;
}

template <class Looking, class Pool>
void enter(entry_list& list, team& pinned) {
    list.enter(Pool::name, Looking::name, Pool::stands_for, 20'000, [&] {
        return [&pinned, tested = std::make_shared<line<Pool>>()](std::uint64_t count) {
            const std::uint64_t first = tested->next;
            tested->next += count;
            std::uint64_t wrong = 1;
            const double seconds =
                pinned.seconds_together([&] { produce<Looking>(*tested, first, count); },
                    [&] { wrong = consume<Looking>(*tested, first, count); });
            return outcome{seconds, static_cast<double>(count) / seconds / 1e6, wrong == 0};
        };
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("pool/event_pool_1p1c_throughput/64B",
        "objects of 64 bytes taken here, given back there, through a spsc_ring",
        {.name = "M/s", .rules_compete = true}, [&](entry_list& list) {
            for_each_pool<object>([&]<class Pool>() {
                enter<spin, Pool>(list, here.pinned());
                enter<slip, Pool>(list, here.pinned());
            });
        });
    return here.finish();
}
