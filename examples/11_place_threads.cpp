// SPDX-License-Identifier: MIT
// Threads that talk to each other, near each other: a plan for n of them, which is printed and
// followed, and the ring between the first two on the node of who reads it.
// One node, one cpu, no hwloc: all works, and the plan says so.
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/sys/placement.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

namespace {

using node_ring = lfq::spsc_ring<int, lfq::storage::on_node>;

int run(std::size_t count) {
    const auto machine = lfq::sys::topology::of_this_machine();
    lfq::sys::thread_group group{{"producer", "consumer"}};
    for (std::size_t i = 2; i < count; ++i) group.threads.push_back("other-" + std::to_string(i));
    const auto plan = lfq::sys::place(machine, {&group, 1});
    std::printf("%s\n", plan.text().c_str());
    plan.check(lfq::sys::cpus_allowed());  // HWLOC_SYNTHETIC plans for another machine

    const auto& reader = plan.thread("consumer");
    const unsigned node = reader.where ? reader.where->node : machine.cpus().front().node;
    node_ring ring(1024, lfq::storage::on_node(node));
    std::printf("the ring is %s\n", ring.storage().told().text().c_str());

    std::jthread producer([&] {
        lfq::sys::pin_this_thread(plan.thread("producer"));
        for (int number = 1; number <= 1000; ++number) ring.push(number);
        ring.close();
    });
    lfq::sys::pin_this_thread(reader);
    long sum = 0;
    for (int number = 0; ring.pop(number);) sum += number;
    std::printf("1 + 2 + ... + 1000 = %ld\n", sum);
    return sum == 500'500 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? std::clamp(std::strtoul(argv[1], nullptr, 10), 2UL, 1000UL) : 2);
    } catch (const std::exception& refused) {
        std::fprintf(stderr, "%s\n", refused.what());
        return 1;
    }
}
