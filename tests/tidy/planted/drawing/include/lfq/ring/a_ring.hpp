// SPDX-License-Identifier: MIT
#include <lfq/base/config.hpp>
