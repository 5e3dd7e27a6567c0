// SPDX-License-Identifier: MIT
// How many bytes a second go from one thread to one other through byte_ring, beside what the two
// cores move with nothing but memcpy?
//
// Chunks of 1 KiB through 256 KiB. Copied: the producer has a chunk and pushes it, the consumer
// pops it into a chunk of its own. In place: the consumer reads what it finds where it is, as one
// that sends it on does.

#include "harness/floors.hpp"
#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/values.hpp"

#include <lfq/ring/byte_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace {

using namespace bench;

constexpr std::size_t chunk_bytes = 1024;
constexpr std::size_t capacity = std::size_t{256} << 10;
constexpr unit_of_question rate{.name = "GB/s", .rules_compete = true};

using chunk = numbered_block<chunk_bytes>;
using ring = lfq::byte_ring<>;

template <class Looking>
struct copied {
    [[gnu::noinline]] static void produce(ring& to, std::uint64_t first, std::uint64_t count) {
        chunk next{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(next, number);
            changed(next);
            auto rest = std::as_bytes(std::span(&next, 1));
            while (!rest.empty()) {
                const std::size_t took = to.try_push_n(rest);
                if (took == 0) Looking::after_refusal();
                rest = rest.subspan(took);
            }
        }
    }

    /// Zero if every chunk came, once, whole and in order.
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        ring& from, std::uint64_t first, std::uint64_t count) {
        chunk found{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count; ++number) {
            auto rest = std::as_writable_bytes(std::span(&found, 1));
            while (!rest.empty()) {
                const std::size_t took = from.try_pop_n(rest);
                if (took == 0) Looking::after_refusal();
                rest = rest.subspan(took);
            }
            read_whole(found);
            wrong |= differs(found, number);
        }
        return wrong;
    }
};

template <class Looking>
struct read_in_place : copied<Looking> {
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        ring& from, std::uint64_t first, std::uint64_t count) {
        std::uint64_t wrong = 0;
        for (std::uint64_t number = first; number != first + count;) {
            const std::span<const std::byte> all = from.peek();
            // Whole chunks only: where the next one begins is known then.
            const std::size_t whole = all.size() / chunk_bytes;
            if (whole == 0) Looking::after_refusal();
            for (std::size_t i = 0; i < whole; ++i)
                wrong |= summed(all.subspan(i * chunk_bytes, chunk_bytes), number + i);
            from.consume(whole * chunk_bytes);
            number += whole;
        }
        return wrong;
    }

private:
    /// Reads all of a chunk: the sum of its words is its number, twice.
    static std::uint64_t summed(std::span<const std::byte> bytes, std::uint64_t number) {
        std::uint64_t sum = 0;
        for (std::size_t at = 0; at < bytes.size(); at += sizeof sum) {
            std::uint64_t word = 0;
            std::memcpy(&word, &bytes[at], sizeof word);
            sum += word;
        }
        return sum ^ (2 * number);
    }
};

struct ring_with_number {
    ring bytes{capacity};
    std::uint64_t next = 1;
};

template <class Way>
[[nodiscard]] pass stream(team& pinned) {
    return [&pinned, tested = std::make_shared<ring_with_number>()](std::uint64_t count) {
        const std::uint64_t first = tested->next;
        tested->next += count;
        std::uint64_t wrong = 1;
        const double seconds =
            pinned.seconds_together([&] { Way::produce(tested->bytes, first, count); },
                [&] { wrong = Way::consume(tested->bytes, first, count); });
        const bool clean = tested->bytes.size_approx() == 0;
        const auto moved = static_cast<double>(count * chunk_bytes);
        return outcome{seconds, moved / seconds / 1e9, wrong == 0 && clean};
    };
}

template <class Looking>
void enter(entry_list& list, team& pinned) {
    constexpr std::uint64_t wrapping = 8 * capacity / chunk_bytes;
    list.enter("lfq::byte_ring", Looking::name, role::ours, wrapping,
        [&] { return stream<copied<Looking>>(pinned); });
    list.enter("lfq::byte_ring, read in place", Looking::name, role::extra, wrapping,
        [&] { return stream<read_in_place<Looking>>(pinned); });
    list.enter("memcpy in, memcpy out", Looking::name, role::floor, wrapping, [&] {
        using hand_over = memcpy_hand_over<chunk_bytes, Looking>;
        return [&pinned, blocks = std::make_shared<hand_over>()](
                   std::uint64_t count) { return blocks->run(pinned, count); };
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("ring/byte_1p1c_throughput/1KiB/256KiB", "chunks of 1 KiB through 256 KiB", rate,
        [&](entry_list& list) {
            enter<spin>(list, here.pinned());
            enter<slip>(list, here.pinned());
        });
    return here.finish();
}
