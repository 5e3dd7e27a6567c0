// SPDX-License-Identifier: MIT
// expected: is_assignable_v.*evaluated to .*false
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include <span>

struct element {
    const int number;
};
std::size_t take(lfq::lossy_broadcast_ring<element>::reader& reader, std::span<element> out) {
    return reader.try_pop_n(out);
}
