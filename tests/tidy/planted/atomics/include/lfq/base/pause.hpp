// SPDX-License-Identifier: MIT
// lfq/base/pause.hpp — planted: its assembly may be volatile, and nothing else.
// Room: base (floor 0). Reads: nothing.
#pragma once

inline void cpu_pause() { asm volatile("pause"); }
inline volatile int flag;
