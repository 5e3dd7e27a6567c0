// SPDX-License-Identifier: MIT
// Goal: what one thread may conclude about a second location from what it read at a first.
// Method: tables; every row by the whole tree, by the tree without reduction, and by dice.
// Cannot show: programs of another shape than these.
#include "tables.hpp"

namespace {

using namespace litmus;

template <std::memory_order Store>
void writer(cells& at) {
    at.x.store(1, relaxed);
    at.y.store(1, Store);
}
template <std::memory_order Fence>
void fenced_writer(cells& at) {
    at.x.store(1, relaxed);
    fence(Fence);
    at.y.store(1, relaxed);
}
template <std::memory_order Load>
void reader(cells& at) {
    at.r[0] = at.y.load(Load);
    at.r[1] = at.x.load(relaxed);
}
template <std::memory_order Fence>
void fenced_reader(cells& at) {
    at.r[0] = at.y.load(relaxed);
    fence(Fence);
    at.r[1] = at.x.load(relaxed);
}
constexpr const char* old_message = "r0=1 r1=0";

}  // namespace

TEST_CASE("a_message_arrives_whole_when_it_is_released_and_acquired") {
    hold({
        {"relaxed, relaxed", {writer<relaxed>, reader<relaxed>}, old_message, allowed},
        {"relaxed, acquire", {writer<relaxed>, reader<acquire>}, old_message, allowed},
        {"relaxed, seq_cst", {writer<relaxed>, reader<seq_cst>}, old_message, allowed},
        {"release, relaxed", {writer<release>, reader<relaxed>}, old_message, allowed},
        {"release, acquire", {writer<release>, reader<acquire>}, old_message, forbidden},
        {"release, seq_cst", {writer<release>, reader<seq_cst>}, old_message, forbidden},
        {"seq_cst, relaxed", {writer<seq_cst>, reader<relaxed>}, old_message, allowed},
        {"seq_cst, acquire", {writer<seq_cst>, reader<acquire>}, old_message, forbidden},
        {"seq_cst, seq_cst", {writer<seq_cst>, reader<seq_cst>}, old_message, forbidden},
        {"release, acquire: the new one", {writer<release>, reader<acquire>}, "r0=1 r1=1", allowed},
        {"release, acquire: early", {writer<release>, reader<acquire>}, "r0=0 r1=1", allowed},
    });
}

TEST_CASE("fences_release_and_acquire_what_stands_around_them") {
    hold({
        {"release fence, acquire fence", {fenced_writer<release>, fenced_reader<acquire>},
            old_message, forbidden},
        {"release fence, acquire", {fenced_writer<release>, reader<acquire>}, old_message,
            forbidden},
        {"release, acquire fence", {writer<release>, fenced_reader<acquire>}, old_message,
            forbidden},
        {"seq_cst fences", {fenced_writer<seq_cst>, fenced_reader<seq_cst>}, old_message,
            forbidden},
        {"acq_rel fences", {fenced_writer<acq_rel>, fenced_reader<acq_rel>}, old_message,
            forbidden},
        {"release fence, relaxed", {fenced_writer<release>, reader<relaxed>}, old_message, allowed},
        {"relaxed, acquire fence", {writer<relaxed>, fenced_reader<acquire>}, old_message, allowed},
        {"acquire fence of the writer", {fenced_writer<acquire>, fenced_reader<acquire>},
            old_message, allowed},
        {"release fence of the reader", {fenced_writer<release>, fenced_reader<release>},
            old_message, allowed},
        {"a fence behind the store releases nothing",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, relaxed);
                 fence(release);
             },
                reader<acquire>},
            old_message, allowed},
        {"a fence before the load acquires nothing",
            {writer<release>,
                [](cells& at) {
                    fence(acquire);
                    at.r[0] = at.y.load(relaxed);
                    at.r[1] = at.x.load(relaxed);
                }},
            old_message, allowed},
    });
}

TEST_CASE("a_release_sequence_goes_on_with_read_modify_writes_only") {
    // As of C++20 a later plain store of the releasing thread is no part of it.
    hold({
        {"a relaxed exchange of another thread",
            {writer<release>,
                [](cells& at) {
                    int one = 1;
                    (void)at.y.compare_exchange_strong(one, 2, relaxed, relaxed);
                },
                reader<acquire>},
            "r0=2 r1=0", forbidden},
        {"two of them",
            {writer<release>, [](cells& at) { (void)at.y.fetch_add(10, relaxed); },
                [](cells& at) { (void)at.y.fetch_add(100, relaxed); }, reader<acquire>},
            "r0=111 r1=0", forbidden},
        {"the exchange came first",
            {writer<release>, [](cells& at) { (void)at.y.fetch_add(10, relaxed); },
                reader<acquire>},
            "r0=10 r1=0", allowed},
        {"a relaxed store of the same thread",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
                 at.y.store(2, relaxed);
             },
                reader<acquire>},
            "r0=2 r1=0", allowed},
        {"a relaxed exchange of the same thread",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
                 (void)at.y.exchange(2, relaxed);
             },
                reader<acquire>},
            "r0=2 r1=0", forbidden},
        {"a relaxed store of another thread",
            {writer<release>,
                [](cells& at) {
                    if (at.y.load(relaxed) == 1) at.y.store(2, relaxed);
                },
                reader<acquire>},
            "r0=2 r1=0", allowed},
        {"a release fence, then a relaxed exchange",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 fence(release);
                 (void)at.y.exchange(1, relaxed);
             },
                reader<acquire>},
            old_message, forbidden},
        {"the exchange acquires for its own thread only",
            {writer<release>,
                [](cells& at) {
                    (void)at.y.fetch_add(1, acquire);
                    at.z.store(1, relaxed);
                },
                [](cells& at) {
                    at.r[2] = at.z.load(acquire);
                    at.r[0] = at.y.load(relaxed);
                    at.r[1] = at.x.load(relaxed);
                }},
            "r0=2 r1=0 r2=1", allowed},
    });
}

TEST_CASE("what_was_acquired_is_released_further") {
    hold({
        {"write, read and write, read (WRC)",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.z.store(1, release);
             },
                [](cells& at) {
                    if (at.z.load(acquire) == 1) at.y.store(1, release);
                },
                reader<acquire>},
            old_message, forbidden},
        {"WRC, the one in the middle relaxed",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.z.store(1, release);
             },
                [](cells& at) {
                    if (at.z.load(relaxed) == 1) at.y.store(1, release);
                },
                reader<acquire>},
            old_message, allowed},
        {"WRC, coherence in the middle",
            {[](cells& at) { at.x.store(1, relaxed); },
                [](cells& at) {
                    if (at.x.load(relaxed) == 1) at.y.store(1, release);
                },
                reader<acquire>},
            old_message, forbidden},
        {"WRC, coherence in the middle, store relaxed",
            {[](cells& at) { at.x.store(1, relaxed); },
                [](cells& at) {
                    if (at.x.load(relaxed) == 1) at.y.store(1, relaxed);
                },
                reader<acquire>},
            old_message, allowed},
    });
}

TEST_CASE("a_chain_of_messages_breaks_where_one_is_relaxed") {
    hold({
        {"three hops (ISA2)",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    at.r[0] = at.y.load(acquire);
                    at.z.store(1, release);
                },
                [](cells& at) {
                    at.r[1] = at.z.load(acquire);
                    at.r[2] = at.x.load(relaxed);
                }},
            "r0=1 r1=1 r2=0", forbidden},
        {"ISA2, a hop relaxed",
            {[](cells& at) {
                 at.x.store(1, relaxed);
                 at.y.store(1, release);
             },
                [](cells& at) {
                    at.r[0] = at.y.load(acquire);
                    at.z.store(1, relaxed);
                },
                [](cells& at) {
                    at.r[1] = at.z.load(acquire);
                    at.r[2] = at.x.load(relaxed);
                }},
            "r0=1 r1=1 r2=0", allowed},
        {"the tail and the head of a ring (DPDK until 2025): a fence between two loads",
            {[](cells& at) { at.x.store(1, release); },
                [](cells& at) {
                    at.r[2] = at.x.load(acquire);
                    int zero = 0;
                    (void)at.y.compare_exchange_strong(zero, 1, relaxed, relaxed);
                },
                fenced_reader<acquire>},
            "r0=1 r1=0 r2=1", allowed},
        {"the same, mended: the head is moved by a release",
            {[](cells& at) { at.x.store(1, release); },
                [](cells& at) {
                    at.r[2] = at.x.load(acquire);
                    int zero = 0;
                    (void)at.y.compare_exchange_strong(zero, 1, release, relaxed);
                },
                fenced_reader<acquire>},
            "r0=1 r1=0 r2=1", forbidden},
    });
}
