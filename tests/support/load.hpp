// SPDX-License-Identifier: MIT
// How much a test may do in this build: sanitizers cost 5 to 20 times.
#pragma once

#include <cstdint>

namespace support {

#if defined(__has_feature)
#define LFQ_TEST_HAS_FEATURE(feature) __has_feature(feature)
#else
#define LFQ_TEST_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_THREAD__) || LFQ_TEST_HAS_FEATURE(thread_sanitizer)
inline constexpr bool watched_for_races = true;
#else
inline constexpr bool watched_for_races = false;
#endif

#if defined(__SANITIZE_ADDRESS__) || LFQ_TEST_HAS_FEATURE(address_sanitizer)
inline constexpr bool watched_for_addresses = true;
#else
inline constexpr bool watched_for_addresses = false;
#endif

/// `count` in a plain build, a tenth of it under a sanitizer.
[[nodiscard]] constexpr std::uint64_t affordable(std::uint64_t count) noexcept {
    return watched_for_races || watched_for_addresses ? count / 10 + 1 : count;
}

}  // namespace support
