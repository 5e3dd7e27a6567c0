// SPDX-License-Identifier: MIT
// The hot functions of rings, pools and the deduplicator, one by one, for a look at their
// instructions. PLANTED: with an instruction too many.

#include <lfq/codec/frame_codec.hpp>
#include <lfq/dedup/deduplicator.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/fan_out.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/message_ring_pool.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace {

using spsc = lfq::spsc_ring<std::uint64_t, lfq::storage::heap, lfq::wait::spin>;
using slots = lfq::spsc_slot_ring<std::uint64_t, lfq::storage::heap, lfq::wait::spin>;
using mpsc = lfq::mpsc_ring<std::uint64_t, lfq::storage::heap, lfq::wait::slip>;
using in_turn = lfq::mpsc_ordered_ring<std::uint64_t, lfq::storage::heap, lfq::wait::spin>;
using sleepy = lfq::spsc_ring<std::uint64_t, lfq::storage::heap, lfq::wait::park>;
using belled = lfq::mpsc_ring<std::uint64_t, lfq::storage::heap, lfq::wait::doorbell>;
using shown = lfq::broadcast_ring<std::uint64_t, lfq::storage::heap, lfq::wait::park>;
using lossy = lfq::lossy_broadcast_ring<std::uint64_t>;
using letters = lfq::message_ring<>;
using shared_letters = lfq::mpsc_message_ring<>;
using letter_pool = lfq::message_ring_pool<>;
using bytes = lfq::byte_ring<>;
using letter = std::span<const std::byte>;
using cache = lfq::pool_cache<std::uint64_t>;
using handle = lfq::pooled<std::uint64_t>;
using share = lfq::shared_pooled<std::uint64_t>;
using numbers = lfq::deduplicator<std::uint64_t>;

}  // namespace

extern "C" {

bool spsc_try_push(spsc& ring, std::uint64_t value) {
#if defined(PLANTED)
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
    return ring.try_push(value);
}
bool spsc_try_pop(spsc& ring, std::uint64_t& out) { return ring.try_pop(out); }
std::size_t spsc_try_push_n(spsc& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
std::size_t spsc_try_pop_n(spsc& ring, std::span<std::uint64_t> out) { return ring.try_pop_n(out); }
std::size_t spsc_drain(spsc& ring, std::uint64_t& sum) {
    return ring.drain([&](std::uint64_t value) { sum += value; });
}
bool spsc_push(spsc& ring, std::uint64_t value) { return ring.push(value); }
bool slots_try_push(slots& ring, std::uint64_t value) { return ring.try_push(value); }
bool slots_try_pop(slots& ring, std::uint64_t& out) { return ring.try_pop(out); }
std::size_t slots_try_push_n(slots& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
std::size_t slots_try_pop_n(slots& ring, std::span<std::uint64_t> out) {
    return ring.try_pop_n(out);
}
std::size_t slots_drain(slots& ring, std::uint64_t& sum) {
    return ring.drain([&](std::uint64_t value) { sum += value; });
}
bool mpsc_try_push(mpsc& ring, std::uint64_t value) { return ring.try_push(value); }
bool mpsc_try_pop(mpsc& ring, std::uint64_t& out) { return ring.try_pop(out); }
std::size_t mpsc_try_push_n(mpsc& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
bool mpsc_push(mpsc& ring, std::uint64_t value) { return ring.push(value); }
bool mpsc_pop(mpsc& ring, std::uint64_t& out) { return ring.pop(out); }
bool in_turn_try_push(in_turn& ring, std::uint64_t value) { return ring.try_push(value); }
std::size_t in_turn_try_push_n(in_turn& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
bool in_turn_try_pop(in_turn& ring, std::uint64_t& out) { return ring.try_pop(out); }
std::size_t in_turn_try_pop_n(in_turn& ring, std::span<std::uint64_t> out) {
    return ring.try_pop_n(out);
}
std::size_t in_turn_drain(in_turn& ring, std::uint64_t& sum) {
    return ring.drain([&](std::uint64_t value) { sum += value; });
}
bool sleepy_push(sleepy& ring, std::uint64_t value) { return ring.push(value); }
bool sleepy_pop(sleepy& ring, std::uint64_t& out) { return ring.pop(out); }
bool belled_try_push(belled& ring, std::uint64_t value) { return ring.try_push(value); }
bool belled_arm(belled& ring) { return ring.arm(); }
bool shown_try_push(shown& ring, std::uint64_t value) { return ring.try_push(value); }
std::size_t shown_try_push_n(shown& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
bool shown_pop(shown::reader& reader, std::uint64_t& out) { return reader.pop(out); }
std::size_t shown_try_pop_n(shown::reader& reader, std::span<std::uint64_t> out) {
    return reader.try_pop_n(out);
}
std::size_t shown_drain(shown::reader& reader, std::uint64_t& sum) {
    return reader.drain([&](std::uint64_t value) { sum += value; });
}
shown::reader shown_join(shown& ring) { return ring.join(lfq::join_at::oldest); }
bool lossy_try_push(lossy& ring, std::uint64_t value) { return ring.try_push(value); }
std::size_t lossy_try_push_n(lossy& ring, std::span<const std::uint64_t> values) {
    return ring.try_push_n(values);
}
bool lossy_try_pop(lossy::reader& reader, std::uint64_t& out) { return reader.try_pop(out); }
std::size_t lossy_drain(lossy::reader& reader, std::uint64_t& sum) {
    return reader.drain([&](std::uint64_t value) { sum += value; });
}
bool letters_try_push(letters& ring, letter message) { return ring.try_push(message); }
std::size_t letters_drain(letters& ring, std::size_t& sum) {
    return ring.drain([&](letter message) { sum += message.size(); });
}
bool shared_letters_try_push(shared_letters::producer_handle& mine, letter message) {
    return mine.try_push(message);
}
std::size_t shared_letters_drain(shared_letters& ring, std::size_t& sum) {
    return ring.drain([&](letter message) { sum += message.size(); });
}
bool leased_try_push(letter_pool::lease_type& ring, letter message) {
    return ring.try_push(message);
}
std::size_t letter_pool_round(letter_pool& pool, std::size_t& sum) {
    return pool.for_each_ready([&](std::size_t, letter_pool::reader ring) {
        ring.drain([&](letter message) { sum += message.size(); });
    });
}
std::size_t bytes_try_push_n(bytes& ring, letter some) { return ring.try_push_n(some); }
std::size_t bytes_try_pop_n(bytes& ring, std::span<std::byte> out) { return ring.try_pop_n(out); }
void pool_take(cache& mine, handle& out) { out = mine.take(); }
void pool_give_back(cache& mine, handle& one) { mine.give_back(std::move(one)); }
void pool_handle_ends(handle& one) { one.give_back(); }
void pool_share_ends(share& one) { one.give_back(); }
lfq::dedup::answer dedup_insert(numbers& seen, std::uint64_t key, std::uint64_t now) {
    return seen.insert_if_new(key, now);
}
std::size_t dedup_insert_n(numbers& seen, std::span<const std::uint64_t> keys, std::uint64_t now,
    std::span<lfq::dedup::answer> answers) {
    return seen.insert_if_new_n(keys, now, answers).fresh;
}

}  // extern "C"
