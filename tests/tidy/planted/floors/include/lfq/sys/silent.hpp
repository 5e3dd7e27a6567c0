// SPDX-License-Identifier: MIT
// lfq/sys/silent.hpp — planted: does not tell what it reads.
// Room: sys (floor 1). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <sched.h>
