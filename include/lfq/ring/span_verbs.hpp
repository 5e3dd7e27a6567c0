// SPDX-License-Identifier: MIT
// lfq/ring/span_verbs.hpp — the consumer's verbs of rings whose values lie in a row.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/slot_array.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Base of the rings whose consumer reads one published position; nobody names it. A Ring has,
/// privately and with this class as its friend:
///
///   slots_, waiter_, consumer_role
///   positions_                   head(), known_values(), look_for_values(capacity), values(n,
///                                capacity), free(head), refused_pop(), consumer(), ended() and
///                                drained()
///
/// and the producer's side that ring_verbs asks for.
template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
class span_verbs : public ring_verbs<Ring, T, Wait> {
public:
    using two_spans = std::array<std::span<T>, 2>;

    // Consumer side.

    /// Moves as many values out as there are, at most out.size(), and frees their slots at once.
    /// What an assignment throws leaves that value in the ring; those before it are in `out`.
    [[nodiscard]] std::size_t try_pop_n(std::span<T> out);

    /// The oldest values, at most n, where they are: two spans, the second empty unless they wrap.
    [[nodiscard]] two_spans peek(std::size_t n = SIZE_MAX) noexcept
        requires(Storage::template region<T>::contiguous) {
        const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
        const two_spans parts = ring().slots_.spans(positions().head(), values_for(n));
        for (const std::span<T> part : parts) Env::touch_read(part.data(), part.size_bytes());
        return parts;
    }

    /// Destroys the oldest k values, which must have been peeked at, and frees their slots.
    void consume(std::size_t k) noexcept;

    /// Calls visit(T&) on the oldest values where they are, at most `max` of those that are there
    /// now, and frees their slots at once. If visit throws, the values it saw are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

protected:
    span_verbs() = default;

private:
    friend ring_verbs<Ring, T, Wait>;
    friend waiting_verbs<Ring, Wait>;

    using position = std::uint64_t;

    [[nodiscard]] Ring& ring() noexcept { return static_cast<Ring&>(*this); }
    [[nodiscard]] auto& positions() noexcept { return ring().positions_; }

    [[nodiscard]] position take_position() noexcept { return positions().head(); }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
        return values_for(1) != 0 || positions().drained();
    }
    void refused_pop() noexcept { positions().refused_pop(); }

    [[nodiscard]] std::size_t values_for(std::size_t n) noexcept {
        return std::min(n, positions().values(n, ring().capacity()));
    }
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink);
    template <class Sink>
    [[nodiscard, gnu::noinline]] wait::turn look_and_take(Sink& sink);
    template <class Sink>
    void hand_over(Sink&& sink) {
        T* const oldest = ring().slots_.at(positions().head());
        sink(*oldest);
        std::destroy_at(oldest);
        free(positions().head() + 1);
    }
    void free(position head) noexcept {
        positions().free(head);
        ring().waiter_.freed();
    }
};

template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Sink>
wait::turn span_verbs<Ring, T, Storage, Wait, Env>::take(Sink&& sink) {
    const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
    if (positions().known_values() == 0) [[unlikely]]
        return look_and_take(sink);  // apart, so that the common case saves no registers
    hand_over(sink);
    return wait::turn::done;
}

template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Sink>
wait::turn span_verbs<Ring, T, Storage, Wait, Env>::look_and_take(Sink& sink) {
    if (positions().look_for_values(ring().capacity()) == 0) {
        if (!positions().ended()) return wait::turn::refused;
        // The end may have come with values: one more look decides, but for claims not published.
        if (positions().look_for_values(ring().capacity()) == 0)
            return positions().drained() ? wait::turn::over : wait::turn::refused;
    }
    hand_over(sink);
    return wait::turn::done;
}

template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
std::size_t span_verbs<Ring, T, Storage, Wait, Env>::try_pop_n(std::span<T> out) {
    const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
    const std::size_t n = values_for(out.size());
    if (n == 0 && !out.empty()) refused_pop();
    if constexpr (slot_array<T, Storage>::bytewise) {
        ring().slots_.template copy_out<Env>(positions().head(), out.first(n));
        consume(n);
    } else if constexpr (std::is_nothrow_move_assignable_v<T>) {
        drain([next = out.begin()](T& value) mutable { *next++ = std::move(value); }, n);
    } else {
        for (T& each : out.first(n)) hand_over([&each](T& value) { each = std::move(value); });
    }
    return n;
}

template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
void span_verbs<Ring, T, Storage, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
    LFQ_ASSERT(k <= positions().known_values(), "ring::consume: more than was peeked at");
    if (k == 0) return;
    ring().slots_.destroy(positions().head(), k);
    free(positions().head() + k);
}

template <class Ring, class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Visit>
std::size_t span_verbs<Ring, T, Storage, Wait, Env>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(positions().consumer(), Ring::consumer_role);
    struct visited {  // freed at the end, also when visit throws
        span_verbs& verbs;
        std::size_t count = 0;
        ~visited() { verbs.consume(count); }
    } done{*this};
    const std::size_t n = values_for(max);
    const position head = positions().head();
    while (done.count < n) visit(*ring().slots_.at(head + done.count++));
    return n;
}

}  // namespace lfq::inline LFQ_ABI
