// SPDX-License-Identifier: MIT
// Messages whose every byte is known, and the rings of many producers that carry them.
#pragma once

#include <lfq/base/env.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>

#include "support/env_near_wrap.hpp"
#include "support/setups.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace support {

using message_view = std::span<const std::byte>;

/// The k-th byte of the message with this number: neighbours and shifted copies differ.
[[nodiscard]] constexpr std::byte message_byte(std::uint64_t number, std::size_t k) noexcept {
    return static_cast<std::byte>((number * 151 + k * 7 + (number >> 8) + 1) & 0xFF);
}

inline void write_message(std::uint64_t number, std::span<std::byte> to) noexcept {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] = message_byte(number, k);
}

[[nodiscard]] inline std::vector<std::byte> message_of(std::uint64_t number, std::size_t size) {
    std::vector<std::byte> made(size);
    write_message(number, made);
    return made;
}

/// All of its bytes and no others.
[[nodiscard]] inline bool is_message(
    message_view seen, std::uint64_t number, std::size_t size) noexcept {
    bool same = seen.size() == size;
    for (std::size_t k = 0; same && k < size; ++k) same = seen[k] == message_byte(number, k);
    return same;
}

/// What a message takes in the ring.
[[nodiscard]] constexpr std::size_t room_of(std::size_t size) noexcept {
    return std::max<std::size_t>(8, (size + 7) / 8 * 8);
}

template <class Storage, class Way, class Env = lfq::std_env>
struct shared_messages {
    using wait = typename Way::template wait<Env>;
    using ring = lfq::mpsc_message_ring<Storage, wait, Env>;
    using sizes = typename ring::sizes;

    // What a mirrored ring has at least, and so any of these.
    static constexpr std::size_t bytes = 4096;

    [[nodiscard]] static ring make(std::size_t producers_max, std::size_t message_bytes_max) {
        return ring(sizes{bytes, producers_max, message_bytes_max}, {}, sleeping_at_once<wait>());
    }
};

using every_shared_messages = std::tuple<  //
    shared_messages<lfq::storage::mirrored, backoff>,
    shared_messages<lfq::storage::spill, backoff, env_near_wrap>,
    shared_messages<lfq::storage::mirrored, park, env_near_wrap>,
    shared_messages<lfq::storage::spill, doorbell>>;

/// One of each storage: for what no wait can change.
using every_message_storage = std::tuple<  //
    shared_messages<lfq::storage::mirrored, backoff, env_near_wrap>,
    shared_messages<lfq::storage::spill, backoff>>;

}  // namespace support
