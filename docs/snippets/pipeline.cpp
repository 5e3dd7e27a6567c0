// SPDX-License-Identifier: MIT
// The code that docs/guide/pipeline.md shows, run.
#include <lfq/dedup/deduplicator.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <thread>

namespace {

struct event {
    std::uint64_t id;  // equal ids: the same event, sent again
    std::array<std::uint64_t, 6> content;
};

constexpr std::size_t at_once = 64;
constexpr std::size_t window_events = 65'536;

using ingest_ring = lfq::mpsc_ring<event>;
using worker_ring = lfq::spsc_ring<event>;
using window = lfq::deduplicator<std::uint64_t>;

void push_all(worker_ring& to_worker, std::span<const event> events) {
    while (!events.empty()) {
        const std::size_t went = to_worker.try_push_n(events);
        events = events.subspan(went);
        // One by the waiting verb, whose policy decides how it waits; then as many as fit again.
        if (went == 0 && to_worker.push(events.front())) events = events.subspan(1);
    }
}

void dispatch(ingest_ring& from_producers, window& seen, worker_ring& to_worker) {
    std::array<event, at_once> batch;
    std::array<std::uint64_t, at_once> ids;
    std::array<lfq::dedup::answer, at_once> answers;
    for (;;) {
        std::size_t count = from_producers.try_pop_n(batch);
        if (count == 0) {
            if (!from_producers.pop(batch[0])) break;  // closed and drained
            count = 1;
        }
        for (std::size_t i = 0; i < count; ++i) ids[i] = batch[i].id;
        seen.insert_if_new_n(std::span(ids).first(count), answers);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (answers[i] != lfq::dedup::seen) batch[kept++] = batch[i];
        }
        push_all(to_worker, std::span(batch).first(kept));
    }
    to_worker.close();
}

std::uint64_t work(worker_ring& to_worker) {
    std::uint64_t sum = 0;
    const auto add = [&sum](const event& each) { sum += each.id; };
    event next{};
    while (to_worker.pop(next)) {  // waits as the policy says
        add(next);
        to_worker.drain(add);  // what came meanwhile, where it lies
    }
    return sum;
}

bool each_id_is_worked_on_once() {
    ingest_ring from_producers(65'536);
    worker_ring to_worker(16'384);
    window seen(lfq::dedup::by_count{window_events});

    constexpr std::uint64_t ids_each = 20'000;
    std::uint64_t sum = 0;
    {
        std::jthread worker([&] { sum = work(to_worker); });
        std::jthread dispatcher([&] { dispatch(from_producers, seen, to_worker); });
        {
            const auto produce = [&](std::uint64_t first) {
                for (std::uint64_t id = first; id != first + ids_each; ++id) {
                    const bool twice = id % 16 == 0;
                    if (!from_producers.push({id, {}})) return;
                    if (twice && !from_producers.push({id, {}})) return;
                }
            };
            std::jthread one([&] { produce(1); });
            std::jthread other([&] { produce(1 + ids_each); });
        }
        from_producers.close();  // what was pushed before is still delivered
    }
    constexpr std::uint64_t ids = 2 * ids_each;
    return sum == ids * (ids + 1) / 2;
}

}  // namespace

int main() {
    const bool right = each_id_is_worked_on_once();
    std::printf("each id once: %s\n", right ? "yes" : "no");
    return right ? 0 : 1;
}
