// SPDX-License-Identifier: MIT
// expected: a batch is copied behind its claim, where a copy must not throw
#include <lfq/ring/mpsc_ordered_ring.hpp>

#include <span>
#include <string>

std::size_t use(lfq::mpsc_ordered_ring<std::string>& ring, std::span<const std::string> texts) {
    return ring.try_push_n(texts);
}
