// SPDX-License-Identifier: MIT
// The code that docs/reference/affinity.md shows, run.
#include <lfq/sys/affinity.hpp>

#include <cstdio>
#include <thread>
#include <vector>

namespace {

// The n-th cpu that this process may use; the first again when there are fewer.
void pin_to_allowed(std::size_t n) {
    const std::vector<unsigned> cpus = lfq::sys::cpus_allowed();
    lfq::sys::pin_this_thread(cpus[n % cpus.size()]);
}

}  // namespace

int main() {
    std::size_t left = 0;
    std::jthread([&left] {
        pin_to_allowed(1);
        left = lfq::sys::cpus_allowed().size();
    }).join();
    std::printf("after pinning, %zu cpu is left\n", left);
    return left == 1 ? 0 : 1;
}
