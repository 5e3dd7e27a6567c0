// SPDX-License-Identifier: MIT
// tests/model/pool/pools.hpp — pools in the checker's environment, of objects that are watched.
#pragma once

#include "checker/scenario.hpp"
#include "checker/tracked.hpp"

#include <lfq/pool/event_pool.hpp>

#include <cstddef>
#include <vector>

namespace model {

/// Its balance wraps after one object.
using env_before_wrap = env_from<UINT64_MAX>;

using object = plain<int>;
using pool = lfq::event_pool<object, lfq::storage::heap, env_before_wrap>;
using handle = pool::handle;
using cache = pool::cache_type;

/// Whoever has an object writes to it; two who have it at once are a race.
inline void use(handle& mine, int number) {
    *mine = number;
    check(*mine == number, "nobody else has it");
}

/// Hands an object over, as a ring would.
class hand {
public:
    void give(handle&& one) { value_.store(one.detach(), std::memory_order_release); }
    [[nodiscard]] handle take() {
        object* value = nullptr;
        while ((value = value_.load(std::memory_order_acquire)) == nullptr) env::pause();
        return handle::adopt(value);
    }

private:
    atomic<object*> value_{nullptr};
};

/// When all threads have ended and no cache is left, a cache gets every object, once.
inline void check_all_there(pool& all, std::size_t home = 0) {
    const auto books = all.statistics();
    check(books.taken == books.given_back, "what was taken came back");
    check(books.high_water <= books.capacity, "no more than there are");
    auto mine = all.cache(home);
    check(mine.has_value(), "every seat came back");
    const std::size_t count = all.capacity() / all.homes();
    std::vector<handle> taken;
    for (std::size_t i = 0; i < count; ++i) {
        taken.push_back(mine->take());
        check(static_cast<bool>(taken.back()), "every object is there");
        use(taken.back(), static_cast<int>(i));
    }
    check(!mine->take(), "and no other");
    for (std::size_t i = 0; i < count; ++i)
        check(*taken[i] == static_cast<int>(i), "each of them once");
}

}  // namespace model
