#!/bin/sh
# Holds the includes to the plan of rooms: `room: rooms it may include`. No cycles, layers never see transformers or nets.
cd "$1/include/bijou" || exit 1
plan='
core:
math: core
random: core math
autodiff: core math
concepts: core math random
transformers: core math random autodiff concepts
conditioners: core math random concepts
layers: core math random autodiff concepts
distributions: core math random concepts
flow.hpp: core math random concepts layers
parallel.hpp: core flow.hpp
training: core math random concepts distributions flow.hpp
datasets: core math random io
io: core version.hpp
models.hpp: core math random concepts transformers conditioners layers distributions flow.hpp
summary.hpp: core flow.hpp
version.hpp:
bijou.hpp: core math random autodiff concepts transformers conditioners layers distributions flow.hpp training datasets io models.hpp parallel.hpp summary.hpp version.hpp
'
bad=0
for file in $(find . -name '*.hpp' | sed 's|^\./||'); do
  room=${file%%/*}
  allowed=$(printf '%s\n' "$plan" | sed -n "s|^$room:||p")
  printf '%s\n' "$plan" | grep -q "^$room:" || { echo "$file: the room $room is not in the plan"; bad=1; }
  for used in $(sed -n 's|^#include <bijou/\([^/>]*\).*|\1|p' "$file" | sort -u); do
    case " $room $allowed " in *" $used "*) ;; *) echo "$file: $room may not include $used"; bad=1 ;; esac
  done
  [ "$file" = bijou.hpp ] && grep -qE '(safetensors|checkpoint).hpp>' "$file" && { echo "bijou.hpp must not need nlohmann-json"; bad=1; }
done
exit $bad
