// SPDX-License-Identifier: MIT
// Goal: batches of one and two values, whose sizes the compiler knows, compile without a warning
//       where it optimises most, and arrive.
// Cannot show: other compilers than this one.
#include <lfq/lfq.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace {

template <std::size_t Size>
std::size_t come_back(auto& giving, auto& taking) {
    std::size_t wrong = 0;
    for (std::uint64_t first = 0; first < 100; first += Size) {
        std::array<std::uint64_t, Size> sent{};
        for (std::size_t i = 0; i < Size; ++i) sent[i] = first + i;
        wrong += giving.try_push_n(std::span<const std::uint64_t>(sent)) != Size;
        std::array<std::uint64_t, Size> got{};
        wrong += taking.try_pop_n(got) != Size;
        wrong += got != sent;
    }
    return wrong;
}

std::size_t all_come_back(auto& giving, auto& taking) {
    return come_back<1>(giving, taking) + come_back<2>(giving, taking) +
        come_back<3>(giving, taking);
}

template <class Ring>
std::size_t all_come_back() {
    Ring ring(8);
    return all_come_back(ring, ring);
}

}  // namespace

int main() {
    lfq::broadcast_ring<std::uint64_t> broadcast(8);
    auto reader = broadcast.join(lfq::join_at::newest);
    const std::size_t wrong = all_come_back(broadcast, reader) +
        all_come_back<lfq::spsc_ring<std::uint64_t>>() +
        all_come_back<lfq::spsc_slot_ring<std::uint64_t>>() +
        all_come_back<lfq::mpsc_ring<std::uint64_t>>() +
        all_come_back<lfq::mpsc_ordered_ring<std::uint64_t>>();
    return wrong == 0 ? 0 : 1;
}
