// SPDX-License-Identifier: MIT
#include "broker/cli/commands.hpp"
#include "broker/cli/session_client.hpp"

#include <signal.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace broker::cli {

namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

void stop_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { asked_to_stop = 1; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

// A payload may not play with the user's terminal, and one event is one line.
void append_visible(std::string& out, std::string_view text) {
    for (const char one : text) {
        const auto byte = static_cast<unsigned char>(one);
        if (byte >= 0x20 && byte != 0x7f && one != '\\') {
            out += one;
        } else {
            std::array<char, 8> room;
            std::snprintf(room.data(), room.size(), "\\x%02x", byte);
            out += room.data();
        }
    }
}

void append_time(std::string& out, std::uint64_t timestamp_ns) {
    const auto second = static_cast<time_t>(timestamp_ns / 1'000'000'000U);
    tm parts{};
    ::gmtime_r(&second, &parts);
    std::array<char, 64> room;
    const std::size_t size = std::strftime(room.data(), room.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    out.append(room.data(), size);
    std::snprintf(room.data(), room.size(), ".%06uZ",
        static_cast<unsigned>(timestamp_ns % 1'000'000'000U / 1000));
    out += room.data();
}

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_event(std::string& out, const event_view& event, event_style style) {
    if (style == event_style::payload) {
        out += text_of(event.payload);
    } else {
        if (style == event_style::full) {
            append_time(out, event.timestamp_ns);
            out += ' ' + std::to_string(event.priority) + ' ';
        }
        append_visible(out, event.topic);
        out += ' ';
        append_visible(out, text_of(event.payload));
    }
    out += '\n';
}

// False: nobody reads any more.
bool print(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
        std::fflush(stdout) == 0;
}

}  // namespace

exit_code subscribe(const sub_options& options) {
    stop_on_signals();
    session_client client(options.target, "lfqctl sub", options.patience);
    std::uint64_t seen = 0;
    std::string out;
    const auto take = [&](const event_view& event) {
        if (options.count != 0 && seen == options.count) return;
        append_event(out, event, options.style);
        ++seen;
    };
    for (std::size_t i = 0; i < options.filters.size(); ++i) {
        client.subscribe(static_cast<std::uint32_t>(i + 1), options.filters[i], take);
    }
    while (asked_to_stop == 0 && (options.count == 0 || seen < options.count)) {
        client.read(std::chrono::milliseconds(200), take);
        if (!print(out)) return exit_code::failed;
        out.clear();
        if (client.draining() && client.ended()) {
            std::fputs("lfqctl: the broker drained and closed\n", stderr);
            return options.count == 0 ? exit_code::fine : exit_code::failed;
        }
    }
    return exit_code::fine;
}

}  // namespace broker::cli
