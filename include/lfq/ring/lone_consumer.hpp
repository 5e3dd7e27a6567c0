// SPDX-License-Identifier: MIT
// lfq/ring/lone_consumer.hpp — one thread that reads a ring of slots, first in, first out.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Base of a ring with one consumer, and of each reader of a ring with several; nobody names it.
/// Value is T where the values are its own, const T where others read them too. A Side has,
/// privately and with this class as its friend:
///
///   positions_               with head(), known_values(), values(n, capacity) and
///                            look_for_values(capacity)
///   its_slots()              the slot_array
///   its_consumer()           the sole_caller
///   may_be_over() -> bool    false only if drained() is false, too; cheaper to ask
///   end_values(head, k)      it has finished with k values: destroys them if they are its own
///   free(head)               what lies before it may be written again
///   refused_pop()            counts one
///   bytewise, contiguous     whether values may be copied as bytes, and lie side by side
///   env                      for what is copied as bytes or peeked at
///   consumer_role            how a second thread inside is told of
///
/// and publicly drained(). It is built on pop_verbs, whose take is here, as is readable.
template <class Side, class Value>
class lone_consumer {
    using bare_value = std::remove_const_t<Value>;

public:
    using two_spans = std::array<std::span<Value>, 2>;

    // Consumer side.

    /// Moves, or where others read them too copies, as many values out as there are, at most
    /// out.size(), and frees their slots at once. What an assignment throws leaves that value in
    /// the ring; those before it are in `out`.
    [[nodiscard]] std::size_t try_pop_n(
        std::span<bare_value> out) requires std::is_assignable_v<bare_value&, Value> {
        const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
        const std::size_t n = values_for(out.size());
        if (n == 0 && !out.empty()) side().refused_pop();
        if constexpr (Side::bytewise) {
            side().its_slots().template copy_out<typename Side::env>(
                side().positions_.head(), out.first(n));
            consume(n);
        } else if constexpr (std::is_nothrow_assignable_v<bare_value&, Value>) {
            drain([next = out.begin()](Value& value) mutable { *next++ = std::move(value); }, n);
        } else {
            for (bare_value& each : out.first(n))
                hand_over([&each](Value& value) { each = std::move(value); });
        }
        return n;
    }

    /// The oldest values, at most n, where they are: two spans, the second empty unless they wrap.
    template <class Whole = Side>  // complete by the time that somebody asks
    [[nodiscard]] two_spans peek(std::size_t n = SIZE_MAX) noexcept requires(Whole::contiguous) {
        const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
        return parts(values_for(n));
    }

    /// Has finished with the oldest k values, which must have been peeked at, and frees their
    /// slots.
    void consume(std::size_t k) noexcept;

    /// Calls visit(Value&) on the oldest values where they are, at most `max` of those that are
    /// there now, and frees their slots at once. If visit throws, the values it saw are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

protected:
    lone_consumer() = default;

    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
        return values_for(1) != 0 || side().drained();
    }
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink);

private:
    using position = std::uint64_t;

    [[nodiscard]] Side& side() noexcept { return static_cast<Side&>(*this); }

    [[nodiscard]] std::size_t values_for(std::size_t n) noexcept {
        return std::min(n, side().positions_.values(n, side().its_slots().capacity()));
    }
    [[nodiscard]] two_spans parts(std::size_t n) noexcept {
        const auto found = side().its_slots().spans(side().positions_.head(), n);
        for (const auto part : found) Side::env::touch_read(part.data(), part.size_bytes());
        return {found[0], found[1]};
    }
    // Apart, and without what take() was given: neither that nor what it refers to needs an address
    // in the common case.
    [[nodiscard, gnu::noinline]] wait::turn look_again() noexcept;
    template <class Sink>
    void hand_over(Sink&& sink) {
        const position head = side().positions_.head();
        Value& oldest = *side().its_slots().at(head);
        sink(oldest);
        side().end_values(head, 1);
        side().free(head + 1);
    }
};

template <class Side, class Value>
template <class Sink>
wait::turn lone_consumer<Side, Value>::take(Sink&& sink) {
    const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
    if (side().positions_.known_values() == 0) [[unlikely]] {
        if (const wait::turn found = look_again(); found != wait::turn::done) return found;
    }
    hand_over(sink);
    return wait::turn::done;
}

template <class Side, class Value>
wait::turn lone_consumer<Side, Value>::look_again() noexcept {
    if (side().positions_.look_for_values(side().its_slots().capacity()) == 0) {
        // The end may have come with values: one more look decides, but for claims not published.
        if (!side().may_be_over()) return wait::turn::refused;
        if (side().positions_.look_for_values(side().its_slots().capacity()) == 0)
            return side().drained() ? wait::turn::over : wait::turn::refused;
    }
    return wait::turn::done;
}

template <class Side, class Value>
void lone_consumer<Side, Value>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
    LFQ_ASSERT(k <= side().positions_.known_values(), "consume: more than was peeked at");
    if (k == 0) return;
    const position head = side().positions_.head();
    side().end_values(head, k);
    side().free(head + k);
}

template <class Side, class Value>
template <class Visit>
std::size_t lone_consumer<Side, Value>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(side().its_consumer(), Side::consumer_role);
    struct visited {  // freed at the end, also when visit throws
        lone_consumer& side;
        std::size_t count = 0;
        ~visited() { side.consume(count); }
    } done{*this};
    const std::size_t n = values_for(max);
    const position head = side().positions_.head();
    while (done.count < n) {
        Value& next = *side().its_slots().at(head + done.count++);
        visit(next);
    }
    return n;
}

}  // namespace lfq::inline LFQ_ABI
