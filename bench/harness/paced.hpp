// SPDX-License-Identifier: MIT
// bench/harness/paced.hpp — values that are due at fixed times, and how late each of them arrives.
#pragma once

#include "harness/floors.hpp"
#include "harness/question.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"
#include "harness/text.hpp"
#include "harness/ticks.hpp"
#include "harness/values.hpp"

#include <lfq/policy/wait.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// One value there, one way; both sides look again at once.
template <class Ring>
class ring_one_way {
public:
    void send(std::uint64_t number) {
        typename Ring::value_type value{};
        set_number(value, number);
        while (!ring_.try_push(value)) {
        }
    }
    /// The number of the next value.
    [[nodiscard]] std::uint64_t receive(std::uint64_t) {
        typename Ring::value_type value{};
        while (!ring_.try_pop(value)) {
        }
        return number_of(value);
    }

private:
    Ring ring_{};
};

/// The same by the ring's own waiting verbs: how it looks again is its wait policy's business.
template <class Ring>
class waiting_one_way {
public:
    void send(std::uint64_t number) { static_cast<void>(ring_.push(number)); }
    [[nodiscard]] std::uint64_t receive(std::uint64_t) {
        std::uint64_t number = 0;
        return ring_.pop(number) ? number : 0;
    }

private:
    Ring ring_{};
};

/// The floor in the same shape: one atomic that the consumer watches. A number that it has missed
/// came with the next.
class atomic_one_way {
public:
    void send(std::uint64_t number) { sent_.value.store(number, std::memory_order_release); }
    [[nodiscard]] std::uint64_t receive(std::uint64_t number) {
        while (sent_.value.load(std::memory_order_acquire) < number) {
        }
        return number;
    }

private:
    lone_number sent_;
};

/// How many ticks the clock of the second cpu is ahead of the first one's, by the quickest of many
/// round trips: half of what a way there seems to take longer than the way back.
[[nodiscard]] inline double ticks_ahead(team& pinned) {
    constexpr std::uint64_t trips = 2'000;
    bare_ping_pong atomics;
    std::vector<std::uint64_t> sent(trips + 1);
    std::vector<std::uint64_t> came(trips);
    static_cast<void>(pinned.seconds_together(
        [&] {
            for (std::uint64_t i = 0; i < trips; ++i) {
                sent[i] = ticks();
                atomics.there_and_back(i + 1);
            }
            sent[trips] = ticks();
        },
        [&] {
            for (std::uint64_t i = 0; i < trips; ++i) {
                atomics.answer(i + 1);
                came[i] = ticks();
            }
        }));
    std::uint64_t quickest = UINT64_MAX;
    double ahead = 0;
    for (std::size_t i = 0; i < trips; ++i) {
        const std::uint64_t took = sent[i + 1] - sent[i];
        if (took >= quickest) continue;
        quickest = took;
        ahead = static_cast<double>(came[i]) - static_cast<double>(sent[i]) -
            static_cast<double>(took) / 2;
    }
    return ahead;
}

/// A quantile of the times, in ns, from when a value was due until the consumer had it: a producer
/// that is late, for whatever reason, is not forgiven.
template <class Way>
class paced_stream {
public:
    paced_stream(team& pinned, double per_second, double quantile)
        : pinned_(&pinned), ticks_apart_(1e9 / per_second / ns_per_tick()), quantile_(quantile) {}

    [[nodiscard]] outcome run(std::uint64_t count) {
        arrivals_.assign(count, 0);
        const std::uint64_t first = next_;
        next_ += count;
        std::uint64_t start = 0;
        bool right = true;
        const double seconds = pinned_->seconds_together(
            [&] {
                start = ticks() + 10'000;
                for (std::uint64_t i = 0; i < count; ++i) {
                    while (static_cast<std::int64_t>(ticks() - due(start, i)) < 0) {
                    }
                    way_->send(first + i);
                }
            },
            [&] {
                for (std::uint64_t i = 0; i < count; ++i) {
                    if (way_->receive(first + i) != first + i) right = false;
                    arrivals_[i] = ticks();
                }
            });
        for (std::uint64_t i = 0; i < count; ++i) arrivals_[i] -= due(start, i);
        return {seconds, late_ns(), right};
    }

private:
    [[nodiscard]] std::uint64_t due(std::uint64_t start, std::uint64_t place) const {
        return start + static_cast<std::uint64_t>(static_cast<double>(place) * ticks_apart_);
    }

    /// Clocks that disagree by a little make a small time negative.
    [[nodiscard]] double late_ns() {
        const auto place =
            static_cast<std::ptrdiff_t>(quantile_ * static_cast<double>(arrivals_.size() - 1));
        const auto earlier = [](std::uint64_t a, std::uint64_t b) {
            return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
        };
        std::nth_element(arrivals_.begin(), arrivals_.begin() + place, arrivals_.end(), earlier);
        const auto late = static_cast<std::int64_t>(arrivals_[static_cast<std::size_t>(place)]);
        return static_cast<double>(late) * ns_per_tick();
    }

    team* pinned_;
    std::shared_ptr<Way> way_ = std::make_shared<Way>();
    double ticks_apart_;
    double quantile_;
    std::uint64_t next_ = 1;
    std::vector<std::uint64_t> arrivals_;
};

template <class Way>
[[nodiscard]] pass lateness(team& pinned, double per_second, double quantile) {
    return [stream = paced_stream<Way>(pinned, per_second, quantile)](
               std::uint64_t count) mutable { return stream.run(count); };
}

struct pace {
    const char* name;
    double per_second;
};

/// Its rows: three quantiles.
template <class Way>
void enter_lateness(
    entry_list& list, team& pinned, const pace& at, const std::string& name, role stands_for) {
    const auto a_few = static_cast<std::uint64_t>(at.per_second / 200);
    const auto enter_quantile = [&](const char* rule, double quantile) {
        list.enter(name, rule, stands_for, a_few,
            [&] { return lateness<Way>(pinned, at.per_second, quantile); });
    };
    enter_quantile("p50", 0.50);
    enter_quantile("p99", 0.99);
    enter_quantile("p99.9", 0.999);
}

/// How far the clock of the second cpu is ahead, in words.
[[nodiscard]] inline std::string clocks_in_words(team& pinned) {
    char words[80];
    std::snprintf(words, sizeof words, "; the second cpu's clock is %.0f ns ahead",
        ticks_ahead(pinned) * ns_per_tick());
    return words;
}

inline constexpr std::size_t paced_slots = 1'024;

/// Our ring and its peers, our ring's waiting verbs, and what else `more` enters.
template <class Field, class More>
void ask_paced(session& here, const pace& at, More&& more) {
    here.ask(joined({"ring/", Field::name, "_1p1c_paced/8B/", at.name}),
        joined(
            {"one way, values due ", at.name, " times a second", clocks_in_words(here.pinned())}),
        {.name = "ns", .lower_is_better = true, .pass_seconds = 0.03}, [&](entry_list& list) {
            team& pinned = here.pinned();
            const auto enter = [&]<class Ring>(role stands_for) {
                enter_lateness<ring_one_way<Ring>>(list, pinned, at, Ring::name, stands_for);
            };
            const auto enter_waiting = [&]<class Wait>(const char* policy) {
                using ring = typename Field::template ours<value_of<8>, paced_slots, Wait>;
                enter_lateness<waiting_one_way<ring>>(
                    list, pinned, at, joined({ring::name, " push, pop, ", policy}), role::extra);
            };
            using ring = typename Field::template ours<value_of<8>, paced_slots>;
            enter.template operator()<ring>(role::ours);
            Field::template for_each_peer<value_of<8>, paced_slots>(
                [&]<class Peer>() { enter.template operator()<Peer>(Peer::stands_for); });
            enter_waiting.template operator()<lfq::wait::backoff>("wait::backoff");
            enter_waiting.template operator()<lfq::wait::slip>("wait::slip");
            more(list);
            enter_lateness<atomic_one_way>(list, pinned, at, "one bare atomic", role::floor);
        });
}

}  // namespace bench
