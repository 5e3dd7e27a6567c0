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

template <std::size_t Size, class Ring>
std::size_t come_back() {
    Ring ring(8);
    std::size_t wrong = 0;
    for (std::uint64_t first = 0; first < 100; first += Size) {
        std::array<std::uint64_t, Size> sent{};
        for (std::size_t i = 0; i < Size; ++i) sent[i] = first + i;
        wrong += ring.try_push_n(std::span<const std::uint64_t>(sent)) != Size;
        std::array<std::uint64_t, Size> got{};
        wrong += ring.try_pop_n(got) != Size;
        wrong += got != sent;
    }
    return wrong;
}

template <std::size_t Size>
std::size_t broadcast_comes_back() {
    lfq::broadcast_ring<std::uint64_t> ring(8);
    auto reader = ring.join(lfq::join_at::newest);
    std::size_t wrong = 0;
    for (std::uint64_t first = 0; first < 100; first += Size) {
        std::array<std::uint64_t, Size> sent{};
        for (std::size_t i = 0; i < Size; ++i) sent[i] = first + i;
        wrong += ring.try_push_n(std::span<const std::uint64_t>(sent)) != Size;
        std::array<std::uint64_t, Size> got{};
        wrong += reader.try_pop_n(got) != Size;
        wrong += got != sent;
    }
    return wrong;
}

template <class Ring>
std::size_t all_come_back() {
    return come_back<1, Ring>() + come_back<2, Ring>() + come_back<3, Ring>();
}

}  // namespace

int main() {
    const std::size_t wrong = broadcast_comes_back<1>() + broadcast_comes_back<2>() +
        all_come_back<lfq::spsc_ring<std::uint64_t>>() +
        all_come_back<lfq::spsc_slot_ring<std::uint64_t>>() +
        all_come_back<lfq::mpsc_ring<std::uint64_t>>() +
        all_come_back<lfq::mpsc_ordered_ring<std::uint64_t>>();
    return wrong == 0 ? 0 : 1;
}
