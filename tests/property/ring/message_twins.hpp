// SPDX-License-Identifier: MIT
// A ring of messages and a plain queue of records beside it: every verb is used on both, and the
// answers are compared.
#pragma once

#include <lfq/ring/popped_message.hpp>

#include "support/catch.hpp"
#include "support/seed.hpp"
#include "support/shared_messages.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace message_twins {

struct record {
    enum class state { unfinished, finished, abandoned };
    state what;
    std::uint64_t number;
    std::size_t bytes;
    std::size_t room;  // of what was claimed
};

template <class Ring>
class twins {
    using handle = typename Ring::producer_handle;
    using claimed = typename Ring::claimed;
    struct seat {
        std::optional<handle> from;
        std::optional<claimed> open;  // below its handle, to be destroyed before it
        std::uint64_t number = 0;
    };

public:
    twins(Ring& ring, support::dice& random)
        : ring_(ring), random_(random), seats_(ring.producers_max()) {}

    void step() {
        switch (random_.from_to(0, 12)) {
            case 0: take_or_give_back(); break;
            case 1:
            case 2:
            case 3: push(); break;
            case 4:
            case 5: claim(); break;
            case 6:
            case 7: finish(any_seat()); break;
            case 8: pop(); break;
            case 9: peek_and_consume(); break;
            case 10:
            case 11: drain(); break;
            default:
                if (random_.one_in(30)) close();
        }
        compare();
    }

    void end() {
        for (seat& each : seats_) finish(each);
        if (random_.one_in(2)) close();
        for (seat& each : seats_) each.from.reset();
        visit_at_most(SIZE_MAX, SIZE_MAX);
        compare();
        must(queue_.empty());
        must(ring_.drained() == closed_);
        if (closed_) return;
        // Empty: a largest message fits, whatever happened before.
        auto from = ring_.producer();
        must(from.has_value());
        must(from->try_push(support::message_of(7, ring_.message_bytes_max())));
    }

private:
    using state = record::state;

    void must(bool holds) {
        if (!holds) FAIL("the ring and the queue differ; LFQ_SEED=" << support::run_seed());
    }
    seat& any_seat() { return seats_[random_.from_to(0, seats_.size() - 1)]; }
    seat* free_seat() {  // with a handle, and no open claim
        seat& one = any_seat();
        return one.from.has_value() && !one.open.has_value() ? &one : nullptr;
    }
    std::size_t any_size() { return random_.from_to(0, ring_.message_bytes_max()); }

    std::size_t held() const {
        std::size_t sum = 0;
        for (const record& each : queue_) sum += each.room;
        return sum;
    }
    std::size_t finished() const {  // in a row, abandoned ones between them
        std::size_t count = 0;
        for (const record& each : queue_) {
            if (each.what == state::unfinished) break;
            if (each.what == state::finished) ++count;
        }
        return count;
    }
    // A look of the consumer frees what was abandoned before the oldest message.
    void look() {
        while (!queue_.empty() && queue_.front().what == state::abandoned) queue_.pop_front();
    }
    const record* oldest() {
        look();
        const bool there = !queue_.empty() && queue_.front().what == state::finished;
        return there ? &queue_.front() : nullptr;
    }
    record take() {
        const record gone = queue_.front();
        queue_.pop_front();
        ++consumed_;
        consumed_bytes_ += gone.bytes;
        return gone;
    }

    // Whether a claim may be answered so. Between full for sure and empty enough for sure, it is
    // the ring that knows who has seen what.
    void granted(bool answer, std::size_t bytes) {
        const std::size_t room = support::room_of(bytes);
        const std::size_t slack = (seats_.size() - 1) * support::room_of(ring_.message_bytes_max());
        if (closed_) {
            must(!answer);
        } else if (answer) {
            must(held() + room <= ring_.capacity() + slack);
        } else {
            must(held() + room > ring_.capacity());
        }
        refused_ += answer ? 0 : 1;
    }

    void take_or_give_back() {
        seat& one = any_seat();
        if (one.open.has_value()) return;
        if (one.from.has_value()) {
            one.from.reset();
            return;
        }
        one.from = ring_.producer();
        must(one.from.has_value());  // as many as there are seats
    }

    void push() {
        seat* const one = free_seat();
        if (one == nullptr) return;
        const std::size_t bytes = any_size();
        const bool pushed = one->from->try_push(support::message_of(next_, bytes));
        granted(pushed, bytes);
        if (!pushed) return;
        queue_.push_back({state::finished, next_++, bytes, support::room_of(bytes)});
        count_published(bytes);
    }

    void claim() {
        seat* const one = free_seat();
        if (one == nullptr) return;
        const std::size_t bytes = any_size();
        one->open.emplace(one->from->claim(bytes));
        const bool got = static_cast<bool>(*one->open);
        granted(got, bytes);
        if (!got) {
            one->open.reset();
            return;
        }
        one->number = next_++;
        queue_.push_back({state::unfinished, one->number, bytes, support::room_of(bytes)});
        must(one->open->bytes().size() == bytes);
        support::write_message(one->number, one->open->bytes());
    }

    void finish(seat& one) {
        if (!one.open.has_value()) return;
        const auto mine = std::find_if(queue_.begin(), queue_.end(),
            [&](const record& each) { return each.number == one.number; });
        must(mine != queue_.end());
        if (random_.one_in(4)) {
            mine->what = state::abandoned;
        } else {
            mine->what = state::finished;
            mine->bytes = random_.from_to(0, mine->bytes);
            claimed moved(std::move(*one.open));
            moved.commit(mine->bytes);
            count_published(mine->bytes);
        }
        one.open.reset();
    }

    void pop() {
        const std::size_t offered = any_size();
        const lfq::popped_message answer = ring_.try_pop(std::span(out_).first(offered));
        const record* const next = oldest();
        must((answer.what == lfq::popped_message::outcome::none) == (next == nullptr));
        must(answer.bytes == (next != nullptr ? next->bytes : 0));
        must(static_cast<bool>(answer) == (next != nullptr && next->bytes <= offered));
        if (!answer) return;
        must(support::is_message(std::span(out_).first(answer.bytes), next->number, next->bytes));
        take();
    }

    void peek_and_consume() {
        const auto seen = ring_.peek();
        const record* const next = oldest();
        must(seen.has_value() == (next != nullptr));
        if (next != nullptr) must(support::is_message(*seen, next->number, next->bytes));
        const std::size_t most = random_.from_to(0, 5);
        const auto some = ring_.peek(most);
        must(some.size() == std::min(most, finished()));
        auto each = queue_.begin();
        for (const support::message_view view : some) {
            while (each->what == state::abandoned) ++each;
            must(support::is_message(view, each->number, each->bytes));
            ++each;
        }
        const std::size_t count = random_.from_to(0, finished());
        ring_.consume(count);
        for (std::size_t i = 0; i < count; ++i) {
            look();
            take();
        }
    }

    void drain() {
        const std::size_t most = random_.one_in(2) ? SIZE_MAX : random_.from_to(0, 4);
        const std::size_t throws_at = random_.one_in(4) ? random_.from_to(1, 4) : SIZE_MAX;
        visit_at_most(most, throws_at);
    }
    void visit_at_most(std::size_t most, std::size_t throws_at) {
        const std::size_t expected = std::min({most, throws_at, finished()});
        std::size_t count = 0;
        bool thrown = false;
        try {
            const std::size_t answer = ring_.drain(
                [&](support::message_view seen) {
                    ++count;
                    look();
                    const record next = take();
                    must(support::is_message(seen, next.number, next.bytes));
                    if (count == throws_at) throw std::runtime_error("told to");
                },
                most);
            must(answer == count);
        } catch (const std::runtime_error&) {
            thrown = true;
        }
        must(count == expected);
        if (!thrown && count != most) look();  // it went on to see that there is no more
    }

    void close() {
        ring_.close();
        closed_ = true;
    }

    void count_published(std::size_t bytes) {
        ++published_;
        published_bytes_ += bytes;
    }

    void compare() {
        must(ring_.size_approx() == std::min(held(), ring_.capacity()));
        must(ring_.empty_approx() == queue_.empty());
        must(ring_.closed() == closed_);
        must(ring_.drained() == (closed_ && queue_.empty()));
        const lfq::message_statistics now = ring_.statistics();
        must(now.published == published_ && now.published_bytes == published_bytes_);
        must(now.consumed == consumed_ && now.consumed_bytes == consumed_bytes_);
        must(now.refused_pushes == refused_);
        most_held_ = std::max(most_held_, held());
        const std::size_t lap =
            ring_.capacity() + seats_.size() * support::room_of(ring_.message_bytes_max());
        const std::size_t bound = most_held_ + std::max(most_held_, lap / 4);
        must(now.high_water_bytes >= std::min(most_held_, ring_.capacity()));
        must(now.high_water_bytes <= std::min(bound, ring_.capacity()));
    }

    Ring& ring_;
    support::dice& random_;
    std::vector<seat> seats_;
    std::deque<record> queue_;
    std::array<std::byte, 32> out_{};
    std::uint64_t next_ = 1;
    bool closed_ = false;
    std::uint64_t published_ = 0;
    std::uint64_t published_bytes_ = 0;
    std::uint64_t consumed_ = 0;
    std::uint64_t consumed_bytes_ = 0;
    std::uint64_t refused_ = 0;
    std::size_t most_held_ = 0;
};

}  // namespace message_twins
