// SPDX-License-Identifier: MIT
// A main for a fuzz target where there is no libFuzzer: runs the files it is given, and those in
// the folders it is given, one after the other.
#include "fuzz.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using path = std::filesystem::path;

std::vector<path> files_in(const path& given) {
    if (!std::filesystem::is_directory(given)) return {given};
    std::vector<path> files;
    for (const auto& entry : std::filesystem::directory_iterator(given)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void replay(const path& file) {
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);  // the last line names the input that ends the process
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::filesystem::filesystem_error("cannot be read", file, {});
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = fuzz::exactly(std::as_bytes(std::span(text)));
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) try {
    std::size_t count = 0;
    for (const char* given : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
        for (const path& file : files_in(given)) {
            replay(file);
            ++count;
        }
    }
    std::printf("%zu inputs replayed\n", count);
    return count == 0 ? 1 : 0;  // nothing replayed shows nothing
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
