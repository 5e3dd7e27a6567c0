// SPDX-License-Identifier: MIT
// All that can be seen of a ring, compared with its model.
#pragma once

#include "property/ring/verb_transcript.hpp"
#include "support/reference_ring.hpp"

#include <lfq/ring/ring_statistics.hpp>

namespace ring_twins {

template <class Ring>
void compare_observers(
    const Ring& ring, const support::reference_ring& model, const verb_transcript& transcript) {
    const lfq::ring_statistics seen = ring.statistics();
    transcript.agree(ring.size_approx() == model.size(), "size_approx");
    transcript.agree(ring.empty_approx() == (model.size() == 0), "empty_approx");
    transcript.agree(ring.closed() == model.closed(), "closed");
    transcript.agree(ring.drained() == model.drained(), "drained");
    transcript.agree(seen.published == model.published, "published");
    transcript.agree(seen.consumed == model.consumed, "consumed");
    transcript.agree(seen.skipped == model.skipped, "skipped");
    transcript.agree(seen.refused_pushes == model.refused_pushes, "refused_pushes");
    transcript.agree(seen.refused_pops == model.refused_pops, "refused_pops");
    transcript.agree(seen.high_water <= ring.capacity(), "high_water above capacity");
    transcript.agree(seen.high_water >= model.most_ready, "high_water below what could be taken");
}

}  // namespace ring_twins
