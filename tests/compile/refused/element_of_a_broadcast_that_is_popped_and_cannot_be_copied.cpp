// SPDX-License-Identifier: MIT
// expected: constructible_from|is_assignable_v.*evaluated to .*false|not satisfied
#include <lfq/ring/broadcast_ring.hpp>

#include <memory>

auto owns(lfq::broadcast_ring<std::unique_ptr<int>>& ring) {
    return ring.join(lfq::join_at::newest).try_pop();
}
