// SPDX-License-Identifier: MIT
// The code that docs/reference/fan_out.md shows, run.
#include <lfq/ring/fan_out.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace {

struct job {
    std::uint64_t customer;
    int number;
};

std::size_t deal() {
    lfq::fan_out<job> jobs(3, 16);

    std::size_t refused = 0;
    for (int number = 0; number < 4; ++number) {
        if (!jobs.try_push_by(42, job{42, number})) ++refused;  // one worker, in order
    }
    for (int number = 0; number < 6; ++number) {
        if (!jobs.try_push(job{0, number})) ++refused;  // in turn
    }
    if (!jobs.try_push_to(2, job{7, 0})) ++refused;  // to this one
    jobs.close();

    std::size_t done = 0;
    for (std::size_t worker = 0; worker < jobs.workers(); ++worker) {
        job next{};
        while (jobs.worker(worker).pop(next)) ++done;  // each on a thread of its own, usually
    }
    return jobs.drained() && refused == 0 ? done : 0;
}

}  // namespace

int main() {
    const std::size_t done = deal();
    std::printf("%zu jobs done\n", done);
    return done == 11 ? 0 : 1;
}
