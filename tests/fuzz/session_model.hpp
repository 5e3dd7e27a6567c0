// SPDX-License-Identifier: MIT
// The session protocol of docs/broker/protocol.md a second time, for session_protocol.fuzz.cpp:
// what each message must be answered with. It shares no code with the session and reads bytes by
// itself.
#pragma once

#include "broker/net/session.hpp"
#include "fuzz/filter_model.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace session_model {

using broker::net::action_kind;
using broker::net::close_reason;
using broker::net::malformed;

enum class reply : std::uint8_t { nothing, error, welcome, drain };

struct answer {
    action_kind kind = action_kind::nothing;
    reply says = reply::nothing;
    std::uint64_t code = 0;  // of an error
    std::uint64_t ref = 0;  // of an error or a pong
    std::uint32_t sid = 0;
    std::string_view filter{};
    close_reason closed = close_reason::peer_closed;
    malformed why = malformed::before_hello;
};

/// Big-endian numbers by their places. Places behind the end are zero.
class reader {
public:
    explicit reader(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] std::uint64_t at(std::size_t place, std::size_t size) const {
        std::uint64_t value = 0;
        for (std::size_t i = place; i < place + size; ++i)
            value = value * 256 + (i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0U);
        return value;
    }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    std::string_view bytes_;
};

class conversation {
public:
    explicit conversation(std::size_t subscriptions_max) : sids_max_(subscriptions_max) {}

    [[nodiscard]] const std::set<std::uint32_t>& sids() const { return sids_; }
    [[nodiscard]] bool hello_said() const { return hello_said_; }

    /// Kinds are those of session_protocol.fuzz.cpp.
    [[nodiscard]] answer hear(std::uint8_t kind, std::string_view body) {
        switch (kind) {
            case 0: return drain();
            case 1: return closing(close_reason::idle_frame, 8, 0);
            case 2: return closing(close_reason::slow_consumer, 11, 0);
            case 3: return unreadable(malformed::topic_control_byte, 0);
            case 0x80: return hello(body);
            default: break;
        }
        if (kind < 0x80) return {.kind = action_kind::publish};
        if (!hello_said_) return unreadable(malformed::before_hello, 0);
        switch (kind) {
            case 0x84: return subscribe(body);
            case 0x8a: return unsubscribe(body);
            case 0x8b: return ping(body);
            default: return error(2, kind);
        }
    }

private:
    static answer error(std::uint64_t code, std::uint64_t ref) {
        return {.kind = action_kind::reply, .says = reply::error, .code = code, .ref = ref};
    }
    /// An ERR is written to a client that said hello only.
    answer closing(close_reason reason, std::uint64_t code, std::uint64_t ref) const {
        return {.kind = action_kind::close,
            .says = hello_said_ ? reply::error : reply::nothing,
            .code = code,
            .ref = ref,
            .closed = reason};
    }
    answer unreadable(malformed why, std::uint64_t ref) const {
        answer closes = closing(close_reason::malformed, 1, ref);
        closes.why = why;
        return closes;
    }
    /// A message whose fields end at `end`, when they could be read so far.
    answer wrong_size(std::size_t size, std::size_t end, std::uint64_t ref) const {
        return unreadable(
            size < end ? malformed::message_cut_short : malformed::message_trailing_bytes, ref);
    }
    static answer refused_hello(close_reason reason, std::uint64_t code) {
        answer closes = error(code, 0x80);
        closes.kind = action_kind::close;
        closes.closed = reason;
        return closes;
    }

    answer drain() {
        draining_ = true;
        if (!hello_said_) return {};
        return {.kind = action_kind::reply, .says = reply::drain};
    }

    answer hello(std::string_view body) {
        const reader in(body);
        const std::size_t token_at = 7 + in.at(6, 1);
        const std::size_t token_size = in.at(token_at, 2);
        const std::size_t end = token_at + 2 + token_size;
        if (body.size() != end) return wrong_size(body.size(), end, 0x80);
        if (hello_said_) return error(12, 0x80);
        if (in.at(0, 2) != 1) return refused_hello(close_reason::hello_refused, 9);
        if (in.at(2, 4) != 0 || token_size != 0)
            return refused_hello(close_reason::hello_refused, 4);
        if (draining_) return refused_hello(close_reason::draining, 10);
        hello_said_ = true;
        return {.kind = action_kind::welcome, .says = reply::welcome};
    }

    answer subscribe(std::string_view body) {
        const reader in(body);
        const std::size_t group_at = 6 + in.at(4, 2);
        const std::size_t behind_group = group_at + 1 + in.at(group_at, 1);
        const std::size_t end = behind_group + 1 + 8 + 4 + 1;
        if (body.size() != end) return wrong_size(body.size(), end, 0x84);
        const auto sid = static_cast<std::uint32_t>(in.at(0, 4));
        const std::string_view filter = body.substr(6, in.at(4, 2));
        const std::string_view not_built_in = body.substr(behind_group);
        if (behind_group != group_at + 1 ||
            not_built_in.find_first_not_of('\0') != std::string_view::npos)
            return error(4, sid);
        if (draining_) return error(10, sid);
        if (filter_model::filter_error_of(std::string(filter)) != filter_model::filter_error::none)
            return error(5, sid);
        if (sids_.count(sid) != 0) return error(6, sid);
        if (sids_.size() == sids_max_) return error(8, sid);
        sids_.insert(sid);
        return {.kind = action_kind::subscribe, .sid = sid, .filter = filter};
    }

    answer unsubscribe(std::string_view body) {
        if (body.size() != 4) return wrong_size(body.size(), 4, 0x8a);
        const auto sid = static_cast<std::uint32_t>(reader(body).at(0, 4));
        if (sids_.erase(sid) == 0) return error(7, sid);
        return {.kind = action_kind::unsubscribe, .sid = sid};
    }

    answer ping(std::string_view body) const {
        if (body.size() != 8) return wrong_size(body.size(), 8, 0x8b);
        return {.kind = action_kind::pong, .ref = reader(body).at(0, 8)};
    }

    std::size_t sids_max_;
    std::set<std::uint32_t> sids_;
    bool hello_said_ = false;
    bool draining_ = false;
};

}  // namespace session_model
