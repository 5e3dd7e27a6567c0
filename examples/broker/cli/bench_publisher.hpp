// SPDX-License-Identifier: MIT
// broker/cli/bench_publisher.hpp — one publishing connection of a bench run.
// Room: cli. Reads: lfq codec, cli/socket, cli/bench_stamp.
#pragma once

#include "broker/cli/socket.hpp"

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace broker::cli {

struct publisher_plan {
    transport how = transport::tcp;
    std::string topic;
    std::uint8_t priority = 5;
    std::uint32_t run = 0;
    std::uint32_t connection = 0;
    std::uint64_t count = 0;
    std::uint32_t payload_bytes = 64;
    double rate = 0;  // events per second of this connection; 0: as fast as the broker takes them
};

// Threads  run() on one; sent() from any
// Memory   one batch of frames, built once; while running only the stamps inside it change
// Failure  a lost connection throws cli::failure out of run()
class bench_publisher {
public:
    bench_publisher(const endpoint& where, publisher_plan plan, std::chrono::milliseconds patience);

    // Sends all events of the plan, then tells the broker that no more will come.
    void run();

    [[nodiscard]] const publisher_plan& plan() const noexcept { return plan_; }
    [[nodiscard]] std::uint64_t frame_bytes() const noexcept { return frame_bytes_; }
    [[nodiscard]] std::uint64_t sent() const noexcept {
        return sent_.load(std::memory_order_relaxed);  // count: for the progress line
    }

private:
    struct burst {
        std::uint64_t due_ns;
        std::uint64_t end;  // the events before this number are due then
    };

    void build_batch();
    [[nodiscard]] burst burst_at(std::uint64_t number, std::uint64_t start_ns) const;
    void stamp(std::uint64_t first, std::uint64_t count, std::uint64_t due_ns);
    void write(std::uint64_t count);

    publisher_plan plan_;
    socket socket_;
    std::size_t frame_bytes_ = 0;
    std::uint64_t batch_ = 0;  // frames in one write
    std::vector<std::byte> frames_;
    std::vector<iovec> pieces_;  // UDP: one per frame
    std::vector<mmsghdr> messages_;  // UDP: one per frame
    std::atomic<std::uint64_t> sent_{0};  // written by run(), read by anyone
};

}  // namespace broker::cli
