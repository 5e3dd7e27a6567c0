// SPDX-License-Identifier: MIT
// A TCP and a UDP client for tests. Neither waits for ever.
#pragma once

#include "wire.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace broker::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

// How long anything may take before the test fails. It is no measurement: nothing is that slow.
inline constexpr std::chrono::seconds patience{sanitized ? 60 : 20};

// A TCP connection. What does not come in time is a std::runtime_error that says what was awaited.
class peer {
public:
    explicit peer(std::uint16_t port, int receive_buffer_bytes = 0);
    peer(peer&& other) noexcept;
    peer& operator=(peer&&) = delete;
    ~peer();

    peer& send(std::string_view some);  // all of it
    // As much as the broker takes while it keeps taking: ends when nothing went for `still`.
    std::size_t send_until_refused(std::string_view some, std::chrono::milliseconds still);
    void finish();  // no more will be sent
    void reset();  // closes at once, without the orderly end

    [[nodiscard]] message next();
    [[nodiscard]] event next_event();  // the next message, which must be an EVENT
    [[nodiscard]] refusal next_refusal();
    [[nodiscard]] std::vector<event> next_events(std::size_t count);
    void skip(std::size_t size);  // so many bytes, without memory and without looking at them
    [[nodiscard]] pong state();  // by ping; events before it are an error

    peer& greet();  // hello, and the welcome
    peer& watch(std::uint32_t sid, std::string_view filter);  // subscribe, and its answer

    // The broker closed; what it had said before is in `farewell`.
    [[nodiscard]] bool was_closed();
    [[nodiscard]] const std::vector<message>& farewell() const { return farewell_; }
    [[nodiscard]] bool has_heard_nothing();  // not one byte so far, and still connected

private:
    bool receive(std::chrono::milliseconds wait);  // false: nothing came
    std::optional<message> take();

    int fd_ = -1;
    bool ended_ = false;
    bytes unread_;
    std::size_t read_ = 0;
    std::vector<message> farewell_;
};

class datagram_peer {
public:
    explicit datagram_peer(std::uint16_t port);
    datagram_peer(const datagram_peer&) = delete;
    datagram_peer& operator=(const datagram_peer&) = delete;
    ~datagram_peer();

    void send(std::string_view datagram);
    [[nodiscard]] bool has_heard_nothing();

private:
    int fd_ = -1;
};

}  // namespace broker::test
