// SPDX-License-Identifier: MIT
#include <mutex>
