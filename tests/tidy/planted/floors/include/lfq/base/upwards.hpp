// SPDX-License-Identifier: MIT
// lfq/base/upwards.hpp — planted: includes a floor above.
// Room: base (floor 0). Reads: policy.
#pragma once

#include <lfq/policy/wait.hpp>
