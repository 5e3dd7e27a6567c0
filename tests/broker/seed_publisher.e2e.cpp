// SPDX-License-Identifier: MIT
// Goal: a publisher written for the seed system, which knows nothing of us, reaches a subscriber.
// Method: the bytes that the seed's Python example sends, as a literal; and the example's own lines
// under python3, where that is installed.
// Cannot show: other programs written for the seeds.
#include "fixture.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <string>

using namespace broker::test;

namespace {

// len 28, priority 5, topic_len 11, topic, payload.
constexpr std::string_view seed_bytes(
    "\x00\x00\x00\x1c"
    "\x05"
    "\x00\x0b"
    "sensor/temp"
    "{\"temp\": 23.5}",
    4 + 1 + 2 + 11 + 14);

// "Send Test Events", word for word but for the port.
std::string seed_lines(std::uint16_t port) {
    return R"(
import socket
import struct

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", )" +
        std::to_string(port) + R"())

topic = "sensor/temp"
payload = b'{"temp": 23.5}'

# Frame: length(4) + priority(1) + topic_len(2) + topic + payload
frame = struct.pack(">I", 1 + 2 + len(topic) + len(payload))  # Length
frame += struct.pack("B", 5)  # Priority
frame += struct.pack(">H", len(topic))  # Topic length
frame += topic.encode()
frame += payload

sock.sendall(frame)
sock.close()
)";
}

void check_arrival(peer& subscriber) {
    const event got = subscriber.next_event();
    CHECK(got.priority == 5);
    CHECK(got.topic == "sensor/temp");
    CHECK(got.payload == "{\"temp\": 23.5}");
}

}  // namespace

TEST_CASE("the_bytes_of_the_seeds_example_reach_a_subscriber") {
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "sensor.*");
    {
        peer publisher(broker.tcp());
        publisher.send(seed_bytes);
    }  // closes at once, as the example does
    check_arrival(subscriber);
    datagram_peer(broker.udp()).send(seed_bytes);
    check_arrival(subscriber);
}

TEST_CASE("the_seeds_own_python_lines_reach_a_subscriber") {
    if (std::system("python3 -c '' > /dev/null 2>&1") != 0) SKIP("there is no python3");
    broker_process broker;
    peer subscriber(broker.tcp());
    subscriber.greet().watch(1, "sensor.*");
    program publisher({"python3", "-c", seed_lines(broker.tcp())});
    check_arrival(subscriber);
    CHECK(publisher.exit_code() == 0);
}
