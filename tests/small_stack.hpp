#pragma once
#include <pthread.h>

#include <functional>

#include "catch.hpp"

namespace bijou::test {
/// Does the work in a thread with so many bytes of stack.
inline void with_small_stack(std::size_t bytes, std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstacksize(&attributes, bytes) == 0);
  pthread_t thread;
  REQUIRE(pthread_create(
              &thread, &attributes,
              [](void* w) -> void* {
                (*static_cast<std::function<void()>*>(w))();
                return nullptr;
              },
              &work) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}
}  // namespace bijou::test
