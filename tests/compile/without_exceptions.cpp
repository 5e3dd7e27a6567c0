// SPDX-License-Identifier: MIT
// Every ring with every storage and wait, and a deduplicator, compiled with -fno-exceptions
// -fno-rtti: one value through each. With an argument: something that cannot be built, which must
// end in one line to stderr and abort, since nothing can be thrown.
#include <lfq/lfq.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace {

template <class Ring>
bool one_value_through(Ring& ring) {
    int out = 0;
    const bool passed = ring.try_push(7) && ring.try_pop(out) && out == 7 && ring.push(8) &&
        ring.pop_for(out, std::chrono::milliseconds(1)) && out == 8;
    ring.close();
    return passed && !ring.try_push(9) && ring.drained();
}

template <template <class, class, class, class> class Ring, class Wait>
bool with_each_storage() {
    Ring<int, lfq::storage::heap, Wait, lfq::std_env> on_heap(4);
    Ring<int, lfq::storage::inplace<4>, Wait, lfq::std_env> inplace;
    Ring<int, lfq::storage::huge, Wait, lfq::std_env> huge(4);
    return one_value_through(on_heap) && one_value_through(inplace) && one_value_through(huge);
}

template <template <class, class, class, class> class Ring>
bool with_each_wait() {
    return with_each_storage<Ring, lfq::wait::spin>() &&
        with_each_storage<Ring, lfq::wait::backoff>() &&
        with_each_storage<Ring, lfq::wait::slip>() && with_each_storage<Ring, lfq::wait::park>() &&
        with_each_storage<Ring, lfq::wait::doorbell>();
}

bool mirrored_memory_passes_one_value() {
    constexpr lfq::storage::mirrored on_huge{.pages = lfq::storage::mirrored::page_choice::huge};
    lfq::spsc_ring<int, lfq::storage::mirrored> mirrored(4);
    lfq::spsc_ring<int, lfq::storage::mirrored> huge(4, on_huge);
    lfq::spsc_ring<int, lfq::storage::spill> spill(4);
    return one_value_through(mirrored) && one_value_through(huge) && one_value_through(spill);
}

bool fan_out_passes_one_value() {
    lfq::fan_out<int> workers(2, 4);
    int out = 0;
    return workers.try_push_to(1, 7) && workers.worker(1).try_pop(out) && out == 7;
}

bool deduplicator_tells_new_from_old() {
    lfq::deduplicator<int> seen(lfq::dedup::by_count{.keys = 4});
    lfq::deduplicator<int, lfq::storage::huge, lfq::compare::vector> by_time(
        lfq::dedup::by_time{.window = 8, .keys = 4});
    return seen.insert_if_new(7) == lfq::dedup::fresh &&
        seen.insert_if_new(7) == lfq::dedup::seen &&
        by_time.insert_if_new(7, 1) == lfq::dedup::fresh && by_time.contains(7, 2);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view impossible = argc > 1 ? argv[1] : "";
    if (impossible == "capacity_0") {
        const lfq::spsc_ring<int> none(0);
    } else if (impossible == "workers_beyond_memory") {
        const lfq::fan_out<int> many(std::size_t{PTRDIFF_MAX} / sizeof(lfq::spsc_ring<int>), 1);
    }
    if (!impossible.empty()) {
        std::puts("it was built");
        return 0;
    }
    const bool passed = with_each_wait<lfq::spsc_ring>() && with_each_wait<lfq::mpsc_ring>() &&
        with_each_wait<lfq::mpsc_ordered_ring>() && mirrored_memory_passes_one_value() &&
        fan_out_passes_one_value() && deduplicator_tells_new_from_old();
    return passed ? 0 : 1;
}
