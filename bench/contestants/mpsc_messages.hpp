// SPDX-License-Identifier: MIT
// bench/contestants/mpsc_messages.hpp — mpsc_message_ring, and our references for its claim, as
// carriers of values of one size.
#pragma once

#include "contestants/messages.hpp"
#include "harness/question.hpp"

#include <lfq/ring/exchanging_message_ring.hpp>
#include <lfq/ring/mpsc_message_ring.hpp>
#include <lfq/ring/padding_message_ring.hpp>

#include <cstddef>

namespace bench {

/// Holds `Capacity` messages in any form: with two producers' slack, and room for padding.
template <class T, std::size_t Capacity, class Ring>
class mpsc_messages : public message_carrier<T, Ring> {
public:
    static constexpr std::size_t capacity = Capacity;

    mpsc_messages()
        : message_carrier<T, Ring>(typename Ring::sizes{.bytes = (Capacity + 3) * sizeof(T),
              .producers_max = 2,
              .message_bytes_max = sizeof(T)}) {}

    /// A producer's side.
    class port : public message_carrier<T, typename Ring::producer_handle> {
    public:
        explicit port(mpsc_messages& to)
            : message_carrier<T, typename Ring::producer_handle>(to.ring_.producer().value()) {}
    };
};

/// The same, with its only producer.
template <class Carrier>
class with_a_producer : public Carrier {
public:
    bool try_push(const typename Carrier::value_type& value) { return one_.try_push(value); }

private:
    typename Carrier::port one_{*this};
};

template <class T, std::size_t Capacity>
struct lfq_mpsc_messages : mpsc_messages<T, Capacity, lfq::mpsc_message_ring<>> {
    static constexpr const char* name = "lfq::mpsc_message_ring";
    static constexpr role stands_for = role::ours;
};

template <class T, std::size_t Capacity>
struct exchanging_mpsc_messages : mpsc_messages<T, Capacity, lfq::exchanging_message_ring<>> {
    static constexpr const char* name = "reference: the same, claiming by compare-exchange";
    static constexpr role stands_for = role::fixed_peer;
};

template <class T, std::size_t Capacity>
struct padding_mpsc_messages : mpsc_messages<T, Capacity, lfq::padding_message_ring<>> {
    static constexpr const char* name = "reference: compare-exchange, padding the end";
    static constexpr role stands_for = role::fixed_peer;
};

}  // namespace bench
