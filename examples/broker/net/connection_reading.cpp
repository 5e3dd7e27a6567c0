// SPDX-License-Identifier: MIT
// The reading half of connection.hpp: bytes in, frames found, what is not taken kept.
#include "broker/net/connection.hpp"
#include "broker/net/network_thread.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace broker::net {

namespace {

constexpr std::size_t read_bytes_max = 64 * 1024;
constexpr std::size_t read_bytes_min = 16 * 1024;  // less than this is no room in a slab
constexpr unsigned reads_max = 4;  // in a row, before others have their turn
constexpr std::size_t kept_bytes_min = 4 * 1024;
constexpr unsigned messages_max = 64;  // in a row, before others have their turn
constexpr unsigned orders_waiting_max = 64;  // of one connection, while the ingest ring is full

}  // namespace

void connection::read() {
    bool drained = false;
    messages_ = 0;
    for (unsigned round = 0; round < reads_max && !drained; ++round) {
        // A client that only subscribes and asks is read whatever happens.
        const bool waits = published_ && !draining_;
        if (waits && !(home_.intake_.reading_allowed() && home_.intake_.may_read())) return hold();
        if (!read_once(drained)) return;
    }
    wait_readable();
}

/// False: closed, held, or not to be read any more. `drained`: nothing more has arrived.
bool connection::read_once(bool& drained) {
    if (kept_whole_) {
        const std::span<std::byte> room = home_.intake_.space(kept_.size());
        if (room.empty()) {
            hold();
            return false;
        }
        std::memcpy(room.data(), kept_.data(), kept_.size());
        return parse(room.first(kept_.size()));
    }
    const std::span<std::byte> room =
        home_.intake_.space(std::max(kept_.size() + read_bytes_min, wanted_));
    if (room.empty()) {
        hold();
        return false;
    }
    std::size_t asked = std::min(room.size() - kept_.size(),
        std::max(read_bytes_max, wanted_ - std::min(wanted_, kept_.size())));
    if (draining_) asked = std::min(asked, drain_left_);
    if (asked == 0) {
        stop_reading();
        return false;
    }
    if (!kept_.empty()) std::memcpy(room.data(), kept_.data(), kept_.size());
    const ssize_t n = ::recv(fd_, room.data() + kept_.size(), asked, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        drained = true;
        if (draining_) stop_reading();
        return !draining_;
    }
    if (n <= 0) {
        if (n == 0 && !kept_.empty()) home_.counts_.count(malformed::stream_cut_short);
        close(n == 0 || errno == ECONNRESET ? close_reason::peer_closed : close_reason::io_error);
        return false;
    }
    const auto got = static_cast<std::size_t>(n);
    home_.counts_.bytes_in.add(got);
    if (draining_) drain_left_ -= got;
    drained = got < asked;
    if (!parse(room.first(kept_.size() + got))) return false;
    if (draining_ && drain_left_ == 0) stop_reading();
    return reads_;
}

/// `bytes` lie in the intake's space. False: closed or held.
bool connection::parse(std::span<std::byte> bytes) {
    intake& to = home_.intake_;
    to.begin();
    stop_ = stop::none;
    left_ = nullptr;
    const lfq::decode_result found =
        home_.decoder_.decode(bytes, [this](const lfq::frame& one) { return on_frame(one); });
    const std::byte* const end_of_frames = bytes.data() + found.consumed;
    if (stop_ == stop::none && found.error != lfq::frame_error::none) {
        stop_ = stop::refused;
        left_ = end_of_frames;
        last_ = session_.on_malformed(malformed_from(found.error), reply_room_);
    }
    if (stop_ != stop::held && !to.push(home_.books_.in_tcp)) {
        stop_ = stop::held;
        left_ = to.first_left();
    }
    const std::byte* const rest = left_ != nullptr ? left_ : end_of_frames;
    const auto consumed = static_cast<std::size_t>(rest - bytes.data());
    to.use(consumed);
    wanted_ = found.wanted;
    if (consumed != 0 || kept_.empty()) half_ticks_ = 0;
    const bool waits = stop_ == stop::held || stop_ == stop::pausing;
    keep(bytes.subspan(consumed), waits);
    if (waits) {
        stop_ == stop::held ? hold() : pause();
        return false;
    }
    if (stop_ == stop::none) return true;
    close(last_);
    return false;
}

bool connection::on_frame(const lfq::frame& one) {
    if (one.priority < first_opcode) [[likely]]
        return on_event(one);
    // What a message does comes after the events before it.
    if (!home_.intake_.push(home_.books_.in_tcp)) {
        stop_ = stop::held;
        left_ = home_.intake_.first_left();
        return false;
    }
    if (has_asked_enough()) {
        stop_ = stop::pausing;
        left_ = one.payload.data() - lfq::frame_extension_header_bytes;
        return false;
    }
    ++messages_;
    return act(session_.on_frame(one, reply_room_));
}

bool connection::on_event(const lfq::frame& one) {
    const auto* const topic = reinterpret_cast<const std::byte*>(one.topic.data());
    if (!published_) {
        published_ = true;
        if (!draining_ && !home_.intake_.reading_allowed()) {
            stop_ = stop::held;
            left_ = topic - lfq::frame_header_bytes;
            return false;
        }
    }
    switch (home_.intake_.add(one, home_.books_.in_tcp)) {
        case intake::answer::taken: return true;
        case intake::answer::topic_refused:
            stop_ = stop::refused;
            left_ = topic - lfq::frame_header_bytes;
            last_ = session_.on_malformed(malformed::topic_control_byte, reply_room_);
            return false;
        case intake::answer::stopped:
            stop_ = stop::held;
            left_ = home_.intake_.first_left();
            return false;
    }
    return false;
}

void connection::keep(std::span<const std::byte> rest, bool whole) {
    if (rest.size() > kept_.capacity()) kept_.reserve(std::max(rest.size(), kept_bytes_min));
    kept_.assign(rest.begin(), rest.end());
    kept_whole_ = whole;
}

void connection::hold() {
    if (held_) return;
    held_ = true;
    home_.hold(*this);
}

bool connection::has_asked_enough() const noexcept {
    return messages_ == messages_max ||
        (mailbox_ != nullptr && mailbox_->orders_waiting >= orders_waiting_max);
}

void connection::pause() {
    held_ = true;
    home_.pause(*this);
}

void connection::resume() {
    held_ = false;
    if (!closed_ && reads_) read();
}

}  // namespace broker::net
