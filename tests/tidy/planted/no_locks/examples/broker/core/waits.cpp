// SPDX-License-Identifier: MIT
void wait() { const std::lock_guard inside(gate); }
