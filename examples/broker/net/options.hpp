// SPDX-License-Identifier: MIT
// broker/net/options.hpp — what the net room may be told at the start.
// Room: net. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace broker::net {

inline constexpr std::size_t slabs_per_thread_min = 4;  // one is being filled, others on the way

struct options {
    std::string address = "127.0.0.1";  // numeric, IPv4 or IPv6
    std::uint16_t tcp_port = 8081;  // 0: any free port
    std::uint16_t udp_port = 8082;  // 0: any free port
    std::uint32_t threads = 0;  // 0: chosen by the number of cpus
    std::uint32_t frame_bytes_max = 65'536;  // value of a frame's `len`
    std::uint16_t topic_bytes_max = 255;
    std::uint32_t connections_max = 1'024;
    std::uint32_t subscriptions_max = 64;  // per connection
    std::size_t outbox_bytes_max =
        8'388'608;  // pending bytes of one subscriber; over it: disconnected
    std::uint32_t idle_frame_ms = 10'000;  // half a frame may be held this long
    std::uint32_t write_deadline_ms = 10'000;  // pending bytes of which none goes wait this long
    std::uint32_t drain_grace_ms = 5'000;  // subscribers have this long to take what is left
    std::string server_id = "lfq-broker";  // told in WELCOME; the root adds the version
};

}  // namespace broker::net
