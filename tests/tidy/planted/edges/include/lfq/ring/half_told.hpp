// SPDX-License-Identifier: MIT
// lfq/ring/half_told.hpp — planted: one edge is told in the page, one is not.
// Room: ring (floor 3). Reads: nothing.
#pragma once

// Edges (docs/design/memory_model.md):
//   publish    a → b: told
//   give back  b → a: not told
