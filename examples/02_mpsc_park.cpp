// SPDX-License-Identifier: MIT
// Several threads report to one, which sleeps while there is nothing to read.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

struct report {
    int sensor;
    int reading;
};

int main() {
    constexpr int sensors = 3;
    constexpr int readings_each = 5;
    lfq::mpsc_ring<report, lfq::storage::heap, lfq::wait::park> reports(64);

    std::vector<std::jthread> threads;
    for (int sensor = 0; sensor < sensors; ++sensor) {
        threads.emplace_back([&reports, sensor] {
            for (int reading = 0; reading < readings_each; ++reading) {
                reports.push({sensor, reading});
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        });
    }
    std::jthread closer([&] {
        threads.clear();  // joins
        reports.close();  // a shared ring may be closed by anyone
    });

    int next[sensors] = {};
    report latest{};
    while (reports.pop(latest)) {
        if (latest.reading != next[latest.sensor]++) return 1;  // each producer's own order holds
        std::printf("sensor %d: reading %d\n", latest.sensor, latest.reading);
    }
    for (const int read : next) {
        if (read != readings_each) return 1;
    }
    return 0;
}
