// SPDX-License-Identifier: MIT
// tests/model/checker/env.hpp — the environment that lfq runs in under the checker: atomics,
// plain fields, fences, and the operating system's part of the wait policies.
#pragma once

#include "execution.hpp"
#include "two_views.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

namespace model {

/// Stands for std::atomic<T>. Every call says where it stands.
template <class T>
class atomic {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
    using order = std::memory_order;

public:
    using value_type = T;
    static constexpr bool is_always_lock_free = true;

    atomic() : atomic(T{}) {}
    atomic(T value) : at_(execution::here().create(bits(value))) {}  // NOLINT: as std::atomic's
    ~atomic() { execution::here().destroy(at_); }
    atomic(const atomic&) = delete;
    atomic& operator=(const atomic&) = delete;

    [[nodiscard]] T load(order how, site where = site::current()) const {
        return value_of(execution::here().load(at_, how, where));
    }
    void store(T value, order how, site where = site::current()) {
        execution::here().store(at_, bits(value), how, where);
    }
    T exchange(T value, order how, site where = site::current()) {
        return change(how, "exchange", where, [=](T) { return value; });
    }
    T fetch_add(T value, order how, site where = site::current()) {
        return change(how, "fetch_add", where, [=](T old) { return static_cast<T>(old + value); });
    }
    T fetch_sub(T value, order how, site where = site::current()) {
        return change(how, "fetch_sub", where, [=](T old) { return static_cast<T>(old - value); });
    }
    T fetch_or(T value, order how, site where = site::current()) {
        return change(how, "fetch_or", where, [=](T old) { return static_cast<T>(old | value); });
    }
    T fetch_and(T value, order how, site where = site::current()) {
        return change(how, "fetch_and", where, [=](T old) { return static_cast<T>(old & value); });
    }
    bool compare_exchange_weak(
        T& expected, T value, order done, order failed, site where = site::current()) {
        return compare(expected, value, {done, failed, true}, where);
    }
    bool compare_exchange_strong(
        T& expected, T value, order done, order failed, site where = site::current()) {
        return compare(expected, value, {done, failed, false}, where);
    }

    /// For the model of the OS.
    [[nodiscard]] int location() const noexcept { return at_; }

private:
    static std::uint64_t bits(T value) noexcept {
        std::uint64_t all = 0;
        std::memcpy(&all, &value, sizeof value);
        return all;
    }
    static T value_of(std::uint64_t all) noexcept {
        T value;
        std::memcpy(&value, &all, sizeof value);
        return value;
    }
    template <class Next>
    T change(order how, const char* name, site where, Next next) {
        const auto next_of = [&](std::uint64_t old) { return bits(next(value_of(old))); };
        const model::change to(next_of);
        return value_of(execution::here().exchange(at_, {how, {}, false}, name, where, to).old);
    }
    bool compare(T& expected, T value, execution::orders how, site where) {
        const std::uint64_t wanted = bits(expected);
        const auto next_of = [&](std::uint64_t seen) {
            return seen == wanted ? std::optional(bits(value)) : std::nullopt;
        };
        const auto [old, done] =
            execution::here().exchange(at_, how, "compare_exchange", where, model::change(next_of));
        if (!done) expected = value_of(old);
        return done;
    }

    int at_;
};

/// A field that one thread owns at a time.
template <class T>
class plain {
public:
    plain(T value = T{}) : value_(value) { touch(plain_memory::access::build); }  // NOLINT: as a T
    plain(const plain& other) : plain(other.get()) {}
    ~plain() { touch(plain_memory::access::destroy); }
    plain& operator=(const plain& other) { return *this = other.get(); }
    plain& operator=(T value) {
        touch(plain_memory::access::write);
        value_ = value;
        return *this;
    }
    operator T() const { return get(); }  // NOLINT: as a T
    [[nodiscard]] T get() const {
        touch(plain_memory::access::read);
        return value_;
    }

private:
    void touch(plain_memory::access how) const {
        execution::here().touch(this, how, "a plain field");
    }

    T value_;
};

/// A range of whole words: of two ranges in one word nobody could tell whether they overlap.
inline void touch_bytes(const void* from, std::size_t bytes, plain_memory::access how) {
    constexpr std::size_t word = plain_memory::word_bytes;
    const auto first = reinterpret_cast<std::uintptr_t>(from);
    if (first % word != 0 || bytes % word != 0)
        execution::here().fail(verdict::limit,
            "a range of bytes begins or ends within a word of 8: align what the scenario copies");
    for (std::uintptr_t at = first; at < first + bytes; at += word)
        execution::here().touch(
            reinterpret_cast<const void*>(two_views::original(at)), how, "bytes");
}

/// The environment, with the position that rings start at.
template <std::uint64_t First = 0>
struct env_from {
    template <class T>
    using atomic = model::atomic<T>;
    template <class T>
    using plain = model::plain<T>;

    static void fence(std::memory_order order, site where = site::current()) {
        execution::here().fence(order, where);
    }
    static void pause(site where = site::current()) { execution::here().pause(where); }

    static void copy_in(void* to, const void* from, std::size_t bytes) {
        touch_bytes(to, bytes, plain_memory::access::write);
        std::memcpy(to, from, bytes);
    }
    static void copy_out(void* to, const void* from, std::size_t bytes) {
        touch_bytes(from, bytes, plain_memory::access::read);
        std::memcpy(to, from, bytes);
    }
    static void touch_read(const void* from, std::size_t bytes) {
        touch_bytes(from, bytes, plain_memory::access::read);
    }
    static void touch_write(const void* to, std::size_t bytes) {
        touch_bytes(to, bytes, plain_memory::access::write);
    }
    static constexpr std::uint64_t first_position = First;
};
using env = env_from<>;

/// Time passes when the search says so, and when nothing else can happen.
struct clock {
    static std::int64_t now_ns() { return execution::here().now_ns(); }
    static void yield(site where = site::current()) { execution::here().pause(where); }
};

/// Stands for sys::futex.
struct futex {
    template <class Word>
    void wait(Word& word, std::uint32_t expected, std::int64_t deadline_ns,
        site where = site::current()) {
        execution::here().futex_wait(word.location(), expected, deadline_ns != INT64_MAX, where);
    }
    template <class Word>
    void wake_all(Word& word, site where = site::current()) {
        execution::here().futex_wake(word.location(), where);
    }
};

/// Stands for sys::event_fd.
class event_fd {
public:
    event_fd() : at_(execution::here().create(0)) {}
    event_fd(event_fd&&) = delete;
    ~event_fd() { execution::here().destroy(at_); }

    [[nodiscard]] int fd() const noexcept { return at_; }
    void ring(site where = site::current()) {
        ++rings_;
        execution::here().event_ring(at_, where);
    }
    bool clear(site where = site::current()) { return execution::here().event_clear(at_, where); }
    void wait(std::int64_t deadline_ns, site where = site::current()) {
        execution::here().event_wait(at_, deadline_ns != INT64_MAX, where);
    }

    /// How often it was written to.
    [[nodiscard]] int rings() const noexcept { return rings_; }

private:
    int at_;
    int rings_ = 0;
};

}  // namespace model
