// SPDX-License-Identifier: MIT
// bench/contestants/fields.hpp — who stands in the questions that are asked of both: of rings with
// one producer, and of rings for many.
#pragma once

#include "contestants/lfq_mpsc.hpp"
#include "contestants/lfq_spsc.hpp"
#include "contestants/peers.hpp"

#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>

#include <cstddef>

namespace bench {

// A field is our ring and its peers.

struct spsc_field {
    static constexpr const char* name = "spsc";
    template <class T, std::size_t Capacity, class Wait = lfq::wait::backoff>
    using ours = lfq_spsc<T, Capacity, lfq::storage::heap, Wait>;
    template <class T, std::size_t Capacity, class Visit>
    static void for_each_peer(Visit&& visit) {
        for_each_spsc_peer<T, Capacity>(visit);
    }
};

struct mpsc_field {
    static constexpr const char* name = "mpsc";
    template <class T, std::size_t Capacity, class Wait = lfq::wait::backoff>
    using ours = lfq_mpsc<T, Capacity, lfq::storage::heap, Wait>;
    template <class T, std::size_t Capacity, class Visit>
    static void for_each_peer(Visit&& visit) {
        for_each_mpsc_peer<T, Capacity>(visit);
    }
};

}  // namespace bench
