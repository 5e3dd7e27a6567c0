// SPDX-License-Identifier: MIT
#include "broker/core/routes.hpp"

#include <algorithm>
#include <utility>

namespace broker::core {

std::unique_ptr<generation> routes::subscribe(
    subscriber& who, std::uint32_t worker, std::uint32_t sid, std::string_view filter_text) {
    all_.push_back({{worker, sid, &who}, filter(filter_text)});
    return replace();
}

std::unique_ptr<generation> routes::unsubscribe(subscriber& who, std::uint32_t sid) {
    std::erase_if(all_,
        [&](const subscription& each) { return each.where.to == &who && each.where.sid == sid; });
    return replace();
}

std::unique_ptr<generation> routes::leave(subscriber& who) {
    std::erase_if(all_, [&](const subscription& each) { return each.where.to == &who; });
    return replace();
}

std::unique_ptr<generation> routes::replace() {
    ++number_;
    targets_ = 0;
    return std::exchange(now_, std::make_unique<generation>());
}

const route* routes::build(topic_id id, std::string_view topic) {
    std::vector<target> targets;
    for (const subscription& each : all_) {
        if (each.wanted.matches(topic)) targets.push_back(each.where);
    }
    targets.shrink_to_fit();
    std::sort(targets.begin(), targets.end());
    if (known_.size() <= id) known_.resize(id + 1U);
    known_[id] = {number_, find_or_add(std::move(targets))};
    return known_[id].where;
}

const route* routes::find_or_add(std::vector<target> targets) {
    const auto found = now_->built.find(targets);
    if (found != now_->built.end()) return &found->second;
    if (targets.size() > targets_max_ - targets_) return nullptr;
    targets_ += targets.size();
    const auto added = now_->built.try_emplace(std::move(targets)).first;
    route& where = added->second;
    where.copies = static_cast<std::uint32_t>(added->first.size());
    where.by_worker.resize(workers_);
    for (const target& each : added->first) {
        route::slice& mine = where.by_worker[each.worker];
        if (mine.count == 0) mine.first = &each;
        ++mine.count;
    }
    return &where;
}

}  // namespace broker::core
