// SPDX-License-Identifier: MIT
// Goal: in which order stores of several threads may take effect.
// Method: tables; every row by the whole tree, by the tree without reduction, and by dice; a store
//         may stand before older ones.
// Cannot show: programs of another shape than these.
#include "tables.hpp"

namespace {

using namespace litmus;

}  // namespace

TEST_CASE("stores_to_two_locations_may_take_effect_in_either_order") {
    hold(
        {
            {"2+2W, relaxed",
                {[](cells& at) {
                     at.x.store(1, relaxed);
                     at.y.store(2, relaxed);
                 },
                    [](cells& at) {
                        at.y.store(1, relaxed);
                        at.x.store(2, relaxed);
                    }},
                "x=1 y=1", allowed},
            {"2+2W, release",
                {[](cells& at) {
                     at.x.store(1, release);
                     at.y.store(2, release);
                 },
                    [](cells& at) {
                        at.y.store(1, release);
                        at.x.store(2, release);
                    }},
                "x=1 y=1", allowed},
            {"R, relaxed",
                {[](cells& at) {
                     at.x.store(1, relaxed);
                     at.y.store(1, relaxed);
                 },
                    [](cells& at) {
                        at.y.store(2, relaxed);
                        at.r[0] = at.x.load(relaxed);
                    }},
                "r0=0 y=2", allowed},
            {"S, relaxed",
                {[](cells& at) {
                     at.x.store(2, relaxed);
                     at.y.store(1, relaxed);
                 },
                    [](cells& at) {
                        at.r[0] = at.y.load(relaxed);
                        at.x.store(1, relaxed);
                    }},
                "r0=1 x=2", allowed},
            {"S, released only",
                {[](cells& at) {
                     at.x.store(2, relaxed);
                     at.y.store(1, release);
                 },
                    [](cells& at) {
                        at.r[0] = at.y.load(relaxed);
                        at.x.store(1, relaxed);
                    }},
                "r0=1 x=2", allowed},
        },
        with_reordered_stores());
}

TEST_CASE("a_total_order_or_happens_before_keeps_stores_in_order") {
    hold(
        {
            {"2+2W, seq_cst",
                {[](cells& at) {
                     at.x.store(1, seq_cst);
                     at.y.store(2, seq_cst);
                 },
                    [](cells& at) {
                        at.y.store(1, seq_cst);
                        at.x.store(2, seq_cst);
                    }},
                "x=1 y=1", forbidden},
            {"2+2W, seq_cst fences",
                {[](cells& at) {
                     at.x.store(1, relaxed);
                     fence(seq_cst);
                     at.y.store(2, relaxed);
                 },
                    [](cells& at) {
                        at.y.store(1, relaxed);
                        fence(seq_cst);
                        at.x.store(2, relaxed);
                    }},
                "x=1 y=1", forbidden},
            {"R, seq_cst",
                {[](cells& at) {
                     at.x.store(1, seq_cst);
                     at.y.store(1, seq_cst);
                 },
                    [](cells& at) {
                        at.y.store(2, seq_cst);
                        at.r[0] = at.x.load(seq_cst);
                    }},
                "r0=0 y=2", forbidden},
            {"R, seq_cst fences",
                {[](cells& at) {
                     at.x.store(1, relaxed);
                     fence(seq_cst);
                     at.y.store(1, relaxed);
                 },
                    [](cells& at) {
                        at.y.store(2, relaxed);
                        fence(seq_cst);
                        at.r[0] = at.x.load(relaxed);
                    }},
                "r0=0 y=2", forbidden},
            {"S, release and acquire",
                {[](cells& at) {
                     at.x.store(2, relaxed);
                     at.y.store(1, release);
                 },
                    [](cells& at) {
                        at.r[0] = at.y.load(acquire);
                        at.x.store(1, relaxed);
                    }},
                "r0=1 x=2", forbidden},
        },
        with_reordered_stores());
}

TEST_CASE("without_reordered_stores_modification_order_is_the_order_of_execution") {
    hold({
        {"2+2W, relaxed",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(2, relaxed);
             },
                [](cells& at) {
                    at.y.store(1, relaxed);
                    at.x.store(2, relaxed);
                }},
            "x=1 y=1", missed},
    });
}
