// SPDX-License-Identifier: MIT
// Goal: a magazine belongs to one thread at a time and comes with what lies in it, also when it is
//       popped and pushed again while another thread looks at it (ABA).
// Method: three magazines; their watched fields are written by whoever has one, so two owners at
//       once are a race. The tag begins just below its wrap.
// Cannot show: a thread that is stopped for 2^32 pops.
#include "checker/scenario.hpp"
#include "checker/tracked.hpp"

#include <lfq/pool/magazine_stack.hpp>

#include <array>

namespace {

using namespace model;

using env_before_wrap = env_from<UINT64_MAX>;
using one = lfq::magazine<int, env_before_wrap>;
using stack = lfq::magazine_stack<one, env_before_wrap>;

// Says in the magazine that it is mine; a race, if somebody else does.
void own(one& mine, std::uint32_t owner) {
    mine.chain_first = owner;
    check(mine.chain_first == owner, "nobody else's");
}

// What is left comes out once each.
void check_all_there(stack& some, std::size_t count) {
    std::size_t found = 0;
    for (one* each = some.pop(); each != nullptr; each = some.pop()) {
        own(*each, 9);
        ++found;
        check(found <= count, "each of them once");
    }
    check(found == count, "all of them");
}

void comes_with_what_lies_in_it(execution& here) {
    std::array<one, 2> all{one(nullptr), one(nullptr)};
    stack some(all.data());
    some.push(all[1]);
    here.run(thread{"who fills it",
                 [&] {
                     all[0].chain_count = 7;
                     some.push(all[0]);
                 }},
        thread{"who pops it", [&] {
                   one* const top = some.pop();
                   check(top != nullptr, "one was there");
                   check(top == &all[1] || top->chain_count == 7, "what was put into it");
                   own(*top, 2);
                   some.push(*top);
               }});
    check_all_there(some, 2);
}
const scenario comes(
    "magazine_stack/comes_with_what_lies_in_it", {.spurious = 1}, comes_with_what_lies_in_it);

// The word of the stack names the same magazine again, but what is below it has an owner by now.
void popped_and_pushed_again(execution& here) {
    std::array<one, 3> all{one(nullptr), one(nullptr), one(nullptr)};
    stack some(all.data());
    for (one& each : all) some.push(each);
    std::size_t left = 3;
    here.run(thread{"who looks",
                 [&] {
                     one* const mine = some.pop();
                     check(mine != nullptr, "three were there, the other has two at most");
                     own(*mine, 1);
                     --left;
                 }},
        thread{"who pops two and pushes one", [&] {
                   one* const first = some.pop();
                   one* const second = some.pop();
                   check(first != nullptr && second != nullptr, "three were there");
                   own(*first, 2);
                   own(*second, 2);
                   some.push(*first);
                   own(*second, 2);
                   --left;
               }});
    check_all_there(some, left);
}
const scenario again("magazine_stack/popped_and_pushed_again", {}, popped_and_pushed_again);

void two_push_and_pop(execution& here) {
    std::array<one, 3> all{one(nullptr), one(nullptr), one(nullptr)};
    stack some(all.data());
    some.push(all[2]);
    const auto exchange = [&](one& mine, std::uint32_t owner) {
        own(mine, owner);
        some.push(mine);
        one* const got = some.pop();
        check(got != nullptr, "there is at least the own one");
        own(*got, owner);
        some.push(*got);
    };
    here.run(thread{"one", [&] { exchange(all[0], 1); }},
        thread{"another", [&] { exchange(all[1], 2); }});
    check_all_there(some, 3);
}
const scenario two("magazine_stack/two_push_and_pop", {.preemptions = 3}, two_push_and_pop);

}  // namespace
