// SPDX-License-Identifier: MIT
// bench/harness/floors.hpp — what this pair of cores can do with no queue in between.
#pragma once

#include "harness/keep.hpp"
#include "harness/looking.hpp"
#include "harness/question.hpp"
#include "harness/statistics.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <lfq/sys/futex.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

namespace bench {

/// A published number alone on its pair of lines.
struct alignas(128) lone_number {
    std::atomic<std::uint64_t> value{0};
};

/// Two atomics, each written by one side and watched by the other: the least that a round trip can
/// cost.
class bare_ping_pong {
public:
    /// Sends and waits for the answer; `number` must be one more than in the call before.
    void there_and_back(std::uint64_t number) noexcept {
        there_.value.store(number, std::memory_order_release);
        while (back_.value.load(std::memory_order_acquire) != number) {
        }
    }
    void answer(std::uint64_t number) noexcept {
        while (there_.value.load(std::memory_order_acquire) != number) {
        }
        back_.value.store(number, std::memory_order_release);
    }

private:
    lone_number there_;
    lone_number back_;
};

/// Blocks of memory copied in by one core, copied out by the other, with one number each way: what
/// a ring cannot beat when it moves the same bytes.
template <std::size_t BlockBytes, class Looking>
class memcpy_hand_over {
public:
    static constexpr std::size_t blocks = (std::size_t{256} << 10) / BlockBytes;

    [[nodiscard]] outcome run(team& pinned, std::uint64_t count) {
        std::uint64_t wrong = 0;
        const std::uint64_t first = next_;
        next_ += count;
        const auto produce = [&] {
            numbered_block<BlockBytes> block{};
            for (std::uint64_t number = first; number != first + count; ++number) {
                while (number - taken_.value.load(std::memory_order_acquire) > blocks)
                    Looking::after_refusal();
                set_number(block, number);
                std::memcpy(memory_->data() + (number % blocks) * BlockBytes, &block, BlockBytes);
                given_.value.store(number, std::memory_order_release);
            }
        };
        const auto consume = [&] {
            numbered_block<BlockBytes> block{};
            std::uint64_t bad = 0;
            for (std::uint64_t number = first; number != first + count; ++number) {
                while (given_.value.load(std::memory_order_acquire) < number)
                    Looking::after_refusal();
                std::memcpy(&block, memory_->data() + (number % blocks) * BlockBytes, BlockBytes);
                read_whole(block);
                bad |= differs(block, number);
                taken_.value.store(number, std::memory_order_release);
            }
            wrong = bad;
        };
        const double seconds = pinned.seconds_together(produce, consume);
        return {seconds, static_cast<double>(count * BlockBytes) / seconds / 1e9, wrong == 0};
    }

private:
    struct alignas(4096) bytes : std::array<std::byte, BlockBytes * blocks> {};
    std::unique_ptr<bytes> memory_ = std::make_unique<bytes>();
    lone_number given_;
    lone_number taken_;
    std::uint64_t next_ = 1;
};

/// How far apart the two cpus are now: a round trip over two atomics in ns, the median of a few
/// short series.
class distance_meter {
public:
    explicit distance_meter(team& pinned) : pinned_(&pinned) {}

    [[nodiscard]] double operator()() {
        std::vector<double> series;
        for (int i = 0; i < 5; ++i) series.push_back(bounce(400));
        return median_of(series);
    }

    /// Nanoseconds for each of `trips` round trips.
    [[nodiscard]] double bounce(std::uint64_t trips) {
        const std::uint64_t first = sent_ + 1;
        sent_ += trips;
        const double seconds = pinned_->seconds_together(
            [&] {
                for (std::uint64_t i = 0; i < trips; ++i) atomics_->there_and_back(first + i);
            },
            [&] {
                for (std::uint64_t i = 0; i < trips; ++i) atomics_->answer(first + i);
            });
        return seconds * 1e9 / static_cast<double>(trips);
    }

private:
    team* pinned_;
    std::shared_ptr<bare_ping_pong> atomics_ = std::make_shared<bare_ping_pong>();
    std::uint64_t sent_ = 0;
};

/// What so many threads get through that do nothing but add to one counter: the most that claims by
/// adding can do.
[[nodiscard]] inline pass adding_to_one_counter(team& crew) {
    return [&crew, counter = std::make_shared<lone_number>()](std::uint64_t count) {
        const std::uint64_t each = count / crew.cpus().size();
        counter->value.store(0, std::memory_order_relaxed);
        const auto add = [&] {
            for (std::uint64_t i = 0; i < each; ++i)
                counter->value.fetch_add(1, std::memory_order_relaxed);
        };
        const double seconds =
            crew.seconds_of(std::vector<std::function<void()>>(crew.cpus().size(), add));
        const std::uint64_t sum = counter->value.load(std::memory_order_relaxed);
        const bool right = sum == each * crew.cpus().size();
        return outcome{seconds, static_cast<double>(sum) / seconds / 1e6, right};
    };
}

/// Two threads that sleep on a word each and wake each other: the least that a round trip costs
/// where both sides sleep.
class futex_ping_pong {
public:
    [[nodiscard]] outcome run(team& pinned, std::uint64_t count) {
        const std::uint32_t first = sent_ + 1;
        sent_ += static_cast<std::uint32_t>(count);
        const double seconds = pinned.seconds_together(
            [&] {
                for (std::uint32_t i = 0; i < count; ++i) {
                    send(there_, first + i);
                    await(back_, first + i);
                }
            },
            [&] {
                for (std::uint32_t i = 0; i < count; ++i) {
                    await(there_, first + i);
                    send(back_, first + i);
                }
            });
        return {seconds, seconds * 1e9 / static_cast<double>(count), true};
    }

private:
    struct alignas(128) word {
        std::atomic<std::uint32_t> value{0};
    };
    static void send(word& to, std::uint32_t number) {
        to.value.store(number, std::memory_order_release);
        lfq::sys::futex().wake_all(to.value);
    }
    static void await(word& from, std::uint32_t number) {
        std::uint32_t seen = from.value.load(std::memory_order_acquire);
        while (seen != number) {
            lfq::sys::futex().wait(from.value, seen, INT64_MAX);
            seen = from.value.load(std::memory_order_acquire);
        }
    }

    word there_;
    word back_;
    std::uint32_t sent_ = 0;
};

/// The floors as contestants; their `rule` is their unit.
[[nodiscard]] inline std::vector<contestant> bare_floors(team& pinned) {
    std::vector<contestant> floors;
    floors.push_back({"round trip over two bare atomics", "ns", role::floor, 1'000,
        [meter = distance_meter(pinned)](std::uint64_t count) mutable {
            const double each = meter.bounce(count);
            return outcome{each * static_cast<double>(count) / 1e9, each, true};
        }});
    auto blocks = std::make_shared<memcpy_hand_over<4096, slip>>();
    floors.push_back(
        {"memcpy in, memcpy out, blocks of 4 KiB, 256 KiB in flight", "GB/s", role::floor, 1'000,
            [&pinned, blocks](std::uint64_t count) { return blocks->run(pinned, count); }});
    floors.push_back({"64 pauses (what slip waits after a refusal)", "ns", role::floor, 1'000,
        [](std::uint64_t count) {
            const auto began = steady::now();
            for (std::uint64_t i = 0; i < count; ++i) slip::after_refusal();
            const double seconds = std::chrono::duration<double>(steady::now() - began).count();
            return outcome{seconds, seconds * 1e9 / static_cast<double>(count), true};
        }});
    floors.push_back({"fetch_add of two threads on one number", "M/s", role::floor, 10'000,
        adding_to_one_counter(pinned)});
    floors.push_back({"round trip over two bare futexes, both sides asleep", "ns", role::floor, 100,
        [&pinned, words = std::make_shared<futex_ping_pong>()](
            std::uint64_t count) { return words->run(pinned, count); }});
    return floors;
}

}  // namespace bench
