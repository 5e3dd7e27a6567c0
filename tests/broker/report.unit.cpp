// SPDX-License-Identifier: MIT
// Goal: the counters table is `name value` lines with stable names, and its balance is right.
// Method: the whole list of names stands here; balances are made to be right, short and long.
// Cannot show: that the counters are filled rightly (end-to-end tests).
#include "broker/report.hpp"

#include "support/catch.hpp"

#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using broker::counters;

std::vector<std::string> lines_of(const counters& c) {
    std::istringstream in(broker::table(c));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool has_line(const counters& c, const std::string& wanted) {
    for (const std::string& line : lines_of(c)) {
        if (line == wanted) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the_names_of_the_table_are_these_and_in_this_order") {
    const std::vector<std::string> expected{"events_in_tcp", "events_in_udp", "delivered",
        "filtered", "dropped", "dropped_udp_ring_full", "dropped_udp_malformed",
        "dropped_udp_no_slab", "dropped_udp_paused", "dropped_state_dropping",
        "dropped_state_emergency", "dropped_topics_max", "dropped_route_targets_max",
        "dropped_duplicate", "dropped_subscriber_gone", "dropped_drain_deadline", "deliveries",
        "malformed_frame_too_short", "malformed_frame_too_long", "malformed_topic_empty",
        "malformed_topic_too_long", "malformed_topic_beyond_frame", "malformed_topic_control_byte",
        "malformed_before_hello", "malformed_message_cut_short", "malformed_message_trailing_bytes",
        "malformed_stream_cut_short", "malformed_datagram_cut_short",
        "malformed_datagram_trailing_bytes", "malformed_datagram_opcode", "udp_socket_drops",
        "bytes_in", "bytes_out", "connections_accepted", "connections_open",
        "connections_closed_peer_closed", "connections_closed_malformed",
        "connections_closed_hello_refused", "connections_closed_idle_frame",
        "connections_closed_slow_consumer", "connections_closed_write_deadline",
        "connections_closed_pending_pool", "connections_closed_connections_max",
        "connections_closed_draining", "connections_closed_io_error", "sessions",
        "subscriptions_open", "slow_consumers", "priority_batches", "dedup_fresh", "dedup_full",
        "windows_by_count", "windows_by_time", "windows_early", "topics", "slabs_taken",
        "slabs_taken_max", "queue_batches", "queue_p50_us", "queue_p99_us", "queue_max_us",
        "send_batches", "send_p50_us", "send_p99_us", "send_max_us", "state_changes", "cpu_us",
        "rss_peak_bytes", "in_flight", "balance"};
    std::vector<std::string> names;
    for (const std::string& line : lines_of({})) names.push_back(line.substr(0, line.find(' ')));
    CHECK(names == expected);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
}

TEST_CASE("every_line_but_the_balance_is_a_name_and_a_number") {
    counters c;
    c.delivered = ~0ULL;
    for (const std::string& line : lines_of(c)) {
        if (line.rfind("balance", 0) == 0) continue;
        std::istringstream words(line);
        std::string name;
        std::string value;
        std::string more;
        words >> name >> value;
        CHECK_FALSE(value.empty());
        CHECK(value.find_first_not_of("-0123456789") == std::string::npos);
        CHECK_FALSE(static_cast<bool>(words >> more));
    }
}

TEST_CASE("a_reason_is_counted_under_its_own_name") {
    counters c;
    c.events_in_udp = 3;
    c.dropped[static_cast<std::size_t>(broker::core::drop_reason::udp_malformed)] = 2;
    c.dropped[static_cast<std::size_t>(broker::core::drop_reason::state_emergency)] = 1;
    c.malformed[static_cast<std::size_t>(broker::net::malformed::topic_empty)] = 4;
    c.connections_closed[static_cast<std::size_t>(broker::net::close_reason::idle_frame)] = 5;
    CHECK(has_line(c, "dropped 3"));
    CHECK(has_line(c, "dropped_udp_malformed 2"));
    CHECK(has_line(c, "dropped_state_emergency 1"));
    CHECK(has_line(c, "malformed_topic_empty 4"));
    CHECK(has_line(c, "connections_closed_idle_frame 5"));
}

TEST_CASE("the_books_balance_when_in_is_delivered_filtered_and_dropped") {
    counters c;
    c.events_in_tcp = 100;
    c.events_in_udp = 20;
    c.delivered = 90;
    c.filtered = 20;
    c.dropped[0] = 10;
    c.deliveries = 180;
    CHECK(broker::events_in_flight(c) == 0);
    CHECK(has_line(c, "in_flight 0"));
    CHECK(lines_of(c).back() == "balance ok: 120 in = 90 delivered + 20 filtered + 10 dropped");
}

TEST_CASE("what_is_missing_or_too_much_is_said") {
    counters c;
    c.events_in_tcp = 10;
    c.delivered = 7;
    CHECK(has_line(c, "in_flight 3"));
    CHECK(lines_of(c).back() == "balance off by 3: 10 in = 7 delivered + 0 filtered + 0 dropped");
    c.delivered = 12;
    CHECK(has_line(c, "in_flight -2"));
    CHECK(lines_of(c).back().rfind("balance off by -2: ", 0) == 0);
}
