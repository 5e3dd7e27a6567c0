// SPDX-License-Identifier: MIT
// bench/harness/ports.hpp — one side each: what a producer pushes through, how a consumer looks for
// values, and the book that tells whether all of them came.
#pragma once

#include "harness/keep.hpp"
#include "harness/values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

/// A producer's side of a ring whose producers need nothing of their own.
template <class Ring>
class shared_port {
public:
    using value_type = typename Ring::value_type;
    explicit shared_port(Ring& ring) : ring_(ring) {}
    bool try_push(const value_type& value) { return ring_.try_push(value); }
    bool push(const value_type& value) { return ring_.push(value); }
    std::size_t try_push_n(std::span<const value_type> values) { return ring_.try_push_n(values); }

private:
    Ring& ring_;
};

template <class Ring>
struct port_of {
    using type = shared_port<Ring>;
};
template <class Ring>
    requires requires { typename Ring::port; }
struct port_of<Ring> {
    using type = typename Ring::port;
};

// How a consumer of many looks: look() calls visit(value) on what it finds, and answers how many
// that were.

/// One value, copied out.
struct by_try_pop {
    template <class Ring, class Visit>
    static std::size_t look(Ring& ring, Visit&& visit) {
        typename Ring::value_type value{};
        if (!ring.try_pop(value)) return 0;
        read_whole(value);
        visit(value);
        return 1;
    }
};

/// Up to `Size` values, copied out together.
template <class T, std::size_t Size>
class by_try_pop_n {
public:
    template <class Ring, class Visit>
    std::size_t look(Ring& ring, Visit&& visit) {
        const std::size_t took = ring.try_pop_n(std::span(values_));
        read_whole(values_);
        for (std::size_t i = 0; i < took; ++i) visit(values_[i]);
        return took;
    }

private:
    std::array<T, Size> values_{};
};

/// Whatever is there, visited in place.
struct by_drain_of_all {
    template <class Ring, class Visit>
    static std::size_t look(Ring& ring, Visit&& visit) {
        return ring.drain(visit);
    }
};

/// A value says who sent it and which of his it is; it is never zero.
[[nodiscard]] constexpr std::uint64_t signed_number(
    std::uint64_t producer, std::uint64_t number) noexcept {
    return (producer + 1) << 56 | number;
}

/// What each of several producers is to send next. A lost, repeated, torn or reordered value shows.
class ledger {
public:
    ledger(std::size_t producers, std::uint64_t first) {
        for (std::size_t i = 0; i < producers; ++i) next_.push_back(signed_number(i, first));
    }

    template <class T>
    void enter(const T& value) {
        const std::size_t producer = (number_of(value) >> 56) - 1;
        wrong_ |= producer < next_.size() ? differs(value, next_[producer]++) : 1;
    }

    [[nodiscard]] bool right() const { return wrong_ == 0; }

private:
    std::vector<std::uint64_t> next_;
    std::uint64_t wrong_ = 0;
};

}  // namespace bench
