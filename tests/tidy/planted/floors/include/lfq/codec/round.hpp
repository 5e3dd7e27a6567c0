// SPDX-License-Identifier: MIT
// lfq/codec/round.hpp — planted: one half of a circle.
// Room: codec (floor 3). Reads: nothing.
#pragma once

#include <lfq/codec/trip.hpp>
