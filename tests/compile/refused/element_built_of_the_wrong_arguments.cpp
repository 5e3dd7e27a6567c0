// SPDX-License-Identifier: MIT
// expected: constructible_(from|v)<.*evaluated to .*false
#include <lfq/ring/spsc_ring.hpp>

struct element {
    explicit element(int number) : number(number) {}
    int number;
};
bool build(lfq::spsc_ring<element>& ring) { return ring.try_emplace("7"); }
