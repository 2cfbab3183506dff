#pragma once
#include <sys/resource.h>

namespace bijou::test {
/// A limit of the process, as RLIMIT_NOFILE, lower for as long as this lives.
class Limit {
 public:
  using Resource = decltype(RLIMIT_NOFILE);
  Limit(Resource resource, rlim_t lower) : resource_(resource) {
    getrlimit(resource, &before_);
    const rlimit low{lower, before_.rlim_max};
    setrlimit(resource, &low);
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { setrlimit(resource_, &before_); }

 private:
  Resource resource_;
  rlimit before_;
};
}  // namespace bijou::test
