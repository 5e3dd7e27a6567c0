// SPDX-License-Identifier: MIT
// How many values of 8 bytes a second does one writer show to 1, 2 and 3 readers, gated and lossy,
// beside spsc_ring with its one reader?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. "1w+2r, shared" is a writer and two readers: there are more threads than cpus, two,
// and whoever is refused pauses 64 times and then gives up its turn. A lossy writer is never
// refused, so its rate is how fast it writes; its readers check that what they got and what they
// were told to have missed are all. "stalled" is a reader that looks once, at the end of a pass;
// "nobody" is the writer alone.

#include "contestants/lfq_broadcast.hpp"
#include "contestants/lfq_spsc.hpp"
#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/session.hpp"
#include "harness/text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace bench;

using value = value_of<8>;
constexpr unit_of_question rate{.name = "M/s", .rules_compete = true};

/// Zero if every value came or was told to be missed, in order and whole.
template <class Looking>
struct reading_what_is_kept {
    template <class Reader>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Reader& reader, std::uint64_t first, std::uint64_t count) {
        value each{};
        std::uint64_t wrong = 0;
        const std::uint64_t missed_before = reader.missed();
        std::uint64_t got = 0;
        // The last value is not overwritten, so it always comes.
        for (std::uint64_t number = first; number != first + count; ++number) {
            while (!reader.try_pop(each)) Looking::after_refusal();
            read_whole(each);
            number = first + got++ + (reader.missed() - missed_before);
            wrong |= differs(each, number);
        }
        return wrong;
    }
};

/// One writer, and each reader on a thread of its own; the first job ends last.
template <class Looking, class Reading, class Tested>
[[nodiscard]] pass show_to_all(team& crew, std::shared_ptr<Tested> tested) {
    return [&crew, tested, next = std::uint64_t{1}](std::uint64_t count) mutable {
        const std::uint64_t first = next;
        next += count;
        std::vector<std::uint64_t> wrong(tested->readers().size(), 1);
        std::vector<std::function<void()>> jobs;
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            jobs.emplace_back(
                [&, i] { wrong[i] = Reading::consume(tested->readers()[i], first, count); });
        }
        jobs.emplace_back([&] { one_at_a_time<Looking>::produce(tested->ring(), first, count); });
        const double seconds = crew.seconds_of(std::move(jobs));
        std::uint64_t any = 0;
        for (const std::uint64_t each : wrong) any |= each;
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, any == 0};
    };
}

/// The writer alone; then whoever has joined looks once, and must be told what it missed.
template <class Tested>
[[nodiscard]] pass write_alone(team& crew, std::shared_ptr<Tested> tested) {
    return [&crew, tested, next = std::uint64_t{1}](std::uint64_t count) mutable {
        const std::uint64_t first = next;
        next += count;
        const double seconds = crew.seconds_together(
            [&] { one_at_a_time<spin>::produce(tested->ring(), first, count); }, [] {});
        bool right = true;
        if constexpr (requires { tested->readers()[0].missed(); }) {
            for (auto& reader : tested->readers()) {
                const std::uint64_t before = reader.missed();
                std::uint64_t got = 0;
                reader.drain([&](const value&) { ++got; });
                right = right && got + (reader.missed() - before) == count;
            }
        }
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, right};
    };
}

template <std::size_t Capacity>
class rows {
    using gated = lfq_broadcast<value, Capacity>;
    using lossy = lfq_lossy_broadcast<value, Capacity>;
    using spsc = lfq_spsc<value, Capacity>;
    static constexpr std::uint64_t wrapping = Capacity * 4 < 20'000 ? 20'000 : Capacity * 4;

public:
    rows(entry_list& list, session& here) : list_(list), here_(here) {}

    template <class Looking>
    void one_reader() {
        list_.enter(spsc::name, Looking::name, role::fixed_peer, wrapping, [&] {
            return stream_through<one_at_a_time<Looking>>(here_.pinned(), pre_faulted<spsc>());
        });
        readers<gated, Looking, one_at_a_time<Looking>>(
            "lfq::broadcast_ring", Looking::name, role::ours, 1);
        readers<lossy, Looking, reading_what_is_kept<Looking>>(
            "lfq::lossy_broadcast_ring", Looking::name, role::extra, 1);
    }
    void several(std::size_t count) {
        using looking = slip_and_yield;
        const std::string who = joined({"1w+", std::to_string(count), "r, shared"});
        readers<gated, looking, one_at_a_time<looking>>(
            "lfq::broadcast_ring", who, role::extra, count);
        readers<lossy, looking, reading_what_is_kept<looking>>(
            "lfq::lossy_broadcast_ring", who, role::extra, count);
    }
    void alone() {
        writer<gated>("lfq::broadcast_ring", "nobody", 0);
        writer<lossy>("lfq::lossy_broadcast_ring", "nobody", 0);
        writer<lossy>("lfq::lossy_broadcast_ring", "stalled", 1);
    }

private:
    template <class Tested, class Looking, class Reading>
    void readers(
        const std::string& name, const std::string& rule, role stands_for, std::size_t count) {
        list_.enter(name, rule, stands_for, wrapping, [&] {
            return show_to_all<Looking, Reading>(
                here_.crew(count + 1), std::make_shared<Tested>(count));
        });
    }
    template <class Tested>
    void writer(const std::string& name, const std::string& rule, std::size_t count) {
        list_.enter(name, rule, role::extra, wrapping,
            [&] { return write_alone(here_.pinned(), std::make_shared<Tested>(count)); });
    }

    entry_list& list_;
    session& here_;
};

template <std::size_t Capacity>
void ask(session& here) {
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/broadcast_1pnc_throughput/8B/", slots}),
        joined({"values of 8 bytes to every reader, ", slots,
            " slots; shared: more threads than the 2 cpus"}),
        rate, [&](entry_list& list) {
            rows<Capacity> all(list, here);
            all.template one_reader<spin>();
            all.template one_reader<slip>();
            all.alone();
            all.several(2);
            all.several(3);
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<65'536>(here);
    ask<1'024>(here);
    return here.finish();
}
