// SPDX-License-Identifier: MIT
// broker/core/routes.hpp — which subscriptions a topic goes to, as immutable snapshots.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/filter.hpp"
#include "broker/core/topic_table.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace broker::core {

/// One subscription that wants an event. Ordered by worker, so that a worker's are neighbours.
struct target {
    std::uint32_t worker = 0;
    std::uint32_t sid = 0;
    subscriber* to = nullptr;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a null pointer in the 0 of <=>
    friend auto operator<=>(const target&, const target&) = default;
};

/// Where the events of some topics go. Never changes once a worker may see it.
struct route {
    struct slice {
        const target* first = nullptr;
        std::uint32_t count = 0;
    };
    std::vector<slice> by_worker;
    std::uint32_t copies = 0;
};

/// All routes that were built between two changes of the subscriptions. Topics with the same
/// targets share one, so that runs of events stay long.
struct generation {
    std::map<std::vector<target>, route> built;
};

/// Threads   the dispatcher only; workers read what it publishes to them: targets of a route.
/// Memory    allocates when subscriptions change, and for the first event of a topic after that.
/// Failure   no route when the targets of all routes would be more than targets_max. Then topics
///           without one have none until the subscriptions change; a route that is there is shared.
class routes {
public:
    routes(std::uint32_t workers, std::size_t targets_max)
        : workers_(workers), targets_max_(targets_max), now_(std::make_unique<generation>()) {}

    /// Each answers the generation that it replaced, for the caller to keep until the last worker
    /// is past it.
    [[nodiscard]] std::unique_ptr<generation> subscribe(
        subscriber& who, std::uint32_t worker, std::uint32_t sid, std::string_view filter_text);
    [[nodiscard]] std::unique_ptr<generation> unsubscribe(subscriber& who, std::uint32_t sid);
    [[nodiscard]] std::unique_ptr<generation> leave(subscriber& who);

    /// Valid until the generation is given up; nullptr: no memory is left for it.
    [[nodiscard]] const route* of(topic_id id, std::string_view topic) {
        if (id < known_.size() && known_[id].number == number_) return known_[id].where;
        return build(id, topic);
    }

    [[nodiscard]] std::size_t subscriptions() const noexcept { return all_.size(); }

private:
    struct subscription {
        target where;
        filter wanted;
    };
    struct known {
        std::uint64_t number = 0;  // of the generation that `where` belongs to
        const route* where = nullptr;
    };

    [[nodiscard]] const route* build(topic_id id, std::string_view topic);
    [[nodiscard]] const route* find_or_add(std::vector<target> targets);
    [[nodiscard]] std::unique_ptr<generation> replace();

    std::uint32_t workers_;
    std::size_t targets_max_;
    std::vector<subscription> all_;
    std::unique_ptr<generation> now_;
    std::size_t targets_ = 0;  // of all routes of `now_`
    std::uint64_t number_ = 1;  // of `now_`
    std::vector<known> known_;  // by topic
};

}  // namespace broker::core
