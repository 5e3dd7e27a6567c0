// SPDX-License-Identifier: MIT
// Goal: what sequentially consistent operations and fences forbid, and what they alone forbid.
// Method: tables; every row by the whole tree, by the tree without reduction, and by dice.
// Cannot show: what the checker does not model; the rows marked `missed` say what that is.
#include "tables.hpp"

namespace {

using namespace litmus;

// Store buffering: each thread stores to its own location and looks at the other's.

template <std::memory_order Store, std::memory_order Load>
void mine_x(cells& at) {
    at.x.store(1, Store);
    at.r[0] = at.y.load(Load);
}
template <std::memory_order Store, std::memory_order Load>
void mine_y(cells& at) {
    at.y.store(1, Store);
    at.r[1] = at.x.load(Load);
}
template <std::memory_order Fence>
void fenced_x(cells& at) {
    at.x.store(1, relaxed);
    fence(Fence);
    at.r[0] = at.y.load(relaxed);
}
template <std::memory_order Fence>
void fenced_y(cells& at) {
    at.y.store(1, relaxed);
    fence(Fence);
    at.r[1] = at.x.load(relaxed);
}
template <std::memory_order Exchange>
void exchange_x(cells& at) {
    (void)at.x.exchange(1, Exchange);
    at.r[0] = at.y.load(acquire);
}
template <std::memory_order Exchange>
void exchange_y(cells& at) {
    (void)at.y.exchange(1, Exchange);
    at.r[1] = at.x.load(acquire);
}
constexpr const char* neither = "r0=0 r1=0";

// Independent reads of independent writes.

template <std::memory_order Store>
void write_x(cells& at) {
    at.x.store(1, Store);
}
template <std::memory_order Store>
void write_y(cells& at) {
    at.y.store(1, Store);
}
template <std::memory_order Load>
void read_xy(cells& at) {
    at.r[0] = at.x.load(Load);
    at.r[1] = at.y.load(Load);
}
template <std::memory_order Load>
void read_yx(cells& at) {
    at.r[2] = at.y.load(Load);
    at.r[3] = at.x.load(Load);
}
template <std::memory_order Fence>
void fenced_read_xy(cells& at) {
    at.r[0] = at.x.load(relaxed);
    fence(Fence);
    at.r[1] = at.y.load(relaxed);
}
template <std::memory_order Fence>
void fenced_read_yx(cells& at) {
    at.r[2] = at.y.load(relaxed);
    fence(Fence);
    at.r[3] = at.x.load(relaxed);
}
constexpr const char* readers_disagree = "r0=1 r1=0 r2=1 r3=0";

}  // namespace

TEST_CASE("store_buffering_ends_only_by_one_total_order") {
    hold({
        {"relaxed", {mine_x<relaxed, relaxed>, mine_y<relaxed, relaxed>}, neither, allowed},
        {"release, acquire", {mine_x<release, acquire>, mine_y<release, acquire>}, neither,
            allowed},
        {"seq_cst", {mine_x<seq_cst, seq_cst>, mine_y<seq_cst, seq_cst>}, neither, forbidden},
        {"seq_cst stores", {mine_x<seq_cst, acquire>, mine_y<seq_cst, acquire>}, neither, allowed},
        {"seq_cst loads", {mine_x<release, seq_cst>, mine_y<release, seq_cst>}, neither, allowed},
        {"one of four relaxed", {mine_x<seq_cst, seq_cst>, mine_y<seq_cst, relaxed>}, neither,
            allowed},
        {"seq_cst fences", {fenced_x<seq_cst>, fenced_y<seq_cst>}, neither, forbidden},
        {"acq_rel fences", {fenced_x<acq_rel>, fenced_y<acq_rel>}, neither, allowed},
        {"one seq_cst fence", {fenced_x<seq_cst>, mine_y<relaxed, relaxed>}, neither, allowed},
        {"a seq_cst and an acq_rel fence", {fenced_x<seq_cst>, fenced_y<acq_rel>}, neither,
            allowed},
        {"exchanges, acq_rel", {exchange_x<acq_rel>, exchange_y<acq_rel>}, neither, allowed},
        {"exchanges, seq_cst, but not the loads", {exchange_x<seq_cst>, exchange_y<seq_cst>},
            neither, allowed},
        {"exchanges of one location",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 (void)at.z.exchange(1, acq_rel);
                 at.r[0] = at.y.load(relaxed);
             },
                [](cells& at) {
                    at.y.store(1, relaxed);
                    (void)at.z.exchange(1, acq_rel);
                    at.r[1] = at.x.load(relaxed);
                }},
            neither, forbidden},
    });
}

TEST_CASE("seq_cst_accesses_and_seq_cst_fences_stand_in_one_order") {
    hold({
        {"accesses here, a fence there", {mine_x<seq_cst, seq_cst>, fenced_y<seq_cst>}, neither,
            forbidden},
        {"only the store here", {mine_x<seq_cst, relaxed>, fenced_y<seq_cst>}, neither, allowed},
        {"only the load here", {mine_x<relaxed, seq_cst>, fenced_y<seq_cst>}, neither, allowed},
        {"exchanges here, a fence there", {exchange_x<seq_cst>, fenced_y<seq_cst>}, neither,
            allowed},
        {"a failed compare-exchange loads as its second order says",
            {[](cells& at) {
                 at.x.store(1, seq_cst);
                 int never = 7;
                 (void)at.y.compare_exchange_strong(never, 8, seq_cst, relaxed);
                 at.r[0] = never;
             },
                mine_y<seq_cst, seq_cst>},
            neither, allowed},
        {"and that may be the stronger one",
            {[](cells& at) {
                 at.x.store(1, seq_cst);
                 int never = 7;
                 (void)at.y.compare_exchange_strong(never, 8, relaxed, seq_cst);
                 at.r[0] = never;
             },
                mine_y<seq_cst, seq_cst>},
            neither, forbidden},
    });
}

TEST_CASE("independent_readers_agree_only_by_one_total_order") {
    hold({
        {"relaxed", {write_x<relaxed>, write_y<relaxed>, read_xy<relaxed>, read_yx<relaxed>},
            readers_disagree, allowed},
        {"release, acquire",
            {write_x<release>, write_y<release>, read_xy<acquire>, read_yx<acquire>},
            readers_disagree, allowed},
        {"seq_cst", {write_x<seq_cst>, write_y<seq_cst>, read_xy<seq_cst>, read_yx<seq_cst>},
            readers_disagree, forbidden},
        {"seq_cst, a reader acquires only",
            {write_x<seq_cst>, write_y<seq_cst>, read_xy<seq_cst>, read_yx<acquire>},
            readers_disagree, allowed},
        {"seq_cst readers of released stores",
            {write_x<release>, write_y<release>, read_xy<seq_cst>, read_yx<seq_cst>},
            readers_disagree, forbidden},
        {"seq_cst fences between the loads",
            {write_x<relaxed>, write_y<relaxed>, fenced_read_xy<seq_cst>, fenced_read_yx<seq_cst>},
            readers_disagree, forbidden},
        {"acq_rel fences between the loads",
            {write_x<release>, write_y<release>, fenced_read_xy<acq_rel>, fenced_read_yx<acq_rel>},
            readers_disagree, allowed},
        {"read-modify-writes as loads",
            {write_x<release>, write_y<release>,
                [](cells& at) {
                    at.r[0] = at.x.fetch_add(0, acq_rel);
                    at.r[1] = at.y.fetch_add(0, acq_rel);
                },
                [](cells& at) {
                    at.r[2] = at.y.fetch_add(0, acq_rel);
                    at.r[3] = at.x.fetch_add(0, acq_rel);
                }},
            readers_disagree, forbidden},
    });
}
