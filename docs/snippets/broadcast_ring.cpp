// SPDX-License-Identifier: MIT
// The code that docs/reference/broadcast_ring.md shows, run.
#include <lfq/ring/broadcast_ring.hpp>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <thread>

namespace {

// Two threads see every order: one works, one keeps a log.
int two_readers() {
    lfq::broadcast_ring<int> orders(1024);

    int worked = 0;
    int logged = 0;
    auto worker = orders.join(lfq::join_at::newest);
    auto log = orders.join(lfq::join_at::newest);
    {
        std::jthread working([&] {
            int amount = 0;
            while (worker.pop(amount)) worked += amount;
        });
        std::jthread logging([&] {
            while (!log.drained()) log.drain([&](const int& amount) { logged += amount; });
        });
        for (int amount = 1; amount <= 100; ++amount) orders.push(amount);
        orders.close();
    }
    worker.leave();
    log.leave();
    return worked == logged ? worked : 0;
}

// Values are read where they lie, so they need not be copied, nor be small.
std::size_t read_in_place() {
    lfq::broadcast_ring<std::unique_ptr<std::string>> lines(4);
    auto reader = lines.join(lfq::join_at::newest);
    static_cast<void>(lines.try_push(std::make_unique<std::string>("hello")));

    std::size_t letters = 0;
    std::size_t seen = 0;
    for (const auto part : reader.peek()) {
        for (const std::unique_ptr<std::string>& line : part) letters += line->size();
        seen += part.size();
    }
    reader.consume(seen);
    return letters;
}

// Seats are limited, and who comes late finds what is kept.
int late_and_too_many() {
    lfq::broadcast_ring<int> news(8, {}, {}, 1);  // one reader at a time
    for (int i = 0; i < 100; ++i) news.push(i);  // nobody reads: nobody waits

    auto late = news.join(lfq::join_at::oldest);
    auto second = news.join(lfq::join_at::newest);
    if (second) return 0;  // the seat was taken

    int oldest = 0;
    return late.try_pop(oldest) ? oldest : 0;
}

}  // namespace

int main() {
    const int sum = two_readers();
    const std::size_t letters = read_in_place();
    const int oldest = late_and_too_many();
    std::printf("%d, %zu, %d\n", sum, letters, oldest);
    return sum == 5050 && letters == 5 && oldest == 92 ? 0 : 1;
}
