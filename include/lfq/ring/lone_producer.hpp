// SPDX-License-Identifier: MIT
// lfq/ring/lone_producer.hpp — the producer's side of a ring of slots that has one producer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/spsc_claimed.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Base of such rings; nobody names it. A Ring has, privately and with this class as its friend:
///
///   positions_         with tail(), room(n, capacity), close() and producer()
///   slots_             the slot_array
///   waiter_            with ended()
///   make_way(n)        the next n slots are to be written: ends what lives there
///   publish(tail)      what lies before it may be read
///   refused_push()     counts one
///   bytewise           whether values may be copied as bytes, and written before they are
///                      published; then also env
///   producer_role      how a second thread inside is told of
///
/// and what spsc_claimed asks for; publicly capacity() and closed(). It is built on push_verbs,
/// whose give and give_n are here; it may have a give of its own.
template <class Ring>
class lone_producer {
public:
    using claimed = spsc_claimed<Ring>;

    // Producer side.

    /// Room for up to n values, to be built in place; less if there is less, none if full or
    /// closed.
    [[nodiscard]] claimed claim(std::size_t n) noexcept;

    /// No more values will come. Wakes both sides. Who sees it closed sees all that was before.
    void close() noexcept {
        const sole_caller::visit inside(ring().positions_.producer(), Ring::producer_role);
        ring().positions_.close();
        ring().waiter_.ended();
    }

protected:
    lone_producer() = default;

    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args);
    template <class Source>
    [[nodiscard]] std::size_t give_n(std::span<Source> values);

private:
    static constexpr std::size_t ahead_bytes = 512;  // 256 to 1,024 measured alike

    [[nodiscard]] Ring& ring() noexcept { return static_cast<Ring&>(*this); }
};

template <class Ring>
template <class... Args>
wait::turn lone_producer<Ring>::give(Args&&... args) {
    const sole_caller::visit inside(ring().positions_.producer(), Ring::producer_role);
    if (ring().positions_.room(1, ring().capacity()) == 0) [[unlikely]] {
        return ring().closed() ? wait::turn::over : wait::turn::refused;
    }
    const std::uint64_t tail = ring().positions_.tail();
    ring().slots_.template fetch_ahead<ahead_bytes>(tail);
    ring().make_way(1);
    std::construct_at(ring().slots_.at(tail), std::forward<Args>(args)...);
    ring().publish(tail + 1);
    return wait::turn::done;
}

template <class Ring>
template <class Source>
std::size_t lone_producer<Ring>::give_n(std::span<Source> values) {
    claimed room = claim(values.size());
    const std::size_t n = room.size();
    if constexpr (Ring::bytewise) {
        ring().slots_.template copy_in<typename Ring::env>(
            ring().positions_.tail(), values.first(n));
        room.commit(n);
    } else {
        Ring::build_all(room, values.first(n));
        room.commit();
    }
    return n;
}

template <class Ring>
auto lone_producer<Ring>::claim(std::size_t n) noexcept -> claimed {
    const sole_caller::visit inside(ring().positions_.producer(), Ring::producer_role);
    const std::size_t granted = std::min(n, ring().positions_.room(n, ring().capacity()));
    if (granted == 0 && n != 0) ring().refused_push();
    ring().make_way(granted);
    return claimed(ring(), granted);
}

}  // namespace lfq::inline LFQ_ABI
