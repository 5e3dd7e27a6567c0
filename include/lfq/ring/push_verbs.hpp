// SPDX-License-Identifier: MIT
// lfq/ring/push_verbs.hpp — the producer's verbs of single values, built once for every ring.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/waiting_verbs.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Base of the rings; nobody names it. A Ring has, privately and with this class as its friend:
///
///   give(args…) -> wait::turn    builds one value and publishes it; refused: full, over: closed.
///                                What is not done leaves args untouched, and counts nothing
///   give_n(span) -> std::size_t  builds and publishes as many as fit, and counts a refusal; of a
///                                span of const T it copies, else it moves
///   refused_push()               counts one
///
/// and what waiting_verbs asks for of a producer. Where T cannot be copied, give_n is asked for
/// spans of T, else for spans of const T.
template <class Ring, class T, wait_policy Wait>
class push_verbs : public waiting_verbs<Ring, Wait> {
    static_assert(std::is_object_v<T> && std::is_same_v<T, std::remove_cv_t<T>>,
        "an element is a plain object type, not const and no reference: push a copy or a pointer");
    static_assert(std::is_nothrow_destructible_v<T>,
        "an element must be nothrow destructible: let its destructor catch what it calls");
    static_assert(std::is_nothrow_move_constructible_v<T>,
        "an element must be nothrow move constructible: declare its move noexcept, or let a "
        "std::unique_ptr own it");

public:
    using value_type = T;

    // Producer side.

    /// False: full or closed, and the argument is untouched.
    [[nodiscard]] bool try_push(const T& value) requires std::copy_constructible<T> {
        return try_emplace(value);
    }
    [[nodiscard]] bool try_push(T&& value) { return try_emplace(std::move(value)); }

    /// Builds the value in its slot. False: full or closed, and the arguments are untouched.
    template <class... Args>
    [[nodiscard]] bool try_emplace(Args&&... args) requires std::constructible_from<T, Args...> {
        if (ring().give(std::forward<Args>(args)...) == wait::turn::done) [[likely]]
            return true;
        ring().refused_push();
        return false;
    }

    /// Copies as many values as fit, in order. A type that cannot be copied is moved.
    [[nodiscard]] std::size_t try_push_n(
        std::span<const T> values) requires std::copy_constructible<T> {
        return ring().give_n(values);
    }
    [[nodiscard]] std::size_t try_push_n(std::span<T> values) requires(
        !std::copy_constructible<T>) {
        return ring().give_n(values);
    }

    /// Waits for room. False: closed, and the argument is untouched.
    bool push(const T& value) requires std::copy_constructible<T> {
        return push_until(value, this->forever);
    }
    bool push(T&& value) { return push_until(std::move(value), this->forever); }

    /// Waits for room at most so long. False: closed or out of time, and the argument is untouched.
    template <class Rep, class Period>
    [[nodiscard]] bool push_for(const T& value,
        std::chrono::duration<Rep, Period> duration) requires std::copy_constructible<T> {
        return push_until(value, this->in(duration));
    }
    template <class Rep, class Period>
    [[nodiscard]] bool push_for(T&& value, std::chrono::duration<Rep, Period> duration) {
        return push_until(std::move(value), this->in(duration));
    }

protected:
    push_verbs() = default;

    // Builds the values in a claim that has room for them: copies of const ones, else moved ones.
    template <class Claimed, class Source>
    static void build_all(Claimed& room, std::span<Source> values) {
        for (Source& value : values) {
            if constexpr (std::is_const_v<Source>) {
                room.emplace(value);
            } else {
                room.emplace(std::move(value));
            }
        }
    }

private:
    [[nodiscard]] Ring& ring() noexcept { return static_cast<Ring&>(*this); }

    template <class Value, class Deadline>
    bool push_until(Value&& value, Deadline deadline_ns) {
        return this->give_until(
            [&] { return ring().give(std::forward<Value>(value)); }, deadline_ns);
    }
};

}  // namespace lfq::inline LFQ_ABI
