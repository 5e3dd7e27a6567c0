// SPDX-License-Identifier: MIT
#include "wire.hpp"

#include <stdexcept>

namespace broker::test {

namespace {

bytes integer(std::uint64_t value, int size) {
    bytes out;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(value >> shift & 0xff));
    }
    return out;
}

// Takes a message apart; a message that is too short fails the test.
class fields {
public:
    explicit fields(const message& from) : rest_(from.body) {}

    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        for (const char one : text(size)) {
            value = value << 8 | static_cast<unsigned char>(one);
        }
        return value;
    }

    bytes text(std::size_t size) {
        if (size > rest_.size()) throw std::runtime_error("the broker sent a message cut short");
        const bytes out(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return out;
    }

    bytes rest() const { return bytes(rest_); }

private:
    std::string_view rest_;
};

}  // namespace

bytes u8(unsigned value) { return integer(value, 1); }
bytes u16(unsigned value) { return integer(value, 2); }
bytes u32(std::uint32_t value) { return integer(value, 4); }
bytes u64(std::uint64_t value) { return integer(value, 8); }
bytes str8(std::string_view text) { return u8(static_cast<unsigned>(text.size())) + bytes(text); }
bytes str16(std::string_view text) { return u16(static_cast<unsigned>(text.size())) + bytes(text); }
bytes framed(std::string_view body) {
    return u32(static_cast<std::uint32_t>(body.size())) + bytes(body);
}

bytes seed_frame(unsigned priority, std::string_view topic, std::string_view payload) {
    return framed(u8(priority) + str16(topic) + bytes(payload));
}

bytes hello() { return framed(u8(op_hello) + u16(1) + u32(0) + str8("test") + str16("")); }

bytes subscribe(std::uint32_t sid, std::string_view filter) {
    const bytes tail = str8("") + u8(0) + u64(0) + u32(0) + u8(0);
    return framed(u8(op_subscribe) + u32(sid) + str16(filter) + tail);
}

bytes unsubscribe(std::uint32_t sid) { return framed(u8(op_unsubscribe) + u32(sid)); }

bytes ping(std::uint64_t ref) { return framed(u8(op_ping) + u64(ref)); }

event parse_event(const message& from) {
    fields in(from);
    event out;
    out.sid = static_cast<std::uint32_t>(in.number(4));
    if (in.number(8) != 0) throw std::runtime_error("EVENT: an offset, though none is built in");
    out.ts = in.number(8);
    out.priority = static_cast<unsigned>(in.number(1));
    if (in.number(1) != 0) throw std::runtime_error("EVENT: an attempt other than the first");
    out.topic = in.text(in.number(2));
    out.payload = in.rest();
    return out;
}

pong parse_pong(const message& from) {
    fields in(from);
    pong out;
    out.ref = in.number(8);
    out.state = static_cast<unsigned>(in.number(1));
    out.cpu_us = in.number(8);
    out.rss_peak_bytes = in.number(8);
    out.in = in.number(8);
    out.delivered = in.number(8);
    out.filtered = in.number(8);
    out.dropped = in.number(8);
    out.queue_p50_us = in.number(8);
    out.queue_p99_us = in.number(8);
    out.send_p50_us = in.number(8);
    out.send_p99_us = in.number(8);
    return out;
}

refusal parse_refusal(const message& from) {
    fields in(from);
    refusal out;
    out.code = static_cast<unsigned>(in.number(2));
    in.number(4);  // retry_after_ms
    out.ref = in.number(8);
    out.text = in.text(in.number(2));
    return out;
}

}  // namespace broker::test
