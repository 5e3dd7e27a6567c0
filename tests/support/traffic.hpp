// SPDX-License-Identifier: MIT
// Threads that use every verb of a ring at random, and the ledger that shows what came of it.
#pragma once

#include "support/load.hpp"
#include "support/ring_traits.hpp"
#include "support/seed.hpp"
#include "support/tracked.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include <poll.h>

namespace support {

/// Who sent it and which of theirs it is.
[[nodiscard]] constexpr std::uint64_t letter(
    std::uint64_t sender, std::uint64_t sequence) noexcept {
    return sender << 48 | sequence;
}

/// Bytes whose words prove each other: half of one value and half of another show.
struct message {
    explicit message(std::uint64_t code) noexcept
        : words{code, ~code, code * 31, code ^ 0x5A5A5A5A} {}

    [[nodiscard]] bool whole() const noexcept {
        return words[1] == ~words[0] && words[2] == words[0] * 31 &&
            words[3] == (words[0] ^ 0x5A5A5A5A);
    }

    std::uint64_t words[4];
};

[[nodiscard]] inline std::uint64_t number(const message& element) noexcept {
    return element.whole() ? element.words[0] : UINT64_MAX;
}

/// The consumer's book: every letter once, and each sender's in order.
class ledger {
public:
    explicit ledger(std::size_t senders) : next_(senders) {}

    template <class T>
    void note(const T& element) {
        const std::uint64_t code = number(element);
        const std::uint64_t sender = code >> 48;
        if (sender >= next_.size() || code != letter(sender, next_[sender])) {
            ++wrong_;
        } else {
            ++next_[sender];
        }
    }

    /// Letters that were torn, lost, doubled or out of order.
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
    /// How many came from each sender.
    [[nodiscard]] const std::vector<std::uint64_t>& received() const { return next_; }

private:
    std::vector<std::uint64_t> next_;
    std::uint64_t wrong_ = 0;
};

/// Sends `count` letters by every verb in turn of the dice, or fewer when the ring is closed; the
/// answer is how many were accepted. Claims are built in part and abandoned now and then.
template <class Ring>
std::uint64_t send(Ring& ring, std::uint64_t sender, std::uint64_t count, dice& random) {
    using element = typename Ring::value_type;
    std::uint64_t sent = 0;
    const auto next = [&](std::uint64_t ahead = 0) { return letter(sender, sent + ahead); };
    while (sent < count) {
        const std::uint64_t before = sent;
        const std::size_t wanted = std::min<std::size_t>(random.from_to(1, 5), count - sent);
        switch (random.from_to(0, 4)) {
            case 0: sent += ring.try_emplace(next()) ? 1u : 0u; break;
            case 1: sent += ring.push(element(next())) ? 1u : 0u; break;
            case 2:
                sent += ring.push_for(element(next()), std::chrono::microseconds(50)) ? 1u : 0u;
                break;
            case 3: {
                if constexpr (copies_batches<Ring>) {
                    std::vector<element> batch;
                    for (std::size_t i = 0; i < wanted; ++i) batch.emplace_back(next(i));
                    sent += ring.try_push_n(std::span<const element>(batch));
                }
                break;
            }
            default: {
                if constexpr (claims<Ring>) {
                    auto claimed = ring.claim(wanted);
                    const std::size_t built = random.from_to(0, claimed.size());
                    for (std::size_t i = 0; i < built; ++i) claimed.emplace(next(i));
                    if (random.one_in(4)) break;
                    claimed.commit();
                    sent += built;
                }
            }
        }
        if (sent != before) continue;
        if (ring.closed()) return sent;
        std::this_thread::yield();
    }
    return sent;
}

/// Takes letters by every verb in turn of the dice until the ring is drained.
template <class Ring>
void receive(Ring& ring, ledger& book, dice& random) {
    using element = typename Ring::value_type;
    const auto note = [&book](const element& value) { book.note(value); };
    std::vector<element> out(5, element(0));
    for (;;) {
        std::size_t came = 0;
        const std::size_t wanted = random.from_to(1, out.size());
        switch (random.from_to(0, 6)) {
            case 0:
                if (!ring.pop(out[0])) return;
                note(out[came++]);
                break;
            case 1:
                if (ring.pop_for(out[0], std::chrono::microseconds(50))) note(out[came++]);
                break;
            case 2:
                if (ring.try_pop(out[0])) note(out[came++]);
                break;
            case 3:
                came = ring.try_pop_n(std::span(out).first(wanted));
                std::for_each_n(out.begin(), came, note);
                break;
            case 4: came = ring.drain(note, wanted); break;
            case 5:
                if constexpr (requires { ring.peek().front().data(); }) {
                    for (const auto part : ring.peek(wanted)) {
                        std::ranges::for_each(part, note);
                        came += part.size();
                    }
                } else {
                    const auto values = ring.peek(wanted);
                    std::for_each(values.begin(), values.end(), note);
                    came = values.size();
                }
                ring.consume(came);
                break;
            default:
                if constexpr (requires { ring.arm(); }) {
                    if (ring.arm()) {
                        pollfd bell{ring.fd(), POLLIN, 0};
                        ::poll(&bell, 1, -1);  // for ever: a lost wake-up is a test that hangs
                        ring.acknowledge();
                    }
                }
        }
        if (came != 0) continue;
        if (ring.drained()) return;
        std::this_thread::yield();
    }
}

}  // namespace support
