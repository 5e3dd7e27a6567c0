// SPDX-License-Identifier: MIT
// lfq/pool/pooled.hpp — handles of pooled objects: one that moves, and one that is copied.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/pool/pool_home.hpp>
#include <lfq/pool/pool_slot.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace lfq::inline LFQ_ABI {

template <class T, class Env>
class pool_cache;
template <class T, class Env>
class shared_pooled;

/// The only handle of an object that was taken. One pointer, so it travels through any ring.
///
/// Destroyed, on whatever thread, it gives the object back to the pool: one push. A cache's
/// give_back() does that for many at once. The object itself is left as it is, buffers and all.
template <class T, class Env = std_env>
class pooled {
public:
    using element_type = T;

    pooled() noexcept = default;
    pooled(pooled&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
    /// Gives back the object it had.
    pooled& operator=(pooled&& other) noexcept {
        if (this != &other) {
            give_back();
            slot_ = std::exchange(other.slot_, nullptr);
        }
        return *this;
    }
    ~pooled() { give_back(); }

    [[nodiscard]] explicit operator bool() const noexcept { return slot_ != nullptr; }
    [[nodiscard]] T* get() const noexcept {
        return slot_ != nullptr ? std::addressof(slot_->value) : nullptr;
    }
    [[nodiscard]] T& operator*() const noexcept { return its_slot().value; }
    [[nodiscard]] T* operator->() const noexcept { return std::addressof(its_slot().value); }

    /// Now, and without a cache. Nothing happens if it is empty.
    void give_back() noexcept {
        if (slot_ == nullptr) return;
        pool_slot<T, Env>& one = *std::exchange(slot_, nullptr);
        one.header.home().give_back(one);
    }

    /// For interfaces that know pointers only: the object stays out until somebody adopts it.
    [[nodiscard]] T* detach() noexcept {
        T* const value = get();
        slot_ = nullptr;
        return value;
    }
    /// The other way: `value` was detached, and nobody else adopts it.
    [[nodiscard]] static pooled adopt(T* value) noexcept {
        if (value == nullptr) return {};
        pool_slot<T, Env>& one = pool_slot<T, Env>::of(*value);
        LFQ_ASSERT(one.header.is_out(), "pooled: an object was adopted that is not out");
        return pooled(&one);
    }

private:
    friend class pool_cache<T, Env>;
    friend class shared_pooled<T, Env>;

    explicit pooled(pool_slot<T, Env>* one) noexcept : slot_(one) {}

    [[nodiscard]] pool_slot<T, Env>& its_slot() const noexcept {
        LFQ_ASSERT(slot_ != nullptr, "pooled: this handle is empty, or was moved from");
        return *slot_;
    }

    pool_slot<T, Env>* slot_ = nullptr;
};

/// A handle for fan-out: copies share the object, and the last one gives it back. It counts in the
/// object's own slot. All of them see one object, so they read it, or agree about who writes.
template <class T, class Env = std_env>
class shared_pooled {
public:
    using element_type = T;

    shared_pooled() noexcept = default;
    /// From the only handle.
    shared_pooled(pooled<T, Env>&& one) noexcept  // NOLINT: as std::shared_ptr from a unique_ptr
        : slot_(std::exchange(one.slot_, nullptr)) {
        if (slot_ != nullptr) slot_->header.begin_sharing();
    }
    shared_pooled(const shared_pooled& other) noexcept : slot_(other.slot_) {
        if (slot_ != nullptr) slot_->header.add_share();
    }
    shared_pooled(shared_pooled&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
    /// Drops what it had.
    shared_pooled& operator=(shared_pooled other) noexcept {
        std::swap(slot_, other.slot_);
        return *this;
    }
    ~shared_pooled() { give_back(); }

    [[nodiscard]] explicit operator bool() const noexcept { return slot_ != nullptr; }
    [[nodiscard]] T* get() const noexcept {
        return slot_ != nullptr ? std::addressof(slot_->value) : nullptr;
    }
    [[nodiscard]] T& operator*() const noexcept { return its_slot().value; }
    [[nodiscard]] T* operator->() const noexcept { return std::addressof(its_slot().value); }

    /// Drops this share now; the last one gives the object back, without a cache.
    void give_back() noexcept { static_cast<void>(unshare()); }

    /// The only handle again, if this was the last share; else an empty one. This one is empty.
    [[nodiscard]] pooled<T, Env> unshare() noexcept {
        pool_slot<T, Env>* const one = std::exchange(slot_, nullptr);
        if (one == nullptr || !one->header.drop_share()) return {};
        return pooled<T, Env>(one);
    }

private:
    [[nodiscard]] pool_slot<T, Env>& its_slot() const noexcept {
        LFQ_ASSERT(slot_ != nullptr, "shared_pooled: this handle is empty, or was moved from");
        return *slot_;
    }

    pool_slot<T, Env>* slot_ = nullptr;
};

}  // namespace lfq::inline LFQ_ABI
