// SPDX-License-Identifier: MIT
// lfq/policy/wait.hpp — planted: tells the wrong floor, and more rooms than it reads.
// Room: policy (floor 3). Reads: base, sys.
#pragma once

#include <lfq/base/config.hpp>
