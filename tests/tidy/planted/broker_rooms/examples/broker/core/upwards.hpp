// SPDX-License-Identifier: MIT
#pragma once

#include "broker/config.hpp"
#include "broker/net/probe.hpp"
