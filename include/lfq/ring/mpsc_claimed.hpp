// SPDX-License-Identifier: MIT
// lfq/ring/mpsc_claimed.hpp — slots that one of many producers fills in place.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// What claim(n) of a shared ring grants: a promise to finish soon, because everything behind it
/// waits. Destroyed uncommitted, it delivers nothing, and the consumer steps over its slots.
template <class Ring>
class mpsc_claimed {
public:
    mpsc_claimed(mpsc_claimed&& other) noexcept
        : ring_(other.ring_),
          at_(other.at_),
          granted_(std::exchange(other.granted_, 0)),
          built_(std::exchange(other.built_, 0)) {}
    mpsc_claimed& operator=(mpsc_claimed&&) = delete;
    ~mpsc_claimed();

    /// How many slots were granted.
    [[nodiscard]] std::size_t size() const noexcept { return granted_; }
    [[nodiscard]] explicit operator bool() const noexcept { return granted_ != 0; }

    /// Builds the next value. What its constructor throws leaves the claim as it was.
    template <class... Args>
    auto& emplace(Args&&... args) {
        LFQ_ASSERT(built_ < granted_, "claimed::emplace: every granted slot is built already");
        const std::uint64_t at = at_ + built_;
        ring_->slots_.template fetch_ahead<Ring::ahead_bytes>(at);
        auto* const built =
            std::construct_at(ring_->slots_.at(at)->place(), std::forward<Args>(args)...);
        ++built_;
        return *built;
    }

    /// Publishes what was built, in order; the consumer steps over the rest of the claim.
    void commit() noexcept;

private:
    friend Ring;
    mpsc_claimed(Ring& ring, std::uint64_t at, std::size_t granted) noexcept
        : ring_(&ring), at_(at), granted_(granted) {}

    Ring* ring_;
    std::uint64_t at_;
    std::size_t granted_;
    std::size_t built_ = 0;
};

template <class Ring>
mpsc_claimed<Ring>::~mpsc_claimed() {
    for (; built_ != 0; --built_) std::destroy_at(ring_->slots_.at(at_ + built_ - 1)->value());
    commit();
}

template <class Ring>
void mpsc_claimed<Ring>::commit() noexcept {
    if (granted_ == 0) return;
    for (std::size_t i = 0; i < built_; ++i) ring_->slots_.at(at_ + i)->publish(at_ + i);
    for (std::size_t i = built_; i < granted_; ++i) ring_->slots_.at(at_ + i)->abandon(at_ + i);
    built_ = 0;
    granted_ = 0;
    ring_->waiter_.published();
}

}  // namespace lfq::inline LFQ_ABI
