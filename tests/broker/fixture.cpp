// SPDX-License-Identifier: MIT
#include "fixture.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace broker::test {

namespace {

constexpr std::chrono::milliseconds look_again{20};

struct pipe_ends {
    int read = -1, write = -1;
};

pipe_ends new_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    return {ends[0], ends[1]};
}

std::string read_to_end(int fd, std::string so_far) {
    std::array<char, 4096> room;
    pollfd one{fd, POLLIN, 0};
    while (::poll(&one, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) > 0) {
        const ssize_t got = ::read(fd, room.data(), room.size());
        if (got <= 0) return so_far;
        so_far.append(room.data(), static_cast<std::size_t>(got));
    }
    throw std::runtime_error("the program did not end its output in time");
}

std::uint16_t port_behind(std::string_view line, std::string_view mark) {
    const auto at = line.find(mark);
    const auto colon = line.find(':', at == line.npos ? 0 : at);
    std::uint16_t port = 0;
    if (at != line.npos && colon != line.npos) {
        std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
    }
    if (port == 0) throw std::runtime_error("no port in: " + std::string(line));
    return port;
}

}  // namespace

scratch::scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "lfq-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
}

scratch::~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path scratch::write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
}

program::program(std::vector<std::string> command) {
    const pipe_ends in = new_pipe(), out = new_pipe();
    // Not a pipe: a log that nobody reads must not stop the program.
    errors_ = ::memfd_create("errors", MFD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.read, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.write, 1);
    ::posix_spawn_file_actions_adddup2(&actions, errors_, 2);
    std::vector<char*> words;
    for (auto& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    const int error = ::posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in.read);
    ::close(out.write);
    input_ = in.write;
    output_ = out.read;
    if (error != 0) throw std::runtime_error("cannot start " + command[0]);
}

program::~program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int end : {input_, output_, errors_}) {
        if (end >= 0) ::close(end);
    }
}

void program::send_input(std::string_view text, bool end) {
    while (!text.empty()) {
        const ssize_t done = ::write(input_, text.data(), text.size());
        if (done <= 0) throw std::runtime_error("the program does not read its input");
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    if (end) ::close(std::exchange(input_, -1));
}

void program::signal(int number) const { ::kill(pid_, number); }

std::string program::next_line() {
    for (;;) {
        if (const auto end = unread_.find('\n'); end != unread_.npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        pollfd one{output_, POLLIN, 0};
        const auto limit = static_cast<int>(std::chrono::milliseconds(patience).count());
        std::array<char, 4096> room;
        const ssize_t got =
            ::poll(&one, 1, limit) > 0 ? ::read(output_, room.data(), room.size()) : -1;
        if (got == 0) throw std::runtime_error("the program ended; it said: " + errors());
        if (got < 0) throw std::runtime_error("the program printed no line in time");
        unread_.append(room.data(), static_cast<std::size_t>(got));
    }
}

std::string program::rest_of_output() { return read_to_end(output_, std::exchange(unread_, {})); }

std::string program::errors() const {
    std::string all;
    std::array<char, 4096> room;
    for (;;) {
        const auto at = static_cast<off_t>(all.size());
        const ssize_t got = ::pread(errors_, room.data(), room.size(), at);
        if (got <= 0) return all;
        all.append(room.data(), static_cast<std::size_t>(got));
    }
}

int program::exit_code() {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        std::this_thread::sleep_for(look_again);
    }
    throw std::runtime_error("the program did not end in time");
}

broker_process::broker_process(std::string_view configuration, std::vector<std::string> arguments) {
    std::vector<std::string> command{LFQ_BROKER_EXE, "--tcp-port", "0", "--udp-port", "0",
        "--log-file", directory_.path() / "broker.log", "--config",
        directory_.write("config.yaml", configuration)};
    command.insert(command.end(), arguments.begin(), arguments.end());
    program_.emplace(std::move(command));
    std::string line = program_->next_line();
    while (line.rfind("ready ", 0) != 0) line = program_->next_line();
    tcp_ = port_behind(line, "tcp=");
    udp_ = port_behind(line, "udp=");
}

counters broker_process::read_table() {
    counters table;
    for (std::string line = program_->next_line();; line = program_->next_line()) {
        if (line.rfind("balance ", 0) == 0) return table;
        std::istringstream words(line);
        std::string name;
        std::uint64_t value = 0;
        if (words >> name >> value) table[name] = value;
    }
}

counters broker_process::table() {
    program_->signal(SIGUSR1);
    return read_table();
}

std::uint64_t broker_process::await(
    const std::string& counter, const std::function<bool(std::uint64_t)>& enough) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const std::uint64_t now = value_of(table(), counter);
        if (enough(now) || std::chrono::steady_clock::now() > end) return now;
        std::this_thread::sleep_for(look_again);
    }
}

std::uint64_t broker_process::eventually(const std::string& counter, std::uint64_t value) {
    return await(counter, [value](std::uint64_t now) { return now == value; });
}

bool broker_process::falls_to(const std::string& counter, std::uint64_t at_most) {
    return await(counter, [at_most](std::uint64_t now) { return now <= at_most; }) <= at_most;
}

pong broker_process::pong_with_times() {
    peer asking(tcp_);
    asking.greet();
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const pong now = asking.state();  // as of a tick of the control thread
        const counters told = table();
        const bool same = now.queue_p50_us == value_of(told, "queue_p50_us") &&
            now.queue_p99_us == value_of(told, "queue_p99_us") &&
            now.send_p50_us == value_of(told, "send_p50_us") &&
            now.send_p99_us == value_of(told, "send_p99_us");
        if (same && now.queue_p99_us != 0 && now.send_p99_us != 0) return now;
        if (std::chrono::steady_clock::now() > end) {
            throw std::runtime_error("PONG does not tell the times of the table");
        }
        std::this_thread::sleep_for(look_again);
    }
}

broker_process::ending broker_process::stop() {
    program_->signal(SIGTERM);
    return wait_for_end();
}

broker_process::ending broker_process::wait_for_end() {
    counters last = read_table();
    return {program_->exit_code(), std::move(last)};
}

std::uint64_t value_of(const counters& table, const std::string& counter) {
    const auto found = table.find(counter);
    if (found == table.end()) throw std::runtime_error("the table has no counter " + counter);
    return found->second;
}

std::int64_t imbalance(const counters& table) {
    std::int64_t sum = 0;
    for (const auto& [name, value] : table) {
        const auto amount = static_cast<std::int64_t>(value);
        if (name == "events_in_tcp" || name == "events_in_udp") sum += amount;
        if (name == "delivered" || name == "filtered" || name.rfind("dropped_", 0) == 0) {
            sum -= amount;
        }
    }
    return sum;
}

bystander::bystander(const broker_process& from) : subscriber_(from.tcp()), publisher_(from.tcp()) {
    subscriber_.greet().watch(1, "bystander.>");
}

bool bystander::is_served() {
    const std::string text = std::to_string(++number_);
    publisher_.send(seed_frame(1, "bystander/only", text));
    const event got = subscriber_.next_event();
    return got.payload == text && got.topic == "bystander/only";
}

}  // namespace broker::test
