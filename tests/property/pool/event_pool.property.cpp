// SPDX-License-Identifier: MIT
// Goal: after any sequence of takes and returns by any caches, handles, shares and pointers, each
//       object has one user at most, keeps what was written to it, and is found again; counts
//       agree; a cache refuses only what others may hold.
// Method: random operations on pools of random sizes, one and two homes, against a table of who has
//       what. LFQ_SEED repeats them.
// Cannot show: threads.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"
#include "support/env_near_wrap.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace {

using support::dice;
using support::env_near_wrap;
using number = std::uint64_t;

constexpr std::array<lfq::storage::heap, 2> storages{};

/// A pool, and what somebody who keeps books knows about it.
template <class Pool>
class twins {
public:
    using handle = typename Pool::handle;
    using share = typename Pool::shared_handle;
    using pointer = std::shared_ptr<number>;
    using holder = std::variant<handle, share, pointer>;

    explicit twins(dice& random)
        : random_(random),
          limits_{.capacity = std::size_t{1} << random.from_to(1, 6),
              .cache_capacity = 0,
              .caches_max = random.from_to(1, 4)},
          homes_(random.from_to(1, 2)) {
        if (random.one_in(2)) limits_.cache_capacity = random.from_to(2, limits_.capacity);
        pool_.emplace(limits_, std::span(storages).first(homes_));
        caches_.resize(homes_ * limits_.caches_max);
    }

    void step() {
        switch (random_.from_to(0, 11)) {
            case 0: begin_or_end(); break;
            case 1: share_one(); break;
            case 2: drop_one(); break;
            case 3:
            case 4:
            case 5: give_back_one(); break;
            case 6: take_some(); break;
            case 7: give_back_some(); break;
            default: take_one(); break;
        }
    }

    /// Every object is found again by one cache of its home.
    void end() {
        out_.clear();
        known_.clear();
        caches_.clear();
        check_counts();
        for (std::size_t home = 0; home < homes_; ++home) {
            auto mine = pool_->cache(home);
            REQUIRE(mine);
            std::vector<handle> all;
            while (handle one = mine->take()) all.push_back(std::move(one));
            CHECK(all.size() == limits_.capacity);
            std::map<const number*, int> times;
            for (const handle& each : all) ++times[each.get()];
            CHECK(times.size() == all.size());
        }
    }

private:
    using cache = std::optional<typename Pool::cache_type>;

    [[nodiscard]] std::size_t home_of(std::size_t seat) const { return seat / limits_.caches_max; }
    /// A cache that lives, or none.
    [[nodiscard]] std::size_t some_cache() { return random_.from_to(0, caches_.size() - 1); }

    void begin_or_end() {
        const std::size_t seat = some_cache();
        if (caches_[seat]) {
            caches_[seat].reset();
            return;
        }
        caches_[seat] = pool_->cache(home_of(seat));
        CHECK(caches_[seat]);  // as many as there are places for
    }

    void take_one() {
        const std::size_t seat = some_cache();
        if (!caches_[seat]) return;
        handle one = caches_[seat]->take();
        if (!one) {
            // Whatever is not out is held by the other caches of this home.
            ++refused_;
            CHECK(limits_.capacity - out_of(home_of(seat)) <= what_others_may_hold(seat));
            return;
        }
        note_taken(std::move(one), seat);
    }
    void take_some() {
        const std::size_t seat = some_cache();
        if (!caches_[seat]) return;
        std::array<handle, 3> some;
        const std::size_t count = caches_[seat]->take_n(some);
        if (count < some.size()) ++refused_;
        for (std::size_t i = 0; i < count; ++i) note_taken(std::move(some[i]), seat);
    }
    void note_taken(handle one, std::size_t seat) {
        ++taken_;
        const number* const where = one.get();
        REQUIRE(known_.count(where) == 0);
        *one = ++next_;
        known_[where] = {next_, home_of(seat), 1};
        out_.emplace_back(std::move(one));
    }

    void share_one() {
        if (out_.empty()) return;
        holder& chosen = out_[random_.from_to(0, out_.size() - 1)];
        if (handle* const alone = std::get_if<handle>(&chosen)) {
            if (random_.one_in(2)) {
                pointer shared = to_shared_ptr(std::move(*alone));
                chosen = std::move(shared);
            } else {
                share shared = std::move(*alone);
                chosen = std::move(shared);
            }
        } else if (const share* const one = std::get_if<share>(&chosen)) {
            ++known_[one->get()].holders;
            holder copy = *one;
            out_.push_back(std::move(copy));
        } else {
            pointer copy = std::get<pointer>(chosen);
            ++known_[copy.get()].holders;
            out_.emplace_back(std::move(copy));
        }
    }

    [[nodiscard]] holder pick_one() {
        const std::size_t at = random_.from_to(0, out_.size() - 1);
        std::swap(out_[at], out_.back());
        holder chosen = std::move(out_.back());
        out_.pop_back();
        const number* const where = std::visit([](auto& one) { return one.get(); }, chosen);
        CHECK(*where == known_.at(where).value);
        if (--known_.at(where).holders == 0) known_.erase(where);
        return chosen;
    }
    void drop_one() {
        if (out_.empty()) return;
        static_cast<void>(pick_one());
        check_counts_roughly();
    }
    void give_back_one() {
        const std::size_t seat = some_cache();
        if (out_.empty() || !caches_[seat]) return;
        holder chosen = pick_one();
        if (handle* const alone = std::get_if<handle>(&chosen)) {
            caches_[seat]->give_back(std::move(*alone));
        } else if (share* const one = std::get_if<share>(&chosen)) {
            caches_[seat]->give_back(std::move(*one));
        }
    }

    void give_back_some() {
        const std::size_t seat = some_cache();
        if (!caches_[seat]) return;
        std::array<handle, 3> some;  // one of them may stay empty
        for (handle& each : some) {
            if (out_.empty()) break;
            holder chosen = pick_one();
            if (handle* const alone = std::get_if<handle>(&chosen)) each = std::move(*alone);
        }
        caches_[seat]->give_back_n(some);
    }

    [[nodiscard]] std::size_t out_of(std::size_t home) const {
        return static_cast<std::size_t>(std::count_if(known_.begin(), known_.end(),
            [home](const auto& each) { return each.second.home == home; }));
    }
    [[nodiscard]] std::size_t what_others_may_hold(std::size_t seat) const {
        std::size_t most = 0;
        for (std::size_t i = 0; i < caches_.size(); ++i) {
            if (i == seat || !caches_[i]) continue;
            most += home_of(i) == home_of(seat) ? pool_->cache_capacity() : 31;
        }
        return most;
    }
    void check_counts_roughly() const {
        const auto books = pool_->statistics();
        CHECK(books.taken == taken_);
        CHECK(books.refused == refused_);
        CHECK(books.given_back <= taken_);
        CHECK(books.high_water <= books.capacity);
    }
    void check_counts() const {
        check_counts_roughly();
        CHECK(pool_->statistics().given_back == taken_);
    }

    struct knowledge {
        number value = 0;
        std::size_t home = 0;
        int holders = 0;
    };

    dice& random_;
    lfq::pool_limits limits_;
    std::size_t homes_;
    std::optional<Pool> pool_;
    std::vector<cache> caches_;
    std::vector<holder> out_;
    std::map<const number*, knowledge> known_;
    number next_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t refused_ = 0;
};

using every_pool =
    std::tuple<lfq::event_pool<number>, lfq::event_pool<number, lfq::storage::heap, env_near_wrap>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("any_sequence_of_verbs_on_a_pool_agrees_with_the_books", "", every_pool) {
    for (std::uint64_t run = 0; run < support::affordable(300); ++run) {
        CAPTURE(support::run_seed(), run);
        dice random(run);
        twins<TestType> both(random);
        for (int i = 0; i < 500; ++i) both.step();
        both.end();
    }
}
