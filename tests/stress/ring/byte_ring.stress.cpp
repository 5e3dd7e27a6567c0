// SPDX-License-Identifier: MIT
// Goal: between two threads a stream arrives byte for byte, whatever the pieces and the verbs that
//         put them in and take them out, also when one side is a socket.
// Method: numbered records with checksums, written into the stream one behind the other and found
//         again in what comes out; random pieces, all verbs at random, a ring of one page, every
//         wait, near the wrap of the positions. LFQ_SEED repeats the choices, not the interleaving.
// Cannot show: weak memory, on x86; a race between the two views of mirrored memory:
//         ThreadSanitizer sees addresses, not that two of them are one byte.
#include <lfq/ring/byte_ring.hpp>

#include "stress/ring/records.hpp"
#include "support/byte_setups.hpp"
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/seed.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <tuple>
#include <type_traits>

#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace support;
using namespace std::chrono_literals;
using view = std::span<const std::byte>;

using every_crossing = std::tuple<stream_setup<spin, env_near_wrap>,
    stream_setup<backoff, env_near_wrap>, stream_setup<slip>, stream_setup<park, env_near_wrap>,
    stream_setup<doorbell, env_near_wrap>>;

template <class Setup>
constexpr std::uint64_t records_to_send() {
    using wait = typename Setup::wait;
    const bool patient =
        !std::is_same_v<wait, lfq::wait::spin> && !std::is_same_v<wait, lfq::wait::slip>;
    return affordable(patient ? 30'000 : 1'500);
}

// The whole stream, as long as it takes: what is not yet sent of the record at hand, and the next.
class outbox {
public:
    outbox(std::uint64_t count, dice& random) : count_(count), random_(random) {}

    // The next bytes to be sent, no more than `most`; none at the end.
    view next(std::size_t most) {
        if (sent_ == record_.size() && number_ != count_) {
            record_.resize(
                records::header_bytes + random_.from_to(0, random_.one_in(9) ? 5'000 : 90));
            records::write(record_, number_++);
            sent_ = 0;
        }
        const view rest = view(record_).subspan(sent_);
        return rest.first(std::min(most, rest.size()));
    }
    void sent(std::size_t bytes_sent) {
        sent_ += bytes_sent;
        total_ += bytes_sent;
    }
    [[nodiscard]] std::uint64_t total() const { return total_; }

private:
    std::uint64_t count_;
    dice& random_;
    bytes record_;
    std::size_t sent_ = 0;
    std::uint64_t number_ = 0;
    std::uint64_t total_ = 0;
};

// Puts the pieces together again.
class inbox {
public:
    void note(view piece) {
        total_ += piece.size();
        while (!piece.empty()) {
            const std::size_t wanted = wanted_bytes();
            const view part = piece.first(std::min(wanted, piece.size()));
            record_.insert(record_.end(), part.begin(), part.end());
            piece = piece.subspan(part.size());
            if (record_.size() < records::header_bytes || wanted_bytes() != 0) continue;
            if (!records::whole(record_) || records::fields::number(record_) != next_) ++wrong_;
            ++next_;
            record_.clear();
        }
    }

    [[nodiscard]] std::uint64_t count() const { return next_; }
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
    [[nodiscard]] std::uint64_t total() const { return total_; }

private:
    [[nodiscard]] std::size_t wanted_bytes() const {
        if (record_.size() < records::header_bytes) return records::header_bytes - record_.size();
        return records::header_bytes + records::fields::payload_bytes(record_) - record_.size();
    }

    bytes record_;
    std::uint64_t next_ = 0;
    std::uint64_t wrong_ = 0;
    std::uint64_t total_ = 0;
};

template <class Ring>
std::size_t write_in_place(Ring& ring, view next, dice& random) {
    auto claimed = ring.claim(next.size() + random.from_to(0, 200));
    if (!claimed || random.one_in(5)) return 0;
    const std::size_t used = std::min(next.size(), claimed.bytes().size());
    std::copy_n(next.begin(), used, claimed.bytes().begin());
    claimed.commit(used);
    return used;
}

template <class Ring>
std::uint64_t send(Ring& ring, std::uint64_t count, std::uint64_t stream) {
    dice random(stream);
    outbox box(count, random);
    for (;;) {
        const view next = box.next(random.one_in(3) ? SIZE_MAX : random.from_to(1, 64));
        if (next.empty()) break;
        std::size_t sent = 0;
        switch (random.from_to(0, 3)) {
            case 0: sent = ring.try_push_n(next); break;
            case 1: sent = ring.push_n(next); break;
            case 2: sent = ring.push_n_for(next, 50us); break;
            default: sent = write_in_place(ring, next, random);
        }
        box.sent(sent);
        if (sent == 0) std::this_thread::yield();
    }
    ring.close();
    return box.total();
}

template <class Ring>
void receive(Ring& ring, inbox& book, std::uint64_t stream) {
    dice random(stream);
    bytes out(5'000);
    while (!ring.drained()) {
        const auto room =
            std::span(out).first(random.one_in(3) ? out.size() : random.from_to(1, 64));
        std::size_t came = 0;
        switch (random.from_to(0, 4)) {
            case 0: book.note(room.first(came = ring.pop_n(room))); break;
            case 1: book.note(room.first(came = ring.pop_n_for(room, 50us))); break;
            case 2: book.note(room.first(came = ring.try_pop_n(room))); break;
            case 3: {
                const view found = ring.peek();
                came = std::min(room.size(), found.size());
                book.note(found.first(came));
                ring.consume(came);
                break;
            }
            default: records::sleep_if_quiet(ring);
        }
        if (came == 0) std::this_thread::yield();
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a_stream_between_two_threads_arrives_byte_for_byte", "", every_crossing) {
    auto ring = TestType::make(4096);
    const std::uint64_t count = records_to_send<TestType>();
    inbox book;
    std::uint64_t sent = 0;
    std::thread sender([&] { sent = send(ring, count, 1); });
    receive(ring, book, 2);
    sender.join();
    CAPTURE(run_seed());
    CHECK(book.wrong() == 0);
    CHECK(book.count() == count);
    CHECK(book.total() == sent);
    const lfq::ring_statistics seen = ring.statistics();
    CHECK(seen.published == sent);
    CHECK(seen.consumed == sent);
    CHECK(seen.high_water <= ring.capacity());
}

TEST_CASE("a_stream_sent_from_peek_and_received_into_a_claim_arrives_byte_for_byte") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    lfq::byte_ring<lfq::storage::mirrored, lfq::wait::park> out(4096);
    lfq::byte_ring<lfq::storage::mirrored, lfq::wait::park> in(4096);
    const std::uint64_t count = affordable(30'000);
    std::uint64_t sent = 0;
    std::thread producer([&] { sent = send(out, count, 5); });
    std::thread writer([&] {
        bytes first(1);
        while (out.pop_n(first) == 1) {  // sleeps; the rest goes straight from the ring
            if (::send(ends[0], first.data(), 1, MSG_NOSIGNAL) != 1) break;
            const view rest = out.peek();
            const ssize_t n = rest.empty() ? 0 : ::send(ends[0], rest.data(), rest.size(), 0);
            if (n > 0) out.consume(static_cast<std::size_t>(n));
        }
        ::shutdown(ends[0], SHUT_WR);
    });
    std::thread reader([&] {
        for (;;) {
            auto room = in.claim(SIZE_MAX);
            if (!room) {
                std::this_thread::yield();
                continue;
            }
            const ssize_t n = ::recv(ends[1], room.bytes().data(), room.bytes().size(), 0);
            if (n <= 0) break;
            room.commit(static_cast<std::size_t>(n));
        }
        in.close();
    });
    inbox book;
    receive(in, book, 6);
    producer.join();
    writer.join();
    reader.join();
    ::close(ends[0]);
    ::close(ends[1]);
    CAPTURE(run_seed());
    CHECK(book.wrong() == 0);
    CHECK(book.count() == count);
    CHECK(book.total() == sent);
}
