// SPDX-License-Identifier: MIT
// lfq/codec/trip.hpp — planted: the other half.
// Room: codec (floor 3). Reads: nothing.
#pragma once

#include <lfq/codec/round.hpp>

#include "round.hpp"
