// SPDX-License-Identifier: MIT
// The code that docs/guide/event_loops.md shows, run: two rings and one bell in a poll() loop.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <cstdio>
#include <thread>

#include <poll.h>

namespace {

using command_ring = lfq::mpsc_ring<int, lfq::storage::heap, lfq::wait::doorbell>;
using data_ring = lfq::spsc_ring<int, lfq::storage::heap, lfq::wait::doorbell>;

struct sums {
    long commands = 0;
    long data = 0;
};

sums serve(lfq::wait::bell& bell, command_ring& commands, data_ring& data) {
    sums seen;
    while (!commands.drained() || !data.drained()) {
        commands.drain([&seen](int value) { seen.commands += value; });
        data.drain([&seen](int value) { seen.data += value; });

        // Each arm() looks once more: false means do not sleep.
        const bool quiet =
            commands.drained() ? data.arm() : commands.arm() && (data.drained() || data.arm());
        if (!quiet) continue;

        pollfd rung{bell.fd(), POLLIN, 0};
        if (::poll(&rung, 1, -1) == 1) bell.acknowledge();
    }
    return seen;
}

}  // namespace

int main() {
    lfq::wait::bell bell;
    command_ring commands(16, {}, lfq::wait::doorbell{bell});
    data_ring data(256, {}, lfq::wait::doorbell{bell});

    std::jthread commander([&commands] {
        for (int value = 1; value <= 100; ++value) commands.push(value);
        commands.close();
    });
    std::jthread feeder([&data] {
        for (int value = 1; value <= 1000; ++value) data.push(value);
        data.close();
    });
    const sums seen = serve(bell, commands, data);
    std::printf("commands %ld, data %ld\n", seen.commands, seen.data);
    return seen.commands == 5050 && seen.data == 500'500 ? 0 : 1;
}
