// SPDX-License-Identifier: MIT
// One of two units of a program that both include everything; the other is odr_second.cpp.
#include <lfq/lfq.hpp>

bool fill(lfq::spsc_ring<int>& ring) { return ring.try_push(1) && ring.try_push(2); }

bool fill(lfq::mpsc_ring<int>& ring) { return ring.try_push(1) && ring.try_push(2); }
