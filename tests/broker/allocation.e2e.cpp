// SPDX-License-Identifier: MIT
// Goal: in steady state no thread of the broker allocates, from publishing to subscribing socket.
// Method: the broker in this process, whose operator new counts on all threads; warm up, then count
// over 100,000 events by TCP, 10,000 by UDP, large ones, and those of every processor.
// Cannot show: allocations of C libraries by malloc, and those before rings and buffers are warm.
#include "broker/broker.hpp"
#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/counted_new.hpp"

#include <pthread.h>
#include <signal.h>

#include <cstring>
#include <thread>

using namespace broker::test;

namespace {

// A broker on free ports in this process, run by a thread of its own.
class broker_inside {
public:
    explicit broker_inside(const broker::config& settings = {})
        : server_(on_free_ports(before_, settings)), running_([this] { server_.run([] {}); }) {}
    broker_inside(const broker_inside&) = delete;
    broker_inside& operator=(const broker_inside&) = delete;
    ~broker_inside() {
        ::pthread_kill(running_.native_handle(), SIGTERM);
        running_.join();
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

    [[nodiscard]] std::uint16_t tcp() const { return server_.tcp_port(); }
    [[nodiscard]] std::uint16_t udp() const { return server_.udp_port(); }

private:
    // Its signals must be blocked before its threads are there.
    static broker::config on_free_ports(sigset_t& before, broker::config settings) {
        const sigset_t handled = broker::server::handled_signals();
        ::pthread_sigmask(SIG_BLOCK, &handled, &before);
        settings.net.tcp_port = 0;
        settings.net.udp_port = 0;
        return settings;
    }

    sigset_t before_{};  // for the programs that later cases start
    broker::server server_;
    std::thread running_;
};

struct stream {
    bytes batch;  // what is published at once
    std::size_t events = 0;  // in it
    std::size_t answer = 0;  // bytes of their EVENTs
};

stream stream_of(std::size_t events, std::size_t payload_bytes) {
    constexpr std::size_t event_extra_bytes = 22;
    stream out;
    out.events = events;
    for (std::size_t i = 0; i < events; ++i) {
        out.batch += seed_frame(5, "steady/" + std::to_string(i % 10), bytes(payload_bytes, 'x'));
    }
    out.answer = out.batch.size() + events * event_extra_bytes;
    return out;
}

// Publishes batch by batch and takes each out again, so that the broker never holds much.
void pass(peer& publisher, peer& subscriber, const stream& what, std::size_t events) {
    for (std::size_t done = 0; done < events; done += what.events) {
        publisher.send(what.batch);
        subscriber.skip(what.answer);
    }
}

}  // namespace

TEST_CASE("no_thread_allocates_per_event_over_tcp") {
    const std::size_t payload_bytes = GENERATE(std::size_t{64}, std::size_t{5'000});
    const std::size_t count = (sanitized ? 20'000U : 100'000U) / (payload_bytes > 64 ? 10U : 1U);
    broker_inside broker;
    peer publisher(broker.tcp());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "steady.>");
    const stream what = stream_of(payload_bytes > 64 ? 20 : 500, payload_bytes);
    pass(publisher, subscriber, what, count);

    const std::uint64_t before = support::allocations();
    pass(publisher, subscriber, what, count);
    const std::uint64_t after = support::allocations();
    CHECK(before > 0);
    CHECK(after - before == 0);
}

TEST_CASE("no_processor_allocates_per_event") {
    broker::config settings;
    settings.core.workers = GENERATE(0U, 1U);  // fused on few cpus; with threads of their own
    settings.processing.rules = {
        {.topics = "once.x", .use = broker::core::processor_kind::transactional},
        {.topics = "pack.x", .use = broker::core::processor_kind::batch, .batch = {.events = 100}}};
    broker_inside broker(settings);
    peer publisher(broker.tcp());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, ">");
    constexpr std::size_t payload_bytes = 64;
    stream what;
    what.events = 600;  // 200 of each topic: two windows
    for (std::size_t i = 0; i < what.events; ++i) {
        const char* const topics[] = {"plain/x", "once/x", "pack/x"};
        what.batch +=
            seed_frame(static_cast<unsigned>(i % 7), topics[i % 3], bytes(payload_bytes, 'x'));
    }
    what.answer = what.batch.size() + what.events * 22;
    // Every transactional event is another one: a running number in each payload.
    std::uint64_t number = 0;
    const auto pass_fresh = [&](std::size_t events) {
        for (std::size_t done = 0; done < events; done += what.events) {
            for (std::size_t at = 0; at < what.batch.size();) {
                const auto length = static_cast<unsigned char>(what.batch[at + 3]);
                at += std::size_t{4} + length;
                std::memcpy(what.batch.data() + at - payload_bytes, &++number, sizeof number);
            }
            pass(publisher, subscriber, what, what.events);
        }
    };
    const std::size_t count = sanitized ? 12'000 : 60'000;
    pass_fresh(count);

    const std::uint64_t before = support::allocations();
    pass_fresh(count);
    const std::uint64_t after = support::allocations();
    CHECK(after - before == 0);
}

TEST_CASE("no_thread_allocates_per_event_over_udp") {
    broker_inside broker;
    datagram_peer publisher(broker.udp());
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "steady.>");
    const stream one = stream_of(1, 64);
    const auto pass_datagrams = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            publisher.send(one.batch);
            if (i % 20 == 19) subscriber.skip(20 * one.answer);
        }
    };
    pass_datagrams(10'000);

    const std::uint64_t before = support::allocations();
    pass_datagrams(10'000);
    const std::uint64_t after = support::allocations();
    CHECK(after - before == 0);
}
