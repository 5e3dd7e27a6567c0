// SPDX-License-Identifier: MIT
// Goal: what one network thread holds for its clients is bounded: orders that wait for the
//       dispatcher, and pending bytes in the memory for all.
// Method: the thread in the test's own process, over real sockets; a dispatcher that begins when
//         the test says so, and little memory.
// Cannot show: many network threads; the broker's own sizes.
#include "broker/net/network_thread.hpp"
#include "broker/core/dispatcher.hpp"
#include "broker/processors/realtime/realtime.hpp"

#include "peer.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <memory>
#include <string_view>
#include <thread>

using namespace broker::test;
namespace core = broker::core;
namespace net = broker::net;

namespace {

net::options on_any_port() {
    net::options o;
    o.tcp_port = 0;
    o.write_deadline_ms = 3'600'000;  // a subject of slow_subscriber.e2e.cpp
    return o;
}

/// A network thread, and a dispatcher once it is begun.
class room {
public:
    explicit room(const core::options& o, std::size_t pieces = 64) : exchange_(o, {}, 1024, 1) {
        pieces_ = std::make_unique<core::slab_pool>(pieces, std::size_t{1} << 16);
        shared_.reset(new net::shared_parts{settings_, exchange_, *pieces_});
        net::tcp_sockets sockets = net::bind_tcp(settings_, 1);
        port_ = sockets.port;
        thread_ = std::make_unique<net::network_thread>(*shared_, 0, sockets.fds[0], -1);
        running_ = std::thread([this] { thread_->run(); });
    }
    room(const room&) = delete;
    room& operator=(const room&) = delete;
    ~room() {
        if (!dispatching_.joinable()) begin_dispatching();
        exchange_.ingest.close();
        dispatching_.join();
        exchange_.grace_over.store(true, std::memory_order_relaxed);  // hint: it is polled
        exchange_.tell_all(core::notice::kind::finish);
        running_.join();
    }

    void begin_dispatching() {
        dispatching_ = std::thread([this] { dispatcher_.run(); });
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const net::probe& counts() const { return thread_->counts(); }
    [[nodiscard]] std::uint64_t closed(net::close_reason why) const {
        return counts().closed[static_cast<std::size_t>(why)].read();
    }
    [[nodiscard]] core::exchange& exchange() { return exchange_; }
    [[nodiscard]] const core::slab_pool& pieces() const { return *pieces_; }

private:
    const net::options settings_ = on_any_port();
    core::exchange exchange_;
    broker::processors::realtime realtime_;
    core::processing_rules rules_{realtime_, {}};
    core::dispatcher dispatcher_{exchange_, rules_};
    std::unique_ptr<core::slab_pool> pieces_;
    std::unique_ptr<net::shared_parts> shared_;
    std::unique_ptr<net::network_thread> thread_;
    std::uint16_t port_ = 0;
    std::thread running_;
    std::thread dispatching_;
};

/// In steps: what is owed is copied before more of it comes. Answers how many.
template <class Enough>
std::size_t publish_until(peer& publisher, std::string_view topic, Enough&& enough) {
    constexpr std::size_t most = 3'000;  // far more than sockets and memory hold
    const bytes one = seed_frame(1, topic, bytes(16'000, 'x'));
    std::size_t count = 0;
    for (; count < most && !enough(); ++count) {
        publisher.send(one);
        if (count % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    REQUIRE(enough());
    return count;
}

}  // namespace

TEST_CASE("a_client_whose_orders_wait_is_not_read_until_they_are_on_their_way") {
    constexpr std::size_t ring = 64;
    constexpr std::size_t may_wait = 64;
    constexpr std::chrono::milliseconds still{sanitized ? 2'000 : 500};
    core::options o;
    o.ingest_capacity = ring;
    room small(o);
    peer flooding(small.port());
    flooding.greet();
    const bytes pair = subscribe(7, "nobody.>") + unsubscribe(7);
    const auto read = [&] { return small.counts().bytes_in.read() - hello().size(); };
    bytes flood;
    std::size_t sent = 0;
    std::size_t read_ahead = 0;

    // Nobody empties the ring: what is not read stays in the sockets.
    SECTION("though_all_come_at_once") {
        while (flood.size() < 20'000'000) flood += pair;  // more than sockets hold
        read_ahead = 4 * 65'536;
        sent = flooding.send_until_refused(flood, still);
        REQUIRE(sent < flood.size());
    }
    SECTION("though_each_comes_alone") {
        while (flood.size() < 1'000 * pair.size()) flood += pair;
        read_ahead = pair.size();
        for (bool goes_on = true; goes_on && sent < flood.size();) {
            flooding.send(std::string_view(flood).substr(sent, pair.size()));
            sent += pair.size();
            const auto end = std::chrono::steady_clock::now() + still;
            while (read() < sent && std::chrono::steady_clock::now() < end) {
                std::this_thread::yield();
            }
            goes_on = read() == sent;
        }
    }
    REQUIRE(small.exchange().ingest.size_approx() == ring);
    CHECK(read() <= (ring + may_wait) / 2 * pair.size() + read_ahead);
    // A SUBOK for each SUB that the ring took; the orders that wait are not confirmed.
    for (std::size_t i = 0; i < ring / 2; ++i) CHECK(flooding.next().op == op_subscribed);
    CHECK(flooding.has_heard_nothing());
    peer other(small.port());
    other.greet();  // it is served meanwhile
    CHECK(other.state().ref == 77);

    small.begin_dispatching();
    const bool one_more = sent % pair.size() >= subscribe(7, "nobody.>").size();
    const std::size_t subs = sent / pair.size() + (one_more ? 1U : 0U);
    std::size_t confirmed = ring / 2;
    while (confirmed < subs && flooding.next().op == op_subscribed) ++confirmed;
    CHECK(confirmed == subs);
}

TEST_CASE("when_the_memory_for_pending_bytes_is_short_the_one_that_holds_the_most_goes") {
    room small(core::options{}, 32);
    small.begin_dispatching();
    peer lighter(small.port(), 65'536);
    lighter.greet().watch(1, "light");
    peer heavier(small.port(), 65'536);
    heavier.greet().watch(1, "heavy");
    peer publisher(small.port());
    const auto gone = [&] { return small.closed(net::close_reason::pending_pool); };
    publish_until(publisher, "heavy", [&] { return small.pieces().taken_approx() >= 20; });
    REQUIRE(gone() == 0);
    // Now the lighter one asks for what the heavier one has.
    const std::size_t count = publish_until(publisher, "light", [&] { return gone() != 0; });
    CHECK(gone() == 1);
    CHECK(heavier.was_closed());
    CHECK(lighter.next_events(count).size() == count);
    CHECK(gone() == 1);
    CHECK(small.closed(net::close_reason::slow_consumer) == 0);
}

TEST_CASE("whoever_finds_the_memory_for_pending_bytes_empty_is_not_called_slow") {
    room small(core::options{}, 1);
    small.begin_dispatching();
    peer stuck(small.port(), 65'536);
    stuck.greet().watch(1, "flood");
    peer publisher(small.port());
    publish_until(publisher, "flood", [&] {
        return small.closed(net::close_reason::pending_pool) +
            small.closed(net::close_reason::slow_consumer) !=
            0;
    });
    CHECK(small.closed(net::close_reason::pending_pool) == 1);
    CHECK(small.closed(net::close_reason::slow_consumer) == 0);
}
