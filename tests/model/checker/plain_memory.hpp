// SPDX-License-Identifier: MIT
// tests/model/checker/plain_memory.hpp — memory that is not atomic, watched by address, whatever
// object stands there: who wrote last, who has read since, whether something lives there.
#pragma once

#include "clock.hpp"
#include "failure.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace model {

class plain_memory {
public:
    enum class access : std::uint8_t { read, write, build, destroy };

    struct complaint {
        verdict found = verdict::passed;
        const char* text = "";
    };

    /// A range of bytes is watched in words of this size, a value by its first byte.
    static constexpr std::size_t word_bytes = 8;

    /// Forgets everything: the next execution begins.
    void begin() noexcept {
        ++execution_;
        used_ = 0;
    }

    /// What is wrong with this access by a thread that knows so much.
    [[nodiscard]] complaint touch(
        int thread, const vector_clock& known, const void* address, access how) noexcept;

private:
    struct cell {
        const void* address = nullptr;
        std::uint64_t execution = 0;
        bool alive = false;
        int written_by = -1;
        epoch written_at = 0;
        vector_clock read_at;
    };
    static constexpr std::size_t cells_max = 4096;

    [[nodiscard]] cell& cell_of(const void* address) noexcept;

    std::vector<cell> cells_ = std::vector<cell>(2 * cells_max);
    std::size_t used_ = 0;
    std::uint64_t execution_ = 0;
};

inline auto plain_memory::cell_of(const void* address) noexcept -> cell& {
    // Neighbours in memory are neighbours here: one scenario needs few cache lines.
    for (auto at = reinterpret_cast<std::uintptr_t>(address) / word_bytes;; ++at) {
        cell& here = cells_[at % (2 * cells_max)];
        if (here.execution == execution_ && here.address == address) return here;
        if (here.execution == execution_) continue;
        ++used_;
        here = cell{};
        here.address = address;
        here.execution = execution_;
        return here;
    }
}

inline auto plain_memory::touch(
    int thread, const vector_clock& known, const void* address, access how) noexcept -> complaint {
    cell& here = cell_of(address);
    if (used_ > cells_max)
        return {verdict::limit,
            "more than 4096 words in one execution; make the scenario smaller (cells_max)"};
    if (here.written_by >= 0 && !known.knows(here.written_by, here.written_at))
        return {verdict::race,
            how == access::read ? "read without the write before it happening before"
                                : "two writes, neither happening before the other"};
    const auto self = static_cast<std::size_t>(thread);
    if (how == access::read) {
        if (!here.alive) return {verdict::lifetime, "read of memory where nothing lives"};
        here.read_at.at[self] = known.at[self];
        return {};
    }
    if (!known.covers(here.read_at))
        return {verdict::race, "written while another thread may still read"};
    if (how == access::build && here.alive)
        return {verdict::lifetime, "built where something lives"};
    if (how == access::destroy && !here.alive)
        return {verdict::lifetime, "destroyed where nothing lives"};
    here.alive = how != access::destroy;
    here.written_by = thread;
    here.written_at = known.at[self];
    here.read_at = {};
    return {};
}

}  // namespace model
