// SPDX-License-Identifier: MIT
// lfq/policy/storage_on_node.hpp — the storage whose slots lie on one NUMA node.
// Room: policy (floor 2). Reads: base, sys.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/sys/node_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace lfq::inline LFQ_ABI::storage {

/// Does        maps the slots on ordinary pages of one node, has all of them at once, and asks the
///             kernel whether they are there.
/// Costs       about ten system calls and the touching of each page at construction; whole pages.
///             The positions of a ring are in the ring object: where that lies is the caller's.
/// Needs       Linux with NUMA. Where a container forbids to choose a node, pages come from the
///             node of the thread that builds the ring, as ever; storage().node() tells.
/// Pick when   the threads of a ring are pinned to a node, and a machine has several.
/// Avoid when  there is one node: heap and huge cost less.
struct on_node {
    unsigned node;

    /// There is no node by default.
    explicit constexpr on_node(unsigned number) noexcept : node(number) {}

    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;
        static_assert(alignof(Slot) <= 4096,
            "storage::on_node: an element is aligned to one page, 4 KiB, at most");

        region(const on_node& recipe, std::size_t capacity)
            : mapping_(sys::node_mapping::on(recipe.node, whole_bytes(capacity))),
              capacity_(capacity) {}
        region(const region&) = delete;
        region& operator=(const region&) = delete;

        [[nodiscard]] Slot* at(std::size_t index) noexcept {
            return static_cast<Slot*>(mapping_.data()) + index;
        }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        /// Where the slots are now: asks the kernel, each time. Nothing if they are on several
        /// nodes, or if it does not say; told() says why.
        [[nodiscard]] std::optional<unsigned> node() const noexcept { return told().node; }
        [[nodiscard]] sys::told_node told() const noexcept { return mapping_.told(); }

    private:
        static std::size_t whole_bytes(std::size_t capacity) {
            if (capacity > static_cast<std::size_t>(PTRDIFF_MAX) / sizeof(Slot))
                refuse_length("lfq: storage::on_node: the slots must fit into memory");
            return capacity * sizeof(Slot);
        }

        sys::node_mapping mapping_;
        std::size_t capacity_;
    };
};

}  // namespace lfq::inline LFQ_ABI::storage
