// SPDX-License-Identifier: MIT
int main() {
    int answer = 42;

    return answer;
}
