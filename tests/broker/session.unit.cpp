// SPDX-License-Identifier: MIT
// Goal: every rule of the conversation: who may say what when, and what each answer is.
// Method: frames written by wire.hpp go through the library's decoder into a session; replies are
//         decoded again.
// Cannot show: that the bytes are sent (end-to-end tests).
#include "broker/net/session.hpp"

#include "dice.hpp"
#include "support/catch.hpp"
#include "wire.hpp"

#include <array>
#include <string>

namespace {

using namespace broker::test;
namespace net = broker::net;
using kind = net::action_kind;

struct talk {
    explicit talk(const net::session_limits& given = {}) : limits(given), session(limits, 77) {}

    /// The frame stays alive as long as this does, as a slab would.
    net::action say(const std::string& bytes) {
        last = bytes;
        const auto got = lfq::frame_decoder().decode_datagram(std::as_bytes(std::span(last)));
        REQUIRE(got.error == lfq::frame_error::none);
        return session.on_frame(got.frame, room);
    }

    const net::session_limits limits;
    std::string last;
    std::array<std::byte, net::reply_bytes_max> room{};
    net::session session;
};

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The reply as an ERR; fails the test if it is none.
net::err error_in(const net::action& a) {
    net::err out;
    REQUIRE(a.reply.size() > 5);
    REQUIRE(a.reply[4] == static_cast<std::byte>(net::opcode::err));
    REQUIRE(net::decode(a.reply.subspan(5), out).ok());
    return out;
}

void is_error(const net::action& a, net::err_code code, std::uint64_t ref) {
    CHECK(a.kind == kind::reply);
    const net::err error = error_in(a);
    CHECK(error.reason == code);
    CHECK(error.ref == ref);
    CHECK_FALSE(error.text.empty());
}

bytes hello_of(unsigned version, std::uint32_t flags, std::string_view token) {
    return framed(u8(op_hello) + u16(version) + u32(flags) + str8("tester") + str16(token));
}

}  // namespace

TEST_CASE("a_seed_frame_is_published_before_and_after_hello") {
    talk t;
    CHECK(t.say(seed_frame(0, "a", "x")).kind == kind::publish);
    CHECK(t.say(seed_frame(127, "a", "")).kind == kind::publish);
    CHECK_FALSE(t.session.hello_said());
    REQUIRE(t.say(hello()).kind == kind::welcome);
    CHECK(t.say(seed_frame(5, "a", "x")).kind == kind::publish);
}

TEST_CASE("hello_is_answered_by_welcome_with_the_session_and_the_frame_limit") {
    talk t({.server_id = "lfq-broker/9", .frame_bytes_max = 4'096, .subscriptions_max = 1});
    const net::action a = t.say(hello());
    REQUIRE(a.kind == kind::welcome);
    CHECK(t.session.hello_said());
    CHECK(text_of(a.reply) ==
        framed(u8(op_welcome) + str8("lfq-broker/9") + u64(77) + u64(0) + u32(4'096) + u32(0) +
            u32(0)));
}

TEST_CASE("a_session_opcode_before_hello_closes_without_a_word") {
    for (unsigned code = 0x81; code <= 0xff; ++code) {
        talk t;
        const net::action a = t.say(framed(u8(code) + u64(1)));
        CHECK(a.kind == kind::close);
        CHECK(a.closed == net::close_reason::malformed);
        CHECK(a.why == net::malformed::before_hello);
        CHECK(a.reply.empty());
    }
}

TEST_CASE("a_second_hello_is_answered_by_an_error_and_the_session_goes_on") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    is_error(t.say(hello()), net::err_code::repeated_hello, op_hello);
    CHECK(t.say(subscribe(1, "a")).kind == kind::subscribe);
}

TEST_CASE("a_hello_of_another_version_is_refused_and_closed") {
    for (const unsigned version : {0U, 2U, 0xffffU}) {
        talk t;
        const net::action a = t.say(hello_of(version, 0, ""));
        CHECK(a.kind == kind::close);
        CHECK(a.closed == net::close_reason::hello_refused);
        CHECK(error_in(a).reason == net::err_code::version);
        CHECK_FALSE(t.session.hello_said());
    }
}

TEST_CASE("a_hello_with_a_field_that_is_not_built_in_is_refused_by_name") {
    talk with_flags;
    const net::action flags = with_flags.say(hello_of(1, 1, ""));
    CHECK(flags.closed == net::close_reason::hello_refused);
    CHECK(error_in(flags).reason == net::err_code::field_not_built_in);
    CHECK(error_in(flags).text.find("flags") != std::string_view::npos);
    talk with_token;
    const net::action token = with_token.say(hello_of(1, 0, "secret"));
    CHECK(error_in(token).text.find("token") != std::string_view::npos);
    CHECK(error_in(token).text.find("secret") == std::string_view::npos);
}

TEST_CASE("a_malformed_hello_is_closed_without_a_word") {
    talk t;
    const net::action a = t.say(framed(u8(op_hello) + u16(1)));
    CHECK(a.kind == kind::close);
    CHECK(a.why == net::malformed::message_cut_short);
    CHECK(a.reply.empty());
}

TEST_CASE("a_malformed_message_after_hello_is_answered_by_an_error_and_closed") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    const net::action cut = t.say(framed(u8(op_subscribe) + u32(1) + u16(9) + "a"));
    CHECK(cut.kind == kind::close);
    CHECK(cut.why == net::malformed::message_cut_short);
    CHECK(error_in(cut).reason == net::err_code::malformed);
    CHECK(error_in(cut).text == "SUB: filter: cut short");
    const net::action longer = t.say(framed(u8(op_ping) + u64(1) + "x"));
    CHECK(longer.why == net::malformed::message_trailing_bytes);
    CHECK(longer.closed == net::close_reason::malformed);
}

TEST_CASE("what_is_not_built_in_is_unsupported_and_the_connection_stays") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    for (unsigned code = 0x81; code <= 0xff; ++code) {
        if (code == op_subscribe || code == op_unsubscribe || code == op_ping) continue;
        is_error(t.say(framed(u8(code) + "body")), net::err_code::unsupported, code);
    }
    CHECK(t.say(ping(1)).kind == kind::pong);
}

TEST_CASE("ping_asks_for_a_pong_with_its_reference") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    const net::action a = t.say(ping(0x0102030405060708));
    CHECK(a.kind == kind::pong);
    CHECK(a.ref == 0x0102030405060708);
    CHECK(a.reply.empty());
}

TEST_CASE("a_subscription_names_its_sid_and_filter_and_writes_nothing_yet") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    const net::action a = t.say(subscribe(9, "sensor/>"));
    CHECK(a.kind == kind::subscribe);
    CHECK(a.sid == 9);
    CHECK(a.filter == "sensor/>");
    CHECK(a.reply.empty());
    REQUIRE(t.session.subscriptions().size() == 1);
    CHECK(t.session.subscriptions()[0] == 9);
}

TEST_CASE("a_filter_that_is_none_is_refused_with_the_reason") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    for (const char* filter : {"", "a.>.b", "a*", "a\x01"}) {
        is_error(t.say(subscribe(3, filter)), net::err_code::bad_filter, 3);
    }
    CHECK(t.session.subscriptions().empty());
}

TEST_CASE("a_sid_is_used_once_at_a_time") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    REQUIRE(t.say(subscribe(1, "a")).kind == kind::subscribe);
    is_error(t.say(subscribe(1, "b")), net::err_code::duplicate_sid, 1);
    is_error(t.say(unsubscribe(2)), net::err_code::unknown_sid, 2);
    const net::action gone = t.say(unsubscribe(1));
    CHECK(gone.kind == kind::unsubscribe);
    CHECK(gone.sid == 1);
    is_error(t.say(unsubscribe(1)), net::err_code::unknown_sid, 1);
    CHECK(t.say(subscribe(1, "b")).kind == kind::subscribe);
}

TEST_CASE("one_subscription_more_than_the_limit_is_refused_and_one_less_makes_room") {
    talk t({.server_id = "s", .frame_bytes_max = 65'536, .subscriptions_max = 2});
    REQUIRE(t.say(hello()).kind == kind::welcome);
    REQUIRE(t.say(subscribe(1, "a")).kind == kind::subscribe);
    REQUIRE(t.say(subscribe(2, "a")).kind == kind::subscribe);
    is_error(t.say(subscribe(3, "a")), net::err_code::limit, 3);
    REQUIRE(t.say(unsubscribe(1)).kind == kind::unsubscribe);
    CHECK(t.say(subscribe(3, "a")).kind == kind::subscribe);
}

TEST_CASE("a_subscription_with_a_field_that_is_not_built_in_is_refused_by_name") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    const bytes head = u8(op_subscribe) + u32(4) + str16("a");
    const net::action group = t.say(framed(head + str8("g") + u8(0) + u64(0) + u32(0) + u8(0)));
    is_error(group, net::err_code::field_not_built_in, 4);
    CHECK(error_in(group).text == "SUB: group: not built in, expected zero or empty");
    const net::action policy = t.say(framed(head + str8("") + u8(0) + u64(0) + u32(0) + u8(1)));
    CHECK(error_in(policy).text == "SUB: policy: not built in, expected zero or empty");
    CHECK(t.session.subscriptions().empty());
}

TEST_CASE("a_refused_stream_is_answered_only_where_hello_was_said") {
    talk seed;
    const net::action silent = seed.session.on_malformed(net::malformed::topic_empty, seed.room);
    CHECK(silent.kind == kind::close);
    CHECK(silent.why == net::malformed::topic_empty);
    CHECK(silent.reply.empty());
    CHECK(seed.session.on_idle_frame(seed.room).reply.empty());
    CHECK(seed.session.on_slow_consumer(seed.room).reply.empty());
    CHECK(seed.session.on_drain(1, seed.room).kind == kind::nothing);

    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    const net::action told = t.session.on_malformed(net::malformed::topic_empty, t.room);
    CHECK(error_in(told).text == "topic_empty");
    CHECK(t.session.on_idle_frame(t.room).closed == net::close_reason::idle_frame);
    const net::action slow = t.session.on_slow_consumer(t.room);
    CHECK(slow.closed == net::close_reason::slow_consumer);
    CHECK(error_in(slow).reason == net::err_code::slow_consumer);
}

TEST_CASE("a_drain_is_told_and_then_nothing_new_is_taken") {
    talk t;
    REQUIRE(t.say(hello()).kind == kind::welcome);
    REQUIRE(t.say(subscribe(1, "a")).kind == kind::subscribe);
    CHECK(text_of(t.session.on_drain(5'000, t.room).reply) ==
        framed(u8(op_drain) + u32(5'000) + str16("")));
    is_error(t.say(subscribe(2, "a")), net::err_code::draining, 2);
    CHECK(t.say(unsubscribe(1)).kind == kind::unsubscribe);
    CHECK(t.say(ping(1)).kind == kind::pong);

    talk late;
    CHECK(late.session.on_drain(5'000, late.room).reply.empty());
    const net::action refused = late.say(hello());
    CHECK(refused.closed == net::close_reason::draining);
    CHECK(error_in(refused).reason == net::err_code::draining);
}

TEST_CASE("any_frames_have_an_answer_that_fits_the_room_and_says_nothing_before_hello") {
    dice d("session random frames");
    unsigned broken = 0;
    for (int round = 0; round < 3'000; ++round) {
        talk t({.server_id = "s", .frame_bytes_max = 65'536, .subscriptions_max = 3});
        if (d.one_in(2)) REQUIRE(t.say(hello()).kind == kind::welcome);
        for (int i = 0; i < 20; ++i) {
            const unsigned code = static_cast<unsigned>(d.from_to(0x80, 0x90));
            const bytes body = d.one_in(2) ? u32(static_cast<std::uint32_t>(d.from_to(0, 4))) +
                    str16("a") + str8("") + u8(0) + u64(0) + u32(0) + u8(0)
                                           : d.bytes(d.from_to(0, 40));
            const bool before = t.session.hello_said();
            const net::action a = t.say(framed(u8(code) + body));
            if (a.reply.size() > net::reply_bytes_max) ++broken;
            if (!before && !a.reply.empty() && code != op_hello) ++broken;
            if (t.session.subscriptions().size() > 3) ++broken;
            if (a.kind == kind::close) break;
        }
    }
    CHECK(broken == 0);
}
