// SPDX-License-Identifier: MIT
#include "broker/config_keys.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace broker {

namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

bool has_no_zero_byte(const std::string& text) { return text.find('\0') == std::string::npos; }

bool is_address(const std::string& text) {
    std::array<unsigned char, 16> bytes{};
    return has_no_zero_byte(text) &&  // inet_pton would take what stands before it
        (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
            inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1);
}

bool is_log_level(const std::string& text) {
    constexpr std::array<std::string_view, 6> levels{
        "trace", "debug", "info", "warn", "error", "off"};
    return std::find(levels.begin(), levels.end(), text) != levels.end();
}

template <auto Section, auto Field>
constexpr number_rule whole(std::uint64_t min, std::uint64_t max) {
    return {min, max, [](config& c, std::uint64_t value) {
                auto& field = (c.*Section).*Field;
                field = static_cast<std::remove_reference_t<decltype(field)>>(value);
            }};
}

template <control::mark control::thresholds::*Mark, std::uint32_t control::mark::*End>
constexpr number_rule percent() {
    return {0, 100, [](config& c, std::uint64_t value) {
                c.control.marks.*Mark.*End = static_cast<std::uint32_t>(value);
            }};
}

template <std::uint64_t control::thresholds::*Field>
constexpr number_rule milliseconds(std::uint64_t min, std::uint64_t max) {
    return {min, max,
        [](config& c, std::uint64_t value) { c.control.marks.*Field = value * ns_per_ms; }};
}

using marks = control::thresholds;
constexpr auto enter = &control::mark::enter;
constexpr auto leave = &control::mark::leave;
constexpr auto net = &config::net;
constexpr auto core = &config::core;

constexpr text_rule address{"a numeric address such as 127.0.0.1", is_address,
    [](config& c, const std::string& value) { c.net.address = value; }};
constexpr flag_rule insecure{[](config& c, bool value) { c.insecure = value; }};
constexpr number_rule tick{10, 1'000,
    [](config& c, std::uint64_t value) { c.control.tick_ms = static_cast<std::uint32_t>(value); }};
constexpr text_rule log_level{"trace, debug, info, warn, error or off", is_log_level,
    [](config& c, const std::string& value) { c.log.level = value; }};
constexpr text_rule log_file{"a path, or \"\" for the console alone", has_no_zero_byte,
    [](config& c, const std::string& value) { c.log.file = value; }};

constexpr number_rule held_max{
    64, 16'777'216, [](config& c, std::uint64_t value) { c.processing.held_max = value; }};
constexpr fixed_rule core_thread{"1", "only 1 is built in, expected 1: the dispatcher's thread"};
template <std::uint32_t processing_options::*Field>
constexpr number_rule threads{0, 1, [](config& c, std::uint64_t value) {
                                  c.processing.*Field = static_cast<std::uint32_t>(value);
                              }};
constexpr list_rule processor_rules{"a list of rules in the file, each with topics and use"};
constexpr fixed_rule memory_alone{"memory", "only memory is built in"};

const std::array<config_key, 43> keys{{
    {"listen.address", address},
    {"listen.insecure", insecure},
    {"listen.tcp_port", whole<net, &net::options::tcp_port>(0, 65'535)},
    {"listen.udp_port", whole<net, &net::options::udp_port>(0, 65'535)},
    {"threads.network", whole<net, &net::options::threads>(0, 256)},
    {"threads.workers", whole<core, &core::options::workers>(0, 256)},
    {"event_pool.capacity", held_max},
    {"queues.ingest", whole<core, &core::options::ingest_capacity>(64, 16'777'216)},
    {"queues.worker", whole<core, &core::options::worker_capacity>(64, 1'048'576)},
    {"slabs.bytes", whole<core, &core::options::slab_bytes>(65'536, 16'777'216)},
    {"slabs.count", whole<core, &core::options::slab_count>(8, 16'384)},
    {"processors", processor_rules},
    {"processor_threads.realtime", core_thread},
    {"processor_threads.transactional", threads<&processing_options::transactional_threads>},
    {"processor_threads.batch", threads<&processing_options::batch_threads>},
    {"storage.backend", memory_alone},
    {"limits.frame_bytes_max", whole<net, &net::options::frame_bytes_max>(512, 65'536)},
    {"limits.topic_bytes_max", whole<net, &net::options::topic_bytes_max>(1, 255)},
    {"limits.topics_max", whole<core, &core::options::topics_max>(1, 65'536)},
    {"limits.route_targets_max", whole<core, &core::options::route_targets_max>(16, 268'435'456)},
    {"limits.connections_max", whole<net, &net::options::connections_max>(1, 65'536)},
    {"limits.subscriptions_max", whole<net, &net::options::subscriptions_max>(1, 4'096)},
    {"limits.outbox_bytes_max",
        whole<net, &net::options::outbox_bytes_max>(131'072, 1'073'741'824)},
    {"limits.idle_frame_ms", whole<net, &net::options::idle_frame_ms>(10, 3'600'000)},
    {"limits.write_deadline_ms", whole<net, &net::options::write_deadline_ms>(100, 3'600'000)},
    {"limits.drain_grace_ms", whole<net, &net::options::drain_grace_ms>(0, 3'600'000)},
    {"control.tick_ms", tick},
    {"control.dwell_ms", milliseconds<&marks::dwell_ns>(250, 60'000)},
    {"control.hold_ms", milliseconds<&marks::hold_ns>(0, 60'000)},
    {"control.backlog_ms", milliseconds<&marks::backlog_ns>(0, 60'000)},
    {"control.in_use_ms", milliseconds<&marks::in_use_ns>(100, 3'600'000)},
    {"control.pause_queue.enter", percent<&marks::pause_queue, enter>()},
    {"control.pause_queue.leave", percent<&marks::pause_queue, leave>()},
    {"control.drop_queue.enter", percent<&marks::drop_queue, enter>()},
    {"control.drop_queue.leave", percent<&marks::drop_queue, leave>()},
    {"control.pause_slabs.enter", percent<&marks::pause_slabs, enter>()},
    {"control.pause_slabs.leave", percent<&marks::pause_slabs, leave>()},
    {"control.drop_slabs.enter", percent<&marks::drop_slabs, enter>()},
    {"control.drop_slabs.leave", percent<&marks::drop_slabs, leave>()},
    {"control.emergency_slabs.enter", percent<&marks::emergency_slabs, enter>()},
    {"control.emergency_slabs.leave", percent<&marks::emergency_slabs, leave>()},
    {"log.level", log_level},
    {"log.file", log_file},
}};

/// What stands there, in words.
std::string shown(const written_value& value) {
    const std::string text = printable(value.text);
    return value.quoted ? '"' + text + '"' : text;
}

struct setting {
    draft& into;
    const written_value& value;

    [[noreturn]] void refuse_it(const std::string& what) const {
        refuse(value.origin, value.name, what);
    }

    void operator()(const number_rule& rule) const {
        const std::string expected = ", expected a whole number " + std::to_string(rule.min) +
            " to " + std::to_string(rule.max);
        std::uint64_t number = 0;
        const char* const end = value.text.data() + value.text.size();
        const auto [stop, error] = std::from_chars(value.text.data(), end, number);
        const bool digits = !value.text.empty() &&
            std::all_of(
                value.text.begin(), value.text.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (value.quoted || !digits) refuse_it(shown(value) + " is no whole number" + expected);
        if (error != std::errc{} || stop != end || number < rule.min || number > rule.max) {
            refuse_it(shown(value) + " is out of range" + expected);
        }
        rule.set(into.values, number);
    }

    void operator()(const flag_rule& rule) const {
        if (value.quoted || (value.text != "true" && value.text != "false")) {
            refuse_it(shown(value) + " is no flag, expected true or false");
        }
        rule.set(into.values, value.text == "true");
    }

    void operator()(const text_rule& rule) const {
        if (!rule.fits(value.text)) {
            refuse_it(shown(value) + " is not possible, expected " + rule.expected);
        }
        rule.set(into.values, value.text);
    }

    void operator()(const fixed_rule& rule) const {
        if (value.text != rule.only) refuse_it(rule.sentence);
    }

    void operator()(const list_rule& rule) const {
        refuse_it(std::string("is a single value, expected ") + rule.expected);
    }
};

}  // namespace

std::span<const config_key> config_keys() noexcept { return keys; }

const config_key* find_config_key(std::string_view name) noexcept {
    const auto* const found = std::find_if(
        keys.begin(), keys.end(), [name](const config_key& key) { return key.name == name; });
    return found == keys.end() ? nullptr : found;
}

std::string printable(std::string_view text) {
    constexpr std::size_t shown_bytes_max = 60;
    std::string shown(text.substr(0, shown_bytes_max));
    for (char& c : shown) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    if (text.size() > shown_bytes_max) shown += "...";
    return shown;
}

void refuse(const std::string& origin, const std::string& name, const std::string& what) {
    throw config_error(origin + ": " + (name.empty() ? "" : printable(name) + ": ") + what);
}

void set_value(draft& into, const config_key& key, const written_value& value) {
    std::visit(setting{into, value}, key.rule);
    into.origins[key.name] = value.origin;
}

}  // namespace broker
