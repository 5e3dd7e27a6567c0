// SPDX-License-Identifier: MIT
#include "broker/core/worker.hpp"

#include "broker/core/retirement.hpp"

#include <lfq/sys/clock.hpp>

#include <chrono>
#include <thread>

namespace broker::core {

namespace {

[[nodiscard]] booking booking_of(const work& one, bool first) noexcept {
    return first || one.how != booked_alone ? one.how : not_booked;
}

[[nodiscard]] delivery copy_for(std::uint32_t sid, const work& from, bool first) noexcept {
    return {.block = from.block,
        .received_ns = from.received_ns,
        .offset = from.offset,
        .payload_bytes = from.payload_bytes,
        .sid = sid,
        .how = booking_of(from, first),
        .topic_bytes = from.topic_bytes,
        .priority = from.priority};
}

}  // namespace

worker::worker(exchange& shared, std::uint32_t index)
    : entries_(shared.plan.fused ? nullptr : shared.works[index].get()),
      tallies_(shared.tallies),
      probe_(shared.worker_probe(index)),
      grace_over_(shared.grace_over) {
    touched_.reserve(batch_entries);
}

void worker::work_on(std::span<work> batch) {
    take(batch);
    tell_touched();
    drops_.settle();
}

std::size_t worker::pass() {
    const std::size_t taken = entries_->visit([this](std::span<work> part) { take(part); });
    if (taken == 0) return 0;
    tell_touched();
    drops_.settle();
    return taken;
}

void worker::run() {
    for (work first; entries_->pop(first);) {
        work_on({&first, 1});
        while (pass() != 0) {
        }
    }
}

void worker::take(std::span<work> batch) {
    add_references(batch);
    for (std::size_t at = 0; at < batch.size();) {
        if (batch[at].targets == nullptr) {
            tell_touched();  // a subscriber that leaves must not be told of anything later
            retirement::pass(batch[at].retired);
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < batch.size() && batch[end].targets == batch[at].targets) ++end;
        deliver(batch.subspan(at, end - at));
        at = end;
    }
}

/// An entry comes with one reference; every copy needs one, before the first copy can be dropped.
void worker::add_references(std::span<const work> batch) {
    slab* of = nullptr;
    std::uint32_t more = 0;
    for (const work& each : batch) {
        if (each.targets == nullptr || each.target_count == 1) continue;
        if (each.block != of) {
            if (of != nullptr) of->add_references(more);
            of = each.block;
            more = 0;
        }
        more += each.target_count - 1;
    }
    if (of != nullptr) of->add_references(more);
}

/// Entries with the same targets: one publication per subscriber for all of them.
void worker::deliver(std::span<const work> run) {
    bool first = true;
    for (const target& each : std::span(run[0].targets, run[0].target_count)) {
        const std::size_t given = give(each, run, first);
        if (given != run.size()) lose(run.subspan(given), first);
        first = false;
    }
}

std::size_t worker::give(const target& one, std::span<const work> run, bool first_target) {
    subscriber& to = *one.to;
    std::size_t given = 0;
    while (given != run.size() && !to.is_cut_off()) {
        const delivery first = copy_for(one.sid, run[given], first_target);
        if (!to.may_take_one(wire_bytes(first))) {
            wait_for_budget(to, wire_bytes(first));
            continue;
        }
        auto slots = to.deliveries.claim(run.size() - given);
        const std::size_t granted = slots.size();
        if (granted == 0) {
            wait_for_room(to, first);
            ++given;
            continue;
        }
        std::size_t bytes = wire_bytes(first);
        std::size_t built = 1;
        slots.emplace(first);
        for (; built != granted; ++built) {
            const delivery next = copy_for(one.sid, run[given + built], first_target);
            if (!to.may_take(bytes + wire_bytes(next))) break;
            bytes += wire_bytes(next);
            slots.emplace(next);
        }
        to.count_pushed(bytes);
        slots.commit();
        touch(to);
        given += built;
    }
    return given;
}

/// Its ring is full although its budget is not: the network thread is behind, and always comes.
void worker::wait_for_room(subscriber& to, const delivery& one) {
    tell_touched();
    to.tell_deliveries();
    to.count_pushed(wire_bytes(one));
    to.deliveries.push(one);
    touch(to);
}

/// Publishers are not read meanwhile, but what they had sent is still inside. The subscriber gets
/// the time that it has earned, then it is cut off.
void worker::wait_for_budget(subscriber& to, std::size_t bytes) {
    constexpr std::chrono::microseconds step{200};
    tell_touched();
    std::int64_t before_ns = lfq::sys::clock::now_ns();
    while (!to.may_take_one(bytes)) {
        const bool waits = to.is_pressing() && to.has_patience() && !in_a_hurry();
        if (!waits && !to.may_take_one(bytes)) return to.cut_off();
        std::this_thread::sleep_for(step);
        const std::int64_t now_ns = lfq::sys::clock::now_ns();
        to.spend_waited((now_ns - before_ns) / 1'000);
        before_ns = now_ns;
    }
}

void worker::lose(std::span<const work> run, bool first_target) {
    for (const work& each : run) {
        if (tallies_.lost(booking_of(each, first_target))) {
            probe_.drop(in_a_hurry() ? drop_reason::drain_deadline : drop_reason::subscriber_gone);
        }
        drops_.add(each.block);
    }
}

void worker::touch(subscriber& one) {
    if (one.touched) return;
    one.touched = true;
    touched_.push_back(&one);
}

void worker::tell_touched() {
    for (subscriber* const each : touched_) {
        each->touched = false;
        each->tell_deliveries();
    }
    touched_.clear();
}

}  // namespace broker::core
