// SPDX-License-Identifier: MIT
// The rings of a pool and a timer in one Boost.Asio loop. Built where Boost is found.
#include <lfq/ring/message_ring_pool.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t producers = 3;
constexpr std::uint64_t messages_each = 2'000;

class server {
public:
    server(asio::io_context& loop, lfq::message_ring_pool<>& pool)
        : loop_(loop), pool_(pool), bell_(loop, pool.fd()), timer_(loop) {
        take();
        tick();
    }
    ~server() { bell_.release(); }  // the descriptor stays the pool's

    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    [[nodiscard]] int ticks() const { return ticks_; }

private:
    void take() {
        pool_.for_each_ready([this](std::size_t id, auto ring) {
            messages_ += ring.drain([](std::span<const std::byte>) {});
            if (ring.drained() && pool_.give_back(id)) ++ended_;
        });
        if (ended_ == producers) {
            timer_.cancel();
            return;
        }
        if (!pool_.arm()) {  // something came meanwhile: again, when the timer has had its turn
            asio::post(loop_, [this] { take(); });
            return;
        }
        bell_.async_wait(asio::posix::stream_descriptor::wait_read, [this](auto error) {
            if (error) return;
            pool_.acknowledge();
            take();
        });
    }

    void tick() {
        timer_.expires_after(1ms);
        timer_.async_wait([this](auto error) {
            if (error || ended_ == producers) return;
            ++ticks_;
            tick();
        });
    }

    asio::io_context& loop_;
    lfq::message_ring_pool<>& pool_;
    asio::posix::stream_descriptor bell_;
    asio::steady_timer timer_;
    std::size_t ended_ = 0;
    std::uint64_t messages_ = 0;
    int ticks_ = 0;
};

}  // namespace

int main() {
    lfq::message_ring_pool<> pool({.rings = producers, .bytes = 4096});
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < producers; ++i) {
        threads.emplace_back([&pool] {
            auto ring = pool.lease();
            for (std::uint64_t number = 0; ring && number < messages_each; ++number) {
                static_cast<void>(ring->push(std::as_bytes(std::span(&number, 1))));
                if (number % 100 == 0) std::this_thread::sleep_for(1ms);
            }
        });
    }

    asio::io_context loop(1);
    server app(loop, pool);
    loop.run();

    const bool all = app.messages() == producers * messages_each && app.ticks() > 0;
    std::printf(
        "%llu messages, %d ticks\n", static_cast<unsigned long long>(app.messages()), app.ticks());
    return all ? 0 : 1;
}
