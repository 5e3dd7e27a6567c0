// SPDX-License-Identifier: MIT
// What is sent through rings of bytes and messages: records that number themselves and carry a
// checksum, so that one that is torn, lost, doubled or out of order shows.
#pragma once

#include "support/byte_setups.hpp"
#include "support/crc32.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <poll.h>

namespace records {

// The number of the record, the size of its payload, the checksum of all else.
inline constexpr std::size_t header_bytes = 16;

namespace fields {

inline std::uint64_t number(std::span<const std::byte> record) {
    std::uint64_t read = 0;
    std::memcpy(&read, record.data(), sizeof read);
    return read;
}
inline std::uint32_t payload_bytes(std::span<const std::byte> record) {
    std::uint32_t read = 0;
    std::memcpy(&read, record.data() + 8, sizeof read);
    return read;
}
inline std::uint32_t sum(std::span<const std::byte> record) {
    std::uint32_t read = 0;
    std::memcpy(&read, record.data() + 12, sizeof read);
    return read;
}
inline std::uint32_t sum_of(std::span<const std::byte> record) {
    return support::crc32(record.first(12)) ^ support::crc32(record.subspan(header_bytes));
}

}  // namespace fields

/// Writes a record that fills `room`.
inline void write(std::span<std::byte> room, std::uint64_t number) {
    const auto payload = static_cast<std::uint32_t>(room.size() - header_bytes);
    std::memcpy(room.data(), &number, sizeof number);
    std::memcpy(room.data() + 8, &payload, sizeof payload);
    for (std::size_t i = header_bytes; i < room.size(); ++i)
        room[i] = static_cast<std::byte>((number * 131 + i * 29) & 0xFF);
    const std::uint32_t sum = fields::sum_of(room);
    std::memcpy(room.data() + 12, &sum, sizeof sum);
}

[[nodiscard]] inline bool whole(std::span<const std::byte> record) {
    return record.size() >= header_bytes &&
        fields::payload_bytes(record) == record.size() - header_bytes &&
        fields::sum(record) == fields::sum_of(record);
}

/// Sleeps until the bell of a ring rings, if it may; a ring without one: nothing.
template <class Ring>
void sleep_if_quiet(Ring& ring) {
    if constexpr (requires { ring.arm(); }) {
        if (!ring.arm()) return;
        pollfd bell{ring.fd(), POLLIN, 0};
        ::poll(&bell, 1, -1);  // for ever: a lost wake-up is a test that hangs
        ring.acknowledge();
    }
}

}  // namespace records
