// SPDX-License-Identifier: MIT
// One thread deals orders to workers by account: the orders of one account stay in order.
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/fan_out.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

struct order {
    std::uint64_t account;
    int number;
};

int main() {
    constexpr std::size_t workers = 2;
    constexpr std::uint64_t accounts = 8;
    constexpr int orders_each = 1000;
    lfq::fan_out<order, lfq::storage::heap, lfq::wait::park> desk(workers, 128);

    std::array<int, workers> taken{};
    std::array<bool, workers> in_order{};
    {
        std::vector<std::jthread> threads;
        for (std::size_t worker = 0; worker < workers; ++worker) {
            threads.emplace_back([&, worker] {
                std::array<int, accounts> next{};
                bool right = true;
                order latest{};
                while (desk.worker(worker).pop(latest)) {
                    right = right && latest.number == next[latest.account]++;
                    ++taken[worker];
                }
                in_order[worker] = right;
            });
        }
        for (int number = 0; number < orders_each; ++number) {
            for (std::uint64_t account = 0; account < accounts; ++account) {
                desk.push_by(account, {account, number});
            }
        }
        desk.close();
    }
    std::printf("the workers took %d and %d orders\n", taken[0], taken[1]);
    return in_order[0] && in_order[1] && taken[0] + taken[1] == 8 * orders_each ? 0 : 1;
}
