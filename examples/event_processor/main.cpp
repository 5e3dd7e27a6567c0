// SPDX-License-Identifier: MIT
// Several producers, one processor, events of three types: reserved, filled in where they are
// handled, committed in batches. Every event is checked and counted. What it does is told by
// --help.
#include "arguments.hpp"
#include "event_processor/event_processor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using events::errc;
using example::exit_bad_usage;
using example::read_number;

constexpr std::uint32_t producers = 3;
constexpr std::uint64_t batch_max = 8;
constexpr std::uint64_t withdrawn_one_in = 16;  // batches that are filled in and not committed
constexpr std::uint64_t rejected_one_in = 1000;  // notes that their handler does not like

constexpr const char* text_of_notes = " is long enough to lie on the heap";

constexpr const char* help =
    "usage: event_processor [batches [places]]\n"
    "\n"
    "3 producers reserve 1 to 8 places in a row, fill them with quotes, orders and notes, and\n"
    "commit; one batch in 16 is filled in and withdrawn. The processor handles what is "
    "committed;\n"
    "one note in 1000 is rejected, which is reported.\n"
    "\n"
    "  batches  of each producer, 1 to 100000000 (100000)\n"
    "  places   1 to 1048576, rounded up to a power of two (4096)\n"
    "\n"
    "Exit code: 0, or 1 when the counts disagree, or 64 when an argument is wrong.\n";

/// Where an event stands: in which batch of whom, and where in it.
struct place_in_batch {
    std::uint32_t producer = 0;
    std::uint64_t batch = 0;
    std::uint64_t index = 0;
    std::uint64_t count = 0;  // events of the batch
};

struct quote {
    static constexpr const char* name = "quote";
    place_in_batch at;
    double price = 0;
};
struct order {
    static constexpr const char* name = "order";
    place_in_batch at;
    std::uint64_t account = 0;
    std::int64_t amount = 0;
};
struct note {
    static constexpr const char* name = "note";
    place_in_batch at;
    std::string text;
};

using processor = events::event_processor<quote, order, note>;

struct options {
    std::uint64_t batches = 100'000;
    std::uint64_t places = processor::default_capacity;
};

struct sent {
    std::uint64_t committed = 0;  // events
    std::uint64_t withdrawn = 0;
    std::uint64_t waits = 0;  // reservations that found it full
};

/// Fills in one batch, which ends as it should or is thrown out of by what it is made of.
void fill_in(processor::reservation& places, const place_in_batch& first, bool fails) {
    place_in_batch at = first;
    for (; at.index < at.count; ++at.index) {
        switch ((at.batch + at.index) % 3) {
            case 0: places.fill<quote>() = {at, 1.0 + static_cast<double>(at.batch)}; break;
            case 1:
                places.fill<order>() = {at, at.batch, static_cast<std::int64_t>(at.index)};
                break;
            default: places.fill<note>() = {at, "note " + std::to_string(at.batch) + text_of_notes};
        }
    }
    if (fails) throw std::runtime_error("the source of this batch withdrew it");
}

sent produce(processor& to, std::uint32_t me, std::uint64_t batches) {
    sent done;
    for (std::uint64_t batch = 0; batch < batches;) {
        const std::uint64_t count = 1 + batch % std::min<std::uint64_t>(batch_max, to.capacity());
        auto places = to.reserve(count);
        if (places.error() == errc::full) {
            ++done.waits;
            std::this_thread::yield();
            continue;
        }
        try {
            fill_in(places, {me, batch, 0, count}, batch % withdrawn_one_in == 7);
            places.commit();
            done.committed += count;
        } catch (const std::runtime_error&) {
            done.withdrawn += count;  // places ends here, and what was filled in with it
        }
        ++batch;
    }
    return done;
}

/// Checks that the events of a batch come one behind the other, and batches in order.
class ledger {
public:
    template <class Event>
    void handle(const Event& event) {
        ++handled_;
        const place_in_batch& at = event.at;
        place_in_batch& last = last_[at.producer];
        const bool goes_on = at.index != 0;
        const bool ended = last.index + 1 == last.count || last.count == 0;
        if (goes_on ? at.batch != last.batch || at.index != last.index + 1 || before_ != at.producer
                    : !ended || (last.count != 0 && at.batch <= last.batch))
            ++disordered_;
        last = at;
        before_ = at.producer;
        check(event);
    }

    std::uint64_t handled() const { return handled_; }
    std::uint64_t disordered() const { return disordered_; }
    std::uint64_t rejected() const { return rejected_; }

private:
    void check(const quote& each) {
        if (each.price != 1.0 + static_cast<double>(each.at.batch)) ++disordered_;
    }
    void check(const order& each) {
        if (each.account != each.at.batch) ++disordered_;
    }
    void check(const note& each) {
        if (each.text != "note " + std::to_string(each.at.batch) + text_of_notes) ++disordered_;
        if (++notes_ % rejected_one_in != 0) return;
        ++rejected_;
        throw std::invalid_argument("nobody wants note " + std::to_string(each.at.batch));
    }

    std::array<place_in_batch, producers> last_{};
    std::uint32_t before_ = 0;
    std::uint64_t handled_ = 0;
    std::uint64_t disordered_ = 0;
    std::uint64_t notes_ = 0;
    std::uint64_t rejected_ = 0;
};

int run(const options& asked) {
    processor all(asked.places);
    std::array<sent, producers> done{};
    std::thread sources([&] {
        std::vector<std::thread> threads;
        for (std::uint32_t i = 0; i < producers; ++i)
            threads.emplace_back([&, i] { done[i] = produce(all, i, asked.batches); });
        for (std::thread& each : threads) each.join();
        all.close();
    });

    ledger book;
    std::uint64_t reports = 0;
    const auto began = std::chrono::steady_clock::now();
    const std::uint64_t batches = all.run([&book](const auto& event) { book.handle(event); },
        [&reports](const events::failure& failed) {
            if (++reports <= 2)
                std::printf("a %.*s failed: %s\n", static_cast<int>(failed.event.size()),
                    failed.event.data(), failed.what.c_str());
        });
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    sources.join();

    sent sum;
    for (const sent& each : done) {
        sum.committed += each.committed;
        sum.withdrawn += each.withdrawn;
        sum.waits += each.waits;
    }
    const bool refused = all.reserve().error() == errc::closed &&
        all.reserve(all.capacity() + 1).error() == errc::too_large;
    std::printf("%" PRIu64 " events in %.3f s, %.2f M/s; %" PRIu64
                " batches of the consumer, "
                "%" PRIu64 " waits for places of %zu\n",
        book.handled(), seconds, static_cast<double>(book.handled()) / seconds / 1e6, batches,
        sum.waits, all.capacity());
    const std::uint64_t skipped = all.statistics().skipped;
    // A reservation that lost a race for the last places has stepped over some, too.
    const bool right = book.handled() == sum.committed && book.disordered() == 0 &&
        reports == book.rejected() && skipped >= sum.withdrawn && refused;
    std::printf("%s: committed %" PRIu64 " = handled %" PRIu64 ", withdrawn %" PRIu64 " of %" PRIu64
                " places stepped over, out of order or broken %" PRIu64 ", rejected %" PRIu64
                " = reported %" PRIu64 "\n",
        right ? "ok" : "wrong", sum.committed, book.handled(), sum.withdrawn, skipped,
        book.disordered(), book.rejected(), reports);
    return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::span<char*> arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    if (!arguments.empty() && std::string_view(arguments[0]) == "--help") {
        std::fputs(help, stdout);
        return 0;
    }
    options asked;
    if (arguments.size() > 2) {
        std::fprintf(stderr, "too many arguments; see --help\n");
        return exit_bad_usage;
    }
    if (!arguments.empty() && !read_number("batches", arguments[0], 1, 100'000'000, asked.batches))
        return exit_bad_usage;
    if (arguments.size() > 1 && !read_number("places", arguments[1], 1, 1U << 20, asked.places))
        return exit_bad_usage;
    try {
        return run(asked);
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "event_processor: %s\n", failed.what());
        return 1;
    }
}
