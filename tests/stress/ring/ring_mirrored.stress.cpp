// SPDX-License-Identifier: MIT
// Goal: batches written in one span across the wrap of mirrored memory arrive whole and in order at
//         a thread that reads them in one span.
// Method: a ring of four elements, spans of one to four of them, numbered; every verb pair of whole
//         batches, and single values between them.
// Cannot show: a race between the two views; ThreadSanitizer sees addresses.
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"
#include "support/setups.hpp"

#include <cstddef>
#include <cstdint>
#include <thread>
#include <tuple>

namespace {

using quarter = support::part_of_a_page<4>;
using every_sleeper = std::tuple<  //
    support::setup<support::spsc, support::in_mirrored, support::backoff>,
    support::setup<support::spsc, support::in_mirrored, support::park, support::env_near_wrap>>;

template <class Ring>
void send(Ring& ring, std::uint64_t count) {
    support::dice random(1);
    for (std::uint64_t next = 0; next < count;) {
        if (random.one_in(4)) {
            ring.push(quarter(next++));
            continue;
        }
        auto claimed = ring.claim(random.from_to(1, 4));
        if (!claimed) std::this_thread::yield();
        std::size_t filled = 0;
        const auto spans = claimed.spans();
        for (quarter& each : spans[0]) {
            if (next == count) break;
            each = quarter(next++);
            ++filled;
        }
        claimed.commit(filled);
    }
    ring.close();
}

struct receipt {
    std::uint64_t count = 0;
    std::uint64_t wrong = 0;
    std::uint64_t cut = 0;
};

template <class Ring>
receipt receive(Ring& ring) {
    support::dice random(2);
    receipt seen;
    quarter out;
    while (ring.pop(out)) {
        if (support::number(out) != seen.count++) ++seen.wrong;
        if (random.one_in(4)) continue;
        const auto spans = ring.peek();
        for (const quarter& each : spans[0]) {
            if (support::number(each) != seen.count++) ++seen.wrong;
        }
        if (!spans[1].empty()) ++seen.cut;
        ring.consume(spans[0].size());
    }
    return seen;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("spans_across_the_wrap_arrive_whole_and_in_order", "", every_sleeper) {
    const std::uint64_t count = support::affordable(100'000);
    auto ring = TestType::template make<quarter, 4>();
    std::thread sender([&] { send(ring, count); });
    const receipt seen = receive(ring);
    sender.join();
    CHECK(seen.count == count);
    CHECK(seen.wrong == 0);
    CHECK(seen.cut == 0);
    CHECK(ring.drained());
}
