// SPDX-License-Identifier: MIT
// lfq/pool/pooled_shared_ptr.hpp — a pooled object as a std::shared_ptr that allocates nothing.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/pool/pool_home.hpp>
#include <lfq/pool/pool_slot.hpp>
#include <lfq/pool/pooled.hpp>

#include <cstddef>
#include <memory>

namespace lfq::inline LFQ_ABI {

/// Gives a std::shared_ptr the room that the pool keeps beside the object for its control block.
/// The block outlives the object's last owner while there are weak ones, so the object goes home
/// when its block does.
template <class Block, class T, class Env>
class pooled_block_allocator {
public:
    using value_type = Block;
    template <class Other>
    struct rebind {
        using other = pooled_block_allocator<Other, T, Env>;
    };

    explicit pooled_block_allocator(T& value) noexcept : value_(&value) {}
    template <class Other>
    pooled_block_allocator(const pooled_block_allocator<Other, T, Env>& from) noexcept  // NOLINT
        : value_(&from.value()) {}

    [[nodiscard]] Block* allocate(std::size_t) noexcept {
        using space = typename pool_home<T, Env>::control_space;
        // NOLINTNEXTLINE(misc-redundant-expression): it is not, of other types.
        static_assert(sizeof(Block) <= sizeof(space) && alignof(Block) <= alignof(space),
            "event_pool: this standard library's control block of a std::shared_ptr is larger than "
            "a cache line");
        pool_slot<T, Env>& one = pool_slot<T, Env>::of(*value_);
        return reinterpret_cast<Block*>(one.header.home().control_space_of(one).bytes);
    }
    void deallocate(Block*, std::size_t) noexcept { pooled<T, Env>::adopt(value_).give_back(); }

    [[nodiscard]] T& value() const noexcept { return *value_; }

    template <class Other>
    [[nodiscard]] bool operator==(
        const pooled_block_allocator<Other, T, Env>& other) const noexcept {
        return value_ == &other.value();
    }

private:
    T* value_;
};

/// For interfaces that want one: shares the object until the last owner is gone, weak ones
/// included, then gives it back to the pool. An empty handle makes an empty pointer. shared_pooled
/// does the same cheaper.
template <class T, class Env>
[[nodiscard]] std::shared_ptr<T> to_shared_ptr(pooled<T, Env>&& one) noexcept {
    static_assert(
        !requires(T & object) { object.weak_from_this(); },
        "to_shared_ptr: an object that knows its own shared_ptr would hold its own control block, "
        "and never come back: leave out std::enable_shared_from_this");
    if (!one) return {};
    T* const value = one.detach();
    const auto keep_object = [](T*) noexcept {};
    return std::shared_ptr<T>(
        value, keep_object, pooled_block_allocator<std::byte, T, Env>(*value));
}

}  // namespace lfq::inline LFQ_ABI
