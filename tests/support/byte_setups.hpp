// SPDX-License-Identifier: MIT
// The rings of bytes and messages that tests are repeated for, and bytes to put into them.
#pragma once

#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/byte_ring.hpp>
#include <lfq/ring/message_ring.hpp>

#include "support/env_near_wrap.hpp"
#include "support/setups.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

namespace support {

using bytes = std::vector<std::byte>;

/// `size` bytes that tell where they belong: each depends on its place and on `code`.
[[nodiscard]] inline bytes numbered_bytes(std::size_t size, std::uint64_t code) {
    bytes made(size);
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<std::byte>((code * 31 + i * 7 + i / 256 + 1) & 0xFF);
    return made;
}

[[nodiscard]] inline bytes bytes_of(std::string_view text) {
    const auto seen = std::as_bytes(std::span(text));
    return {seen.begin(), seen.end()};
}

[[nodiscard]] inline bool same(std::span<const std::byte> a, std::span<const std::byte> b) {
    return std::ranges::equal(a, b);
}

template <template <class, class, class> class Ring, class Storage, class Way,
    class Env = lfq::std_env>
struct byte_setup {
    using wait = typename Way::template wait<Env>;
    using ring = Ring<Storage, wait, Env>;

    static constexpr bool mirrored = lfq::mirrored_storage<Storage>;
    static constexpr std::size_t smallest = mirrored ? 4096 : 16;

    [[nodiscard]] static ring make(std::size_t size) {
        return ring(size, {}, sleeping_at_once<wait>());
    }
};

template <class Storage, class Way, class Env = lfq::std_env>
using message_setup = byte_setup<lfq::message_ring, Storage, Way, Env>;
template <class Way, class Env = lfq::std_env>
using stream_setup = byte_setup<lfq::byte_ring, lfq::storage::mirrored, Way, Env>;

using every_message_setup = std::tuple<  //
    message_setup<lfq::storage::mirrored, spin>,  //
    message_setup<lfq::storage::spill, backoff, env_near_wrap>,  //
    message_setup<lfq::storage::mirrored, slip, env_near_wrap>,  //
    message_setup<lfq::storage::spill, park>,  //
    message_setup<lfq::storage::mirrored, park, env_near_wrap>,  //
    message_setup<lfq::storage::spill, doorbell, env_near_wrap>,  //
    message_setup<lfq::storage::mirrored, doorbell>>;

using every_stream_setup = std::tuple<  //
    stream_setup<spin>,  //
    stream_setup<backoff, env_near_wrap>,  //
    stream_setup<slip>,  //
    stream_setup<park, env_near_wrap>,  //
    stream_setup<doorbell, env_near_wrap>>;

}  // namespace support
