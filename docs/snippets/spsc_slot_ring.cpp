// SPDX-License-Identifier: MIT
// The code that docs/reference/spsc_slot_ring.md shows, run.
#include <lfq/ring/spsc_slot_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <thread>

namespace {

struct quote {
    int instrument;
    int price;
};

// A question one way, an answer the other: each of them is waited for.
int ask_and_answer() {
    lfq::spsc_slot_ring<int, lfq::storage::inplace<8>, lfq::wait::park> questions;
    lfq::spsc_slot_ring<quote, lfq::storage::inplace<8>, lfq::wait::park> answers;

    std::jthread desk([&] {
        int instrument = 0;
        while (questions.pop(instrument)) answers.push({instrument, 100 + instrument});
        answers.close();
    });

    int sum = 0;
    quote answer{};
    for (int instrument = 0; instrument < 10; ++instrument) {
        questions.push(instrument);
        if (answers.pop(answer)) sum += answer.price;
    }
    questions.close();
    return sum;
}

// Built where it will lie, looked at where it lies.
int in_place() {
    lfq::spsc_slot_ring<quote> quotes(4);
    if (auto claimed = quotes.claim(2)) {
        for (std::size_t i = 0; i < claimed.size(); ++i) claimed.emplace(quote{7, 20});
        claimed.commit();
    }

    int total = 0;
    std::size_t seen = 0;
    for (const quote& each : quotes.peek()) {
        total += each.price;
        ++seen;
    }
    quotes.consume(seen);
    return total;
}

}  // namespace

int main() {
    const int answered = ask_and_answer();
    const int looked = in_place();
    std::printf("%d, %d\n", answered, looked);
    return answered == 1045 && looked == 40 ? 0 : 1;
}
