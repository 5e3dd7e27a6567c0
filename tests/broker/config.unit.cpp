// SPDX-License-Identifier: MIT
// Goal: a configuration is read exactly, or refused: file, line, key, what, what was expected.
// Method: texts with one mistake each, and the whole sentence that answers it.
// Cannot show: files and the command line (command_line.unit.cpp).
#include "broker/config.hpp"
#include "broker/config_keys.hpp"

#include "refusal.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <string>

namespace {

using broker::config;
using broker::parse_config;
using broker::test::refusal_of;

bool same(const config& a, const config& b) {
    return a.net.address == b.net.address && a.net.tcp_port == b.net.tcp_port &&
        a.net.udp_port == b.net.udp_port && a.net.threads == b.net.threads &&
        a.net.frame_bytes_max == b.net.frame_bytes_max &&
        a.net.topic_bytes_max == b.net.topic_bytes_max &&
        a.net.connections_max == b.net.connections_max &&
        a.net.subscriptions_max == b.net.subscriptions_max &&
        a.net.outbox_bytes_max == b.net.outbox_bytes_max &&
        a.net.idle_frame_ms == b.net.idle_frame_ms &&
        a.net.write_deadline_ms == b.net.write_deadline_ms &&
        a.net.drain_grace_ms == b.net.drain_grace_ms &&
        a.core.ingest_capacity == b.core.ingest_capacity &&
        a.core.worker_capacity == b.core.worker_capacity && a.core.workers == b.core.workers &&
        a.core.slab_bytes == b.core.slab_bytes && a.core.slab_count == b.core.slab_count &&
        a.core.topics_max == b.core.topics_max &&
        a.core.route_targets_max == b.core.route_targets_max &&
        a.processing.held_max == b.processing.held_max &&
        a.processing.transactional_threads == b.processing.transactional_threads &&
        a.processing.batch_threads == b.processing.batch_threads &&
        a.processing.rules.size() == b.processing.rules.size() &&
        a.control.tick_ms == b.control.tick_ms &&
        a.control.marks.dwell_ns == b.control.marks.dwell_ns &&
        a.control.marks.hold_ns == b.control.marks.hold_ns &&
        a.control.marks.backlog_ns == b.control.marks.backlog_ns &&
        a.control.marks.in_use_ns == b.control.marks.in_use_ns &&
        a.control.marks.pause_queue == b.control.marks.pause_queue &&
        a.control.marks.drop_queue == b.control.marks.drop_queue &&
        a.control.marks.pause_slabs == b.control.marks.pause_slabs &&
        a.control.marks.drop_slabs == b.control.marks.drop_slabs &&
        a.control.marks.emergency_slabs == b.control.marks.emergency_slabs &&
        a.log.level == b.log.level && a.log.file == b.log.file && a.insecure == b.insecure;
}

}  // namespace

TEST_CASE("the_defaults_are_the_seeds") {
    const config c = parse_config("", "c.yaml");
    CHECK(c.net.tcp_port == 8081);
    CHECK(c.net.udp_port == 8082);
    CHECK(c.net.address == "127.0.0.1");
    CHECK(c.core.ingest_capacity == 65'536);
    CHECK(c.core.worker_capacity == 16'384);
    CHECK(c.log.file == "logs/eventstream.log");
}

TEST_CASE("an_empty_file_and_one_of_comments_are_the_defaults") {
    for (const char* text : {"", "\n", "# nothing\n", "---\n", "~\n"}) {
        CHECK(same(parse_config(text, "c.yaml"), config{}));
    }
}

TEST_CASE("the_shipped_file_says_every_key_and_nothing_but_the_defaults") {
    const std::string path =
        std::filesystem::path(__FILE__).parent_path() / "../../examples/broker/config.yaml";
    broker::draft all;
    broker::read_yaml_file(all, path);
    CHECK(same(all.values, config{}));
    for (const broker::config_key& key : broker::config_keys()) {
        if (all.origins.count(key.name) == 0) FAIL("not in config.yaml: " << key.name);
    }
}

TEST_CASE("a_value_lands_in_its_field") {
    const config c = parse_config(
        "listen: {address: '::1', tcp_port: 0, udp_port: 65535}\n"
        "threads: {network: 3, workers: 2}\n"
        "queues: {ingest: 1024, worker: 64}\n"
        "slabs: {bytes: 131072, count: 16}\n"
        "limits: {frame_bytes_max: 1000, topic_bytes_max: 20, topics_max: 7, connections_max: 8,\n"
        "  subscriptions_max: 9, outbox_bytes_max: 200000, idle_frame_ms: 50, drain_grace_ms: 0,\n"
        "  write_deadline_ms: 100, route_targets_max: 16}\n"
        "control: {tick_ms: 10, dwell_ms: 300, hold_ms: 0, backlog_ms: 1, in_use_ms: 100,\n"
        "  drop_slabs: {enter: 90, leave: 60}}\n"
        "log: {level: error, file: \"\"}\n",
        "c.yaml");
    CHECK(c.net.address == "::1");
    CHECK(c.net.tcp_port == 0);
    CHECK(c.net.udp_port == 65'535);
    CHECK(c.net.threads == 3);
    CHECK(c.core.workers == 2);
    CHECK(c.core.ingest_capacity == 1'024);
    CHECK(c.core.worker_capacity == 64);
    CHECK(c.core.slab_bytes == 131'072);
    CHECK(c.core.slab_count == 16);
    CHECK(c.net.frame_bytes_max == 1'000);
    CHECK(c.net.topic_bytes_max == 20);
    CHECK(c.core.topics_max == 7);
    CHECK(c.net.connections_max == 8);
    CHECK(c.net.subscriptions_max == 9);
    CHECK(c.net.outbox_bytes_max == 200'000);
    CHECK(c.net.idle_frame_ms == 50);
    CHECK(c.net.drain_grace_ms == 0);
    CHECK(c.net.write_deadline_ms == 100);
    CHECK(c.core.route_targets_max == 16);
    CHECK(c.control.tick_ms == 10);
    CHECK(c.control.marks.dwell_ns == 300'000'000);
    CHECK(c.control.marks.hold_ns == 0);
    CHECK(c.control.marks.backlog_ns == 1'000'000);
    CHECK(c.control.marks.in_use_ns == 100'000'000);
    CHECK(c.control.marks.drop_slabs == broker::control::mark{90, 60});
    CHECK(c.log.level == "error");
    CHECK(c.log.file.empty());
}

TEST_CASE("an_unknown_key_is_refused_with_those_that_could_have_stood_there") {
    CHECK(refusal_of("\nlisten:\n  tcp_prot: 1\n") ==
        "c.yaml:3: listen.tcp_prot: unknown key, expected one of address, insecure, tcp_port, "
        "udp_port");
    CHECK(refusal_of("lisen: {}\n") ==
        "c.yaml:1: lisen: unknown key, expected one of listen, threads, event_pool, queues, "
        "slabs, processors, processor_threads, storage, limits, control, log");
    CHECK(refusal_of("control:\n  drop_slabs: {entr: 3}\n") ==
        "c.yaml:2: control.drop_slabs.entr: unknown key, expected one of enter, leave");
    CHECK(refusal_of("<<: {a: 1}\n").find("c.yaml:1: <<: unknown key") == 0);
}

TEST_CASE("a_value_of_the_wrong_type_is_refused_at_its_line") {
    const std::string port = ", expected a whole number 0 to 65535";
    const auto port_of = [](const std::string& value) {
        return refusal_of("listen:\n  tcp_port: " + value + "\n");
    };
    const std::string where = "c.yaml:2: listen.tcp_port: ";
    CHECK(port_of("abc") == where + "abc is no whole number" + port);
    CHECK(port_of("\"81\"") == where + "\"81\" is no whole number" + port);
    CHECK(port_of("-1") == where + "-1 is no whole number" + port);
    CHECK(port_of("1e3") == where + "1e3 is no whole number" + port);
    CHECK(port_of("0x1f") == where + "0x1f is no whole number" + port);
    CHECK(port_of("1.5") == where + "1.5 is no whole number" + port);
    CHECK(port_of("+1") == where + "+1 is no whole number" + port);
    CHECK(port_of("true") == where + "true is no whole number" + port);
    CHECK(port_of("") == where + "is empty, expected a whole number");
    CHECK(port_of("[1]") == where + "is a list, expected a whole number");
    CHECK(port_of("{a: 1}") == where + "is a map, expected a whole number");
    CHECK(refusal_of("listen: {insecure: yes}") ==
        "c.yaml:1: listen.insecure: yes is no flag, expected true or false");
    CHECK(refusal_of("listen: {insecure: 'true'}") ==
        "c.yaml:1: listen.insecure: \"true\" is no flag, expected true or false");
    CHECK(refusal_of("log: {level: loud}") ==
        "c.yaml:1: log.level: loud is not possible, expected trace, debug, info, warn, error or "
        "off");
    CHECK(refusal_of("log: {file: [a]}") ==
        "c.yaml:1: log.file: is a list, expected a path, or \"\" for the console alone");
    CHECK(refusal_of("listen: {address: localhost}").find("expected a numeric address") !=
        std::string::npos);
}

TEST_CASE("a_number_out_of_range_is_refused_with_the_range") {
    CHECK(refusal_of("listen: {tcp_port: 65536}") ==
        "c.yaml:1: listen.tcp_port: 65536 is out of range, expected a whole number 0 to 65535");
    for (const char* huge :
        {"18446744073709551615", "18446744073709551616", "99999999999999999999999999999999"}) {
        CHECK(refusal_of("queues: {ingest: " + std::string(huge) + "}") ==
            "c.yaml:1: queues.ingest: " + std::string(huge) +
                " is out of range, expected a whole number 64 to 16777216");
    }
    CHECK(refusal_of("control: {dwell_ms: 249}").find("expected a whole number 250 to 60000") !=
        std::string::npos);
    CHECK(refusal_of("limits: {frame_bytes_max: 65537}").find("512 to 65536") != std::string::npos);
}

TEST_CASE("a_map_that_is_none_is_refused") {
    CHECK(refusal_of("- 1\n- 2\n").find("c.yaml:1: is a list, expected a map of listen") == 0);
    CHECK(refusal_of("just text\n").find("c.yaml:1: is a single value, expected a map") == 0);
    CHECK(refusal_of("\nlisten: [1]\n") ==
        "c.yaml:2: listen: is a list, expected a map of address, insecure, tcp_port, udp_port");
    CHECK(refusal_of("listen: 5\n").find("c.yaml:1: listen: is a single value") == 0);
    CHECK(refusal_of("listen:\n").find("c.yaml:1: listen: is empty, expected a map of") == 0);
    CHECK(refusal_of("? [a]\n: 1\n").find("c.yaml:1: a list as a key, expected one of") == 0);
}

TEST_CASE("a_key_said_twice_is_refused_at_the_second") {
    CHECK(refusal_of("log:\n  level: info\n  level: info\n") ==
        "c.yaml:3: log.level: is here a second time, expected once");
    CHECK(refusal_of("log: {level: info}\nlog: {file: a}\n") ==
        "c.yaml:2: log: is here a second time, expected once");
}

TEST_CASE("text_that_is_no_yaml_or_more_than_one_document_is_refused") {
    CHECK(refusal_of("listen:\n  tcp_port: [1\n").find("c.yaml:3: no YAML: ") == 0);
    CHECK(refusal_of("a: *nowhere\n").find("c.yaml:1: no YAML: ") == 0);
    CHECK(refusal_of(std::string(100'000, '[')).find("no YAML") != std::string::npos);
    CHECK(refusal_of("log: {}\n---\nlog: {}\n") == "c.yaml:2: a second document, expected one");
    CHECK(refusal_of("log: &self {level: *self}\n").find("c.yaml:1: log.level: is a map") == 0);
}

TEST_CASE("a_part_that_is_not_built_in_takes_its_default_alone") {
    CHECK(refusal_of("storage: {backend: memory}").empty());
    CHECK(refusal_of("storage:\n  backend: kafka\n") ==
        "c.yaml:2: storage.backend: only memory is built in");
    CHECK(refusal_of("processor_threads: {realtime: 1, transactional: 1, batch: 1}").empty());
    CHECK(refusal_of("processor_threads: {realtime: 2}") ==
        "c.yaml:1: processor_threads.realtime: only 1 is built in, expected 1: the dispatcher's "
        "thread");
    CHECK(refusal_of("storage: {backend: [memory]}") ==
        "c.yaml:1: storage.backend: is a list, only memory is built in");
}

TEST_CASE("values_that_do_not_fit_together_are_refused_where_one_was_written") {
    CHECK(refusal_of("\nlisten: {address: 0.0.0.0}\n")
              .find("c.yaml:2: listen.address: 0.0.0.0 is beyond loopback") == 0);
    CHECK(refusal_of("listen: {address: 192.168.1.1, insecure: true}").empty());
    CHECK(refusal_of("listen: {address: '::'}").find("expected 127.0.0.1 or ::1") !=
        std::string::npos);
    CHECK(refusal_of("listen: {address: 127.8.8.8}").empty());
    CHECK(refusal_of("slabs: {bytes: 65536}") ==
        "c.yaml:1: slabs.bytes: a slab of 65536 bytes cannot hold a frame of 65536, expected "
        "slabs.bytes of 4 more at least");
    CHECK(refusal_of("slabs: {bytes: 65536}\nlimits: {frame_bytes_max: 65532}\n").empty());
    CHECK(refusal_of("slabs: {count: 8}\nthreads: {network: 3}\n") ==
        "c.yaml:1: slabs.count: 8 slabs are too few for 3 network threads, expected at least 4 for "
        "each");
    CHECK(refusal_of("slabs: {count: 12}\nthreads: {network: 3}\n").empty());
    CHECK(refusal_of("threads: {network: 129}\n") ==
        "c.yaml:1: threads.network: 512 slabs are too few for 129 network threads, expected at "
        "least 4 for each");
    CHECK(refusal_of("control:\n  drop_slabs: {leave: 90}\n") ==
        "c.yaml:2: control.drop_slabs.leave: enter and leave of drop_slabs do not fit together, "
        "expected leave < enter <= 100");
    CHECK(refusal_of("control:\n  pause_queue: {enter: 95}\n") ==
        "c.yaml:2: control.pause_queue.enter: enter and leave of drop_queue and pause_queue do "
        "not fit together, expected no lower mark for the more severe state");
}

TEST_CASE("a_comma_behind_the_document_is_refused_at_once") {
    for (const char* text : {",\n", "{},\n", "{log: {level: info}},\n", "[], []\n"}) {
        CHECK(refusal_of(text) == "c.yaml:1: a second document, expected one");
    }
}

TEST_CASE("what_stands_in_the_file_is_shown_in_one_short_line") {
    CHECK(refusal_of("\"a\\nb\\e\": 1\n").find("c.yaml:1: a?b?: unknown key, expected") == 0);
    CHECK(refusal_of("log: {level: \"a\\nb\"}\n").find("c.yaml:1: log.level: \"a?b\" is") == 0);
    CHECK(refusal_of("a: *\x01\n").find_first_of("\x01") == std::string::npos);
    const std::string long_key(1'000, 'k');
    const std::string shown = long_key.substr(0, 60);
    CHECK(refusal_of(long_key + ": 1\n").find("c.yaml:1: " + shown + "...: unknown key") == 0);
}

TEST_CASE("a_zero_byte_does_not_end_an_address") {
    CHECK(refusal_of("listen: {address: \"127.0.0.1\\0 anything\"}") ==
        "c.yaml:1: listen.address: \"127.0.0.1? anything\" is not possible, expected a numeric "
        "address such as 127.0.0.1");
}
