// SPDX-License-Identifier: MIT
// How many frames a second does one thread decode, and what is left of memcpy's speed once payloads
// are read too?
//
// 64 KiB of frames that lie in the cache, as they do after a read from a socket. Every frame's
// priority and the lengths of its views are summed and checked. A frame whose payload nobody reads
// costs the same at any size, so the question in GB/s reads every byte.

#include "harness/keep.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"

#include <lfq/codec/frame_codec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace bench;

constexpr std::size_t stream_bytes = 65'536;

/// What a visitor must have found when it has seen the whole stream.
struct sums {
    std::uint64_t frames = 0;
    std::uint64_t priorities = 0;
    std::uint64_t topic_bytes = 0;
    std::uint64_t payload_bytes = 0;

    void add(std::uint64_t priority, std::size_t topic_size, std::size_t payload_size) noexcept {
        ++frames;
        priorities += priority;
        topic_bytes += topic_size;
        payload_bytes += payload_size;
    }
    friend bool operator==(const sums&, const sums&) = default;
};

/// Whole frames of `frame_bytes` each; topics of 4 to 19 bytes in no short pattern.
struct stream {
    explicit stream(std::size_t frame_bytes) : bytes(stream_bytes) {
        const std::string letters = "sensor/temp/cellar1";
        const std::vector<std::byte> filler(frame_bytes, std::byte{0x5a});
        std::uint64_t dice = 88'172'645'463'325'252;
        for (std::size_t at = 0; at < stream_bytes; at += frame_bytes) {
            dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
            const std::size_t topic_size = 4 + dice % 16;
            const std::size_t payload_size = frame_bytes - lfq::frame_header_bytes - topic_size;
            const auto priority = static_cast<std::uint8_t>(dice >> 32 & 127);
            const lfq::frame one{priority, std::string_view(letters).substr(0, topic_size),
                std::span(filler).first(payload_size)};
            const auto [used, error] = lfq::encode(std::span(bytes).subspan(at), one);
            if (error != lfq::frame_error::none || used != frame_bytes) std::abort();
            expected.add(priority, topic_size, payload_size);
        }
    }

    std::vector<std::byte> bytes;
    sums expected;
};

/// A pass that goes through the whole stream again and again; `go` takes the bytes and answers with
/// what it saw. `figure` turns frames and seconds into the question's unit.
template <class Go, class Figure>
[[nodiscard]] pass again_and_again(
    team& pinned, std::shared_ptr<stream> input, Go go, Figure figure) {
    return [&pinned, input, go, figure](std::uint64_t count) mutable {
        bool right = true;
        std::uint64_t frames = 0;
        const auto decode_all = [&] {
            while (frames < count) {
                memory_changed();
                right = go(std::span<const std::byte>(input->bytes), input->expected) && right;
                frames += input->expected.frames;
            }
        };
        const double seconds = pinned.seconds_together(decode_all, [] {});
        return outcome{seconds, figure(static_cast<double>(frames), seconds), right};
    };
}

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

/// Views of every frame of the stream, to be encoded again.
std::vector<lfq::frame> views_of(const stream& input) {
    std::vector<lfq::frame> views(input.expected.frames);
    if (lfq::frame_decoder{}.decode_n(input.bytes, views).count != views.size()) std::abort();
    return views;
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
            enter("memcpy of the whole stream", role::floor, [](room out, auto&, bytes from) {
                std::memcpy(out.data(), from.data(), from.size());
                return from.size();
            });
        });
}

void ask_with_payload(session& here) {
    here.ask("codec/frame_codec_1t_throughput/1KiB",
        "frames of 1 KiB decoded, every payload byte copied or summed",
        {.name = "GB/s", .one_thread = true}, [&](entry_list& list) {
            const auto input = std::make_shared<stream>(1'024);
            const auto output = std::make_shared<std::vector<std::byte>>(stream_bytes);
            const auto gigabytes = [](double frames, double seconds) {
                return frames * 1'024 / seconds / 1e9;
            };
            const auto enter = [&](const char* name, const char* rule, role stands_for, auto go) {
                list.enter(name, rule, stands_for, 64,
                    [&] { return again_and_again(here.pinned(), input, go, gigabytes); });
            };
            const auto sum_of = [](std::span<const std::byte> bytes) {
                std::uint64_t total = 0;
                for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
                    std::uint64_t word = 0;
                    std::memcpy(&word, &bytes[at], sizeof word);
                    total += word;
                }
                read_whole(total);
            };
            enter("lfq::frame_decoder, payload copied", "copied", role::ours,
                [output](std::span<const std::byte> bytes, const sums& expected) {
                    sums seen;
                    std::byte* to = output->data();
                    const lfq::decode_result result =
                        lfq::frame_decoder{}.decode(bytes, [&](const lfq::frame& one) {
                            std::memcpy(to, one.payload.data(), one.payload.size());
                            to += one.payload.size();
                            seen.add(one.priority, one.topic.size(), one.payload.size());
                        });
                    memory_changed();
                    return result.consumed == bytes.size() && seen == expected;
                });
            enter("memcpy of the whole stream", "copied", role::floor,
                [output](std::span<const std::byte> bytes, const sums&) {
                    std::memcpy(output->data(), bytes.data(), bytes.size());
                    memory_changed();
                    return output->back() == bytes.back();
                });
            enter("lfq::frame_decoder, payload summed", "summed", role::ours,
                [sum_of](std::span<const std::byte> bytes, const sums& expected) {
                    sums seen;
                    const lfq::decode_result result =
                        lfq::frame_decoder{}.decode(bytes, [&](const lfq::frame& one) {
                            sum_of(one.payload);
                            seen.add(one.priority, one.topic.size(), one.payload.size());
                        });
                    return result.consumed == bytes.size() && seen == expected;
                });
            enter("the whole stream summed", "summed", role::floor,
                [sum_of](std::span<const std::byte> bytes, const sums&) {
                    sum_of(bytes);
                    return true;
                });
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
