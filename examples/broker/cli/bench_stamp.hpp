// SPDX-License-Identifier: MIT
// broker/cli/bench_stamp.hpp — what a bench event carries in its payload, and the ledger of it.
// Room: cli. Reads: std.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <span>
#include <vector>

namespace broker::cli {

// The steady clock of the machine: publisher and subscriber are one process, so it is one clock.
[[nodiscard]] inline std::uint64_t steady_ns() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
        static_cast<std::uint64_t>(now.tv_nsec);
}

// First in the payload, in the machine's own byte order. The payload's last eight bytes repeat the
// sequence number, mixed, so that a cut or patched-together payload shows.
struct bench_stamp {
    std::uint32_t run;  // tells this run's events from anybody else's
    std::uint32_t connection;  // the publishing connection, 0…
    std::uint64_t sequence;  // 0… on that connection
    std::uint64_t due_ns;  // when the event was due to be sent

    [[nodiscard]] std::uint64_t seal() const noexcept {
        return (sequence + 1) * 0x9E3779B97F4A7C15U ^ connection;
    }
};

inline constexpr std::size_t bench_payload_bytes_min = sizeof(bench_stamp) + sizeof(std::uint64_t);

inline void put_stamp(std::span<std::byte> payload, const bench_stamp& stamp) noexcept {
    const std::uint64_t seal = stamp.seal();
    std::memcpy(payload.data(), &stamp, sizeof(stamp));
    std::memcpy(payload.data() + payload.size() - sizeof(seal), &seal, sizeof(seal));
}

// False: not a payload that put_stamp wrote whole.
[[nodiscard]] inline bool get_stamp(std::span<const std::byte> payload, bench_stamp& out) noexcept {
    out.run = 0;  // belongs to nobody
    if (payload.size() < bench_payload_bytes_min) {
        return false;
    }
    std::uint64_t seal = 0;
    std::memcpy(&out, payload.data(), sizeof(out));
    std::memcpy(&seal, payload.data() + payload.size() - sizeof(seal), sizeof(seal));
    return seal == out.seal();
}

// Which events of each publishing connection have arrived, as far as order can tell.
class ledger {
public:
    explicit ledger(std::size_t connections) : next_(connections) {}

    void note(const bench_stamp& stamp) noexcept {
        std::uint64_t& next = next_[stamp.connection];
        if (stamp.sequence == next) [[likely]] {
            ++received_;
            ++next;
        } else if (stamp.sequence > next) {
            ++received_;
            skipped_ += stamp.sequence - next;
            next = stamp.sequence + 1;
        } else {
            ++late_;
        }
    }

    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
    [[nodiscard]] std::uint64_t skipped() const noexcept {
        return skipped_;
    }  // numbers jumped over
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }  // again, or out of order

private:
    std::vector<std::uint64_t> next_;  // by connection: the number that should come next
    std::uint64_t received_ = 0;
    std::uint64_t skipped_ = 0;
    std::uint64_t late_ = 0;
};

}  // namespace broker::cli
