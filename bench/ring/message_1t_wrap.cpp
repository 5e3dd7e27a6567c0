// SPDX-License-Identifier: MIT
// What does it cost a message that it goes over the end of its ring?
//
// One thread pushes a message of 1,976 bytes and pops it again, so everything lies in its nearest
// cache. A record is 31 lines: it goes over the end of a ring of 4 KiB in 48 of 100 cases, of one
// of 16 KiB in 12. What the rows differ by, divided by 0.36, is the price of going over the end;
// mirrored memory should have none, spilling storage has to copy.

#include "harness/keep.hpp"
#include "harness/session.hpp"
#include "harness/values.hpp"

#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/message_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace {

using namespace bench;

using message = numbered_block<31 * 64 - 8>;

template <class Ring>
[[gnu::noinline]] std::uint64_t push_and_pop(Ring& ring, std::uint64_t count) {
    message sent{};
    message found{};
    std::uint64_t wrong = 0;
    for (std::uint64_t number = 1; number <= count; ++number) {
        set_number(sent, number);
        changed(sent);
        if (!ring.try_push(std::as_bytes(std::span(&sent, 1)))) return 1;
        if (!ring.try_pop(std::as_writable_bytes(std::span(&found, 1)))) return 1;
        read_whole(found);
        wrong |= differs(found, number);
    }
    return wrong;
}

template <class Storage>
void enter(entry_list& list, team& pinned, const std::string& name, std::size_t bytes) {
    using ring_type = lfq::message_ring<Storage>;
    list.enter(name, std::to_string(bytes >> 10) + " KiB", role::extra, 1'000, [&] {
        return [&pinned, ring = std::make_shared<ring_type>(bytes)](std::uint64_t count) {
            std::uint64_t wrong = 1;
            const double seconds =
                pinned.seconds_together([&] { wrong = push_and_pop(*ring, count); }, [] {});
            return outcome{seconds, seconds * 1e9 / static_cast<double>(count), wrong == 0};
        };
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("ring/message_1t_wrap/1976B", "a message of 1,976 bytes in and out on one thread",
        {.name = "ns", .lower_is_better = true, .one_thread = true}, [&](entry_list& list) {
            for (const std::size_t bytes : {std::size_t{4'096}, std::size_t{16'384}}) {
                team& pinned = here.pinned();
                enter<lfq::storage::mirrored>(list, pinned, "mirrored", bytes);
                enter<lfq::storage::spill>(list, pinned, "spilling", bytes);
            }
        });
    return here.finish();
}
