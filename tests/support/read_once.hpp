// SPDX-License-Identifier: MIT
// What is read before every file of the tests, once for all (tests/CMakeLists.txt). A test includes
// what it needs all the same.
#pragma once

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <vector>
