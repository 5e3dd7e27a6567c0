// SPDX-License-Identifier: MIT
// The code that docs/reference/topology.md and docs/guide/numa.md show, run.
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/sys/placement.hpp>

#include <cstdio>
#include <span>
#include <thread>
#include <vector>

namespace {

using lfq::sys::topology;

std::size_t look_around() {
    const topology machine = topology::of_this_machine();
    for (const auto& cpu : machine.cpus())
        std::printf("cpu %u: core %u, node %u\n", cpu.os, cpu.core, cpu.node);
    std::printf("%s\n", machine.text().c_str());
    return machine.cpus().size();
}

void stay_on_the_first_node() {
    const topology machine = topology::of_this_machine();
    lfq::sys::pin_this_thread(machine.cpus_of_node(machine.cpus().front().node));
}

lfq::sys::placement plan_shards() {
    const std::vector<lfq::sys::thread_group> shards{
        {.threads = {"net-0", "worker-0"}}, {.threads = {"net-1", "worker-1"}}};
    const auto plan = lfq::sys::place(topology::of_this_machine(), shards);
    std::printf("%s\n", plan.text().c_str());
    return plan;
}

bool build_on_the_node_of(const lfq::sys::placed_thread& reader) {
    const unsigned node = reader.where ? reader.where->node : 0;
    lfq::spsc_ring<int, lfq::storage::on_node> ring(1 << 16, lfq::storage::on_node(node));
    std::printf("%s\n", ring.storage().told().text().c_str());
    return ring.try_push(1);
}

}  // namespace

int main() {
    const std::size_t cpus = look_around();
    std::jthread(stay_on_the_first_node).join();
    const auto plan = plan_shards();
    std::jthread([&plan] { lfq::sys::pin_this_thread(plan.thread("net-0")); }).join();
    return cpus != 0 && build_on_the_node_of(plan.thread("worker-0")) ? 0 : 1;
}
