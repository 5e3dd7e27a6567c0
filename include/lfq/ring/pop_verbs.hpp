// SPDX-License-Identifier: MIT
// lfq/ring/pop_verbs.hpp — the consumer's verbs of single values, built once for who takes them.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/waiting_verbs.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Base of the rings, and of the readers of those that have several; nobody names it. What a Side
/// takes are values that it may move from, Value = T, or only read, Value = const T. It has,
/// privately and with this class as its friend:
///
///   take(sink) -> wait::turn  hands the oldest value to sink(Value&) and is done with it; refused:
///                             empty, over: closed and drained. What sink throws leaves the value
///   refused_pop()             counts one, which take does not
///
/// for take_n also drain(visit, max), and what waiting_verbs asks for of a consumer. Base is
/// waiting_verbs, or built on it.
template <class Side, class Value, wait_policy Wait, class Base = waiting_verbs<Side, Wait>>
class pop_verbs : public Base {
public:
    using value_type = std::remove_const_t<Value>;

    // Consumer side.

    /// Moves the oldest value out, or copies it where others read it too. False: empty, and `out`
    /// is untouched. What the assignment throws leaves it in the ring.
    [[nodiscard]] bool try_pop(value_type& out) requires std::is_assignable_v<value_type&, Value> {
        if (side().take(into(out)) == wait::turn::done) [[likely]]
            return true;
        side().refused_pop();
        return false;
    }
    [[nodiscard]] std::optional<value_type> try_pop() requires
        std::constructible_from<value_type, Value> {
        std::optional<value_type> out;
        if (side().take([&](Value& value) { out.emplace(std::move(value)); }) != wait::turn::done)
            side().refused_pop();
        return out;
    }

    /// Waits for a value. False: closed and drained.
    [[nodiscard]] bool pop(value_type& out) requires std::is_assignable_v<value_type&, Value> {
        return pop_until(out, this->forever);
    }

    /// Waits for a value at most so long. False: closed and drained, or out of time.
    template <class Rep, class Period>
    [[nodiscard]] bool pop_for(
        value_type& out, std::chrono::duration<Rep, Period> duration) requires
        std::is_assignable_v<value_type&, Value> {
        return pop_until(out, this->in(duration));
    }

protected:
    pop_verbs() = default;

    // For rings whose values are not bytes: moves out what is there, at most out.size(). Where an
    // assignment may throw, one by one, so that the value it was for stays in the ring.
    [[nodiscard]] std::size_t take_n(std::span<value_type> out) {
        std::size_t n = 0;
        const auto next = [&](Value& value) {
            out[n] = std::move(value);
            ++n;
        };
        if constexpr (std::is_nothrow_assignable_v<value_type&, Value>) {
            side().drain(next, out.size());
        } else {
            while (n != out.size() && side().take(next) == wait::turn::done) {
            }
        }
        if (n == 0 && !out.empty()) side().refused_pop();
        return n;
    }

private:
    [[nodiscard]] Side& side() noexcept { return static_cast<Side&>(*this); }

    static auto into(value_type& out) noexcept {
        // What is const is copied.
        return [&out](Value& value) { out = std::move(value); };
    }

    template <class Deadline>
    bool pop_until(value_type& out, Deadline deadline_ns) {
        return this->take_until([&] { return side().take(into(out)); }, deadline_ns);
    }
};

}  // namespace lfq::inline LFQ_ABI
