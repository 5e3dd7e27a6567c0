// SPDX-License-Identifier: MIT
#include "broker/net/network_thread.hpp"

#include <lfq/sys/clock.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include <unistd.h>

namespace broker::net {

network_thread::network_thread(shared_parts& shared, std::uint32_t index, int tcp_fd, int udp_fd)
    : shared_(shared),
      exchange_(shared.exchange),
      index_(index),
      port_(*shared.exchange.ports[index]),
      books_(shared.exchange.net_probe(index)),
      decoder_({.frame_bytes_max = shared.settings.frame_bytes_max,
          .topic_bytes_max = shared.settings.topic_bytes_max}),
      limits_{.server_id = shared.settings.server_id,
          .frame_bytes_max = shared.settings.frame_bytes_max,
          .subscriptions_max = shared.settings.subscriptions_max},
      intake_(shared.exchange, index, counts_),
      desk_(shared.pieces, shared.exchange.tallies, books_, counts_),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),  // one thread, and others ring the bell
      timer_(context_.get_executor()),
      bell_(context_.get_executor(), port_.bell.fd()),
      tcp_(*this, context_, tcp_fd) {
    if (udp_fd >= 0) udp_.emplace(*this, context_, udp_fd);
}

network_thread::~network_thread() {
    bell_.release();  // the port's
}

void network_thread::run() {
    tcp_.start();
    if (udp_) udp_->start();
    wait_for_bell();
    wait_for_tick();
    while (phase_ != phase::ended) {
        if (turn() != 0) continue;
        desk_.sent.tell();
        if (port_.notices.arm()) {
            context_.run_one();
            port_.bell.disarm();
        }
    }
}

/// Everything that can be done without waiting, in turns. 0: nothing was left to do.
std::size_t network_thread::turn() {
    std::size_t done = 0;
    while (done < handlers_max && context_.poll_one() != 0) ++done;
    done += take_notices();
    done += give_turns();
    done += push_orders();
    done += resume_paused();
    done += resume_held();
    watch_pressure();
    if (done != 0 && exchange_.ports.size() != 1) share_room();
    watch_pieces();
    forget_closed();
    if (phase_ != phase::serving) look_for_end();
    return done;
}

std::size_t network_thread::take_notices() {
    return port_.notices.drain([this](core::notice& one) { obey(one); });
}

void network_thread::obey(const core::notice& one) {
    auto* const box = static_cast<mailbox*>(one.who);
    switch (one.what) {
        case core::notice::kind::deliveries:
            if (box->owner != nullptr) {
                box->owner->flush();
            } else {
                outbox::abandon_ring(desk_, *box, core::drop_reason::subscriber_gone);
            }
            break;
        case core::notice::kind::slow:
            if (box->owner == nullptr) break;
            grace_is_over() ? box->owner->end() : box->owner->refuse_slow();
            break;
        case core::notice::kind::left:
            outbox::abandon_ring(desk_, *box, core::drop_reason::subscriber_gone);
            std::erase_if(mailboxes_, [box](const auto& each) { return each.get() == box; });
            break;
        case core::notice::kind::look:
            if (phase_ == phase::serving && exchange_.state.read().now == core::state::draining) {
                begin_drain();
            }
            break;
        case core::notice::kind::finish: begin_sending_out(); break;
    }
}

// Connections.

void network_thread::add_connection(int fd) {
    // count: a limit that may be exceeded by the connections of one moment.
    const std::uint32_t before = shared_.connections.fetch_add(1, std::memory_order_relaxed);
    if (before >= shared_.settings.connections_max || phase_ != phase::serving) {
        shared_.connections.fetch_sub(1, std::memory_order_relaxed);  // count: as above
        counts_.count(before >= shared_.settings.connections_max ? close_reason::connections_max
                                                                 : close_reason::draining);
        ::close(fd);
        return;
    }
    counts_.accepted.add();
    // own: a number nobody else gets.
    const std::uint64_t id = shared_.sessions_begun.fetch_add(1, std::memory_order_relaxed) + 1;
    connections_.push_back(std::make_unique<connection>(*this, fd, id));
    // Each lists a connection once at most: to list one never allocates.
    for (auto* const list : {&held_, &paused_, &turns_, &scratch_})
        list->reserve(connections_.capacity());
    connections_.back()->start();
}

void network_thread::closed(connection& one) {
    if (!one.lingering_) shared_.connections.fetch_sub(1, std::memory_order_relaxed);  // count
    some_closed_ = true;
}

void network_thread::forget_closed() {
    if (!some_closed_) return;
    const auto gone = [](const connection* one) { return one->closed(); };
    std::erase_if(held_, gone);
    std::erase_if(paused_, gone);
    std::erase_if(turns_, gone);
    std::erase_if(connections_, [](const auto& each) { return each->forgettable(); });
    some_closed_ = std::any_of(
        connections_.begin(), connections_.end(), [](const auto& each) { return each->closed(); });
}

mailbox& network_thread::open_mailbox(connection& owner) {
    const std::uint32_t worker = next_worker_++ % exchange_.plan.workers;
    mailboxes_.push_back(std::make_unique<mailbox>(owner, port_, exchange_.pressing,
        mailbox_deliveries, shared_.settings.outbox_bytes_max, worker));
    return *mailboxes_.back();
}

// Orders to the dispatcher.

void network_thread::order(
    core::command::verb what, mailbox& who, std::uint32_t sid, std::string_view filter) {
    orders_.push_back(
        {std::make_unique<core::command>(core::command{what, sid, &who, std::string(filter)}),
            &who});
    ++who.orders_waiting;
    static_cast<void>(push_orders());
}

std::size_t network_thread::push_orders() {
    std::size_t pushed = 0;
    for (; !orders_.empty(); ++pushed) {
        core::command* const what = orders_.front().what.get();
        core::event wrapped;
        wrapped.order = what;
        const bool subscribed = what->what == core::command::verb::subscribe;
        const std::uint32_t sid = what->sid;
        mailbox* const who = orders_.front().who;
        if (!try_order(wrapped)) break;
        static_cast<void>(orders_.front().what.release());  // the dispatcher's now
        orders_.pop_front();
        --who->orders_waiting;
        if (subscribed && who->owner != nullptr) who->owner->confirm(sid);
    }
    return pushed;
}

bool network_thread::try_order(core::event& wrapped) {
    if (exchange_.ingest.try_push(wrapped)) return true;
    port_.ask_for_room();
    return exchange_.ingest.try_push(wrapped);
}

// Taking turns.

void network_thread::again(connection& one) {
    if (std::exchange(one.again_, true)) return;
    turns_.push_back(&one);
}

std::size_t network_thread::give_turns() {
    if (turns_.empty()) return 0;
    scratch_.swap(turns_);
    for (connection* const each : scratch_) {
        each->again_ = false;
        each->flush();
    }
    const std::size_t count = scratch_.size();
    scratch_.clear();
    return count;
}

void network_thread::hold(connection& one) { held_.push_back(&one); }

std::size_t network_thread::resume_held() {
    if (held_.empty() || !may_resume()) return 0;
    scratch_.swap(held_);
    for (connection* const each : scratch_) each->resume();
    const std::size_t count = scratch_.size();
    scratch_.clear();
    return count;
}

void network_thread::pause(connection& one) { paused_.push_back(&one); }

std::size_t network_thread::resume_paused() {
    if (paused_.empty()) return 0;
    scratch_.swap(paused_);
    std::size_t resumed = 0;
    for (connection* const each : scratch_) {
        if (!each->may_go_on()) {
            paused_.push_back(each);
            continue;
        }
        each->resume();
        ++resumed;
    }
    scratch_.clear();
    return resumed;
}

bool network_thread::may_resume() {
    if (phase_ == phase::serving && !exchange_.state.read().reading) return false;
    if (intake_.may_read()) return true;
    if (exchange_.pressing.load(std::memory_order_relaxed) != 0) {  // hint: see watch_pressure
        return phase_ != phase::serving && intake_.has_room();
    }
    port_.ask_for_room();
    return intake_.may_read();
}

/// Whose subscriber was the last to ease tells those who may wait for it. Looking at `pressing`
/// instead would miss what came and went within one turn.
void network_thread::watch_pressure() {
    if (!std::exchange(port_.last_eased, false)) return;
    for (const auto& each : exchange_.ports) {
        if (each.get() != &port_) each->try_tell(core::notice::kind::look);
    }
}

/// Slabs that came back here are room for all; the dispatcher, which tells of room in its ring, may
/// be asleep.
void network_thread::share_room() {
    for (const auto& each : exchange_.ports) {
        if (each.get() == &port_ || !each->wants_room() || !intake_.has_room()) continue;
        if (each->give_room()) each->try_tell(core::notice::kind::look);
    }
}

/// The memory for pending bytes is everybody's: before it is used up, whoever holds the most goes.
void network_thread::watch_pieces() {
    const core::slab_pool& pool = shared_.pieces;
    const std::size_t enough = pool.count() - pool.count() / pieces_reserve;
    if (pool.taken_approx() < enough) return;
    const auto heaviest = std::max_element(connections_.begin(), connections_.end(),
        [](const auto& a, const auto& b) { return a->retained_pieces() < b->retained_pieces(); });
    // One piece for each connection is there in any case: with no more it is not to blame.
    if (heaviest == connections_.end() || (*heaviest)->retained_pieces() <= 1) return;
    (*heaviest)->refuse_hoarder();  // one in a turn: it may have been enough
}

// Waiting.

void network_thread::wait_for_bell() {
    bell_.async_wait(
        descriptor::wait_read, kept_handler(bell_memory_, [this](const error_code& error) {
            if (error) return;
            port_.bell.acknowledge();
            wait_for_bell();
        }));
}

void network_thread::wait_for_tick() {
    timer_.expires_after(std::chrono::milliseconds(tick_ms));
    timer_.async_wait(kept_handler(timer_memory_, [this](const error_code& error) {
        if (error) return;
        tick();
        wait_for_tick();
    }));
}

void network_thread::tick() {
    tcp_.tick();
    if (udp_) udp_->tick();
    for (std::size_t i = 0; i < connections_.size(); ++i) connections_[i]->tick();
}

// The end.

void network_thread::begin_drain() {
    phase_ = phase::reading_out;
    end_by_ns_ =
        lfq::sys::clock::now_ns() + std::int64_t{shared_.settings.drain_grace_ms} * 1'000'000;
    tcp_.close();
    if (udp_) udp_->drain();
    for (std::size_t i = 0; i < connections_.size(); ++i) connections_[i]->begin_drain();
}

void network_thread::begin_sending_out() {
    if (phase_ == phase::serving) begin_drain();
    phase_ = phase::sending_out;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        connections_[i]->stop_reading();
        connections_[i]->flush();
    }
}

void network_thread::look_for_end() {
    const auto all = [this](auto&& what) {
        return std::all_of(connections_.begin(), connections_.end(), what);
    };
    if (phase_ == phase::reading_out) {
        if (orders_.empty() && all([](const auto& each) { return each->reading_done(); })) {
            // release read out: pairs with the acquire in reading_done().
            reading_done_.store(true, std::memory_order_release);
        }
        return;
    }
    const bool late = grace_is_over() || lfq::sys::clock::now_ns() >= end_by_ns_;
    if (phase_ == phase::sending_out &&
        (late || all([](const auto& each) { return each->all_sent(); }))) {
        end();
    }
}

void network_thread::end() {
    for (const auto& each : connections_) each->end();
    for (const auto& each : mailboxes_) {
        outbox::abandon_ring(desk_, *each, core::drop_reason::drain_deadline);
    }
    tcp_.close();
    timer_.cancel();
    bell_.cancel();
    context_.poll();  // the handlers of all that was closed end, before their memory does
    phase_ = phase::ended;
}

}  // namespace broker::net
