// SPDX-License-Identifier: MIT
// bench/harness/many_to_one.hpp — several producers push while one consumer takes.
#pragma once

#include "harness/keep.hpp"
#include "harness/ports.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace bench {

/// Both loops are the same for every contestant.
template <class Looking, class Taking>
struct many_to_one {
    template <class Port>
    [[gnu::noinline]] static void produce(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        typename Port::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, signed_number(producer, number));
            changed(value);
            while (!port.try_push(value)) Looking::after_refusal();
        }
    }

    /// Returns when `count` values have come.
    template <class Ring>
    [[gnu::noinline]] static void consume(Ring& ring, ledger& book, std::uint64_t count) {
        const auto enter = [&](const auto& value) { book.enter(value); };
        Taking taking;
        for (std::uint64_t taken = 0; taken < count;) {
            const std::size_t took = taking.look(ring, enter);
            if (took == 0) Looking::after_refusal();
            taken += took;
        }
    }
};

/// The same, but a producer offers `Size` values at once until all are taken.
template <class Looking, class Taking, std::size_t Size>
struct batches_to_one : many_to_one<Looking, Taking> {
    template <class Port>
    [[gnu::noinline]] static void produce(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        using value_type = typename Port::value_type;
        std::array<value_type, Size> batch{};
        for (std::uint64_t done = 0; done < count;) {
            const std::size_t size = std::min<std::uint64_t>(Size, count - done);
            for (std::size_t i = 0; i < size; ++i)
                set_number(batch[i], signed_number(producer, first + done + i));
            changed(batch);
            for (std::size_t sent = 0; sent < size;) {
                const std::size_t took =
                    port.try_push_n(std::span<const value_type>(&batch[sent], size - sent));
                if (took == 0) Looking::after_refusal();
                sent += took;
            }
            done += size;
        }
    }
};

/// The ring's own waiting verbs, on both sides.
struct waiting_verbs_to_one {
    template <class Port>
    [[gnu::noinline]] static void produce(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        typename Port::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, signed_number(producer, number));
            changed(value);
            if (!port.push(value)) return;
        }
    }

    template <class Ring>
    [[gnu::noinline]] static void consume(Ring& ring, ledger& book, std::uint64_t count) {
        typename Ring::value_type value{};
        for (std::uint64_t taken = 0; taken < count && ring.pop(value); ++taken) {
            read_whole(value);
            book.enter(value);
        }
    }
};

/// Starts the consumer and the producers on a crew of one thread each. `produce` is called as
/// produce(port, producer, first, count), `consume` as consume(ring, book, count).
template <class Ring>
class hand_over_to_one {
public:
    hand_over_to_one(team& crew, std::size_t producers, std::shared_ptr<Ring> ring)
        : crew_(&crew), producers_(producers), ring_(std::move(ring)) {}

    /// Seconds, values, and whether all of them came: `count` or a few less, each producer as many.
    struct found {
        double seconds = 0;
        double values = 0;
        bool right = false;
    };

    template <class Produce, class Consume>
    [[nodiscard]] found run(std::uint64_t count, Produce&& produce, Consume&& consume) {
        const std::uint64_t first = next_;
        const std::uint64_t each = count / producers_;
        next_ += each;
        ledger book(producers_, first);
        std::deque<typename port_of<Ring>::type> ports;
        std::vector<std::function<void()>> jobs;
        jobs.emplace_back([&] { consume(*ring_, book, each * producers_); });  // it ends last
        for (std::size_t i = 0; i < producers_; ++i) {
            jobs.emplace_back(
                [&, i, &port = ports.emplace_back(*ring_)] { produce(port, i, first, each); });
        }
        const double seconds = crew_->seconds_of(std::move(jobs));
        typename Ring::value_type surplus{};
        const bool clean = !ring_->try_pop(surplus);
        return {seconds, static_cast<double>(each * producers_), book.right() && clean};
    }

private:
    team* crew_;
    std::size_t producers_;
    std::shared_ptr<Ring> ring_;
    std::uint64_t next_ = 1;
};

/// What a pass does with a ring whose type it does not know: all that surrounds the loops is
/// compiled once, not once a row.
struct sides_to_one {
    std::shared_ptr<void> (*make_port)(void* ring);
    void (*produce)(void* port, std::uint64_t producer, std::uint64_t first, std::uint64_t count);
    void (*consume)(void* ring, ledger& book, std::uint64_t count);
    bool (*is_empty)(void* ring);
};

/// For one ring and one way to go through it.
template <class Way, class Ring>
struct sides_to_one_of {
    using port = typename port_of<Ring>::type;
    [[gnu::cold]] static std::shared_ptr<void> make_port(void* ring) {
        return std::make_shared<port>(*static_cast<Ring*>(ring));
    }
    static void produce(
        void* through, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        Way::produce(*static_cast<port*>(through), producer, first, count);
    }
    static void consume(void* ring, ledger& book, std::uint64_t count) {
        Way::consume(*static_cast<Ring*>(ring), book, count);
    }
    [[gnu::cold]] static bool is_empty(void* ring) {
        typename Ring::value_type surplus{};
        return !static_cast<Ring*>(ring)->try_pop(surplus);
    }
};

/// A pass of `count` values or a few less, each producer as many, in values per second.
[[nodiscard]] inline pass stream_to_one(
    team& crew, std::size_t producers, std::shared_ptr<void> ring, const sides_to_one& sides) {
    return [&crew, producers, ring = std::move(ring), sides, next = std::uint64_t{1}](
               std::uint64_t count) mutable {
        const std::uint64_t first = next;
        const std::uint64_t each = count / producers;
        next += each;
        ledger book(producers, first);
        // They end with this pass, however long a crew keeps its jobs: some have a lease to return.
        std::vector<std::shared_ptr<void>> ports;
        std::vector<std::function<void()>> jobs;
        jobs.emplace_back([&] { sides.consume(ring.get(), book, each * producers); });
        for (std::size_t i = 0; i < producers; ++i) {
            ports.push_back(sides.make_port(ring.get()));
            jobs.emplace_back([&sides, i, first, each, port = ports.back().get()] {
                sides.produce(port, i, first, each);
            });
        }
        const double seconds = crew.seconds_of(std::move(jobs));
        const bool right = book.right() && sides.is_empty(ring.get());
        return outcome{seconds, static_cast<double>(each * producers) / seconds / 1e6, right};
    };
}

template <class Way, class Ring>
[[nodiscard]] pass stream_from_many_by(
    team& crew, std::size_t producers, std::shared_ptr<Ring> ring) {
    using of = sides_to_one_of<Way, Ring>;
    return stream_to_one(crew, producers, std::move(ring),
        {&of::make_port, &of::produce, &of::consume, &of::is_empty});
}

/// The same, one value at a time.
template <class Looking, class Taking, class Ring>
[[nodiscard]] pass stream_from_many(team& crew, std::size_t producers, std::shared_ptr<Ring> ring) {
    return stream_from_many_by<many_to_one<Looking, Taking>>(crew, producers, std::move(ring));
}

}  // namespace bench
