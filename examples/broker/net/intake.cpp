// SPDX-License-Identifier: MIT
#include "broker/net/intake.hpp"

#include "broker/core/stage.hpp"
#include "broker/core/topic_hash.hpp"

#include <lfq/base/assert.hpp>

namespace broker::net {

intake::intake(core::exchange& shared, std::uint32_t net_thread, probe& counts)
    : shared_(shared),
      slabs_(shared.slabs.home(shared.plan.home_of(net_thread))),
      slabs_max_(shared.reading_ends_at(shared.plan.home_of(net_thread))),
      books_(shared.net_probe(net_thread)),
      counts_(counts) {}

intake::~intake() { retire_slab(); }

bool intake::may_read() const noexcept {
    // hint: read again before the next read.
    return shared_.pressing.load(std::memory_order_relaxed) == 0 && has_room();
}

bool intake::has_room() const noexcept {
    return shared_.ingest.size_approx() < shared_.ingest.capacity() / 2 &&
        slabs_.taken_approx() < slabs_max_;
}

std::span<std::byte> intake::space(std::size_t bytes) {
    const std::size_t whole = slabs_.slab_bytes();
    if (!fits(bytes)) {
        LFQ_ASSERT(count_ == 0, "intake::space: events of the slab before are not pushed");
        retire_slab();
        slab_ = slabs_.take(own_references);
        if (slab_ == nullptr) return {};
    }
    return {slab_->bytes + used_, whole - used_};
}

/// The references that no event took are dropped at once: one atomic operation a slab, not a batch.
void intake::retire_slab() noexcept {
    if (slab_ != nullptr) slab_->drop_references(own_references - handed_);
    slab_ = nullptr;
    used_ = 0;
    handed_ = 0;
}

void intake::begin() noexcept {
    state_ = shared_.state.read();
    now_ns_ = core::wall_ns();
}

intake::answer intake::add(const lfq::frame& one, core::counter& in) {
    const core::topic_mark mark = core::mark_topic(one.topic, shared_.topic_seed);
    if (!mark.clean) return answer::topic_refused;
    seen_.insert(one.priority);
    if (state_.drops(one.priority)) {
        ++dropped_;
        return answer::taken;
    }
    if (count_ == batch_events && !push(in)) return answer::stopped;
    const auto* const topic = reinterpret_cast<const std::byte*>(one.topic.data());
    core::event& next = batch_[count_];
    next.block = slab_;
    next.topic_hash = mark.hash;
    next.received_ns = now_ns_;
    next.offset = static_cast<std::uint32_t>(topic - slab_->bytes);
    next.payload_bytes = static_cast<std::uint32_t>(one.payload.size());
    next.topic_bytes = static_cast<std::uint16_t>(one.topic.size());
    next.priority = one.priority;
    dropped_before_[count_] = dropped_;
    ++count_;
    return answer::taken;
}

bool intake::push(core::counter& in) {
    const std::size_t pushed = offer();
    const bool all = pushed == count_;
    if (!all) first_left_ = slab_->bytes + batch_[pushed].offset - lfq::frame_header_bytes;
    settle(pushed, all ? dropped_ : dropped_before_[pushed], in);
    return all;
}

void intake::push_or_drop(core::counter& in) {
    const std::size_t pushed = offer();
    const std::size_t refused = count_ - pushed;
    books_.drop(core::drop_reason::udp_ring_full, refused);
    in.add(refused);
    settle(pushed, dropped_, in);
}

std::size_t intake::offer() {
    if (count_ == 0) return 0;
    return shared_.ingest.try_push_n(std::span<const core::event>(batch_.data(), count_));
}

void intake::settle(std::size_t pushed, std::uint64_t dropped, core::counter& in) {
    handed_ += static_cast<std::uint32_t>(pushed);
    in.add(pushed + dropped);
    if (dropped != 0) {
        books_.drop(state_.now == core::state::emergency ? core::drop_reason::state_emergency
                                                         : core::drop_reason::state_dropping,
            dropped);
    }
    count_ = 0;
    dropped_ = 0;
    tell_priorities();
}

/// Usually nothing is new, and nothing is written.
void intake::tell_priorities() noexcept {
    const auto tell = [](std::atomic<std::uint64_t>& word, std::uint64_t seen) {
        // hint: the control thread takes bits away; one that it takes just now comes back later.
        if ((word.load(std::memory_order_relaxed) & seen) == seen) return;
        word.fetch_or(seen, std::memory_order_relaxed);  // hint: as above
    };
    tell(counts_.priorities_low, seen_.low());
    tell(counts_.priorities_high, seen_.high());
    seen_ = {};
}

}  // namespace broker::net
