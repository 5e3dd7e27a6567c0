// SPDX-License-Identifier: MIT
// lfq/ring/spsc_claimed.hpp — slots that the one producer of a ring fills in place.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// What claim(n) of a single-producer ring grants. Destroyed uncommitted, it delivers nothing. One
/// at a time: until it is committed or destroyed, nothing else may be pushed.
template <class Ring>
class spsc_claimed {
public:
    spsc_claimed(spsc_claimed&& other) noexcept
        : ring_(other.ring_),
          granted_(std::exchange(other.granted_, 0)),
          built_(std::exchange(other.built_, 0)) {}
    spsc_claimed& operator=(spsc_claimed&&) = delete;
    ~spsc_claimed() { ring_->slots_.destroy(ring_->producer_.tail, built_); }

    /// How many slots were granted.
    [[nodiscard]] std::size_t size() const noexcept { return granted_; }
    [[nodiscard]] explicit operator bool() const noexcept { return granted_ != 0; }

    /// Builds the next value. What its constructor throws leaves the claim as it was.
    template <class... Args>
    auto& emplace(Args&&... args) {
        LFQ_ASSERT(built_ < granted_, "claimed::emplace: every granted slot is built already");
        auto* const slot = ring_->slots_.at(ring_->producer_.tail + built_);
        auto* const built = std::construct_at(slot, std::forward<Args>(args)...);
        ++built_;
        return *built;
    }

    /// Publishes what was built, in order. The rest of the claim is as if it had never been.
    void commit() noexcept {
        granted_ = 0;
        if (built_ != 0) ring_->publish(ring_->producer_.tail + std::exchange(built_, 0));
    }

    /// The granted slots, to be written as they are: two spans, the second empty unless the slots
    /// wrap.
    [[nodiscard]] auto spans() noexcept requires(Ring::bytewise) {
        return ring_->slots_.spans(ring_->producer_.tail, granted_);
    }

    /// Publishes the first `count` of the granted slots, written through spans().
    void commit(std::size_t count) noexcept requires(Ring::bytewise) {
        LFQ_ASSERT(count <= granted_, "claimed::commit: more than was granted");
        for (const auto part : ring_->slots_.spans(ring_->producer_.tail, count)) {
            Ring::env::touch_write(part.data(), part.size_bytes());
        }
        built_ = count;
        commit();
    }

private:
    friend Ring;
    spsc_claimed(Ring& ring, std::size_t granted) noexcept : ring_(&ring), granted_(granted) {}

    Ring* ring_;
    std::size_t granted_;
    std::size_t built_ = 0;
};

}  // namespace lfq::inline LFQ_ABI
