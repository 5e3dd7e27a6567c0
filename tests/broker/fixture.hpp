// SPDX-License-Identifier: MIT
// The broker, and any other program, as a process of a test: started on free ports, ended with it.
#pragma once

#include "peer.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace broker::test {

// A directory that goes away with its contents.
class scratch {
public:
    scratch();
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, std::string_view text) const;

private:
    std::filesystem::path path_;
};

// A program with its output; killed when it outlives the test.
class program {
public:
    explicit program(std::vector<std::string> command);
    program(const program&) = delete;
    program& operator=(const program&) = delete;
    ~program();

    void send_input(std::string_view text, bool end);
    void signal(int number) const;
    [[nodiscard]] std::string next_line();  // of standard output, without its end
    [[nodiscard]] std::string rest_of_output();  // to its end
    [[nodiscard]] std::string errors() const;  // so far
    [[nodiscard]] int exit_code();  // waits; 128 + signal when a signal ended it
    [[nodiscard]] pid_t id() const { return pid_; }

private:
    pid_t pid_ = -1;
    int input_ = -1, output_ = -1, errors_ = -1;
    std::string unread_;
};

using counters = std::map<std::string, std::uint64_t>;

// The broker on free ports of 127.0.0.1, with a configuration of its own.
class broker_process {
public:
    explicit broker_process(
        std::string_view configuration = "", std::vector<std::string> arguments = {});

    [[nodiscard]] std::uint16_t tcp() const { return tcp_; }
    [[nodiscard]] std::uint16_t udp() const { return udp_; }
    [[nodiscard]] program& process() { return *program_; }

    [[nodiscard]] counters table();  // by SIGUSR1
    // Looks until the counter has this value or patience ends; returns the last one seen.
    [[nodiscard]] std::uint64_t eventually(const std::string& counter, std::uint64_t value);

    // PONG as soon as its times are those of the table; it fails the test if they stay 0.
    [[nodiscard]] pong pong_with_times();

    // Looks until the counter is no larger than this, or patience ends.
    [[nodiscard]] bool falls_to(const std::string& counter, std::uint64_t at_most);

    struct ending {
        int exit_code = -1;
        counters table;
    };
    [[nodiscard]] ending stop();  // by SIGTERM
    [[nodiscard]] ending wait_for_end();

private:
    [[nodiscard]] counters read_table();
    std::uint64_t await(
        const std::string& counter, const std::function<bool(std::uint64_t)>& enough);

    scratch directory_;
    std::optional<program> program_;
    std::uint16_t tcp_ = 0, udp_ = 0;
};

// The value of one counter; a table without it fails the test.
[[nodiscard]] std::uint64_t value_of(const counters& table, const std::string& counter);

// in - delivered - filtered - dropped by all reasons; 0 when the books balance.
[[nodiscard]] std::int64_t imbalance(const counters& table);

// A subscriber and a publisher that have nothing to do with what a test does to the broker.
class bystander {
public:
    explicit bystander(const broker_process& from);
    [[nodiscard]] bool is_served();  // publishes one event more; it and nothing else arrives

private:
    peer subscriber_;
    peer publisher_;
    unsigned number_ = 0;
};

}  // namespace broker::test
