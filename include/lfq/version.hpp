// SPDX-License-Identifier: MIT
// lfq/version.hpp — the one place where the version is written; CMake and Conan read it from here.
#pragma once

#define LFQ_VERSION_MAJOR 0
#define LFQ_VERSION_MINOR 1
#define LFQ_VERSION_PATCH 0

/// 10000 * major + 100 * minor + patch: for comparisons in the preprocessor.
#define LFQ_VERSION (LFQ_VERSION_MAJOR * 10000 + LFQ_VERSION_MINOR * 100 + LFQ_VERSION_PATCH)
#define LFQ_VERSION_STRING "0.1.0"
