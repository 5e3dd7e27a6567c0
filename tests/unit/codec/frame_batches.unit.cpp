// SPDX-License-Identifier: MIT
// Goal: frames by the array: what decode_n stores and encode_n writes, and what they answer where
//       they stop.
// Method: one behaviour a case; outputs lie in heap buffers of exactly their size, so that the
//         address sanitizer sees a write outside.
// Cannot show: that batches of any bytes give what single frames give; frame_codec.property.cpp.
#include <lfq/codec/frame_codec.hpp>

#include "support/catch.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace {

using lfq::frame;
using lfq::frame_error;
using byte_vector = std::vector<std::byte>;

std::span<const std::byte> bytes_of(std::string_view words) {
    return std::as_bytes(std::span(words));
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const std::array<frame, 3> three{
    frame{1, "a", bytes_of("first")}, {2, "bb", {}}, {3, "ccc", bytes_of("third")}};

std::size_t bytes_of_first(std::size_t count) {
    std::size_t bytes = 0;
    for (const frame& each : std::span(three).first(count)) bytes += lfq::encoded_bytes(each);
    return bytes;
}

byte_vector encoded_three() {
    byte_vector out(bytes_of_first(3));
    REQUIRE(lfq::encode_n(out, three).count == 3);
    return out;
}

}  // namespace

static_assert(noexcept(lfq::frame_decoder().decode_n({}, {})));

TEST_CASE("encode_n_writes_what_encode_writes_one_behind_the_other") {
    byte_vector singly(bytes_of_first(3));
    std::size_t at = 0;
    for (const frame& each : three) at += lfq::encode(std::span(singly).subspan(at), each).bytes;

    byte_vector out(bytes_of_first(3));
    const lfq::encode_n_result all = lfq::encode_n(out, three);
    CHECK(all.count == 3);
    CHECK(all.bytes == out.size());
    CHECK(all.error == frame_error::none);
    CHECK(out == singly);
}

TEST_CASE("encode_n_stops_at_the_first_frame_that_does_not_fit_and_leaves_what_is_behind_it") {
    for (std::size_t room = 0; room <= bytes_of_first(3); ++room) {
        byte_vector out(room, std::byte{0xee});
        const lfq::encode_n_result all = lfq::encode_n(out, three);
        INFO("room " << room);
        CHECK(bytes_of_first(all.count) == all.bytes);
        CHECK(all.bytes <= room);
        CHECK((all.count == 3 || bytes_of_first(all.count + 1) > room));
        CHECK(all.error == (all.count == 3 ? frame_error::none : frame_error::output_too_small));
        for (std::size_t at = all.bytes; at < room; ++at) CHECK(out[at] == std::byte{0xee});
    }
}

TEST_CASE("encode_n_answers_the_error_of_the_frame_that_it_refuses") {
    std::array<frame, 3> values = three;
    values[1].topic = {};
    byte_vector out(64);
    const lfq::encode_n_result all = lfq::encode_n(out, values);
    CHECK(all.count == 1);
    CHECK(all.bytes == bytes_of_first(1));
    CHECK(all.error == frame_error::topic_empty);
    values[1] = frame{lfq::frame_priority_max + 1, "b", {}};
    CHECK(lfq::encode_n(out, values).error == frame_error::priority_out_of_range);
    CHECK(lfq::encode_n(out, three, {.frame_bytes_max = 6}).error == frame_error::frame_too_long);
}

TEST_CASE("encode_n_of_nothing_writes_nothing") {
    const lfq::encode_n_result all = lfq::encode_n({}, {});
    CHECK(all.count == 0);
    CHECK(all.bytes == 0);
    CHECK(all.error == frame_error::none);
}

TEST_CASE("decode_n_stores_views_in_the_order_of_the_bytes") {
    const byte_vector bytes = encoded_three();
    std::vector<frame> out(4);
    const lfq::decode_n_result found = lfq::frame_decoder().decode_n(bytes, out);
    CHECK(found.count == 3);
    CHECK(found.consumed == bytes.size());
    CHECK(found.error == frame_error::none);
    CHECK(found.wanted == 0);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(out[i].priority == three[i].priority);
        CHECK(out[i].topic == three[i].topic);
        CHECK(text_of(out[i].payload) == text_of(three[i].payload));
    }
    CHECK(out[3].topic.empty());
    CHECK(static_cast<const void*>(out[0].topic.data()) == &bytes[lfq::frame_header_bytes]);
}

TEST_CASE("decode_n_stops_behind_the_frame_that_fills_the_array_and_goes_on_from_there") {
    const byte_vector bytes = encoded_three();
    std::vector<frame> out(2);
    const lfq::decode_n_result first = lfq::frame_decoder().decode_n(bytes, out);
    CHECK(first.count == 2);
    CHECK(first.consumed == bytes_of_first(2));
    CHECK(first.wanted == 0);
    const lfq::decode_n_result rest =
        lfq::frame_decoder().decode_n(std::span(bytes).subspan(first.consumed), out);
    CHECK(rest.count == 1);
    CHECK(out[0].topic == "ccc");
    CHECK(first.consumed + rest.consumed == bytes.size());
}

TEST_CASE("decode_n_into_no_room_consumes_nothing_and_says_nothing_about_the_bytes") {
    const byte_vector malformed(4);
    const lfq::decode_n_result none = lfq::frame_decoder().decode_n(malformed, {});
    CHECK(none.count == 0);
    CHECK(none.consumed == 0);
    CHECK(none.error == frame_error::none);
    CHECK(none.wanted == 0);
}

TEST_CASE("decode_n_answers_a_cut_and_a_malformed_frame_as_decode_does") {
    byte_vector bytes = encoded_three();
    std::vector<frame> out(8);
    const auto cut = std::span(bytes).first(bytes.size() - 1);
    const lfq::decode_n_result found = lfq::frame_decoder().decode_n(cut, out);
    CHECK(found.count == 2);
    CHECK(found.consumed == bytes_of_first(2));
    CHECK(found.wanted == lfq::encoded_bytes(three[2]));
    bytes[bytes_of_first(1) + 6] = std::byte{0};  // the second topic is empty now
    const lfq::decode_n_result wrong = lfq::frame_decoder().decode_n(bytes, out);
    CHECK(wrong.count == 1);
    CHECK(wrong.consumed == bytes_of_first(1));
    CHECK(wrong.error == frame_error::topic_empty);
}
