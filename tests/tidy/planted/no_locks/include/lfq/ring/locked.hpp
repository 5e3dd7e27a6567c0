// SPDX-License-Identifier: MIT
// lfq/ring/locked.hpp — planted: a ring with a mutex. The word mutex in a comment is none.
// Room: ring (floor 3). Reads: nothing.
#pragma once

#include <mutex>

inline std::mutex gate;
