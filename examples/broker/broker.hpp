// SPDX-License-Identifier: MIT
// broker/broker.hpp — the composition root: the only place that knows every room.
#pragma once

#include "broker/config.hpp"
#include "broker/control/step.hpp"
#include "broker/core/dispatcher.hpp"
#include "broker/core/exchange.hpp"
#include "broker/core/processor_thread.hpp"
#include "broker/core/worker.hpp"
#include "broker/net/network_thread.hpp"
#include "broker/processors.hpp"
#include "broker/report.hpp"

#include <lfq/sys/topology.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace broker {

/// One broker: rings and slabs, network threads, the dispatcher, workers. The thread that calls
/// run() is the control thread.
class server {
public:
    /// Binds the ports. Throws std::system_error with a sentence that names address and port, or
    /// the thread and the cpu that it cannot have.
    explicit server(const config& settings);
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server();

    [[nodiscard]] std::uint16_t tcp_port() const noexcept { return tcp_.port; }
    [[nodiscard]] std::uint16_t udp_port() const noexcept { return udp_.port; }

    /// Which thread does what, and where: a line each.
    [[nodiscard]] std::string thread_map() const;

    /// The same of a broker that is not there. Opens nothing.
    [[nodiscard]] static std::string planned_map(const config& settings);

    /// Starts the threads, calls `ready`, and controls them until SIGINT, SIGTERM or SIGHUP; then
    /// drains. SIGUSR1 prints the counters. All must be blocked in the caller, and so in every
    /// thread. Throws std::system_error with a sentence if a thread cannot be started; then nobody
    /// was told that it is ready. `ready` must not throw: threads run.
    void run(const std::function<void()>& ready);

    [[nodiscard]] counters count() const;

    /// Without SIGHUP where whoever started the program has it ignored (nohup).
    [[nodiscard]] static sigset_t handled_signals() noexcept;

private:
    void start_threads();
    void end_started();
    [[nodiscard]] int next_signal(std::chrono::nanoseconds timeout) const;
    void control(bool drain_requested);
    [[nodiscard]] core::stage_figures queue_times() const;
    [[nodiscard]] core::stage_figures sending_times() const;
    void drain();
    template <class Done>
    void wait_in_drain(std::chrono::steady_clock::time_point end_by, Done&& done);
    [[nodiscard]] control::signals read_signals(bool drain_requested);

    const config settings_;
    const lfq::sys::topology machine_;
    const core::thread_plan plan_;
    core::exchange exchange_;
    core::slab_pool pieces_;
    net::tcp_sockets tcp_;
    net::udp_socket udp_;
    net::shared_parts shared_;
    std::vector<std::unique_ptr<net::network_thread>> net_threads_;
    all_processors processors_;
    core::dispatcher dispatcher_;
    std::vector<std::unique_ptr<core::processor_thread>> processor_threads_;  // none when fused
    std::vector<std::unique_ptr<core::worker>> workers_;  // none when fused

    control::memory memory_;
    std::uint64_t state_changes_ = 0;
    std::uint64_t slabs_taken_max_ = 0;

    std::atomic<std::size_t> net_left_{0};  // threads that have not returned
    std::atomic<std::size_t> core_left_{0};
    std::vector<std::thread> net_running_;
    std::vector<std::thread> core_running_;
};

}  // namespace broker
