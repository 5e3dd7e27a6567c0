// SPDX-License-Identifier: MIT
#include "broker/net/outbox.hpp"

#include "broker/net/protocol.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace broker::net {

namespace {

static_assert(core::delivery_head_bytes == event_head_bytes + 2, "an EVENT's head and topic_len");

void write_head(std::byte* out, const core::delivery& one) noexcept {
    const std::uint32_t tail = 2U + one.topic_bytes + one.payload_bytes;
    encode_event_head(std::span<std::byte, event_head_bytes>(out, event_head_bytes), one.sid,
        one.received_ns, one.priority, tail);
    store_be(out + event_head_bytes, one.topic_bytes);
}

[[nodiscard]] std::span<const std::byte> body_of(const core::delivery& one) noexcept {
    return {one.block->bytes + one.offset, std::size_t{one.topic_bytes} + one.payload_bytes};
}

}  // namespace

outbox::status outbox::flush(core::subscriber* from) {
    if (from != nullptr) from->begin_taking();
    if (!retained_.empty()) {
        if (const status now = send_retained(from); now != status::clear) {
            if (now != status::blocked || from == nullptr) return now;
            return empty_ring(*from);
        }
    }
    if (from == nullptr) return status::clear;
    for (unsigned round = 0; round < rounds_max; ++round) {
        bool empty = true;
        for (const std::span<core::delivery> ready : from->deliveries.peek()) {
            if (ready.empty()) continue;
            empty = false;
            if (const status now = send_batch(*from, ready); now != status::clear) return now;
            break;  // the ring moved: look at it again
        }
        if (empty) return status::clear;
    }
    return status::more;
}

outbox::status outbox::retain_all(core::subscriber* from) {
    if (from == nullptr) return status::blocked;
    from->begin_taking();
    return empty_ring(*from);
}

outbox::status outbox::reply(std::span<const std::byte> frame) {
    std::size_t sent = 0;
    if (retained_.empty()) {
        const ssize_t n = ::send(fd_, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return status::broken;
        if (n > 0) sent = static_cast<std::size_t>(n);
        count_out(sent);
    }
    if (sent == frame.size()) return status::clear;
    if (!retained_.add(frame.subspan(sent), {}, false)) return status::no_memory;
    retained_.end_frame({});
    return retained_.bytes() > bytes_max_ ? status::over_budget : status::blocked;
}

outbox::status outbox::send_retained(core::subscriber* from) {
    while (!retained_.empty()) {
        const ssize_t n = send(retained_.gather(desk_.parts));
        if (n < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? status::blocked : status::broken;
        count_out(static_cast<std::size_t>(n));
        settle(retained_.sent(static_cast<std::size_t>(n)), from);
    }
    return status::clear;
}

/// Heads and small bodies side by side; a large body is a part of its own.
outbox::batch outbox::compose(std::span<const core::delivery> ready) {
    batch made;
    std::byte* const begin = desk_.scratch.get();
    std::byte* at = begin;
    std::byte* part = begin;  // where the run that is not yet a part begins
    const auto end_part = [&] {
        if (at == part) return;
        desk_.parts[made.parts++] = {part, static_cast<std::size_t>(at - part)};
        part = at;
    };
    for (const core::delivery& one : ready) {
        const std::span<const std::byte> body = body_of(one);
        const bool gathered = body.size() >= gather_from_bytes;
        const std::size_t wanted = core::delivery_head_bytes + (gathered ? 0 : body.size());
        const auto used = static_cast<std::size_t>(at - begin);
        if (used + wanted > outbox_desk::scratch_bytes) break;
        if (made.parts + 3 > outbox_desk::parts_max) break;
        if (made.bytes >= 2 * outbox_desk::scratch_bytes) break;
        write_head(at, one);
        at += core::delivery_head_bytes;
        if (gathered) {
            end_part();
            desk_.parts[made.parts++] = {one.block->bytes + one.offset, body.size()};
        } else {
            std::memcpy(at, body.data(), body.size());
            at += body.size();
        }
        made.bytes += core::delivery_head_bytes + body.size();
        ++made.count;
    }
    end_part();
    return made;
}

outbox::status outbox::send_batch(core::subscriber& from, std::span<const core::delivery> ready) {
    const batch made = compose(ready);
    const ssize_t n = send(made.parts);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return status::broken;
    auto left = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    count_out(left);
    if (left != 0) desk_.sent.note(ready[0].received_ns, core::wall_ns());
    if (left == made.bytes) {
        settle_sent(ready.first(made.count));
        from.deliveries.consume(made.count);
        from.count_settled(made.bytes);
        return status::clear;
    }
    std::size_t whole = 0;
    std::size_t whole_bytes = 0;
    for (; left >= core::wire_bytes(ready[whole]); ++whole) {
        left -= core::wire_bytes(ready[whole]);
        whole_bytes += core::wire_bytes(ready[whole]);
    }
    settle_sent(ready.first(whole));
    from.count_settled(whole_bytes + left);
    if (left != 0) {
        if (!retain(ready[whole], left)) {
            from.deliveries.consume(whole);
            return status::no_memory;
        }
        ++whole;
    }
    from.deliveries.consume(whole);
    return empty_ring(from);
}

/// The socket is full: the events' slabs must not wait for it.
outbox::status outbox::empty_ring(core::subscriber& from) {
    for (;;) {
        std::size_t kept = 0;
        for (const std::span<core::delivery> ready : from.deliveries.peek()) {
            for (const core::delivery& one : ready) {
                if (!retain(one, 0)) {
                    from.deliveries.consume(kept);
                    return status::no_memory;
                }
                ++kept;
            }
        }
        if (kept == 0) return status::blocked;
        from.deliveries.consume(kept);
    }
}

/// On false the delivery is as it was: it is still owed.
bool outbox::retain(const core::delivery& one, std::size_t sent_bytes) {
    std::array<std::byte, core::delivery_head_bytes> head;
    write_head(head.data(), one);
    const std::size_t from_head = std::min(sent_bytes, head.size());
    const std::span<const std::byte> rest_of_head = std::span(head).subspan(from_head);
    const std::span<const std::byte> rest = body_of(one).subspan(sent_bytes - from_head);
    if (!retained_.add(rest_of_head, rest, true)) return false;
    retained_.end_frame({.event = true, .how = one.how});
    one.block->drop_references(1);
    return true;
}

void outbox::settle_sent(std::span<const core::delivery> done) {
    std::uint64_t events = 0;
    core::reference_drops drops;
    for (const core::delivery& one : done) {
        events += desk_.tallies.delivered(one.how) ? 1U : 0U;
        drops.add(one.block);
    }
    desk_.books.deliveries.add(done.size());
    desk_.books.delivered.add(events);
}

void outbox::settle(const retained::outcome& done, core::subscriber* from) {
    desk_.books.deliveries.add(done.deliveries);
    desk_.books.delivered.add(done.events);
    if (from != nullptr) from->count_settled(done.event_bytes);
}

void outbox::abandon(core::subscriber* from, core::drop_reason why) {
    desk_.books.drop(why, retained_.clear().events);
    if (from != nullptr) abandon_ring(desk_, *from, why);
}

void outbox::abandon_ring(outbox_desk& desk, core::subscriber& from, core::drop_reason why) {
    from.begin_taking();
    std::uint64_t events = 0;
    core::reference_drops drops;
    const auto lose = [&](core::delivery& one) {
        events += desk.tallies.lost(one.how) ? 1U : 0U;
        drops.add(one.block);
    };
    while (from.deliveries.drain(lose) != 0) {
    }
    desk.books.drop(why, events);
}

std::uint64_t outbox::bytes_acknowledged() const noexcept {
    int on_the_way = 0;
    if (::ioctl(fd_, SIOCOUTQ, &on_the_way) != 0) return bytes_out_;
    return bytes_out_ - static_cast<std::uint64_t>(on_the_way);
}

ssize_t outbox::send(std::size_t parts) const noexcept {
    msghdr message{};
    message.msg_iov = desk_.parts.data();
    message.msg_iovlen = parts;
    return ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace broker::net
