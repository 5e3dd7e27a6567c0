// SPDX-License-Identifier: MIT
#include "execution.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace model {

// Orders.

std::memory_order execution::effective(
    std::memory_order order, bool of_failure, const char* name, site where) {
    if (met_ != nullptr) {
        const auto same = [&](const met& one) {
            return one.where.line() == where.line() && one.where.column() == where.column() &&
                one.of_failure == of_failure && one.order == order &&
                std::strcmp(one.where.file_name(), where.file_name()) == 0;
        };
        if (std::none_of(met_->begin(), met_->end(), same))
            met_->push_back({where, of_failure, order, name});
    }
    if (mutation_ == nullptr || mutation_->line != where.line() ||
        mutation_->column != where.column() || mutation_->of_failure != of_failure ||
        !std::string_view(where.file_name()).ends_with(mutation_->file))
        return order;
    mutation_met_ = true;
    return mutation_->to;
}

void execution::check_reachable(int at, site) {
    if (!memory_.reachable(self_, at))
        end_with(verdict::lifetime, "an atomic is used after its end, or not after its beginning");
}

void execution::too_many_stores() {
    end_with(verdict::limit,
        "more than " + std::to_string(stores_max) +
            " stores to one location in one execution: make the scenario smaller, and let its "
            "loops look by loads");
}

store_id execution::choose(memory::candidates& found) {
    const store_id offered = mine().already_offered;
    mine().already_offered = 0;
    if (offered != 0) {
        int kept = 0;
        for (int i = 0; i < found.count; ++i) {
            if (found.id[index(i)] >= offered) found.id[index(kept++)] = found.id[index(i)];
        }
        found.count = kept;
    }
    if (found.count == 0) {  // everything that it may return was had in another branch
        dropped_ = true;
        leave(0);
    }
    return found.id[index(search_.value(found.count))];
}

std::uint64_t execution::observe(
    int at, store_id id, std::memory_order order, const char* name, site where) {
    memory_.read(self_, at, id, order);
    const std::uint64_t value = memory_.get(at, id).value;
    events_.push_back({self_, at, order, where, name, value, id != memory_.newest(at)});
    return value;
}

void execution::looked(int at, store_id id) noexcept {
    fiber_of_thread& me = mine();
    if ((me.looked_before >> at & 1) == 0 || id != me.read_before[index(at)])
        me.read_something_new = true;
    me.looked |= std::uint64_t{1} << at;
    me.last_read[index(at)] = id;
}

void execution::wrote(int at, bool another_value) noexcept {
    fiber_of_thread& me = mine();
    if (another_value && (shared_ >> at & 1) != 0) me.did_something = true;
    if (another_value && (me.looked >> at & 1) != 0) me.changed_what_it_looked_at = true;
    const auto its = static_cast<store_id>(memory_.stores_at(at) - 1);
    me.last_read[index(at)] = me.read_before[index(at)] = its;  // no news to itself
}

// Operations.

int execution::create(std::uint64_t value) {
    if (!watches()) return 0;
    const int at = memory_.create(self_, value);
    if (at < 0)
        end_with(verdict::limit,
            "more than " + std::to_string(locations_max) +
                " atomics in one execution: make the scenario smaller (locations_max)");
    return at;
}

void execution::destroy(int at) noexcept {
    if (!watches()) return;
    check_reachable(at, site::current());
    if (!memory_.destroy(self_, at))
        end_with(verdict::lifetime, "an atomic ends while another thread may still use it");
}

std::uint64_t execution::load(int at, std::memory_order order, site where) {
    if (!watches()) return memory_.latest(at);
    order = effective(order, false, "load", where);
    point(operation::kind::load, at, order, where);
    check_reachable(at, where);
    memory::candidates found;
    memory_.readable(self_, at, order, found);
    const store_id chosen = choose(found);
    looked(at, chosen);
    return observe(at, chosen, order, "load", where);
}

void execution::store(int at, std::uint64_t value, std::memory_order order, site where) {
    if (!watches()) {
        memory_.latest(at) = value;
        return;
    }
    order = effective(order, false, "store", where);
    point(operation::kind::store, at, order, where);
    check_reachable(at, where);
    store_id after = memory_.newest(at);
    if (search_.how().reordered_stores && phase_ == phase::running) {
        memory::candidates found;
        memory_.followable(self_, at, order, found);
        after = found.id[index(search_.value(found.count))];
    }
    const bool stale = after != memory_.newest(at);
    const bool another_value = value != memory_.get(at, after).value;
    if (!memory_.write(self_, at, after, value, order)) too_many_stores();
    wrote(at, another_value);
    events_.push_back({self_, at, order, where, "store", value, stale});
}

auto execution::exchange(int at, orders how, const char* name, site where, change next_of)
    -> exchanged {
    if (!watches()) {
        std::uint64_t& value = memory_.latest(at);
        const std::uint64_t old = value;
        const std::optional<std::uint64_t> next = next_of(old);
        if (next) value = *next;
        return {old, next.has_value()};
    }
    const std::memory_order done = effective(how.done, false, name, where);
    const std::memory_order failed =
        how.failed ? effective(*how.failed, true, name, where) : std::memory_order_relaxed;
    point(operation::kind::exchange, at, is_total(failed) ? failed : done, where);
    check_reachable(at, where);
    // It may succeed only where nothing follows, but fail on any store that a load may return; by
    // itself even on one that holds what was expected.
    memory::candidates found;
    memory::candidates matching;
    memory::candidates readable;
    memory_.readable(self_, at, done, readable);
    for (int i = 0; i < readable.count; ++i) {
        const store_id id = readable.id[index(i)];
        const memory::store& seen = memory_.get(at, id);
        const bool may_follow =
            !seen.replaced && (id == memory_.newest(at) || search_.how().reordered_stores);
        if (may_follow && next_of(seen.value).has_value()) found.add(id);
    }
    if (how.failed) {
        readable.count = 0;
        memory_.readable(self_, at, failed, readable);
        for (int i = 0; i < readable.count; ++i) {
            const store_id id = readable.id[index(i)];
            (next_of(memory_.get(at, id).value).has_value() ? matching : found).add(id);
        }
    }
    if (how.may_fail_by_itself && mine().spurious_left > 0 && matching.count != 0 &&
        search_.value(2) == 1) {
        --mine().spurious_left;
        const store_id chosen = choose(matching);
        looked(at, chosen);
        return {observe(at, chosen, failed, name, where), false};
    }
    const store_id chosen = choose(found);
    const std::optional<std::uint64_t> next = next_of(memory_.get(at, chosen).value);
    const std::uint64_t old = observe(at, chosen, next ? done : failed, name, where);
    looked(at, chosen);
    if (next) {
        if (!memory_.replace(self_, at, chosen, *next, done)) too_many_stores();
        wrote(at, *next != old);
        events_.push_back({self_, at, done, where, "  and writes", *next, false});
    }
    return {old, next.has_value()};
}

void execution::fence(std::memory_order order, site where) {
    if (!watches()) return;
    order = effective(order, false, "fence", where);
    point(operation::kind::fence, -1, order, where);
    memory_.fence(self_, order);
    events_.push_back({self_, -1, order, where, "fence", 0, false});
}

void execution::touch(const void* address, plain_memory::access how, const char* what) {
    if (!watches()) return;
    count_operation();
    const auto [found, text] = plain_.touch(self_, memory_.of(self_).now.clock, address, how);
    if (found != verdict::passed) end_with(found, std::string(what) + ": " + text);
}

}  // namespace model
