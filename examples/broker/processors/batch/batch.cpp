// SPDX-License-Identifier: MIT
#include "broker/processors/batch/batch.hpp"

namespace broker::processors {

batch::~batch() {
    for (; oldest_ != none; oldest_ = windows_[oldest_].newer) {
        for (held* each = windows_[oldest_].first; each != nullptr;) {
            held* const next = each->next;
            pool_.give_back(each);
            each = next;
        }
    }
}

void batch::take(std::span<core::event> events, std::int64_t now_ns, core::outcome& to) {
    for (const core::event& each : events) hold(each, now_ns, to);
}

void batch::hold(const core::event& one, std::int64_t now_ns, core::outcome& to) {
    held* kept = pool_.take();
    while (kept == nullptr && oldest_ != none) {
        counts_.early.add();
        close(oldest_, to);
        kept = pool_.take();
    }
    if (kept == nullptr) return to.hand_on({&one, 1});  // others have all of the pool
    kept->what = one;
    kept->next = nullptr;
    const window_index which = window_of(one.topic_number);
    window& mine = windows_[which];
    if (mine.count == 0) {
        open(which, now_ns);
        mine.first = kept;
    } else {
        mine.last->next = kept;
    }
    mine.last = kept;
    if (++mine.count < settings_.events) return;
    counts_.by_count.add();
    close(which, to);
}

batch::window_index batch::window_of(std::uint32_t topic_number) {
    if (window_of_topic_.size() <= topic_number) window_of_topic_.resize(topic_number + 1U, none);
    window_index& which = window_of_topic_[topic_number];
    if (which == none) {
        which = static_cast<window_index>(windows_.size());
        windows_.emplace_back();
    }
    return which;
}

void batch::open(window_index which, std::int64_t now_ns) {
    window& mine = windows_[which];
    mine.due_ns = now_ns + settings_.window_ns;
    mine.older = newest_;
    mine.newer = none;
    (newest_ == none ? oldest_ : windows_[newest_].newer) = which;
    newest_ = which;
}

void batch::close(window_index which, core::outcome& to) {
    window& mine = windows_[which];
    (mine.older == none ? oldest_ : windows_[mine.older].newer) = mine.newer;
    (mine.newer == none ? newest_ : windows_[mine.newer].older) = mine.older;
    mine.count = 0;
    hand_on(mine.first, to);
}

void batch::hand_on(held* first, core::outcome& to) {
    while (first != nullptr) {
        std::size_t count = 0;
        for (; first != nullptr && count != together_max; ++count) {
            together_[count] = first->what;
            held* const next = first->next;
            pool_.give_back(first);
            first = next;
        }
        to.hand_on({together_.data(), count});
    }
}

std::int64_t batch::due_ns() const noexcept {
    return oldest_ == none ? never_ns : windows_[oldest_].due_ns;
}

void batch::expire(std::int64_t now_ns, core::outcome& to) {
    while (oldest_ != none && windows_[oldest_].due_ns <= now_ns) {
        counts_.by_time.add();
        close(oldest_, to);
    }
}

void batch::flush(core::outcome& to) {
    while (oldest_ != none) {
        counts_.early.add();
        close(oldest_, to);
    }
}

}  // namespace broker::processors
