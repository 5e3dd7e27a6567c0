// SPDX-License-Identifier: MIT
// lfq/ring/message_verbs.hpp — the consumer's verbs of messages, built once for every ring of them.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/message_record.hpp>
#include <lfq/ring/peeked_messages.hpp>
#include <lfq/ring/popped_message.hpp>
#include <lfq/ring/waiting_verbs.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace lfq::inline LFQ_ABI {

/// Base of the rings of messages; nobody names it. A Ring has, privately and with this class as its
/// friend:
///
///   oldest() -> message_record               the message at the head, once what is skipped before
///                                            it was freed
///   look()                                   takes notice of what is there now
///   record_at(position) -> message_record    of what was noticed, the first message from there on
///   free(position, messages, bytes)          the consumer has finished with what lies before, so
///                                            many messages of so many bytes
///   ended() -> bool                          no more will come than one more look finds
///   its_consumer() -> sole_caller&, consumer_role
///
/// and what waiting_verbs asks for.
template <class Ring, wait_policy Wait, class Env>
class message_verbs : public waiting_verbs<Ring, Wait> {
public:
    using message = std::span<const std::byte>;
    using peeked = peeked_messages<message_verbs>;

    // Consumer side.

    /// The oldest message where it is, until it is consumed or popped; nothing when there is none.
    [[nodiscard]] std::optional<message> peek() noexcept {
        const sole_caller::visit inside(ring().its_consumer(), Ring::consumer_role);
        const message_record found = ring().oldest();
        if (!found.there) return std::nullopt;
        return shown(found);
    }

    /// The oldest messages, at most n, where they are; what was skipped does not appear.
    [[nodiscard]] peeked peek(std::size_t n) noexcept;

    /// Frees the oldest k messages, which must have been peeked at.
    void consume(std::size_t k = 1) noexcept;

    /// Copies the oldest message out, unless it is longer than `out`: then it stays, and the answer
    /// tells its size.
    [[nodiscard]] popped_message try_pop(std::span<std::byte> out) noexcept {
        popped_message answer;
        if (take(out, answer) != wait::turn::done) ring().refused_pop();
        return answer;
    }

    /// Waits for a message; none: closed and drained.
    [[nodiscard]] popped_message pop(std::span<std::byte> out) {
        popped_message answer;
        this->take_until([&] { return take(out, answer); }, this->forever);
        return answer;
    }

    /// Waits for a message at most so long; none: closed and drained, or out of time.
    template <class Rep, class Period>
    [[nodiscard]] popped_message pop_for(
        std::span<std::byte> out, std::chrono::duration<Rep, Period> duration) {
        popped_message answer;
        this->take_until([&] { return take(out, answer); }, this->in(duration));
        return answer;
    }

    /// Calls visit(std::span<const std::byte>) on the oldest messages where they are, at most `max`
    /// and at most a ring full, and frees them at once. If visit throws, the messages it saw are
    /// consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

protected:
    message_verbs() = default;

private:
    friend peeked;

    [[nodiscard]] Ring& ring() noexcept { return static_cast<Ring&>(*this); }

    [[nodiscard]] message_record next_from(std::uint64_t at) noexcept {
        return ring().record_at(at);
    }
    [[nodiscard]] static message shown(const message_record& found) noexcept {
        Env::touch_read(found.first, found.bytes);
        return {found.first, found.bytes};
    }

    [[nodiscard]] inline wait::turn take(std::span<std::byte> out, popped_message& answer) noexcept;
};

template <class Ring, wait_policy Wait, class Env>
auto message_verbs<Ring, Wait, Env>::peek(std::size_t n) noexcept -> peeked {
    const sole_caller::visit inside(ring().its_consumer(), Ring::consumer_role);
    ring().look();
    return {*this, ring().oldest().at, n};
}

template <class Ring, wait_policy Wait, class Env>
void message_verbs<Ring, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(ring().its_consumer(), Ring::consumer_role);
    if (k == 0) return;
    std::uint64_t at = ring().take_position();
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < k; ++i) {
        const message_record found = ring().record_at(at);
        LFQ_ASSERT(found.there, "consume of messages: more than was peeked at");
        bytes += found.bytes;
        at = found.behind;
    }
    ring().free(at, k, bytes);
}

template <class Ring, wait_policy Wait, class Env>
wait::turn message_verbs<Ring, Wait, Env>::take(
    std::span<std::byte> out, popped_message& answer) noexcept {
    const sole_caller::visit inside(ring().its_consumer(), Ring::consumer_role);
    message_record found;
    for (bool last = false; !(found = ring().oldest()).there; last = true) {
        // Who sees the end sees all that was published before it, so one more look decides.
        if (last) return wait::turn::over;
        if (!ring().ended()) return wait::turn::refused;
    }
    const bool fits = found.bytes <= out.size();
    answer = {
        fits ? popped_message::outcome::copied : popped_message::outcome::too_short, found.bytes};
    if (!fits) return wait::turn::done;
    if (found.bytes != 0) Env::copy_out(out.data(), found.first, found.bytes);
    ring().free(found.behind, 1, found.bytes);
    return wait::turn::done;
}

template <class Ring, wait_policy Wait, class Env>
template <class Visit>
std::size_t message_verbs<Ring, Wait, Env>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(ring().its_consumer(), Ring::consumer_role);
    struct visited {  // freed at the end, also when visit throws
        Ring& ring;
        std::uint64_t at;
        std::size_t count = 0;
        std::size_t bytes = 0;
        ~visited() {
            if (at != ring.take_position()) ring.free(at, count, bytes);
        }
    } done{ring(), ring().take_position()};
    ring().look();
    while (done.count != max) {
        const message_record next = ring().record_at(done.at);
        done.at = next.behind;
        if (!next.there) break;
        ++done.count;
        done.bytes += next.bytes;
        visit(shown(next));
    }
    return done.count;
}

}  // namespace lfq::inline LFQ_ABI
