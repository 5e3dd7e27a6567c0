// SPDX-License-Identifier: MIT
// lfq/ring/claimed_bytes.hpp — bytes of a ring that a producer fills in place.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// What claim(bytes) of a ring of bytes or messages grants; false when it was refused. Destroyed
/// uncommitted, it delivers nothing. One at a time on a producer: until it is committed or
/// destroyed, that producer does nothing else.
///
/// A Ring has, privately and with this class as its friend: commit_at(position, span, used),
/// abandon(position, span).
template <class Ring>
class claimed_bytes {
public:
    /// Of nothing: what a refusal grants.
    claimed_bytes() noexcept = default;
    claimed_bytes(claimed_bytes&& other) noexcept
        : ring_(std::exchange(other.ring_, nullptr)), at_(other.at_), bytes_(other.bytes_) {}
    claimed_bytes& operator=(claimed_bytes&&) = delete;
    ~claimed_bytes() {
        if (ring_ != nullptr) ring_->abandon(at_, bytes_);
    }

    [[nodiscard]] explicit operator bool() const noexcept { return ring_ != nullptr; }

    /// The granted bytes, in one piece, to be written before commit().
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return bytes_; }

    /// Publishes the first `used` of the granted bytes; the rest is as if it had never been.
    void commit(std::size_t used) noexcept {
        LFQ_ASSERT(ring_ != nullptr, "claimed::commit: nothing was granted, or it was committed");
        LFQ_ASSERT(used <= bytes_.size(), "claimed::commit: more than was granted");
        std::exchange(ring_, nullptr)->commit_at(at_, bytes_, used);
    }

private:
    friend Ring;
    claimed_bytes(Ring& ring, std::uint64_t at, std::span<std::byte> bytes) noexcept
        : ring_(&ring), at_(at), bytes_(bytes) {}

    Ring* ring_ = nullptr;
    std::uint64_t at_ = 0;
    std::span<std::byte> bytes_;
};

}  // namespace lfq::inline LFQ_ABI
