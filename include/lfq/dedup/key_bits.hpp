// SPDX-License-Identifier: MIT
// lfq/dedup/key_bits.hpp — keys of any kind as 64 bits.
// Room: dedup (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/mix.hpp>
#include <lfq/base/sip_hash.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ranges>
#include <span>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

namespace dedup {

/// A row of bytes or of values without padding: strings, spans, vectors. Known by a fingerprint.
template <class Key>
concept row_key = std::ranges::contiguous_range<const Key> && std::ranges::sized_range<const Key> &&
    std::has_unique_object_representations_v<std::ranges::range_value_t<const Key>> &&
    !std::is_pointer_v<std::ranges::range_value_t<const Key>>;

/// Equal values have equal bytes: integers, enumerations, structs of them without padding and
/// without pointers or views, which would be compared by address. A pointer alone is refused.
template <class Key>
concept value_key = !row_key<Key> && std::is_trivially_copyable_v<Key> &&
    std::has_unique_object_representations_v<Key> && !std::is_pointer_v<Key>;

/// Known exactly: two different keys have different bits.
template <class Key>
concept exact_key = value_key<Key> && sizeof(Key) <= sizeof(std::uint64_t);

/// Everything that a table knows of a key. One to one for an exact key; for others two keys have
/// the same bits with probability 2^-64.
template <class Key>
[[nodiscard]] std::uint64_t bits_of(const Key& key, hash_seed seed) noexcept {
    if constexpr (exact_key<Key>) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &key, sizeof key);
        return mix(bits ^ seed.first);
    } else if constexpr (row_key<Key>) {
        return sip_hash<>(seed)(
            std::as_bytes(std::span(std::ranges::data(key), std::ranges::size(key))));
    } else {
        return sip_hash<>(seed)(std::as_bytes(std::span(&key, 1)));
    }
}

}  // namespace dedup

}  // namespace lfq::inline LFQ_ABI
