// SPDX-License-Identifier: MIT
#include "broker/core/dispatcher.hpp"

#include "broker/core/retirement.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace broker::core {

dispatcher::dispatcher(exchange& shared, const processing_rules& rules)
    : shared_(shared),
      probe_(shared.dispatcher_probe()),
      queued_(shared.queue),
      rules_(rules),
      topics_(shared.settings.topics_max),
      routes_(shared.plan.workers, shared.settings.route_targets_max),
      out_(shared, 0, probe_),
      inside_(shared, out_) {
    for (std::size_t i = 0; i < rules.others.size(); ++i) {
        const processor_rule& each = rules.others[i];
        if (each.kind == processor_kind::realtime) continue;
        const std::vector<processor_kind>& apart = shared.plan.apart;
        const auto found = std::find(apart.begin(), apart.end(), each.kind);
        if (found == apart.end()) {
            inside_.add(static_cast<std::uint8_t>(i + 1), *each.through);
        } else {
            apart_[i + 1] =
                shared.processings[static_cast<std::size_t>(found - apart.begin())].get();
        }
    }
}

void dispatcher::run() {
    for (event first; !shared_.ingest.drained();) {
        while (pass() != 0) {
        }
        give_room();
        queued_.tell();
        if (wait_for(first)) {
            take({&first, 1});
        } else {
            inside_.expire();
            out_.publish_all();
        }
    }
    inside_.flush();
    out_.close();
    for (const auto& each : shared_.processings) each->close();
}

/// False: the ring is at its end, or something that is held is due.
bool dispatcher::wait_for(event& first) {
    const std::int64_t wait_ns = inside_.wait_ns();
    if (wait_ns == processor::never_ns) return shared_.ingest.pop(first);
    return shared_.ingest.pop_for(first, std::chrono::nanoseconds(wait_ns));
}

std::size_t dispatcher::pass() {
    const std::size_t count = shared_.ingest.try_pop_n(batch_);
    if (count == 0) return 0;
    take({batch_.data(), count});
    // Enough room for several reads, so that a network thread is not woken for every batch.
    if (shared_.ingest.size_approx() < shared_.ingest.capacity() / 4) give_room();
    return count;
}

void dispatcher::take(std::span<event> batch) {
    // The bytes were written on another core; by the time a topic is compared, its line is here.
    for (const event& each : batch) {
        if (each.block != nullptr) __builtin_prefetch(each.block->bytes + each.offset);
    }
    std::uint64_t events = 0;
    std::uint64_t oldest_ns = 0;
    for (std::size_t at = 0; at != batch.size();) {
        std::size_t end = at;
        while (end != batch.size() && batch[end].block != nullptr) ++end;
        if (events == 0 && end != at) oldest_ns = batch[at].received_ns;
        route_all(batch.subspan(at, end - at));
        events += end - at;
        at = end;
        if (at != batch.size()) obey(std::unique_ptr<command>(batch[at++].order));
    }
    probe_.taken.add(events);
    if (events != 0) queued_.note(oldest_ns, wall_ns());
    finish_batch();
}

/// Between two commands: all of these have their routes before anything is handed on, so that a
/// processor sees them together.
void dispatcher::route_all(std::span<event> events) {
    std::size_t realtime = 0;
    for (event& each : events) {
        if (!route_one(each)) continue;
        if (each.rule != 0) [[unlikely]] {
            others_[others_count_++] = each;
            continue;
        }
        if (&events[realtime] != &each) events[realtime] = each;
        ++realtime;
    }
    // The time is for those that hold events; realtime does not.
    rules_.realtime.take(events.first(realtime), 0, out_);
    if (others_count_ != 0) process_others();
}

/// False: it ends here, and was counted.
bool dispatcher::route_one(event& one) {
    const std::optional<topic_id> id = topics_.intern(one.topic_hash, one.topic());
    if (id && *id == rule_of_topic_.size()) {
        rule_of_topic_.push_back(rules_.rule_of(topics_.name(*id)));
    }
    const route* const found = id ? routes_.of(*id, one.topic()) : nullptr;
    if (found == nullptr) {
        out_.drop(one, id ? drop_reason::route_targets_max : drop_reason::topics_max);
        return false;
    }
    if (found->copies == 0) {
        out_.filter(one);
        return false;
    }
    one.where = found;
    one.topic_number = *id;
    one.rule = rule_of_topic_[*id];
    return true;
}

void dispatcher::process_others() {
    const std::span<event> all(others_.data(), others_count_);
    others_count_ = 0;
    for (std::size_t at = 0; at != all.size();) {
        processor_ring* const ring = apart_[all[at].rule];
        std::size_t end = at + 1;
        while (end != all.size() && apart_[all[end].rule] == ring) ++end;
        const std::span<event> run = all.subspan(at, end - at);
        at = end;
        if (ring == nullptr) {
            inside_.take(run);
            continue;
        }
        for (std::size_t pushed = 0; pushed != run.size();) {
            pushed += ring->try_push_n(std::span<const event>(run).subspan(pushed));
            if (pushed != run.size()) ring->push(run[pushed++]);
        }
    }
}

void dispatcher::obey(std::unique_ptr<command> order) {
    subscriber& who = *order->who;
    switch (order->what) {
        case command::verb::subscribe:
            retire(routes_.subscribe(who, who.worker, order->sid, order->filter), nullptr);
            break;
        case command::verb::unsubscribe:
            retire(routes_.unsubscribe(who, order->sid), nullptr);
            break;
        case command::verb::leave: retire(routes_.leave(who), &who); break;
    }
    shared_.subscriptions.store(
        routes_.subscriptions(), std::memory_order_relaxed);  // count: read by reports
}

/// Every worker passes the marker once for every outlet, after all work that points into the old
/// routes.
void dispatcher::retire(std::unique_ptr<generation> old, subscriber* leaving) {
    if (old->built.empty() && leaving == nullptr) return;
    inside_.flush();
    auto* const marker = new retirement{
        std::move(old), leaving, {shared_.plan.workers * shared_.outlets()}};  // pass() deletes it
    out_.send_marker(marker);
    for (const auto& each : shared_.processings) {
        event entry;
        entry.retired = marker;
        each->push(entry);
    }
}

void dispatcher::finish_batch() {
    inside_.expire();
    out_.publish_all();
    const std::uint64_t known = shared_.topics.read();
    if (topics_.size() != known) shared_.topics.add(topics_.size() - known);
}

void dispatcher::give_room() {
    for (const auto& each : shared_.ports) {
        if (each->give_room()) each->tell(notice::kind::look);
    }
}

}  // namespace broker::core
