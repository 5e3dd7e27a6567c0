// SPDX-License-Identifier: MIT
// Goal: what clients send over TCP is printed, once, whole and in each client's order; a bad frame
//       is answered with what is wrong with it, and ends its connection alone.
// Method: the program as a process on a free port, three clients at once, frames cut anywhere; with
//         `default_port` as second argument, on the one it takes unasked, unless that is taken.
// Cannot show: speed, or many clients.
#include <lfq/codec/frame_codec.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int events_each = 200;

[[noreturn]] void fail(const std::string& why) {
    std::printf("%s\n", why.c_str());
    std::exit(1);
}

std::string frame_of(std::string_view topic, std::string_view payload) {
    std::array<std::byte, 300> bytes{};
    const auto done = lfq::encode(bytes, {7, topic, std::as_bytes(std::span(payload))});
    return {reinterpret_cast<const char*>(bytes.data()), done.bytes};
}

class client {
public:
    explicit client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            fail("nobody listens");
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client() { ::close(socket_); }

    void send(std::string_view bytes, std::size_t at_once) {
        while (!bytes.empty()) {
            const auto n = ::send(socket_, bytes.data(), std::min(at_once, bytes.size()), 0);
            if (n <= 0) fail("the connection ended");
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    std::string answer_to_the_end() {
        ::shutdown(socket_, SHUT_WR);
        std::string all;
        std::array<char, 256> piece{};
        for (ssize_t n; (n = ::read(socket_, piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(n));
        return all;
    }

private:
    int socket_;
};

void send_events(std::uint16_t port, int me) {
    client to(port);
    std::string all;
    for (int i = 0; i < events_each; ++i)
        all += frame_of("of/" + std::to_string(me), std::string(static_cast<std::size_t>(i), 'x'));
    to.send(all, static_cast<std::size_t>(me * me * me * 61 + 7));
    if (!to.answer_to_the_end().empty()) fail("good frames are answered");
}

void send_bad_frames(std::uint16_t port) {
    using namespace std::string_literals;
    const std::array<std::array<std::string, 2>, 5> bad{{{"\0\0\0\3\5\0\0"s, "topic empty"},
        {"\0\0\0\2\5\0"s, "frame too short"}, {"\0\1\0\0\5\0\1"s, "frame too long"},
        {"\0\0\0\4\5\0\2a"s, "topic beyond frame"}, {frame_of("a", "b") + "\0\0"s, "cut short"}}};
    for (const auto& [bytes, name] : bad) {
        client to(port);
        to.send(bytes, bytes.size());
        const std::string answer = to.answer_to_the_end();
        if (answer != "bad frame: " + name + "\n") fail(name + " is answered with " + answer);
    }
    client to(port);
    to.send("\0\0\0\2\xc8z"s, 6);
    if (to.answer_to_the_end() != "bad frame: priority out of range\n") fail("an opcode passes");
}

/// What was printed has each client's events in order, and `others` besides.
void check_output(const std::vector<std::string>& lines, std::size_t others) {
    std::array<int, 3> next{};
    for (const std::string& line : lines) {
        for (int me = 0; me < 3; ++me) {
            int& number = next[static_cast<std::size_t>(me)];
            number +=
                line == "7 of/" + std::to_string(me) + " " + std::to_string(number) + " bytes\n"
                ? 1
                : 0;
        }
    }
    for (const int each : next) {
        if (each != events_each) fail("events are missing: " + std::to_string(each));
    }
    if (lines.size() != 3 * events_each + others) fail("more was printed than was sent");
    const std::string sum = std::to_string(3 * events_each + 1) + " events\n";
    if (lines.back() != sum) fail("the sum is " + lines.back());
}

/// Without an argument it listens on port 9090. False: somebody else does.
bool serves_its_default_port(const std::string& program) {
    std::FILE* const server = ::popen(("exec '" + program + "' 2>&1").c_str(), "r");
    if (server == nullptr) fail("it does not start");
    std::array<char, 256> line{};
    const auto next_line = [&] {
        const bool some = std::fgets(line.data(), static_cast<int>(line.size()), server) != nullptr;
        return std::string(some ? line.data() : "");
    };
    const std::string first = next_line();
    if (first == std::string("cannot listen: ") + std::strerror(EADDRINUSE) + "\n") {
        ::pclose(server);
        return false;
    }
    if (first != "listening on port 9090\n") fail("unasked, it says " + first);
    client(9090).send(frame_of("quit", ""), 1);
    if (const std::string last = next_line(); last != "0 events\n") fail("its sum is " + last);
    if (::pclose(server) != 0) fail("it does not end well");
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    ::alarm(50);
    if (argc > 2 && std::string_view(argv[2]) == "default_port") {
        std::puts(serves_its_default_port(argv[1]) ? "ok" : "skipped: port 9090 is taken");
        return 0;
    }
    std::FILE* const server =
        ::popen(("exec '" + std::string(argv[1]) + "' 0 2>/dev/null").c_str(), "r");
    int port = 0;
    if (server == nullptr || std::fscanf(server, "listening on port %d", &port) != 1)
        fail("it does not say its port");
    std::vector<std::string> lines;
    std::thread reading([&] {
        std::array<char, 256> line{};
        static_cast<void>(std::fgets(line.data(), 2, server));  // the end of that line
        while (std::fgets(line.data(), static_cast<int>(line.size()), server) != nullptr)
            lines.emplace_back(line.data());
    });
    {
        std::vector<std::jthread> clients;
        for (int me = 0; me < 3; ++me)
            clients.emplace_back(send_events, static_cast<std::uint16_t>(port), me);
        send_bad_frames(static_cast<std::uint16_t>(port));
    }
    client(static_cast<std::uint16_t>(port)).send(frame_of("quit", ""), 1);
    reading.join();
    if (::pclose(server) != 0) fail("it does not end well");
    check_output(lines, 2);  // the frame before a cut one, and the sum
    std::printf("ok\n");
}
