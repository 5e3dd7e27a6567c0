// SPDX-License-Identifier: MIT
#include "broker/net/udp_listener.hpp"

#include "broker/net/addresses.hpp"
#include "broker/net/network_thread.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <linux/sock_diag.h>
#include <sys/mman.h>

namespace broker::net {

udp_socket bind_udp(const options& settings) {
    const endpoint at = parse_endpoint(settings.address, settings.udp_port);
    owned_fd fd = open_socket(at, SOCK_DGRAM);
    // A burst must wait in the kernel while others are served. The privileged call is not held to
    // the system's limit; the other one takes what the limit allows.
    const int wanted_bytes = 4 << 20;
    if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &wanted_bytes, sizeof wanted_bytes)) {
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &wanted_bytes, sizeof wanted_bytes);
    }
    bind_socket(fd.get(), at, "UDP");
    const std::uint16_t port = bound_port(fd.get());
    return {fd.leave(), port};
}

void udp_listener::free_range::operator()(std::byte* range) const noexcept {
    ::munmap(range, batch_datagrams * room_bytes);
}

udp_listener::udp_listener(network_thread& home, asio::io_context& context, int fd)
    : home_(home), socket_(context.get_executor(), fd) {
    void* const range = ::mmap(nullptr, batch_datagrams * room_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap of the datagrams");
    }
    rooms_.reset(static_cast<std::byte*>(range));
    for (std::size_t i = 0; i < batch_datagrams; ++i) {
        parts_[i] = {rooms_.get() + i * room_bytes, datagram_bytes_max};
        messages_[i].msg_hdr.msg_iov = &parts_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
    }
}

void udp_listener::wait() {
    socket_.async_wait(descriptor::wait_read,
        kept_handler(memory_, [this](const error_code& error) { on_readable(error); }));
}

void udp_listener::on_readable(const error_code& error) {
    if (error || !socket_.is_open()) return;
    for (unsigned i = 0; i < batches_max; ++i) {
        if (!receive()) break;
    }
    wait();
}

/// False: nothing more has arrived.
bool udp_listener::receive() {
    const int n = ::recvmmsg(
        socket_.native_handle(), messages_.data(), batch_datagrams, MSG_DONTWAIT, nullptr);
    if (n <= 0) return false;
    home_.intake_.begin();
    for (int i = 0; i < n; ++i) {
        const mmsghdr& one = messages_[static_cast<std::size_t>(i)];
        const auto* const at = static_cast<const std::byte*>(one.msg_hdr.msg_iov->iov_base);
        take({at, one.msg_len}, (one.msg_hdr.msg_flags & MSG_TRUNC) != 0);
    }
    home_.intake_.push_or_drop(home_.books_.in_udp);
    return static_cast<std::size_t>(n) == batch_datagrams;
}

/// Copied out of its room: 64 bytes must not hold 64 KiB.
void udp_listener::take(std::span<const std::byte> datagram, bool truncated) {
    home_.counts_.bytes_in.add(datagram.size());
    if (truncated) return refuse(malformed::frame_too_long);
    const lfq::datagram_result got = home_.decoder_.decode_datagram(datagram);
    if (got.error != lfq::frame_error::none) return refuse(malformed_from(got.error));
    if (got.frame.is_extension()) return refuse(malformed::datagram_opcode);
    core::counter& in = home_.books_.in_udp;
    const auto drop = [&](core::drop_reason why) {
        in.add();
        home_.books_.drop(why);
    };
    if (home_.intake_.state().now == core::state::paused)
        return drop(core::drop_reason::udp_paused);
    if (!home_.intake_.fits(datagram.size())) home_.intake_.push_or_drop(in);
    const std::span<std::byte> room = home_.intake_.space(datagram.size());
    if (room.empty()) return drop(core::drop_reason::udp_no_slab);
    std::memcpy(room.data(), datagram.data(), datagram.size());
    const auto* const topic = reinterpret_cast<const char*>(room.data()) + lfq::frame_header_bytes;
    const std::size_t topic_bytes = got.frame.topic.size();
    const lfq::frame moved{got.frame.priority, {topic, topic_bytes},
        room.subspan(lfq::frame_header_bytes + topic_bytes, got.frame.payload.size())};
    home_.intake_.make_room(in);
    if (home_.intake_.add(moved, in) == intake::answer::topic_refused) {
        return refuse(malformed::topic_control_byte);
    }
    home_.intake_.use(datagram.size());
}

void udp_listener::refuse(malformed why) {
    home_.books_.in_udp.add();
    home_.books_.drop(core::drop_reason::udp_malformed);
    home_.counts_.count(why);
}

void udp_listener::drain() {
    for (unsigned i = 0; i < drain_batches_max; ++i) {
        if (!receive()) break;
    }
    read_socket_drops();
    error_code ignored;
    socket_.close(ignored);
}

void udp_listener::read_socket_drops() {
    if (!socket_.is_open()) return;
    std::array<std::uint32_t, SK_MEMINFO_VARS> values{};
    socklen_t size = sizeof values;
    if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, values.data(), &size) == 0) {
        // count: read by reports
        home_.counts_.udp_socket_drops.store(values[SK_MEMINFO_DROPS], std::memory_order_relaxed);
    }
}

}  // namespace broker::net
