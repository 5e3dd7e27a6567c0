// SPDX-License-Identifier: MIT
// tests/model/relacy/env.hpp — the environment that lfq runs in under Relacy, and values whose
// races it sees.
#pragma once

#include "checker/execution.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Relacy's macros rename memory orders, new, delete, malloc and half of pthread: it comes behind
// every other header, and what is used below is put away again.
#include <relacy/relacy.hpp>
#undef new
#undef delete
#undef assert
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst

namespace relacy {

using model::mutation;
using model::site;

/// The order that is weakened now, if any.
inline const mutation* weakened = nullptr;

inline rl::memory_order in_relacys_words(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed: return rl::mo_relaxed;
        case std::memory_order_consume:
        case std::memory_order_acquire: return rl::mo_acquire;
        case std::memory_order_release: return rl::mo_release;
        case std::memory_order_acq_rel: return rl::mo_acq_rel;
        case std::memory_order_seq_cst: break;
    }
    return rl::mo_seq_cst;
}

inline rl::memory_order effective(std::memory_order order, bool of_failure, const site& where) {
    const bool hit = weakened != nullptr && weakened->line == where.line() &&
        weakened->column == where.column() && weakened->of_failure == of_failure &&
        std::string_view(where.file_name()).ends_with(weakened->file);
    return in_relacys_words(hit ? weakened->to : order);
}

template <class T>
class atomic {
    using order = std::memory_order;

public:
    atomic(T value = T{}) : value_(value) {}  // NOLINT: as std::atomic's

    T load(order how, site where = site::current()) const {
        return value_.load(effective(how, false, where), $);
    }
    void store(T value, order how, site where = site::current()) {
        value_.store(value, effective(how, false, where), $);
    }
    T fetch_add(T value, order how, site where = site::current()) {
        return value_.fetch_add(value, effective(how, false, where), $);
    }
    T fetch_or(T value, order how, site where = site::current()) {
        return value_.fetch_or(value, effective(how, false, where), $);
    }
    T fetch_and(T value, order how, site where = site::current()) {
        return value_.fetch_and(value, effective(how, false, where), $);
    }
    bool compare_exchange_weak(
        T& expected, T value, order done, order failed, site where = site::current()) {
        return value_.compare_exchange_weak(
            expected, value, effective(done, false, where), $, effective(failed, true, where), $);
    }

private:
    mutable rl::atomic<T> value_;
};

template <class T>
class plain {
public:
    plain(T value = T{}) { value_($) = value; }  // NOLINT: as a T
    plain(const plain& other) : plain(static_cast<T>(other)) {}
    plain& operator=(const plain& other) { return *this = static_cast<T>(other); }
    plain& operator=(T value) {
        value_($) = value;
        return *this;
    }
    operator T() const { return value_($); }  // NOLINT: as a T

private:
    mutable rl::var<T> value_;
};

struct env {
    template <class T>
    using atomic = relacy::atomic<T>;
    template <class T>
    using plain = relacy::plain<T>;

    static void fence(std::memory_order order, site where = site::current()) {
        rl::atomic_thread_fence(effective(order, false, where), $);
    }
    static void pause() { rl::yield(1, $); }
    static void copy_in(void* to, const void* from, std::size_t bytes) {
        std::memcpy(to, from, bytes);
    }
    static void copy_out(void* to, const void* from, std::size_t bytes) {
        std::memcpy(to, from, bytes);
    }
    static void touch_read(const void*, std::size_t) {}
    static void touch_write(const void*, std::size_t) {}
    static constexpr std::uint64_t first_position = 0;
};

/// Cells of memory by address. Relacy knows a variable by its object, so a slot that is filled
/// again would be a new one to it, and no race on it would be seen.
class cells {
public:
    cells() { here = this; }

    [[nodiscard]] rl::var<int>& at(const void* address) {
        for (std::size_t i = 0; i < used_; ++i) {
            if (addresses_[i] == address) return values_[i];
        }
        RL_ASSERT(used_ < addresses_.size());
        addresses_[used_] = address;
        return values_[used_++];
    }

    static inline cells* here = nullptr;

private:
    std::array<const void*, 64> addresses_{};
    std::size_t used_ = 0;
    std::array<rl::var<int>, 64> values_;
};

/// Every access is an access to the cell of its address.
class value {
public:
    value(int number = -1) { cells::here->at(this)($) = number; }  // NOLINT: stands for an int
    value(const value& other) : value(other.get()) {}
    value(value&& other) noexcept : value(other.get()) {}
    value& operator=(const value& other) {
        cells::here->at(this)($) = other.get();
        return *this;
    }
    value& operator=(value&& other) noexcept { return *this = static_cast<const value&>(other); }
    ~value() { cells::here->at(this)($) = -2; }

    [[nodiscard]] int get() const { return cells::here->at(this)($); }

private:
    alignas(8) int unused_ = 0;
};

}  // namespace relacy
