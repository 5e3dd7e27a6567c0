// SPDX-License-Identifier: MIT
// broker/core/placed.hpp — the storage of a ring whose consumer is pinned to a node, or is not.
// Room: core. Reads: lfq policies.
#pragma once

#include <lfq/policy/storage.hpp>
#include <lfq/policy/storage_on_node.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace broker::core {

/// Which node is known when the threads are planned, not when this is compiled: nothing stands for
/// the heap, as on every machine with one node.
struct placed {
    std::optional<unsigned> node = std::nullopt;

    template <class Slot>
    class region {
    public:
        static constexpr bool contiguous = true;

        region(const placed& recipe, std::size_t capacity) {
            if (recipe.node) {
                on_node_ =
                    std::make_unique<on_node_region>(lfq::storage::on_node(*recipe.node), capacity);
                slots_ = on_node_->at(0);
            } else {
                heap_ = std::make_unique<heap_region>(lfq::storage::heap{}, capacity);
                slots_ = heap_->at(0);
            }
            capacity_ = capacity;
        }

        [[nodiscard]] Slot* at(std::size_t index) noexcept { return slots_ + index; }
        [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

        /// Where the slots are, if a node was asked for and the kernel tells.
        [[nodiscard]] std::optional<unsigned> node() const noexcept {
            return on_node_ ? on_node_->node() : std::nullopt;
        }

    private:
        using heap_region = lfq::storage::heap::region<Slot>;
        using on_node_region = lfq::storage::on_node::region<Slot>;

        Slot* slots_ = nullptr;
        std::size_t capacity_ = 0;
        std::unique_ptr<heap_region> heap_;  // one of the two
        std::unique_ptr<on_node_region> on_node_;
    };
};

}  // namespace broker::core
