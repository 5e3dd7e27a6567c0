// SPDX-License-Identifier: MIT
#include "broker/broker.hpp"

#include "broker/core/process_use.hpp"
#include "broker/placement.hpp"

#include <lfq/sys/affinity.hpp>
#include <lfq/sys/clock.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace broker {

namespace {

/// The terminal is gone (SIGHUP): there is nothing that could be read anew, so that is an end too.
constexpr bool is_end(int signal) noexcept {
    return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

std::uint64_t random_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
}

/// Notices that can wait at one network thread at most: a few for each connection.
std::size_t notices_for(const net::options& settings) {
    return std::size_t{settings.connections_max} * 4 + 64;
}

/// Pieces for bytes that sockets did not take: one for every connection, and the whole budget of
/// as many subscribers as may lag at a time. An address range only, until it is written.
std::size_t pieces_for(const config& settings) {
    constexpr std::size_t lagging = 32;
    return settings.net.connections_max +
        lagging * (settings.net.outbox_bytes_max / settings.core.slab_bytes + 1);
}

/// Every connection is a descriptor; the usual soft limit of 1024 would end before connections_max.
void raise_descriptor_limit(const net::options& settings) {
    constexpr rlim_t besides_connections = 128;
    const rlim_t wanted = settings.connections_max + besides_connections;
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur >= wanted) return;
    now.rlim_cur = std::min(now.rlim_max, wanted);
    if (::setrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur < wanted) {
        spdlog::warn("only {} descriptors are allowed: fewer connections than connections_max",
            std::uint64_t{now.rlim_cur});
    }
}

}  // namespace

server::server(const config& settings)
    : settings_(settings),
      machine_(lfq::sys::topology::of_this_machine()),
      plan_(plan_for(settings, machine_)),
      exchange_(settings_.core, plan_, notices_for(settings_.net), random_seed()),
      pieces_(pieces_for(settings_), settings_.core.slab_bytes),
      tcp_(net::bind_tcp(settings_.net, plan_.net_threads)),
      udp_(net::bind_udp(settings_.net)),
      shared_{settings_.net, exchange_, pieces_},
      processors_(settings_.processing, random_seed()),
      dispatcher_(exchange_, processors_.rules()) {
    check(plan_, lfq::sys::cpus_allowed());
    raise_descriptor_limit(settings_.net);
    for (std::uint32_t i = 0; i < plan_.net_threads; ++i) {
        net_threads_.push_back(
            std::make_unique<net::network_thread>(shared_, i, tcp_.fds[i], i == 0 ? udp_.fd : -1));
    }
    for (std::size_t i = 0; i < plan_.apart.size(); ++i) {
        processor_threads_.push_back(
            std::make_unique<core::processor_thread>(exchange_, i, processors_.rules()));
    }
    for (std::uint32_t i = 0; i < plan_.workers && !plan_.fused; ++i) {
        workers_.push_back(std::make_unique<core::worker>(exchange_, i));
    }
}

server::~server() = default;

sigset_t server::handled_signals() noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int each : {SIGINT, SIGTERM, SIGUSR1}) ::sigaddset(&set, each);
    // Blocked, it would come in although nohup had it ignored.
    struct sigaction now {};
    const bool ignored = ::sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
    if (!ignored) ::sigaddset(&set, SIGHUP);
    return set;
}

// Threads.

std::string server::thread_map() const {
    config bound = settings_;
    bound.net.tcp_port = tcp_.port;
    bound.net.udp_port = udp_.port;
    return broker::thread_map(plan_, machine_, facts_of(bound));
}

std::string server::planned_map(const config& settings) {
    const auto machine = lfq::sys::topology::of_this_machine();
    return broker::thread_map(plan_for(settings, machine), machine, facts_of(settings));
}

void server::start_threads() {
    core_running_.reserve(plan_.threads());
    net_running_.reserve(plan_.net_threads);
    std::size_t next = 0;
    const auto start = [&](const std::string& name, std::atomic<std::size_t>& left, auto body) {
        const std::size_t number = next++;
        const std::optional<unsigned> on =
            plan_.places.empty() ? std::nullopt : std::optional(plan_.places[number].cpu);
        left.fetch_add(1, std::memory_order_relaxed);  // count
        try {
            return std::thread([name, on, &left, body] {
                ::pthread_setname_np(::pthread_self(), name.c_str());
                if (const std::string why_not = on ? try_pin(*on) : ""; !why_not.empty()) {
                    spdlog::warn("{} runs unpinned: {}", name, why_not);
                }
                body();
                left.fetch_sub(1, std::memory_order_relaxed);  // hint: then it is joined
            });
        } catch (const std::system_error& why) {
            throw std::system_error(why.code(), "thread " + name + " does not start");
        }
    };
    core_running_.push_back(start("core", core_left_, [this] { dispatcher_.run(); }));
    for (std::size_t i = 0; i < processor_threads_.size(); ++i) {
        core_running_.push_back(start(core::to_string(plan_.apart[i]), core_left_,
            [one = processor_threads_[i].get()] { one->run(); }));
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        core_running_.push_back(start(
            "worker-" + std::to_string(i), core_left_, [one = workers_[i].get()] { one->run(); }));
    }
    for (std::size_t i = 0; i < net_threads_.size(); ++i) {
        net_running_.push_back(start(
            "net-" + std::to_string(i), net_left_, [one = net_threads_[i].get()] { one->run(); }));
    }
}

// Control.

/// Answers SIGUSR1 itself; -1: none came in time.
int server::next_signal(std::chrono::nanoseconds timeout) const {
    const sigset_t signals = handled_signals();
    const timespec wait{static_cast<time_t>(timeout.count() / 1'000'000'000),
        static_cast<long>(timeout.count() % 1'000'000'000)};
    const int signal = ::sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGUSR1) {
        std::fputs(table(count()).c_str(), stdout);
        std::fflush(stdout);
    }
    return signal;
}

void server::run(const std::function<void()>& ready) {
    exchange_.use.refresh();
    try {
        start_threads();
    } catch (...) {
        end_started();
        throw;
    }
    ready();
    const auto tick = std::chrono::milliseconds(settings_.control.tick_ms);
    for (;;) {
        const int signal = next_signal(tick);
        const bool ends = is_end(signal);
        control(ends);
        if (ends) break;
    }
    drain();
}

control::signals server::read_signals(bool drain_requested) {
    control::signals now;
    now.queue_waiting = exchange_.ingest.size_approx();
    now.queue_capacity = exchange_.ingest.capacity();
    now.queue_consumed = exchange_.dispatcher_probe().taken.read();
    const core::slab_pool& fullest = exchange_.slabs.fullest();
    now.slabs_taken = fullest.taken_approx();
    now.slabs_total = fullest.count();
    now.drain_requested = drain_requested;
    for (const auto& each : net_threads_) {
        net::probe& counts = each->counts();
        // hint: what comes in meanwhile is seen a tick later.
        now.seen |= core::priority_set(counts.priorities_low.exchange(0, std::memory_order_relaxed),
            counts.priorities_high.exchange(0, std::memory_order_relaxed));  // hint: as above
    }
    slabs_taken_max_ = std::max<std::uint64_t>(slabs_taken_max_, exchange_.slabs.taken_approx());
    return now;
}

void server::control(bool drain_requested) {
    exchange_.use.refresh();
    exchange_.queue_told.write(queue_times());
    exchange_.sending_told.write(sending_times());
    const core::state before = memory_.now;
    const control::decision next = control::step(read_signals(drain_requested),
        settings_.control.marks, memory_, static_cast<std::uint64_t>(lfq::sys::clock::now_ns()));
    memory_ = next.next;
    if (exchange_.state.read() == next.view) return;
    exchange_.state.write(next.view);
    exchange_.tell_all(core::notice::kind::look);
    if (!next.changed) return;
    ++state_changes_;
    spdlog::info("state {} -> {} ({})", core::to_string(before), core::to_string(next.next.now),
        control::to_string(next.why));
}

/// Until `done`. When the grace is over, or somebody asks a second time, nobody is waited for. A
/// terminal that closes may say so twice, so that is no second time.
template <class Done>
void server::wait_in_drain(std::chrono::steady_clock::time_point end_by, Done&& done) {
    while (!done()) {
        const int signal = next_signal(std::chrono::milliseconds(1));
        const bool asked_again = signal == SIGINT || signal == SIGTERM;
        if (!asked_again && std::chrono::steady_clock::now() < end_by) continue;
        exchange_.grace_over.store(true, std::memory_order_relaxed);  // hint: it is polled
    }
}

/// Publishers first, then what is inside, then the subscribers; the grace ends each.
void server::drain() {
    using clock = std::chrono::steady_clock;
    const auto end_by = clock::now() + std::chrono::milliseconds(settings_.net.drain_grace_ms);
    const auto grace_over = [this] {
        return exchange_.grace_over.load(std::memory_order_relaxed);  // own
    };
    const auto read_out = [this] {
        return std::all_of(net_threads_.begin(), net_threads_.end(),
            [](const auto& each) { return each->reading_done(); });
    };
    const auto returned = [](const std::atomic<std::size_t>& left) {
        return [&left] { return left.load(std::memory_order_relaxed) == 0; };  // hint: then joined
    };
    wait_in_drain(end_by, [&] { return read_out() || grace_over(); });
    exchange_.ingest.close();
    wait_in_drain(end_by, returned(core_left_));
    for (std::thread& each : core_running_) each.join();
    exchange_.tell_all(core::notice::kind::finish);
    wait_in_drain(end_by, returned(net_left_));
    for (std::thread& each : net_running_) each.join();
}

/// Not all could be started: those that were go at once.
void server::end_started() {
    exchange_.grace_over.store(true, std::memory_order_relaxed);  // hint: it is polled
    exchange_.ingest.close();
    for (std::thread& each : core_running_) each.join();
    exchange_.tell_all(core::notice::kind::finish);
    for (std::thread& each : net_running_) each.join();
}

// Counters.

core::stage_figures server::queue_times() const {
    core::stage_sum all;
    all.add(exchange_.queue);
    return all.figures();
}

core::stage_figures server::sending_times() const {
    core::stage_sum all;
    for (const auto& each : net_threads_) all.add(each->counts().sending);
    return all.figures();
}

counters server::count() const {
    counters all;
    for (const core::probe& each : exchange_.probes) {
        all.events_in_tcp += each.in_tcp.read();
        all.events_in_udp += each.in_udp.read();
        all.delivered += each.delivered.read();
        all.deliveries += each.deliveries.read();
        all.filtered += each.filtered.read();
        for (std::size_t i = 0; i < all.dropped.size(); ++i) {
            all.dropped[i] += each.dropped[i].read();
        }
    }
    for (const auto& each : net_threads_) {
        const net::probe& counts = each->counts();
        for (std::size_t i = 0; i < all.malformed.size(); ++i) {
            all.malformed[i] += counts.malformed_input[i].read();
        }
        for (std::size_t i = 0; i < all.connections_closed.size(); ++i) {
            all.connections_closed[i] += counts.closed[i].read();
        }
        // count: racy as all of them
        all.udp_socket_drops += counts.udp_socket_drops.load(std::memory_order_relaxed);
        all.bytes_in += counts.bytes_in.read();
        all.bytes_out += counts.bytes_out.read();
        all.connections_accepted += counts.accepted.read();
        all.sessions += counts.sessions.read();
        all.slow_consumers += counts.slow_consumers.read();
    }
    all.connections_open = shared_.connections.load(std::memory_order_relaxed);  // count
    all.subscriptions_open = exchange_.subscriptions.load(std::memory_order_relaxed);  // count
    all.queue = queue_times();
    all.sending = sending_times();
    processors_.count(all);
    all.topics = exchange_.topics.read();
    all.slabs_taken = exchange_.slabs.taken_approx();
    all.slabs_taken_max = std::max<std::uint64_t>(slabs_taken_max_, all.slabs_taken);
    all.state_changes = state_changes_;
    const core::process_use used = core::read_process_use();
    all.cpu_us = used.cpu_us;
    all.rss_peak_bytes = used.rss_peak_bytes;
    return all;
}

}  // namespace broker
