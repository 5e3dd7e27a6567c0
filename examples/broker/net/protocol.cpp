// SPDX-License-Identifier: MIT
#include "broker/net/protocol.hpp"

#include <cstring>
#include <limits>
#include <type_traits>

namespace broker::net {

namespace {

template <class Self, class Message>
concept one_of = std::same_as<std::remove_const_t<Self>, Message>;

template <class Number>
concept wire_number = std::unsigned_integral<Number> || std::is_enum_v<Number>;

template <wire_number Number>
constexpr auto as_integer(Number value) noexcept {
    if constexpr (std::is_enum_v<Number>)
        return static_cast<std::underlying_type_t<Number>>(value);
    else
        return value;
}

// The layout of every message, once: measuring, writing and reading all go through these.

template <one_of<hello> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("version", m.version);
    visit.number("flags", m.flags);
    visit.str8("client_id", m.client_id);
    visit.str16("token", m.token);
}

template <one_of<welcome> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.str8("server_id", m.server_id);
    visit.number("session", m.session);
    visit.number("producer_id", m.producer_id);
    visit.number("max_frame", m.max_frame);
    visit.number("credit", m.credit);
    visit.number("features", m.features);
}

template <one_of<sub> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("sid", m.sid);
    visit.str16("filter", m.filter);
    visit.str8("group", m.group);
    visit.number("from", m.from);
    visit.number("from_value", m.from_value);
    visit.number("credit", m.credit);
    visit.number("policy", m.policy);
}

template <one_of<subok> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("sid", m.sid);
    visit.number("start_offset", m.start_offset);
}

template <one_of<event> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("sid", m.sid);
    visit.number("offset", m.offset);
    visit.number("timestamp_ns", m.timestamp_ns);
    visit.number("priority", m.priority);
    visit.number("attempt", m.attempt);
    visit.str16("topic", m.topic);
    visit.rest(m.payload);
}

template <one_of<unsub> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("sid", m.sid);
}

template <one_of<ping> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("ref", m.ref);
}

template <one_of<pong> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("ref", m.ref);
    visit.number("state", m.state);
    visit.number("cpu_us", m.cpu_us);
    visit.number("rss_peak_bytes", m.rss_peak_bytes);
    visit.number("in", m.in);
    visit.number("delivered", m.delivered);
    visit.number("filtered", m.filtered);
    visit.number("dropped", m.dropped);
    visit.number("queue_p50_us", m.queue_p50_us);
    visit.number("queue_p99_us", m.queue_p99_us);
    visit.number("send_p50_us", m.send_p50_us);
    visit.number("send_p99_us", m.send_p99_us);
}

template <one_of<err> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("code", m.reason);
    visit.number("retry_after_ms", m.retry_after_ms);
    visit.number("ref", m.ref);
    visit.str16("text", m.text);
}

template <one_of<drain> Message, class Visit>
void each_field(Message& m, Visit& visit) {
    visit.number("grace_ms", m.grace_ms);
    visit.str16("addresses", m.addresses);
}

class measure {
public:
    template <wire_number Number>
    void number(std::string_view, Number) noexcept {
        bytes_ += sizeof(Number);
    }
    void str8(std::string_view field, std::string_view text) noexcept {
        measure_text<std::uint8_t>(field, text);
    }
    void str16(std::string_view field, std::string_view text) noexcept {
        measure_text<std::uint16_t>(field, text);
    }
    void rest(std::span<const std::byte> data) noexcept { bytes_ += data.size(); }

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::string_view too_long() const noexcept { return too_long_; }

private:
    template <class Length>
    void measure_text(std::string_view field, std::string_view text) noexcept {
        bytes_ += sizeof(Length) + text.size();
        if (text.size() > std::numeric_limits<Length>::max() && too_long_.empty()) {
            too_long_ = field;
        }
    }

    std::size_t bytes_ = 4 + 1;  // length and opcode
    std::string_view too_long_;
};

/// Into room that `measure` has found to suffice.
class writer {
public:
    explicit writer(std::byte* out) noexcept : out_(out) {}

    template <wire_number Number>
    void number(std::string_view, Number value) noexcept {
        store_be(out_, as_integer(value));
        out_ += sizeof(Number);
    }
    void str8(std::string_view, std::string_view text) noexcept {
        number({}, static_cast<std::uint8_t>(text.size()));
        copy(text.data(), text.size());
    }
    void str16(std::string_view, std::string_view text) noexcept {
        number({}, static_cast<std::uint16_t>(text.size()));
        copy(text.data(), text.size());
    }
    void rest(std::span<const std::byte> data) noexcept { copy(data.data(), data.size()); }

private:
    void copy(const void* from, std::size_t size) noexcept {
        if (size != 0) std::memcpy(out_, from, size);
        out_ += size;
    }

    std::byte* out_;
};

/// Once a field is cut short, nothing more is read.
class reader {
public:
    explicit reader(std::span<const std::byte> body) noexcept : left_(body) {}

    template <wire_number Number>
    void number(std::string_view field, Number& value) noexcept {
        if (!has(field, sizeof(Number))) return;
        value = static_cast<Number>(load_be<decltype(as_integer(Number{}))>(left_.data()));
        left_ = left_.subspan(sizeof(Number));
    }
    void str8(std::string_view field, std::string_view& text) noexcept {
        read_text<std::uint8_t>(field, text);
    }
    void str16(std::string_view field, std::string_view& text) noexcept {
        read_text<std::uint16_t>(field, text);
    }
    void rest(std::span<const std::byte>& data) noexcept {
        if (!outcome_.ok()) return;
        data = left_;
        left_ = {};
    }

    [[nodiscard]] decode_outcome outcome() const noexcept {
        if (outcome_.ok() && !left_.empty()) return {message_error::trailing_bytes, "end"};
        return outcome_;
    }

private:
    [[nodiscard]] bool has(std::string_view field, std::size_t size) noexcept {
        if (!outcome_.ok()) return false;
        if (left_.size() < size) outcome_ = {message_error::cut_short, field};
        return outcome_.ok();
    }

    template <class Length>
    void read_text(std::string_view field, std::string_view& text) noexcept {
        if (!has(field, sizeof(Length))) return;
        const std::size_t size = load_be<Length>(left_.data());
        if (!has(field, sizeof(Length) + size)) return;
        text = {reinterpret_cast<const char*>(left_.data() + sizeof(Length)), size};
        left_ = left_.subspan(sizeof(Length) + size);
    }

    std::span<const std::byte> left_;
    decode_outcome outcome_;
};

}  // namespace

template <wire_message Message>
decode_outcome decode(std::span<const std::byte> body, Message& out) noexcept {
    reader in(body);
    each_field(out, in);
    return in.outcome();
}

template <wire_message Message>
encode_outcome encode(std::span<std::byte> out, const Message& message) noexcept {
    measure size;
    each_field(message, size);
    if (!size.too_long().empty()) return {0, message_error::text_too_long, size.too_long()};
    if (size.bytes() > out.size()) return {0, message_error::output_too_small, "frame"};
    writer to(out.data());
    to.number("length", static_cast<std::uint32_t>(size.bytes() - 4));
    to.number("opcode", Message::code);
    each_field(message, to);
    return {size.bytes(), message_error::none, {}};
}

template <wire_message Message>
std::size_t encoded_bytes(const Message& message) noexcept {
    measure size;
    each_field(message, size);
    return size.bytes();
}

std::string_view field_not_built_in(const hello& message) noexcept {
    if (message.flags != 0) return "flags";
    if (!message.token.empty()) return "token";
    return {};
}

std::string_view field_not_built_in(const sub& message) noexcept {
    if (!message.group.empty()) return "group";
    if (message.from != 0) return "from";
    if (message.from_value != 0) return "from_value";
    if (message.credit != 0) return "credit";
    if (message.policy != 0) return "policy";
    return {};
}

const char* to_string(err_code code) noexcept {
    switch (code) {
        case err_code::malformed: return "malformed";
        case err_code::unsupported: return "unsupported";
        case err_code::not_hello: return "not_hello";
        case err_code::field_not_built_in: return "field_not_built_in";
        case err_code::bad_filter: return "bad_filter";
        case err_code::duplicate_sid: return "duplicate_sid";
        case err_code::unknown_sid: return "unknown_sid";
        case err_code::limit: return "limit";
        case err_code::version: return "version";
        case err_code::draining: return "draining";
        case err_code::slow_consumer: return "slow_consumer";
        case err_code::repeated_hello: return "repeated_hello";
    }
    return "unknown";
}

const char* to_string(message_error error) noexcept {
    switch (error) {
        case message_error::none: return "none";
        case message_error::cut_short: return "cut short";
        case message_error::trailing_bytes: return "trailing bytes";
        case message_error::text_too_long: return "text too long";
        case message_error::output_too_small: return "output too small";
    }
    return "unknown";
}

template decode_outcome decode(std::span<const std::byte>, hello&) noexcept;
template decode_outcome decode(std::span<const std::byte>, welcome&) noexcept;
template decode_outcome decode(std::span<const std::byte>, sub&) noexcept;
template decode_outcome decode(std::span<const std::byte>, subok&) noexcept;
template decode_outcome decode(std::span<const std::byte>, event&) noexcept;
template decode_outcome decode(std::span<const std::byte>, unsub&) noexcept;
template decode_outcome decode(std::span<const std::byte>, ping&) noexcept;
template decode_outcome decode(std::span<const std::byte>, pong&) noexcept;
template decode_outcome decode(std::span<const std::byte>, err&) noexcept;
template decode_outcome decode(std::span<const std::byte>, drain&) noexcept;

template encode_outcome encode(std::span<std::byte>, const hello&) noexcept;
template encode_outcome encode(std::span<std::byte>, const welcome&) noexcept;
template encode_outcome encode(std::span<std::byte>, const sub&) noexcept;
template encode_outcome encode(std::span<std::byte>, const subok&) noexcept;
template encode_outcome encode(std::span<std::byte>, const event&) noexcept;
template encode_outcome encode(std::span<std::byte>, const unsub&) noexcept;
template encode_outcome encode(std::span<std::byte>, const ping&) noexcept;
template encode_outcome encode(std::span<std::byte>, const pong&) noexcept;
template encode_outcome encode(std::span<std::byte>, const err&) noexcept;
template encode_outcome encode(std::span<std::byte>, const drain&) noexcept;

template std::size_t encoded_bytes(const hello&) noexcept;
template std::size_t encoded_bytes(const welcome&) noexcept;
template std::size_t encoded_bytes(const sub&) noexcept;
template std::size_t encoded_bytes(const subok&) noexcept;
template std::size_t encoded_bytes(const event&) noexcept;
template std::size_t encoded_bytes(const unsub&) noexcept;
template std::size_t encoded_bytes(const ping&) noexcept;
template std::size_t encoded_bytes(const pong&) noexcept;
template std::size_t encoded_bytes(const err&) noexcept;
template std::size_t encoded_bytes(const drain&) noexcept;

}  // namespace broker::net
