// SPDX-License-Identifier: MIT
// Goal: what one caller can see of the frame codec: bytes, views, sizes wanted, each error by name.
// Method: one behaviour a case; bytes lie in heap buffers of exactly their size, so that the
//         address sanitizer sees a read outside.
// Cannot show: behaviour on bytes nobody thought of; that is frame_codec.property.cpp.
#include <lfq/codec/frame_codec.hpp>

#include "support/catch.hpp"

#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using lfq::frame;
using lfq::frame_error;
using byte_vector = std::vector<std::byte>;

const auto ignore = [](const frame&) {};

static_assert(lfq::frame_visitor<decltype(ignore)>);
static_assert(lfq::frame_visitor<bool (*)(frame)>);
static_assert(!lfq::frame_visitor<int (*)(const frame&)>, "an int is neither go on nor stop");
static_assert(!lfq::frame_visitor<void (*)(frame&)>, "a visitor cannot change what was decoded");
static_assert(lfq::encoded_bytes({1, "topic", {}}) == 12);
static_assert(lfq::frame_decoder().encoded_bytes_max() == 65540);
static_assert(noexcept(lfq::frame_decoder().decode({}, [](const frame&) noexcept {})));

byte_vector raw(const std::vector<int>& values) {
    byte_vector bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return {bytes.begin(), bytes.end()};
}

byte_vector text(std::string_view words) {
    const auto bytes = std::as_bytes(std::span(words));
    return {bytes.begin(), bytes.end()};
}

byte_vector operator+(const byte_vector& a, const byte_vector& b) {
    byte_vector sum(a.size() + b.size());
    std::copy(a.begin(), a.end(), sum.begin());
    std::copy(b.begin(), b.end(), sum.begin() + static_cast<std::ptrdiff_t>(a.size()));
    return sum;
}

// The bytes that the seed's Python client sends: priority 5, sensor/temp, {"temp": 23.5}.
const byte_vector seed_bytes =
    raw({0, 0, 0, 28, 5, 0, 11}) + text("sensor/temp") + text(R"({"temp": 23.5})");

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

byte_vector encoded(std::uint8_t priority, std::string_view topic, std::string_view payload) {
    const byte_vector body = text(payload);
    byte_vector out(lfq::encoded_bytes({priority, topic, body}));
    REQUIRE(lfq::encode(out, {priority, topic, body}).bytes == out.size());
    return out;
}

frame_error stream_error(const byte_vector& bytes, const lfq::frame_limits& limits = {}) {
    return lfq::frame_decoder(limits).decode(bytes, ignore).error;
}

}  // namespace

TEST_CASE("encode_writes_the_bytes_of_the_seed_client") {
    CHECK(encoded(5, "sensor/temp", R"({"temp": 23.5})") == seed_bytes);
}

TEST_CASE("decode_gives_views_into_the_bytes_of_the_seed_client") {
    int visits = 0;
    const auto result = lfq::frame_decoder().decode(seed_bytes, [&](const frame& found) {
        ++visits;
        CHECK(found.priority == 5);
        CHECK_FALSE(found.is_extension());
        CHECK(found.topic == "sensor/temp");
        CHECK(text_of(found.payload) == R"({"temp": 23.5})");
        CHECK(static_cast<const void*>(found.topic.data()) == seed_bytes.data() + 7);
        CHECK(found.payload.data() == seed_bytes.data() + 18);
    });
    CHECK(visits == 1);
    CHECK(result.consumed == seed_bytes.size());
    CHECK(result.error == frame_error::none);
    CHECK(result.wanted == 0);
}

TEST_CASE("encode_answers_the_size_needed_and_writes_nothing_when_the_output_is_too_small") {
    const byte_vector payload = text("payload");
    const frame value{9, "topic", payload};
    byte_vector out(lfq::encoded_bytes(value) - 1, std::byte{0xee});
    const byte_vector before = out;
    const auto result = lfq::encode(out, value);
    CHECK(result.error == frame_error::output_too_small);
    CHECK(result.bytes == out.size() + 1);
    CHECK(out == before);
    CHECK(lfq::encode({}, value).bytes == result.bytes);
}

TEST_CASE("encode_leaves_what_lies_behind_the_frame_untouched") {
    byte_vector out(20, std::byte{0xee});
    REQUIRE(lfq::encode(out, {0, "a", {}}).bytes == 8);
    CHECK(byte_vector(out.begin() + 8, out.end()) == byte_vector(12, std::byte{0xee}));
}

TEST_CASE("encode_refuses_what_decode_would_refuse") {
    byte_vector out(100);
    const byte_vector payload(10);
    const lfq::frame_limits limits{.frame_bytes_max = 16, .topic_bytes_max = 4};
    const auto refusal = [&](const frame& value, const lfq::frame_limits& within) {
        const auto result = lfq::encode(out, value, within);
        CHECK(result.bytes == 0);
        return result.error;
    };
    CHECK(lfq::encode(out, {127, "abc", payload}, limits).error == frame_error::none);
    CHECK(refusal({128, "abc", payload}, limits) == frame_error::priority_out_of_range);
    CHECK(refusal({1, "", payload}, limits) == frame_error::topic_empty);
    CHECK(refusal({1, "abcd", payload}, limits) == frame_error::frame_too_long);
    CHECK(refusal({1, "abcde", {}}, limits) == frame_error::topic_too_long);
    CHECK(refusal({1, "a", {}}, {.frame_bytes_max = 3}) == frame_error::frame_too_long);
    CHECK(refusal({1, "a", {}}, {.frame_bytes_max = 0}) == frame_error::frame_too_long);
}

TEST_CASE("encode_extension_writes_length_opcode_and_body") {
    const byte_vector body = text("hi");
    byte_vector out(7);
    const auto result = lfq::encode_extension(out, 0x80, body);
    CHECK(result.error == frame_error::none);
    CHECK(result.bytes == 7);
    CHECK(out == raw({0, 0, 0, 3, 0x80, 'h', 'i'}));
}

TEST_CASE("a_length_of_four_different_bytes_is_written_and_read_in_their_order") {
    const lfq::frame_limits limits{.frame_bytes_max = 0x01020304};
    const byte_vector body(limits.frame_bytes_max - 1, std::byte{7});
    byte_vector out(lfq::frame_decoder(limits).encoded_bytes_max());
    CHECK(lfq::encode_extension(out, 0x80, body, limits).bytes == out.size());
    CHECK(byte_vector(out.begin(), out.begin() + 5) == raw({1, 2, 3, 4, 0x80}));
    CHECK(lfq::frame_decoder(limits).decode(out, ignore).consumed == out.size());
}

TEST_CASE("encode_extension_refuses_by_name_and_writes_nothing") {
    const byte_vector body(3);
    byte_vector out(7, std::byte{0xee});
    const byte_vector before = out;
    const auto small = lfq::encode_extension(out, 0xff, body);
    CHECK(small.error == frame_error::output_too_small);
    CHECK(small.bytes == 8);
    CHECK(lfq::encode_extension(out, 127, {}).error == frame_error::opcode_out_of_range);
    const auto long_one = lfq::encode_extension(out, 0x80, body, {.frame_bytes_max = 3});
    CHECK(long_one.error == frame_error::frame_too_long);
    CHECK(long_one.bytes == 0);
    const auto nothing_fits = lfq::encode_extension(out, 0x80, {}, {.frame_bytes_max = 0});
    CHECK(nothing_fits.error == frame_error::frame_too_long);
    CHECK(out == before);
}

TEST_CASE("decode_gives_an_extension_frame_unparsed") {
    const byte_vector bytes = raw({0, 0, 0, 1, 0x8b}) + raw({0, 0, 0, 4, 0xff, 0xff, 0xff, 7});
    std::vector<std::pair<int, std::string>> seen;
    const auto result = lfq::frame_decoder({.topic_bytes_max = 1}).decode(bytes, [&](frame found) {
        CHECK(found.is_extension());
        CHECK(found.topic.empty());
        CHECK(lfq::encoded_bytes(found) == 5 + found.payload.size());
        seen.emplace_back(found.priority, text_of(found.payload));
    });
    CHECK(result.consumed == bytes.size());
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] == std::pair<int, std::string>(0x8b, ""));
    CHECK(seen[1] == std::pair<int, std::string>(0xff, "\xff\xff\x07"));
}

TEST_CASE("decode_of_nothing_consumes_and_wants_nothing") {
    const auto result = lfq::frame_decoder().decode({}, ignore);
    CHECK(result.consumed == 0);
    CHECK(result.error == frame_error::none);
    CHECK(result.wanted == 0);
}

TEST_CASE("a_cut_frame_is_no_error_and_says_what_size_it_wants") {
    const byte_vector first = encoded(1, "a", "");
    for (std::size_t cut = 1; cut < seed_bytes.size(); ++cut) {
        const auto end = seed_bytes.begin() + static_cast<std::ptrdiff_t>(cut);
        const byte_vector bytes = first + byte_vector(seed_bytes.begin(), end);
        int visits = 0;
        const auto result =
            lfq::frame_decoder().decode(bytes, [&visits](const frame&) { ++visits; });
        CHECK(visits == 1);
        CHECK(result.consumed == first.size());
        CHECK(result.error == frame_error::none);
        CHECK(result.wanted == (cut < 4 ? 4 : seed_bytes.size()));
    }
}

TEST_CASE("a_malformed_length_is_reported_with_its_fourth_byte") {
    CHECK(stream_error(raw({0, 0, 0})) == frame_error::none);
    CHECK(stream_error(raw({0, 0, 0, 0})) == frame_error::frame_too_short);
    CHECK(stream_error(raw({0, 1, 0, 0})) == frame_error::none);
    CHECK(stream_error(raw({0, 1, 0, 1})) == frame_error::frame_too_long);
    CHECK(stream_error(raw({255, 255, 255, 255})) == frame_error::frame_too_long);
}

TEST_CASE("a_length_that_only_an_extension_may_have_is_judged_with_the_fifth_byte") {
    for (const int length : {1, 2}) {
        CHECK(stream_error(raw({0, 0, 0, length})) == frame_error::none);
        CHECK(stream_error(raw({0, 0, 0, length, 127})) == frame_error::frame_too_short);
        CHECK(stream_error(raw({0, 0, 0, length, 128})) == frame_error::none);
    }
}

TEST_CASE("a_malformed_topic_length_is_reported_with_the_seventh_byte") {
    const lfq::frame_limits limits{.frame_bytes_max = 600, .topic_bytes_max = 300};
    CHECK(stream_error(raw({0, 0, 0, 3, 1, 0}), limits) == frame_error::none);
    CHECK(stream_error(raw({0, 0, 0, 3, 1, 0, 0}), limits) == frame_error::topic_empty);
    CHECK(stream_error(raw({0, 0, 2, 0, 1, 0, 0}), limits) == frame_error::topic_empty);
    CHECK(stream_error(raw({0, 0, 0, 9, 1, 0, 6}), limits) == frame_error::none);
    CHECK(stream_error(raw({0, 0, 0, 9, 1, 0, 7}), limits) == frame_error::topic_beyond_frame);
    CHECK(stream_error(raw({0, 0, 0, 9, 1, 255, 255}), limits) == frame_error::topic_beyond_frame);
    CHECK(stream_error(raw({0, 0, 2, 0, 1, 1, 44}), limits) == frame_error::none);
    CHECK(stream_error(raw({0, 0, 2, 0, 1, 1, 45}), limits) == frame_error::topic_too_long);
}

TEST_CASE("the_longest_length_there_is_wants_its_size_and_overflows_nothing") {
    const lfq::frame_decoder decoder({.frame_bytes_max = UINT32_MAX});
    CHECK(decoder.encoded_bytes_max() > decoder.limits().frame_bytes_max);
    for (const int first : {1, 128}) {
        const auto result = decoder.decode(raw({255, 255, 255, 255, first, 0, 1, 'a'}), ignore);
        if constexpr (SIZE_MAX > UINT32_MAX) {
            CHECK(result.error == frame_error::none);
            CHECK(result.wanted == std::size_t{4} + UINT32_MAX);
        } else {
            CHECK(result.error == frame_error::frame_too_long);
        }
    }
}

TEST_CASE("frames_before_a_malformed_one_are_visited_and_consumed_points_at_it") {
    const byte_vector good = seed_bytes + encoded(2, "b", "2");
    const byte_vector bytes = good + raw({0, 0, 0, 0}) + seed_bytes;
    int visits = 0;
    const auto result = lfq::frame_decoder().decode(bytes, [&visits](const frame&) { ++visits; });
    CHECK(visits == 2);
    CHECK(result.error == frame_error::frame_too_short);
    CHECK(result.consumed == good.size());
    CHECK(result.wanted == 0);
}

TEST_CASE("a_visitor_that_answers_false_stops_behind_its_frame") {
    const byte_vector one = encoded(1, "a", "1");
    const byte_vector bytes = one + one + raw({0, 0, 0, 0});
    int visits = 0;
    const auto result =
        lfq::frame_decoder().decode(bytes, [&visits](const frame&) { return ++visits < 2; });
    CHECK(visits == 2);
    CHECK(result.consumed == 2 * one.size());
    CHECK(result.error == frame_error::none);
    CHECK(result.wanted == 0);
}

TEST_CASE("what_a_visitor_throws_passes_through") {
    const auto thrower = [](const frame&) { throw std::runtime_error("enough"); };
    CHECK_THROWS_AS((void)lfq::frame_decoder().decode(seed_bytes, thrower), std::runtime_error);
}

TEST_CASE("a_datagram_is_exactly_one_frame") {
    const lfq::frame_decoder decoder;
    const auto whole = decoder.decode_datagram(seed_bytes);
    CHECK(whole.error == frame_error::none);
    CHECK(whole.frame.topic == "sensor/temp");
    CHECK(decoder.decode_datagram({}).error == frame_error::cut_short);
    const auto cut = std::span(seed_bytes).first(seed_bytes.size() - 1);
    CHECK(decoder.decode_datagram(cut).error == frame_error::cut_short);
    CHECK(decoder.decode_datagram(cut).frame.topic.empty());
    const byte_vector with_tail = seed_bytes + raw({0});
    CHECK(decoder.decode_datagram(with_tail).error == frame_error::trailing_bytes);
    CHECK(decoder.decode_datagram(with_tail).frame.topic.empty());
    CHECK(decoder.decode_datagram(raw({0, 0, 0, 0})).error == frame_error::frame_too_short);
    CHECK(decoder.decode_datagram(raw({0, 0, 0, 1, 0x8b})).frame.priority == 0x8b);
}

TEST_CASE("every_error_has_a_name_of_its_own") {
    std::set<std::string> names;
    for (std::size_t value = 0; value < lfq::frame_error_count; ++value)
        names.insert(lfq::to_string(static_cast<frame_error>(value)));
    CHECK(names.size() == lfq::frame_error_count);
    CHECK(std::string(lfq::to_string(frame_error::opcode_out_of_range)) == "opcode out of range");
    const std::string beyond = lfq::to_string(static_cast<frame_error>(lfq::frame_error_count));
    CHECK(beyond == "unknown frame error");
}
