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
    return std::exchange(now_, std::make_unique<generation>());
}

const route& routes::build(topic_id id, std::string_view topic) {
    std::vector<target> targets;
    for (const subscription& each : all_) {
        if (each.wanted.matches(topic)) targets.push_back(each.where);
    }
    std::sort(targets.begin(), targets.end());
    const auto [found, is_new] = now_->built.try_emplace(std::move(targets));
    route& where = found->second;
    if (is_new) {
        const std::vector<target>& kept = found->first;
        where.copies = static_cast<std::uint32_t>(kept.size());
        where.by_worker.resize(workers_);
        for (const target& each : kept) {
            route::slice& mine = where.by_worker[each.worker];
            if (mine.count == 0) mine.first = &each;
            ++mine.count;
        }
    }
    if (known_.size() <= id) known_.resize(id + 1U);
    known_[id] = {number_, &where};
    return where;
}

}  // namespace broker::core
