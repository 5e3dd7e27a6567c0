// SPDX-License-Identifier: MIT
#include "broker/core/event.hpp"
#include "broker/net/protocol.hpp"

#include <lfq/ring/spsc_ring.hpp>
