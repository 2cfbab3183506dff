# Sourced: makes sure that Debian packages are there. As root it installs what is missing, else it says how and stops.
# usage: need_packages "command-or-file:package" ...
need_packages() {
  missing=
  for pair in "$@"; do
    thing=${pair%%:*} package=${pair##*:}
    case $thing in
      /*) [ -e "$thing" ] || missing="$missing $package" ;;
      *) command -v "$thing" > /dev/null 2>&1 || missing="$missing $package" ;;
    esac
  done
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null 2>&1; then
    echo "Missing packages. Install them, then run this again:" >&2
    echo "  sudo apt-get install$missing" >&2
    exit 1
  fi
  echo "installing:$missing" >&2
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null 2>&1 || {
    echo "apt-get install$missing failed; run it by hand to see why" >&2
    exit 1
  }
}
# Clang with its sanitizers, whose runtime is a package that clang only recommends.
need_clang_sanitizers() {
  need_packages clang++:clang
  program=$(mktemp) runtime=clang++
  echo 'int main() {}' | clang++ -fsanitize=address -x c++ - -o "$program" 2> /dev/null || runtime=missing-sanitizers
  rm -f "$program"
  need_packages $runtime:libclang-rt-dev
}
build_packages="g++:g++ cmake:cmake ninja:ninja-build /usr/include/eigen3/Eigen/Core:libeigen3-dev /usr/include/nlohmann/json.hpp:nlohmann-json3-dev /usr/include/zlib.h:zlib1g-dev ccache:ccache"
