// SPDX-License-Identifier: MIT
// bench/contestants/quill.hpp — quill's bounded queue of bytes, as a ring of messages.
#pragma once

#include "contestants/messages.hpp"
#include "harness/question.hpp"

#include <quill/core/BoundedSPSCQueue.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace bench {

/// As quill itself uses it: each message is committed whole, as in Logger's log_statement, and what
/// a round of up to a whole queue has read is committed together, as in BackendWorker's
/// _read_and_decode_frontend_queue. A message must say where it ends, so its length stands before
/// it.
class quill_queue {
public:
    explicit quill_queue(std::size_t bytes) : queue_(bytes) {}

    bool try_push(std::span<const std::byte> message) {
        const std::uint64_t size = message.size();
        std::byte* const to = queue_.prepare_write(header + size);
        if (to == nullptr) return false;
        std::memcpy(to, &size, header);
        std::memcpy(to + header, message.data(), size);
        queue_.finish_write(header + size);
        queue_.commit_write();
        return true;
    }

    bool try_pop(std::span<std::byte> out) {
        const auto copy = [out](std::span<const std::byte> found) {
            std::memcpy(out.data(), found.data(), std::min(found.size(), out.size()));
        };
        if (read(copy) == 0) return false;
        queue_.commit_read();
        return true;
    }

    template <class Visit>
    std::size_t drain(Visit visit) {
        std::size_t count = 0;
        for (std::size_t bytes = 0; bytes < queue_.capacity(); ++count) {
            const std::size_t took = read(visit);
            if (took == 0) break;
            bytes += took;
        }
        if (count != 0) queue_.commit_read();
        return count;
    }

private:
    static constexpr std::size_t header = 8;

    /// The bytes of the next message and of its length; 0 if there is none.
    template <class Visit>
    std::size_t read(Visit&& visit) {
        const std::byte* const from = queue_.prepare_read();
        if (from == nullptr) return 0;
        std::uint64_t size = 0;
        std::memcpy(&size, from, header);
        visit(std::span<const std::byte>(from + header, size));
        queue_.finish_read(header + size);
        return header + size;
    }

    quill::detail::BoundedSPSCQueue queue_;
};

/// Room for at least `Capacity` messages: the queue rounds its bytes up to a power of two.
template <class T, std::size_t Capacity>
struct quill_messages : message_carrier<T, quill_queue> {
    static constexpr const char* name = "quill::BoundedSPSCQueue, with lengths";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;
    quill_messages() : message_carrier<T, quill_queue>(Capacity * (sizeof(T) + 8)) {}
};

}  // namespace bench
