// SPDX-License-Identifier: MIT
// Shows: spsc_ring hands over every value once, whole and in order, in every execution that C++20
// allows. Method: the scenarios below, exhaustively. Cannot show: more threads or laps than here.

#include "checker/scenario.hpp"
#include "checker/tracked.hpp"

#include <lfq/ring/spsc_ring.hpp>

#include <cstddef>

namespace {

using namespace model;

template <class T, std::size_t Capacity>
using ring_of =
    lfq::spsc_ring<T, lfq::storage::inplace<Capacity>, lfq::wait::basic_spin<model::clock>, env>;

template <std::size_t Capacity, int Values>
void waiting(execution& here) {
    ring_of<tracked, Capacity> ring;
    here.run(thread{"producer",
                 [&] {
                     for (int i = 1; i <= Values; ++i) check(ring.push(tracked(i)), "not closed");
                     ring.close();
                 }},
        thread{"consumer", [&] {
                   tracked out;
                   for (int i = 1; i <= Values; ++i) {
                       check(ring.pop(out), "a value before the end");
                       check(out.get() == i, "in order");
                   }
                   check(!ring.pop(out), "the end");
               }});
    check(ring.drained(), "drained");
}

const scenario waiting_1("spsc_ring/waiting/capacity_1", {}, waiting<1, 2>);
const scenario waiting_2("spsc_ring/waiting/capacity_2", {}, waiting<2, 3>);

}  // namespace
