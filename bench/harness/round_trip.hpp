// SPDX-License-Identifier: MIT
// bench/harness/round_trip.hpp — one value there over one ring and back over another, one at a
// time.
#pragma once

#include "harness/floors.hpp"
#include "harness/question.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Two rings of one kind, one each way; both sides look again at once.
template <class Ring>
class ring_ping_pong {
public:
    [[nodiscard]] bool there_and_back(std::uint64_t number) {
        typename Ring::value_type value{};
        set_number(value, number);
        while (!there_.try_push(value)) {
        }
        while (!back_.try_pop(value)) {
        }
        return differs(value, number) == 0;
    }
    void answer(std::uint64_t) {
        typename Ring::value_type value{};
        while (!there_.try_pop(value)) {
        }
        while (!back_.try_push(value)) {
        }
    }

private:
    Ring there_{};
    Ring back_{};
};

/// The floor in the same shape.
class atomics_ping_pong : public bare_ping_pong {
public:
    [[nodiscard]] bool there_and_back(std::uint64_t number) {
        bare_ping_pong::there_and_back(number);
        return true;
    }
};

/// Plays `count` round trips; `each` is called after every one. True if every answer was the right
/// one.
template <class PingPong, class Each>
[[nodiscard]] bool play_ping_pong(team& pinned, PingPong& rings, std::uint64_t& sent,
    std::uint64_t count, double& seconds, Each&& each) {
    const std::uint64_t first = sent + 1;
    sent += count;
    bool right = true;
    seconds = pinned.seconds_together(
        [&] {
            for (std::uint64_t i = 0; i < count; ++i) {
                if (!rings.there_and_back(first + i)) right = false;
                each();
            }
        },
        [&] {
            for (std::uint64_t i = 0; i < count; ++i) rings.answer(first + i);
        });
    return right;
}

/// Nanoseconds for a round trip, from the time of all: no clock is read in between.
template <class PingPong>
[[nodiscard]] pass mean_round_trip(team& pinned) {
    return [&pinned, rings = std::make_shared<PingPong>(), sent = std::uint64_t{0}](
               std::uint64_t count) mutable {
        double seconds = 0;
        const bool right = play_ping_pong(pinned, *rings, sent, count, seconds, [] {});
        return outcome{seconds, seconds * 1e9 / static_cast<double>(count), right};
    };
}

/// The given quantile of single round trips. The clock is read once in each; that is part of every
/// figure, the floor's too.
template <class PingPong>
[[nodiscard]] pass quantile_of_round_trips(team& pinned, double quantile) {
    return [&pinned, quantile, rings = std::make_shared<PingPong>(), sent = std::uint64_t{0},
               stamps = std::make_shared<std::vector<steady::time_point>>()](
               std::uint64_t count) mutable {
        stamps->assign(count + 1, steady::now());
        std::size_t at = 0;
        double seconds = 0;
        const bool right = play_ping_pong(
            pinned, *rings, sent, count, seconds, [&] { (*stamps)[++at] = steady::now(); });
        std::vector<double> trips;
        for (std::size_t i = 2; i <= count; ++i) {  // the first includes the start
            trips.push_back(
                std::chrono::duration<double, std::nano>((*stamps)[i] - (*stamps)[i - 1]).count());
        }
        const auto place =
            static_cast<std::ptrdiff_t>(quantile * static_cast<double>(trips.size() - 1));
        std::nth_element(trips.begin(), trips.begin() + place, trips.end());
        return outcome{seconds, trips[static_cast<std::size_t>(place)], right};
    };
}

/// Its rows: the mean and two quantiles.
template <class PingPong>
void enter_round_trips(entry_list& list, team& pinned, const std::string& name, role stands_for) {
    constexpr std::uint64_t trips_min = 2'000;
    list.enter(
        name, "mean", stands_for, trips_min, [&] { return mean_round_trip<PingPong>(pinned); });
    list.enter(name, "p50", stands_for, trips_min,
        [&] { return quantile_of_round_trips<PingPong>(pinned, 0.50); });
    list.enter(name, "p99", stands_for, trips_min,
        [&] { return quantile_of_round_trips<PingPong>(pinned, 0.99); });
}

}  // namespace bench
