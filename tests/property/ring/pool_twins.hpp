// SPDX-License-Identifier: MIT
// A message_ring_pool and plain queues, driven side by side by the same dice; after every verb all
// that can be seen is compared.
#pragma once

#include <lfq/ring/message_ring_pool.hpp>

#include "property/ring/message_model.hpp"
#include "property/ring/verb_transcript.hpp"
#include "support/doubles.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

namespace ring_twins {

/// Not copied, not moved: it lives as long as one game. The pool's eventfd is a counting one.
template <class Pool>
class pool_twins {
    using lease_type = typename Pool::lease_type;
    using reader = typename Pool::reader;
    using statistics = lfq::message_statistics;
    // A lease that is open, and its verbs.
    struct holder {
        holder(lease_type&& leased, message_model& model, dice& random, verb_transcript& told)
            : lease(std::move(leased)), writer(lease, model, random, told) {}
        lease_type lease;
        message_writings<lease_type> writer;
    };
    struct seat {
        explicit seat(std::size_t capacity) : model(capacity) {}
        message_model model;
        statistics at_lease;
        std::unique_ptr<holder> holds;
        bool out = false;
        bool closed = false;
        bool told = false;  // its end
        bool watched = true;  // the next publication marks it
        bool marked = false;  // it did: a turn in the next round
        bool pending = false;  // a turn in this round or the next

        [[nodiscard]] bool readable() const { return closed || !model.queue().empty(); }
        [[nodiscard]] bool drained() const { return closed && model.queue().empty(); }
        [[nodiscard]] bool ready() const { return readable() && !(drained() && told); }
        void settle() {
            watched = !readable();
            pending = ready();
        }
    };
    struct enough {};  // what a visit throws

    static constexpr std::array counted{&statistics::published, &statistics::published_bytes,
        &statistics::consumed, &statistics::consumed_bytes, &statistics::refused_pushes,
        &statistics::refused_pops};

public:
    pool_twins(Pool& pool, dice& random)
        : pool_(pool), random_(random), told_(pool.ring_capacity(), true) {
        for (std::size_t id = 0; id < pool.rings(); ++id) seats_.emplace_back(pool.ring_capacity());
        for (std::size_t id = pool.rings(); id-- > 0;) free_.push_back(id);
    }

    void step() {
        switch (random_.from_to(0, 12)) {
            case 0:
            case 1: lease(); break;
            case 2: close(any_id()); break;
            case 3: use_a_closed_lease(); break;
            case 4:
            case 5: round(); break;
            case 6: give_back(any_id_or_none()); break;
            case 7:
            case 8: sleep(); break;
            default: produce();
        }
        compare();
    }

    // Closes what is out, takes the rest, and gives everything back.
    void end() {
        ending_ = true;
        for (std::size_t id = 0; id < seats_.size(); ++id) close(id);
        for (std::size_t id = 0; id < seats_.size(); ++id) {
            while (!seats_[id].model.queue().empty()) round();
            if (seats_[id].out) give_back(id);
            compare();
        }
        agree(free_.size() == seats_.size(), "every ring is back");
    }

private:
    void agree(bool equal, const char* what) { told_.agree(equal, what); }
    void note(const char* verb, std::size_t id) { told_.note(verb + std::to_string(id)); }
    std::size_t any_id() { return random_.from_to(0, seats_.size() - 1); }
    std::size_t any_id_or_none() {
        return random_.one_in(20) ? SIZE_MAX : random_.from_to(0, seats_.size());
    }
    // The consumer is awake: some ring has, or had, something to say.
    [[nodiscard]] bool any_turn() const {
        return std::ranges::any_of(
            seats_, [](const seat& each) { return each.pending || each.marked; });
    }

    // What publishes into a ring that is watched marks it, and wakes a consumer that sleeps.
    template <class Verb>
    void publishing(seat& one, Verb&& verb) {
        verb();
        if (!one.watched || !one.readable()) return;
        one.watched = false;
        one.marked = true;
        if (!std::exchange(armed_, false)) return;
        rung_ = true;
        ++writes_;
    }

    void lease() {
        told_.note("lease");
        auto got = pool_.lease();
        agree(got.has_value() == !free_.empty(), "lease");
        if (!got) return;
        const std::size_t id = free_.back();  // the last one that came back
        free_.pop_back();
        agree(got->id() == id, "the id of a lease");
        seat& one = seats_[id];
        one.out = true;
        one.at_lease = one.model.counts();
        one.holds = std::make_unique<holder>(std::move(*got), one.model, random_, told_);
    }

    void produce() {
        seat& one = seats_[any_id()];
        if (one.holds == nullptr) return;
        note("of ", one.holds->lease.id());
        auto& writer = one.holds->writer;
        publishing(one, [&] {
            switch (random_.from_to(0, 6)) {
                case 0: writer.push_in_time(); break;
                case 1: writer.open_claim(); break;
                case 2: writer.finish_claim(); break;
                case 3: writer.push_too_long(); break;
                default: writer.try_push();
            }
        });
    }

    void close(std::size_t id) {
        seat& one = seats_[id];
        if (one.holds == nullptr) return;
        publishing(one, [&] { one.holds->writer.finish_claim(); });
        note("close ", id);
        const std::unique_ptr<holder> holds = std::exchange(one.holds, nullptr);
        publishing(one, [&] {
            one.closed = true;
            if (random_.one_in(2)) {
                holds->lease.close();
                if (closed_.size() < 4) closed_.push_back(std::move(holds->lease));
            } else {
                const lease_type dropped = std::move(holds->lease);
            }
        });
    }

    void use_a_closed_lease() {
        if (closed_.empty()) return;
        told_.note("closed lease");
        lease_type& one = closed_[random_.from_to(0, closed_.size() - 1)];
        agree(!one.try_push({}), "a push into a closed lease");
        agree(!one.push({}), "a waiting push into a closed lease");
        agree(!one.claim(8), "a claim of a closed lease");
        one.close();
        if (random_.one_in(4)) closed_.pop_front();
    }

    void give_back(std::size_t id) {
        note("give_back ", id);
        const bool expected = id < seats_.size() && seats_[id].drained();
        agree(pool_.give_back(id) == expected, "give_back");
        if (!expected) return;
        seat& one = seats_[id];
        one.out = one.closed = one.told = one.pending = false;
        one.watched = true;
        free_.push_back(id);
    }

    void round() {
        told_.note("round");
        armed_ = false;
        std::vector<std::size_t> turn;
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            const std::size_t id = (next_ + i) % seats_.size();
            seats_[id].pending |= std::exchange(seats_[id].marked, false);
            if (seats_[id].pending) turn.push_back(id);
        }
        std::size_t at = 0;
        std::size_t visits = 0;
        // Those that have nothing to say, or not any more, are left out.
        const auto to_next = [&] {
            for (; at < turn.size() && !seats_[turn[at]].ready(); ++at) seats_[turn[at]].settle();
        };
        try {
            const std::size_t answer = pool_.for_each_ready([&](std::size_t id, reader ring) {
                to_next();
                agree(at < turn.size() && turn[at] == id, "whose turn it is");
                ++at;
                ++visits;
                visit(id, ring);
            });
            to_next();
            agree(answer == visits && at == turn.size(), "the count of visits");
        } catch (const enough&) {
            told_.note("throws");
        }
    }

    void visit(std::size_t id, reader ring) {
        note("visit ", id);
        seat& one = seats_[id];
        next_ = (id + 1) % seats_.size();
        one.told = one.drained();
        message_readings<reader> verbs(ring, one.model, random_, told_);
        for (std::size_t i = random_.from_to(0, 2); i > 0; --i) verbs.any_verb();
        if (random_.one_in(4)) produce();
        if (random_.one_in(8)) close(any_id());
        if (random_.one_in(2)) verbs.drain(SIZE_MAX);
        agree(ring.size_approx() == one.model.used(), "size_approx");
        agree(ring.closed() == one.closed, "closed");
        agree(ring.drained() == one.drained(), "drained");
        if (random_.one_in(6)) give_back(any_id_or_none());
        if (random_.one_in(3)) give_back(id);
        if (!ending_ && !free_.empty() && free_.back() == id && random_.one_in(2)) lease();
        if (random_.one_in(4)) produce();
        const bool throws = random_.one_in(10);
        if (throws) one.told = false;  // whom it told did not hear it
        one.settle();
        if (throws) throw enough();
    }

    void sleep() {
        const bool awake = any_turn();
        switch (random_.from_to(0, 2)) {
            case 0:
                told_.note("arm");
                armed_ = pool_.arm();
                agree(armed_ == !awake, "arm");
                break;
            case 1:
                told_.note("wait_for");
                agree(pool_.wait_for(std::chrono::nanoseconds(0)) == awake, "wait_for");
                armed_ = false;
                break;
            default: pool_.acknowledge(); rung_ = false;
        }
    }

    void compare() {
        statistics all;
        for (std::size_t id = 0; id < seats_.size(); ++id) {
            const statistics& counts = seats_[id].model.counts();
            statistics of_lease = counts;
            for (const auto count : counted) {
                of_lease.*count -= seats_[id].at_lease.*count;
                all.*count += counts.*count;
            }
            all.high_water_bytes = std::max(all.high_water_bytes, counts.high_water_bytes);
            agree_on(told_, pool_.statistics(id), of_lease, pool_.ring_capacity());
        }
        agree_on(told_, pool_.statistics(), all, pool_.ring_capacity());
        agree(pool_.statistics(seats_.size()).published == 0, "statistics of no ring");
        agree(pool_.free_approx() == free_.size(), "free_approx");
        agree(support::counting_event_fd::writes - written_before_ == writes_, "writes");
        pollfd bell{pool_.fd(), POLLIN, 0};
        agree((::poll(&bell, 1, 0) == 1) == rung_, "a descriptor that is readable");
    }

    Pool& pool_;
    dice& random_;
    verb_transcript told_;
    std::deque<seat> seats_;
    std::vector<std::size_t> free_;
    std::deque<lease_type> closed_;
    std::size_t next_ = 0;  // where the next round begins
    bool ending_ = false;  // nothing is leased any more
    bool armed_ = false;
    bool rung_ = false;
    std::uint64_t writes_ = 0;
    std::uint64_t written_before_ = support::counting_event_fd::writes;
};

}  // namespace ring_twins
