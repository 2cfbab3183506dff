#!/bin/sh
# Names of columns and files are shown as they are: no quote in them ends a string of gnuplot or of the shell.
# usage: names.sh PROGRAM TABLE DIRECTORY
program=$1 directory=$3
rm -rf "$directory" && mkdir -p "$directory" && cd "$directory" || exit 1
BIJOU_OUTPUT=$directory
export BIJOU_OUTPUT
name="it's; touch owned_1; '\"\`touch owned_2\`\$(touch owned_3)
system 'touch owned_4'"
{
  printf '%s\n' "\"a'; system 'touch owned_5'; set label 'b\",\"c\"\"; system \"\"touch owned_6\"\"; \`touch owned_7\`\",x_{1}^2\\"
  sed -n 2,101p "$2" | cut -d , -f 1-3
} > "$name.csv"
"$program" --quick "$name.csv" > output.txt 2>&1 || { cat output.txt; exit 1; }
if ls | grep -x 'owned_.'; then echo "a name was executed"; exit 1; fi
[ -s "06_$name.gp" ] && [ -s "${name}_samples.csv" ] || { echo "a file is missing"; exit 1; }
command -v gnuplot > /dev/null || { echo "gnuplot is missing: no figure was drawn"; exit 77; }
[ -s "06_$name.png" ] || { cat output.txt; echo "no figure was drawn"; exit 1; }
