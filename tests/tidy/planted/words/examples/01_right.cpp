// SPDX-License-Identifier: MIT

int main() {
    std::unique_ptr<int> owner;
    return *owner.release();  // a call is no declaration
}
