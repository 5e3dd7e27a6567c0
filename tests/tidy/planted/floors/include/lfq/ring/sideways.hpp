// SPDX-License-Identifier: MIT
// lfq/ring/sideways.hpp — planted: sees a room on its own floor, the OS, and sys/.
// Room: ring (floor 3). Reads: codec, sys.
#pragma once

#include <lfq/codec/round.hpp>
#include <lfq/sys/silent.hpp>

#include <sys/mman.h>
