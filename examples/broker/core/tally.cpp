// SPDX-License-Identifier: MIT
#include "broker/core/tally.hpp"

#include <bit>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/mman.h>

namespace broker::core {

tally_table::tally_table(std::size_t cells) : cells_count_(cells) {
    if (!std::has_single_bit(cells) || cells > not_booked / 2) {
        throw std::length_error("tally_table: a power of two of cells is needed");
    }
    const std::size_t bytes = cells * sizeof(std::atomic<std::uint32_t>);
    void* const range = ::mmap(
        nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap of the tallies");
    }
    // Zero pages hold cells that are 0; constructing them one by one would touch them all.
    cells_ = {static_cast<std::atomic<std::uint32_t>*>(range), free_range{bytes}};
}

void tally_table::free_range::operator()(std::atomic<std::uint32_t>* range) const noexcept {
    ::munmap(static_cast<void*>(range), bytes);
}

}  // namespace broker::core
