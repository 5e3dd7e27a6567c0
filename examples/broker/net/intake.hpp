// SPDX-License-Identifier: MIT
// broker/net/intake.hpp — frames become events: checked, counted, pushed in batches.
// Room: net. Reads: core, lfq codec.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/priority_set.hpp"
#include "broker/core/state.hpp"
#include "broker/net/probe.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace broker::net {

/// The one place of a network thread where events begin. Bytes are received into its slab, frames
/// are added where they lie, and `push` hands them to the dispatcher. All connections of the thread
/// share the slab, so a quiet connection holds none.
///
/// Threads   the network thread only.
/// Memory    none per event; slabs come from the pool and go back when the last copy is sent.
class intake {
public:
    intake(core::exchange& shared, std::uint32_t net_thread, probe& counts);
    intake(const intake&) = delete;
    intake& operator=(const intake&) = delete;
    ~intake();

    // Is there room?

    /// Whether publishers may be read now. Half of the ring and an eighth of the slabs are theirs:
    /// TCP waits in the kernel. The rest is for datagrams, which cannot wait, and for commands.
    [[nodiscard]] bool may_read() const noexcept;
    /// The same, whatever subscribers press.
    [[nodiscard]] bool has_room() const noexcept;
    /// Whether the state allows publishers to be read.
    [[nodiscard]] bool reading_allowed() const noexcept { return shared_.state.read().reading; }

    /// At least `bytes` in one slab; empty: no slab is free. What was received before and not used
    /// is overwritten by the next call.
    [[nodiscard]] std::span<std::byte> space(std::size_t bytes);

    /// Whether space(bytes) would need no new slab; before one is needed, everything must be
    /// pushed.
    [[nodiscard]] bool fits(std::size_t bytes) const noexcept {
        return slab_ != nullptr && slabs_.slab_bytes() - used_ >= bytes;
    }

    /// The first `bytes` of space() hold frames that were added: they are kept until sent.
    void use(std::size_t bytes) noexcept { used_ += bytes; }

    // Frames that lie in space().

    enum class answer : std::uint8_t { taken, topic_refused, stopped };

    /// Reads clock and state, once for all frames of one read.
    void begin() noexcept;
    /// stopped: the ring is full, see `first_left`.
    [[nodiscard]] answer add(const lfq::frame& one, core::counter& in);
    /// True when all were pushed. After false, first_left() is where the first event lies that
    /// was not: add it and all that followed again later.
    [[nodiscard]] bool push(core::counter& in);
    [[nodiscard]] const std::byte* first_left() const noexcept { return first_left_; }
    /// Datagrams cannot be added again: what the ring does not take is dropped and counted.
    void push_or_drop(core::counter& in);
    /// The same, when the batch is full: the next add() will not stop.
    void make_room(core::counter& in) {
        if (count_ == batch_events) push_or_drop(in);
    }

    [[nodiscard]] const core::state_view& state() const noexcept { return state_; }

private:
    static constexpr std::size_t batch_events = 256;
    // More than any slab can hold events.
    static constexpr std::uint32_t own_references = std::uint32_t{1} << 30;

    [[nodiscard]] std::size_t offer();
    void settle(std::size_t pushed, std::uint64_t dropped, core::counter& in);
    void tell_priorities() noexcept;
    void retire_slab() noexcept;

    core::exchange& shared_;
    core::slab_pool& slabs_;  // of its node
    std::size_t slabs_max_;  // taken, while publishers are read
    core::probe& books_;
    probe& counts_;

    core::slab* slab_ = nullptr;
    std::size_t used_ = 0;  // bytes of slab_
    std::uint32_t handed_ = 0;  // references of slab_ that went with events

    core::state_view state_;
    std::uint64_t now_ns_ = 0;
    core::priority_set seen_;

    std::array<core::event, batch_events> batch_;
    std::array<std::uint32_t, batch_events> dropped_before_;  // by state, since the last push
    std::size_t count_ = 0;
    std::uint32_t dropped_ = 0;
    const std::byte* first_left_ = nullptr;
};

}  // namespace broker::net
