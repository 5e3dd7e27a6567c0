// SPDX-License-Identifier: MIT
// Goal: the list of a home is never longer than a magazine, and of two chains that are too long
//       together the longer one leaves it.
// Method: a home of its own, given chains of chosen lengths.
// Cannot show: threads; that is the model's part.
#include <lfq/base/env.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/pool/pool_home.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using home = lfq::pool_home<int, lfq::std_env>;

constexpr std::size_t objects = 16;
constexpr std::size_t row = 4;

/// A home whose objects are all in the hands of a test.
class emptied_home {
public:
    emptied_home() {
        for (auto* full = one_.take_full(); full != nullptr; full = one_.take_full()) {
            for (std::size_t i = 0; i < row; ++i) hands_.push_back(full->row[i]);
            one_.keep_empty(*full);
        }
    }

    void give_back(std::uint32_t n) {
        home::slot& first = *hands_.back();
        home::slot* last = &first;
        hands_.pop_back();
        for (std::uint32_t i = 1; i < n; ++i) {
            last->header.set_next(one_.index_of(*hands_.back()));
            last = hands_.back();
            hands_.pop_back();
        }
        one_.give_back(first, *last, n);
    }
    /// How many there are in the next full magazine; 0: there is none.
    [[nodiscard]] std::uint32_t take_full() {
        auto* const full = one_.take_full();
        return full != nullptr ? full->chain_count : 0;
    }
    [[nodiscard]] std::uint32_t take_list() { return one_.take_returned().count; }
    [[nodiscard]] std::uint64_t returned() const { return one_.returned(); }
    [[nodiscard]] std::size_t in_hands() const { return hands_.size(); }

private:
    static int make() { return 0; }

    int (*make_)() = make;
    lfq::storage::heap::region<home::slot> memory_{{}, objects};
    home one_{memory_.at(0), {objects, row, 1}, this, make_};
    std::vector<home::slot*> hands_;
};

}  // namespace

TEST_CASE("what_fits_stays_on_the_list") {
    emptied_home one;
    REQUIRE(one.in_hands() == objects);
    CHECK(one.take_list() == 0);
    one.give_back(1);
    one.give_back(3);
    CHECK(one.returned() == 4);
    CHECK(one.take_full() == 0);
    CHECK(one.take_list() == 4);
    CHECK(one.take_list() == 0);
    CHECK(one.returned() == 4);
}

TEST_CASE("the_longer_chain_leaves_the_list") {
    emptied_home one;
    one.give_back(1);
    one.give_back(4);
    CHECK(one.take_full() == 4);
    one.give_back(2);
    one.give_back(2);
    CHECK(one.take_full() == 3);
    CHECK(one.take_list() == 2);
    CHECK(one.returned() == 9);
}

TEST_CASE("as_many_chains_as_there_can_be_find_a_magazine") {
    emptied_home one;
    one.give_back(2);
    for (int i = 0; i < 4; ++i) one.give_back(3);
    for (int i = 0; i < 4; ++i) CHECK(one.take_full() == 3);
    CHECK(one.take_list() == 2);
}
