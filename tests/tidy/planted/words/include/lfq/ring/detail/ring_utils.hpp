// SPDX-License-Identifier: MIT
// lfq/ring/detail/ring_utils.hpp — planted: words that say nothing or something else.
// Room: ring (floor 3). Reads: nothing.
#pragma once

namespace lfq::detail {

// -------------------------------------------------------------
// FIXME: this is left to do.
int acquire(int wanted);
bool try_enqueue(int value);
void reserve(int count);
// release(wanted);

}  // namespace lfq::detail
