// SPDX-License-Identifier: MIT
// bench/harness/team.hpp — pinned threads that start jobs together, and the time until all are
// done.
#pragma once

#include "harness/cpus.hpp"

#include <lfq/base/pause.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <time.h>

namespace bench {

using steady = std::chrono::steady_clock;

/// One thread a cpu, alive for the whole run, so that no pass begins with a thread on the wrong
/// cpu. The first is the one that built the team.
class team {
public:
    explicit team(std::vector<int> cpus) : cpus_(std::move(cpus)), members_(cpus_.size()) {
        pin_this_thread(cpus_.front());
        for (std::size_t place = 1; place < cpus_.size(); ++place) {
            threads_.emplace_back([this, place] {
                pin_this_thread(cpus_[place]);
                serve(place);
            });
        }
    }
    ~team() {
        call({});
        for (std::thread& thread : threads_) thread.join();
    }
    team(const team&) = delete;
    team& operator=(const team&) = delete;

    [[nodiscard]] const std::vector<int>& cpus() const { return cpus_; }

    /// Runs one job a cpu, as many jobs as there are cpus; seconds from the first start to the last
    /// end.
    template <class... Jobs>
    [[nodiscard]] double seconds_together(Jobs&&... jobs) {
        call({std::function<void()>(std::forward<Jobs>(jobs))...});
        run(0);
        while (done_.load(std::memory_order_acquire) != jobs_.size()) lfq::cpu_pause();
        steady::time_point began = members_.front().began;
        steady::time_point ended = members_.front().ended;
        for (const member& each : members_) {
            began = std::min(began, each.began);
            ended = std::max(ended, each.ended);
            const double wall = std::chrono::duration<double>(each.ended - each.began).count();
            wall_seconds_ += wall;
            lost_seconds_ += std::max(0.0, wall - each.cpu_seconds);
        }
        return std::chrono::duration<double>(ended - began).count();
    }

    /// The share of the jobs' time in which something else had their cpus, since this was asked
    /// last. Jobs never sleep.
    [[nodiscard]] double take_lost_share() {
        const double share = wall_seconds_ > 0 ? lost_seconds_ / wall_seconds_ : 0;
        wall_seconds_ = lost_seconds_ = 0;
        return share;
    }

private:
    struct alignas(128) member {
        steady::time_point began;
        steady::time_point ended;
        double cpu_seconds = 0;
    };

    [[nodiscard]] static double cpu_seconds_of_this_thread() {
        timespec used{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    }

    /// No jobs: the threads end.
    void call(std::vector<std::function<void()>> jobs) {
        jobs_ = std::move(jobs);
        arrived_.store(0, std::memory_order_relaxed);
        done_.store(0, std::memory_order_relaxed);
        calls_.fetch_add(1, std::memory_order_release);
        calls_.notify_all();
    }

    void serve(std::size_t place) {
        for (std::uint64_t served = 0;; ++served) {
            calls_.wait(served, std::memory_order_acquire);
            if (jobs_.empty()) return;
            run(place);
        }
    }

    void run(std::size_t place) {
        arrived_.fetch_add(1, std::memory_order_acq_rel);
        while (arrived_.load(std::memory_order_acquire) != jobs_.size()) lfq::cpu_pause();
        const double cpu_before = cpu_seconds_of_this_thread();
        members_[place].began = steady::now();
        jobs_[place]();
        members_[place].ended = steady::now();
        members_[place].cpu_seconds = cpu_seconds_of_this_thread() - cpu_before;
        done_.fetch_add(1, std::memory_order_acq_rel);
    }

    std::vector<int> cpus_;
    std::vector<std::function<void()>> jobs_;  // written between calls only
    std::vector<member> members_;
    alignas(128) std::atomic<std::uint64_t> calls_{0};
    alignas(128) std::atomic<std::size_t> arrived_{0};
    alignas(128) std::atomic<std::size_t> done_{0};
    double wall_seconds_ = 0;
    double lost_seconds_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace bench
