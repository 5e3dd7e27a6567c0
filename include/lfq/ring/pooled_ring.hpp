// SPDX-License-Identifier: MIT
// lfq/ring/pooled_ring.hpp — what the consumer of a pool sees of one ring.
// Room: ring (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// The consumer side of one ring of a pool, with the verbs of message_ring; cheap to copy.
template <class Ring>
class pooled_ring {
public:
    using message = typename Ring::message;

    explicit pooled_ring(Ring& ring) noexcept : ring_(&ring) {}

    [[nodiscard]] std::optional<message> peek() const noexcept { return ring_->peek(); }
    [[nodiscard]] auto peek(std::size_t n) const noexcept { return ring_->peek(n); }
    void consume(std::size_t k = 1) const noexcept { ring_->consume(k); }
    [[nodiscard]] auto try_pop(std::span<std::byte> out) const noexcept {
        return ring_->try_pop(out);
    }
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX) const {
        return ring_->drain(std::forward<Visit>(visit), max);
    }
    [[nodiscard]] std::size_t size_approx() const noexcept { return ring_->size_approx(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return ring_->capacity(); }
    [[nodiscard]] bool closed() const noexcept { return ring_->closed(); }
    /// Closed, and every message was consumed: it can be given back.
    [[nodiscard]] bool drained() const noexcept { return ring_->drained(); }

private:
    Ring* ring_;
};

}  // namespace lfq::inline LFQ_ABI
