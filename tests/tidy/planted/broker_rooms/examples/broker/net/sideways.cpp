// SPDX-License-Identifier: MIT
#include "broker/control/step.hpp"
#include "broker/core/event.hpp"
#include "probe.hpp"
