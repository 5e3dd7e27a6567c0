// SPDX-License-Identifier: MIT
// lfq/ring/waiting_verbs.hpp — looking again until it works, and the doorbell, for every ring.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/wait.hpp>

#include <chrono>

namespace lfq::inline LFQ_ABI {

/// Base of the rings, and of the readers of those that have several; nobody names it. A Ring has,
/// privately and with this class as its friend:
///
///   its_waiter()                       a waiter of Wait
///   give_position(), refused_push()    a side that gives: where it is; counts an answer
///   take_position(), refused_pop()     a side that takes: where it is; counts an answer
///   readable() -> bool                 with a doorbell: the consumer need not wait
///
/// and publicly size_approx(), closed() if it gives, and drained() if it takes.
template <class Ring, wait_policy Wait>
class waiting_verbs {
public:
    // Consumer side, with a doorbell.

    /// Readable after the bell rang, until acknowledge().
    [[nodiscard]] int fd() noexcept requires doorbell_wait<Wait> {
        return ring().its_waiter().its_bell().fd();
    }

    /// The next publication rings. False: do not sleep, there is something now, or the ring is
    /// drained.
    [[nodiscard]] bool arm() noexcept requires doorbell_wait<Wait> {
        ring().its_waiter().its_bell().arm();
        if (!ring().readable()) return true;
        ring().its_waiter().its_bell().disarm();
        return false;
    }

    /// Woken by something else: nobody needs to ring.
    void disarm() noexcept requires doorbell_wait<Wait> { ring().its_waiter().its_bell().disarm(); }

    /// After the descriptor was readable.
    void acknowledge() noexcept requires doorbell_wait<Wait> {
        ring().its_waiter().its_bell().acknowledge();
    }

    // Anyone.

    [[nodiscard]] bool empty_approx() const noexcept {
        return static_cast<const Ring&>(*this).size_approx() == 0;
    }

protected:
    waiting_verbs() = default;

    // Deadlines are asked for after a first refusal only: a clock costs as much as a push.
    static constexpr auto forever = [] { return wait::never_ns; };
    template <class Duration>
    static auto in(const Duration& duration) noexcept {
        return [&duration] { return wait::deadline_in<typename Wait::clock>(duration); };
    }

    /// Looks until it gave something; false: closed, or out of time.
    template <class Look, class Deadline>
    bool give_until(const Look& look, Deadline deadline_ns) {
        const wait::turn first = look();
        if (first != wait::turn::refused) [[likely]]
            return first == wait::turn::done;
        if (ring().its_waiter().until_writable(ring().give_position(), look, deadline_ns()))
            return true;
        if (!ring().closed()) ring().refused_push();
        return false;
    }

    /// Looks until it took something; false: closed and drained, or out of time.
    template <class Look, class Deadline>
    bool take_until(const Look& look, Deadline deadline_ns) {
        const wait::turn first = look();
        if (first != wait::turn::refused) [[likely]]
            return first == wait::turn::done;
        if (ring().its_waiter().until_readable(ring().take_position(), look, deadline_ns()))
            return true;
        if (!ring().drained()) ring().refused_pop();
        return false;
    }

private:
    [[nodiscard]] Ring& ring() noexcept { return static_cast<Ring&>(*this); }
};

}  // namespace lfq::inline LFQ_ABI
