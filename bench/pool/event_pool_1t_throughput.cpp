// SPDX-License-Identifier: MIT
// What does it cost one thread to take an object and to give it back, one at a time and in bursts?
//
// Objects of 64 bytes; each is numbered in one line when it is taken and looked at before it is
// given back, so everybody pays for the same use. Nobody clears or builds anything.

#include "contestants/pools.hpp"
#include "harness/keep.hpp"
#include "harness/session.hpp"
#include "harness/values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace bench;

/// A user's constructor that does nothing: new does not clear it.
struct object : wide_value<64> {
    object() noexcept {}  // NOLINT: = default would let value-initialisation clear it
};

template <class Pool>
struct one_at_a_time {
    static constexpr const char* name = "one at a time";

    [[nodiscard, gnu::noinline]] static std::uint64_t run(
        typename Pool::local& mine, std::uint64_t count) {
        std::uint64_t wrong = 0;
        for (std::uint64_t number = 1; number <= count; ++number) {
            auto one = mine.take();
            if (!one) return 1;
            one->words[0] = number;
            memory_changed();
            wrong |= one->words[0] ^ number;
            mine.give_back(std::move(one));
        }
        return wrong;
    }
};

template <class Pool>
struct in_bursts {
    static constexpr const char* name = "bursts of 32";

    [[nodiscard, gnu::noinline]] static std::uint64_t run(
        typename Pool::local& mine, std::uint64_t count) {
        std::array<typename Pool::handle, 32> some{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = 0; number < count; number += some.size()) {
            for (std::size_t i = 0; i < some.size(); ++i) {
                some[i] = mine.take();
                if (!some[i]) return 1;
                some[i]->words[0] = number + i;
            }
            memory_changed();
            for (std::size_t i = 0; i < some.size(); ++i) {
                wrong |= some[i]->words[0] ^ (number + i);
                mine.give_back(std::move(some[i]));
            }
        }
        return wrong;
    }
};

/// The burst by one verb each way.
template <class Pool>
struct in_batches {
    static constexpr const char* name = "batches of 32";

    [[nodiscard, gnu::noinline]] static std::uint64_t run(
        typename Pool::local& mine, std::uint64_t count) {
        std::array<typename Pool::handle, 32> some{};
        std::uint64_t wrong = 0;
        for (std::uint64_t number = 0; number < count; number += some.size()) {
            if (!mine.take_n(some)) return 1;
            for (std::size_t i = 0; i < some.size(); ++i) some[i]->words[0] = number + i;
            memory_changed();
            for (std::size_t i = 0; i < some.size(); ++i) wrong |= some[i]->words[0] ^ (number + i);
            mine.give_back_n(some);
        }
        return wrong;
    }
};

template <class Pool>
struct desk {
    Pool pool;
    typename Pool::local mine{pool};
};

template <class Way, class Pool>
void enter(entry_list& list, team& pinned) {
    list.enter(Pool::name, Way::name, Pool::stands_for, 3'200, [&] {
        return [&pinned, tested = std::make_shared<desk<Pool>>()](std::uint64_t count) {
            count = (count + 31) / 32 * 32;
            std::uint64_t wrong = 1;
            const double seconds =
                pinned.seconds_together([&] { wrong = Way::run(tested->mine, count); }, [] {});
            return outcome{seconds, seconds * 1e9 / static_cast<double>(count), wrong == 0};
        };
    });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    here.ask("pool/event_pool_1t_throughput/64B", "an object of 64 bytes taken and given back",
        {.name = "ns", .lower_is_better = true, .one_thread = true}, [&](entry_list& list) {
            enter<in_batches<lfq_event_pool<object>>, lfq_event_pool<object>>(list, here.pinned());
            for_each_pool<object>([&]<class Pool>() {
                enter<one_at_a_time<Pool>, Pool>(list, here.pinned());
                enter<in_bursts<Pool>, Pool>(list, here.pinned());
            });
        });
    return here.finish();
}
