// SPDX-License-Identifier: MIT
// lfq/ring/spsc_claimed.hpp — slots that the one producer of a ring fills in place.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace lfq::inline LFQ_ABI {

template <class Ring>
class lone_producer;

/// What claim(n) of a single-producer ring grants. Destroyed uncommitted, it delivers nothing. One
/// at a time: until it is committed or destroyed, nothing else is pushed and the ring is not closed
/// (checked builds say so at the next step of the claim).
///
/// A Ring has, privately and with this class as its friend:
///
///   place(at) -> T*      where the value of a position is, or is to be built
///   destroy(from, n)     ends n values from a position on
///   publish(tail)        hands over what was built before this position
///   positions_, closed() where the producer is, and whether it may go on
///   bytewise             whether values may be written as they are; then also slots_ and env
template <class Ring>
class spsc_claimed {
public:
    spsc_claimed(spsc_claimed&& other) noexcept
        : ring_(other.ring_),
          at_(other.at_),
          granted_(std::exchange(other.granted_, 0)),
          built_(std::exchange(other.built_, 0)) {}
    spsc_claimed& operator=(spsc_claimed&&) = delete;
    ~spsc_claimed() {
        if (built_ != 0) ring_->destroy(at_, built_);
    }

    /// How many slots were granted.
    [[nodiscard]] std::size_t size() const noexcept { return granted_; }
    [[nodiscard]] explicit operator bool() const noexcept { return granted_ != 0; }

    /// Builds the next value. What its constructor throws leaves the claim as it was.
    template <class... Args>
    auto& emplace(Args&&... args) {
        LFQ_ASSERT(built_ < granted_, "claimed::emplace: every granted slot is built already");
        assert_alone();
        auto* const place = ring_->place(at_ + built_);
        auto* const built = std::construct_at(place, std::forward<Args>(args)...);
        ++built_;
        return *built;
    }

    /// Publishes what was built, in order. The rest of the claim is as if it had never been.
    void commit() noexcept {
        granted_ = 0;
        if (built_ == 0) return;
        assert_alone();
        ring_->publish(at_ + std::exchange(built_, 0));
    }

    /// The granted slots, to be written as they are: two spans, the second empty unless the slots
    /// wrap.
    [[nodiscard]] auto spans() noexcept requires(Ring::bytewise) {
        return ring_->slots_.spans(at_, granted_);
    }

    /// Publishes the first `count` of the granted slots, written through spans().
    void commit(std::size_t count) noexcept requires(Ring::bytewise) {
        LFQ_ASSERT(count <= granted_, "claimed::commit: more than was granted");
        for (const auto part : ring_->slots_.spans(at_, count)) {
            Ring::env::touch_write(part.data(), part.size_bytes());
        }
        built_ = count;
        commit();
    }

private:
    friend Ring;
    friend lone_producer<Ring>;
    spsc_claimed(Ring& ring, std::size_t granted) noexcept
        : ring_(&ring), at_(ring.positions_.tail()), granted_(granted) {}

    void assert_alone() const noexcept {
        LFQ_ASSERT(
            ring_->positions_.tail() == at_, "claimed: something was pushed under the claim");
        LFQ_ASSERT(!ring_->closed(), "claimed: the ring was closed under the claim");
    }

    Ring* ring_;
    std::uint64_t at_;
    std::size_t granted_;
    std::size_t built_ = 0;
};

}  // namespace lfq::inline LFQ_ABI
