// SPDX-License-Identifier: MIT
// bench/harness/session.hpp — one benchmark program: its questions, asked one after the other.
#pragma once

#include "harness/cpus.hpp"
#include "harness/floors.hpp"
#include "harness/machine.hpp"
#include "harness/options.hpp"
#include "harness/question.hpp"
#include "harness/report.hpp"
#include "harness/team.hpp"
#include "harness/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// The second layout's contestants take their turns from the last to the first.
inline constexpr bool in_reverse = LFQ_BENCH_SECOND_LAYOUT;

/// Collects the contestants of one question; builds only those that were asked for.
class entry_list {
public:
    entry_list(const options& asked, std::string question)
        : asked_(asked), question_(std::move(question)) {}

    /// `make` builds the contestant's ring, touches all of it and answers with the pass to be
    /// timed.
    void enter(std::string name, std::string rule, role stands_for, std::uint64_t count_min,
        const std::function<pass()>& make) {
        const std::string row = joined({question_, "/", name, "/", rule});
        if (!asked_.selects(row)) return;
        found_one_ = true;
        if (asked_.list) {
            if (!name.empty()) std::printf("%s\n", row.c_str());
            return;
        }
        entered_.push_back({std::move(name), std::move(rule), stands_for, count_min, make()});
    }

    [[nodiscard]] std::vector<contestant>& entered() { return entered_; }
    [[nodiscard]] bool found_one() const { return found_one_; }

private:
    const options& asked_;
    std::string question_;
    bool found_one_ = false;
    std::vector<contestant> entered_;
};

class session {
public:
    session(int argc, char** argv) : asked_(options_from(argc, argv)), csv_(asked_.csv_file) {
        arm_watchdog();
    }

    [[nodiscard]] bool full() const { return asked_.full; }
    [[nodiscard]] team& pinned() { return pinned_; }

    /// So many threads on the same cpus, which they have in turn.
    [[nodiscard]] team& crew(std::size_t threads) {
        if (threads == pinned_.cpus().size()) return pinned_;
        std::vector<int> places;
        for (std::size_t i = 0; i < threads; ++i)
            places.push_back(pinned_.cpus()[i % pinned_.cpus().size()]);
        return crews_.try_emplace(threads, std::move(places)).first->second;
    }

    /// Two threads elsewhere: on the first of those cpus, and on another one.
    [[nodiscard]] team& pair_with(int cpu) {
        return pairs_.try_emplace(cpu, std::vector<int>{pinned_.cpus().front(), cpu}).first->second;
    }

    /// Says why a question is not asked, if it was to be.
    void decline(const std::string& question, const std::string& why) {
        entry_list list(asked_, question);
        list.enter("", "", role::extra, 1, [] { return pass(); });
        found_one_ = found_one_ || list.found_one();
        if (!list.entered().empty()) std::printf("%s: %s\n", question.c_str(), why.c_str());
    }

    /// Asks one question: `enter_all(entry_list&)` names the contestants, then they play.
    template <class EnterAll>
    void ask(const std::string& question, const std::string& in_words, const unit_of_question& unit,
        EnterAll&& enter_all) {
        entry_list list(asked_, question);
        enter_all(list);
        found_one_ = found_one_ || list.found_one();
        std::vector<contestant>& all = list.entered();
        if (all.empty()) return;
        if (asked_.smoke) {
            smoke(question, all);
            return;
        }
        introduce();
        schedule how;
        how.pass_seconds = unit.pass_seconds;
        if (!unit.threads_sleep) how.lost_share = [this] { return take_lost_share(); };
        if (!unit.one_thread) how.distance = distance_meter(pinned_);
        if (asked_.full) how.rounds_max = 27;
        if (asked_.rounds != 0) how.rounds_min = how.rounds_max = asked_.rounds;
        if (in_reverse) std::reverse(all.begin(), all.end());
        const conditions found = play(all, how, unit.lower_is_better);
        if (in_reverse) std::reverse(all.begin(), all.end());
        std::printf("\n%s — %s\n", question.c_str(), in_words.c_str());
        print_conditions(question, found, unit, csv_);
        print_rows(question, all, unit, csv_);
        print_verdicts(question, all, unit, csv_);
        print_compared(question, all, unit, csv_);
        std::fflush(stdout);
        note_broken(question, all);
    }

    /// The program's exit code: 1 if a ring of lfq lost, repeated or reordered anything, 64 if
    /// --only fits nothing.
    [[nodiscard]] int finish() {
        if (!found_one_ && asked_.has_only && !asked_.list) {
            std::fprintf(stderr, "bench: --only fits no row of this program; --list names them\n");
            return 64;
        }
        if (introduced_) {
            const unsigned long long stolen = stolen_ticks() - stolen_before_;
            std::printf(
                "\ncpu time given to others by the hypervisor meanwhile: %llu ticks\n", stolen);
        }
        return broken_ ? 1 : 0;
    }

private:
    [[nodiscard]] static std::vector<int> two_cpus() {
        std::vector<int> chosen = choose_cpus();
        if (chosen.size() == 2) return chosen;
        std::fprintf(stderr, "bench: this needs two cpus. Nothing was measured.\n");
        std::exit(77);
    }

    /// Of the time of all teams.
    [[nodiscard]] double take_lost_share() {
        team::lost_time all = pinned_.take_lost_time();
        const auto add = [&all](auto& teams) {
            for (auto& [key, each] : teams) {
                const team::lost_time more = each.take_lost_time();
                all.wall_seconds += more.wall_seconds;
                all.lost_seconds += more.lost_seconds;
            }
        };
        add(crews_);
        add(pairs_);
        return all.wall_seconds > 0 ? all.lost_seconds / all.wall_seconds : 0;
    }

    /// The machine line and the floors, before the first question that was selected.
    void introduce() {
        if (introduced_) return;
        introduced_ = true;
        stolen_before_ = stolen_ticks();
        const std::string machine = machine_line(pinned_.cpus());
        std::printf("%s\n", machine.c_str());
        csv_.remark("machine", machine);
        std::vector<contestant> floors = bare_floors(pinned_);
        static_cast<void>(play(floors, schedule{.pass_seconds = 0.02}, true));
        for (const contestant& floor : floors) {
            const summary found = spread_of(floor.rounds);
            std::printf("floor: %-58s %9.4g [%.4g, %.4g] %s\n", floor.name.c_str(), found.median,
                found.low, found.high, floor.rule.c_str());
            csv_.row("floor", floor.name, "floor", found, floor.rule);
        }
    }

    void smoke(const std::string& question, std::vector<contestant>& all) {
        for (contestant& who : all) {
            for (int turn = 0; turn < 2; ++turn) static_cast<void>(run_guarded(who, who.count_min));
        }
        std::printf(
            "%s: %zu rows ran, contents and order verified\n", question.c_str(), all.size());
        note_broken(question, all);
    }

    void note_broken(const std::string& question, const std::vector<contestant>& all) {
        for (const contestant& who : all) {
            if (who.broken_rounds == 0) continue;
            std::printf("%s: %s (%s) lost, repeated or reordered values\n", question.c_str(),
                who.name.c_str(), who.rule.c_str());
            broken_ = broken_ || !is_peer(who);
        }
    }

    options asked_;
    team pinned_{two_cpus()};
    std::map<std::size_t, team> crews_;  // by the number of threads
    std::map<int, team> pairs_;  // by the cpu of the second thread
    csv_writer csv_;
    bool found_one_ = false;
    bool introduced_ = false;
    bool broken_ = false;
    unsigned long long stolen_before_ = 0;
};

}  // namespace bench
