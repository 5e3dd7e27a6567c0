// SPDX-License-Identifier: MIT
// How many values a second does one writer show to 1, 2 and 3 readers, gated and lossy, one at a
// time and in batches, beside spsc_ring with its one reader?
//
// Like with like: under "spin" and under "slip" every contestant's try_ verbs stand in the same
// outer loop. "1w+2r, shared" is a writer and two readers: there are more threads than cpus, two,
// and whoever is refused pauses 64 times and then gives up its turn. A lossy writer is never
// refused, so its rate is how fast it writes; its readers check that what they got and what they
// were told to have missed are all. "stalled" is a reader that looks once, at the end of a pass;
// "nobody" is the writer alone. Two ratios are asked for beside those to spsc_ring: what a stalled
// reader costs a lossy writer, and how a lossy writer with one reader does against a gated one.

#include "contestants/lfq_broadcast.hpp"
#include "contestants/lfq_spsc.hpp"
#include "harness/session.hpp"
#include "harness/streams.hpp"
#include "harness/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace bench;

constexpr const char* gated_name = "lfq::broadcast_ring";
constexpr const char* lossy_name = "lfq::lossy_broadcast_ring";

constexpr std::array<comparison, 3> compared{{
    {"a stalled reader against nobody", lossy_name, "stalled", lossy_name, "nobody"},
    {"lossy against gated", lossy_name, spin::name, gated_name, spin::name},
    {"lossy against gated", lossy_name, slip::name, gated_name, slip::name},
}};
constexpr unit_of_question rate{.name = "M/s", .rules_compete = true, .compared = compared};

/// Zero if every value came or was told to be missed, in order and whole.
template <class Looking>
struct reading_what_is_kept {
    template <class Reader>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Reader& reader, std::uint64_t first, std::uint64_t count) {
        typename Reader::value_type each{};
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

/// The same, visited in place; so it is known only at the end how many were missed.
template <class Looking>
struct visiting_what_is_kept {
    template <class Reader>
    [[nodiscard, gnu::noinline]] static std::uint64_t consume(
        Reader& reader, std::uint64_t first, std::uint64_t count) {
        std::uint64_t wrong = 0;
        const std::uint64_t missed_before = reader.missed();
        std::uint64_t got = 0;
        std::uint64_t next = first;
        while (next != first + count) {
            const std::size_t took = reader.drain([&](const auto& each) {
                const std::uint64_t number = number_of(each);
                wrong |= differs(each, number) | (number < next ? 1U : 0U);
                next = number + 1;
            });
            if (took == 0) Looking::after_refusal();
            got += took;
        }
        return wrong | (got + (reader.missed() - missed_before) - count);
    }
};

/// One writer, and each reader on a thread of its own; the first job ends last.
template <class Writing, class Reading, class Tested>
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
        jobs.emplace_back([&] { Writing::produce(tested->ring(), first, count); });
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
                reader.drain([&](const auto&) { ++got; });
                right = right && got + (reader.missed() - before) == count;
            }
        }
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, right};
    };
}

template <class T, std::size_t Capacity>
class rows {
    using gated = lfq_broadcast<T, Capacity>;
    using lossy = lfq_lossy_broadcast<T, Capacity>;
    using spsc = lfq_spsc<T, Capacity>;

public:
    rows(entry_list& list, session& here) : list_(list), here_(here) {}

    template <class Looking>
    void one_reader() {
        using way = one_at_a_time<Looking>;
        enter_stream<spsc, way>(list_, here_.pinned(), spsc::name, Looking::name, role::fixed_peer);
        readers<gated, way, way>(gated_name, Looking::name, role::ours, 1);
        readers<lossy, way, reading_what_is_kept<Looking>>(
            lossy_name, Looking::name, role::extra, 1);
    }
    void several(std::size_t count) {
        using looking = slip_and_yield;
        using way = one_at_a_time<looking>;
        readers<gated, way, way>(gated_name, shared(count), role::extra, count);
        readers<lossy, way, reading_what_is_kept<looking>>(
            lossy_name, shared(count), role::extra, count);
    }
    void alone() {
        writer<gated>(gated_name, "nobody", 0);
        writer<lossy>(lossy_name, "nobody", 0);
        writer<lossy>(lossy_name, "stalled", 1);
    }

    template <class Looking, std::size_t Size>
    void one_reader_in_batches() {
        using array = in_batches<Looking, Size, by_pop_n<Size>>;
        using in_place = in_batches<Looking, Size, by_drain>;
        enter_stream<spsc, array>(
            list_, here_.pinned(), spsc::name, Looking::name, role::fixed_peer);
        readers<gated, array, array>(gated_name, Looking::name, role::ours, 1);
        readers<gated, in_place, in_place>(
            joined({gated_name, ", drain"}), Looking::name, role::extra, 1);
        readers<lossy, in_place, visiting_what_is_kept<Looking>>(
            joined({lossy_name, ", drain"}), Looking::name, role::extra, 1);
    }
    template <std::size_t Size>
    void several_in_batches(std::size_t count) {
        using array = in_batches<slip_and_yield, Size, by_pop_n<Size>>;
        readers<gated, array, array>(gated_name, shared(count), role::extra, count);
    }

private:
    static std::string shared(std::size_t count) {
        return joined({"1w+", std::to_string(count), "r, shared"});
    }
    template <class Tested, class Writing, class Reading>
    void readers(
        const std::string& name, const std::string& rule, role stands_for, std::size_t count) {
        list_.enter(name, rule, stands_for, four_laps<spsc>, [&] {
            return show_to_all<Writing, Reading>(
                here_.crew(count + 1), std::make_shared<Tested>(count));
        });
    }
    template <class Tested>
    void writer(const std::string& name, const std::string& rule, std::size_t count) {
        list_.enter(name, rule, role::extra, four_laps<spsc>,
            [&] { return write_alone(here_.pinned(), std::make_shared<Tested>(count)); });
    }

    entry_list& list_;
    session& here_;
};

template <std::size_t Bytes, std::size_t Capacity>
void ask(session& here) {
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    here.ask(joined({"ring/broadcast_1pnc_throughput/", bytes, "B/", slots}),
        joined({"values of ", bytes, " bytes to every reader, ", slots,
            " slots; shared: more threads than the 2 cpus"}),
        rate, [&](entry_list& list) {
            rows<value_of<Bytes>, Capacity> all(list, here);
            all.template one_reader<spin>();
            all.template one_reader<slip>();
            all.alone();
            all.several(2);
            all.several(3);
        });
}

template <std::size_t Bytes, std::size_t Capacity, std::size_t Size>
void ask_in_batches_of(session& here) {
    const std::string bytes = std::to_string(Bytes);
    const std::string slots = std::to_string(Capacity);
    const std::string size = std::to_string(Size);
    here.ask(joined({"ring/broadcast_1pnc_throughput/", bytes, "B/", slots, "/batch", size}),
        joined({"values of ", bytes, " bytes to every reader in batches of ", size, ", ", slots,
            " slots; shared: more threads than the 2 cpus"}),
        rate, [&](entry_list& list) {
            rows<value_of<Bytes>, Capacity> all(list, here);
            all.template one_reader_in_batches<spin, Size>();
            all.template one_reader_in_batches<slip, Size>();
            all.template several_in_batches<Size>(2);
            all.template several_in_batches<Size>(3);
        });
}

void ask_the_rest(session& here) {
    ask<8, 64>(here);
    ask<64, 65'536>(here);
    ask<64, 1'024>(here);
    ask<64, 64>(here);
    ask<256, 65'536>(here);
    ask<256, 1'024>(here);
    ask<256, 64>(here);
    ask_in_batches_of<8, 65'536, 1>(here);
    ask_in_batches_of<8, 65'536, 8>(here);
    ask_in_batches_of<8, 65'536, 64>(here);
    ask_in_batches_of<8, 65'536, 256>(here);
    ask_in_batches_of<8, 1'024, 64>(here);
    ask_in_batches_of<64, 1'024, 64>(here);
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask<8, 65'536>(here);
    ask<8, 1'024>(here);
    if (here.full()) ask_the_rest(here);
    return here.finish();
}
