// SPDX-License-Identifier: MIT
// Goal: the consumer of a message_ring_pool sleeps by itself or in somebody's epoll, level- or
//         edge-triggered, beside other descriptors; a sleep costs one write, being awake none.
// Method: doubles count the calls of the real eventfd; real epoll and timerfd; one thread where
//         that decides.
// Cannot show: that no wake-up is ever lost (stress/ring, and the model).
#include <lfq/ring/message_ring_pool.hpp>

#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/doubles.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using support::bytes_of;
using support::counting_event_fd;
using support::counting_futex;
using doorbell = lfq::wait::basic_doorbell<counting_event_fd, counting_futex>;
using pool_type = lfq::message_ring_pool<lfq::storage::spill, doorbell>;

std::uint64_t writes() { return counting_event_fd::writes; }

std::size_t take_all(pool_type& pool) {
    std::size_t taken = 0;
    pool.for_each_ready([&taken](std::size_t, auto ring) { taken += ring.drain([](auto) {}); });
    return taken;
}

// The application's loop: a timer under tag 1, the pool under tag 2.
class loop {
public:
    explicit loop(const pool_type& pool, std::uint32_t mode)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
          timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
        add(timer_, EPOLLIN, 1);
        add(pool.fd(), EPOLLIN | mode, 2);
    }
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;
    ~loop() {
        ::close(timer_);
        ::close(epoll_);
    }

    void let_the_timer_expire() const {
        itimerspec soon{};
        soon.it_value.tv_nsec = 1;
        REQUIRE(::timerfd_settime(timer_, 0, &soon, nullptr) == 0);
        pollfd expired{timer_, POLLIN, 0};
        REQUIRE(::poll(&expired, 1, -1) == 1);
    }
    void read_the_timer() const {
        std::uint64_t count = 0;
        REQUIRE(::read(timer_, &count, sizeof count) == sizeof count);
    }
    // The sum of the tags that are ready now.
    [[nodiscard]] std::uint64_t ready() const {
        std::array<epoll_event, 4> events{};
        const int count = ::epoll_wait(epoll_, events.data(), 4, 0);
        std::uint64_t sum = 0;
        for (int i = 0; i < count; ++i) sum += events[static_cast<std::size_t>(i)].data.u64;
        return sum;
    }
    void sleep() const {
        epoll_event event{};
        REQUIRE(::epoll_wait(epoll_, &event, 1, -1) == 1);
        REQUIRE(std::uint64_t{event.data.u64} == 2);  // a copy: it is packed
    }
    [[nodiscard]] int fd() const { return epoll_; }

private:
    void add(int fd, std::uint32_t events, std::uint64_t tag) const {
        epoll_event wanted{};
        wanted.events = events;
        wanted.data.u64 = tag;
        REQUIRE(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) == 0);
    }
    int epoll_;
    int timer_;
};

}  // namespace

TEST_CASE("each_sleep_of_the_consumer_costs_one_write_and_being_awake_none") {
    counting_event_fd::reset();
    pool_type pool({.rings = 70, .bytes = 1024});
    std::vector<pool_type::lease_type> out;
    for (int i = 0; i < 70; ++i) out.push_back(std::move(pool.lease().value()));
    for (auto& each : out) REQUIRE(each.try_push(bytes_of("awake")));
    CHECK(writes() == 0);
    CHECK_FALSE(pool.arm());  // there is something
    CHECK(take_all(pool) == 70);
    for (std::uint64_t sleep = 1; sleep <= 5; ++sleep) {
        REQUIRE(pool.arm());
        REQUIRE(pool.arm());  // again: still one
        CHECK(writes() == sleep - 1);
        for (auto& each : out) {
            REQUIRE(each.try_push(bytes_of("first")));
            REQUIRE(each.try_push(bytes_of("second")));
        }
        CHECK(writes() == sleep);
        pool.acknowledge();
        CHECK_FALSE(pool.arm());
        CHECK(take_all(pool) == 140);
        for (auto& each : out) REQUIRE(each.try_push(bytes_of("awake")));
        CHECK(take_all(pool) == 70);
        CHECK(writes() == sleep);
    }
}

TEST_CASE("who_was_woken_by_something_else_is_not_rung_for_once_a_round_has_begun") {
    counting_event_fd::reset();
    pool_type pool({.rings = 2, .bytes = 64});
    auto lease = pool.lease();
    REQUIRE(pool.arm());
    pool.for_each_ready([](auto&&...) {});  // a timer
    REQUIRE(lease->try_push(bytes_of("awake")));
    CHECK(writes() == 0);
    CHECK(take_all(pool) == 1);
    REQUIRE(pool.arm());
    pollfd asked{pool.fd(), POLLIN, 0};
    CHECK(::poll(&asked, 1, 0) == 0);  // the next sleep is one
}

TEST_CASE("a_push_during_the_visit_of_its_ring_leaves_nothing_behind_that_was_taken") {
    counting_event_fd::reset();
    pool_type pool({.rings = 1, .bytes = 64});
    auto lease = pool.lease();
    for (int lap = 0; lap < 3; ++lap) {
        REQUIRE(lease->try_push(bytes_of("before")));
        CHECK(pool.for_each_ready([&lease](std::size_t, auto ring) {
            REQUIRE(lease->try_push(bytes_of("during")));
            CHECK(ring.drain([](auto) {}) == 2);
        }) == 1);
        CHECK(pool.arm());
        CHECK_FALSE(pool.wait_for(0ns));
    }
    CHECK(writes() == 0);
}

TEST_CASE("a_close_and_a_dropped_lease_ring_as_a_message_does") {
    counting_event_fd::reset();
    pool_type pool({.rings = 1, .bytes = 64});
    for (std::uint64_t sleep = 1; sleep <= 4; ++sleep) {
        {
            auto lease = pool.lease();
            REQUIRE(pool.arm());
            if (sleep % 2 == 0) lease->close();
        }
        CHECK(writes() == sleep);
        pool.acknowledge();
        CHECK_FALSE(pool.arm());
        CHECK(pool.for_each_ready([](std::size_t, auto ring) { CHECK(ring.drained()); }) == 1);
        REQUIRE(pool.give_back(0));
    }
}

TEST_CASE("a_level_triggered_loop_hears_of_the_pool_until_it_acknowledges") {
    pool_type pool({.rings = 2, .bytes = 64});
    const loop app(pool, 0);
    auto lease = pool.lease();
    REQUIRE(lease->try_push(bytes_of("awake")));
    CHECK(app.ready() == 0);
    CHECK(take_all(pool) == 1);
    for (int lap = 0; lap < 3; ++lap) {
        REQUIRE(pool.arm());
        CHECK(app.ready() == 0);
        REQUIRE(lease->try_push(bytes_of("asleep")));
        CHECK(app.ready() == 2);
        CHECK(app.ready() == 2);
        app.let_the_timer_expire();
        CHECK(app.ready() == 3);
        pool.acknowledge();
        CHECK(app.ready() == 1);
        app.read_the_timer();
        CHECK(app.ready() == 0);
        CHECK(take_all(pool) == 1);
    }
}

TEST_CASE("an_edge_triggered_loop_hears_of_each_sleep_once_acknowledged_or_not") {
    pool_type pool({.rings = 2, .bytes = 64});
    const loop app(pool, EPOLLET);
    auto lease = pool.lease();
    for (int lap = 0; lap < 6; ++lap) {
        REQUIRE(pool.arm());
        CHECK(app.ready() == 0);
        REQUIRE(lease->try_push(bytes_of("asleep")));
        CHECK(app.ready() == 2);
        CHECK(app.ready() == 0);
        app.let_the_timer_expire();
        CHECK(app.ready() == 1);
        app.read_the_timer();
        if (lap % 2 == 0) pool.acknowledge();
        CHECK(take_all(pool) == 1);
    }
}

TEST_CASE("a_loop_serves_every_message_whichever_way_it_is_triggered") {
    constexpr std::uint64_t messages = 2'000;
    for (const std::uint32_t mode : {0u, static_cast<std::uint32_t>(EPOLLET)}) {
        pool_type pool({.rings = 2, .bytes = 256});
        const loop app(pool, mode);
        std::vector<std::thread> producers;
        for (int i = 0; i < 2; ++i) {
            producers.emplace_back([lease = pool.lease()]() mutable {
                for (std::uint64_t n = 0; n < messages; ++n)
                    static_cast<void>(lease->push(bytes_of("message")));
                lease->close();
            });
        }
        std::uint64_t taken = 0;
        for (int ended = 0; ended < 2;) {
            pool.for_each_ready([&](std::size_t id, auto ring) {
                taken += ring.drain([](auto) {});
                if (ring.drained() && pool.give_back(id)) ++ended;
            });
            if (ended == 2 || !pool.arm()) continue;
            app.sleep();
            pool.acknowledge();
        }
        for (auto& each : producers) each.join();
        CHECK(taken == 2 * messages);
    }
}

TEST_CASE("the_pool_leaves_the_loop_of_the_application_alone") {
    std::optional<pool_type> pool(std::in_place, pool_type::sizes{2, 64});
    const loop app(*pool, 0);
    pool.reset();
    CHECK(::fcntl(app.fd(), F_GETFD) >= 0);
    app.let_the_timer_expire();
    CHECK(app.ready() == 1);
}

TEST_CASE("wait_sleeps_once_until_some_ring_has_something") {
    counting_event_fd::reset();
    pool_type pool({.rings = 130, .bytes = 64});
    std::vector<pool_type::lease_type> out;
    for (int i = 0; i < 130; ++i) out.push_back(std::move(pool.lease().value()));
    for (const std::size_t id : {0u, 63u, 64u, 129u}) {
        const std::uint64_t slept = counting_event_fd::waits;
        const std::uint64_t written = writes();
        std::thread consumer([&pool] { pool.wait(); });
        while (counting_event_fd::waits == slept) std::this_thread::sleep_for(100us);
        REQUIRE(out[id].try_push(bytes_of("one")));
        REQUIRE(out[id].try_push(bytes_of("two")));
        consumer.join();
        CHECK(writes() == written + 1);
        pool.wait();  // it has something: no sleep
        CHECK(pool.wait_for(0ns));
        CHECK(writes() == written + 1);
        CHECK(take_all(pool) == 2);
    }
}

TEST_CASE("wait_for_ends_by_itself_and_leaves_nobody_to_be_woken") {
    counting_event_fd::reset();
    pool_type pool({.rings = 2, .bytes = 64});
    auto lease = pool.lease();
    CHECK_FALSE(pool.wait_for(2ms));
    CHECK_FALSE(pool.wait_for(0ns));
    CHECK_FALSE(pool.wait_for(-1h));
    REQUIRE(lease->try_push(bytes_of("one")));
    CHECK(writes() == 0);
    CHECK(pool.wait_for(1h));
    CHECK(take_all(pool) == 1);
    CHECK_FALSE(pool.wait_for(1ns));
}

TEST_CASE("a_full_ring_of_a_pool_parks_its_producer_until_a_visit_frees_room") {
    counting_futex::reset();
    pool_type pool({.rings = 1, .bytes = 16});
    auto lease = pool.lease();
    REQUIRE(lease->push(bytes_of("8 bytes!")));
    CHECK_FALSE(lease->push_for(bytes_of("no room"), 2ms));
    const std::uint64_t slept = counting_futex::waits;
    bool pushed = false;
    std::thread producer([&] { pushed = lease->push(bytes_of("waits")); });
    while (counting_futex::waits == slept) std::this_thread::sleep_for(100us);
    CHECK(take_all(pool) == 1);
    producer.join();
    CHECK(pushed);
    CHECK(take_all(pool) == 1);
}
