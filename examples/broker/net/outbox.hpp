// SPDX-License-Identifier: MIT
// broker/net/outbox.hpp — what goes out on one connection, and what became of it in the books.
// Room: net. Reads: core.
#pragma once

#include "broker/core/exchange.hpp"
#include "broker/core/stage.hpp"
#include "broker/core/subscriber.hpp"
#include "broker/net/probe.hpp"
#include "broker/net/retained.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <sys/uio.h>

namespace broker::net {

/// What the outboxes of one network thread share: the memory in which a batch is put together.
struct outbox_desk {
    static constexpr std::size_t scratch_bytes = 128 * 1024;  // stays in the second-level cache
    static constexpr std::size_t parts_max = 256;

    outbox_desk(core::slab_pool& pool, core::tally_table& copies, core::probe& events, probe& bytes)
        : pieces(pool), tallies(copies), books(events), counts(bytes), sent(bytes.sending) {}

    core::slab_pool& pieces;  // for what is retained
    core::tally_table& tallies;
    core::probe& books;
    probe& counts;
    core::stage_meter sent;
    std::unique_ptr<std::byte[]> scratch{new std::byte[scratch_bytes]};  // touched on first use
    std::array<iovec, parts_max> parts{};
};

/// Small payloads are copied behind their heads into one run of bytes, large ones are gathered from
/// where they lie; the slab goes back as soon as the bytes were taken by the kernel or retained.
///
/// Threads   the network thread only.
/// Memory    none per event.
class outbox {
public:
    enum class status : std::uint8_t {
        clear,  // nothing is left
        more,  // there is more, but others should have their turn
        blocked,  // the socket takes no more: wait until it is writable
        broken,  // the peer is gone
        over_budget,  // more is retained than the budget allows
        no_memory,  // the pool for pending bytes is empty: what was begun cannot be ended
    };

    outbox(outbox_desk& desk, int fd, std::size_t bytes_max)
        : desk_(desk), fd_(fd), bytes_max_(bytes_max), retained_(desk.pieces, desk.tallies) {}

    /// Sends what is retained, then what is in the subscriber's ring (nullptr: there is none).
    [[nodiscard]] status flush(core::subscriber* from);

    /// The socket is full: copies what is in the ring, so that no slab waits for it.
    [[nodiscard]] status retain_all(core::subscriber* from);

    /// One whole frame of the session.
    [[nodiscard]] status reply(std::span<const std::byte> frame);

    /// Nothing more is sent: all that is left is counted as dropped.
    void abandon(core::subscriber* from, core::drop_reason why);

    /// The same for the ring alone, when the connection is gone.
    static void abandon_ring(outbox_desk& desk, core::subscriber& from, core::drop_reason why);

    [[nodiscard]] bool has_retained() const noexcept { return !retained_.empty(); }
    [[nodiscard]] std::size_t retained_bytes() const noexcept { return retained_.bytes(); }
    [[nodiscard]] std::size_t retained_pieces() const noexcept { return retained_.pieces(); }

    /// Bytes that have reached the peer's system since the beginning. Not those that its own socket
    /// took: that takes a third of its buffer at once, and then nothing for as long as the peer
    /// reads at it.
    [[nodiscard]] std::uint64_t bytes_acknowledged() const noexcept;

private:
    static constexpr std::size_t gather_from_bytes = 4096;  // below it a copy is cheaper
    static constexpr unsigned rounds_max = 4;

    struct batch {
        std::size_t count = 0;  // deliveries
        std::size_t parts = 0;
        std::size_t bytes = 0;
    };

    [[nodiscard]] status send_retained(core::subscriber* from);
    [[nodiscard]] batch compose(std::span<const core::delivery> ready);
    [[nodiscard]] status send_batch(core::subscriber& from, std::span<const core::delivery> ready);
    [[nodiscard]] status empty_ring(core::subscriber& from);
    [[nodiscard]] bool retain(const core::delivery& one, std::size_t sent_bytes);
    void settle_sent(std::span<const core::delivery> done);
    void settle(const retained::outcome& done, core::subscriber* from);
    [[nodiscard]] ssize_t send(std::size_t parts) const noexcept;
    void count_out(std::size_t bytes) noexcept {
        bytes_out_ += bytes;
        desk_.counts.bytes_out.add(bytes);
    }

    outbox_desk& desk_;
    int fd_;
    std::size_t bytes_max_;
    std::uint64_t bytes_out_ = 0;
    retained retained_;
};

}  // namespace broker::net
