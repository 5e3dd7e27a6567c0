// SPDX-License-Identifier: MIT
// bench/harness/report.hpp — a table to read and a CSV to keep:
// question,subject,metric,median,low,high,unit.
#pragma once

#include "harness/question.hpp"
#include "harness/statistics.hpp"
#include "harness/text.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class csv_writer {
public:
    /// Appends to `file`; a file that is new gets its header. An empty name writes nothing.
    explicit csv_writer(const std::string& file) {
        if (file.empty()) return;
        out_ = std::fopen(file.c_str(), "a");
        if (out_ == nullptr) {
            std::perror(file.c_str());
            std::exit(73);
        }
        if (std::ftell(out_) == 0)
            std::fputs("question,subject,metric,median,low,high,unit\n", out_);
    }
    ~csv_writer() {
        if (out_ != nullptr) std::fclose(out_);
    }
    csv_writer(const csv_writer&) = delete;
    csv_writer& operator=(const csv_writer&) = delete;

    void row(const std::string& question, const std::string& subject, const std::string& metric,
        const summary& found, std::string_view unit) {
        if (out_ == nullptr) return;
        std::fprintf(out_, "%s,%s,%s,%.4g,%.4g,%.4g,%.*s\n", quoted(question).c_str(),
            quoted(subject).c_str(), quoted(metric).c_str(), found.median, found.low, found.high,
            static_cast<int>(unit.size()), unit.data());
        std::fflush(out_);
    }

    void remark(const std::string& subject, const std::string& text) {
        if (out_ != nullptr)
            std::fprintf(out_, "run,%s,%s,,,,\n", quoted(subject).c_str(), quoted(text).c_str());
    }

private:
    [[nodiscard]] static std::string quoted(const std::string& text) {
        if (text.find_first_of(",\"\n") == std::string::npos) return text;
        std::string result = "\"";
        for (const char letter : text) result.append(letter == '"' ? 2 : 1, letter);
        return result + '"';
    }

    std::FILE* out_ = nullptr;
};

inline void print_ratio(const char* what, const contestant& ours, const contestant& other,
    csv_writer& csv, const std::string& question) {
    const summary ratio = interval_of(paired_ratios(ours.rounds, other.rounds));
    std::printf("  %s: %s (%s) / %s (%s) = %.2f x [%.2f, %.2f]\n", what, ours.name.c_str(),
        ours.rule.c_str(), other.name.c_str(), other.rule.c_str(), ratio.median, ratio.low,
        ratio.high);
    const bool one_rule = ours.rule == other.rule;
    csv.row(question, joined({ours.name, " / ", other.name}),
        one_rule ? joined({what, ", ", ours.rule}) : what, ratio, "x");
}

/// In how many rounds, and how far apart the cpus were in them.
inline void print_conditions(const std::string& question, const conditions& found,
    const unit_of_question& unit, csv_writer& csv) {
    std::printf("  %zu rounds", found.distances.size());
    const auto rounds = static_cast<double>(found.distances.size());
    csv.row(question, unit.lower_is_better ? "lower is better" : "higher is better",
        found.quiet ? "quiet" : "NOT QUIET", {rounds, rounds, rounds}, "rounds");
    if (!unit.one_thread) {
        const summary distance = spread_of(found.distances);
        std::printf(", cpus %.4g ns apart there and back [%.4g, %.4g]", distance.median,
            distance.low, distance.high);
        csv.row(question, "two bare atomics", "distance in these rounds", distance, "ns");
    }
    if (found.elsewhere != 0)
        std::printf("; not counted: %zu with the cpus elsewhere", found.elsewhere);
    if (found.disturbed != 0)
        std::printf("; %scounted: %zu disturbed", found.quiet ? "not " : "", found.disturbed);
    if (!found.quiet) std::printf("; NOT QUIET: do not publish this");
    std::printf("\n");
}

/// One line a contestant: its rounds, and how lfq did against it under the same rule in the same
/// rounds.
inline void print_rows(const std::string& question, const std::vector<contestant>& all,
    const unit_of_question& unit, csv_writer& csv) {
    const std::string unit_name(unit.name);
    std::printf("  %-50s %-13s %9s %9s %9s  %-5s %s\n", "subject", "rule", "median", "low", "high",
        unit_name.c_str(),
        unit.lower_is_better ? "lfq needs … of it [95 %]" : "lfq does … of it [95 %]");
    for (const contestant& who : all) {
        const summary found = spread_of(who.rounds);
        std::printf("  %-50s %-13s %9.4g %9.4g %9.4g  %-5s", who.name.c_str(), who.rule.c_str(),
            found.median, found.low, found.high, unit_name.c_str());
        csv.row(question, who.name, who.rule, found, unit.name);
        const contestant* ours = ours_under(all, who.rule);
        if (who.broken_rounds != 0) {
            std::printf(" broke its contract in %d passes", who.broken_rounds);
        } else if (ours != nullptr && (is_peer(who) || who.stands_for == role::floor)) {
            const summary ratio = interval_of(paired_ratios(ours->rounds, who.rounds));
            std::printf(" %.2f x [%.2f, %.2f]", ratio.median, ratio.low, ratio.high);
            csv.row(question, joined({ours->name, " / ", who.name}),
                joined({who.rule, is_peer(who) ? " ratio" : " floor ratio"}), ratio, "x");
        }
        std::printf("\n");
    }
}

/// The ratios that the question names itself, of rows that were asked for and kept their contract.
inline void print_compared(const std::string& question, const std::vector<contestant>& all,
    const unit_of_question& unit, csv_writer& csv) {
    for (const comparison& each : unit.compared) {
        const auto row = [&](std::string_view name, std::string_view rule) {
            return best_of(all, unit.lower_is_better,
                [&](const contestant& who) { return who.name == name && who.rule == rule; });
        };
        const contestant* one = row(each.name, each.rule);
        const contestant* other = row(each.other, each.other_rule);
        if (one != nullptr && other != nullptr) print_ratio(each.what, *one, *other, csv, question);
    }
}

/// The comparisons that targets are about: per rule against the best peer, and everyone by the
/// better rule.
inline void print_verdicts(const std::string& question, const std::vector<contestant>& all,
    const unit_of_question& unit, csv_writer& csv) {
    const bool lower = unit.lower_is_better;
    for (const contestant& ours : all) {
        if (ours.stands_for != role::ours) continue;
        const auto same_rule = [&](const contestant& who) { return who.rule == ours.rule; };
        const contestant* fixed = best_of(all, lower, [&](const contestant& who) {
            return who.stands_for == role::fixed_peer && same_rule(who);
        });
        const contestant* any = best_of(
            all, lower, [&](const contestant& who) { return is_peer(who) && same_rule(who); });
        if (fixed != nullptr) print_ratio("best fixed-capacity peer", ours, *fixed, csv, question);
        if (any != nullptr && any != fixed) print_ratio("best peer", ours, *any, csv, question);
    }
    if (!unit.rules_compete) return;
    const contestant* ours =
        best_of(all, lower, [](const contestant& who) { return who.stands_for == role::ours; });
    const contestant* peer = best_of(all, lower, is_peer);
    if (ours != nullptr && peer != nullptr)
        print_ratio("best against best", *ours, *peer, csv, question);
}

}  // namespace bench
