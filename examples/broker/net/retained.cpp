// SPDX-License-Identifier: MIT
#include "broker/net/retained.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace broker::net {

namespace {

constexpr std::uint32_t mark_bytes = 8;
constexpr std::uint32_t event_bit = 1, last_bit = 2;
constexpr unsigned flag_bits = 2;

}  // namespace

bool retained::add(
    std::span<const std::byte> first, std::span<const std::byte> second, bool event) {
    return write(first, event) && write(second, event);
}

bool retained::write(std::span<const std::byte> part, bool event) {
    while (!part.empty()) {
        if (pieces_.empty() || room(pieces_.back()) == 0) {
            if (!pieces_.empty() && pieces_.back().open != 0) {
                put_mark(pieces_.back(), {.event = event}, false);
            }
            core::slab* const memory = pool_.take(1);
            if (memory == nullptr) return false;
            pieces_.push_back({.memory = memory});
        }
        piece& to = pieces_.back();
        const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(room(to), part.size()));
        std::memcpy(to.memory->bytes + to.end, part.data(), n);
        to.end += n;
        to.open += n;
        bytes_ += n;
        part = part.subspan(n);
    }
    return true;
}

/// Between the bytes and the marks, less one mark for what is written next.
std::uint32_t retained::room(const piece& one) const noexcept {
    const auto whole = static_cast<std::uint32_t>(pool_.slab_bytes());
    const std::uint32_t used = one.end + (one.marks + 1) * mark_bytes;
    return used < whole ? whole - used : 0;
}

std::byte* retained::mark_at(const piece& one, std::uint32_t index) const noexcept {
    return one.memory->bytes + pool_.slab_bytes() - (std::size_t{index} + 1) * mark_bytes;
}

void retained::put_mark(piece& one, meaning what, bool last) noexcept {
    const std::array<std::uint32_t, 2> words{
        one.open << flag_bits | (what.event ? event_bit : 0U) | (last ? last_bit : 0U), what.how};
    std::memcpy(mark_at(one, one.marks), words.data(), mark_bytes);
    ++one.marks;
    one.open = 0;
}

retained::mark retained::read_mark(const piece& one, std::uint32_t index) const noexcept {
    std::array<std::uint32_t, 2> words;
    std::memcpy(words.data(), mark_at(one, index), mark_bytes);
    return {
        words[0] >> flag_bits, {(words[0] & event_bit) != 0, words[1]}, (words[0] & last_bit) != 0};
}

std::size_t retained::gather(std::span<iovec> parts) const noexcept {
    std::size_t count = 0;
    for (const piece& each : pieces_) {
        if (count == parts.size()) break;
        parts[count++] = {each.memory->bytes + each.begin, each.end - each.begin};
    }
    return count;
}

retained::outcome retained::sent(std::size_t bytes) noexcept {
    outcome all;
    bytes_ -= bytes;
    std::size_t done_pieces = 0;
    while (bytes != 0) {
        piece& from = pieces_[done_pieces];
        const mark next = read_mark(from, from.mark);
        const auto n =
            static_cast<std::uint32_t>(std::min<std::size_t>(bytes, next.bytes - from.mark_sent));
        bytes -= n;
        from.begin += n;
        from.mark_sent += n;
        if (next.what.event) all.event_bytes += n;
        if (from.mark_sent == next.bytes) {
            if (next.last && next.what.event) {
                ++all.deliveries;
                all.events += tallies_.delivered(next.what.how) ? 1U : 0U;
            }
            ++from.mark;
            from.mark_sent = 0;
        }
        if (from.begin == from.end) {
            from.memory->drop_references(1);
            ++done_pieces;
        }
    }
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(done_pieces));
    return all;
}

retained::outcome retained::clear() noexcept {
    outcome all;
    for (const piece& from : pieces_) {
        for (std::uint32_t i = from.mark; i != from.marks; ++i) {
            const mark next = read_mark(from, i);
            if (next.last && next.what.event) {
                ++all.deliveries;
                all.events += tallies_.lost(next.what.how) ? 1U : 0U;
            }
        }
        from.memory->drop_references(1);
    }
    pieces_.clear();
    bytes_ = 0;
    return all;
}

}  // namespace broker::net
