// SPDX-License-Identifier: MIT
#include "broker/processors.hpp"

namespace broker {

all_processors::all_processors(const processing_options& settings, std::uint64_t seed)
    : rules_{realtime_, {}} {
    for (const processor_choice& each : settings.rules) {
        core::processor_rule rule{core::filter(each.topics), each.use};
        switch (each.use) {
            case core::processor_kind::realtime: rule.through = &realtime_; break;
            case core::processor_kind::transactional:
                transactional_.push_back(
                    std::make_unique<processors::transactional>(each.transactional, seed));
                rule.through = transactional_.back().get();
                break;
            case core::processor_kind::batch:
                if (!held_) held_.emplace(settings.held_max);
                batch_.push_back(std::make_unique<processors::batch>(each.batch, *held_));
                rule.through = batch_.back().get();
                break;
        }
        rules_.others.push_back(std::move(rule));
    }
}

void all_processors::count(counters& into) const {
    into.priority_batches = realtime_.counts().ordered.read();
    for (const auto& each : transactional_) {
        into.dedup_fresh += each->counts().fresh.read();
        into.dedup_full += each->counts().full.read();
    }
    for (const auto& each : batch_) {
        into.windows_by_count += each->counts().by_count.read();
        into.windows_by_time += each->counts().by_time.read();
        into.windows_early += each->counts().early.read();
    }
}

}  // namespace broker
