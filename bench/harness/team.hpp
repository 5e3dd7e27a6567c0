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

/// One thread for each place, pinned to the place's cpu and alive for the whole run, so that no
/// pass begins with a thread on the wrong cpu. The first is the one that built the team. Where
/// places share a cpu, their threads give up their turn whenever they wait for the others.
class team {
public:
    explicit team(std::vector<int> cpus)
        : cpus_(std::move(cpus)), crowded_(has_a_pair(cpus_)), members_(cpus_.size()) {
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

    /// Runs one job a place, as many jobs as there are places; seconds from the first start to the
    /// last end.
    template <class... Jobs>
    [[nodiscard]] double seconds_together(Jobs&&... jobs) {
        return seconds_of({std::function<void()>(std::forward<Jobs>(jobs))...});
    }
    /// The same. In a crowded team the first job must be the one that ends last, or others count as
    /// disturbed by its thread's waiting.
    [[nodiscard]] double seconds_of(std::vector<std::function<void()>> jobs) {
        call(std::move(jobs));
        run(0);
        while (done_.load(std::memory_order_acquire) != jobs_.size()) stand_by();
        steady::time_point began = members_.front().began;
        steady::time_point ended = members_.front().ended;
        for (std::size_t place = 0; place < members_.size(); ++place) {
            began = std::min(began, members_[place].began);
            ended = std::max(ended, members_[place].ended);
            const bool first_of_its_cpu = std::find(cpus_.begin(), cpus_.end(), cpus_[place]) ==
                cpus_.begin() + static_cast<std::ptrdiff_t>(place);
            if (first_of_its_cpu) count_lost(cpus_[place]);
        }
        return std::chrono::duration<double>(ended - began).count();
    }

    struct lost_time {
        double wall_seconds = 0;
        double lost_seconds = 0;
    };

    /// The jobs' time since this was asked last, and how much of it something else had their cpus.
    /// Jobs never sleep.
    [[nodiscard]] lost_time take_lost_time() { return std::exchange(lost_, {}); }

private:
    struct alignas(128) member {
        steady::time_point began;
        steady::time_point ended;
        double cpu_seconds = 0;
    };

    [[nodiscard]] static bool has_a_pair(std::vector<int> cpus) {
        std::sort(cpus.begin(), cpus.end());
        return std::adjacent_find(cpus.begin(), cpus.end()) != cpus.end();
    }

    void stand_by() const {
        if (crowded_) {
            std::this_thread::yield();
        } else {
            lfq::cpu_pause();
        }
    }

    /// What the jobs on `cpu` together did not get of it, from the first start to the last end.
    void count_lost(int cpu) {
        steady::time_point began = steady::time_point::max();
        steady::time_point ended = steady::time_point::min();
        double used = 0;
        for (std::size_t place = 0; place < members_.size(); ++place) {
            if (cpus_[place] != cpu) continue;
            began = std::min(began, members_[place].began);
            ended = std::max(ended, members_[place].ended);
            used += members_[place].cpu_seconds;
        }
        const double wall = std::chrono::duration<double>(ended - began).count();
        lost_.wall_seconds += wall;
        lost_.lost_seconds += std::max(0.0, wall - used);
    }

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
        while (arrived_.load(std::memory_order_acquire) != jobs_.size()) stand_by();
        const double cpu_before = cpu_seconds_of_this_thread();
        members_[place].began = steady::now();
        jobs_[place]();
        members_[place].ended = steady::now();
        members_[place].cpu_seconds = cpu_seconds_of_this_thread() - cpu_before;
        done_.fetch_add(1, std::memory_order_acq_rel);
    }

    std::vector<int> cpus_;
    bool crowded_;
    std::vector<std::function<void()>> jobs_;  // written between calls only
    std::vector<member> members_;
    alignas(128) std::atomic<std::uint64_t> calls_{0};
    alignas(128) std::atomic<std::size_t> arrived_{0};
    alignas(128) std::atomic<std::size_t> done_{0};
    lost_time lost_;
    std::vector<std::thread> threads_;
};

}  // namespace bench
