// SPDX-License-Identifier: MIT
// bench/contestants/messages.hpp — rings of messages, as carriers of values of one size.
#pragma once

#include "contestants/padding_ring.hpp"
#include "harness/question.hpp"

#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/message_ring.hpp>

#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

namespace bench {

/// The harness pushes values; these rings, and the producers of one, take bytes.
template <class T, class Ring>
class message_carrier {
public:
    using value_type = T;

    template <class From>
    explicit message_carrier(From&& from) : ring_(std::forward<From>(from)) {}

    bool try_push(const T& value) { return ring_.try_push(std::as_bytes(std::span(&value, 1))); }
    bool try_pop(T& out) {
        return static_cast<bool>(ring_.try_pop(std::as_writable_bytes(std::span(&out, 1))));
    }
    bool push(const T& value) requires requires(Ring& ring) { ring.push({}); }
    { return ring_.push(std::as_bytes(std::span(&value, 1))); }
    bool pop(T& out) requires requires(Ring& ring) { ring.pop({}); }
    { return static_cast<bool>(ring_.pop(std::as_writable_bytes(std::span(&out, 1)))); }
    template <class Visit>
    std::size_t drain(Visit visit) {
        return ring_.drain([&](std::span<const std::byte> found) {
            T value;
            std::memcpy(&value, found.data(), sizeof value);
            visit(value);
        });
    }

protected:
    Ring ring_;
};

// Capacities are in messages, each with its length before it.

template <class T, std::size_t Capacity, class Storage = lfq::storage::mirrored,
    class Wait = lfq::wait::backoff>
struct lfq_messages : message_carrier<T, lfq::message_ring<Storage, Wait>> {
    static constexpr const char* name = "lfq::message_ring";
    static constexpr role stands_for = role::ours;
    static constexpr std::size_t capacity = Capacity;
    lfq_messages()
        : message_carrier<T, lfq::message_ring<Storage, Wait>>(Capacity * (sizeof(T) + 8)) {}
};

template <class T, std::size_t Capacity, class Copy = by_memcpy>
struct padding_messages : message_carrier<T, padding_ring<Copy>> {
    static constexpr const char* name = "reference: a record that pads the end";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;
    padding_messages() : message_carrier<T, padding_ring<Copy>>(Capacity * (sizeof(T) + 8)) {}
};

}  // namespace bench
