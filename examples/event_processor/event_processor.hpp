// SPDX-License-Identifier: MIT
// event_processor/event_processor.hpp — events of a few types, from many threads to one that
// handles them in batches, where they lie.
#pragma once

#include "errc.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <poll.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>
#include <variant>

namespace events {

/// Producers reserve places, fill them and commit; the consumer handles what is committed, in the
/// order of the reservations. Events have any size, and a `name`; a place is as large as the
/// largest.
///
/// Threads   any number of producers, one consumer; anyone may close.
/// Progress  reserve, fill, commit: lock-free among producers. process: wait-free. run sleeps when
///           there is nothing. A reservation holds back everything behind it: finish it soon.
/// Memory    the places, at construction. What an event owns ends with the event.
/// Failure   see errc; what a handler throws is reported, and costs its own event only.
template <class... Events>
class event_processor {
public:
    using any_event = std::variant<Events...>;
    using ring = lfq::mpsc_ring<any_event, lfq::storage::heap, lfq::wait::doorbell>;

    static constexpr std::size_t default_capacity = 4096;
    static constexpr std::size_t batch_events_max = 256;

    class reservation;

    explicit event_processor(std::size_t capacity = default_capacity) : ring_(capacity) {}

    // Producers.

    /// n places in a row, or none. What is not committed when the reservation ends is as if it had
    /// never been: what was filled in is destroyed, and its places are stepped over.
    [[nodiscard]] reservation reserve(std::size_t n = 1) noexcept;

    /// What was reserved before is still taken.
    void close() noexcept { ring_.close(); }

    // The consumer.

    /// Calls handle(event) on what is there, of its own type, at most a batch; returns how many.
    /// `report(failure)` is called when it threw.
    template <class Handle, class Report>
    std::size_t process(Handle&& handle, Report&& report);

    /// Processes batches until the processor is closed and drained; sleeps in between. Returns how
    /// many batches there were.
    template <class Handle, class Report>
    std::uint64_t run(Handle&& handle, Report&& report);

    // Anyone.

    [[nodiscard]] std::size_t capacity() const noexcept { return ring_.capacity(); }
    /// `skipped` counts places that were reserved and not committed.
    [[nodiscard]] lfq::ring_statistics statistics() const noexcept { return ring_.statistics(); }

private:
    ring ring_;
};

/// Places in a row, or the reason why there are none.
template <class... Events>
class event_processor<Events...>::reservation {
public:
    [[nodiscard]] explicit operator bool() const noexcept { return error_ == errc::none; }
    [[nodiscard]] errc error() const noexcept { return error_; }

    /// Builds the next event where it will be handled. What its constructor throws leaves the
    /// reservation as it was.
    template <class Event, class... Args>
    Event& fill(Args&&... args) {
        static_assert((std::same_as<Event, Events> || ...),
            "event_processor: an event of this type has no place in this processor");
        return *std::get_if<Event>(
            &places_.emplace(std::in_place_type<Event>, std::forward<Args>(args)...));
    }

    /// Hands on what was filled in, in one go; places that were not are stepped over.
    void commit() noexcept { places_.commit(); }

private:
    friend event_processor;
    reservation(typename ring::claimed&& places, errc error) noexcept
        : places_(std::move(places)), error_(error) {}

    typename ring::claimed places_;
    errc error_;
};

template <class... Events>
auto event_processor<Events...>::reserve(std::size_t n) noexcept -> reservation {
    if (n > capacity()) return {ring_.claim(0), errc::too_large};
    // Looked at first, because what is claimed in part is lost to everybody for a while.
    if (!ring_.closed() && capacity() - ring_.size_approx() < n)
        return {ring_.claim(0), errc::full};
    auto places = ring_.claim(n);
    if (places.size() == n) return {std::move(places), errc::none};
    return {ring_.claim(0), places.size() == 0 && ring_.closed() ? errc::closed : errc::full};
}

template <class... Events>
template <class Handle, class Report>
std::size_t event_processor<Events...>::process(Handle&& handle, Report&& report) {
    const auto one = [&]<class Event>(Event& event) {
        try {
            handle(event);
        } catch (const std::exception& thrown) {
            report(failure{Event::name, thrown.what()});
        } catch (...) {
            report(failure{Event::name, "something that is no std::exception"});
        }
    };
    return ring_.drain([&](any_event& event) { std::visit(one, event); }, batch_events_max);
}

template <class... Events>
template <class Handle, class Report>
std::uint64_t event_processor<Events...>::run(Handle&& handle, Report&& report) {
    std::uint64_t batches = 0;
    while (!ring_.drained()) {
        if (process(handle, report) != 0) {
            ++batches;
            continue;
        }
        if (!ring_.arm()) continue;  // something came meanwhile: do not sleep
        pollfd bell{ring_.fd(), POLLIN, 0};
        if (::poll(&bell, 1, -1) == 1) ring_.acknowledge();
    }
    return batches;
}

}  // namespace events
