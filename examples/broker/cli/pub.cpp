// SPDX-License-Identifier: MIT
#include "broker/cli/commands.hpp"
#include "broker/cli/session_client.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace broker::cli {

namespace {

// Calls line(text) for each line of standard input, and idle() when what was read is used up, so
// that a slow writer's lines are on their way before the next one is awaited.
void for_each_line(
    const std::function<void(std::string_view)>& line, const std::function<void()>& idle) {
    std::string unread;
    std::vector<char> room(262'144);
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, room.data(), room.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        unread.append(room.data(), static_cast<std::size_t>(got));
        std::size_t start = 0;
        for (auto end = unread.find('\n'); end != unread.npos; end = unread.find('\n', start)) {
            line(std::string_view(unread).substr(start, end - start));
            start = end + 1;
        }
        unread.erase(0, start);
        idle();
    }
    if (!unread.empty()) line(unread);
    idle();
}

class frame_batch {
public:
    frame_batch(const pub_options& options, std::uint32_t frame_bytes_max)
        : options_(options), limits_{.frame_bytes_max = frame_bytes_max} {}

    void add(std::string_view payload) {
        const auto text = std::as_bytes(std::span(payload));
        const lfq::frame frame{options_.priority, options_.topic, text};
        const std::size_t at = bytes_.size();
        bytes_.resize(at + lfq::encoded_bytes(frame));
        const auto result = lfq::encode(std::span(bytes_).subspan(at), frame, limits_);
        if (result.error != lfq::frame_error::none) {
            throw failure(
                exit_code::usage, "event not sent: " + std::string(lfq::to_string(result.error)));
        }
    }

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
    void clear() noexcept { bytes_.clear(); }

private:
    const pub_options& options_;
    lfq::frame_limits limits_;
    std::vector<std::byte> bytes_;
};

// Calls put(payload) for each event of the command, flush() in between and at the end.
void for_each_payload(const pub_options& options, const std::function<void(std::string_view)>& put,
    const std::function<void()>& flush) {
    if (options.payload) {
        put(*options.payload);
        flush();
    } else {
        for_each_line(put, flush);
    }
}

void publish_tcp(const pub_options& options) {
    constexpr std::size_t write_bytes = 131'072;
    session_client client(options.target, "lfqctl pub", options.patience);
    frame_batch batch(options, client.frame_bytes_max());
    const auto flush = [&] {
        client.write_all(batch.bytes());
        batch.clear();
    };
    const auto put = [&](std::string_view payload) {
        batch.add(payload);
        if (batch.bytes().size() >= write_bytes) flush();
    };
    for_each_payload(options, put, flush);
    // The answer tells that everything before it was read, and none of it refused.
    static_cast<void>(client.ping());
}

void publish_udp(const pub_options& options) {
    constexpr std::uint32_t datagram_bytes_max = 65507 - 4;
    socket to(options.target, transport::udp, options.patience);
    frame_batch batch(options, datagram_bytes_max);
    const auto put = [&](std::string_view payload) {
        batch.add(payload);
        to.write_all(batch.bytes());
        batch.clear();
    };
    for_each_payload(options, put, [] {});
}

}  // namespace

exit_code publish(const pub_options& options) {
    if (options.how == transport::tcp) {
        publish_tcp(options);
    } else {
        publish_udp(options);
    }
    return exit_code::fine;
}

}  // namespace broker::cli
