// SPDX-License-Identifier: MIT
#include "broker/net/connection.hpp"

#include "broker/net/network_thread.hpp"

#include <lfq/sys/clock.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/ioctl.h>
#include <sys/socket.h>

namespace broker::net {

namespace {

constexpr std::uint32_t linger_ticks = 10;

}  // namespace

connection::connection(network_thread& home, int fd, std::uint64_t id)
    : home_(home),
      socket_(home.context_.get_executor(), fd),
      fd_(fd),
      session_(home.limits_, id),
      outbox_(home.desk_, fd, home.shared_.settings.outbox_bytes_max) {}

connection::~connection() = default;

void connection::wait_readable() {
    if (waits_readable_) return;
    waits_readable_ = true;
    ++waits_;
    socket_.async_wait(descriptor::wait_read,
        kept_handler(read_memory_, [this](const error_code& error) { on_readable(error); }));
}

void connection::wait_writable() {
    if (waits_writable_) return;
    waits_writable_ = true;
    ++waits_;
    socket_.async_wait(descriptor::wait_write,
        kept_handler(write_memory_, [this](const error_code& error) { on_writable(error); }));
}

void connection::on_readable(const error_code& error) {
    waits_readable_ = false;
    --waits_;
    if (lingering_) return linger();
    if (closed_ || !reads_ || held_) return;
    if (error) return close(close_reason::io_error);
    read();
}

void connection::on_writable(const error_code& error) {
    waits_writable_ = false;
    --waits_;
    if (closed_) return;
    if (error) return close(close_reason::io_error);
    flush();
}

// The session's answers.

/// True: go on with the next frame.
bool connection::act(const action& what) {
    switch (what.kind) {
        case action_kind::nothing:
        case action_kind::publish: return true;
        case action_kind::reply: reply(what.reply); break;
        case action_kind::welcome:
            home_.counts_.sessions.add();
            reply(what.reply);
            break;
        case action_kind::subscribe: subscribe(what.sid, what.filter); break;
        case action_kind::unsubscribe:
            home_.order(core::command::verb::unsubscribe, *mailbox_, what.sid, {});
            break;
        case action_kind::pong: pong(what.ref); break;
        case action_kind::close:
            stop_ = stop::closing;
            last_ = what;
            return false;
    }
    if (!closed_) return true;
    stop_ = stop::closing;
    last_ = {.kind = action_kind::close};
    return false;
}

void connection::subscribe(std::uint32_t sid, std::string_view filter) {
    if (mailbox_ == nullptr) mailbox_ = &home_.open_mailbox(*this);
    home_.order(core::command::verb::subscribe, *mailbox_, sid, filter);
}

void connection::confirm(std::uint32_t sid) {
    std::array<std::byte, 32> room;
    reply(std::span(room).first(encode(room, subok{.sid = sid}).bytes));
}

void connection::pong(std::uint64_t ref) {
    net::pong answer{.ref = ref};
    answer.state = static_cast<std::uint8_t>(home_.exchange_.state.read().now);
    const core::process_use used = home_.exchange_.use.read();
    answer.cpu_us = used.cpu_us;
    answer.rss_peak_bytes = used.rss_peak_bytes;
    answer.queue_p50_us = home_.exchange_.queue_told.p50_us();
    answer.queue_p99_us = home_.exchange_.queue_told.p99_us();
    answer.send_p50_us = home_.exchange_.sending_told.p50_us();
    answer.send_p99_us = home_.exchange_.sending_told.p99_us();
    for (const core::probe& each : home_.exchange_.probes) {
        answer.in += each.in_tcp.read() + each.in_udp.read();
        answer.delivered += each.delivered.read();
        answer.filtered += each.filtered.read();
        for (const core::counter& reason : each.dropped) answer.dropped += reason.read();
    }
    std::array<std::byte, 128> room;
    reply(std::span(room).first(encode(room, answer).bytes));
}

// Writing.

void connection::reply(std::span<const std::byte> frame) {
    if (!closed_ && !frame.empty()) handle(outbox_.reply(frame));
}

void connection::flush() {
    if (closed_) return;
    // While the socket is known to be full, the events are only taken out of their slabs.
    handle(waits_writable_ ? outbox_.retain_all(mailbox_) : outbox_.flush(mailbox_));
}

void connection::handle(outbox::status now) {
    switch (now) {
        case outbox::status::clear: break;
        case outbox::status::more: home_.again(*this); break;
        case outbox::status::blocked: wait_writable(); break;
        case outbox::status::broken: close(close_reason::peer_closed); break;
        case outbox::status::over_budget: refuse_slow(); break;
        case outbox::status::no_memory: refuse_hoarder(); break;
    }
}

void connection::refuse_slow() {
    if (closed_) return;
    home_.counts_.slow_consumers.add();
    spdlog::warn("session {}: slow consumer: more than {} bytes pending, disconnected",
        session_.id(), home_.shared_.settings.outbox_bytes_max);
    close(session_.on_slow_consumer(reply_room_));
}

void connection::refuse_hoarder() {
    if (closed_) return;
    spdlog::warn(
        "session {}: the pool of pending bytes is short, and it holds {} of them: "
        "disconnected",
        session_.id(), outbox_.retained_bytes());
    close(close_reason::pending_pool);
}

void connection::tick() {
    if (lingering_) {
        if (--half_ticks_ == 0) {
            lingering_ = false;
            error_code ignored;
            socket_.close(ignored);
            home_.closed(*this);
        }
        return;
    }
    if (closed_) return;
    if (is_stuck()) {
        spdlog::warn(
            "session {}: write deadline: {} bytes pending and none acknowledged for {} ms, "
            "disconnected",
            session_.id(), outbox_.retained_bytes(), home_.shared_.settings.write_deadline_ms);
        return close(close_reason::write_deadline);
    }
    if (mailbox_ != nullptr) watch_mailbox();
    if (kept_.empty() || held_ || draining_) return;
    ++half_ticks_;
    const auto held_ms = static_cast<std::int64_t>(half_ticks_) * network_thread::tick_ms;
    if (held_ms > home_.shared_.settings.idle_frame_ms) close(session_.on_idle_frame(reply_room_));
}

/// Bytes wait, and none of those before them has reached it until the deadline.
bool connection::is_stuck() noexcept {
    if (!outbox_.has_retained()) {
        stuck_ticks_ = 0;
        return false;
    }
    const std::uint64_t reached = outbox_.bytes_acknowledged();
    stuck_ticks_ = reached == reached_before_ ? stuck_ticks_ + 1 : 0;
    reached_before_ = reached;
    const auto stuck_ms = static_cast<std::int64_t>(stuck_ticks_) * network_thread::tick_ms;
    return stuck_ms > home_.shared_.settings.write_deadline_ms;
}

/// While it presses, publishers wait for it, whether its worker does or not.
void connection::watch_mailbox() {
    patience_.earn(mailbox_->settled());
    patience_.spend(mailbox_->take_pressed_ns() / 1'000);
    if (patience_.is_empty() && mailbox_->is_pressing()) mailbox_->stop_pressing();
}

// The end.

void connection::close(const action& why) {
    if (closed_) return;
    closed_ = true;
    home_.counts_.count(why.closed);
    if (why.closed == close_reason::malformed) {
        home_.counts_.count(why.why);
        spdlog::debug("session {}: {}: closed", session_.id(), to_string(why.why));
    }
    const bool told = !why.reply.empty() && !outbox_.has_retained() &&
        outbox_.reply(why.reply) == outbox::status::clear;
    outbox_.abandon(mailbox_,
        why.closed == close_reason::draining ? core::drop_reason::drain_deadline
                                             : core::drop_reason::subscriber_gone);
    if (mailbox_ != nullptr) {
        mailbox_->stop_pressing();
        mailbox_->owner = nullptr;
        home_.order(core::command::verb::leave, *mailbox_, 0, {});
        mailbox_ = nullptr;
    }
    if (told && why.closed != close_reason::draining) {
        // With bytes unread, closing at once would take the ERR back.
        ::shutdown(fd_, SHUT_WR);
        lingering_ = true;
        half_ticks_ = linger_ticks;
        wait_readable();
    } else {
        error_code ignored;
        socket_.close(ignored);
    }
    home_.closed(*this);
}

/// Reads away what the peer still sends, until it closes or the ticks are over.
void connection::linger() {
    std::array<std::byte, 4096> away;
    for (unsigned i = 0; i < 16; ++i) {
        const ssize_t n = ::recv(fd_, away.data(), away.size(), MSG_DONTWAIT);
        if (n > 0) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        lingering_ = false;
        error_code ignored;
        socket_.close(ignored);
        return home_.closed(*this);
    }
    wait_readable();
}

void connection::begin_drain() {
    if (closed_) return;
    draining_ = true;
    int arrived = 0;
    if (::ioctl(fd_, FIONREAD, &arrived) == 0 && arrived > 0) {
        drain_left_ = static_cast<std::size_t>(arrived);
    }
    static_cast<void>(act(session_.on_drain(home_.shared_.settings.drain_grace_ms, reply_room_)));
    if (closed_ || held_) return;
    read();
}

bool connection::all_sent() const noexcept {
    if (closed_) return true;
    return !outbox_.has_retained() && (mailbox_ == nullptr || mailbox_->deliveries.empty_approx());
}

void connection::end() {
    if (lingering_) {
        lingering_ = false;
        error_code ignored;
        socket_.close(ignored);
        home_.closed(*this);
    }
    if (closed_) return;
    // Bytes that were never read would make the kernel take back what the subscriber has not read.
    std::array<std::byte, 4096> away;
    while (::recv(fd_, away.data(), away.size(), MSG_DONTWAIT) > 0) {
    }
    close(close_reason::draining);
}

}  // namespace broker::net
