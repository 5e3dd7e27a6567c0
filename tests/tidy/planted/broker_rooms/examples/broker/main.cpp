// SPDX-License-Identifier: MIT
#include "broker/core/event.hpp"
