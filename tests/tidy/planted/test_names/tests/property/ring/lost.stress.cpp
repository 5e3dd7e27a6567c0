// SPDX-License-Identifier: MIT
// Goal: planted: a test in the folder of another kind.
// Method: none.
// Cannot show: anything.
TEST_CASE("every_value_comes_through_once") {}
