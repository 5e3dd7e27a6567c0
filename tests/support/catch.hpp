// SPDX-License-Identifier: MIT
// Catch2 3 or 2 under one name; only what both have is used. Assert on the test's own thread:
// neither is thread-safe.
#pragma once

// An exception in the middle of an assertion ends its case. In return no assertion brings a handler
// along, and a large file compiles in three quarters of the time.
#define CATCH_CONFIG_FAST_COMPILE

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#else
#include <catch2/catch.hpp>
#endif

#ifndef SKIP  // Catch2 2 has none: there a skipped case passes with a warning.
#define SKIP(reason)                 \
    do {                             \
        WARN("skipped: " << reason); \
        return;                      \
    } while (false)
#endif
