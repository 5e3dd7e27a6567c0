// SPDX-License-Identifier: MIT
// expected: build the element, and push that
#include <lfq/ring/mpsc_ordered_ring.hpp>

#include <string>
#include <utility>

struct record {
    explicit record(std::string text) : words(std::move(text)) {}
    std::string words;
};

bool use(lfq::mpsc_ordered_ring<record>& ring, std::string text) {
    return ring.try_emplace(std::move(text));
}
