// SPDX-License-Identifier: MIT
// Goal: planted names.
TEST_CASE("basic push works") {}
TEST_CASE("a_value_that_was_pushed_is_popped") {}
TEST_CASE("a_value_that_was_pushed_is_popped") {}
TEST_CASE("a_ring_works") {}
TEMPLATE_LIST_TEST_CASE(
    "push_pop", "", numbers) {}
