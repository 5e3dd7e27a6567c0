// SPDX-License-Identifier: MIT
// Goal: what C++20 allows and the checker does not find, no more and no less.
// Method: tables; every row by the whole tree, by the tree without reduction, and by dice; a store
//         may stand before older ones.
// Cannot show: programs of another shape than these.
#include "tables.hpp"

namespace {

using namespace litmus;

}  // namespace

TEST_CASE("a_load_never_returns_a_store_that_is_executed_later") {
    // Load buffering.
    hold(
        {
            {"load buffering, relaxed",
                {[](cells& at) {
                     at.r[0] = at.x.load(relaxed);
                     at.y.store(1, relaxed);
                 },
                    [](cells& at) {
                        at.r[1] = at.y.load(relaxed);
                        at.x.store(1, relaxed);
                    }},
                "r0=1 r1=1", missed},
            {"load buffering, one side released",
                {[](cells& at) {
                     at.r[0] = at.x.load(relaxed);
                     at.y.store(1, release);
                 },
                    [](cells& at) {
                        at.r[1] = at.y.load(relaxed);
                        at.x.store(1, relaxed);
                    }},
                "r0=1 r1=1", missed},
            {"load buffering, released and acquired",
                {[](cells& at) {
                     at.r[0] = at.x.load(acquire);
                     at.y.store(1, release);
                 },
                    [](cells& at) {
                        at.r[1] = at.y.load(acquire);
                        at.x.store(1, release);
                    }},
                "r0=1 r1=1", forbidden},
            {"a value out of thin air",
                {[](cells& at) {
                     at.r[0] = at.x.load(relaxed);
                     at.y.store(at.r[0], relaxed);
                 },
                    [](cells& at) {
                        at.r[1] = at.y.load(relaxed);
                        at.x.store(at.r[1], relaxed);
                    }},
                "r0=1", forbidden},
        },
        with_reordered_stores());
}

TEST_CASE("the_total_order_is_the_order_of_execution") {
    // C++20 lets the total order contradict a happens-before that only other accesses make (Z6.U).
    hold(
        {
            {"Z6.U",
                {[](cells& at) {
                     at.x.store(1, seq_cst);
                     at.y.store(1, release);
                 },
                    [](cells& at) {
                        at.r[0] = at.y.fetch_add(1, seq_cst);
                        at.r[1] = at.y.load(relaxed);
                    },
                    [](cells& at) {
                        at.y.store(3, seq_cst);
                        at.r[2] = at.x.load(seq_cst);
                    }},
                "r0=1 r1=3 r2=0", missed},
            {"Z6.U, every access seq_cst",
                {[](cells& at) {
                     at.x.store(1, seq_cst);
                     at.y.store(1, seq_cst);
                 },
                    [](cells& at) {
                        at.r[0] = at.y.fetch_add(1, seq_cst);
                        at.r[1] = at.y.load(seq_cst);
                    },
                    [](cells& at) {
                        at.y.store(3, seq_cst);
                        at.r[2] = at.x.load(seq_cst);
                    }},
                "r0=1 r1=3 r2=0", forbidden},
        },
        with_reordered_stores());
}
