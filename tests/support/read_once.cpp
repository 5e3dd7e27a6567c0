// SPDX-License-Identifier: MIT
// Nothing: read_once.hpp wants a file to be compiled with.
