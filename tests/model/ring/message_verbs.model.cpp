// SPDX-License-Identifier: MIT
// Goal: what a ring of many producers shows together is finished and whole, was not skipped, and
//       stays until it is consumed; the mark of the ring is no lower than what was seen at once.
// Method: the smallest scenario, from just below the wrap of positions, exhaustively.
// Cannot show: more messages than here; the other verbs are in the scenarios of each ring.
#include "ring/ledger.hpp"
#include "ring/letters.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace {

using namespace model;

constexpr auto word = sizeof(std::uint64_t);

void many_are_shown_where_they_are(execution& here) {
    mpsc_message_ring_of<spin, env_words_before_wrap> ring({8 * word, 2, word});
    ledger books;
    std::size_t most = 0;
    const auto takes_two = [&] {
        const auto some = ring.peek(2);
        most = std::max(most, some.size());
        for (const std::span<const std::byte> found : some) {
            letter got;
            got.read(found);
            books.popped(got);
        }
        ring.consume(some.size());
    };
    const auto pushes = [&](int producer, bool abandons) {
        return [&ring, &books, producer, abandons] {
            auto handle = ring.producer();
            if (abandons) {
                if (auto gone = handle->claim(word)) letter(999).write(gone.bytes());
            }
            letters out(*handle);
            check(books.push(out, producer), "not closed");
        };
    };
    here.run(thread{"producer 1", pushes(1, true)}, thread{"producer 2", pushes(2, false)},
        thread{"consumer", takes_two});
    takes_two();
    books.check_all_arrived();
    check(ring.peek(1).empty() && ring.size_approx() == 0, "and nothing is held");
    check(ring.statistics().high_water_bytes >= most * word, "as high as was seen at once");
}
const scenario shown(
    "message_verbs/many_are_shown_where_they_are", {}, many_are_shown_where_they_are);

}  // namespace
