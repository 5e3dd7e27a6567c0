// SPDX-License-Identifier: MIT
// expected: must be nothrow move constructible
#include <lfq/ring/mpsc_ordered_ring.hpp>

struct throws_on_move {
    throws_on_move() = default;
    throws_on_move(throws_on_move&&) noexcept(false) {}
};

void use(lfq::mpsc_ordered_ring<throws_on_move>& ring) {
    static_cast<void>(ring.try_push(throws_on_move()));
}
