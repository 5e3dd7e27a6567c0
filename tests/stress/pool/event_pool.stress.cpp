// SPDX-License-Identifier: MIT
// Goal: threads that take, pass on, share and give back, through caches that come and go, never
//       have one object twice, see what the last user did, and lose none.
// Method: a ledger in each object: its user signs it and finds its own signature when it is done;
//       checksums of its words; tiny magazines, so that every verb exchanges. Objects travel
//       through rings and end on other threads. LFQ_SEED repeats the choices.
// Cannot show: weak memory, on x86.
#include <lfq/pool/event_pool.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace {

using support::dice;

constexpr std::size_t threads = 4;

/// Plain words: two users at once are a race to ThreadSanitizer, and a wrong sum to us.
struct letter {
    std::array<std::uint64_t, 4> words{};
    std::uint64_t signature = 0;

    void sign(std::uint64_t by) {
        signature = by;
        for (std::size_t i = 0; i < words.size(); ++i) words[i] = by * (i + 3);
    }
    [[nodiscard]] bool is_whole() const {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i] != signature * (i + 3)) return false;
        }
        return true;
    }
};

using pool = lfq::event_pool<letter>;
using handle = pool::handle;
using share = pool::shared_handle;

struct account {
    std::uint64_t wrong = 0;
    std::uint64_t taken = 0;
};

/// What a thread does with a letter that it took, or that came to it.
class desk {
public:
    desk(pool& all, std::size_t self, std::size_t home, std::vector<lfq::mpsc_ring<handle>*> mail)
        : all_(all), self_(self), home_(home), mail_(std::move(mail)), random_(self) {}

    void work(std::uint64_t rounds, account& book) {
        std::vector<handle> pile;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            if (!mine_ || random_.one_in(100)) {
                mine_.reset();
                mine_ = all_.cache(home_);
                if (!mine_) continue;
            }
            for (std::size_t n = random_.from_to(0, 5); n != 0; --n) {
                handle one = mine_->take();
                if (!one) break;
                ++book.taken;
                if (!one->is_whole()) ++book.wrong;
                one->sign(self_ * 1'000'000'007 + round);
                pile.push_back(std::move(one));
            }
            while (!pile.empty() && !random_.one_in(4)) {
                dispose(std::move(pile.back()), book);
                pile.pop_back();
            }
            handle came;
            while (mail_[self_]->try_pop(came)) dispose(std::move(came), book);
        }
    }
    void end(account& book) {
        handle came;
        while (mail_[self_]->try_pop(came)) dispose(std::move(came), book);
        mine_.reset();
    }

private:
    void dispose(handle one, account& book) {
        if (!one->is_whole()) ++book.wrong;
        switch (random_.from_to(0, 5)) {
            case 0: return;  // its end
            case 1: {
                share first = std::move(one);
                share second = first;
                first.give_back();
                if (mine_) mine_->give_back(std::move(second));
                return;
            }
            case 2: {
                const std::shared_ptr<letter> pointer = to_shared_ptr(std::move(one));
                const std::weak_ptr<letter> weak = pointer;
                if (weak.expired()) ++book.wrong;
                return;
            }
            case 3: {
                const std::size_t to = random_.from_to(0, threads - 1);
                if (mail_[to]->try_push(std::move(one))) return;
                break;  // full: as below
            }
            default: break;
        }
        if (mine_) mine_->give_back(std::move(one));
    }

    pool& all_;
    std::size_t self_;
    std::size_t home_;
    std::vector<lfq::mpsc_ring<handle>*> mail_;
    dice random_;
    std::optional<pool::cache_type> mine_;
};

void run_all(pool& all) {
    std::vector<std::unique_ptr<lfq::mpsc_ring<handle>>> rings;
    std::vector<lfq::mpsc_ring<handle>*> mail;
    for (std::size_t i = 0; i < threads; ++i) {
        rings.push_back(std::make_unique<lfq::mpsc_ring<handle>>(4));
        mail.push_back(rings.back().get());
    }
    std::array<account, threads> books;
    {
        std::vector<std::jthread> running;
        for (std::size_t i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                desk mine(all, i, i % all.homes(), mail);
                mine.work(support::affordable(60'000), books[i]);
                mine.end(books[i]);
            });
        }
    }
    rings.clear();  // what came too late to be read
    std::uint64_t wrong = 0;
    std::uint64_t taken = 0;
    for (const account& each : books) {
        wrong += each.wrong;
        taken += each.taken;
    }
    CAPTURE(support::run_seed());
    CHECK(wrong == 0);
    CHECK(taken > 0);
    const auto seen = all.statistics();
    CHECK(seen.taken == taken);
    CHECK(seen.given_back == taken);
    CHECK(seen.high_water <= seen.capacity);
    for (std::size_t home = 0; home < all.homes(); ++home) {
        auto mine = all.cache(home);
        REQUIRE(mine);
        std::vector<handle> every;
        while (handle one = mine->take()) every.push_back(std::move(one));
        CHECK(every.size() == all.capacity() / all.homes());
    }
}

}  // namespace

TEST_CASE("objects_that_go_from_thread_to_thread_have_one_user") {
    for (const std::size_t cache_capacity : {2u, 6u, 16u}) {
        pool all({.capacity = 32, .cache_capacity = cache_capacity, .caches_max = 3});
        run_all(all);
    }
}

TEST_CASE("objects_of_two_homes_find_theirs") {
    const std::array<lfq::storage::heap, 2> homes{};
    pool all({.capacity = 64, .cache_capacity = 8, .caches_max = 2}, homes);
    run_all(all);
}

// The last share is dropped on any of the threads; who takes next writes at once.
TEST_CASE("shares_that_are_dropped_at_once_give_back_once") {
    pool all({.capacity = 2, .cache_capacity = 2, .caches_max = 1});
    std::atomic<std::uint64_t> wrong{0};
    std::array<std::unique_ptr<lfq::mpsc_ring<share>>, threads> rings;
    for (auto& each : rings) each = std::make_unique<lfq::mpsc_ring<share>>(8);
    {
        std::vector<std::jthread> readers;
        for (auto& each : rings) {
            readers.emplace_back([&wrong, &ring = *each] {
                share one;
                while (ring.pop(one)) {
                    if (!one->is_whole()) wrong.fetch_add(1, std::memory_order_relaxed);
                    one.give_back();
                }
            });
        }
        auto mine = all.cache();
        for (std::uint64_t i = 0; i < support::affordable(20'000); ++i) {
            handle one = mine->take();
            while (!one) {
                std::this_thread::yield();
                one = mine->take();
            }
            one->sign(i);
            const share shared = std::move(one);
            for (auto& each : rings) each->push(share(shared));
        }
        for (auto& each : rings) each->close();
    }
    CHECK(wrong == 0);
    const auto seen = all.statistics();
    CHECK(seen.taken == seen.given_back);
}
