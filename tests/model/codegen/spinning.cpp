// SPDX-License-Identifier: MIT
// The hot functions of rings whose waiters nobody has to wake. PLANTED: with one who must be woken.

#include <lfq/policy/sleep.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace {

using lfq::storage::heap;
using lfq::storage::mirrored;
using lfq::wait::spin;
#if defined(PLANTED)
using planted = lfq::wait::park;
#else
using planted = spin;
#endif

using number = std::uint64_t;
using numbers = std::span<const number>;
using message = std::span<const std::byte>;
using spsc = lfq::spsc_ring<number, heap, planted>;
using slots = lfq::spsc_slot_ring<number, heap, spin>;
using mpsc = lfq::mpsc_ring<number, heap, spin>;
using lingering = lfq::mpsc_ring<number, heap, lfq::wait::slip>;
using in_turn = lfq::mpsc_ordered_ring<number, heap, lfq::wait::backoff>;
using shown = lfq::broadcast_ring<number, heap, spin>;
using lossy = lfq::lossy_broadcast_ring<number, heap, spin>;
using letters = lfq::message_ring<mirrored, spin>;
using shared_letters = lfq::mpsc_message_ring<mirrored, spin>;
using bytes = lfq::byte_ring<mirrored, spin>;

}  // namespace

extern "C" {

bool spsc_try_push(spsc& ring, number value) { return ring.try_push(value); }
bool spsc_try_pop(spsc& ring, number& out) { return ring.try_pop(out); }
std::size_t spsc_try_push_n(spsc& ring, numbers values) { return ring.try_push_n(values); }
bool slots_try_push(slots& ring, number value) { return ring.try_push(value); }
bool slots_try_pop(slots& ring, number& out) { return ring.try_pop(out); }
bool mpsc_try_push(mpsc& ring, number value) { return ring.try_push(value); }
bool mpsc_push(mpsc& ring, number value) { return ring.push(value); }
bool mpsc_try_pop(mpsc& ring, number& out) { return ring.try_pop(out); }
std::size_t mpsc_try_push_n(mpsc& ring, numbers values) { return ring.try_push_n(values); }
bool lingering_try_push(lingering& ring, number value) { return ring.try_push(value); }
bool in_turn_try_push(in_turn& ring, number value) { return ring.try_push(value); }
bool in_turn_try_pop(in_turn& ring, number& out) { return ring.try_pop(out); }
bool shown_try_push(shown& ring, number value) { return ring.try_push(value); }
bool shown_try_pop(shown::reader& reader, number& out) { return reader.try_pop(out); }
bool lossy_try_push(lossy& ring, number value) { return ring.try_push(value); }
bool letters_try_push(letters& ring, message some) { return ring.try_push(some); }
std::size_t letters_drain(letters& ring, std::size_t& sum) {
    return ring.drain([&](message some) { sum += some.size(); });
}
bool shared_letters_try_push(shared_letters::producer_handle& mine, message some) {
    return mine.try_push(some);
}
std::size_t bytes_try_push_n(bytes& ring, message some) { return ring.try_push_n(some); }
std::size_t bytes_try_pop_n(bytes& ring, std::span<std::byte> out) { return ring.try_pop_n(out); }

}  // extern "C"
