// lfq/ring/late.hpp — planted: the licence comes second.
// SPDX-License-Identifier: MIT
#pragma once
