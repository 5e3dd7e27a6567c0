// SPDX-License-Identifier: MIT
// Goal: a session message that asks for what is not there is answered; one that cannot be read ends
// its connection; and nobody who did not say hello is ever written to.
// Method: each over a real socket, with the answer's code, the counter by reason, and a bystander.
// Cannot show: the session's every branch; session.unit does that without sockets.
#include "fixture.hpp"
#include "support/catch.hpp"

using namespace broker::test;

namespace {

// A SUB whose fields can be spoilt one by one.
struct sub_fields {
    std::uint32_t sid = 1;
    bytes filter = "a.>";
    bytes group;
    unsigned from = 0;
    std::uint64_t from_value = 0;
    std::uint32_t credit = 0;
    unsigned policy = 0;

    bytes message() const {
        return framed(u8(op_subscribe) + u32(sid) + str16(filter) + str8(group) + u8(from) +
            u64(from_value) + u32(credit) + u8(policy));
    }
};

bytes hello_with(unsigned version, std::uint32_t flags, std::string_view token) {
    return framed(u8(op_hello) + u16(version) + u32(flags) + str8("test") + str16(token));
}

}  // namespace

TEST_CASE("an_opcode_that_is_not_built_in_is_answered_and_the_connection_stays") {
    broker_process broker;
    peer client(broker.tcp());
    client.greet();
    for (const unsigned op : {0x81U, 0x82U, 0x83U, 0x85U, 0x86U, 0x87U, 0x88U, 0x89U, 0x8CU, 0x8DU,
             0x8EU, 0x8FU, 0x90U, 0xF0U, 0xFFU}) {
        INFO("opcode " << op);
        client.send(framed(u8(op) + "some body"));
        const refusal answer = client.next_refusal();
        CHECK(answer.code == err_unsupported);
        CHECK(answer.ref == op);
        CHECK_FALSE(answer.text.empty());
    }
    client.watch(1, "still.here");
    client.send(seed_frame(1, "still/here", "yes"));
    CHECK(client.next_event().payload == "yes");
}

TEST_CASE("a_message_before_hello_ends_the_connection_without_a_word") {
    broker_process broker;
    bystander other(broker);
    std::uint64_t count = 0;
    for (const bytes& message : {subscribe(1, "a.>"), ping(1), unsubscribe(1), framed(u8(0xF0)),
             framed(u8(op_publish) + "x")}) {
        peer bad(broker.tcp());
        bad.send(message);
        CHECK(bad.was_closed());
        CHECK(bad.farewell().empty());
        ++count;
        CHECK(broker.eventually("malformed_before_hello", count) == count);
    }
    CHECK(other.is_served());
}

TEST_CASE("a_field_whose_part_is_not_built_in_is_refused_and_the_connection_stays") {
    broker_process broker;
    peer client(broker.tcp());
    client.greet();
    sub_fields group, from, from_value, credit, policy;
    group.group = "workers";
    from.from = 1;
    from_value.from_value = 9;
    credit.credit = 100;
    policy.policy = 1;
    for (const auto& one : {group, from, from_value, credit, policy}) {
        client.send(one.message());
        const refusal answer = client.next_refusal();
        CHECK(answer.code == err_field_not_built_in);
        CHECK(answer.text.find("not built in") != bytes::npos);
    }
    client.send(sub_fields{}.message());
    CHECK(client.next().op == op_subscribed);
}

TEST_CASE("a_hello_that_asks_for_what_is_not_built_in_is_told_so_and_closed") {
    broker_process broker;
    bystander other(broker);
    struct {
        bytes message;
        unsigned code;
    } const rows[] = {
        {hello_with(2, 0, ""), err_version},
        {hello_with(1, 1, ""), err_field_not_built_in},
        {hello_with(1, 0, "secret"), err_field_not_built_in},
    };
    for (const auto& one : rows) {
        peer client(broker.tcp());
        client.send(one.message);
        CHECK(client.was_closed());
        REQUIRE(client.farewell().size() == 1);
        const refusal answer = parse_refusal(client.farewell()[0]);
        CHECK(answer.code == one.code);
        CHECK(answer.text.find("secret") == bytes::npos);  // no token in texts
    }
    CHECK(broker.eventually("connections_closed_hello_refused", 3) == 3);
    CHECK(other.is_served());
}

TEST_CASE("a_filter_that_is_none_is_refused_and_the_connection_stays") {
    broker_process broker;
    peer client(broker.tcp());
    client.greet();
    for (const bytes& filter :
        {bytes(""), bytes("a.>.b"), bytes("a*"), bytes("a.b>"), bytes("a\nb"), bytes(300, 'f')}) {
        INFO("filter " << filter);
        client.send(subscribe(1, filter));
        const refusal answer = client.next_refusal();
        CHECK(answer.code == err_bad_filter);
        CHECK(answer.ref == 1);
    }
    client.watch(1, ">");
}

TEST_CASE("a_subscription_number_is_unique_while_it_lasts") {
    broker_process broker;
    peer client(broker.tcp());
    client.greet().watch(5, "a.>");
    client.send(subscribe(5, "b.>"));
    CHECK(client.next_refusal().code == err_duplicate_sid);
    client.send(unsubscribe(6));
    const refusal answer = client.next_refusal();
    CHECK(answer.code == err_unknown_sid);
    CHECK(answer.ref == 6);
    client.send(unsubscribe(5));
    client.watch(5, "b.>");
    CHECK(broker.eventually("subscriptions_open", 1) == 1);
}

TEST_CASE("subscriptions_beyond_the_limit_are_refused_and_the_connection_stays") {
    broker_process broker("limits:\n  subscriptions_max: 2\n");
    peer client(broker.tcp());
    client.greet().watch(1, "a").watch(2, "b");
    client.send(subscribe(3, "c"));
    CHECK(client.next_refusal().code == err_limit);
    client.send(unsubscribe(1));
    client.watch(3, "c");
}

TEST_CASE("a_message_cut_short_or_too_long_ends_the_connection_with_a_word") {
    broker_process broker;
    bystander other(broker);
    struct {
        bytes message;
        const char* counter;
    } const rows[] = {
        {framed(u8(op_subscribe) + u32(1) + u16(200) + "a.b"), "malformed_message_cut_short"},
        {framed(u8(op_ping) + u32(1)), "malformed_message_cut_short"},
        {framed(u8(op_unsubscribe)), "malformed_message_cut_short"},
        {framed(u8(op_ping) + u64(1) + "more"), "malformed_message_trailing_bytes"},
    };
    counters before = broker.table();
    for (const auto& one : rows) {
        peer bad(broker.tcp());
        bad.greet();
        bad.send(one.message);
        CHECK(bad.was_closed());
        REQUIRE(bad.farewell().size() == 1);
        CHECK(parse_refusal(bad.farewell()[0]).code == err_malformed);
        const std::uint64_t wanted = ++before[one.counter];
        CHECK(broker.eventually(one.counter, wanted) == wanted);
    }
    CHECK(other.is_served());
}
