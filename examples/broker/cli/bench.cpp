// SPDX-License-Identifier: MIT
#include "broker/cli/bench.hpp"

#include "broker/cli/bench_publisher.hpp"
#include "broker/cli/bench_subscriber.hpp"
#include "broker/cli/topic_match.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <latch>
#include <memory>
#include <thread>

namespace broker::cli {

namespace {

double seconds(std::uint64_t from_ns, std::uint64_t to_ns) {
    return to_ns > from_ns ? static_cast<double>(to_ns - from_ns) / 1e9 : 0;
}

std::uint64_t own_cpu_us() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) {
        return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000U +
            static_cast<std::uint64_t>(t.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

std::string topic_of(const bench_options& options, std::uint32_t connection) {
    return options.topic + "/" + std::to_string(connection);
}

std::uint64_t share_of(const bench_options& options, std::uint32_t connection) {
    return options.count / options.publishers +
        (connection < options.count % options.publishers ? 1 : 0);
}

// A thread whose failure is kept for whoever joins it.
class worker {
public:
    template <class Work>
    explicit worker(Work work)
        : thread_([this, work] {
              try {
                  work();
              } catch (...) {
                  failure_ = std::current_exception();
              }
          }) {}
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker() { wait(); }

    void wait() {
        if (thread_.joinable()) thread_.join();
    }
    void rethrow() const {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    std::exception_ptr failure_;  // written by the thread, read when it has ended
    std::thread thread_;
};

using workers = std::vector<std::unique_ptr<worker>>;

void wait_for_all(const workers& all) {
    for (const auto& one : all) one->wait();
}

// One run: connections are made first, so that the clock runs over events alone.
class bench_run {
public:
    explicit bench_run(const bench_options& options)
        : options_(options),
          control_(options.session, "lfqctl bench", options.patience),
          start_(static_cast<std::ptrdiff_t>(options.publishers)) {
        result_.before = control_.ping();
        run_ = static_cast<std::uint32_t>(steady_ns() / 1000) | 1U;
        for (const auto& filter : options.filters) add_subscriber(filter);
        for (std::uint32_t i = 0; i < options.publishers; ++i) add_publisher(i);
    }

    bench_result run();

private:
    void add_subscriber(const std::string& filter);
    void add_publisher(std::uint32_t connection);
    void wait_until_the_broker_is_at_rest();
    void show_progress(const std::atomic<bool>& over) const;
    void sum_up(std::uint64_t start_ns, std::uint64_t published_ns, std::uint64_t cpu_us);

    const bench_options& options_;
    session_client control_;
    std::latch start_;
    std::uint32_t run_ = 0;
    std::vector<std::unique_ptr<bench_publisher>> publishers_;
    std::vector<std::unique_ptr<bench_subscriber>> subscribers_;
    bench_result result_;
};

void bench_run::add_subscriber(const std::string& filter) {
    subscriber_plan plan;
    plan.filter = filter;
    plan.run = run_;
    plan.priority = options_.priority;
    plan.payload_bytes = options_.payload_bytes;
    plan.all_must_arrive = options_.how == transport::tcp;
    for (std::uint32_t i = 0; i < options_.publishers; ++i) {
        plan.topics.push_back(topic_of(options_, i));
        if (matches(filter, plan.topics.back())) plan.expected += share_of(options_, i);
    }
    subscribers_.push_back(
        std::make_unique<bench_subscriber>(options_.session, std::move(plan), options_.patience));
}

void bench_run::add_publisher(std::uint32_t connection) {
    publisher_plan plan;
    plan.how = options_.how;
    plan.topic = topic_of(options_, connection);
    plan.priority = options_.priority;
    plan.run = run_;
    plan.connection = connection;
    plan.count = share_of(options_, connection);
    plan.payload_bytes = options_.payload_bytes;
    plan.rate = options_.rate / options_.publishers;
    endpoint where = options_.session;
    if (options_.how == transport::udp) where.port = options_.udp_port;
    publishers_.push_back(
        std::make_unique<bench_publisher>(where, std::move(plan), options_.patience));
}

bench_result bench_run::run() {
    std::atomic<bool> publishing_is_over{false};
    std::atomic<bool> all_is_over{false};
    workers receiving, sending, showing;
    for (const auto& one : subscribers_) {
        receiving.push_back(std::make_unique<worker>([&] { one->run(publishing_is_over); }));
    }
    if (options_.progress) {
        showing.push_back(std::make_unique<worker>([&] { show_progress(all_is_over); }));
    }
    const std::uint64_t cpu_us = own_cpu_us();
    const std::uint64_t start_ns = steady_ns();
    for (const auto& one : publishers_) {
        sending.push_back(std::make_unique<worker>([&] {
            start_.arrive_and_wait();
            one->run();
        }));
    }
    wait_for_all(sending);
    const std::uint64_t published_ns = steady_ns();
    wait_until_the_broker_is_at_rest();
    publishing_is_over.store(true, std::memory_order_relaxed);  // hint: see bench_subscriber::run
    wait_for_all(receiving);
    all_is_over.store(true, std::memory_order_relaxed);  // hint: ends the progress line
    wait_for_all(showing);
    for (const auto* group : {&sending, &receiving}) {
        for (const auto& one : *group) one->rethrow();
    }
    result_.after = control_.ping();
    sum_up(start_ns, published_ns, cpu_us);
    return result_;
}

// Events that nobody awaits have been counted too, and a datagram that will come has come.
void bench_run::wait_until_the_broker_is_at_rest() {
    const auto end = std::chrono::steady_clock::now() + options_.patience;
    const bool tcp = options_.how == transport::tcp;
    for (;;) {
        const net::pong now = control_.ping();
        const bool all_in = !tcp || now.in - result_.before.in >= options_.count;
        if (all_in && now.in == now.delivered + now.filtered + now.dropped) return;
        if (std::chrono::steady_clock::now() > end) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void bench_run::show_progress(const std::atomic<bool>& over) const {
    const auto sum = [](const auto& all, auto value) {
        std::uint64_t total = 0;
        for (const auto& one : all) total += ((*one).*value)();
        return static_cast<double>(total);
    };
    double sent_before = 0, received_before = 0;
    constexpr double looks_per_second = 4;
    for (int look = 0; !over.load(std::memory_order_relaxed); ++look) {  // hint: one line more
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        if (look % 10 != 9) continue;
        const double sent = sum(publishers_, &bench_publisher::sent);
        const double received = sum(subscribers_, &bench_subscriber::received);
        std::fprintf(stderr, "\r\033[Ksent %.2f M (%.2f M/s)   received %.2f M (%.2f M/s)",
            sent / 1e6, (sent - sent_before) * looks_per_second / 1e6, received / 1e6,
            (received - received_before) * looks_per_second / 1e6);
        sent_before = sent;
        received_before = received;
    }
    std::fputs("\r\033[K", stderr);
}

void bench_run::sum_up(std::uint64_t start_ns, std::uint64_t published_ns, std::uint64_t cpu_us) {
    std::uint64_t end_ns = published_ns;
    for (const auto& one : publishers_) {
        result_.sent += one->sent();
        result_.wire_bytes += one->sent() * one->frame_bytes();
    }
    std::uint64_t last_ns = start_ns;
    for (const auto& one : subscribers_) {
        result_.expected += one->plan().expected;
        result_.received += one->events().received();
        result_.skipped += one->events().skipped();
        result_.late += one->events().late();
        result_.damaged += one->damaged();
        result_.foreign += one->foreign();
        result_.latency_ns.add(one->latency_ns());
        last_ns = std::max(last_ns, one->last_ns());
    }
    end_ns = std::max(end_ns, last_ns);
    result_.publish_seconds = seconds(start_ns, published_ns);
    result_.receive_seconds = seconds(start_ns, last_ns);
    const double us = std::max(seconds(start_ns, end_ns), 1e-6) * 1e6;
    const auto percent = [us](std::uint64_t used_us) {
        return static_cast<double>(used_us) * 100 / us;
    };
    result_.broker_cpu_percent = percent(result_.after.cpu_us - result_.before.cpu_us);
    result_.client_cpu_percent = percent(own_cpu_us() - cpu_us);
}

}  // namespace

bool bench_result::as_promised(const bench_options& options) const noexcept {
    if (sent != options.count || late != 0 || damaged != 0) return false;
    if (options.how == transport::udp) return received <= expected;
    return received == expected && skipped == 0 && after.in - before.in >= sent;
}

bench_result run_bench(const bench_options& options) { return bench_run(options).run(); }

}  // namespace broker::cli
