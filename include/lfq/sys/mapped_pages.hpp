// SPDX-License-Identifier: MIT
// lfq/sys/mapped_pages.hpp — pages that belong to somebody, and go back once.
// Room: sys (floor 1). Reads: base.
#pragma once

#include <lfq/base/config.hpp>

#include <cstddef>
#include <utility>

#include <sys/mman.h>

namespace lfq::inline LFQ_ABI::sys {

/// The call that gives pages back. Tests put their own in its place.
struct unmapping {
    static int munmap(void* at, std::size_t bytes) noexcept { return ::munmap(at, bytes); }
};

/// What every mapping is, whichever way its pages were had: given back on destruction; moves, does
/// not copy. What was moved from holds nothing.
template <class Calls = unmapping>
class mapped_pages {
public:
    mapped_pages(void* data, std::size_t bytes, std::size_t page_bytes) noexcept
        : data_(data), bytes_(bytes), page_bytes_(page_bytes) {}
    mapped_pages(mapped_pages&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          bytes_(other.bytes_),
          page_bytes_(other.page_bytes_) {}
    mapped_pages& operator=(mapped_pages&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(bytes_, other.bytes_);
        std::swap(page_bytes_, other.page_bytes_);
        return *this;
    }
    ~mapped_pages() {
        if (data_ != nullptr) Calls::munmap(data_, bytes_);
    }

    [[nodiscard]] void* data() const noexcept { return data_; }
    /// Of all pages.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    /// Of one page.
    [[nodiscard]] std::size_t page_bytes() const noexcept { return page_bytes_; }

private:
    void* data_;
    std::size_t bytes_;
    std::size_t page_bytes_;
};

}  // namespace lfq::inline LFQ_ABI::sys
