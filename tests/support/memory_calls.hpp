// SPDX-License-Identifier: MIT
// The calls of memory on a node, counted, of which one fails when a test says so; and a kernel with
// nodes that this machine does not have.
#pragma once

#include <lfq/sys/node_memory.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

#include <sys/mman.h>

namespace support {

struct memory_calls {
    using real = lfq::sys::memory_calls;

    static inline std::size_t mapped_bytes = 0;
    static inline std::string fails{};  // the call that does
    static inline int error = 0;
    // Where pages are, as a pretended kernel tells: of page i on pages[i % size]. Empty: the real
    // one is asked.
    static inline std::vector<int> pages{};
    static inline std::vector<unsigned> nodes{};  // those there are, when it pretends
    static inline std::vector<unsigned> bound{};  // what mbind was called with

    static void fail(const char* call, int with) {
        fails = call;
        error = with;
    }
    static void behave() {
        fails.clear();
        pages.clear();
        nodes.clear();
        bound.clear();
    }

    static long sysconf(int name) noexcept { return due("sysconf") ? -1 : real::sysconf(name); }
    static void* mmap(std::size_t bytes) noexcept {
        if (due("mmap")) return MAP_FAILED;
        void* const got = real::mmap(bytes);
        if (got != MAP_FAILED) mapped_bytes += bytes;
        return got;
    }
    static int munmap(void* at, std::size_t bytes) noexcept {
        mapped_bytes -= bytes;
        return real::munmap(at, bytes);
    }
    static long mbind(void* at, std::size_t bytes, const lfq::sys::node_mask& node) noexcept {
        if (due("mbind")) return -1;
        bound = node.nodes();
        return nodes.empty() ? real::mbind(at, bytes, node) : 0;
    }
    static long get_mempolicy(lfq::sys::node_mask& mask) noexcept {
        if (due("get_mempolicy")) return -1;
        if (nodes.empty()) return real::get_mempolicy(mask);
        for (const unsigned node : nodes) {
            const lfq::sys::node_mask one(node);
            for (unsigned word = 0; word < lfq::sys::nodes_max / 64; ++word)
                mask.words()[word] |= one.words()[word];
        }
        return 0;
    }
    static long move_pages(std::size_t count, void** at, int* told) noexcept {
        if (due("move_pages")) return -1;
        if (pages.empty()) return real::move_pages(count, at, told);
        for (std::size_t i = 0; i < count; ++i) told[i] = pages[i % pages.size()];
        return 0;
    }

private:
    static bool due(const char* call) noexcept {
        if (fails != call) return false;
        errno = error;
        return true;
    }
};

}  // namespace support
