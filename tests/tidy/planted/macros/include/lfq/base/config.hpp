// SPDX-License-Identifier: MIT
// lfq/base/config.hpp — planted: one macro is called right.
// Room: base (floor 0). Reads: nothing.
#pragma once

#ifndef LFQ_RIGHT
#define LFQ_RIGHT 1
#endif
#define CACHE_LINE 64
