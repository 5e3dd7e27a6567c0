// SPDX-License-Identifier: MIT
#pragma once

#include "broker/core/state.hpp"
