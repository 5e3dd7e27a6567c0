// SPDX-License-Identifier: MIT
// broker/cli/frame_reader.hpp — whole frames out of a socket, parsed where the kernel put them.
// Room: cli. Reads: lfq codec, cli/socket.
#pragma once

#include "broker/cli/failure.hpp"
#include "broker/cli/socket.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <chrono>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace broker::cli {

// Threads  one
// Memory   one buffer, allocated once; only the frame cut at the end of a read is moved
// Failure  a malformed frame or a lost connection throws cli::failure
class frame_reader {
public:
    // An EVENT carries up to 284 bytes more than the published frame it stands for.
    static constexpr std::uint32_t frame_bytes_max = 131'072;

    explicit frame_reader(socket& from, std::size_t buffer_bytes = 524'288)
        : from_(from),
          buffer_(std::max(buffer_bytes, std::size_t{2} * frame_bytes_max)),
          decoder_(lfq::frame_limits{.frame_bytes_max = frame_bytes_max}) {}

    // Reads once, waiting at most `wait`, and visits every whole frame: visit(const lfq::frame&).
    // The views hold during the visit. Returns the bytes read; 0: nothing came, or the end did.
    template <class Visit>
    std::size_t read(std::chrono::milliseconds wait, Visit&& visit) {
        const std::size_t got = from_.read_some(std::span(buffer_).subspan(kept_), wait);
        const auto bytes = std::span<const std::byte>(buffer_).first(kept_ + got);
        const auto result = decoder_.decode(bytes, visit);
        if (result.error != lfq::frame_error::none) {
            throw failure(exit_code::unavailable,
                "malformed frame from " + to_string(from_.where()) + ": " +
                    lfq::to_string(result.error));
        }
        kept_ = bytes.size() - result.consumed;
        std::memmove(buffer_.data(), buffer_.data() + result.consumed, kept_);
        return got;
    }

    [[nodiscard]] bool ended() const noexcept { return from_.ended(); }

private:
    socket& from_;
    std::vector<std::byte> buffer_;
    std::size_t kept_ = 0;  // bytes of a cut frame at the front of the buffer
    lfq::frame_decoder decoder_;
};

}  // namespace broker::cli
