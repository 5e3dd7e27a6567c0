// SPDX-License-Identifier: MIT
// What is read before every file of scenarios, once for all (CMakeLists.txt, ../mutants). Nothing
// of lfq: a mutant has headers of its own, and the others are compiled from where they are.
#pragma once

#include "checker/env.hpp"
#include "checker/orders.hpp"
#include "checker/programs.hpp"
#include "checker/scenario.hpp"
#include "checker/tracked.hpp"
#include "checker/two_views.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
