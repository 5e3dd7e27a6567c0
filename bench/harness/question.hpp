// SPDX-License-Identifier: MIT
// bench/harness/question.hpp — one question, its contestants, and their rounds.
#pragma once

#include "harness/statistics.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <signal.h>
#include <unistd.h>

namespace bench {

/// What a row is compared with. `ours` is the one contestant of lfq that every peer is held
/// against.
enum class role { ours, fixed_peer, growing_peer, extra, floor };

/// What one pass found. `figure` is in the question's unit; `seconds` is how long the timed part
/// took.
struct outcome {
    double seconds = 0;
    double figure = 0;
    bool verified = false;
};

using pass = std::function<outcome(std::uint64_t count)>;

struct contestant {
    std::string name;
    std::string rule;
    role stands_for = role::extra;
    std::uint64_t count_min = 1;
    pass run{};
    std::uint64_t count = 1;
    std::vector<double> rounds{};
    int broken_rounds = 0;
};

/// Two rows whose ratio is asked for beside those that roles ask for: `name` under `rule` against
/// `other` under `other_rule`.
struct comparison {
    const char* what;
    std::string_view name;
    std::string_view rule;
    std::string_view other;
    std::string_view other_rule;
};

struct unit_of_question {
    std::string_view name;  // "M/s", "ns"
    bool lower_is_better = false;
    bool rules_compete = false;  // may each contestant take its better rule?
    bool one_thread = false;  // does the distance between the cpus not matter?
    bool threads_sleep = false;  // then what they did not use of their cpus was not lost
    double pass_seconds = 0.02;
    std::span<const comparison> compared{};
};

/// How long and how often a question is played.
struct schedule {
    double pass_seconds = 0.02;
    std::size_t rounds_min = 9;
    std::size_t rounds_max = 9;
    double interval_wanted = 0.15;  // of the median, on either side, before rounds_max is reached
    std::function<double()> lost_share{
        [] { return 0.0; }};  // of the time since the last call, to other work
    std::function<double()> distance{[] { return 1.0; }};  // how far apart the cpus are now, in ns
};

/// What was known about each round: how far apart the cpus were, and whether something came in
/// between.
struct round_note {
    double distance = 0;
    bool disturbed = false;
};

/// The rounds that count, and why the others do not.
struct conditions {
    std::vector<double> distances{};
    std::size_t disturbed = 0;  // other work ran on these cpus, or they moved in the middle
    std::size_t elsewhere = 0;  // the cpus were at another distance than in the rounds that count
    bool quiet = true;  // false: there were too few others, so disturbed rounds count too
};

inline constexpr unsigned pass_seconds_max = 60;

/// A queue that loses a value keeps its consumer waiting for ever; this ends the run instead, and
/// says why.
inline void arm_watchdog() {
    struct sigaction action {};
    action.sa_handler = [](int) {
        static constexpr char said[] =
            "bench: a pass did not end within a minute: values were lost, or other work kept a "
            "cpu\n";
        if (write(2, said, sizeof said - 1) < 0) _exit(2);
        _exit(1);
    };
    sigaction(SIGALRM, &action, nullptr);
}

[[nodiscard]] inline outcome run_guarded(contestant& who, std::uint64_t count) {
    alarm(pass_seconds_max);
    const outcome found = who.run(count);
    alarm(0);
    if (!found.verified) ++who.broken_rounds;
    return found;
}

/// Finds how many values make a pass of the wanted length; warms the ring and the branch predictors
/// on the way.
inline void calibrate(contestant& who, double pass_seconds) {
    who.count = who.count_min;
    for (int attempt = 0; attempt < 6; ++attempt) {
        const double seconds = run_guarded(who, who.count).seconds;
        if (seconds > 0.7 * pass_seconds) return;
        const double factor = std::min(16.0, pass_seconds / std::max(seconds, 1e-6));
        who.count = std::max(
            who.count_min, static_cast<std::uint64_t>(static_cast<double>(who.count) * factor));
    }
}

/// One round: everyone once. The order is rotated from round to round and reversed in every second
/// one, so that each contestant follows each other one.
inline void play_round(std::vector<contestant>& all, std::size_t round) {
    for (std::size_t turn = 0; turn < all.size(); ++turn) {
        const std::size_t place = (turn + round) % all.size();
        contestant& who = all[round % 2 == 0 ? place : all.size() - 1 - place];
        who.rounds.push_back(run_guarded(who, who.count).figure);
    }
}

[[nodiscard]] inline const contestant* ours_under(
    const std::vector<contestant>& all, std::string_view rule) {
    const auto found = std::find_if(all.begin(), all.end(),
        [&](const contestant& who) { return who.stands_for == role::ours && who.rule == rule; });
    return found == all.end() ? nullptr : &*found;
}

[[nodiscard]] inline bool is_peer(const contestant& who) {
    return who.stands_for == role::fixed_peer || who.stands_for == role::growing_peer;
}

/// True if `a` did better than `b` by the median.
[[nodiscard]] inline bool better(const contestant& a, const contestant& b, bool lower_is_better) {
    const double left = median_of(a.rounds);
    const double right = median_of(b.rounds);
    return lower_is_better ? left < right : left > right;
}

/// The best by the median among those that `eligible` lets in; null if there is none.
template <class Eligible>
[[nodiscard]] const contestant* best_of(
    const std::vector<contestant>& all, bool lower_is_better, Eligible eligible) {
    const contestant* best = nullptr;
    for (const contestant& who : all) {
        if (!eligible(who) || who.broken_rounds != 0 || who.rounds.empty()) continue;
        if (best == nullptr || better(who, *best, lower_is_better)) best = &who;
    }
    return best;
}

/// Has every rule's paired ratio to its best peer settled?
[[nodiscard]] inline bool settled(
    const std::vector<contestant>& all, bool lower_is_better, double wanted) {
    for (const contestant& ours : all) {
        if (ours.stands_for != role::ours) continue;
        const contestant* peer = best_of(all, lower_is_better,
            [&](const contestant& who) { return is_peer(who) && who.rule == ours.rule; });
        if (peer == nullptr) continue;
        const summary ratio = interval_of(paired_ratios(ours.rounds, peer->rounds));
        if (std::max(ratio.high - ratio.median, ratio.median - ratio.low) > wanted * ratio.median)
            return false;
    }
    return true;
}

/// The largest set of rounds whose distances agree within a quarter, by index.
[[nodiscard]] inline std::vector<std::size_t> rounds_in_one_place(
    const std::vector<round_note>& notes, bool disturbed_too) {
    std::vector<std::size_t> largest;
    for (const round_note& near : notes) {
        std::vector<std::size_t> same;
        for (std::size_t round = 0; round < notes.size(); ++round) {
            const double distance = notes[round].distance;
            if (notes[round].disturbed && !disturbed_too) continue;
            if (distance >= near.distance && distance <= 1.25 * near.distance)
                same.push_back(round);
        }
        if (same.size() > largest.size()) largest = std::move(same);
    }
    return largest;
}

inline void keep_only(const std::vector<std::size_t>& chosen, std::vector<double>& rounds) {
    std::vector<double> kept;
    for (const std::size_t round : chosen) kept.push_back(rounds[round]);
    rounds = std::move(kept);
}

/// Plays one round and notes the conditions it was played under.
[[nodiscard]] inline round_note play_noted_round(
    std::vector<contestant>& all, const schedule& how, std::size_t round, double& distance) {
    static_cast<void>(how.lost_share());
    play_round(all, round);
    const bool shared = how.lost_share() > 0.01;
    const double before = std::exchange(distance, how.distance());
    const bool moved = std::max(before, distance) > 1.25 * std::min(before, distance);
    return {distance, moved || shared};
}

/// Plays until enough rounds agree. The host of a virtual machine moves its cpus between cores and
/// sockets, and a ring is then on another machine: only rounds in one place are put together, those
/// of the place seen most often. A round does not count if the place changed in its middle, or if
/// other work took more than 1 % of these cpus. At most three times the rounds wanted are played,
/// and no more than those if all were disturbed; if that was not enough, disturbed rounds count.
[[nodiscard]] inline conditions play(
    std::vector<contestant>& all, const schedule& how, bool lower_is_better) {
    for (contestant& who : all) calibrate(who, how.pass_seconds);
    double distance = how.distance();
    std::vector<round_note> notes;
    std::vector<std::size_t> chosen;
    while (notes.size() < 3 * how.rounds_max && chosen.size() < how.rounds_max) {
        notes.push_back(play_noted_round(all, how, notes.size(), distance));
        chosen = rounds_in_one_place(notes, false);
        if (notes.size() >= how.rounds_max && chosen.empty()) break;  // it will not become quiet
        if (chosen.size() < how.rounds_min) continue;
        std::vector<contestant> so_far = all;
        for (contestant& who : so_far) keep_only(chosen, who.rounds);
        if (settled(so_far, lower_is_better, how.interval_wanted)) break;
    }
    conditions found;
    found.quiet = chosen.size() >= how.rounds_min;
    if (!found.quiet) chosen = rounds_in_one_place(notes, true);
    for (const round_note& note : notes) found.disturbed += note.disturbed ? 1U : 0U;
    for (const std::size_t round : chosen) found.distances.push_back(notes[round].distance);
    if (found.quiet) found.elsewhere = notes.size() - found.disturbed - chosen.size();
    for (contestant& who : all) keep_only(chosen, who.rounds);
    return found;
}

}  // namespace bench
