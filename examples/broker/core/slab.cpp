// SPDX-License-Identifier: MIT
#include "broker/core/slab.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/mman.h>

namespace broker::core {

void slab::add_references(std::uint32_t count) noexcept {
    // own: the caller holds a reference, so the slab cannot go meanwhile; nothing is published.
    references.fetch_add(count, std::memory_order_relaxed);
}

void slab::drop_references(std::uint32_t count) noexcept {
    // release and acquire give back: the last one comes after every reader, and hands the slab on.
    if (references.fetch_sub(count, std::memory_order_acq_rel) == count) home->give_back(*this);
}

slab_pool::slab_pool(std::size_t count, std::size_t slab_bytes)
    : count_(count), slab_bytes_(slab_bytes), range_(nullptr) {
    if (count == 0 || slab_bytes == 0 || count > UINT32_MAX - 1) {
        throw std::length_error("slab_pool: a number and a size of slabs above 0 are needed");
    }
    slabs_ = std::make_unique<slab[]>(count);
    void* const range = ::mmap(nullptr, count * slab_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap of the slabs");
    }
    range_ = static_cast<std::byte*>(range);
    for (std::size_t i = 0; i < count; ++i) {
        slabs_[i].bytes = range_ + i * slab_bytes;
        slabs_[i].home = this;
        slabs_[i].index = static_cast<std::uint32_t>(i);
        const bool last = i + 1 == count;
        // own: nobody else knows the pool yet.
        slabs_[i].next.store(
            last ? 0 : static_cast<std::uint32_t>(i + 2), std::memory_order_relaxed);
    }
    free_.store(1, std::memory_order_relaxed);  // own: as above
}

slab_pool::~slab_pool() { ::munmap(range_, count_ * slab_bytes_); }

slab* slab_pool::take(std::uint32_t references) noexcept {
    // acquire give back: pairs with the release in give_back().
    std::uint64_t seen = free_.load(std::memory_order_acquire);
    for (;;) {
        const auto first = static_cast<std::uint32_t>(seen);
        if (first == 0) return nullptr;
        slab& one = slabs_[first - 1];
        // hint: if somebody took the slab meanwhile, the number has changed and the exchange fails.
        const std::uint32_t next = one.next.load(std::memory_order_relaxed);
        const std::uint64_t wanted = (((seen >> 32) + 1) << 32) | next;
        // acquire give back: pairs with the release in give_back(), also when it fails and looks
        // again.
        if (free_.compare_exchange_weak(
                seen, wanted, std::memory_order_acquire, std::memory_order_acquire)) {
            one.references.store(references, std::memory_order_relaxed);  // own: just taken
            taken_.fetch_add(1, std::memory_order_relaxed);  // count: for the control thread
            return &one;
        }
    }
}

void slab_pool::give_back(slab& one) noexcept {
    std::uint64_t seen = free_.load(std::memory_order_relaxed);  // hint: the exchange checks it
    std::uint64_t wanted = 0;
    do {
        // own: ours until the exchange succeeds.
        one.next.store(static_cast<std::uint32_t>(seen), std::memory_order_relaxed);
        wanted = (((seen >> 32) + 1) << 32) | (one.index + 1);
        // release give back: pairs with the acquire in take().
    } while (!free_.compare_exchange_weak(
        seen, wanted, std::memory_order_release, std::memory_order_relaxed));
    taken_.fetch_sub(1, std::memory_order_relaxed);  // count: for the control thread
}

}  // namespace broker::core
