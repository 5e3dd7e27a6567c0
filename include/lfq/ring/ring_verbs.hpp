// SPDX-License-Identifier: MIT
// lfq/ring/ring_verbs.hpp — the verbs of single values, both sides' in one object.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/pop_verbs.hpp>
#include <lfq/ring/push_verbs.hpp>

namespace lfq::inline LFQ_ABI {

/// Base of the rings that have one consumer; nobody names it. A Ring has what push_verbs, pop_verbs
/// and waiting_verbs ask for, with giving, taking and waiting_verbs<Ring, Wait> as its friends.
template <class Ring, class T, wait_policy Wait>
class ring_verbs : public pop_verbs<Ring, T, Wait, push_verbs<Ring, T, Wait>> {
protected:
    ring_verbs() = default;

    using giving = push_verbs<Ring, T, Wait>;
    using taking = pop_verbs<Ring, T, Wait, giving>;
};

}  // namespace lfq::inline LFQ_ABI
