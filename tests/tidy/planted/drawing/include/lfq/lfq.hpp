// SPDX-License-Identifier: MIT
#include <lfq/ring/a_ring.hpp>
