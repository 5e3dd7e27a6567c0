// SPDX-License-Identifier: MIT
// broker/core/slab.hpp — reference-counted blocks of bytes, reserved at the start, touched on use.
// Room: core. Reads: std.
#pragma once

#include <lfq/base/cache_line.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace broker::core {

class slab_pool;

/// Where the bytes of events lie. The record stands apart from the bytes, so that a slab that was
/// never used costs no memory.
struct alignas(lfq::cache_line_bytes) slab {
    std::byte* bytes = nullptr;  // written by the pool's constructor only
    slab_pool* home = nullptr;  // likewise
    std::uint32_t index = 0;  // likewise
    std::atomic<std::uint32_t> next{0};  // free list; meaningful while free
    std::atomic<std::uint32_t> references{0};  // give_back edge; meaningful while taken

    void add_references(std::uint32_t count) noexcept;
    void drop_references(std::uint32_t count) noexcept;
};

/// A fixed number of slabs.
///
/// Threads   any number take, any number give back.
/// Progress  lock-free: one compare-exchange each.
/// Memory    the records, and an address range that costs nothing until it is written. The slab
///           that came back last is taken first, so that few are ever touched under a light load.
/// Failure   take() answers nullptr when none is left; the constructor throws.
class slab_pool {
public:
    slab_pool(std::size_t count, std::size_t slab_bytes);
    slab_pool(const slab_pool&) = delete;
    slab_pool& operator=(const slab_pool&) = delete;
    ~slab_pool();

    /// With `references` references, all the caller's; nullptr when none is left.
    [[nodiscard]] slab* take(std::uint32_t references) noexcept;

    [[nodiscard]] std::size_t slab_bytes() const noexcept { return slab_bytes_; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::size_t taken_approx() const noexcept {
        return taken_.load(std::memory_order_relaxed);  // count: stale is harmless
    }

private:
    friend struct slab;
    // Edges:
    //   give back  last drop_references() → take(): whoever fills the slab again comes after
    //              everybody who read it.

    void give_back(slab& one) noexcept;

    std::size_t count_;
    std::size_t slab_bytes_;
    std::byte* range_;
    std::unique_ptr<slab[]> slabs_;

    // Written by takers and givers. Free list: index + 1 of the first free slab in the low half
    // (0: none), a number that changes with every exchange in the high half, so that a list that
    // looks the same is the same.
    alignas(lfq::cache_line_pair_bytes) std::atomic<std::uint64_t> free_{0};
    std::atomic<std::size_t> taken_{0};
};

/// References to drop, collected while they concern one slab: one atomic operation for many events.
class reference_drops {
public:
    reference_drops() = default;
    reference_drops(const reference_drops&) = delete;
    reference_drops& operator=(const reference_drops&) = delete;
    ~reference_drops() { settle(); }

    void add(slab* from) noexcept {
        if (from != from_) {
            settle();
            from_ = from;
        }
        ++count_;
    }
    void settle() noexcept {
        if (count_ != 0) from_->drop_references(count_);
        count_ = 0;
        from_ = nullptr;
    }

private:
    slab* from_ = nullptr;
    std::uint32_t count_ = 0;
};

}  // namespace broker::core
