// SPDX-License-Identifier: MIT
// How many frames a second does one thread decode, and what is left of memcpy's speed once payloads
// are read too?
//
// 64 KiB of frames that lie in the cache, as they do after a read from a socket. Every frame's
// priority and the lengths of its views are summed and checked. A frame whose payload nobody reads
// costs the same at any size, so the question in GB/s reads every byte. Its floors do the same to
// the same payloads, whose places they know before: what is short of them is the decoder's. What
// one memcpy of everything does beside them is what it costs to do it piece by piece, at odd
// addresses.

#include "contestants/frame_streams.hpp"
#include "harness/keep.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace bench;

constexpr auto million_frames = [](double frames, double seconds) {
    return frames / seconds / 1e6;
};

bool decode_views(std::span<const std::byte> bytes, const sums& expected) {
    sums seen;
    const lfq::decode_result result =
        lfq::frame_decoder{}.decode(bytes, [&](const lfq::frame& one) {
            seen.add(one.priority, one.topic.size(), one.payload.size());
        });
    return result.consumed == bytes.size() && seen == expected;
}

/// By arrays that stay in the cache; then every view is looked at once more.
bool decode_arrays(std::span<const std::byte> bytes, const sums& expected) {
    sums seen;
    std::array<lfq::frame, 64> frames;
    std::size_t at = 0;
    for (std::size_t count = frames.size(); count == frames.size();) {
        const auto found = lfq::frame_decoder{}.decode_n(bytes.subspan(at), frames);
        at += found.consumed;
        count = found.count;
        for (const lfq::frame& one : std::span(frames).first(count))
            seen.add(one.priority, one.topic.size(), one.payload.size());
    }
    return at == bytes.size() && seen == expected;
}

/// Everything a frame says is taken for true: what the checks of a decoder are paid on top of.
bool hop_unchecked(std::span<const std::byte> bytes, const sums& expected) {
    sums seen;
    for (std::size_t at = 0; at < bytes.size();) {
        std::uint32_t length = 0;
        std::uint16_t topic_size = 0;
        std::memcpy(&length, &bytes[at], sizeof length);
        std::memcpy(&topic_size, &bytes[at + 5], sizeof topic_size);
        length = __builtin_bswap32(length);
        topic_size = __builtin_bswap16(topic_size);
        seen.add(
            std::to_integer<std::uint64_t>(bytes[at + 4]), topic_size, length - 3U - topic_size);
        at += 4U + length;
    }
    return seen == expected;
}

/// The decoder that owns what it found, one string and one vector a frame: what views save.
bool decode_copies(std::span<const std::byte> bytes, const sums& expected) {
    sums seen;
    const lfq::decode_result result =
        lfq::frame_decoder{}.decode(bytes, [&](const lfq::frame& one) {
            const std::string topic(one.topic);
            const std::vector<std::byte> payload(one.payload.begin(), one.payload.end());
            read_whole(*payload.data());
            seen.add(one.priority, topic.size(), payload.size());
        });
    return result.consumed == bytes.size() && seen == expected;
}

void ask_views(session& here) {
    here.ask("codec/frame_codec_1t_throughput/64B", "frames of 64 bytes decoded",
        {.name = "M/s", .one_thread = true}, [&](entry_list& list) {
            const auto input = std::make_shared<stream>(64);
            const auto enter = [&](const char* name, role stands_for, auto go) {
                list.enter(name, "summed", stands_for, 1'024,
                    [&] { return again_and_again(here.pinned(), input, go, million_frames); });
            };
            enter("lfq::frame_decoder", role::ours, decode_views);
            enter("lfq::frame_decoder, decode_n of 64", role::ours, decode_arrays);
            enter("the same fields, nothing checked", role::floor, hop_unchecked);
            enter("copied into a string and a vector", role::extra, decode_copies);
        });
}

/// The loop that one writes without a library.
std::size_t encode_by_hand(std::span<std::byte> out, const std::vector<lfq::frame>& values) {
    std::byte* at = out.data();
    for (const lfq::frame& one : values) {
        const std::size_t topic_size = one.topic.size();
        const std::size_t payload_size = one.payload.size();
        const std::uint32_t length =
            __builtin_bswap32(static_cast<std::uint32_t>(3 + topic_size + payload_size));
        const std::uint16_t topic_length =
            __builtin_bswap16(static_cast<std::uint16_t>(topic_size));
        std::memcpy(at, &length, sizeof length);
        std::memcpy(at + 4, &one.priority, sizeof one.priority);
        std::memcpy(at + 5, &topic_length, sizeof topic_length);
        std::memcpy(at + 7, one.topic.data(), topic_size);
        std::memcpy(at + 7 + topic_size, one.payload.data(), payload_size);
        at += 7 + topic_size + payload_size;
    }
    return static_cast<std::size_t>(at - out.data());
}

void ask_encoding(session& here) {
    here.ask("codec/frame_codec_1t_throughput/64B/encode",
        "frames of 64 bytes encoded from views of them", {.name = "M/s", .one_thread = true},
        [&](entry_list& list) {
            const auto input = std::make_shared<stream>(64);
            const auto views = std::make_shared<std::vector<lfq::frame>>(views_of(*input));
            const auto output = std::make_shared<std::vector<std::byte>>(stream_bytes);
            const auto enter = [&](const char* name, role stands_for, auto encode_all) {
                const auto go = [=](std::span<const std::byte> bytes, const sums&) {
                    const std::size_t written = encode_all(std::span(*output), *views, bytes);
                    memory_changed();
                    return written == output->size() && output->back() == bytes.back();
                };
                list.enter(name, "copied", stands_for, 1'024,
                    [&, go] { return again_and_again(here.pinned(), input, go, million_frames); });
            };
            using room = std::span<std::byte>;
            using bytes = std::span<const std::byte>;
            enter("lfq::encode, one by one", role::ours, [](room out, auto& values, bytes) {
                std::size_t at = 0;
                for (const auto& one : values) at += lfq::encode(out.subspan(at), one).bytes;
                return at;
            });
            enter("lfq::encode_n", role::ours,
                [](room out, auto& values, bytes) { return lfq::encode_n(out, values).bytes; });
            enter("by hand, nothing checked", role::floor,
                [](room out, auto& values, bytes) { return encode_by_hand(out, values); });
            enter("memcpy of the whole stream", role::extra, [](room out, auto&, bytes from) {
                std::memcpy(out.data(), from.data(), from.size());
                return from.size();
            });
        });
}

/// Not inlined: the same instructions for everybody.
[[gnu::noinline]] void sum_of(std::span<const std::byte> bytes) {
    std::uint64_t total = 0;
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, &bytes[at], sizeof word);
        total += word;
    }
    read_whole(total);
}

/// What is done to each payload, from the beginning of the stream on.
class copying {
public:
    explicit copying(std::vector<std::byte>& output) : to_(output.data()) {}
    void operator()(std::span<const std::byte> payload) {
        std::memcpy(to_, payload.data(), payload.size());
        to_ += payload.size();
    }

private:
    std::byte* to_;
};
struct summing {
    explicit summing(std::vector<std::byte>&) {}
    void operator()(std::span<const std::byte> payload) { sum_of(payload); }
};

template <class Reading>
void enter_reading(
    entry_list& list, team& pinned, const std::shared_ptr<stream>& input, const char* rule) {
    const auto output = std::make_shared<std::vector<std::byte>>(stream_bytes);
    const auto views = std::make_shared<std::vector<lfq::frame>>(views_of(*input));
    const auto gigabytes = [](double frames, double seconds) {
        return frames * 1'024 / seconds / 1e9;
    };
    const auto enter = [&](const char* name, role stands_for, auto go) {
        list.enter(name, rule, stands_for, 64,
            [&] { return again_and_again(pinned, input, go, gigabytes); });
    };
    enter("lfq::frame_decoder, and every payload", role::ours,
        [output](std::span<const std::byte> bytes, const sums& expected) {
            sums seen;
            Reading read(*output);
            const auto result = lfq::frame_decoder{}.decode(bytes, [&](const lfq::frame& one) {
                read(one.payload);
                seen.add(one.priority, one.topic.size(), one.payload.size());
            });
            memory_changed();
            return result.consumed == bytes.size() && seen == expected;
        });
    enter("the same payloads, places known", role::floor,
        [output, views](std::span<const std::byte>, const sums& expected) {
            Reading read(*output);
            for (const lfq::frame& one : *views) read(one.payload);
            memory_changed();
            return views->size() == expected.frames;
        });
    enter("the whole stream in one piece", role::extra,
        [output](std::span<const std::byte> bytes, const sums&) {
            Reading read(*output);
            read(bytes);
            memory_changed();
            return true;
        });
}

void ask_with_payload(session& here) {
    here.ask("codec/frame_codec_1t_throughput/1KiB",
        "frames of 1 KiB decoded, every payload byte copied or summed",
        {.name = "GB/s", .one_thread = true}, [&](entry_list& list) {
            const auto input = std::make_shared<stream>(1'024);
            enter_reading<copying>(list, here.pinned(), input, "copied");
            enter_reading<summing>(list, here.pinned(), input, "summed");
        });
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    ask_views(here);
    ask_with_payload(here);
    ask_encoding(here);
    return here.finish();
}
