// SPDX-License-Identifier: MIT
#include "pipeline/run.hpp"

#include "pipeline/allocations.hpp"
#include "pipeline/dispatcher.hpp"

#include <lfq/sys/affinity.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <latch>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace pipeline {

namespace {

constexpr std::size_t worker_ring_capacity = 16'384;
constexpr std::array<const char*, processor_count> worker_names{
    "realtime", "transactional", "batch"};

topic_table topics_of_the_client() {
    topic_table topics;
    topics.assign("quotes/eur-usd", processor::realtime);
    topics.assign("orders/eu", processor::transactional);
    topics.assign("telemetry/rack-7", processor::batch);
    return topics;
}

worker_list workers_of(
    event_pool& pool, worker_rings& rings, std::size_t clients, std::size_t samples) {
    return {std::make_unique<realtime_worker>(pool, rings.worker(0), clients, samples),
        std::make_unique<transactional_worker>(pool, rings.worker(1), clients, samples),
        std::make_unique<batch_worker>(pool, rings.worker(2), clients, samples)};
}

/// The plan was checked, but a cpu may have been taken away since. That costs time and no more.
void pin_or_say(const lfq::sys::placed_thread& planned) {
    try {
        lfq::sys::pin_this_thread(planned);
    } catch (const std::system_error& refused) {
        std::fprintf(
            stderr, "pipeline: %s is not pinned: %s\n", planned.name.c_str(), refused.what());
    }
}

/// Threads by the names of the plan. They begin together, when everything that allocates is done,
/// and end together, before anything else does. If one of them cannot be started, none begins.
class crew {
public:
    crew(const lfq::sys::placement& plan, std::size_t threads)
        : plan_(plan),
          threads_wanted_(threads),
          ready_(static_cast<std::ptrdiff_t>(threads) + 1),
          done_(static_cast<std::ptrdiff_t>(threads) + 1) {
        threads_.reserve(threads);
    }
    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;
    ~crew() {
        if (began_) return;
        called_off_ = true;
        ready_.count_down(static_cast<std::ptrdiff_t>(threads_wanted_ - threads_.size()) + 1);
    }

    /// Throws std::system_error that names the thread.
    void add(const std::string& name, std::function<void()> job) {
        try {
            threads_.emplace_back([this, &where = plan_.thread(name), job = std::move(job)] {
                pin_or_say(where);
                ready_.arrive_and_wait();
                if (called_off_) return;
                job();
                done_.arrive_and_wait();
            });
        } catch (const std::system_error& why) {
            throw std::system_error(why.code(), "thread " + name + " does not start");
        }
    }

    /// Fills in seconds and allocations.
    void work(outcome& found) {
        began_ = true;
        ready_.arrive_and_wait();
        const std::uint64_t allocated_before = allocations();
        const auto began = std::chrono::steady_clock::now();
        done_.arrive_and_wait();
        found.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        found.allocations = allocations() - allocated_before;
        for (std::jthread& each : threads_) each.join();
    }

private:
    const lfq::sys::placement& plan_;
    const std::size_t threads_wanted_;
    bool began_ = false;
    bool called_off_ = false;  // written before the latch opens, read by the threads behind it
    std::latch ready_;
    std::latch done_;
    std::vector<std::jthread> threads_;
};

}  // namespace

layout layout_for(const lfq::sys::topology& machine) {
    lfq::sys::thread_group threads;
    const std::uint32_t clients = machine.cpus().size() > 2 ? 2 : 1;
    for (std::uint32_t i = 0; i < clients; ++i)
        threads.threads.push_back("ingest-" + std::to_string(i));
    threads.threads.emplace_back("dispatcher");
    const bool fused = machine.cpus().size() < threads.threads.size() + processor_count;
    for (const char* const name : worker_names) {
        if (!fused) threads.threads.emplace_back(name);
    }
    return {clients, fused, lfq::sys::place(machine, {&threads, 1})};
}

outcome run(const layout& where, const traffic& wanted) {
    where.plan.check(lfq::sys::cpus_allowed());
    const std::size_t samples = where.clients * (wanted.events / timed_one_in + 1);
    const topic_table topics = topics_of_the_client();
    event_pool pool;
    ingest_ring from_clients(65'536);
    worker_rings to_workers(processor_count, worker_ring_capacity);
    const worker_list workers = workers_of(pool, to_workers, where.clients, samples);
    dispatcher core(from_clients, topics, to_workers,
        where.fused ? std::span(workers) : std::span<const std::unique_ptr<worker>>(), samples);
    std::vector<std::unique_ptr<ingest>> clients;
    for (std::uint32_t i = 0; i < where.clients; ++i)
        clients.push_back(std::make_unique<ingest>(i, wanted, pool, from_clients, samples));

    outcome found(samples);
    {
        std::atomic<std::uint32_t> sending{where.clients};
        crew threads(where.plan, where.plan.threads().size());
        for (std::uint32_t i = 0; i < where.clients; ++i) {
            threads.add("ingest-" + std::to_string(i), [&, i] {
                clients[i]->run();
                // The last one closes: what it pushed, and what the others had, is delivered.
                if (sending.fetch_sub(1, std::memory_order_acq_rel) == 1) from_clients.close();
            });
        }
        threads.add("dispatcher", [&] { core.run(); });
        for (std::size_t i = 0; i < processor_count && !where.fused; ++i)
            threads.add(worker_names[i], [&, i] { workers[i]->run(); });
        threads.work(found);
    }
    for (const auto& each : clients) {
        for (std::size_t i = 0; i < processor_count; ++i)
            found.sent.events[i] += each->sent().events[i];
        found.sent.repeated += each->sent().repeated;
        found.sent.waits_for_pool += each->sent().waits_for_pool;
        found.times.add(each->times());
    }
    found.times.add(core.times());
    for (std::size_t i = 0; i < processor_count; ++i) {
        found.workers[i] = workers[i]->counts();
        found.times.add(workers[i]->times());
    }
    found.timed_in_windows = workers[2]->times().count(stage::work);
    const lfq::pool_statistics of_pool = pool.statistics();
    found.events_out = of_pool.taken - of_pool.given_back;
    return found;
}

std::string outcome::complaint() const {
    std::string text;
    const auto expect = [&text](const std::string& what, std::uint64_t is, std::uint64_t wanted) {
        if (is != wanted)
            text += what + ": " + std::to_string(is) + ", not " + std::to_string(wanted) + "\n";
    };
    const auto& [realtime, transactional, batch] = workers;
    expect("realtime events", realtime.events, sent.events[0]);
    // What was not kept because there was no room for it is not known again.
    const std::uint64_t unknown = sent.repeated - transactional.repeated;
    expect("transactional events", transactional.events + transactional.repeated, sent.events[1]);
    if (unknown > transactional.undecided)
        expect("events dropped as repeated", transactional.repeated, sent.repeated);
    expect("batch events", batch.events, sent.events[2]);
    for (const worker_counts& each : workers) {
        expect("broken payloads", each.broken, 0);
        expect("events out of order", each.out_of_order, 0);
    }
    // Whoever is timed is timed at every stage, once.
    const std::size_t timed = times.count(stage::parse);
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto each = static_cast<stage>(i);
        expect("times of stage " + std::to_string(i), times.count(each),
            each == stage::window ? timed_in_windows : timed);
    }
    expect("events that did not come back to the pool", events_out, 0);
    expect("allocations while events flowed", allocations, 0);
    return text;
}

}  // namespace pipeline
