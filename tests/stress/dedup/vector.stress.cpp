// SPDX-License-Identifier: MIT
// Goal: of threads that offer the same keys one hears fresh, also where lines are compared at once.
// Method: as in deduplicator.stress.cpp, compiled for AVX2 where the compiler knows it.
// Cannot show: orders of memory that this processor keeps anyway. ThreadSanitizer gets the scalar
//       form.
#include "stress/dedup/offers.hpp"
#include "support/catch.hpp"
#include "support/vector_cpu.hpp"

TEST_CASE("one_of_four_hears_fresh_by_vector") {
    if (!support::vectors_work()) SKIP("no AVX2 here");
    support::one_hears_fresh<lfq::compare::vector>(1);
    support::one_hears_fresh<lfq::compare::vector>(16);
}
