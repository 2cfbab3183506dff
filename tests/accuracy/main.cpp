// The precision contract, measured: worst and root-mean-square errors as a Markdown table (docs/accuracy.md says what
// its columns mean). Exit 1 beyond a bound.
#include "ledger.hpp"

int main() {
  using namespace bijou::test;
  Ledger ledger;
  for (const auto section : {functions, derivatives, transformers, monotone, layers, deep_flows, bases, references,
                             gradients, integrals, samplers, determinism})
    section(ledger);
  return ledger.kept() ? 0 : 1;
}
