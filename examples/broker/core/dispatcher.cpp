// SPDX-License-Identifier: MIT
#include "broker/core/dispatcher.hpp"

#include "broker/core/retirement.hpp"

#include <utility>

namespace broker::core {

dispatcher::dispatcher(exchange& shared)
    : shared_(shared),
      probe_(shared.dispatcher_probe()),
      topics_(shared.settings.topics_max),
      routes_(shared.plan.workers, shared.settings.route_targets_max) {
    if (shared.plan.fused) inline_worker_.emplace(shared, 0);
    for (std::uint32_t i = 0; i < shared.plan.workers; ++i) {
        stages_.push_back(std::make_unique<stage>());
    }
}

void dispatcher::run() {
    for (;;) {
        while (pass() != 0) {
        }
        give_room();
        event first;
        if (!shared_.ingest.pop(first)) break;
        take({&first, 1});
    }
    shared_.works.close();
    while (inline_worker_ && inline_worker_->step() != 0) {
    }
}

std::size_t dispatcher::pass() {
    std::array<event, batch_events> batch;
    const std::size_t count = shared_.ingest.try_pop_n(batch);
    if (count == 0) return 0;
    take({batch.data(), count});
    // Enough room for several reads, so that a network thread is not woken for every batch.
    if (shared_.ingest.size_approx() < shared_.ingest.capacity() / 4) give_room();
    return count;
}

void dispatcher::take(std::span<const event> batch) {
    // The bytes were written on another core; by the time a topic is compared, its line is here.
    for (const event& each : batch) {
        if (each.block != nullptr) __builtin_prefetch(each.block->bytes + each.offset);
    }
    std::uint64_t events = 0;
    for (const event& each : batch) {
        if (each.block == nullptr) {
            obey(std::unique_ptr<command>(each.order));
        } else {
            ++events;
            handle(each);
        }
    }
    probe_.taken.add(events);
    finish_batch();
}

void dispatcher::handle(const event& one) {
    const std::optional<topic_id> id = topics_.intern(one.topic_hash, one.topic());
    const route* const found = id ? routes_.of(*id, one.topic()) : nullptr;
    if (found == nullptr) {
        probe_.drop(id ? drop_reason::route_targets_max : drop_reason::topics_max);
        drops_.add(one.block);
        return;
    }
    const route& where = *found;
    if (where.copies == 0) {
        probe_.filtered.add();
        drops_.add(one.block);
        return;
    }
    work entry{.block = one.block,
        .received_ns = one.received_ns,
        .offset = one.offset,
        .payload_bytes = one.payload_bytes,
        .topic_bytes = one.topic_bytes,
        .priority = one.priority};
    if (where.copies > 1) entry.how = shared_.tallies.begin(where.copies);
    std::uint32_t entries = 0;
    for (const route::slice& slice : where.by_worker) entries += slice.count != 0 ? 1U : 0U;
    if (entries > 1) one.block->add_references(entries - 1);
    for (std::uint32_t i = 0; i < where.by_worker.size(); ++i) {
        if (where.by_worker[i].count == 0) continue;
        entry.targets = where.by_worker[i].first;
        entry.target_count = where.by_worker[i].count;
        put(i, entry);
        if (entry.how == booked_alone) entry.how = not_booked;  // the first one has it
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

/// Every worker passes the marker after all work that points into the old routes.
void dispatcher::retire(std::unique_ptr<generation> old, subscriber* leaving) {
    if (old->built.empty() && leaving == nullptr) return;
    auto* const marker =
        new retirement{std::move(old), leaving, {shared_.plan.workers}};  // pass() deletes it
    for (std::uint32_t i = 0; i < shared_.plan.workers; ++i) {
        work entry;
        entry.retired = marker;
        put(i, entry);
    }
}

void dispatcher::put(std::uint32_t worker, const work& entry) {
    stage& mine = *stages_[worker];
    if (mine.count == batch_events) publish(worker);
    mine.entries[mine.count++] = entry;
}

void dispatcher::publish(std::uint32_t worker) {
    stage& mine = *stages_[worker];
    auto& ring = shared_.works.worker(worker);
    for (std::size_t at = 0; at != mine.count;) {
        at += ring.try_push_n(std::span<const work>(&mine.entries[at], mine.count - at));
        if (at == mine.count) break;
        if (inline_worker_) {
            inline_worker_->step();
        } else {
            ring.push(mine.entries[at++]);
        }
    }
    mine.count = 0;
}

void dispatcher::finish_batch() {
    for (std::uint32_t i = 0; i < shared_.plan.workers; ++i) {
        if (stages_[i]->count != 0) publish(i);
    }
    while (inline_worker_ && inline_worker_->step() != 0) {
    }
    drops_.settle();
    const std::uint64_t known = shared_.topics.read();
    if (topics_.size() != known) shared_.topics.add(topics_.size() - known);
}

void dispatcher::give_room() {
    for (const auto& each : shared_.ports) {
        if (each->give_room()) each->tell(notice::kind::look);
    }
}

}  // namespace broker::core
