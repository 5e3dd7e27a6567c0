// SPDX-License-Identifier: MIT
#include "broker/core/event.hpp"

#include <lfq/ring/a_ring.hpp>
