// SPDX-License-Identifier: MIT
// Rings whose positions wrap after a few values: everything that counts must survive it.
#pragma once

#include <lfq/base/env.hpp>

#include <cstdint>

namespace support {

/// Three positions below the wrap of 2^64; on shared rings, which count modulo 2^63, three below
/// that.
struct env_near_wrap : lfq::std_env {
    static constexpr std::uint64_t first_position = UINT64_MAX - 2;
};

}  // namespace support
