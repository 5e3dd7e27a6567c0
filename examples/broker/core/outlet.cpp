// SPDX-License-Identifier: MIT
#include "broker/core/outlet.hpp"

#include "broker/core/routes.hpp"

namespace broker::core {

outlet::outlet(exchange& shared, std::uint32_t index, probe& counts)
    : shared_(shared), probe_(counts), tallies_(shared.tallies, index, shared.outlets()) {
    if (shared.plan.fused) inside_.emplace(shared, 0);
    for (std::uint32_t i = 0; i < shared.plan.workers; ++i) {
        stages_.push_back(std::make_unique<stage>());
    }
}

void outlet::hand_on(std::span<const event> events) {
    for (const event& each : events) fan_out(each, *each.where);
}

void outlet::fan_out(const event& one, const route& where) {
    work entry{.block = one.block,
        .received_ns = one.received_ns,
        .offset = one.offset,
        .payload_bytes = one.payload_bytes,
        .topic_bytes = one.topic_bytes,
        .priority = one.priority};
    if (where.copies > 1) entry.how = tallies_.begin(where.copies);
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

void outlet::send_marker(retirement* marker) {
    for (std::uint32_t i = 0; i < shared_.plan.workers; ++i) {
        work entry;
        entry.retired = marker;
        put(i, entry);
    }
}

void outlet::publish(std::uint32_t worker) {
    stage& mine = *stages_[worker];
    const std::span<work> entries(mine.entries.data(), mine.count);
    mine.count = 0;
    if (inside_) return inside_->work_on(entries);
    auto& ring = *shared_.works[worker];
    for (std::size_t at = 0; at != entries.size();) {
        at += ring.try_push_n(std::span<const work>(entries).subspan(at));
        if (at != entries.size()) ring.push(entries[at++]);
    }
}

void outlet::publish_all() {
    for (std::uint32_t i = 0; i < stages_.size(); ++i) {
        if (stages_[i]->count != 0) publish(i);
    }
    drops_.settle();
}

void outlet::close() {
    publish_all();
    // release and acquire closed: pairs with itself in the other outlets.
    if (shared_.outlets_open.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    for (const auto& each : shared_.works) each->close();
}

}  // namespace broker::core
