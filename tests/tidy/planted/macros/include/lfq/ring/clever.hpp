// SPDX-License-Identifier: MIT
// lfq/ring/clever.hpp — planted: a macro, a platform and an intrinsic outside base/.
// Room: ring (floor 3). Reads: nothing.
#pragma once

#define LFQ_CLEVER 1
#ifdef __linux__
inline void wait() { _mm_pause(); }
#endif
