// SPDX-License-Identifier: MIT
// Somebody else's program: one ring between two threads, found through whichever way is under test.
#ifndef LFQ_SINGLE_HEADER
#include <lfq/version.hpp>
#endif

#include <cstdio>

int main() {
    std::printf("lfq %s\n", LFQ_VERSION_STRING);
}
