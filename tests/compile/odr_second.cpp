// SPDX-License-Identifier: MIT
// Hands rings to odr_first.cpp: it links only if the two were built alike, and then both mean the
// same rings.
#include <lfq/lfq.hpp>

bool fill(lfq::spsc_ring<int>& ring);
bool fill(lfq::mpsc_ring<int>& ring);

template <class Ring>
bool carries_between_units() {
    Ring ring(4);
    int first = 0;
    int second = 0;
    return fill(ring) && ring.try_pop(first) && ring.try_pop(second) && first == 1 && second == 2;
}

int main() {
    const bool spsc = carries_between_units<lfq::spsc_ring<int>>();
    const bool mpsc = carries_between_units<lfq::mpsc_ring<int>>();
    return spsc && mpsc ? 0 : 1;
}
