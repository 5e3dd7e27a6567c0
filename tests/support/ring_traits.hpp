// SPDX-License-Identifier: MIT
// Which verbs a ring has that not every ring can have.
#pragma once

#include <type_traits>

namespace support {

/// Slots can be claimed and built in place.
template <class Ring>
inline constexpr bool claims = requires {
    typename Ring::claimed;
};

/// Copies that may throw can be pushed in batches: a claim that is given up is the way to do that.
template <class Ring>
inline constexpr bool copies_batches =
    claims<Ring> || std::is_nothrow_copy_constructible_v<typename Ring::value_type>;

template <class Ring>
struct no_claim {
    using claimed = no_claim;
};
/// What a claim grants; where there are none, something else.
template <class Ring>
using claimed_of = typename std::conditional_t<claims<Ring>, Ring, no_claim<Ring>>::claimed;

}  // namespace support
