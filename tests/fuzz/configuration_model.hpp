// SPDX-License-Identifier: MIT
// What docs/broker/configuration.md promises of a configuration, for the targets that read one: the
// form of a refusal, the limits of what is accepted, and the values written as --set takes them.
#pragma once

#include "broker/config.hpp"
#include "fuzz/fuzz.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace configuration_model {

using fuzz::require;

/// `origin: … what, expected …` in one line that a terminal can show.
inline void is_sentence(std::string_view message, std::string_view origin) {
    require(message.substr(0, origin.size()) == origin, "a refusal begins with its origin");
    require(message.substr(origin.size(), 2) == ": ", "the origin ends with a colon");
    require(message.find("expected") != message.npos || message.find("built in") != message.npos,
        "a refusal says what was expected");
    require(std::none_of(message.begin(), message.end(),
                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }),
        "a refusal is one line without control bytes");
    require(message.size() <= 1'000, "a refusal is no longer than it can be read");
}

using settings = std::vector<std::pair<std::string, std::string>>;

/// `processors.<number>.<key>`: they stand in a file only.
inline void add_rules(settings& all, const broker::config& c) {
    for (std::size_t i = 0; i < c.processing.rules.size(); ++i) {
        const broker::processor_choice& rule = c.processing.rules[i];
        const auto add = [&, prefix = "processors." + std::to_string(i) + "."](const char* key,
                             const std::string& value) { all.emplace_back(prefix + key, value); };
        add("topics", rule.topics);
        add("use", broker::core::to_string(rule.use));
        if (rule.use == broker::core::processor_kind::transactional) {
            add("keys", std::to_string(rule.transactional.keys));
            add("window_ms", std::to_string(rule.transactional.window_ns / 1'000'000));
        }
        if (rule.use == broker::core::processor_kind::batch) {
            add("events", std::to_string(rule.batch.events));
            add("window_ms", std::to_string(rule.batch.window_ns / 1'000'000));
        }
    }
}

/// Every value by its key, section by section, but those that take their default alone.
[[nodiscard]] inline settings settings_of(const broker::config& c) {
    settings all{{"log.level", c.log.level}, {"log.file", c.log.file},
        {"listen.address", c.net.address}, {"listen.insecure", c.insecure ? "true" : "false"}};
    const auto add = [&all](const char* key, std::uint64_t value) {
        all.emplace_back(key, std::to_string(value));
    };
    add("listen.tcp_port", c.net.tcp_port);
    add("listen.udp_port", c.net.udp_port);
    add("threads.network", c.net.threads);
    add("threads.workers", c.core.workers);
    add("queues.ingest", c.core.ingest_capacity);
    add("queues.worker", c.core.worker_capacity);
    add("slabs.bytes", c.core.slab_bytes);
    add("slabs.count", c.core.slab_count);
    add("limits.frame_bytes_max", c.net.frame_bytes_max);
    add("limits.topic_bytes_max", c.net.topic_bytes_max);
    add("limits.topics_max", c.core.topics_max);
    add("limits.route_targets_max", c.core.route_targets_max);
    add("limits.connections_max", c.net.connections_max);
    add("limits.subscriptions_max", c.net.subscriptions_max);
    add("limits.outbox_bytes_max", c.net.outbox_bytes_max);
    add("limits.idle_frame_ms", c.net.idle_frame_ms);
    add("limits.write_deadline_ms", c.net.write_deadline_ms);
    add("limits.drain_grace_ms", c.net.drain_grace_ms);
    add("event_pool.capacity", c.processing.held_max);
    add("processor_threads.transactional", c.processing.transactional_threads);
    add("processor_threads.batch", c.processing.batch_threads);
    add_rules(all, c);
    const auto& marks = c.control.marks;
    add("control.tick_ms", c.control.tick_ms);
    add("control.dwell_ms", marks.dwell_ns / 1'000'000);
    add("control.hold_ms", marks.hold_ns / 1'000'000);
    add("control.backlog_ms", marks.backlog_ns / 1'000'000);
    add("control.in_use_ms", marks.in_use_ns / 1'000'000);
    for (const auto& [name, mark] :
        {std::pair{"pause_queue", marks.pause_queue}, std::pair{"drop_queue", marks.drop_queue},
            std::pair{"pause_slabs", marks.pause_slabs}, std::pair{"drop_slabs", marks.drop_slabs},
            std::pair{"emergency_slabs", marks.emergency_slabs}}) {
        const std::string section = std::string("control.") + name;
        all.emplace_back(section + ".enter", std::to_string(mark.enter));
        all.emplace_back(section + ".leave", std::to_string(mark.leave));
    }
    return all;
}

/// The page's ranges and what it says of values together.
inline void is_within_limits(const broker::config& c) {
    const auto from_to = [](std::uint64_t value, std::uint64_t low, std::uint64_t high) {
        require(low <= value && value <= high, "an accepted number is in its range");
    };
    from_to(c.net.threads, 0, 256);
    from_to(c.core.workers, 0, 256);
    from_to(c.core.ingest_capacity, 64, 16'777'216);
    from_to(c.core.worker_capacity, 64, 1'048'576);
    from_to(c.core.slab_bytes, std::max(65'536U, c.net.frame_bytes_max + 4U), 16'777'216);
    from_to(c.core.slab_count, std::max(8U, 4 * c.net.threads), 16'384);
    from_to(c.net.frame_bytes_max, 512, 65'536);
    from_to(c.net.topic_bytes_max, 1, 255);
    from_to(c.core.topics_max, 1, 65'536);
    from_to(c.core.route_targets_max, 16, 268'435'456);
    from_to(c.net.connections_max, 1, 65'536);
    from_to(c.net.subscriptions_max, 1, 4'096);
    from_to(c.net.outbox_bytes_max, 131'072, 1'073'741'824);
    from_to(c.net.idle_frame_ms, 10, 3'600'000);
    from_to(c.net.write_deadline_ms, 100, 3'600'000);
    from_to(c.net.drain_grace_ms, 0, 3'600'000);
    from_to(c.processing.held_max, 64, 16'777'216);
    from_to(c.processing.transactional_threads, 0, 1);
    from_to(c.processing.batch_threads, 0, 1);
    from_to(c.processing.rules.size(), 0, 64);
    for (const auto& rule : c.processing.rules) {
        require(broker::core::check_filter(rule.topics) == broker::core::filter_error::none,
            "the topics of a rule are a filter");
        // A rule is held to the numbers of its own processor; those of the others are never read.
        if (rule.use == broker::core::processor_kind::transactional) {
            from_to(rule.transactional.keys, 16, 16'777'216);
            from_to(static_cast<std::uint64_t>(rule.transactional.window_ns), 1'000'000,
                3'600'000'000'000);
        }
        if (rule.use == broker::core::processor_kind::batch) {
            from_to(rule.batch.events, 1, c.processing.held_max);
            from_to(static_cast<std::uint64_t>(rule.batch.window_ns), 1'000'000, 60'000'000'000);
        }
    }
    from_to(c.control.tick_ms, 10, 1'000);
    const auto& marks = c.control.marks;
    from_to(marks.dwell_ns, 250'000'000, 60'000'000'000);
    from_to(marks.hold_ns, 0, 60'000'000'000);
    from_to(marks.backlog_ns, 0, 60'000'000'000);
    from_to(marks.in_use_ns, 100'000'000, 3'600'000'000'000);
    for (const auto& mark : {marks.pause_queue, marks.drop_queue, marks.pause_slabs,
             marks.drop_slabs, marks.emergency_slabs})
        require(mark.leave < mark.enter && mark.enter <= 100, "a mark is left below its entry");
    for (const auto& [milder, severer] : {std::pair{marks.pause_queue, marks.drop_queue},
             std::pair{marks.pause_slabs, marks.drop_slabs},
             std::pair{marks.drop_slabs, marks.emergency_slabs}})
        require(milder.enter <= severer.enter && milder.leave <= severer.leave,
            "a more severe state has no lower mark");
    require(c.net.address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos,
        "an accepted address is numeric");
    const bool loopback = c.net.address == "::1" || c.net.address.substr(0, 4) == "127.";
    require(loopback || c.insecure, "an address beyond loopback was meant");
    require(c.log.file.find('\0') == std::string::npos, "a path has no zero byte");
}

}  // namespace configuration_model
