// SPDX-License-Identifier: MIT
// lfq/base/sole_caller.hpp — names the second thread on a side that belongs to one.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#if LFQ_CHECKED
#include <lfq/base/env.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#endif

namespace lfq::inline LFQ_ABI {

/// Who is inside one side of a ring. A second thread that enters while the first is still inside
/// ends the process with a line that names both. Handing a side over to another thread is fine, as
/// long as their calls do not overlap.
///
/// In unchecked builds it is empty and every call vanishes. Its atomic orders nothing, so it hides
/// no race from a sanitizer.
class sole_caller {
public:
    /// Inside from construction to destruction; the same thread may nest.
    class visit {
    public:
        visit(sole_caller& side, const char* role) noexcept;
        ~visit();
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

    private:
#if LFQ_CHECKED
        sole_caller* side_;
#endif
    };

#if LFQ_CHECKED
    // A copy of a side is a side of its own.
    sole_caller() = default;
    sole_caller(const sole_caller&) noexcept {}
    sole_caller& operator=(const sole_caller&) noexcept { return *this; }

private:
    std_env::atomic<std::size_t> inside_{0};
#endif
};

#if LFQ_CHECKED

inline sole_caller::visit::visit(sole_caller& side, const char* role) noexcept : side_(&side) {
    const std::size_t self = std::hash<std::thread::id>{}(std::this_thread::get_id()) | 1;
    std::size_t other = 0;
    // hint: it watches for overlap and must order nothing, or it would hide the very race that it
    // reports.
    if (side.inside_.compare_exchange_strong(
            other, self, std::memory_order_relaxed, std::memory_order_relaxed))
        return;
    if (other == self) {
        side_ = nullptr;
        return;
    }
    std::fprintf(stderr,
        "lfq: %s: thread %#zx called while thread %#zx was inside; only one thread may\n", role,
        self, other);
    std::abort();
}

inline sole_caller::visit::~visit() {
    // hint: as above.
    if (side_ != nullptr) side_->inside_.store(0, std::memory_order_relaxed);
}

#else

inline sole_caller::visit::visit(sole_caller&, const char*) noexcept {}
inline sole_caller::visit::~visit() {}

#endif

}  // namespace lfq::inline LFQ_ABI
