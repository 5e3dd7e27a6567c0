// SPDX-License-Identifier: MIT
// How many values a second go from one thread to one other with NUMA minded, both threads and the
// ring's memory on one node, and how many without: threads or memory on two?
//
// On a machine with one node there is nothing to compare, and nothing is.

#include "contestants/lfq_spsc.hpp"
#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <lfq/policy/storage_on_node.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/sys/topology.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace bench;
using lfq::sys::topology;

constexpr unit_of_question rate{.name = "M/s", .one_thread = true};  // the distances are the point
constexpr std::size_t slots = 65'536;

using on_node_base = lfq::spsc_ring<std::uint64_t, lfq::storage::on_node>;

template <unsigned Place>
inline unsigned node_of = 0;

/// A ring on the node that stands at a place, of which contestants are told by their type.
template <unsigned Place>
class ring_on : public on_node_base {
public:
    static constexpr std::size_t capacity = slots;
    ring_on() : on_node_base(slots, lfq::storage::on_node(node_of<Place>)) {}
};

/// Where the consumer goes: beside the producer, or to another node.
struct consumer_cpus {
    int near = -1;
    int far = -1;
};

/// A core of its own beside the cpu, on its node; and a cpu of another node with memory. Nothing if
/// there is one of them not.
std::optional<consumer_cpus> choose(const topology& machine, unsigned first) {
    const std::vector<unsigned> memory = lfq::sys::memory_nodes();
    const auto& own = machine.cpu(first);
    consumer_cpus chosen;
    for (const auto& cpu : machine.cpus()) {
        const bool beside = cpu.node == own.node && cpu.core != own.core;
        const bool elsewhere = cpu.node != own.node &&
            std::find(memory.begin(), memory.end(), cpu.node) != memory.end();
        if (beside && chosen.near < 0) chosen.near = static_cast<int>(cpu.os);
        if (elsewhere && chosen.far < 0) chosen.far = static_cast<int>(cpu.os);
    }
    if (chosen.near < 0 || chosen.far < 0) return std::nullopt;
    return chosen;
}

template <class Ring>
void enter(entry_list& list, team& pair, const char* name, role stands_for) {
    list.enter(name, slip::name, stands_for, 4 * slots,
        [&] { return stream_through<one_at_a_time<slip>>(pair, pre_faulted<Ring>()); });
}

void ask(session& here, const std::string& question, const consumer_cpus& chosen) {
    here.ask(question, joined({"values of 8 bytes, ", std::to_string(slots), " slots"}), rate,
        [&](entry_list& list) {
            team& near = here.pair_with(chosen.near);
            team& far = here.pair_with(chosen.far);
            using here_ring = ring_on<0>;
            using there_ring = ring_on<1>;
            using heap_ring = lfq_spsc<std::uint64_t, slots>;
            enter<here_ring>(list, near, "with: all on one node", role::ours);
            enter<there_ring>(
                list, near, "threads on one node, memory on another", role::fixed_peer);
            enter<here_ring>(
                list, far, "threads on two nodes, memory at the producer", role::fixed_peer);
            enter<there_ring>(
                list, far, "threads on two nodes, memory at the consumer", role::fixed_peer);
            enter<heap_ring>(list, far, "without: threads on two nodes, heap", role::fixed_peer);
            enter<heap_ring>(list, near, "threads on one node, heap", role::extra);
        });
}

}  // namespace

int main(int argc, char** argv) {
    const topology machine = topology::of_this_machine();  // before anything is pinned
    session here(argc, argv);
    const std::string question = "sys/node_1p1c_throughput";
    if (machine.node_count() < 2) {
        here.decline(question, "one node: nothing to compare");
        return 0;
    }
    const auto first = static_cast<unsigned>(here.pinned().cpus().front());
    const std::optional<consumer_cpus> chosen = choose(machine, first);
    if (!chosen) {
        here.decline(question, "no two cores of one node and a third of another: not compared");
        return 0;
    }
    node_of<0> = machine.cpu(first).node;
    node_of<1> = machine.cpu(static_cast<unsigned>(chosen->far)).node;
    ask(here, question, *chosen);
    return here.finish();
}
