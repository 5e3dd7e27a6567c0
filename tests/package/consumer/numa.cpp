// SPDX-License-Identifier: MIT
// Somebody else's program: a plan for another machine, which needs hwloc, and for this one.
#include <lfq/policy/storage_on_node.hpp>
#include <lfq/sys/placement.hpp>

#include <cstdio>

int main() {
    using lfq::sys::topology;
    const topology other = topology::from_synthetic("pack:2 core:4 pu:2");
    const topology here = topology::of_this_machine();
    std::printf("%s\n%s\n", other.summary().c_str(), lfq::sys::place(here, 1).text().c_str());
    return other.cpus().size() == 16 && here.source() == "hwloc" ? 0 : 1;
}
