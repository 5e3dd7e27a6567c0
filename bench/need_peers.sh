# SPDX-License-Identifier: MIT
# Sourced by bench/run.sh and bench/compare.sh: `need_peers` installs what builds the benchmarks,
# with the compiler that CXX chooses, and the peers that Debian packages.
. cmake/need.sh

need_peers() {
  case ${CXX-} in
    *clang*) compiler=clang ;;
    *) compiler=g++ ;;
  esac
  need cmake ninja-build "$compiler" libboost-dev libatomic-queue-dev libreaderwriterqueue-dev \
    libconcurrentqueue-dev libtbb-dev libxenium-dev libck-dev
}
