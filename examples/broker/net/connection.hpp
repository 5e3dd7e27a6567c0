// SPDX-License-Identifier: MIT
// broker/net/connection.hpp — one TCP connection: its reads, its session, its outbox.
// Room: net. Reads: core, lfq codec, Boost.Asio.
#pragma once

#include "broker/core/patience.hpp"
#include "broker/core/subscriber.hpp"
#include "broker/net/asio.hpp"
#include "broker/net/errc.hpp"
#include "broker/net/handler_memory.hpp"
#include "broker/net/outbox.hpp"
#include "broker/net/session.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace broker::net {

class connection;
class network_thread;

/// A subscriber with the way back to its connection. It outlives the connection until no worker
/// knows it.
struct mailbox : core::subscriber {
    mailbox(connection& whose, core::port& reach, core::pressure& pressing, std::size_t capacity,
        std::size_t bytes_max, std::uint32_t worker_index)
        : subscriber(reach, pressing, capacity, bytes_max, worker_index), owner(&whose) {}

    connection* owner;  // nullptr: the connection is gone, what comes is dropped
    unsigned orders_waiting = 0;  // that the ingest ring had no room for
};

/// Threads   its network thread only.
/// Memory    none per event; a buffer for a cut frame, kept.
/// Failure   every way to end has a close_reason and is counted.
class connection {
public:
    connection(network_thread& home, int fd, std::uint64_t id);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection();

    void start() { wait_readable(); }

    /// There are deliveries in the mailbox, or the socket is writable.
    void flush();
    /// It was held, and now there is room to read.
    void resume();
    void refuse_slow();
    /// Every tenth of a second.
    void tick();

    /// Reads what has arrived so far, then nothing more.
    void begin_drain();
    [[nodiscard]] bool reading_done() const noexcept { return closed_ || (draining_ && !reads_); }
    [[nodiscard]] bool all_sent() const noexcept;
    /// The grace is over, or everything is sent.
    void end();

    [[nodiscard]] bool closed() const noexcept { return closed_; }
    /// Nobody will call it any more.
    [[nodiscard]] bool forgettable() const noexcept { return closed_ && waits_ == 0; }
    [[nodiscard]] mailbox* its_mailbox() const noexcept { return mailbox_; }

    /// Pending bytes that it holds of the memory for all.
    [[nodiscard]] std::size_t retained_pieces() const noexcept { return outbox_.retained_pieces(); }
    /// That memory is short.
    void refuse_hoarder();

    /// Its next message may be taken: no order of it waits.
    [[nodiscard]] bool may_go_on() const noexcept {
        return mailbox_ == nullptr || mailbox_->orders_waiting == 0;
    }

    /// The subscription is in force.
    void confirm(std::uint32_t sid);

private:
    friend class network_thread;

    enum class stop : std::uint8_t {
        none,
        held,  // no room, or not now: the frame at `left_` is tried again later
        pausing,  // the same, for other connections' turns or until its orders are on their way
        refused,  // malformed
        closing,
    };

    void wait_readable();
    void wait_writable();
    void on_readable(const error_code& error);
    void on_writable(const error_code& error);

    void read();
    [[nodiscard]] bool read_once(bool& drained);
    [[nodiscard]] bool parse(std::span<std::byte> bytes);
    [[nodiscard]] bool on_frame(const lfq::frame& one);
    [[nodiscard]] bool on_event(const lfq::frame& one);
    void keep(std::span<const std::byte> rest, bool whole);
    [[nodiscard]] bool has_asked_enough() const noexcept;
    void hold();
    void pause();
    void watch_mailbox();
    [[nodiscard]] bool is_stuck() noexcept;
    void stop_reading() noexcept { reads_ = false; }

    [[nodiscard]] bool act(const action& what);
    void subscribe(std::uint32_t sid, std::string_view filter);
    void pong(std::uint64_t ref);
    void reply(std::span<const std::byte> frame);
    void handle(outbox::status now);
    void close(const action& why);
    void close(close_reason why) { close({.kind = action_kind::close, .closed = why}); }
    void linger();

    network_thread& home_;
    descriptor socket_;
    int fd_;
    session session_;
    outbox outbox_;
    mailbox* mailbox_ = nullptr;  // owned by home_; nullptr before the first SUB

    std::vector<std::byte> kept_;  // bytes behind the last frame that was taken
    bool kept_whole_ = false;  // kept_ begins with a whole frame: it was held
    std::size_t wanted_ = 0;  // the size at which the cut frame is whole; 0: unknown
    std::uint32_t half_ticks_ = 0;  // how long the cut frame has been waited for
    std::uint32_t stuck_ticks_ = 0;  // how long no pending byte has reached it
    std::uint64_t reached_before_ = 0;  // bytes that had reached it a tick ago
    core::patience patience_;  // with its mailbox, while that presses
    std::size_t drain_left_ = 0;  // bytes that had arrived when the drain began

    unsigned messages_ = 0;  // in this turn
    stop stop_ = stop::none;  // of the parse that runs
    const std::byte* left_ = nullptr;  // the frame at which it stopped
    action last_{};  // closing, refused: why

    bool published_ = false;  // has sent an event: is not read while the state forbids it
    bool reads_ = true;
    bool held_ = false;
    bool again_ = false;  // listed for another turn
    bool draining_ = false;
    bool closed_ = false;
    bool lingering_ = false;  // closed_, but the socket stays until the peer has read its ERR
    bool waits_readable_ = false;
    bool waits_writable_ = false;
    unsigned waits_ = 0;

    handler_memory read_memory_;
    handler_memory write_memory_;
    std::array<std::byte, reply_bytes_max> reply_room_;
};

}  // namespace broker::net
