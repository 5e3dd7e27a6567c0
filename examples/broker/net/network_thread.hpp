// SPDX-License-Identifier: MIT
// broker/net/network_thread.hpp — one event loop: its listeners, its connections, its port.
// Room: net. Reads: core, Boost.Asio.
#pragma once

#include "broker/core/exchange.hpp"
#include "broker/net/asio.hpp"
#include "broker/net/connection.hpp"
#include "broker/net/handler_memory.hpp"
#include "broker/net/intake.hpp"
#include "broker/net/options.hpp"
#include "broker/net/outbox.hpp"
#include "broker/net/probe.hpp"
#include "broker/net/tcp_listener.hpp"
#include "broker/net/udp_listener.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace broker::net {

/// What all network threads share; the root keeps it.
struct shared_parts {
    const options& settings;
    core::exchange& exchange;
    core::slab_pool& pieces;  // for bytes that sockets did not take yet
    std::atomic<std::uint32_t> connections{0};
    std::atomic<std::uint64_t> sessions_begun{0};
};

/// Threads   run() is its thread; the others reach it through its core::port.
/// Progress  never waits but in its event loop, for descriptors, its bell, and ten times a second.
/// Memory    per connection; none per event.
class network_thread {
public:
    network_thread(shared_parts& shared, std::uint32_t index, int tcp_fd, int udp_fd);
    network_thread(const network_thread&) = delete;
    network_thread& operator=(const network_thread&) = delete;
    ~network_thread();

    /// Until it was told to finish and has sent what is left, or the grace is over.
    void run();

    /// Everything that had arrived when the drain began is in the ingest ring.
    [[nodiscard]] bool reading_done() const noexcept {
        // acquire read out: pairs with the release in look_for_end().
        return reading_done_.load(std::memory_order_acquire);
    }

    [[nodiscard]] const probe& counts() const noexcept { return counts_; }
    [[nodiscard]] probe& counts() noexcept { return counts_; }

private:
    friend class connection;
    friend class tcp_listener;
    friend class udp_listener;

    enum class phase : std::uint8_t { serving, reading_out, sending_out, ended };

    static constexpr unsigned handlers_max = 16;  // in a row, before the others have their turn
    static constexpr std::int64_t tick_ms = 100;
    static constexpr std::size_t mailbox_deliveries = 16'384;  // about 3 ms of 5 M/s
    static constexpr std::size_t pieces_reserve = 16;  // one in so many is nobody's for long

    // For connections and listeners.
    void add_connection(int fd);
    void hold(connection& one);
    void pause(connection& one);
    void again(connection& one);
    void closed(connection& one);
    [[nodiscard]] mailbox& open_mailbox(connection& owner);
    void order(core::command::verb what, mailbox& who, std::uint32_t sid, std::string_view filter);
    [[nodiscard]] core::probe& books() noexcept { return books_; }

    [[nodiscard]] std::size_t turn();
    [[nodiscard]] std::size_t take_notices();
    void obey(const core::notice& one);
    [[nodiscard]] std::size_t give_turns();
    [[nodiscard]] std::size_t resume_held();
    [[nodiscard]] std::size_t resume_paused();
    [[nodiscard]] bool try_order(core::event& wrapped);
    [[nodiscard]] bool may_resume();
    [[nodiscard]] std::size_t push_orders();
    void forget_closed();
    void watch_pressure();
    void share_room();
    void watch_pieces();

    void wait_for_bell();
    void wait_for_tick();
    void tick();

    void begin_drain();
    void begin_sending_out();
    void look_for_end();
    [[nodiscard]] bool grace_is_over() const noexcept {
        return exchange_.grace_over.load(std::memory_order_relaxed);  // hint: looked at again
    }
    void end();

    shared_parts& shared_;
    core::exchange& exchange_;
    const std::uint32_t index_;
    core::port& port_;
    core::probe& books_;
    probe counts_;
    const lfq::frame_decoder decoder_;
    const session_limits limits_;
    intake intake_;
    outbox_desk desk_;

    handler_memory timer_memory_;
    handler_memory bell_memory_;
    asio::io_context context_;
    timer timer_;
    descriptor bell_;
    tcp_listener tcp_;
    std::optional<udp_listener> udp_;

    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<std::unique_ptr<mailbox>> mailboxes_;
    std::vector<connection*> held_;
    std::vector<connection*> paused_;
    std::vector<connection*> turns_;
    std::vector<connection*> scratch_;  // of give_turns, resume_held and resume_paused
    bool some_closed_ = false;

    struct waiting_order {
        std::unique_ptr<core::command> what;
        mailbox* who;
    };
    std::deque<waiting_order> orders_;  // that the ingest ring had no room for

    std::uint32_t next_worker_ = 0;
    phase phase_ = phase::serving;
    std::int64_t end_by_ns_ = 0;  // reading_out, sending_out: on the monotonic clock
    std::atomic<bool> reading_done_{false};
};

}  // namespace broker::net
