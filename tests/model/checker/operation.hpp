// SPDX-License-Identifier: MIT
// tests/model/checker/operation.hpp — what a thread of a scenario does next, and what is said of
// it.
#pragma once

#include "failure.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// What a thread is about to do.
struct operation {
    enum class kind : std::uint8_t {
        load,
        store,
        exchange,  // any read-modify-write, and every call of the OS on a word
        fence,
        pause,
        sleep,  // until woken
        await,  // until its eventfd is readable
    };
    kind what = kind::pause;
    int at = -1;
    std::memory_order order = std::memory_order_relaxed;
    site where;
};

/// One thread of a scenario; `body` must live until execution::run() returns.
template <class Body>
struct thread {
    const char* name;
    Body body;
    bool mortal = false;  // may die at any operation, if the search lets threads die
};
template <class Body>
thread(const char*, Body) -> thread<Body>;
template <class Body>
thread(const char*, Body, bool) -> thread<Body>;

/// An operation on an atomic location, weakened. The atomics ask it for every order.
struct mutation {
    std::string file;  // how the file name ends
    unsigned line = 0;
    unsigned column = 0;
    bool of_failure = false;  // the second order of a compare-exchange
    std::memory_order to = std::memory_order_relaxed;
};

/// An atomic operation that was met: its place and the order it asked for.
struct met {
    site where;
    bool of_failure = false;
    std::memory_order order;
    const char* operation;
};

/// What a read-modify-write makes of the old value; nothing: it fails, and was only a load. Refers
/// to a callable of the caller.
class change {
public:
    template <class Callable>
    explicit change(const Callable& call) noexcept
        : callable_(&call), call_([](const void* callable, std::uint64_t old) {
              return std::optional<std::uint64_t>((*static_cast<const Callable*>(callable))(old));
          }) {}

    std::optional<std::uint64_t> operator()(std::uint64_t old) const {
        return call_(callable_, old);
    }

private:
    const void* callable_;
    std::optional<std::uint64_t> (*call_)(const void*, std::uint64_t);
};

[[nodiscard]] constexpr bool acquires(std::memory_order order) noexcept {
    return order == std::memory_order_acquire || order == std::memory_order_consume ||
        order == std::memory_order_acq_rel || order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
        order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool is_total(std::memory_order order) noexcept {
    return order == std::memory_order_seq_cst;
}

[[nodiscard]] constexpr std::string_view name_of(std::memory_order order) noexcept {
    switch (order) {
        case std::memory_order_relaxed: return "relaxed";
        case std::memory_order_consume: return "consume";
        case std::memory_order_acquire: return "acquire";
        case std::memory_order_release: return "release";
        case std::memory_order_acq_rel: return "acq_rel";
        case std::memory_order_seq_cst: return "seq_cst";
    }
    return "";
}

}  // namespace model
